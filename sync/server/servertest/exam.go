package servertest

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"bokvar/sync/server"
	"bokvar/sync/wire"
)

var errOnPurpose = errors.New("on purpose")

// ExamineStore puts a server.Store through what the engine relies on. open gives
// an empty store each time it is called and closes it with the test. The records
// are of the kind "note" and "household" in the organisations "a" and "b".
func ExamineStore(t *testing.T, open func(t *testing.T) server.Store) {
	for _, part := range []struct {
		name string
		run  func(*testing.T, server.Store)
	}{
		{"records are kept by organisation and id", examineRecords},
		{"commits are kept by organisation and id", examineCommits},
		{"the numbers of a person count from 1", examineNumbers},
		{"the epoch of a person moves", examineEpochs},
		{"a room is shut", examineRooms},
		{"the inbox has one row per person and record", examineInbox},
		{"the removals has one row per person and record", examineRemovals},
		{"devices' removals are kept", examineRemovals},
		{"the inbox is read in order and in parts", examineInboxOrder},
		{"an error rolls a write back", examineRollback},
		{"a panic rolls a write back", examinePanic},
		{"an error in a savepoint undoes that part alone", examineSavepoint},
		{"savepoints lie in one another", examineNested},
		{"a write sees its own writes", examineOwnWrites},
		{"a read sees one state, and cannot write", examineRead},
		{"the generation stays", examineGeneration},
	} {
		t.Run(part.name, func(t *testing.T) { part.run(t, open(t)) })
	}
}

func write(t *testing.T, s server.Store, f func(tx server.Tx) error) {
	t.Helper()
	if err := s.Write(f); err != nil {
		t.Fatalf("write: %v", err)
	}
}

func read(t *testing.T, s server.Store, f func(tx server.Tx) error) {
	t.Helper()
	if err := s.Read(f); err != nil {
		t.Fatalf("read: %v", err)
	}
}

// must fails the test for an error inside a transaction.
func must[T any](t *testing.T, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
	return v
}

func note(org, id, text string, version int64) *server.State {
	return &server.State{Org: org, ID: id, Kind: "note", Root: "house-1", Fields: map[string]server.Field{
		"text": {Value: json.RawMessage(text), Version: version, By: "kim", At: 1700000000123, Commit: "c-" + id},
		"none": {Value: json.RawMessage("null"), Version: 3},
	}}
}

func examineRecords(t *testing.T, s server.Store) {
	first, whole := note("a", "n1", `"å ä ö  \"quoted\""`, 1), &server.State{Org: "b", ID: "n1", Kind: "household", Root: "", Fields: map[string]server.Field{}}
	write(t, s, func(tx server.Tx) error { return errors.Join(tx.PutRecord(first), tx.PutRecord(whole)) })
	read(t, s, func(tx server.Tx) error {
		same(t, "record", first, ask2(t, tx.Record, "a", "n1"))
		got := ask2(t, tx.Record, "b", "n1")
		if got == nil || got.Kind != "household" || got.Root != "" || len(got.Fields) != 0 {
			t.Errorf("the record of the other organisation came back as %+v", got)
		}
		if got := ask2(t, tx.Record, "a", "n2"); got != nil {
			t.Errorf("a record that is not there came back as %+v", got)
		}
		return nil
	})
	second := note("a", "n1", `{"z":1,"a":[2.50]}`, 2)
	write(t, s, func(tx server.Tx) error { return tx.PutRecord(second) })
	read(t, s, func(tx server.Tx) error {
		same(t, "changed record", second, ask2(t, tx.Record, "a", "n1"))
		return nil
	})
}

func ask2[T any](t *testing.T, f func(a, b string) (T, error), a, b string) T {
	t.Helper()
	v, err := f(a, b)
	return must(t, v, err)
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if !reflect.DeepEqual(want, got) {
		t.Errorf("%s: want %+v, got %+v", what, want, got)
	}
}

func kept(org, id string) *server.Kept {
	return &server.Kept{
		Author: server.Author{Person: "kim", Org: org, Device: "d1"},
		Receipt: wire.Receipt{Type: wire.TypeReceipt, Commit: id, Status: wire.Held, Number: 7, At: 1700000000123, Cursor: 12,
			Code: "server_too_old", Sentence: "Väntar.", Conflict: true},
		Hash: [32]byte{1, 2, 255},
		Roots: []server.RootPayload{
			{Org: org, Root: "house-1", Payload: []byte(`[{"kind":"note"}]`), Records: []string{"n1", "n2"}},
			{Org: org, Root: "", Payload: []byte(`[]`)},
		},
	}
}

