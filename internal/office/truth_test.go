package office

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// wallWays are all the states that a consent can be in, made by people, for the
// partners that were ticked. open: what concerns the signer is open to a landlord
// that was ticked.
var wallWays = []struct {
	name string
	open bool
	make func(w *town, ticked values)
}{
	{"never asked", false, func(*town, values) {}},
	{"asked", false, func(w *town, v values) {
		w.collect("g", with(v, "answer", "asked"), "p1")
		w.link("l", "g", "s-case", "p1")
	}},
	{"declined", false, func(w *town, v values) {
		w.collect("g", with(v, "answer", "declined"), "p1")
		w.link("l", "g", "s-case", "p1")
	}},
	{"waits in the intake", false, func(w *town, v values) { w.collect("g", v, "p1") }},
	{"given", true, func(w *town, v values) { w.collect("g", v, "p1"); w.link("l", "g", "s-case", "p1") }},
	{"given to another landlord", false, func(w *town, v values) {
		w.collect("g", with(v, "landlord_org", "another"), "p1")
		w.link("l", "g", "s-case", "p1")
	}},
	{"withdrawn", false, func(w *town, v values) {
		w.collect("g", v, "p1")
		w.link("l", "g", "s-case", "p1")
		w.withdraw("wd", values{"case": "s-case"})
	}},
	{"withdrawn before it came", false, func(w *town, v values) {
		w.withdraw("wd", values{"case": "s-case", "handle": "handle"})
		w.collect("g", v, "p1")
		w.link("l", "g", "s-case", "p1")
	}},
	{"held, and confirmed", true, func(w *town, v values) {
		w.withdraw("wd", values{"case": "s-case", "handle": "handle"})
		w.collect("g", v, "p1")
		w.link("l", "g", "s-case", "p1")
		w.must("tove", set("confirmation", "c", values{"giving": "g", "how": "phone", "at": w.now.UnixMilli(), "by": "tove"}))
	}},
	{"withdrawn, and given again", true, func(w *town, v values) {
		w.collect("g", v, "p1")
		w.link("l", "g", "s-case", "p1")
		w.withdraw("wd", values{"case": "s-case"})
		w.collect("g2", with(v, "knew_withdrawal", "wd"), "p1")
		w.link("l2", "g2", "s-case", "p1")
	}},
	{"declined afterwards", false, func(w *town, v values) {
		w.collect("g", v, "p1")
		w.link("l", "g", "s-case", "p1")
		w.collect("g2", with(v, "answer", "declined"), "p1")
		w.link("l2", "g2", "s-case", "p1")
	}},
	{"ran out", false, func(w *town, v values) {
		w.collect("g", with(v, "valid_until", "2026-11-17"), "p1")
		w.link("l", "g", "s-case", "p1")
	}},
	{"its last day", true, func(w *town, v values) {
		w.collect("g", with(v, "valid_until", "2026-11-18"), "p1")
		w.link("l", "g", "s-case", "p1")
	}},
	{"words that nobody has", false, func(w *town, v values) {
		w.collect("g", with(v, "wording", values{"id": "w", "version": 1, "language": "sv", "hash": "ff"}), "p1")
		w.link("l", "g", "s-case", "p1")
	}},
	{"linked, and taken back", false, func(w *town, v values) {
		w.collect("g", v, "p1")
		w.link("l", "g", "s-case", "p1")
		w.now = w.now.Add(1)
		w.link("l2", "g", "")
	}},
}

func with(v values, field string, value any) values {
	out := values{field: value}
	for k, old := range v {
		if k != field {
			out[k] = old
		}
	}
	return out
}

// beginning keeps the town as it is; what it returns puts it back so.
func (w *town) beginning() (begin func()) {
	state, rows, inbox, now := w.copy(), maps.Clone(w.rows), maps.Clone(w.inbox), w.now
	for person, carried := range inbox {
		inbox[person] = maps.Clone(carried)
	}
	return func() {
		w.restore(state)
		w.restore(w.copy()) // not the kept maps themselves
		w.rows, w.inbox, w.now = maps.Clone(rows), maps.Clone(inbox), now
		for person, carried := range inbox {
			w.inbox[person] = maps.Clone(carried)
		}
	}
}

