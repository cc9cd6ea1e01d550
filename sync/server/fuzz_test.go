package server_test

import (
	"testing"

	"bokvar/sync/device"
	"bokvar/sync/server/servertest"
	"bokvar/sync/wire"
)

// FuzzCursor: whatever cursor somebody says to have, they get what is theirs and
// nothing else, and end where the inbox ends.
func FuzzCursor(f *testing.F) {
	for _, cursor := range []int64{0, 1, 2, 7, 1 << 62, -1, -1 << 63} {
		f.Add(cursor, cursor)
	}
	f.Fuzz(func(t *testing.T, cursor, confirmed int64) {
		h := newHouse(t)
		h.item("i1", "kim")
		h.item("i2", "kim")
		h.item("other", "alva")
		h.want(h.send("boss", commit("away", change("item", "i1", fields{"people": []string{"alva"}}, 1))), wire.Saved, "")
		end := h.end("kim")
		if err := h.Confirm(author("kim"), confirmed); err != nil {
			t.Fatal(err)
		}
		for _, r := range h.store.Removals() {
			if r.Record != "i1" || r.Seq > confirmed {
				t.Fatalf("at %d: %+v", confirmed, r)
			}
		}
		page, err := h.Page("kim", cursor)
		if err != nil || page.Cursor != max(end, cursor) || page.From != cursor || page.Waiting != 0 {
			t.Fatalf("from %d: %+v, %v", cursor, page, err)
		}
		d := device.New("d", "org")
		if _, err := d.Page(wire.Page{Epoch: page.Epoch, Cursor: page.Cursor, Records: page.Records}); err != nil {
			t.Fatal(err)
		}
		for _, v := range d.Views() {
			if v.ID != "i2" {
				t.Fatalf("from %d comes %s", cursor, v.ID)
			}
		}
		answer, difference, err := h.Check("kim", wire.Check{Cursor: cursor, Sum: servertest.HashOf(wire.Record{}).String()})
		if err != nil || (answer.Result == wire.Later) != (cursor != end) || answer.Result == wire.Equal || (difference == nil) != (answer.Result == wire.Later) {
			t.Fatalf("check at %d: %+v, %v, %v", cursor, answer, difference, err)
		}
	})
}
