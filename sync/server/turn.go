package server

import (
	"encoding/json"
	"errors"

	"bokvar/sync/wire"
)

// turn is one transaction of the writer: what it has to tell once it is on disk.
type turn struct {
	e          *Engine
	tx         Tx
	savepoints bool // each unit can be undone by itself
	last       bool // the unit at hand is the turn's last one

	changed    []Changed
	told       map[string]*parcel // by person
	order      []*parcel
	deliveries []Delivery
}

// parcel gathers what one person got in a turn.
type parcel struct {
	Delivery
	first   recordKey
	records map[recordKey]int // place in Records; nil while there is one
	size    int
	settled bool // no later unit can have moved the person's epoch
}

type recordKey struct{ org, id string }

func newTurn(e *Engine, tx Tx, savepoints bool) *turn {
	return &turn{e: e, tx: tx, savepoints: savepoints, told: map[string]*parcel{}}
}

// unit does one commit or touch. An error means that the transaction itself is
// in doubt; what is wrong with the unit alone is its own result.
func (t *turn) unit(u unit, last bool) error {
	t.last = last
	if u.touch != nil {
		return t.touch(u.touch)
	}
	c := u.commit
	c.receipt, c.err = wire.Receipt{}, nil
	err := t.judge(c)
	switch {
	case err == nil:
	case isFatal(err):
		return err
	default:
		u.fail(err)
	}
	return nil
}

// fatal wraps an error after which the transaction cannot go on.
type fatal struct{ error }

func (f fatal) Unwrap() error { return f.error }

func isFatal(err error) bool {
	var f fatal
	return errors.As(err, &f) || errors.Is(err, ErrDiskFull)
}

// errUndo says that something has to be undone in a turn without savepoints.
var errUndo = errors.New("a unit of a transaction without savepoints has to be undone")

// savepoint runs f so that its writes are undone when it fails or panics. When
// the store gives back another error than f's, undoing failed: that is fatal. In a
// turn without savepoints every failure is: the turn is done again with them.
func (t *turn) savepoint(f func() error) error {
	if !t.savepoints {
		err := protect(f)
		if err != nil && !errors.Is(err, ErrDiskFull) { // a full disk fails all of it either way
			err = fatal{errUndo}
		}
		return err
	}
	var inner error
	err := t.tx.Savepoint(func() error {
		inner = protect(f)
		return inner
	})
	if err != nil && err != inner {
		return fatal{err}
	}
	return err
}

// tell notes what a person got. Call it only for what is not undone any more.
func (t *turn) tell(n notice) error {
	if n.left {
		t.e.reached.leaves(n.person, n.seq)
	}
	p := t.told[n.person]
	if p == nil {
		epoch, err := t.tx.Epoch(n.person)
		if err != nil {
			return err
		}
		p = &parcel{Delivery: Delivery{Person: n.person, Epoch: epoch, From: n.seq - 1}, settled: t.last}
		t.told[n.person] = p
		t.order = append(t.order, p)
	}
	p.To = n.seq
	if err := under(t.tx, n.room, &p.Rooms); err != nil {
		return err
	}
	p.add(n.key, n.record)
	return nil
}

// add keeps one row per record, the newest: the inbox does the same.
func (p *parcel) add(key recordKey, record json.RawMessage) {
	p.size += len(record)
	if len(p.Records) == 0 {
		p.first, p.Records = key, []json.RawMessage{record}
		return
	}
	if p.records == nil { // most parcels hold one record and need no map
		p.records = map[recordKey]int{p.first: 0}
	}
	if at, again := p.records[key]; again {
		p.Records[at] = record
		return
	}
	p.records[key] = len(p.Records)
	p.Records = append(p.Records, record)
}

// finish closes the parcels, inside the transaction. A person whose epoch moved
// after the first projection gets no records: those may be of an older access.
func (t *turn) finish() error {
	for _, p := range t.order {
		if !p.settled {
			epoch, err := t.tx.Epoch(p.Person)
			if err != nil {
				return err
			}
			if epoch != p.Epoch {
				p.Epoch, p.Records = epoch, nil
			}
		}
		for room, was := range p.Rooms {
			now, err := t.tx.RoomEpoch(room)
			if err != nil {
				return err
			}
			if now != was {
				p.Records = nil
			}
		}
		if p.size > wire.PageBytes || len(p.Records) > wire.PageRows {
			p.Records = nil
		}
		t.deliveries = append(t.deliveries, p.Delivery)
	}
	return nil
}
