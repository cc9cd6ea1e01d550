package exchange

import (
	"slices"
	"testing"

	"bokvar/internal/casework"
)

const (
	nadia = "10-1;Nadia;19900602-2397;Björkgatan 7;070-174 06 05;2026-11;7840;0;ja;nej"
	ulf   = "10-2;Ulf;;Rönnbärsgatan 5;070-174 06 06;2026-11;5990;0;;"
	siv   = "10-3;Siv;;Tallvägen 8;;2026-11;6215;0;;"
)

func TestFirstListMakesHouseholdsAndCases(t *testing.T) {
	o := newOffice()
	p, done := o.take(t, lists("07:10", nadia, ulf, siv))
	if len(p.New) != 3 || done.LateList != p.ID || o.commits != 1 {
		t.Fatalf("%+v %+v, %d commits", p.Counts(nil), done, o.commits)
	}
	h := o.of(t, "household", "contract", "10-1")
	person, c, claim := o.of(t, "person", "name", "Nadia"), o.of(t, "case", "household", h.ID), o.of(t, "claim", "contract", "10-1")
	if !yes(h, "children") || number(person, "born") != 1990 || text(person, "personal_number") != "199006022397" || text(c, "unit") != "norr" || text(c, "status") != "open" {
		t.Errorf("%v %v %v", h, person, c)
	}
	if text(claim, "case") != c.ID || number(claim, "capital") != 784000 || number(claim, "as_of") != p.AsOf || text(claim, "due") != "2026-10-30" {
		t.Errorf("%v", claim)
	}
	if h.ID != HouseholdID("hem", "10-1") || claim.ID != ClaimID("hem", "10-1", "2026-11") || c.ID != CaseID("hem", "10-1", "2026-11") {
		t.Error("ids must follow from landlord, contract and month")
	}
	if first := slices.IndexFunc(o.changes, func(c casework.HouseChange) bool { return c.Kind == "claim" }); o.changes[first-1].Kind != "case" {
		t.Errorf("a claim is written before its case: %v", o.changes)
	}
}

func TestSameListAgainChangesNothing(t *testing.T) {
	o := newOffice()
	o.take(t, lists("07:10", nadia, ulf, siv))
	p, done := o.take(t, lists("07:10", nadia, ulf, siv))
	if !p.Nothing || p.Unchanged != 3 || !done.Nothing || done.LateList != "" || o.commits != 1 || done.Sentence != "Listan är redan inläst. Inget ändras." {
		t.Errorf("%+v %+v, %d commits", p, done, o.commits)
	}
	// A newer print with the same debts says only that they still stand.
	p, done = o.take(t, lists("07:40", nadia, ulf, siv))
	if p.Nothing || p.Unchanged != 3 || done.LateList == "" || len(o.changes) != 4 {
		t.Errorf("%+v, %v", p.Counts(nil), o.changes)
	}
	for _, c := range o.changes[:3] {
		if c.Kind != "claim" || len(c.Fields) != 1 || c.Fields["as_of"] != p.AsOf {
			t.Errorf("%+v", c)
		}
	}
}

func TestNewerListWinsAndOlderIsRefused(t *testing.T) {
	o := newOffice()
	o.take(t, lists("07:10", nadia, ulf))
	p, _ := o.take(t, lists("07:40", "10-1;Nadia;19900602-2397;Björkgatan 7;070-174 06 05;2026-11;3840;180;ja;nej", ulf, "10-1;Nadia;;Björkgatan 7;;2026-10;100;0;;"))
	if len(p.Changed) != 1 || p.Changed[0].Before.Capital != 784000 || p.Changed[0].Capital != 384000 || len(p.New) != 1 || p.Unchanged != 1 {
		t.Errorf("%+v", p)
	}
	if older := o.of(t, "claim", "due_month", "2026-10"); text(older, "case") != CaseID("hem", "10-1", "2026-11") {
		t.Errorf("a household with an open case got another: %v", older)
	}
	_, err := o.service().Propose(jonna, "gammal.csv", fileOf(lists("07:10", nadia)), false)
	if code(err) != CodeOlderList || err.Error() != "older_list: Listan är från 18 nov 07:10. Ni har redan tagit in en som är från 18 nov 07:40. Ta ut en ny lista." {
		t.Errorf("%v", err)
	}
}

func TestGone(t *testing.T) {
	o := newOffice()
	o.take(t, lists("07:10", nadia, ulf, siv))
	h := o.of(t, "household", "contract", "10-2")
	for field, v := range map[string]any{"household": h.ID, "case": CaseID("hem", "10-2", "2026-11"), "form": "visit", "planned_at": now.UnixMilli(), "people": []string{"kim"}} {
		o.set(t, "contact", "visit-1", field, v)
	}
	if p := o.propose(t, lists("07:30", nadia), true); len(p.Gone) != 0 {
		t.Errorf("a partial list: %+v", p.Gone)
	}
	p := o.propose(t, lists("07:30", nadia), false)
	if len(p.Gone) != 2 || p.Gone[0].Name != "Ulf" || len(p.Gone[0].Contacts) != 1 || p.Gone[0].Contacts[0].ID != "visit-1" || p.Gone[0].Contacts[0].People[0] != "kim" {
		t.Fatalf("%+v", p.Gone)
	}
	done, err := o.service().Confirm(jonna, p.ID, []string{p.Gone[1].Claim})
	if err != nil || done.Gone != 1 {
		t.Fatal(done, err)
	}
	if text(o.of(t, "claim", "contract", "10-2"), "state") != "paid" || text(o.of(t, "claim", "contract", "10-3"), "state") != "open" {
		t.Error("Ulf's debt is paid, Siv's stays")
	}
}

