package exchange

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"
)

// FuzzParse: whatever the bytes, a file is read or refused with a code and a
// sentence, and what was read can be compared and written.
func FuzzParse(f *testing.F) {
	f.Add(smallWorkbook(f))
	seeds, err := filepath.Glob("../demo/late-payers*.csv")
	if err != nil || len(seeds) < 3 {
		f.Fatalf("the demo's lists are not there: %v %v", seeds, err)
	}
	for _, path := range seeds {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[:2000])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, problem := Parse("x", data, now)
		if problem != nil {
			if problem.Code == "" || problem.Sentence == "" || !utf8.ValidString(problem.Sentence) {
				t.Fatalf("%#v", problem)
			}
			return
		}
		for _, e := range list.Entries {
			if e.Contract == "" || e.Name == "" || e.Street == "" || len(e.DueMonth) != 7 || len(e.Due) != 10 || e.Capital < 0 || e.Costs < 0 || e.Capital+e.Costs == 0 {
				t.Fatalf("%+v", e)
			}
		}
		o := newOffice()
		p, problem := Compare(list, &Holdings{org: "hem", households: map[string]*holding{}}, Options{ID: "p", Units: []string{"norr"}, Today: "2026-11-18"})
		if problem != nil {
			return
		}
		if err := o.Write("hem", "jonna", p.Changes(nil, "jonna", now.UnixMilli())); err != nil {
			t.Fatal(err)
		}
		RejectedCSV(list, p)
	})
}
