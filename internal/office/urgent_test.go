package office

import (
	"slices"
	"testing"
)

func TestWhatIsUrgent(t *testing.T) {
	w := newTown(t)
	w.household("evicted", "18 07:10")
	w.household("later", "18 07:10")
	w.household("visited", "18 07:10")
	w.household("tomorrow", "18 07:10")
	for id, at := range map[string]string{"evicted": "18 10:00", "later": "24 10:00"} {
		w.must("jonna", set("eviction", id+"-e", values{"household": id, "case": id + "-case", "at": w.ms(at), "state": "set", "source": "authority"}))
	}
	w.must("jonna", w.visit("visited", "v1", "18 14:30", "kim"))
	w.must("jonna", w.visit("tomorrow", "v2", "19 09:00", "kim"))

	org, records, err := w.office.Urgent(w, "kim")
	if err != nil || org != "hem" {
		t.Fatal(org, err)
	}
	for id, urgent := range map[string]bool{"evicted": true, "evicted-case": true, "visited": true, "v1": true, "kim": true,
		"later": false, "later-case": false, "tomorrow": false, "v2": false} {
		if slices.Contains(records, id) != urgent {
			t.Errorf("%s urgent: %t", id, !urgent)
		}
	}
	if slices.Index(records, "evicted") > slices.Index(records, "visited") || slices.Index(records, "visited") > slices.Index(records, "kim") {
		t.Errorf("the order is %v", records)
	}
	w.must("jonna", set("eviction", "evicted-e", values{"state": "withdrawn"}))
	if _, records, _ = w.office.Urgent(w, "kim"); slices.Contains(records, "evicted") {
		t.Error("an eviction that was called off is urgent")
	}
	if _, records, err = w.office.Urgent(w, "alva"); err != nil || len(records) != 0 {
		t.Errorf("alva has nothing today but %v, %v", records, err)
	}
}
