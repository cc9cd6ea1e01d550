// Package live talks with devices: it knows who is connected, hands their
// messages to the engine, and tells them what is new.
//
// # Conversations
//
// A [Hub] serves sockets ([Hub.Serve]) and single requests ([Hub.Answer]) with
// the same handling of messages (conversation.go), so that both ways in mean the
// same.
//
// # Who owns what
//
// One goroutine reads a socket and handles its messages in order. Whatever goes
// out passes through the connection's outbox (outbox.go), which one writing
// goroutine drains; it exists only while there is something to write, so that an
// idle device costs one small goroutine. A device that does not take what it is
// sent within [writeWait], or lets more than [outboxBytes] pile up, is dropped;
// nobody waits for it.
//
// # What this is not
//
// The package does not authenticate: package web does, before a socket gets
// here. It keeps nothing: a device that was away catches up from its cursor.
package live

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// Times of a connection.
const (
	writeWait  = 10 * time.Second       // a write that takes longer means that the device is gone
	pongWait   = 75 * time.Second       // silence longer than this means that the device is gone
	pingEvery  = 30 * time.Second       // must be less than half of pongWait
	checkEvery = 30 * time.Minute       // a session is looked at again this often, and before each Commits
	shutWait   = 200 * time.Millisecond // a page that is being written when its room is shut may take this long
	closeWait  = 2 * time.Second        // a closing handshake may take this long
	tick       = time.Second            // how often the hub looks who is due; must be far less than pingEvery
)

// Close codes beyond those of the socket protocol.
const (
	CloseSignedOut = 4401
)

// Engine is what the hub asks of the sync engine.
type Engine interface {
	Hello(server.Author, wire.Hello) (wire.Welcome, *wire.Problem)
	Submit(server.Author, []json.RawMessage) []wire.Receipt
	Page(person string, cursor int64) (wire.Page, error)
	First(person string) (wire.Page, error)
	Epoch(person string) (int64, error)
	Confirm(author server.Author, cursor int64) error
	Check(person string, c wire.Check) (wire.Checked, *server.Difference, error)
	RoomEpoch(room string) (int64, error)
}

// Options are what a Hub needs. Engine and Who are required.
type Options struct {
	Engine Engine
	// Who is the account of a person, for the welcome.
	Who func(person string) (*casework.Member, error)
	// Arrive is called before a device's Hello is answered, to bring the person's
	// scope up to the day. An error is told as "try again".
	Arrive func(person string) error
	// Shut lists the rooms of the person's cases that were ever shut, with their
	// epochs, for the welcome. nil: none.
	Shut func(person string) ([]string, error)
	// Met is told what a device says of itself when it comes. nil: nobody is.
	Met   func(author server.Author, hello *wire.Hello)
	Clock func() time.Time
	// Trouble is told of failures that no device is to blame for.
	Trouble func(what string, err error)
}

// Hub knows who is connected. Its methods may be called from any goroutine.
type Hub struct {
	engine  Engine
	who     func(string) (*casework.Member, error)
	arrive  func(string) error
	shut    func(string) ([]string, error)
	met     func(server.Author, *wire.Hello)
	clock   func() time.Time
	trouble func(string, error)
	crew    crew

	mu     sync.Mutex
	people map[string]map[*connection]struct{}
	count  int
	closed bool
	empty  *sync.Cond
	stop   chan struct{}
}

// New starts a hub. Close ends it.
func New(o Options) *Hub {
	h := &Hub{
		engine: o.Engine, who: o.Who, arrive: o.Arrive, shut: o.Shut, met: o.Met, clock: o.Clock, trouble: o.Trouble, crew: newCrew(),
		people: map[string]map[*connection]struct{}{}, stop: make(chan struct{}),
	}
	if h.arrive == nil {
		h.arrive = func(string) error { return nil }
	}
	if h.shut == nil {
		h.shut = func(string) ([]string, error) { return nil, nil }
	}
	if h.met == nil {
		h.met = func(server.Author, *wire.Hello) {}
	}
	if h.clock == nil {
		h.clock = time.Now
	}
	if h.trouble == nil {
		h.trouble = func(string, error) {}
	}
	h.empty = sync.NewCond(&h.mu)
	go h.keepAlive()
	return h
}

