package sqlite

import (
	"fmt"
	"testing"
	"time"

	"bokvar/sync/server"
)

// Probes fold the log into the database at most once a minute, however many there are;
// once that has failed, each tries again, and says so until it works.
func TestProbesFoldSeldom(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	for _, c := range []struct {
		ago    time.Duration
		failed error
		folds  bool
	}{
		{59 * time.Second, nil, false}, {time.Minute, nil, true},
		{2 * time.Second, fmt.Errorf("%w: not folded", server.ErrDisk), true},
	} {
		for again := true; again; {
			must(t, db.Write(func(tx server.Tx) error { return tx.PutRecord(note("root", "something to fold")) }))
			before := time.Now().Add(-c.ago)
			db.disk.mu.Lock()
			db.disk.folded, db.disk.folding = before, c.failed
			db.disk.mu.Unlock()
			if err := db.Works(t.Context()); err != nil {
				t.Errorf("%s after it was folded: %v", c.ago, err)
			}
			folds := !db.disk.folded.Equal(before)
			if again = folds && !c.folds && time.Since(before) >= foldEvery; again {
				continue // on a slow machine the minute was over by then, which says nothing of less than a minute
			}
			if folds != c.folds {
				t.Errorf("%s after it was folded (%v): folded %t", c.ago, c.failed, folds)
			}
		}
	}
}
