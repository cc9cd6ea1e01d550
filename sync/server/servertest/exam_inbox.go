package servertest

import (
	"fmt"
	"testing"

	"bokvar/sync/server"
)

func row(org, record string, hash byte) server.InboxRow {
	return server.InboxRow{Org: org, Record: record, Hash: [16]byte{hash, 15: hash}}
}

func putInbox(t *testing.T, tx server.Tx, person string, r server.InboxRow) int64 {
	t.Helper()
	seq, err := tx.PutInbox(person, r)
	return must(t, seq, err)
}

func examineInbox(t *testing.T, s server.Store) {
	write(t, s, func(tx server.Tx) error {
		if r, err := tx.Inbox("kim", "a", "n1"); must(t, r, err) != (server.InboxRow{}) {
			t.Errorf("a row that is not there came back as %+v", r)
		}
		same(t, "first row", int64(1), putInbox(t, tx, "kim", row("a", "n1", 1)))
		same(t, "second row", int64(2), putInbox(t, tx, "kim", row("a", "n2", 2)))
		same(t, "same id, other organisation", int64(3), putInbox(t, tx, "kim", row("b", "n1", 3)))
		same(t, "another person", int64(1), putInbox(t, tx, "alva", row("a", "n1", 1)))
		return nil
	})
	write(t, s, func(tx server.Tx) error {
		same(t, "the first again", int64(4), putInbox(t, tx, "kim", server.InboxRow{Org: "a", Record: "n1", Left: true}))
		return nil
	})
	read(t, s, func(tx server.Tx) error {
		want := []server.InboxRow{row("a", "n2", 2), row("b", "n1", 3), {Org: "a", Record: "n1", Left: true}}
		for i := range want {
			want[i].Seq = int64(i + 2)
		}
		rows, err := tx.InboxAfter("kim", 0, 10)
		same(t, "inbox", want, must(t, rows, err))
		r, err := tx.Inbox("kim", "a", "n1")
		same(t, "the row that left", want[2], must(t, r, err))
		last, waiting, err := tx.InboxEnd("kim", 2)
		same(t, "end", [2]int64{4, 2}, [2]int64{must(t, last, err), waiting})
		last, waiting, err = tx.InboxEnd("nobody", 0)
		same(t, "end of an empty inbox", [2]int64{0, 0}, [2]int64{must(t, last, err), waiting})
		return nil
	})
}

func examineInboxOrder(t *testing.T, s server.Store) {
	const n = 120
	write(t, s, func(tx server.Tx) error {
		for i := range n {
			putInbox(t, tx, "kim", row("a", fmt.Sprint("n", n-i), 1))
		}
		return nil
	})
	read(t, s, func(tx server.Tx) error {
		var got []string
		var cursor int64
		for {
			rows, err := tx.InboxAfter("kim", cursor, 50)
			if len(must(t, rows, err)) == 0 {
				break
			}
			if len(rows) > 50 {
				t.Fatalf("asked for 50 rows, got %d", len(rows))
			}
			for _, r := range rows {
				if r.Seq <= cursor {
					t.Fatalf("row %d came after cursor %d", r.Seq, cursor)
				}
				cursor = r.Seq
				got = append(got, r.Record)
			}
		}
		if len(got) != n || got[0] != fmt.Sprint("n", n) || got[n-1] != "n1" {
			t.Errorf("%d rows, from %s to %s", len(got), got[0], got[len(got)-1])
		}
		return nil
	})
}
