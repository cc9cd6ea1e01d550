package office

import (
	"errors"
	"testing"

	"bokvar/internal/casework"
	"bokvar/sync/wire"
)

func rescope(t *testing.T, w *town, person string) {
	t.Helper()
	if err := w.office.Rescope(w, person); err != nil {
		t.Fatal(err)
	}
}

func TestScopesMoveWithTheDays(t *testing.T) {
	w := newTown(t)
	w.household("h", "18 07:10")
	w.now = w.now.AddDate(0, 0, 20) // 8 December
	far := w.visit("h", "v", "28 10:00", "kim")
	w.now = w.now.AddDate(0, 0, -30) // 8 November: planned in 20 days
	w.must("jonna", far)
	rescope(t, w, "kim")
	w.expect("too far ahead", w.carries("kim", "household", "contact"), []string{})
	w.at("14 06:00")
	rescope(t, w, "kim")
	w.expect("two weeks before", w.carries("kim", "household", "contact"), []string{"h", "v"})
	w.now = w.now.AddDate(0, 0, 21) // 5 December
	rescope(t, w, "kim")
	w.expect("a week after", w.carries("kim", "household", "contact"), []string{"h", "v"})
	w.now = w.now.AddDate(0, 0, 1)
	rescope(t, w, "kim")
	w.expect("later", w.carries("kim", "household", "contact"), []string{})
	w.expect("still readable online", see(t, w, "kim", "v"), true)
}

func see(t *testing.T, w *town, person, record string) bool {
	t.Helper()
	seen, err := w.office.See(w, person, w.records[w.members[person].Org+"/"+record])
	if err != nil {
		t.Fatal(err)
	}
	return seen.Visible
}

func TestRescopeIsDueOncePerDayAndTouchesOnlyWhatMoves(t *testing.T) {
	w := newTown(t)
	w.household("h", "18 07:10")
	due := func() bool {
		t.Helper()
		due, err := w.office.ScopeDue(w, "jonna")
		if err != nil {
			t.Fatal(err)
		}
		return due
	}
	w.expect("due at first", due(), true)
	rescope(t, w, "jonna")
	w.expect("not due again", due(), false)
	w.touched = nil
	rescope(t, w, "jonna")
	w.expect("nothing to do", len(w.touched), 0)
	w.at("19 08:00")
	w.expect("due the next day", due(), true)
	rescope(t, w, "jonna")
	w.expect("nothing moved", len(w.touched), 0)

	w.must("jonna", set("case", "h-case", values{"status": "closed", "closed": "2026-11-19", "closed_because": "solved"}))
	w.now = w.now.AddDate(0, 0, 90)
	rescope(t, w, "jonna")
	w.expect("closed cases stay 90 days", w.carries("jonna", "case"), []string{"h-case"})
	w.now = w.now.AddDate(0, 0, 1)
	rescope(t, w, "jonna")
	w.expect("then they leave", w.carries("jonna", "case", "household", "claim"), []string{})
}

func TestAnAccountThatChanges(t *testing.T) {
	w := newTown(t)
	w.household("h", "18 07:10")
	rescope(t, w, "jonna")
	m := w.members["jonna"]
	m.Units = []string{"syd"}
	w.members["jonna"] = m
	changes, err := Directory(m)
	w.house("hem", changes, err)
	if err := w.office.Reset(w, "jonna"); err != nil {
		t.Fatal(err)
	}
	rescope(t, w, "jonna")
	w.expect("another unit", w.carries("jonna", "case", "household"), []string{})
	w.expect("told to all", w.field("hem", "jonna", "units"), `["syd"]`)

	m.Active = false
	w.members["jonna"] = m
	if err := w.office.Reset(w, "jonna"); err != nil {
		t.Fatal(err)
	}
	rescope(t, w, "jonna")
	w.expect("nobody any more", len(w.inbox["jonna"]), 0)
	w.expect("may not write", w.by("jonna", note("h", "n", "", "jonna", w.ms("18 08:00"))), "refused not_found")
}

// When the program dies between a commit and AfterCommit, the next hello settles
// what the commit shifted.
func TestAShiftThatWasNeverSettled(t *testing.T) {
	w := newTown(t)
	w.household("h", "18 07:10")
	rescope(t, w, "kim")
	w.fail = errors.New("the program died")
	if err := w.submit(authorOf(w, "jonna"), []wire.Change{w.visit("h", "v", "18 14:30", "kim")}); !errors.Is(err, w.fail) {
		t.Fatalf("got %v", err)
	}
	w.fail = nil
	w.expect("not told of the household yet", w.carries("kim", "household"), []string{})
	due, err := w.office.ScopeDue(w, "kim")
	if err != nil || !due {
		t.Fatalf("due %t, %v", due, err)
	}
	rescope(t, w, "kim")
	w.expect("told at hello", w.carries("kim", "household", "contact"), []string{"h", "v"})
}

func TestASettledShiftLeavesTheDayAsItWas(t *testing.T) {
	w := newTown(t)
	w.household("h", "18 07:10")
	rescope(t, w, "kim")
	w.must("jonna", w.visit("h", "v", "18 14:30", "kim"))
	w.expect("the day", w.days["kim"], "2026-11-18")
}

func TestANewDayChangesRanks(t *testing.T) {
	w := newTown(t)
	w.household("h", "18 07:10")
	w.must("jonna", set("case", "h-case", values{"eviction_at": w.ms("24 10:00")}))
	rank := w.field("hem", "h-case", "rank")
	changes, err := w.office.Daily(w, "hem")
	if err != nil || len(changes) != 0 {
		t.Fatalf("the same day: %d changes, %v", len(changes), err)
	}
	w.at("19 00:01")
	changes, err = w.office.Daily(w, "hem")
	if err != nil || len(changes) != 1 {
		t.Fatalf("the next day: %d changes, %v", len(changes), err)
	}
	w.house("hem", changes, nil)
	if w.field("hem", "h-case", "rank") >= rank {
		t.Errorf("rank %s, a day before %s", w.field("hem", "h-case", "rank"), rank)
	}
	w.at("25 00:01")
	changes, err = w.office.Daily(w, "hem")
	w.house("hem", changes, err)
	w.expect("after the day", unmarshal[[]casework.Reason](t, w.field("hem", "h-case", "priority")), []casework.Reason{{ID: "children"}})
}
