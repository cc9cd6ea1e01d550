package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// engine is one inbox for everybody: a list of records, and an epoch per person.
type engine struct {
	mu      sync.Mutex
	records []json.RawMessage
	epochs  map[string]int64
	rooms   map[string]int64 // epochs
	room    string           // that everything is read through; "": none
	perPage int
	urgent  int           // the record that is, 0: none
	hold    chan struct{} // when set, Page waits for it
	broken  error
}

func newEngine() *engine {
	return &engine{epochs: map[string]int64{}, rooms: map[string]int64{}, perPage: 10}
}

func (e *engine) Hello(a server.Author, h wire.Hello) (wire.Welcome, *wire.Problem) {
	if wire.CommonVersion(h.Versions) == 0 {
		return wire.Welcome{}, wire.NewProblem(wire.CodeNoCommonVersion)
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

// town is a hub behind a real socket server. A connection says who it is by ?person=&device=.
type town struct {
	*engine
	t      *testing.T
	hub    *Hub
	url    string
	mu     sync.Mutex
	out    map[string]bool // signed out
	broken error
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{engine: newEngine(), t: t, out: map[string]bool{}}
	w.hub = New(Options{Engine: w.engine, Who: func(person string) (*casework.Member, error) {
		return &casework.Member{ID: person, Role: casework.Caretaker, Units: []string{"hem-norr"}}, nil
	}})
	upgrader := websocket.Upgrader{EnableCompression: true, CheckOrigin: func(*http.Request) bool { return true }}
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		ws, err := upgrader.Upgrade(rw, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = ws.Close() }()
		a := server.Author{Person: r.URL.Query().Get("person"), Org: "o", Device: r.URL.Query().Get("device")}
		w.hub.Serve(ws, a, func() error { return w.check(a.Person) })
	}))
	w.url = "ws" + strings.TrimPrefix(s.URL, "http")
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		w.hub.Close(ctx)
		s.Close()
	})
	return w
}

func (w *town) check(person string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken != nil {
		return w.broken
	}
	if w.out[person] {
		return &casework.Error{Code: wire.CodeSignedOut}
	}
	return nil
}

func (w *town) set(f func()) {
	w.mu.Lock()
	f()
	w.mu.Unlock()
}

// device is the other end.
type device struct {
	*websocket.Conn
	t      *testing.T
	cursor int64
	seen   []string // ids of records, in order
}

func (w *town) dial(person, name string) *device {
	w.t.Helper()
	ws, _, err := (&websocket.Dialer{EnableCompression: true}).Dial(w.url+"?person="+person+"&device="+name, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = ws.Close() })
	_ = ws.SetReadDeadline(time.Now().Add(time.Minute))
	return &device{Conn: ws, t: w.t}
}

func (w *town) greet(person, name string, cursor int64) *device {
	w.t.Helper()
	d := w.dial(person, name)
	d.cursor = cursor
	d.say(wire.Hello{Type: wire.TypeHello, Versions: []int{1}, Device: name, Generation: "g1", Cursor: cursor})
	if m, ok := d.hear().(*wire.Welcome); !ok || m.Role != "caretaker" || m.Units[0] != "hem-norr" {
		w.t.Fatalf("no welcome: %+v", m)
	}
	return d
}

func (d *device) say(m any) {
	d.t.Helper()
	if err := d.WriteJSON(m); err != nil {
		d.t.Fatal(err)
	}
}

func (d *device) hear() any {
	d.t.Helper()
	_, raw, err := d.ReadMessage()
	if err != nil {
		d.t.Fatal(err)
	}
	m, p := wire.FromServer(raw)
	if p != nil {
		d.t.Fatalf("%s: %s", p.Code, raw)
	}
	return m
}

// page takes the next page and, unless told to be silent, says Have.
func (d *device) page(silent bool) *wire.Page {
	d.t.Helper()
	p, ok := d.hear().(*wire.Page)
	if !ok || p.From != d.cursor {
		d.t.Fatalf("at %d came %+v", d.cursor, p)
	}
	for _, raw := range p.Records {
		var r wire.Record
		if err := json.Unmarshal(raw, &r); err != nil {
			d.t.Fatal(err)
		}
		d.seen = append(d.seen, r.ID)
	}
	d.cursor = p.Cursor
	if !silent {
		d.say(wire.Have{Type: wire.TypeHave, Cursor: p.Cursor})
	}
	return p
}