// A debt whose row cannot be read is still in the file.
func TestRejectedRowsAreNotGone(t *testing.T) {
	o := newOffice()
	o.take(t, lists("07:10", nadia, ulf, siv))
	p := o.propose(t, lists("07:30", nadia, "10-2;Ulf;;Rönnbärsgatan 5;;2026-11;7.840,-;0;;", ";Siv;;Tallvägen 8;;2026-11;6215;0;;"), false)
	if len(p.Rejected) != 2 || len(p.Gone) != 0 {
		t.Errorf("%+v", p)
	}
}

func TestWhatAPersonWroteStays(t *testing.T) {
	o := newOffice()
	o.take(t, lists("07:10", nadia, ulf))
	o.set(t, "person", o.of(t, "person", "name", "Nadia").ID, "phone", "070-174 06 99")
	p, _ := o.take(t, lists("07:30", "10-1;Nadia;19900602-2397;Björkgatan 7;070-174 06 10;2026-11;7840;0;ja;nej", "10-2;Ulf;;Rönnbärsgatan 5;070-174 06 11;2026-11;5990;0;;"))
	if got := text(o.of(t, "person", "name", "Nadia"), "phone"); got != "070-174 06 99" {
		t.Errorf("Nadia's number became %s", got)
	}
	if got := text(o.of(t, "person", "name", "Ulf"), "phone"); got != "070-174 06 11" {
		t.Errorf("Ulf's number stayed %s", got)
	}
	if len(p.Changed) != 1 || p.Changed[0].Name != "Ulf" || !slices.Equal(p.Changed[0].Facts, []string{"person.phone"}) {
		t.Errorf("%+v", p.Changed)
	}
	o.take(t, lists("07:40", "10-1;Nadia;19900602-2397;Björkgatan 7;070-174 06 10;2026-11;7840;0;ja;nej", "10-2;Ulf;;Rönnbärsgatan 5;070-174 06 12;2026-11;5990;0;;"))
	if got := text(o.of(t, "person", "name", "Ulf"), "phone"); got != "070-174 06 12" {
		t.Errorf("Ulf's number does not follow the list a second time: %s", got)
	}
}

func TestOwesAgain(t *testing.T) {
	o := newOffice()
	o.take(t, lists("07:10", nadia, ulf))
	o.take(t, lists("07:20", nadia)) // Ulf has paid
	id := CaseID("hem", "10-2", "2026-11")
	o.set(t, "case", id, "status", "closed")
	o.set(t, "case", id, "closed_because", "paid")
	p, _ := o.take(t, lists("07:30", nadia, ulf)) // and had not
	if len(p.New) != 1 || !p.New[0].Again || text(o.records[id], "status") != "open" || !unset(o.records[id], "closed_because") {
		t.Errorf("%+v, case %v", p.New, o.records[id])
	}
	o.take(t, lists("07:40", nadia))
	o.set(t, "case", id, "status", "closed")
	o.take(t, lists("07:50", nadia, "10-2;Ulf;;Rönnbärsgatan 5;;2026-12;5990;0;;ja"))
	if c := o.records[CaseID("hem", "10-2", "2026-12")]; c == nil || text(c, "status") != "open" || text(o.records[id], "status") != "closed" || !yes(c, "first_time_late") {
		t.Errorf("another month's debt is a case of its own: %v", c)
	}
}

func TestOthersHouseholdsAreLeftAlone(t *testing.T) {
	o := newOffice()
	o.take(t, lists("07:10", nadia, ulf))
	o.set(t, "case", CaseID("hem", "10-2", "2026-11"), "unit", "syd")
	p := o.propose(t, lists("07:30", "10-1;Anna;20010101-2384;Björkgatan 7;;2026-11;7840;0;;", "10-2;Ulf;;Rönnbärsgatan 5;;2026-11;1;0;;", siv), false)
	got := []string{}
	for _, r := range p.Rejected {
		got = append(got, r.Code)
	}
	if !slices.Equal(got, []string{"other_person", "other_unit"}) && !slices.Equal(got, []string{"personal_number", "other_unit"}) {
		t.Errorf("%+v", p.Rejected)
	}
	if len(p.Gone) != 0 || len(p.New) != 1 {
		t.Errorf("%+v", p)
	}
}

func TestProtectedIsOnlySwitchedOn(t *testing.T) {
	o := newOffice()
	head := "Kontrakt;Namn;Adress;Period;Belopp;Skyddad\n"
	o.take(t, "2026-11-18 07:10\n"+head+"1;Eva;Björkgatan 1;2026-11;100;ja\n")
	p, _ := o.take(t, "2026-11-18 07:20\n"+head+"1;Eva;Björkgatan 1;2026-11;200;nej\n")
	if !yes(o.of(t, "household", "contract", "1"), "protected") || p.Changed[0].Name != protectedName || p.Changed[0].Street != "" || p.Changed[0].Before.Street != "" {
		t.Errorf("%+v", p.Changed)
	}
	if name := text(o.of(t, "person", "position", "tenant"), "name"); name != protectedName {
		t.Errorf("the name %s is kept", name)
	}
	p, _ = o.take(t, "2026-11-18 07:30\n"+head+"1;Eva;Björkgatan 1;2026-11;-5;nej\n2;Ulf;Björkgatan 2;2026-11;100;\n")
	if len(p.Rejected) != 1 || p.Rejected[0].Text != "1" {
		t.Errorf("a row that is left out tells who it is: %+v", p.Rejected)
	}
}
