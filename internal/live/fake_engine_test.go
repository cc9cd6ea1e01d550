package live

import (
	"encoding/json"
	"fmt"
	"sync"

	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// engine is one inbox for everybody: a list of records, and an epoch per person.
type engine struct {
	mu       sync.Mutex
	records  []json.RawMessage
	epochs   map[string]int64
	rooms    map[string]int64 // epochs
	room     string           // that everything is read through; "": none
	perPage  int
	urgent   int             // the record that is, 0: none
	hold     chan struct{}   // when set, Page waits for it
	read     map[string]bool // who has asked for a page
	someRead *sync.Cond      // with mu: read has grown
	greeted  func()          // when set, called once a Hello has been worked out and not yet answered
	broken   error
}

func newEngine() *engine {
	e := &engine{epochs: map[string]int64{}, rooms: map[string]int64{}, read: map[string]bool{}, perPage: 10}
	e.someRead = sync.NewCond(&e.mu)
	return e
}

func (e *engine) Hello(a server.Author, h wire.Hello) (wire.Welcome, *wire.Problem) {
	if wire.CommonVersion(h.Versions) == 0 {
		return wire.Welcome{}, wire.NewProblem(wire.CodeNoCommonVersion)
	}
	if e.greeted != nil {
		defer e.greeted()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return wire.Welcome{Type: wire.TypeWelcome, Version: wire.CommonVersion(h.Versions), Person: a.Person, Generation: "g1", Epoch: e.epochs[a.Person], Waiting: int64(len(e.records)) - h.Cursor}, nil
}

func (e *engine) Submit(_ server.Author, raws []json.RawMessage) []wire.Receipt {
	out := make([]wire.Receipt, len(raws))
	for i, raw := range raws {
		var c wire.Commit
		_ = json.Unmarshal(raw, &c)
		out[i] = wire.Receipt{Commit: c.ID, Status: wire.Saved, Number: int64(i + 1)}
	}
	return out
}

func (e *engine) Page(person string, cursor int64) (wire.Page, error) {
	e.mu.Lock()
	hold := e.hold
	e.read[person] = true
	e.someRead.Broadcast()
	end := min(cursor+int64(e.perPage), int64(len(e.records)))
	p := wire.Page{Type: wire.TypePage, Epoch: e.epochs[person], From: cursor, Cursor: end, Waiting: int64(len(e.records)) - end, Records: []json.RawMessage{}}
	if cursor < end {
		p.Records = e.records[cursor:end:end]
	}
	if e.room != "" {
		p.Rooms = map[string]int64{e.room: e.rooms[e.room]}
	}
	err := e.broken
	e.mu.Unlock()
	if hold != nil {
		<-hold
	}
	return p, err
}

// First goes ahead when something is urgent.
func (e *engine) First(person string) (wire.Page, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := wire.Page{Type: wire.TypePage, Epoch: e.epochs[person], Waiting: int64(len(e.records)), Records: []json.RawMessage{}}
	if e.urgent > 0 {
		p.Records = e.records[e.urgent : e.urgent+1]
	}
	return p, nil
}

func (e *engine) Epoch(person string) (int64, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.epochs[person], nil
}

func (e *engine) Confirm(server.Author, int64) error { return nil }

// Check calls every device equal that has as many records as there are.
func (e *engine) Check(_ string, c wire.Check) (wire.Checked, *server.Difference, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if n := int64(len(e.records)); c.Count != n {
		return wire.Checked{Type: wire.TypeChecked, Cursor: c.Cursor, Result: wire.Different}, &server.Difference{Device: c.Count, Here: n}, e.broken
	}
	return wire.Checked{Type: wire.TypeChecked, Cursor: c.Cursor, Result: wire.Equal}, nil, e.broken
}

func (e *engine) RoomEpoch(room string) (int64, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.rooms[room], nil
}

// through says that everything is read through the room from now on.
func (e *engine) through(room string) {
	e.mu.Lock()
	e.room = room
	e.mu.Unlock()
}

func (e *engine) moveRoom(room string) int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.rooms[room]++
	return e.rooms[room]
}

func (e *engine) holdPages(until chan struct{}) {
	e.mu.Lock()
	e.hold = until
	e.mu.Unlock()
}

func (e *engine) moveEpoch(person string) {
	e.mu.Lock()
	e.epochs[person]++
	e.mu.Unlock()
}

// nobodyReads waits until the first page of each person has been read: what is
// written after that is not in it.
func (e *engine) nobodyReads(people ...string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, person := range people {
		for !e.read[person] {
			e.someRead.Wait()
		}
	}
}

// add writes a record and returns what the people get.
func (e *engine) add(people ...string) []server.Delivery {
	e.mu.Lock()
	defer e.mu.Unlock()
	from := int64(len(e.records))
	record := json.RawMessage(fmt.Sprintf(`{"org":"o","id":"r%d","kind":"note"}`, from))
	e.records = append(e.records, record)
	var ds []server.Delivery
	shared := []json.RawMessage{record}
	for _, person := range people {
		ds = append(ds, server.Delivery{Person: person, Epoch: e.epochs[person], From: from, To: from + 1, Records: shared})
	}
	return ds
}
