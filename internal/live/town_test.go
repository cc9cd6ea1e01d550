package live

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

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
	_ = ws.SetReadDeadline(time.Now().Add(2 * time.Minute)) // ends a wait that will never succeed, and nothing else
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