// Connections is how many devices are connected now.
func (h *Hub) Connections() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count
}

// People lists who has a device connected now.
func (h *Hub) People() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Collect(maps.Keys(h.people))
}

// Present says whether the person has a device connected now. The device may be
// asleep: only an acknowledgement shows that somebody looks at it.
func (h *Hub) Present(person string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.people[person]) > 0
}

// Deliver tells connected devices what they got. It never waits for one.
func (h *Hub) Deliver(ds []server.Delivery) {
	var shared joined
	for i := range ds {
		d := &ds[i]
		for _, c := range h.of(d.Person, "") {
			c.deliver(d, &shared)
		}
	}
}

// Shut tells connected devices that rooms are closed, and returns when nothing
// that was read through them before can be sent any more: what waits is taken
// back, what is being written is waited for, and a device that does not take it
// within shutWait is cut off.
func (h *Hub) Shut(shut []server.Shut) {
	var writing []*connection
	for _, s := range shut {
		word := encode(wire.Shut{Type: wire.TypeShut, Room: wire.RoomAt(s.Room, s.Epoch)})
		for _, person := range s.People {
			for _, c := range h.of(person, "") {
				if c.shutRoom(s.Room, word) {
					writing = append(writing, c)
				}
			}
		}
	}
	end := time.Now().Add(shutWait)
	for _, c := range writing {
		c.written(end)
	}
}

// SignOut ends the person's connections from the device (from all devices when
// it is ""), and tells them why.
func (h *Hub) SignOut(person, device string) {
	for _, c := range h.of(person, device) {
		c.end(wire.NewProblem(wire.CodeSignedOut), CloseSignedOut)
	}
}

// Close tells every device that the server goes away and returns when they are
// gone, or cut off because ctx is done.
func (h *Hub) Close(ctx context.Context) {
	h.mu.Lock()
	if !h.closed {
		h.closed = true
		close(h.stop)
	}
	h.mu.Unlock()
	for _, c := range h.of("", "") {
		c.end(nil, closeGoingAway)
	}
	cut := context.AfterFunc(ctx, func() {
		for _, c := range h.of("", "") {
			c.cut()
		}
	})
	defer cut()
	h.mu.Lock()
	defer h.mu.Unlock()
	for h.count > 0 {
		h.empty.Wait()
	}
}

// SignOutOthers ends the person's connections from all devices but the one.
func (h *Hub) SignOutOthers(person, device string) {
	for _, c := range h.of(person, "") {
		if c.talk.author.Device != device {
			c.end(wire.NewProblem(wire.CodeSignedOut), CloseSignedOut)
		}
	}
}

// of lists connections: of everyone when person is "", from every device when device is "".
func (h *Hub) of(person, device string) []*connection {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []*connection
	add := func(set map[*connection]struct{}) {
		for c := range set {
			if device == "" || c.talk.author.Device == device {
				out = append(out, c)
			}
		}
	}
	if person != "" {
		add(h.people[person])
		return out
	}
	for _, set := range h.people {
		add(set)
	}
	return out
}

func (h *Hub) join(c *connection) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	set := h.people[c.talk.author.Person]
	if set == nil {
		set = map[*connection]struct{}{}
		h.people[c.talk.author.Person] = set
	}
	set[c] = struct{}{}
	h.count++
	return true
}

func (h *Hub) leave(c *connection) {
	h.mu.Lock()
	defer h.mu.Unlock()
	set := h.people[c.talk.author.Person]
	delete(set, c)
	if len(set) == 0 {
		delete(h.people, c.talk.author.Person)
	}
	if h.count--; h.count == 0 {
		h.empty.Broadcast()
	}
}

// keepAlive pings devices and looks at their sessions again, each in its turn.
func (h *Hub) keepAlive() {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-h.stop:
			return
		case <-ticker.C:
			now := time.Now()
			for _, c := range h.of("", "") {
				c.due(now)
			}
		}
	}
}