// The truth table of the wall: every state of a consent x every choice of partners x
// everybody, by what is carried to a device, by what is read online (which search,
// export and the screens use), and by what one is told who writes.
func TestTheTruthTableOfTheWall(t *testing.T) {
	ticks := [][]string{{}, {"employment", "care", "primary_care", "psychiatry", "relatives", "other"}, {"landlord", "employment", "care", "primary_care", "psychiatry", "relatives", "other"}}
	for _, p := range casework.FieldOf("giving", "partners").Choices {
		ticks = append(ticks, []string{p})
	}
	if len(ticks) != 10 {
		t.Fatalf("%d choices of partners: a new one needs its row here", len(ticks))
	}
	desk := []string{"jonna", "maj", "rolf"} // of the unit; domain, section 5: those who work with the case
	cells, opened := 0, 0
	w := linked(t)
	w.must("tove", say("message", "about-p1", values{"about": "message", "text": "Om Nadia.", "concerns": []string{"p1"}}),
		say("thread_message", "debt-p1", values{"about": "debt", "text": "Halva skulden.", "concerns": []string{"p1"}}),
		say("appointment", "time-p1", values{"purpose": "meeting", "planned_at": w.ms("19 10:00"), "state": "proposed", "concerns": []string{"p1"}}),
		say("message", "about-p2", values{"about": "message", "text": "Om Elias.", "concerns": []string{"p2"}}),
		say("message", "about-all", values{"about": "message", "text": "Om alla."}),
		say("message", "kept", values{"about": "message", "text": "Inte delat.", "concerns": []string{"p1"}, "shared_with": ""}),
		set("note", "journal", values{"household": "s", "case": "s-case", "text": "Bara vi.", "at": w.now.UnixMilli(), "by": "tove"}))
	begin := w.beginning()
	for _, way := range wallWays {
		for _, ticked := range ticks {
			begin()
			way.make(w, values{"partners": ticked})
			crosses := map[string]bool{}
			if way.open && slices.Contains(ticked, "landlord") {
				crosses = map[string]bool{"about-p1": true, "debt-p1": true, "time-p1": true}
			}
			for _, m := range w.members {
				for id, record := range w.records {
					if record.Org != "soc" || m.Org != "hem" || casework.KindOf(record.Kind).Root == "" {
						continue
					}
					cells++
					want := slices.Contains(desk, m.ID) && crosses[record.ID]
					if m.ID == "kim" { // is named on a visit there: is told times, and nothing else
						want = crosses[record.ID] && record.Kind == "appointment"
					}
					carried, read := w.inbox[m.ID][id], w.sees(m.ID, "soc", record.ID)
					viewer, err := w.office.Viewer(w, m.ID, record)
					if err != nil {
						t.Fatal(err)
					}
					fetched, err := w.office.Project(w, viewer, record)
					if err != nil {
						t.Fatal(err)
					}
					if carried != want || read != want || fetched.Visible != want {
						t.Errorf("%s, ticked %v: %s carries %s: %v, reads it: %v, fetches it: %v; want %v", way.name, ticked, m.ID, record.ID, carried, read, fetched.Visible, want)
					}
					if want {
						opened++
					}
				}
			}
			for _, person := range []string{"tove", "samira", "karin"} {
				if got := w.carries(person, "message", "note", "thread_message", "appointment"); len(got) != 7 {
					t.Errorf("%s, ticked %v: %s carries %v of their own", way.name, ticked, person, got)
				}
			}
			if got := w.carries("elin", "message", "note", "thread_message", "appointment"); len(got) > 0 {
				t.Errorf("%s: another unit carries %v", way.name, got)
			}
		}
	}
	if cells < 10_000 || opened < 50 {
		t.Fatalf("%d cells, %d open: the test proves nothing", cells, opened)
	}
}

// What opens nothing leaves no trace at the landlord: its people's rows, numbers and
// epochs are those of a town in which social services have no such case.
func TestWhatOpensNothingIsCountedByNobody(t *testing.T) {
	trace := func(way func(w *town, ticked values), known bool) string {
		w := newTown(t)
		if known {
			w = linked(t)
			w.must("tove", say("message", "m", values{"about": "message", "text": "Om Nadia.", "concerns": []string{"p1"}}))
		} else {
			w.household("h", "18 07:10")
			w.must("jonna", w.visit("h", "v", "18 14:30", "kim"))
		}
		w.touched = nil
		way(w, nil)
		var out []string
		for id, m := range w.members {
			if m.Org != "hem" {
				continue
			}
			rows := 0
			for key := range w.rows {
				if strings.HasPrefix(key, id+"/") {
					rows++
				}
			}
			touched := 0
			for _, key := range w.touched {
				if strings.HasPrefix(key, id+"/") {
					touched++
				}
			}
			out = append(out, fmt.Sprint(id, " rows ", rows, " touched ", touched, " epoch ", w.epochs[id], " number ", w.numbers[id], " carries ", len(w.inbox[id])))
		}
		slices.Sort(out)
		return strings.Join(append(out, fmt.Sprint(len(w.shut), " rooms were shut, ", len(w.roomStates("hem")), " are known")), "\n")
	}
	collected := func(answer string) func(*town, values) {
		return func(w *town, _ values) { w.collect("g", values{"answer": answer}, "p1") }
	}
	for name, c := range map[string]struct{ with, without func(*town, values) }{
		"never asked": {func(*town, values) {}, func(*town, values) {}},
		"asked":       {func(w *town, _ values) { collected("asked")(w, nil); w.link("l", "g", "s-case", "p1") }, collected("asked")},
		"declined":    {func(w *town, _ values) { collected("declined")(w, nil); w.link("l", "g", "s-case", "p1") }, collected("declined")},
		"held": {func(w *town, _ values) {
			w.withdraw("wd", values{"handle": "handle"})
			collected("given")(w, nil)
			w.link("l", "g", "s-case", "p1")
		}, collected("given")},
		"to others": {func(w *town, _ values) {
			w.collect("g", values{"partners": []string{"care"}}, "p1")
			w.link("l", "g", "s-case", "p1")
			w.withdraw("wd", values{"case": "s-case"})
		}, func(w *town, _ values) { w.collect("g", values{"partners": []string{"care"}}, "p1") }},
	} {
		if got, want := trace(c.with, true), trace(c.without, false); got != want {
			t.Errorf("%s: with a case of social services'\n%s\nwithout one\n%s", name, got, want)
		}
	}
}

