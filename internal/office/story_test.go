package office

import (
	"reflect"
	"testing"

	"bokvar/internal/casework"
	"bokvar/sync/wire"
)

// household is what an import writes of one late payer at the landlord.
func (w *town) household(id string, asOf string) {
	w.t.Helper()
	w.house("hem", []wire.Change{
		set("household", id, values{"street": "Björkgatan 7", "floor": "2 tr", "children": true}),
		set("person", id+"-p", values{"household": id, "name": "Nadia Alström", "position": "tenant", "phone": "070", "born": 1990, "personal_number": "199006022397"}),
		set("case", id+"-case", values{"household": id, "unit": "norr", "reason": "arrears", "status": "open", "opened": "2026-11-02"}),
		w.claim(id, "open", asOf),
	}, nil)
}

func (w *town) claim(id, state, asOf string) wire.Change {
	w.t.Helper()
	return set("claim", id+"-claim", values{"household": id, "case": id + "-case", "contract": "4711", "due_month": "2026-11", "due": "2026-10-30",
		"capital": 745000, "costs": 18000, "as_of": w.ms(asOf), "state": state})
}

func (w *town) visit(household, id, at string, people ...string) wire.Change {
	w.t.Helper()
	return set("contact", id, values{"household": household, "case": household + "-case", "form": "visit", "purpose": "home_visit", "planned_at": w.ms(at), "people": people})
}

func (w *town) outcome(contact, answer, by, at string) wire.Change {
	w.t.Helper()
	return set("contact", contact, values{"outcome": values{"answer": answer, "at": w.ms(at), "by": by}})
}

func note(household, id, contact, by string, at int64) wire.Change {
	fields := values{"household": household, "case": household + "-case", "text": "Hälsade på.", "at": at, "by": by}
	if contact != "" {
		fields["contact"] = contact
	}
	return set("note", id, fields)
}

func (w *town) expect(name string, got, want any) {
	w.t.Helper()
	if !reflect.DeepEqual(got, want) {
		w.t.Errorf("%s: got %v, want %v", name, got, want)
	}
}

func TestAnImportMakesACaseThatExplainsItself(t *testing.T) {
	w := newTown(t)
	w.household("h", "18 07:10")
	w.expect("rent", unmarshal[casework.Rent](t, w.field("hem", "h-case", "rent")), casework.Rent{State: "unpaid", AsOf: w.ms("18 07:10")})
	w.expect("debt", unmarshal[casework.Debt](t, w.field("hem", "h-case", "debt")), casework.Debt{Capital: 745000, Costs: 18000, Months: 1, AsOf: w.ms("18 07:10")})
	w.expect("reasons", w.field("hem", "h-case", "priority"), `[{"id":"children"}]`)
	w.expect("coordinator carries", w.carries("jonna", "household", "person", "case", "claim"), []string{"h", "h-case", "h-claim", "h-p"})
	w.expect("another unit carries", w.carries("sol", "household", "person", "case", "claim"), []string{})
	w.expect("manager carries", w.carries("rolf", "household", "case"), []string{"h", "h-case"})
	w.expect("manager of social services carries", w.carries("karin", "household", "case"), []string{})
	w.expect("caretaker carries", w.carries("kim", "household", "case"), []string{})
	w.expect("social services carry", w.carries("samira", "household", "case"), []string{})
	w.expect("everyone carries colleagues", len(w.carries("kim", "colleague")), 7)
}

func TestPlanningAVisitBringsTheHouseholdToTheVisitor(t *testing.T) {
	w := newTown(t)
	w.household("h", "18 07:10")
	w.must("jonna", w.visit("h", "v", "18 14:30", "kim"))
	w.expect("kim carries", w.carries("kim", "household", "person", "case", "claim", "contact"), []string{"h", "h-case", "h-p", "v"})
	w.expect("alva carries", w.carries("alva", "household", "contact"), []string{})

	w.must("jonna", note("h", "desk", "", "jonna", w.ms("18 08:00")))
	w.must("jonna", note("h", "about", "v", "jonna", w.ms("18 08:01")))
	w.expect("notes with kim", w.carries("kim", "note"), []string{"about"})

	epoch := w.epochs["kim"]
	w.must("jonna", set("contact", "v", values{"people": []string{"alva"}}))
	w.expect("kim has left", w.carries("kim", "household", "person", "case", "contact", "note"), []string{})
	w.expect("alva has it", w.carries("alva", "household", "person", "case", "contact", "note"), []string{"about", "h", "h-case", "h-p", "v"})
	w.expect("kim's epoch moved", w.epochs["kim"], epoch+1)

	w.at("20 08:00") // kim was offline, and wrote while still named
	w.expect("late work", w.by("kim", note("h", "late", "v", "kim", w.ms("18 09:00"))), "")
	w.expect("is not shown again", w.carries("kim", "note"), []string{})
	w.at("30 08:00")
	w.now = w.now.AddDate(0, 0, 5)
	w.expect("too late", w.by("kim", note("h", "later", "v", "kim", w.ms("18 09:00"))), "held scope_ended")
}

