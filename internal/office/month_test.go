package office

import (
	"testing"

	"bokvar/sync/wire"
)

func TestTheMonthCountsCasesByStep(t *testing.T) {
	w := newTown(t)
	for _, id := range []string{"a", "b", "c"} {
		w.household(id, "18 07:10")
	}
	w.house("hem", []wire.Change{w.claim("c", "paid", "18 07:20")}, nil)
	look := func(person string) Month {
		t.Helper()
		m := w.members[person]
		month, err := w.office.MonthOf(w, &m)
		if err != nil {
			t.Fatal(err)
		}
		return month
	}
	month := look("jonna")
	if month.Due != "2026-10-30" || month.Day != 19 || month.Today != "2026-11-18" || month.Profile != "model" {
		t.Errorf("%+v", month)
	}
	counts := map[string]int{}
	for _, step := range month.Steps {
		counts[step.ID] = step.Count
	}
	w.expect("counts", counts, map[string]int{"reminder": 0, "collection": 0, "home_visit": 2, "meeting": 0, "authority": 0})
	for _, step := range look("sol").Steps {
		w.expect("another unit, "+step.ID, step.Count, 0)
	}
	w.at("30 08:00") // December's rent is due today
	if month := look("jonna"); month.Due != "2026-11-30" || month.Day != 0 {
		t.Errorf("%+v", month)
	}
}
