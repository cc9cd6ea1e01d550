package sqlite

import (
	"encoding/json"
	"fmt"
	"testing"

	"bokvar/sync/server"
)

func put(t *testing.T, db *DB, kind, root, id string, fields map[string]any) {
	t.Helper()
	putOf(t, db, "org", kind, root, id, fields)
}

func putOf(t *testing.T, db *DB, org, kind, root, id string, fields map[string]any) {
	t.Helper()
	s := &server.State{Org: org, ID: id, Kind: kind, Root: root, Fields: map[string]server.Field{}}
	for name, v := range fields {
		raw, err := json.Marshal(v)
		must(t, err)
		s.Fields[name] = server.Field{Value: raw, Version: 1}
	}
	must(t, db.Write(func(tx server.Tx) error { return tx.PutRecord(s) }))
}

// What another organisation has changes nothing of a search: not what is found, not in
// which order (of two words the one that is rare counts more), not what is looked at.
func TestASearchKnowsNothingOfOtherOrganisations(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	for i, name := range []string{"Anna Anna Berg", "Anna Berg Berg", "Anna Dahl", "Anna Falk", "Anna Grahn"} {
		put(t, db, "person", fmt.Sprint("h", i), fmt.Sprint("p", i), map[string]any{"name": name})
		put(t, db, "household", fmt.Sprint("h", i), fmt.Sprint("h", i), map[string]any{"street": "Ekvägen"})
	}
	order := func() string {
		t.Helper()
		hits, err := db.FindWords("org", "anna berg", all)
		must(t, err)
		return fmt.Sprint(hits)
	}
	before := order()
	for i := range 60 {
		root := fmt.Sprint("o", i)
		putOf(t, db, "other", "household", root, root, map[string]any{"street": "Berg Berg"})
		putOf(t, db, "other", "person", root, root+"p", map[string]any{"name": "Bo Berg"})
	}
	hits, err := db.FindWords("other", "berg", all)
	must(t, err)
	if len(hits) != 120 {
		t.Fatalf("the other organisation finds %d of its own", len(hits))
	}
	if after := order(); after != before || len(before) < 15 {
		t.Errorf("found was %s, and with another organisation's names %s", before, after)
	}
	if db.search.words["org"] == db.search.words["other"] {
		t.Error("both look through one table")
	}
}

func TestSearchFindsNamesAddressesAndNumbers(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	put(t, db, "household", "h1", "h1", map[string]any{"street": "Björkgatan 7", "city": "Sjöberga", "door_code": "hemlig1234", "safety": "hund"})
	put(t, db, "person", "h1", "p1", map[string]any{"name": "Örjan Åberg", "personal_number": "199006022397", "phone": "0701234567"})
	put(t, db, "household", "h3", "h3", map[string]any{"street": "Ekvägen 1"})
	put(t, db, "person", "h3", "p3", map[string]any{"name": "Siv Ek", "personal_number": "196408233234"})
	put(t, db, "person", "h3", "p4", map[string]any{"name": "Siv Ek den yngre", "personal_number": "196408233234"}) // written twice
	put(t, db, "household", "h2", "h2", map[string]any{"street": "Bjorkgatan 7", "protected": true})
	put(t, db, "person", "h2", "p2", map[string]any{"name": "Orjan Aberg", "personal_number": "198112189876"})
	found := func(want string, query string) {
		t.Helper()
		hits, err := db.FindWords("org", query, all)
		must(t, err)
		got := ""
		for _, h := range hits {
			got += h.Record + " "
		}
		if got != want {
			t.Errorf("%q finds %q; want %q", query, got, want)
		}
	}
	number := func(want int, digits string) {
		t.Helper()
		hits, err := db.FindNumber("org", digits, all)
		must(t, err)
		if len(hits) != want {
			t.Errorf("%s finds %v; want %d", digits, hits, want)
		}
	}
	for _, again := range []string{"first", "again"} { // built, then kept
		found("h1 ", "björk")
		found("h1 ", "7 björkgatan")
		found("p1 ", "örjan")
		found("p1 ", "ÅBERG ör")
		found("", "orjan") // å, ä, ö are letters of their own; and h2 is protected
		found("", "bjorkgatan")
		found("", "hund")   // not a name
		found("", "hemlig") // nor is a door code
		found("", "070")
		found("", "199006022397")
		number(1, "199006022397")
		number(2, "196408233234")
		number(0, "198112189876") // protected
		number(0, "199006022398")
		if hits, err := db.FindWords("other", "björk", all); err != nil || len(hits) != 0 {
			t.Errorf("%s: another organisation finds %v, %v", again, hits, err)
		}
	}
	for _, odd := range []string{"", " ", `"`, `örjan" OR "x`, "NEAR(", "a* ^b", "-", "(", "örjan:"} {
		if _, err := db.FindWords("org", odd, all); err != nil {
			t.Errorf("%q: %v", odd, err)
		}
	}

	put(t, db, "person", "h1", "p1", map[string]any{"name": "Örjan Lind", "personal_number": "198112189876"})
	found("", "åberg")
	found("p1 ", "lind")
	number(0, "199006022397")
	number(1, "198112189876")
	put(t, db, "household", "h1", "h1", map[string]any{"street": "Björkgatan 7", "protected": true})
	found("", "lind")
	found("", "björk")
	number(0, "198112189876")
	put(t, db, "household", "h1", "h1", map[string]any{"street": "Björkgatan 7", "protected": false})
	found("p1 ", "lind")
	eraseRoot(t, db, "h1")
	found("", "lind")
	number(0, "198112189876")
}

