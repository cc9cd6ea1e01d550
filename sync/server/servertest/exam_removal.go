package servertest

import (
	"testing"

	"bokvar/sync/server"
)

func examineRemovals(t *testing.T, s server.Store) {
	left := func(org, record string, when byte) server.InboxRow {
		return server.InboxRow{Org: org, Record: record, Left: true, Hash: [16]byte{7: when}}
	}
	write(t, s, func(tx server.Tx) error {
		for _, r := range []server.InboxRow{row("a", "n1", 1), left("a", "n2", 9), left("b", "n1", 8), row("a", "n3", 1), left("a", "n4", 7)} {
			putInbox(t, tx, "kim", r)
		}
		putInbox(t, tx, "alva", left("a", "n9", 1))
		return nil
	})
	read(t, s, func(tx server.Tx) error {
		first, second := left("a", "n2", 9), left("b", "n1", 8)
		first.Seq, second.Seq = 2, 3
		same(t, "left when", int64(9), first.LeftAt())
		rows, err := tx.Leavings("kim", 0, 4)
		same(t, "what left up to 4", []server.InboxRow{first, second}, must(t, rows, err))
		rows, err = tx.Leavings("kim", 2, 3)
		same(t, "what left between", []server.InboxRow{second}, must(t, rows, err))
		rows, err = tx.Leavings("kim", 5, 9)
		same(t, "what left beyond the end", 0, len(must(t, rows, err)))
		seq, err := tx.LastRemoval("kim", "phone")
		same(t, "before any removal", int64(0), must(t, seq, err))
		if err := tx.PutRemoval(server.Removal{Person: "kim", Device: "phone"}); err == nil {
			t.Error("a read wrote a removal")
		}
		return nil
	})
	write(t, s, func(tx server.Tx) error {
		for _, seq := range []int64{3, 2, 5} {
			if err := tx.PutRemoval(server.Removal{Person: "kim", Device: "phone", Org: "a", Record: "n2", Seq: seq, At: 10 + seq}); err != nil {
				t.Fatal(err)
			}
		}
		return nil
	})
	read(t, s, func(tx server.Tx) error {
		for device, want := range map[string]int64{"phone": 5, "tablet": 0} {
			seq, err := tx.LastRemoval("kim", device)
			same(t, "last removal of "+device, want, must(t, seq, err))
		}
		return nil
	})
}
