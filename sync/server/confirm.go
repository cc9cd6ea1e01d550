package server

import "sync"

// reached remembers how far each device has said that it came. It saves asking
// the store, and may be lost.
type reached struct {
	mu      sync.Mutex
	devices map[deviceKey]int64
}

type deviceKey struct{ person, device string }

// Confirm takes a device's word that it has applied everything up to the cursor:
// what left its person until then, it has removed. That is kept (S17). Call it
// with the cursors of Hello (of this generation) and Have.
func (e *Engine) Confirm(author Author, cursor int64) error {
	key := deviceKey{author.Person, author.Device}
	e.reached.mu.Lock()
	from, known := e.reached.devices[key]
	e.reached.mu.Unlock()
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

func (r *reached) note(key deviceKey, cursor int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.devices == nil || len(r.devices) >= maxClocks {
		r.devices = map[deviceKey]int64{}
	}
	r.devices[key] = cursor
}
