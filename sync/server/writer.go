package server

import (
	"errors"
	"fmt"
	"time"

	"bokvar/sync/wire"
)

// write is the one writer: it ends when jobs is closed and empty.
func (e *Engine) write() {
	defer close(e.done)
	for j := range e.jobs {
		batch := e.gather(j)
		e.run(batch)
		for _, j := range batch {
			close(j.done)
		}
	}
}

// gather takes whatever waits, up to a bounded size.
func (e *Engine) gather(first *job) []*job {
	batch := []*job{first}
	commits, size := len(first.commits), first.size
	if first.touch != nil {
		return batch
	}
	for commits < batchCommits && size < batchBytes {
		select {
		case j, ok := <-e.jobs:
			if !ok {
				return batch
			}
			batch = append(batch, j)
			commits += max(1, len(j.commits))
			if j.touch != nil { // it may announce many records: one to a transaction
				return batch
			}
			size += j.size
		default:
			return batch
		}
	}
	return batch
}

// unit is what succeeds or fails by itself: a commit or a touch.
type unit struct {
	commit *prepared
	touch  *job
}

func units(batch []*job) []unit {
	var us []unit
	for _, j := range batch {
		if j.touch != nil {
			us = append(us, unit{touch: j})
		}
		for _, c := range j.commits {
			us = append(us, unit{commit: c})
		}
	}
	return us
}

// fail says that the unit was not judged; nothing of it is kept.
func (u unit) fail(err error) {
	if u.touch != nil {
		u.touch.err = err
		return
	}
	code := wire.CodeTryAgain
	if errors.Is(err, ErrDiskFull) {
		code = wire.CodeDiskFull
	}
	u.commit.receipt, u.commit.err = again(u.commit.commit.ID, code), err
}

// run puts a batch on disk: at first without savepoints, each of which makes the
// store keep what it may have to put back, and only when something has to be
// undone, from the beginning with them. When the transaction fails as a whole, each unit is tried
// alone, so that a bad one harms no other; a full disk fails all (S4).
func (e *Engine) run(batch []*job) {
	us := units(batch)
	defer func() { e.say(us) }()
	err := e.attempt(us, false)
	if errors.Is(err, errUndo) {
		err = e.attempt(us, true)
	}
	if err == nil {
		return
	}
	for i, u := range us {
		alone := err
		if len(us) > 1 && !errors.Is(err, ErrDiskFull) {
			alone = e.attempt(us[i:i+1], true)
		}
		if alone != nil {
			u.fail(alone)
		}
	}
}

// say tells of commits that could not be judged. Their devices are told "again", and
// would be for ever if nobody looked. Whoever calls House or Touch gets the error.
func (e *Engine) say(us []unit) {
	for _, u := range us {
		if e.trouble == nil || u.touch != nil || u.commit.house() {
			continue
		}
		if err := u.commit.err; err != nil && !errors.Is(err, ErrDiskFull) && !errors.Is(err, ErrDisk) {
			e.trouble(err)
		}
	}
}

// attempt judges units in one transaction, each in a savepoint or not. Nothing is
// told to anyone unless the transaction is on disk.
func (e *Engine) attempt(us []unit, savepoints bool) error {
	var t *turn
	var shut []Shut
	began := e.clock()
	defer func() { e.held(e.clock().Sub(began)) }()
	err := protect(func() error {
		return e.store.Write(func(tx Tx) error {
			t = newTurn(e, tx, savepoints)
			for i, u := range us {
				if err := t.unit(u, i == len(us)-1); err != nil {
					return err
				}
			}
			shut = tx.Shut()
			return t.finish()
		})
	})
	if err != nil {
		return err
	}
	if len(shut) > 0 && e.shut != nil {
		e.shut(shut) // before the receipts: what was read through these rooms is over
	}
	if len(t.deliveries) > 0 {
		e.deliver.send(t.deliveries)
	}
	if len(t.changed) > 0 {
		e.after.send(t.changed)
	}
	return nil
}

// held notes how long a transaction kept the writer.
func (e *Engine) held(d time.Duration) {
	e.transactions.Add(1)
	e.written.Add(1)
	for {
		longest := e.longest.Load()
		if int64(d) <= longest || e.longest.CompareAndSwap(longest, int64(d)) {
			return
		}
	}
}

// Held is the longest that a transaction has kept the writer, and so everybody
// else, since it was asked last, and how many there were. It includes the disk.
func (e *Engine) Held() (longest time.Duration, transactions int64) {
	return time.Duration(e.longest.Swap(0)), e.transactions.Swap(0)
}

// Transactions counts those of the writer since the engine began.
func (e *Engine) Transactions() int64 { return e.written.Load() }

// protect makes an error of a panic: a bug in one commit's path must not take
// the writer, and with it everybody's work, down.
func protect(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return f()
}
