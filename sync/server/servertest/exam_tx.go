package servertest

import (
	"errors"
	"testing"

	"bokvar/sync/server"
)

// something writes one of everything.
func something(tx server.Tx, id string) error {
	_, inbox := tx.PutInbox("kim", row("a", id, 1))
	_, number := tx.NextNumber("kim")
	return errors.Join(tx.PutRecord(note("a", id, `"x"`, 1)), tx.PutCommit(kept("a", "c-"+id)), inbox, number, tx.MoveEpoch("kim"))
}

// traces counts what of something is there.
type traces struct {
	Record, Commit      bool
	Rows, Number, Epoch int64
}

func look(t *testing.T, s server.Store, id string) (found traces) {
	t.Helper()
	read(t, s, func(tx server.Tx) error {
		found.Record = ask2(t, tx.Record, "a", id) != nil
		found.Commit = ask2(t, tx.Commit, "a", "c-"+id) != nil
		last, rows, err := tx.InboxEnd("kim", 0)
		must(t, last, err)
		found.Rows = rows
		epoch, err := tx.Epoch("kim")
		found.Epoch = must(t, epoch, err)
		return nil
	})
	write(t, s, func(tx server.Tx) error {
		n, err := tx.NextNumber("kim")
		found.Number = must(t, n, err)
		return nil
	})
	return found
}

func examineRollback(t *testing.T, s server.Store) {
	before := look(t, s, "n1")
	err := s.Write(func(tx server.Tx) error {
		if err := something(tx, "n1"); err != nil {
			t.Errorf("writing: %v", err)
		}
		return errOnPurpose
	})
	if !errors.Is(err, errOnPurpose) {
		t.Errorf("the error of the write came back as %v", err)
	}
	before.Number++ // look itself took one
	same(t, "after the rollback", before, look(t, s, "n1"))
	write(t, s, func(tx server.Tx) error { return something(tx, "n1") })
	if after := look(t, s, "n1"); !after.Record || !after.Commit || after.Rows != 1 {
		t.Errorf("the store does not go on after a rollback: %+v", after)
	}
}

func examinePanic(t *testing.T, s server.Store) {
	before := look(t, s, "n1")
	func() {
		defer func() { _ = recover() }()
		_ = s.Write(func(tx server.Tx) error {
			if err := something(tx, "n1"); err != nil {
				t.Errorf("writing: %v", err)
			}
			panic("on purpose")
		})
	}()
	before.Number++
	same(t, "after the panic", before, look(t, s, "n1"))
}

func examineSavepoint(t *testing.T, s server.Store) {
	write(t, s, func(tx server.Tx) error {
		if err := tx.Savepoint(func() error { return something(tx, "good") }); err != nil {
			t.Errorf("a savepoint without error: %v", err)
		}
		err := tx.Savepoint(func() error {
			if err := something(tx, "bad"); err != nil {
				t.Errorf("writing: %v", err)
			}
			return errOnPurpose
		})
		if err != errOnPurpose {
			t.Errorf("the error of a savepoint must come back as it is, not as %v", err)
		}
		if ask2(t, tx.Record, "a", "bad") != nil || ask2(t, tx.Commit, "a", "c-bad") != nil {
			t.Error("what the savepoint wrote is still seen in the transaction")
		}
		return tx.Savepoint(func() error { return something(tx, "later") })
	})
	good, bad, later := look(t, s, "good"), look(t, s, "bad"), look(t, s, "later")
	if !good.Record || !later.Record || !good.Commit || !later.Commit || good.Rows != 2 || good.Number != 3 {
		t.Errorf("what lies around the savepoint is not whole: %+v, %+v", good, later)
	}
	if bad.Record || bad.Commit {
		t.Errorf("something of the savepoint survived: %+v", bad)
	}
}

func examineNested(t *testing.T, s server.Store) {
	write(t, s, func(tx server.Tx) error {
		err := tx.Savepoint(func() error {
			inner := tx.Savepoint(func() error { return something(tx, "inner") })
			return errors.Join(inner, errOnPurpose)
		})
		if !errors.Is(err, errOnPurpose) {
			t.Errorf("the outer savepoint gave %v", err)
		}
		return tx.Savepoint(func() error {
			if err := something(tx, "outer"); err != nil {
				return err
			}
			if err := tx.Savepoint(func() error { return errors.Join(something(tx, "lost"), errOnPurpose) }); !errors.Is(err, errOnPurpose) {
				t.Errorf("the inner savepoint gave %v", err)
			}
			return nil
		})
	})
	for id, want := range map[string]bool{"inner": false, "outer": true, "lost": false} {
		if got := look(t, s, id).Record; got != want {
			t.Errorf("record %q there: %v, want %v", id, got, want)
		}
	}
}

func examineOwnWrites(t *testing.T, s server.Store) {
	write(t, s, func(tx server.Tx) error {
		if err := something(tx, "n1"); err != nil {
			return err
		}
		same(t, "own record", note("a", "n1", `"x"`, 1), ask2(t, tx.Record, "a", "n1"))
		r, err := tx.Inbox("kim", "a", "n1")
		same(t, "own row", int64(1), must(t, r, err).Seq)
		rows, err := tx.InboxAfter("kim", 0, 10)
		same(t, "own rows", 1, len(must(t, rows, err)))
		return nil
	})
}

// examineRead writes between two looks of one read, from another goroutine: a
// store may make the write wait until the read has ended, so nothing waits here.
func examineRead(t *testing.T, s server.Store) {
	write(t, s, func(tx server.Tx) error { return tx.PutRecord(note("a", "n1", `"old"`, 1)) })
	written := make(chan error, 1)
	read(t, s, func(tx server.Tx) error {
		before := ask2(t, tx.Record, "a", "n1")
		go func() {
			written <- s.Write(func(tx server.Tx) error { return tx.PutRecord(note("a", "n1", `"new"`, 2)) })
		}()
		for range 1000 {
			same(t, "record within one read", before, ask2(t, tx.Record, "a", "n1"))
			if t.Failed() {
				break
			}
		}
		if tx.PutRecord(note("a", "n2", `"x"`, 1)) == nil {
			t.Error("a read could write")
		}
		return nil
	})
	if err := <-written; err != nil {
		t.Fatalf("the write beside the read: %v", err)
	}
	read(t, s, func(tx server.Tx) error {
		same(t, "record in a later read", note("a", "n1", `"new"`, 2), ask2(t, tx.Record, "a", "n1"))
		if ask2(t, tx.Record, "a", "n2") != nil {
			t.Error("what a read tried to write is there")
		}
		return nil
	})
}