func TestAttemptsAndLastContact(t *testing.T) {
	w := newTown(t)
	w.household("h", "18 07:10")
	w.must("jonna", w.visit("h", "v1", "18 09:00", "kim"), w.visit("h", "v2", "18 10:00", "kim"))
	w.at("18 10:30")
	w.must("kim", w.outcome("v1", "nobody_home", "kim", "18 09:05"))
	w.must("kim", w.outcome("v2", "no_access", "kim", "18 10:05"))
	w.expect("attempts", w.field("hem", "h-case", "attempts"), "2")
	w.expect("reasons", w.field("hem", "h-case", "priority"), `[{"id":"children"},{"id":"unreached","n":2}]`)
	w.must("kim", set("contact", "call", values{"household": "h", "case": "h-case", "form": "call_back", "people": []string{"kim"},
		"outcome": values{"answer": "met", "at": w.ms("18 10:20"), "by": "kim"}}), note("h", "n", "call", "kim", w.ms("18 10:20")))
	w.expect("attempts after talking", w.field("hem", "h-case", "attempts"), "0")
	w.expect("last", unmarshal[casework.LastContact](t, w.field("hem", "h-case", "last_contact")), casework.LastContact{At: w.ms("18 10:20"), Form: "call_back", Answer: "met"})
	w.expect("kim keeps the call and its note", w.carries("kim", "contact", "note"), []string{"call", "n", "v1", "v2"})
	w.at("25 12:00")
	rescope(t, w, "kim")
	w.expect("a week later", w.carries("kim", "household", "contact", "note"), []string{})
}

func TestWhoHasPaidNeedsNoVisit(t *testing.T) {
	w := newTown(t)
	w.household("h", "18 07:10")
	w.must("jonna", w.visit("h", "v", "18 14:30", "kim"),
		set("contact", "w", values{"household": "h", "case": "h-case", "form": "visit", "purpose": "inspection", "planned_at": w.ms("19 14:30"), "people": []string{"alva"}}))
	w.at("18 13:15")
	w.house("hem", []wire.Change{w.claim("h", "paid", "18 13:15")}, nil)
	cancelled := unmarshal[casework.Cancelled](t, w.field("hem", "v", "cancelled"))
	w.expect("cancelled", cancelled, casework.Cancelled{Because: "paid", AsOf: w.ms("18 13:15"), At: w.ms("18 13:15")})
	w.expect("an inspection stays", w.field("hem", "w", "cancelled"), "")
	w.expect("rent", unmarshal[casework.Rent](t, w.field("hem", "h-case", "rent")), casework.Rent{State: "paid", AsOf: w.ms("18 13:15")})
	w.expect("status", w.field("hem", "h-case", "status")+w.field("hem", "h-case", "closed_because")+w.field("hem", "h-case", "closed"), `"closed""paid""2026-11-18"`)
	w.expect("kim is told today", w.carries("kim", "contact", "household"), []string{"h", "v"})
	w.at("19 08:00")
	w.expect("what kim wrote offline is taken", w.by("kim", w.outcome("v", "nobody_home", "kim", "18 14:31")), "")
	w.expect("jonna carries closed cases", w.carries("jonna", "case"), []string{"h-case"})

	w.house("hem", []wire.Change{w.claim("h", "open", "19 07:00")}, nil)
	w.expect("the case opens again", w.field("hem", "h-case", "status")+w.field("hem", "h-case", "closed_because"), `"open"null`)
	w.expect("with a rank", w.field("hem", "h-case", "priority"), `[{"id":"children"},{"id":"unreached","n":1}]`)
}