// until takes pages until the device is at the cursor, and checks that nothing is missing or double.
func (d *device) until(cursor int64) {
	d.t.Helper()
	for d.cursor < cursor {
		d.page(false)
	}
	for i, id := range d.seen {
		if want := fmt.Sprintf("r%d", d.cursor-int64(len(d.seen)-i)); id != want {
			d.t.Fatalf("record %d is %s, want %s", i, id, want)
		}
	}
}

func (d *device) closedWith(code int) {
	d.t.Helper()
	for {
		_, _, err := d.ReadMessage()
		if err == nil {
			continue
		}
		if !websocket.IsCloseError(err, code) {
			d.t.Fatalf("closed with %v, want %d", err, code)
		}
		return
	}
}

func (d *device) problem(code string) {
	d.t.Helper()
	if p, ok := d.hear().(*wire.Problem); !ok || p.Code != code || p.Sentence == "" {
		d.t.Fatalf("%+v, want problem %s", p, code)
	}
}

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

func TestCommitsGetReceipts(t *testing.T) {
	w := newTown(t)
	d := w.greet("kim", "d1", 0)
	commits := wire.Commits{Type: wire.TypeCommits}
	for i := range 300 {
		commits.Commits = append(commits.Commits, json.RawMessage(fmt.Sprintf(`{"id":"c%d"}`, i)))
	}
	d.say(commits)
	for i := range 300 {
		if r, ok := d.hear().(*wire.Receipt); !ok || r.Commit != fmt.Sprintf("c%d", i) || r.Status != wire.Saved {
			t.Fatalf("receipt %d: %+v", i, r)
		}
	}
}

func TestBadMessagesHarmNobody(t *testing.T) {
	w := newTown(t)
	other := w.greet("alva", "d2", 0)
	d := w.greet("kim", "d1", 0)
	for message, code := range map[string]string{
		`{"type":"gossip"}`: wire.CodeUnknownMessage, `{"type":7}`: wire.CodeMalformed, `nonsense`: wire.CodeMalformed,
		`{"type":"commits"}`: wire.CodeMalformed, `[]`: wire.CodeMalformed, `{"type":"have","cursor":-1}`: wire.CodeMalformed,
	} {
		_ = d.WriteMessage(websocket.TextMessage, []byte(message))
		d.problem(code)
	}
	_ = d.WriteMessage(websocket.BinaryMessage, []byte("{}"))
	d.problem(wire.CodeMalformed)
	d.say(wire.Commits{Type: wire.TypeCommits, Commits: []json.RawMessage{[]byte(`{"id":"c"}`)}})
	if _, ok := d.hear().(*wire.Receipt); !ok {
		t.Fatal("the connection did not go on")
	}
	big := `{"type":"commits","commits":["` + strings.Repeat("x", 2<<20) + `"]}`
	go func() { _ = d.WriteMessage(websocket.TextMessage, []byte(big)) }()
	d.problem(wire.CodeTooBig)
	d.closedWith(websocket.CloseMessageTooBig)
	early := w.dial("kim", "d3")
	early.say(wire.Have{Type: wire.TypeHave})
	early.problem(wire.CodeHelloFirst)
	early.closedWith(websocket.ClosePolicyViolation)
	old := w.dial("kim", "d4")
	old.say(wire.Hello{Type: wire.TypeHello, Versions: []int{99}, Device: "d4"})
	old.problem(wire.CodeNoCommonVersion)
	old.closedWith(websocket.ClosePolicyViolation)
	w.hub.Deliver(w.add("alva"))
	other.until(1)
}

func TestSignedOutDevicesAreTold(t *testing.T) {
	w := newTown(t)
	d1, d2, other := w.greet("kim", "d1", 0), w.greet("kim", "d2", 0), w.greet("alva", "d3", 0)
	w.hub.SignOut("kim", "d1")
	d1.problem(wire.CodeSignedOut)
	d1.closedWith(CloseSignedOut)
	w.set(func() { w.broken = errors.New("the database is busy") }) // no reason to sign anybody out
	d2.say(wire.Commits{Type: wire.TypeCommits, Commits: []json.RawMessage{[]byte(`{"id":"c"}`)}})
	d2.problem(wire.CodeTryAgain)
	w.set(func() { w.broken = nil; w.out["kim"] = true })
	d2.say(wire.Commits{Type: wire.TypeCommits, Commits: []json.RawMessage{[]byte(`{"id":"c"}`)}})
	d2.problem(wire.CodeSignedOut)
	d2.closedWith(CloseSignedOut)
	w.hub.Deliver(w.add("kim", "alva"))
	other.until(1)
}

