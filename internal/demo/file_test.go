package demo_test

import (
	"bytes"
	"flag"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/internal/exchange"
)

var update = flag.Bool("update", false, "write the lists of this folder anew")

// printed is when the lists of this folder were printed.
var printed = time.Date(2026, 11, 18, 7, 10, 0, 0, casework.Zone)

func TestListsOfThisFolderAreThoseOfTheTown(t *testing.T) {
	files, err := demo.NewTown(1).Files(printed)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if *update {
			if err := os.WriteFile(f.Name, f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := os.ReadFile(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == demo.LatePayersXLSX {
			if got, want := cells(t, f.Data), cells(t, kept); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: its cells are not what the town makes; run go test ./internal/demo -update", f.Name)
			}
		} else if !bytes.Equal(kept, f.Data) {
			t.Errorf("%s is not what the town makes; run go test ./internal/demo -update", f.Name)
		}
	}
}

func cells(t *testing.T, data []byte) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// The three forms of the list tell the same, and their broken rows are the six that were meant.
func TestThreeFormsTellTheSame(t *testing.T) {
	now := printed.Add(time.Hour)
	var first *exchange.List
	for _, name := range []string{demo.LatePayersCSV, demo.LatePayersUTF8, demo.LatePayersXLSX} {
		list := parse(t, name, now)
		if len(list.Entries) != 314 || list.AsOf != printed.UnixMilli() || !list.Dated {
			t.Fatalf("%s: %d entries as of %d", name, len(list.Entries), list.AsOf)
		}
		if first == nil {
			first = list
		}
		if !reflect.DeepEqual(list.Entries, first.Entries) {
			for i := range list.Entries {
				if !reflect.DeepEqual(list.Entries[i], first.Entries[i]) {
					t.Fatalf("%s: row %d reads %+v, in %s %+v", name, list.Entries[i].Number, list.Entries[i], demo.LatePayersCSV, first.Entries[i])
				}
			}
		}
		want := map[int]string{41: "no_contract", 88: "amount", 140: "personal_number", 203: "same_claim", 251: "date", 300: "negative_amount"}
		got := map[int]string{}
		for _, r := range list.Rejected {
			got[r.Row] = r.Code
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: rejected %v, want %v", name, got, want)
		}
	}
	for row, want := range map[int]string{
		88: "Beloppet är ”7.840,-”. Skriv 7840.", 203: "Samma hyra står på rad 202.", 41: "Kontraktet saknar nummer.",
		140: "Personnumret stämmer inte. Månaden kan inte vara 16. Kontrollera siffrorna.",
	} {
		for _, r := range first.Rejected {
			if r.Row == row && r.Reason != want {
				t.Errorf("row %d: %q, want %q", row, r.Reason, want)
			}
		}
	}
}

func TestTownIsMixedAndFictional(t *testing.T) {
	list := parse(t, demo.LatePayersUTF8, printed.Add(time.Hour))
	published, err := os.ReadFile("test-numbers.txt")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	children, young, old, languages, protected := 0, 0, 0, map[string]bool{}, 0
	for _, e := range list.Entries {
		for _, number := range []string{e.ID, e.CoID} {
			if number == "" {
				continue
			}
			if !bytes.Contains(published, []byte("\n"+number+"\n")) {
				t.Errorf("row %d: %s is not one of the published test numbers", e.Number, number)
			}
			if other, twice := seen[number]; twice && other != e.Contract {
				t.Errorf("row %d: %s is in two households", e.Number, number)
			}
			seen[number] = e.Contract
		}
		if e.Children != nil && *e.Children {
			children++
		}
		if e.ID > "2001" {
			young++
		} else if e.ID != "" && e.ID < "1961" {
			old++
		}
		languages[e.Language] = true
		if e.Protected {
			protected++
		}
	}
	if len(seen) < 290 || children < 40 || young < 30 || old < 30 || len(languages) < 6 || protected != 1 {
		t.Errorf("%d numbers, %d with children, %d young, %d old, %d languages, %d protected", len(seen), children, young, old, len(languages), protected)
	}
}

func TestSameSeedSameTown(t *testing.T) {
	a, errA := demo.NewTown(7).Files(printed)
	b, errB := demo.NewTown(7).Files(printed)
	c, errC := demo.NewTown(8).Files(printed)
	if errA != nil || errB != nil || errC != nil {
		t.Fatal(errA, errB, errC)
	}
	if !bytes.Equal(a[0].Data, b[0].Data) || bytes.Equal(a[0].Data, c[0].Data) {
		t.Error("a seed must make one town, and another seed another")
	}
}

func TestFreshListsCanBeTakenInAnyDay(t *testing.T) {
	for day := range 62 {
		now := time.Date(2026, 11, 1, 13, 20, 0, 0, casework.Zone).AddDate(0, 0, day)
		dir := t.TempDir()
		paths, err := demo.NewTown(1).WriteFiles(dir, now)
		if err != nil || len(paths) != 4 {
			t.Fatal(paths, err)
		}
		data, err := os.ReadFile(paths[3])
		if err != nil {
			t.Fatal(err)
		}
		newer, problem := exchange.Parse(demo.LatePayersNewer, data, now)
		if problem != nil {
			t.Fatal(problem)
		}
		if e := newer.Entries[len(newer.Entries)-1]; e.Due >= now.Format(time.DateOnly) || newer.AsOf >= now.UnixMilli() {
			t.Fatalf("%s: a rent due %s in a list of %s", now, e.Due, time.UnixMilli(newer.AsOf))
		}
	}
}

func parse(t *testing.T, name string, now time.Time) *exchange.List {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	list, problem := exchange.Parse(name, data, now)
	if problem != nil {
		t.Fatalf("%s: %v", name, problem)
	}
	return list
}