func TestACancelledVisitLeavesTheDayAfterItWasPlannedFor(t *testing.T) {
	w := newTown(t)
	w.household("h", "18 07:10")
	w.must("jonna", w.visit("h", "v", "18 14:30", "kim"))
	w.must("jonna", set("contact", "v", values{"cancelled": values{"because": "other", "by": "jonna", "at": w.ms("18 08:00")}}))
	for _, c := range []struct {
		at   string
		want []string
	}{{"18 23:59", []string{"v"}}, {"19 23:59", []string{"v"}}, {"20 00:01", []string{}}} {
		w.at(c.at)
		rescope(t, w, "kim")
		w.expect(c.at, w.carries("kim", "contact"), c.want)
	}
}

func TestRemovedIsNotPaidAndAnEvictionKeepsTheCaseOpen(t *testing.T) {
	w := newTown(t)
	w.household("a", "18 07:10")
	w.household("b", "18 07:10")
	w.must("jonna", w.visit("a", "va", "18 14:30", "kim"), w.visit("b", "vb", "18 15:30", "kim"),
		set("eviction", "e", values{"household": "b", "case": "b-case", "at": w.ms("24 10:00"), "state": "set", "source": "landlord"}))
	w.house("hem", []wire.Change{w.claim("a", "removed", "18 13:15"), w.claim("b", "paid", "18 13:15")}, nil)
	w.expect("removed", unmarshal[casework.Cancelled](t, w.field("hem", "va", "cancelled")).Because, casework.BecauseRemoved)
	w.expect("closed because", w.field("hem", "a-case", "closed_because"), `"removed"`)
	w.expect("with an eviction", w.field("hem", "vb", "cancelled")+w.field("hem", "b-case", "status"), `"open"`)
	w.expect("eviction", w.field("hem", "b-case", "priority"), `[{"id":"eviction_near","date":"2026-11-24"},{"id":"children"}]`)
	w.must("jonna", set("eviction", "e", values{"state": "withdrawn"}))
	w.expect("withdrawn", w.field("hem", "b-case", "eviction_at")+w.field("hem", "b-case", "priority"), `null[{"id":"children"}]`)
}

func TestANoticeOfAnEvictionCallsThoseOnCall(t *testing.T) {
	w := newTown(t)
	w.must("karin", set("roster", "r1", values{"unit": "vrak", "person": "samira", "from": w.ms("17 08:00"), "to": w.ms("19 08:00")}),
		set("roster", "r2", values{"unit": "vrak", "person": "tove", "from": w.ms("19 08:00"), "to": w.ms("20 08:00")}))
	register := func(id string) {
		t.Helper()
		w.must("tove",
			set("household", id, values{"street": "Björkgatan 7"}),
			set("person", id+"-p", values{"household": id, "name": "Nadia Alström", "position": "tenant"}),
			set("case", id+"-case", values{"household": id, "unit": "vrak", "reason": "arrears", "status": "open"}),
			set("notice", id+"-n", values{"household": id, "case": id + "-case", "unit": "vrak", "about": "eviction", "sender": "authority", "channel": "post",
				"received": "2026-11-18", "eviction_at": w.ms("24 10:00"), "children": true, "by": "tove"}))
	}
	register("s")
	w.expect("children", w.field("soc", "s", "children"), "true")
	w.expect("day on the case", unmarshal[int64](t, w.field("soc", "s-case", "eviction_at")), w.ms("24 10:00"))
	w.expect("reasons", w.field("soc", "s-case", "priority"), `[{"id":"eviction_near","date":"2026-11-24"},{"id":"children"}]`)
	w.expect("alarms", w.carries("samira", "alert"), []string{derivedID("alert", "s-n")})
	w.expect("people", w.field("soc", derivedID("alert", "s-n"), "people"), `["samira"]`)
	w.expect("evictions", w.carries("tove", "eviction"), []string{derivedID("eviction", "s-n")})
	w.expect("another unit", w.carries("elin", "alert", "notice", "case"), []string{})
	for person, m := range w.members {
		if m.Org == "hem" {
			w.expect(person, w.carries(person, "alert", "notice", "case", "household", "eviction"), []string{})
		}
	}
	w.must("samira", set("alert", derivedID("alert", "s-n"), values{"seen": values{"by": "samira", "at": w.ms("18 08:05")}}))

	w.at("21 12:00") // nobody is on call
	register("s2")
	w.expect("everyone of the unit", w.field("soc", derivedID("alert", "s2-n"), "people"), `["karin","samira","tove"]`)
	w.must("tove", set("notice", "again", values{"household": "s2", "case": "s2-case", "unit": "vrak", "about": "eviction", "sender": "authority",
		"received": "2026-11-21", "eviction_at": w.ms("26 10:00"), "by": "tove"}))
	w.expect("a new date moves the same eviction", len(w.carries("tove", "eviction")), 2)
	w.expect("to the new day", unmarshal[int64](t, w.field("soc", "s2-case", "eviction_at")), w.ms("26 10:00"))
}

