package audit

import "testing"

func TestChainFindsEveryChange(t *testing.T) {
	rows := []Entry{{1, "kim", "d", "commit", "org", "a"}, {2, "kim", "d", "commit", "org", "b"}, {3, "jonna", "e", "read", "org", "c"}}
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
	moved := append([]Entry(nil), rows...)
	moved[0].Person, moved[0].Device = "ki", "md" // the same bytes, another boundary
	if check(moved, hashes) == nil {
		t.Error("a boundary between fields was moved and nobody noticed")
	}
	if check(append([]Entry(nil), rows[1:]...), hashes[1:]) == nil {
		t.Error("the first row was taken out and nobody noticed")
	}
}
