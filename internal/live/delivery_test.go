package live

import (
	"encoding/json"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gorilla/websocket"

	"bokvar/sync/server"
	"bokvar/sync/wire"
)

func TestCatchUpComesInPagesWithinTheWindow(t *testing.T) {
	w := newTown(t)
	for range 45 {
		w.add()
	}
	d := w.greet("kim", "d1", 0)
	for range wire.PageWindow {
		d.page(true)
	}
	w.hub.Deliver(w.add("kim")) // the window is shut: it must wait and not be lost
	d.say(wire.Have{Type: wire.TypeHave, Cursor: d.cursor})
	d.until(46)
	late := w.greet("kim", "d2", 40)
	late.until(46)
}

func TestACheckIsAnsweredFromVersionTwoOn(t *testing.T) {
	w := newTown(t)
	var told atomic.Int32
	w.hub.trouble = func(string, error) { told.Add(1) }
	w.add()
	check := wire.Check{Type: wire.TypeCheck, Cursor: 1, Count: 1, Sum: wire.Sum{}.String(), Kinds: map[string]wire.Counted{}}
	d := w.greet("kim", "d1", 1) // speaks version 1
	d.say(check)
	d.problem(wire.CodeUnknownMessage)
	d.say(wire.Hello{Type: wire.TypeHello, Versions: wire.Versions, Device: "d1", Generation: "g1", Cursor: 1})
	if m, ok := d.hear().(*wire.Welcome); !ok || m.Version != wire.Version {
		t.Fatalf("%+v", m)
	}
	for count, want := range map[int64]wire.Result{1: wire.Equal, 2: wire.Different} {
		check.Count = count
		d.say(check)
		if m, ok := d.hear().(*wire.Checked); !ok || m.Result != want || m.Cursor != 1 {
			t.Errorf("%d records: %+v, want %s", count, m, want)
		}
	}
	if told.Load() != 1 {
		t.Errorf("%d differences were told", told.Load())
	}
}

// What is urgent comes first, moves no cursor, and comes again in its turn.
func TestWhatIsUrgentGoesAhead(t *testing.T) {
	w := newTown(t)
	for range 25 {
		w.add()
	}
	w.engine.urgent = 17
	d := w.greet("kim", "d1", 0)
	if p := d.page(false); p.Cursor != 0 || p.Waiting != 25 || len(d.seen) != 1 || d.seen[0] != "r17" {
		t.Fatalf("first came %+v", p)
	}
	d.seen = nil
	d.until(25)
	w.hub.Deliver(w.add("kim"))
	d.until(26)
	back := w.greet("kim", "d2", 20)
	back.until(26)

	hello := json.RawMessage(`{"type":"hello","versions":[1],"device":"d3","generation":"g1","cursor":0}`)
	answers := w.hub.Answer(server.Author{Person: "kim", Org: "o", Device: "d3"}, func() error { return nil }, []json.RawMessage{hello})
	if len(answers) < 3 || !strings.Contains(string(answers[1]), `"r17"`) || !strings.Contains(string(answers[2]), `"cursor":10`) {
		t.Errorf("a request is answered %s", answers)
	}
}

func TestDeliveryGoesOutAtOnce(t *testing.T) {
	w := newTown(t)
	d, other := w.greet("kim", "d1", 0), w.greet("alva", "d2", 0)
	for i := range 20 {
		w.hub.Deliver(w.add("kim", "alva"))
		d.until(int64(i + 1))
		other.until(int64(i + 1))
	}
	for range 30 {
		w.hub.Deliver(w.add("kim", "alva")) // a burst beyond the window
	}
	d.until(50)
	other.until(50)
}

func TestDeliveryBeforeHelloIsInThePages(t *testing.T) {
	w := newTown(t)
	d := w.dial("kim", "d1")
	w.hub.Deliver(w.add("kim"))
	d.say(wire.Hello{Type: wire.TypeHello, Versions: []int{1}, Device: "d1", Generation: "g1"})
	if _, ok := d.hear().(*wire.Welcome); !ok {
		t.Fatal("no welcome")
	}
	d.until(1)
}