func TestAnotherUnitTakesOverAtOnce(t *testing.T) {
	w := newTown(t)
	w.household("h", "18 07:10")
	w.must("jonna", note("h", "n", "", "jonna", w.ms("18 08:00")))
	epoch := w.epochs["jonna"]
	w.must("jonna", set("case", "h-case", values{"unit": "syd"}))
	w.expect("sol has all of it", w.carries("sol", "household", "person", "case", "claim", "note"), []string{"h", "h-case", "h-claim", "h-p", "n"})
	w.expect("jonna has nothing", w.carries("jonna", "household", "person", "case", "claim", "note"), []string{})
	w.expect("jonna's epoch", w.epochs["jonna"], epoch+1)
	w.cursor["jonna"] = w.seq // her phone was told
	w.expect("jonna may not write", w.by("jonna", set("household", "h", values{"floor": "3 tr"})), "held scope_ended")
}

// Whoever has left is called by no alarm, whatever the roster says: then those who are
// there are, or everybody of the unit.
func TestWhoHasLeftIsOnCallNoMore(t *testing.T) {
	w := newTown(t)
	w.must("karin", set("roster", "r1", values{"unit": "vrak", "person": "samira", "from": w.ms("17 08:00"), "to": w.ms("19 08:00")}))
	samira := w.members["samira"]
	samira.Active = false
	w.members["samira"] = samira
	w.must("tove",
		set("household", "s", values{"street": "Björkgatan 7"}),
		set("case", "s-case", values{"household": "s", "unit": "vrak", "reason": "arrears", "status": "open"}),
		set("notice", "s-n", values{"household": "s", "case": "s-case", "unit": "vrak", "about": "eviction", "sender": "authority", "channel": "post",
			"received": "2026-11-18", "eviction_at": w.ms("24 10:00"), "by": "tove"}))
	w.expect("people", w.field("soc", derivedID("alert", "s-n"), "people"), `["karin","tove"]`)
}

// A child who is added to a household, or becomes one of its people, is said on the
// household and counts for who comes first; what somebody says of it afterwards stays.
func TestAChildIsSaidOnTheHousehold(t *testing.T) {
	w := newTown(t)
	w.must("tove",
		set("household", "s", values{"street": "Björkgatan 7", "children": false}),
		set("person", "p1", values{"household": "s", "name": "Nadia Alström", "position": "tenant"}),
		set("case", "s-case", values{"household": "s", "unit": "vrak", "reason": "arrears", "status": "open"}))
	w.expect("with adults alone", w.field("soc", "s", "children"), "false")
	w.must("tove", set("person", "p2", values{"household": "s", "name": "Lo Alström", "position": "adult"}))
	w.expect("with one more", w.field("soc", "s", "children"), "false")
	w.must("tove", set("person", "p2", values{"position": "child"}))
	w.expect("who is a child", w.field("soc", "s", "children"), "true")
	w.expect("reasons", w.field("soc", "s-case", "priority"), `[{"id":"children"}]`)
	w.must("tove", set("household", "s", values{"children": false}))
	w.must("tove", set("person", "p2", values{"name": "Lo Ek"}))
	w.expect("who has moved", w.field("soc", "s", "children"), "false")
	w.must("tove", set("person", "p3", values{"household": "s", "name": "Noa Ek", "position": "child"}))
	w.expect("with another one", w.field("soc", "s", "children"), "true")
}
