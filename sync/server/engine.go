// Package server judges commits, keeps them, and tells everyone concerned.
//
// # How it works
//
// An [Engine] owns one writer. Whatever waits on all conversations is gathered
// into one transaction of the [Store] (group commit); inside it commits are
// judged one by one against what the previous one left. When one of them has to be
// undone, the transaction is done again with a savepoint for each.
// Only after the transaction is on disk are receipts handed out, then
// deliveries, then the After hook. The rules are numbered S1… in sync/SPEC.md.
//
// # What this is not
//
// The package knows no kind and no field of the product except "conflict": who
// may write and who sees is asked of a [Policy], who wins is read from a
// [rules.Table]. It does no I/O of its own and reads no clock but Options.Clock.
package server

import (
	"encoding/json"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"bokvar/sync/rules"
	"bokvar/sync/wire"
)

// ErrClosed is returned by what is asked of an Engine after Close.
var ErrClosed = errors.New("the engine is closed")

// Options are what an Engine needs. All but Deliver and After are required.
type Options struct {
	Store  Store
	Policy Policy
	Rules  *rules.Table
	Clock  func() time.Time

	// Deliver is called after a transaction is on disk, in the order of the
	// transactions, by one goroutine. It must not wait for a device.
	Deliver func([]Delivery)
	// Shut is called after a transaction is on disk and before any of its receipts
	// is handed out. When it returns, nothing that was read through these rooms
	// before may be sent any more, and connected devices have been told.
	Shut func([]Shut)
	// Trouble is told why a device's commit could not be judged, unless the disk is full
	// or fails, which the Store's owner knows. nil: nobody is told.
	Trouble func(error)
	// After is called with the records that saved commits changed, in order, by
	// one goroutine of its own; it may call any method of the Engine but Close.
	After func([]Changed)
}

// Engine is the server's side of the synchronisation. Its methods may be called
// from any goroutine.
type Engine struct {
	store        Store
	policy       Policy
	rules        *rules.Table
	clock        func() time.Time
	clocks       clocks
	reached      reached
	shown        shown
	longest      atomic.Int64 // ns
	transactions atomic.Int64 // since Held was asked
	written      atomic.Int64 // since the engine began

	jobs    chan *job
	closing sync.RWMutex // held for writing by Close alone; readers are about to send on jobs
	closed  bool
	done    chan struct{}

	shut    func([]Shut)
	trouble func(error)
	deliver *relay[[]Delivery]
	after   *relay[[]Changed]
}

// New starts an engine. Close ends it.
func New(o Options) *Engine {
	e := &Engine{
		store: o.Store, policy: o.Policy, rules: o.Rules, clock: o.Clock,
		clocks:  clocks{devices: map[string]deviceClock{}},
		jobs:    make(chan *job, 1024),
		done:    make(chan struct{}),
		shut:    o.Shut,
		trouble: o.Trouble,
		deliver: newRelay(o.Deliver),
		after:   newRelay(o.After),
	}
	go e.write()
	return e
}

// Close lets what was handed in be finished, tells it to everyone, and stops.
func (e *Engine) Close() {
	e.closing.Lock()
	if e.closed {
		e.closing.Unlock()
		<-e.done
		return
	}
	e.closed = true
	e.closing.Unlock()
	close(e.jobs)
	<-e.done
	e.deliver.close()
	e.after.close()
}

// enqueue hands jobs to the writer, in order.
func (e *Engine) enqueue(js ...*job) error {
	e.closing.RLock()
	defer e.closing.RUnlock()
	if e.closed {
		return ErrClosed
	}
	for _, j := range js {
		e.jobs <- j
	}
	return nil
}

// Submit judges the commits of one device in the order given and returns one
// receipt for each, in the same order, when they are on disk. It blocks until
// then. A commit with status Again was not judged and nothing of it is kept.
func (e *Engine) Submit(author Author, raws []json.RawMessage) []wire.Receipt {
	now := e.clock().UnixMilli()
	var js []*job
	for rest := raws; len(rest) > 0; {
		j := newJob()
		n := 0
		for n < len(rest) && n < batchCommits && j.size < batchBytes {
			j.add(e.prepare(author, rest[n], now))
			n++
		}
		rest = rest[n:]
		js = append(js, j)
	}
	receipts := make([]wire.Receipt, 0, len(raws))
	if err := e.enqueue(js...); err != nil {
		for _, raw := range raws {
			receipts = append(receipts, again(e.prepare(author, raw, now).commit.ID, wire.CodeTryAgain))
		}
		return receipts
	}
	for _, j := range js {
		<-j.done
		for _, c := range j.commits {
			receipts = append(receipts, c.receipt)
		}
	}
	e.clocks.contact(author.Device, e.clock().UnixMilli())
	return receipts
}

// House applies changes as one commit that the server itself writes on behalf
// of the person ("" for nobody), without limit of size. It returns when they are
// on disk. A *Refusal as error says that the policy or a rule turned them down.
func (e *Engine) House(org, person string, changes []wire.Change) error {
	return e.writeHouse(org, person, changes, false)
}

// HouseQuietly is House, and tells nobody: the caller has [Engine.Touch] tell them,
// in pieces, when they are too many for one transaction. A device that fetches
// before it is told gets the record as it is now.
func (e *Engine) HouseQuietly(org, person string, changes []wire.Change) error {
	return e.writeHouse(org, person, changes, true)
}

func (e *Engine) writeHouse(org, person string, changes []wire.Change, quiet bool) error {
	p, err := e.prepareHouse(Author{Person: person, Org: org, Device: House}, changes)
	if err != nil {
		return err
	}
	p.quiet = quiet
	j := newJob()
	j.add(p)
	if err := e.enqueue(j); err != nil {
		return err
	}
	<-j.done
	return p.err
}

// Read runs f on a snapshot of the store.
func (e *Engine) Read(f func(Tx) error) error { return e.store.Read(f) }

// Epoch is the person's access epoch as it is on disk. A page that was read
// under another one must not be sent any more.
func (e *Engine) Epoch(person string) (epoch int64, err error) {
	if s, ok := e.store.(interface {
		Epoch(person string) (int64, error)
	}); ok { // a store that knows without a transaction: this is asked once a page and device
		return s.Epoch(person)
	}
	err = e.store.Read(func(tx Tx) error {
		epoch, err = tx.Epoch(person)
		return err
	})
	return epoch, err
}

// RoomEpoch is the access epoch of a room as it is on disk. A page that was read
// through the room under another one must not be sent any more.
func (e *Engine) RoomEpoch(room string) (epoch int64, err error) {
	if s, ok := e.store.(interface {
		RoomEpoch(room string) (int64, error)
	}); ok {
		return s.RoomEpoch(room)
	}
	err = e.store.Read(func(tx Tx) error {
		epoch, err = tx.RoomEpoch(room)
		return err
	})
	return epoch, err
}

// Forget lets go of what is kept in memory of records: some of them were erased.
func (e *Engine) Forget() { e.shown.forget() }

// Waiting is how many callers wait for the writer, for the metrics.
func (e *Engine) Waiting() int { return len(e.jobs) }
