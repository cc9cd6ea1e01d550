package server

import (
	"math"
	"sync"
)

// reached remembers how far each device has said that it came, and what has left
// people since this engine began. It saves asking the store, and may be lost.
type reached struct {
	mu      sync.Mutex
	devices map[deviceKey]int64
	floor   map[string]int64 // by person: rows beyond it were all written by this engine
	left    map[string]int64 // by person: the newest row that left, of those this engine has written
	over    bool             // there were too many people for left: the store is always asked
}

type deviceKey struct{ person, device string }

// Confirm takes a device's word that it has applied everything up to the cursor:
// what left its person until then, it has removed. That is kept (S18). Call it
// with the cursors of Hello (of this generation) and Have.
func (e *Engine) Confirm(author Author, cursor int64) error {
	key := deviceKey{author.Person, author.Device}
	from, known, nothing := e.reached.since(key, cursor)
	if nothing {
		e.reached.note(key, cursor)
		return nil
	}
	if known && cursor <= from {
		return nil
	}
	var left []InboxRow
	err := e.store.Read(func(tx Tx) (err error) {
		if !known {
			if from, err = tx.LastRemoval(author.Person, author.Device); err != nil {
				return err
			}
		}
		last, _, err := tx.InboxEnd(author.Person, math.MaxInt64)
		if err != nil {
			return err
		}
		e.reached.begin(author.Person, last)
		left, err = tx.Leavings(author.Person, from, cursor)
		return err
	})
	if err == nil && len(left) > 0 {
		err = e.touch(func(a *touching) error {
			for _, row := range left {
				r := Removal{Person: author.Person, Device: author.Device, Org: row.Org, Record: row.Record, Seq: row.Seq, At: a.at}
				if err := a.tx.PutRemoval(r); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err == nil {
		e.reached.note(key, cursor)
	}
	return err
}

// since is how far the device was known to have come, and whether nothing has
// left its person from there up to the cursor.
func (r *reached) since(key deviceKey, cursor int64) (from int64, known, nothing bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	from, known = r.devices[key]
	floor, counted := r.floor[key.person]
	return from, known, known && cursor > from && counted && from >= floor && r.left[key.person] <= from && !r.over
}

// begin notes where a person's inbox ends on disk: every row beyond is told to
// leaves before it is on disk.
func (r *reached) begin(person string, last int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.floor[person]; known {
		return
	}
	if r.floor == nil || len(r.floor) >= maxClocks {
		r.floor = map[string]int64{}
	}
	r.floor[person] = last
}

// leaves notes a row that left. It is told of before it is on disk, so one too
// many when the transaction fails: then the store is asked.
func (r *reached) leaves(person string, seq int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.left == nil {
		r.left = map[string]int64{}
	}
	if _, known := r.left[person]; !known && len(r.left) >= maxClocks {
		r.over = true
		return
	}
	r.left[person] = max(r.left[person], seq)
}

func (r *reached) note(key deviceKey, cursor int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.devices == nil || len(r.devices) >= maxClocks {
		r.devices = map[deviceKey]int64{}
	}
	r.devices[key] = max(r.devices[key], cursor)
}
