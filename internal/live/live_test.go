package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"bokvar/sync/server"
	"bokvar/sync/wire"
)

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

// Nothing is said when a session runs out: its socket is looked at again and closed
// within half an hour, though its device asks for nothing.
func TestASessionThatRanOutClosesItsSocket(t *testing.T) {
	if checkEvery > 30*time.Minute {
		t.Errorf("sessions are looked at again every %s", checkEvery)
	}
	w := newTown(t)
	ends, stays := w.greet("kim", "d1", 0), w.greet("alva", "d2", 0)
	w.set(func() { w.out["kim"] = true })
	later := time.Now().Add(checkEvery + time.Second)
	for _, c := range w.hub.of("", "") {
		c.due(later)
	}
	ends.problem(wire.CodeSignedOut)
	ends.closedWith(CloseSignedOut)
	w.hub.Deliver(w.add("kim", "alva"))
	stays.until(1)
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
// When it comes back, it gets what it missed from its cursor on, once.
func TestADeviceThatDoesNotReadIsDropped(t *testing.T) {
	w := newTown(t)
	deaf, other := w.greet("kim", "deaf", 0), w.greet("alva", "d", 0)
	w.hub.Deliver(w.add("kim", "alva"))
	deaf.until(1)
	other.until(1)
	long := strings.Repeat("x", 100<<10)
	for w.hub.Connections() == 2 {
		if deaf.WriteJSON(wire.Commits{Type: wire.TypeCommits, Commits: []json.RawMessage{[]byte(`{"id":"` + long + `"}`)}}) != nil {
			break
		}
	}
	for range 3 {
		w.hub.Deliver(w.add("kim", "alva"))
	}
	other.until(4)
	back := w.greet("kim", "deaf", deaf.cursor)
	back.until(4)
	w.hub.Deliver(w.add("kim", "alva"))
	back.until(5)
	other.until(5)
	if got := strings.Join(back.seen, " "); got != "r1 r2 r3 r4" {
		t.Errorf("after its cursor came %s", got)
	}
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