// asking counts every question that is put to the store.
type asking struct {
	*town
	asked map[string]int
}

func (a *asking) Record(org, id string) (*server.State, error) {
	a.asked["record"]++
	return a.town.Record(org, id)
}
func (a *asking) RecordsOf(org, root, kind string) ([]*server.State, error) {
	a.asked["records of a root"]++
	return a.town.RecordsOf(org, root, kind)
}
func (a *asking) RecordsOfKind(org, kind string) ([]*server.State, error) {
	a.asked["records of a kind"]++
	return a.town.RecordsOfKind(org, kind)
}
func (a *asking) RootUnits(org, root string) ([]casework.RootUnit, error) {
	a.asked["units"]++
	return a.town.RootUnits(org, root)
}
func (a *asking) Assignments(org, root string) ([]casework.Assignment, error) {
	a.asked["assignments"]++
	return a.town.Assignments(org, root)
}
func (a *asking) Rooms(org, root string) ([]casework.Room, error) {
	a.asked["rooms"]++
	return a.town.Rooms(org, root)
}
func (a *asking) Handles(org, handle string) ([]casework.Handle, error) {
	a.asked["handles"]++
	return a.town.Handles(org, handle)
}
func (a *asking) Inbox(person, org, record string) (server.InboxRow, error) {
	a.asked["inbox"]++
	return a.town.Inbox(person, org, record)
}
func (a *asking) Member(id string) (*casework.Member, error) {
	a.asked["member"]++
	return a.town.Member(id)
}

// "Not there" and "not yours" are one answer, and the same work: whoever measures how
// long a refusal takes learns nothing from it. Across the wall for every kind of
// record; inside the organisation for what another unit has.
func TestNotThereAndNotYoursAreTheSameWork(t *testing.T) {
	w := livedIn(t)
	w.household("syd-h", "18 07:10")
	w.must("jonna", set("case", "syd-h-case", values{"unit": "syd"}))
	answer := func(person string, change wire.Change, before *server.State) string {
		a := &asking{w, map[string]int{}}
		_, err := w.office.Admit(a, authorOf(w, person), change, before)
		if err == nil {
			return "taken"
		}
		return fmt.Sprint(err, " after ", a.asked)
	}
	probe := func(kind, id, org string, root string) wire.Change {
		fields := values{}
		for _, f := range casework.KindOf(kind).Fields {
			if f.Type == casework.LongText || f.Type == casework.Text {
				fields[f.Name] = "x"
			}
		}
		if at := casework.KindOf(kind).Root; at != "" && at != "id" {
			fields[at] = root
		}
		return elsewhere(set(kind, id, fields), org)
	}
	compared := 0
	for _, m := range w.members {
		for _, record := range w.records {
			if record.Org == m.Org || casework.Collectable(record.Kind) {
				continue // what may be collected for another is answered alike for what is there: TestAConsentIsCollectedAndNotReadBack
			}
			compared++
			there, not := answer(m.ID, probe(record.Kind, record.ID, record.Org, record.Root), record), answer(m.ID, probe(record.Kind, "nothing-such", record.Org, "nothing"), nil)
			if there != not || there == "taken" {
				t.Errorf("%s asks for %s of %s: %s; for what is not there: %s", m.ID, record.Kind, record.Org, there, not)
			}
		}
	}
	for _, record := range w.records {
		if record.Root != "h" || record.Org != "hem" || record.Kind == "household" {
			continue // whoever makes up a household gets it, unless the id is taken; ids are random
		}
		compared++
		there, not := answer("sol", probe(record.Kind, record.ID, "hem", "h"), record), answer("sol", probe(record.Kind, "nothing-such", "hem", "h"), nil)
		if there != not || there == "taken" {
			t.Errorf("sol of another unit asks for %s: %s; for what is not there: %s", record.Kind, there, not)
		}
	}
	if compared < 200 {
		t.Fatalf("only %d answers were compared", compared)
	}
}