func examineCommits(t *testing.T, s server.Store) {
	write(t, s, func(tx server.Tx) error {
		if k := ask2(t, tx.Commit, "a", "c1"); k != nil {
			t.Errorf("an unknown commit came back as %+v", k)
		}
		if err := tx.PutCommit(kept("a", "c1")); err != nil {
			return err
		}
		k := ask2(t, tx.Commit, "a", "c1")
		if k == nil {
			t.Fatal("the commit is not there in its own transaction")
		}
		return nil
	})
	read(t, s, func(tx server.Tx) error {
		k, want := ask2(t, tx.Commit, "a", "c1"), kept("a", "c1")
		if k == nil {
			t.Fatal("the commit is not there")
		}
		same(t, "receipt", want.Receipt, k.Receipt)
		same(t, "the hash that was kept is known again", true, k.Same(want.Hash))
		same(t, "another hash is taken for it", false, k.Same([32]byte{3}))
		same(t, "author's person", want.Author.Person, k.Author.Person)
		if other := ask2(t, tx.Commit, "b", "c1"); other != nil {
			t.Error("a commit is known to another organisation")
		}
		return nil
	})
}

func examineNumbers(t *testing.T, s server.Store) {
	var got []int64
	write(t, s, func(tx server.Tx) error {
		for _, person := range []string{"kim", "kim", "alva"} {
			n, err := tx.NextNumber(person)
			if err != nil {
				return err
			}
			got = append(got, n)
		}
		return nil
	})
	write(t, s, func(tx server.Tx) error {
		n, err := tx.NextNumber("kim")
		got = append(got, n)
		return err
	})
	same(t, "numbers", []int64{1, 2, 1, 3}, got)
}

func examineEpochs(t *testing.T, s server.Store) {
	var before, inside int64
	write(t, s, func(tx server.Tx) (err error) {
		if before, err = tx.Epoch("kim"); err != nil {
			return err
		}
		if err := tx.MoveEpoch("kim"); err != nil {
			return err
		}
		inside, err = tx.Epoch("kim")
		return err
	})
	if inside <= before {
		t.Errorf("the epoch did not move: %d, then %d", before, inside)
	}
	read(t, s, func(tx server.Tx) error {
		kim, err := tx.Epoch("kim")
		same(t, "epoch after the write", inside, must(t, kim, err))
		alva, err := tx.Epoch("alva")
		same(t, "another person's epoch", before, must(t, alva, err))
		return nil
	})
}

func examineRooms(t *testing.T, s server.Store) {
	var inside, undone int64
	var shut []server.Shut
	write(t, s, func(tx server.Tx) error {
		_ = tx.Savepoint(func() error { return errors.Join(tx.ShutRoom("r", []string{"maj"}), errors.New("no")) })
		epoch, err := tx.RoomEpoch("r")
		undone = must(t, epoch, err)
		if err := tx.ShutRoom("r", []string{"kim", "alva"}); err != nil {
			return err
		}
		shut = tx.Shut()
		inside, err = tx.RoomEpoch("r")
		return err
	})
	same(t, "undone", int64(0), undone)
	same(t, "inside", int64(1), inside)
	same(t, "told", []server.Shut{{Room: "r", Epoch: 1, People: []string{"kim", "alva"}}}, shut)
	read(t, s, func(tx server.Tx) error {
		r, err := tx.RoomEpoch("r")
		same(t, "after the write", int64(1), must(t, r, err))
		other, err := tx.RoomEpoch("other")
		same(t, "another room", int64(0), must(t, other, err))
		same(t, "told again", 0, len(tx.Shut()))
		return nil
	})
}

func examineGeneration(t *testing.T, s server.Store) {
	var first, second string
	read(t, s, func(tx server.Tx) (err error) { first, err = tx.Generation(); return err })
	write(t, s, func(tx server.Tx) (err error) { second, err = tx.Generation(); return err })
	if first == "" || first != second {
		t.Errorf("the generation is %q, then %q", first, second)
	}
}
