package audit

import (
	"strings"
	"testing"
)

func TestChainFindsEveryChange(t *testing.T) {
	rows := []Entry{
		{At: 1, Person: "kim", Device: "d", Action: "commit", Org: "org", What: "a", Root: "r", Evidence: []byte{1}},
		{At: 2, Person: "kim", Device: "d", Action: "commit", Org: "org", What: "b"},
		{At: 3, Person: "jonna", Device: "e", Action: "read", Org: "org", What: "c"},
	}
	var head Hash
	hashes := make([]Hash, len(rows))
	for i, e := range rows {
		head = Next(head, e)
		hashes[i] = head
	}
	check := func(rows []Entry, hashes []Hash) error {
		var c Chain
		for i, e := range rows {
			if err := c.Check(e, hashes[i]); err != nil {
				return err
			}
		}
		return nil
	}
	if err := check(rows, hashes); err != nil {
		t.Fatalf("an untouched chain: %v", err)
	}
	for i := range rows {
		changed := append([]Entry(nil), rows...)
		changed[i].What += "x"
		if check(changed, hashes) == nil {
			t.Errorf("row %d was changed and nobody noticed", i)
		}
	}
	for i, change := range []func(*Entry){func(e *Entry) { e.Root = "s" }, func(e *Entry) { e.Evidence = []byte{2} }, func(e *Entry) { e.Evidence, e.Root = nil, "" }} {
		changed := append([]Entry(nil), rows...)
		change(&changed[0])
		if check(changed, hashes) == nil {
			t.Errorf("change %d of root or evidence went unnoticed", i)
		}
	}
	moved := append([]Entry(nil), rows...)
	moved[0].Person, moved[0].Device = "ki", "md" // the same bytes, another boundary
	if check(moved, hashes) == nil {
		t.Error("a boundary between fields was moved and nobody noticed")
	}
	if check(append([]Entry(nil), rows[1:]...), hashes[1:]) == nil {
		t.Error("the first row was taken out and nobody noticed")
	}
}

func TestHeadIsReadAsItIsPrinted(t *testing.T) {
	h := Head{Row: 1042, Hash: Next(Hash{}, Entry{At: 1})}
	got, err := ParseHead("  " + strings.ToUpper(h.String()) + "\n")
	if err != nil || got != h {
		t.Errorf("%v, %v; want %v", got, err, h)
	}
	for _, bad := range []string{"", "1042", "0 " + strings.Repeat("a", 64), "x " + strings.Repeat("a", 64), "1 " + strings.Repeat("a", 62), "1 " + strings.Repeat("g", 64)} {
		if _, err := ParseHead(bad); err == nil {
			t.Errorf("%q was taken for a head", bad)
		}
	}
}

func TestSumDependsOnTheRowsAndNotOnTheirOrder(t *testing.T) {
	tally := Tally{Key: [32]byte{7}}
	rows := []Sum{tally.Row("a", int64(1), "x", []byte{2}, nil), tally.Row("a", int64(2), "x", []byte{2}, nil), tally.Row("b", int64(1), "x", []byte{2}, nil)}
	var there, back Sum
	for i := range rows {
		there.Add(rows[i])
		back.Add(rows[len(rows)-1-i])
	}
	if there != back {
		t.Error("the order of rows matters")
	}
	there.Add(rows[0])
	if there == back {
		t.Error("a row that is there twice is not noticed")
	}
	there.Take(rows[0])
	if there != back {
		t.Error("taking a row away does not undo adding it")
	}
	if tally.Row("a", "xy", "z") == tally.Row("a", "x", "yz") || tally.Row("a", "1") == tally.Row("a", []byte("1")) || tally.Row("a", nil) == tally.Row("a", "") {
		t.Error("rows with different values have equal hashes")
	}
	if other := (Tally{Key: [32]byte{8}}); other.Row("a", "x") == tally.Row("a", "x") {
		t.Error("the key does not matter")
	}
}