// BenchmarkSearch looks for a name among twenty thousand, in the index and the first time.
func BenchmarkSearch(b *testing.B) {
	db := open(b, b.TempDir(), 0)
	must(b, db.Write(func(tx server.Tx) error {
		for i := range 20_000 {
			root := fmt.Sprint("root-", i)
			for kind, fields := range map[string]string{"household": `{"street":"Provgatan %d"}`, "person": `{"name":"Namn Namnsson-%d"}`} {
				s := &server.State{Org: "org", ID: kind + root, Kind: kind, Root: root, Fields: map[string]server.Field{}}
				var plain map[string]json.RawMessage
				must(b, json.Unmarshal([]byte(fmt.Sprintf(fields, i)), &plain))
				for name, raw := range plain {
					s.Fields[name] = server.Field{Value: raw, Version: 1}
				}
				if err := tx.PutRecord(s); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	b.ResetTimer()
	for b.Loop() {
		hits, err := db.FindWords("org", "namn namnsson-12345", all)
		if err != nil || len(hits) != 1 {
			b.Fatal(hits, err)
		}
	}
}

// Nothing that somebody types or sends breaks a search.
func TestWhatIsSearchedForIsNeverAnOperator(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	town(t, db)
	for _, query := range []string{"x\x00y", "\x00", "\x01\x02", `"`, `""`, `a" OR "b`, "NEAR(a b)", "street:x", "-x", "*", "^a", "(", "a AND", "\u202e", "\xff\xfe", "{a b} : c"} {
		if _, err := db.FindWords("org", query, all); err != nil {
			t.Errorf("%q: %v", query, err)
		}
	}
}

// What is not wanted takes the place of nothing that is, however much of it there is.
func TestASearchIsFullOfWhatIsWanted(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	must(t, db.Write(func(tx server.Tx) error {
		for i := range mostHits + 100 {
			root := fmt.Sprintf("h%04d", i)
			street, err := json.Marshal("Storgatan 1")
			must(t, err)
			must(t, tx.PutRecord(&server.State{Org: "org", ID: root, Kind: "household", Root: root, Fields: map[string]server.Field{"street": {Value: street, Version: 1}}}))
		}
		return nil
	}))
	for _, mine := range []string{"h0000", fmt.Sprintf("h%04d", mostHits+99)} {
		hits, err := db.FindWords("org", "storgatan", func(root string) bool { return root == mine })
		must(t, err)
		if len(hits) != 1 || hits[0].Root != mine {
			t.Errorf("of %s: %v", mine, hits)
		}
	}
	hits, err := db.FindWords("org", "storgatan", all)
	must(t, err)
	if len(hits) != mostHits {
		t.Errorf("%d are answered", len(hits))
	}
}

func all(string) bool { return true }
