package office

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

func (w *town) consent(kind, id, handle string, fields map[string]any) {
	record := &server.State{Org: "soc", ID: id, Kind: kind, Root: id, Fields: map[string]server.Field{}}
	fields["handle"] = handle
	for name, value := range fields {
		raw, err := json.Marshal(value)
		if err != nil {
			w.t.Fatal(err)
		}
		record.Fields[name] = server.Field{Value: raw, Version: 1}
	}
	w.records["soc/"+id] = record
}

// A consent goes when all that its handle ties together has ended, and never its
// withdrawal alone: that would open the wall again.
func TestWhenAConsentHasEnded(t *testing.T) {
	given := func(day, until string) map[string]any {
		return map[string]any{"answer": "given", "day": day, "valid_until": until}
	}
	w := newTown(t) // it is 18 November 2026
	w.consent("giving", "open", "a", given("2020-01-01", ""))
	w.consent("giving", "runs", "b", given("2020-01-01", "2026-11-18"))
	w.consent("giving", "out", "c", given("2020-01-01", "2024-05-01"))
	w.consent("giving", "no", "d", map[string]any{"answer": "declined", "day": "2024-02-01"})
	w.consent("giving", "ended", "e", given("2024-01-01", ""))
	w.consent("withdrawal", "end", "e", map[string]any{"at": w.ms("18 07:00")})
	w.consent("giving", "twice-1", "f", given("2020-01-01", "2021-01-01"))
	w.consent("giving", "twice-2", "f", given("2021-01-02", ""))
	w.consent("withdrawal", "early", "g", map[string]any{"at": w.ms("18 07:00")}) // its giving has not come
	got := func(keep Retention) string {
		list, err := w.office.Ended(w, "soc", keep)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, e := range list {
			fmt.Fprintf(&b, "%s %s %s %s\n", e.Root, e.Kind, e.Since, e.Due)
		}
		return b.String()
	}
	want := "no consent 2024-02-01 2024-03-02\nout consent 2024-05-01 2024-05-31\n" +
		"early consent 2026-11-18 2026-12-18\nend consent 2026-11-18 2026-12-18\nended consent 2026-11-18 2026-12-18\n"
	if all := got(Retention{Consent: 30}); all != want {
		t.Errorf("ended:\n%swant:\n%s", all, want)
	}
	if all := got(Retention{}); all != "" {
		t.Errorf("without a word from the organisation: %s", all)
	}
}

func TestAHouseholdWithAnOpenCaseHasNotEnded(t *testing.T) {
	w := newTown(t)
	for root, closed := range map[string][]int64{"open": {0}, "half": {w.ms("1 10:00"), 0}, "done": {w.ms("1 10:00"), w.ms("3 10:00")}} {
		for i, at := range closed {
			id := fmt.Sprint(root, "-", i)
			w.records["hem/"+id] = &server.State{Org: "hem", ID: id, Kind: "case", Root: root, Fields: map[string]server.Field{}}
			if err := w.PutRootUnit(casework.RootUnit{Org: "hem", Root: root, Record: id, Unit: "norr", Closed: at}); err != nil {
				t.Fatal(err)
			}
		}
	}
	list, err := w.office.Ended(w, "hem", Retention{Case: 10})
	if err != nil || len(list) != 1 || list[0] != (Ended{Root: "done", Kind: FileCase, Since: "2026-11-03", Due: "2026-11-13"}) {
		t.Errorf("%+v, %v", list, err)
	}
}