func TestCloseSaysGoodbyeAndLetsNobodyIn(t *testing.T) {
	w := newTown(t)
	devices := make([]*device, 30)
	for i := range devices {
		devices[i] = w.greet(fmt.Sprint("p", i), "d", 0)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	gone := make(chan struct{})
	go func() { w.hub.Close(ctx); close(gone) }()
	for _, d := range devices {
		d.closedWith(websocket.CloseGoingAway)
	}
	<-gone
	if n := w.hub.Connections(); n != 0 {
		t.Errorf("%d connections are left", n)
	}
	w.dial("late", "d").closedWith(websocket.CloseGoingAway)
}

// A device that does not read is dropped; the others are told at once all the same.
func TestADeviceThatDoesNotReadIsDropped(t *testing.T) {
	w := newTown(t)
	deaf, other := w.greet("kim", "deaf", 0), w.greet("alva", "d", 0)
	long := strings.Repeat("x", 100<<10)
	for w.hub.Connections() == 2 {
		if deaf.WriteJSON(wire.Commits{Type: wire.TypeCommits, Commits: []json.RawMessage{[]byte(`{"id":"` + long + `"}`)}}) != nil {
			break
		}
	}
	w.hub.Deliver(w.add("kim", "alva"))
	other.until(1)
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

func TestAnswerIsTheSameConversation(t *testing.T) {
	w := newTown(t)
	for range 25 {
		w.add()
	}
	kim := server.Author{Person: "kim", Org: "o", Device: "d1"}
	good := func() error { return w.check("kim") }
	ask := func(messages ...string) []string {
		var in []json.RawMessage
		for _, m := range messages {
			in = append(in, json.RawMessage(m))
		}
		var types []string
		for _, raw := range w.hub.Answer(kim, good, in) {
			m, p := wire.FromServer(raw)
			if p != nil {
				t.Fatalf("%s: %s", p.Code, raw)
			}
			switch m := m.(type) {
			case *wire.Problem:
				types = append(types, m.Code)
			case *wire.Page:
				types = append(types, fmt.Sprintf("page %d-%d", m.From, m.Cursor))
			case *wire.Receipt:
				types = append(types, "receipt "+m.Commit)
			default:
				types = append(types, "welcome")
			}
		}
		return types
	}
	hello := `{"type":"hello","versions":[1],"device":"d1","generation":"g1","cursor":%d}`
	for _, c := range []struct {
		in   []string
		want string
	}{
		{[]string{fmt.Sprintf(hello, 0), `{"type":"commits","commits":[{"id":"c1"}]}`}, "welcome, receipt c1, page 0-10, page 10-20"},
		{[]string{fmt.Sprintf(hello, 20)}, "welcome, page 20-25"},
		{[]string{fmt.Sprintf(hello, 25)}, "welcome"},
		{[]string{`{"type":"gossip"}`, fmt.Sprintf(hello, 25)}, "unknown_message, welcome"},
		{[]string{`{"type":"have","cursor":1}`, fmt.Sprintf(hello, 25)}, "hello_first"},
		{nil, ""},
	} {
		if got := strings.Join(ask(c.in...), ", "); got != c.want {
			t.Errorf("%v: %s; want %s", c.in, got, c.want)
		}
	}
	w.set(func() { w.out["kim"] = true })
	if got := strings.Join(ask(fmt.Sprintf(hello, 0)), ", "); got != wire.CodeSignedOut {
		t.Errorf("signed out: %s", got)
	}
}

// Many devices, many changes, devices that come and go: everybody ends up with everything, once and in order.
func TestManyDevicesUnderChange(t *testing.T) {
	w := newTown(t)
	people := make([]string, 20)
	for i := range people {
		people[i] = fmt.Sprint("p", i)
	}
	const changes = 200
	var wg sync.WaitGroup
	for i, person := range people {
		wg.Go(func() {
			d := w.greet(person, "d", 0)
			for d.cursor < changes {
				d.page(false)
				if i%3 == 0 && d.cursor > 0 && d.cursor%7 == 0 { // comes back with its cursor
					cursor, seen := d.cursor, d.seen
					_ = d.Close()
					d = w.greet(person, "d", cursor)
					d.seen = seen
				}
			}
			d.until(changes)
		})
	}
	for i := range changes {
		ds := w.add(people...)
		if i%17 == 0 {
			w.moveEpoch(people[i%len(people)])
		}
		w.hub.Deliver(ds)
	}
	wg.Wait()
}