// A page that was read before access shrank never leaves after it.
func TestPageOfAnOldEpochIsReadAgain(t *testing.T) {
	w := newTown(t)
	w.add()
	hold := make(chan struct{})
	w.holdPages(hold)
	d := w.greet("kim", "d1", 0)
	w.moveEpoch("kim") // while the page waits to be sent
	w.holdPages(nil)
	close(hold)
	if p := d.page(false); p.Epoch != 1 {
		t.Fatalf("a page of epoch %d was sent", p.Epoch)
	}
	old := w.add("kim")
	w.moveEpoch("kim")
	w.hub.Deliver(old)
	if p := d.page(false); p.Epoch != 2 || p.Cursor != 2 {
		t.Fatalf("a delivery of an old epoch was sent: %+v", p)
	}
}

// What waits and was read through a room that is shut is taken back, and the
// device hears of it; a page that is being read meanwhile is read again.
func TestPageThroughAShutRoomIsTakenBack(t *testing.T) {
	w := newTown(t)
	w.through("r")
	d, other := w.greet("kim", "d1", 0), w.greet("alva", "d2", 0)
	w.nobodyReads("kim", "alva") // any more
	hold := make(chan struct{})
	w.add()
	w.holdPages(hold)
	late := w.greet("kim", "d3", 0) // its page is being read
	epoch := w.moveRoom("r")
	w.hub.Shut([]server.Shut{{Room: "r", Epoch: epoch, People: []string{"kim"}}})
	w.holdPages(nil)
	close(hold)
	for _, device := range []*device{d, late} {
		if s, ok := device.hear().(*wire.Shut); !ok || s.Room != "r.1" {
			t.Fatalf("the device heard %+v", s)
		}
	}
	if p := late.page(false); p.Cursor != 1 {
		t.Fatalf("the page is %+v", p)
	}
	old := w.add("kim")
	old[0].Rooms = map[string]int64{"r": 0}
	w.add() // so that a page that is read anew can be told from the delivery
	w.hub.Deliver(old)
	if p := late.page(false); p.Cursor != 3 {
		t.Fatalf("a delivery through the shut room was sent: %+v", p)
	}
	w.hub.Deliver(w.add("alva"))
	if p := other.page(true); p.Cursor != 4 { // alva is told nothing of the room
		t.Fatalf("the other device got %+v", p)
	}
}

// A room may be shut after a hello has been worked out and before it is answered:
// the welcome does not know of it, so the word follows.
func TestARoomIsShutWhileAHelloIsAnswered(t *testing.T) {
	w := newTown(t)
	w.through("r")
	w.add()
	w.greeted = func() {
		w.hub.Shut([]server.Shut{{Room: "r", Epoch: w.moveRoom("r"), People: []string{"kim"}}})
	}
	d := w.greet("kim", "d1", 0)
	if s, ok := d.hear().(*wire.Shut); !ok || s.Room != "r.1" {
		t.Fatalf("the device heard %+v", s)
	}
	if p := d.page(false); p.Cursor != 1 {
		t.Fatalf("the page is %+v", p)
	}
}

func TestBigPagesAreCompressed(t *testing.T) {
	w := newTown(t)
	w.perPage = 1000
	for range 1000 {
		w.add()
	}
	var got atomic.Int64
	dialer := websocket.Dialer{EnableCompression: true, NetDial: func(network, addr string) (net.Conn, error) {
		conn, err := net.Dial(network, addr)
		return counted{conn, &got}, err
	}}
	ws, _, err := dialer.Dial(w.url+"?person=kim&device=d1", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ws.Close() }()
	d := &device{Conn: ws, t: t}
	d.say(wire.Hello{Type: wire.TypeHello, Versions: []int{1}, Device: "d1", Generation: "g1"})
	d.hear()
	d.until(1000)
	if n := got.Load(); n > packFrom {
		t.Errorf("a page of 1000 records took %d bytes", n)
	}
}

// counted counts what is read.
type counted struct {
	net.Conn
	n *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.n.Add(int64(n))
	return n, err
}
