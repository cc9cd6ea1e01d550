package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"bokvar/internal/demo"
	"bokvar/sync/wire"
)

// running is the real program on a free port, with the demo town inside.
type running struct {
	*Program
	t     *testing.T
	stop  func() error
	asked atomic.Int64 // by strangers, each from an address of its own; see behindProxy
}

// seeded is a data folder with the town, made once and copied for each test.
var seeded = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "bokvar-seeded-")
	if err != nil {
		return "", err
	}
	seededDir = dir
	c := defaults()
	c.Data = dir
	o, err := openCore(c)
	if err != nil {
		return "", err
	}
	return dir, errors.Join(o.seed(demo.NewTown(1), false), o.close())
})

var seededDir string

func TestMain(m *testing.M) {
	code := m.Run()
	if seededDir != "" {
		_ = os.RemoveAll(seededDir)
	}
	os.Exit(code)
}

// town is a data folder of the test's own.
func town(t *testing.T) string {
	t.Helper()
	from, err := seeded()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, data string) *running {
	t.Helper()
	c := defaults()
	c.Addr, c.Data, c.demo = "127.0.0.1:0", data, true
	return startWith(t, c, slog.New(slog.DiscardHandler))
}

// behindProxy starts it behind a proxy that it believes, which is the test: so each
// request comes from another address, and none is turned away for its address's pace.
func behindProxy(t *testing.T, data string) *running {
	t.Helper()
	c := defaults()
	c.Addr, c.Data, c.demo, c.Proxies = "127.0.0.1:0", data, true, []string{"127.0.0.1"}
	return startWith(t, c, slog.New(slog.DiscardHandler))
}

// anyAddress is an address that nobody has asked from yet. Where the proxy is not
// believed it counts for nothing.
func (r *running) anyAddress() string {
	n := r.asked.Add(1)
	return fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255)
}

func startWith(t *testing.T, c Config, log *slog.Logger) *running {
	t.Helper()
	p, err := New(c, log)
	if err != nil {
		t.Fatal(err)
	}
	return runs(t, p)
}

// runs lets a program run until the test ends, or until it is stopped.
func runs(t *testing.T, p *Program) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	r := &running{Program: p, t: t}
	r.stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("the program ended badly: %v", err)
		}
	})
	return r
}

// phone is one signed-in device.
type phone struct {
	r          *running
	id         string
	cookie     string
	ws         *websocket.Conn
	cursor     int64
	generation string
	held       map[string]wire.Record // by id
	off        time.Duration          // how wrong its clock is
	asked      int                    // in the session that it has; see unhurried
}

// now is what the phone's clock says.
func (p *phone) now() int64 { return time.Now().Add(p.off).UnixMilli() }

func (r *running) ask(method, path, cookie string, body any) (int, map[string]any, *http.Response) {
	r.t.Helper()
	var content io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			r.t.Fatal(err)
		}
		content = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, r.URL+path, content)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Origin", r.URL)
	req.Header.Set("X-Bokvar", "1")
	req.Header.Set("Cookie", "bokvar="+cookie)
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		r.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = resp.Body.Close() }()
	var answer map[string]any
	_ = json.NewDecoder(resp.Body).Decode(&answer) // some answers have no body
	return resp.StatusCode, answer, resp
}

func (r *running) signIn(person string) *phone {
	r.t.Helper()
	l, err := r.core.invite(person)
	if err != nil {
		r.t.Fatal(err)
	}
	p := &phone{r: r, id: uuid.NewString(), held: map[string]wire.Record{}}
	status, answer, resp := r.ask("POST", "/api/session", "", map[string]string{"code": strings.ToLower(l.Code), "device": p.id})
	if status != 200 {
		r.t.Fatalf("sign in: %d %v", status, answer)
	}
	p.cookie = resp.Cookies()[0].Value
	return p
}

// connect opens the socket and takes everything in.
func (p *phone) connect() *phone {
	p.r.t.Helper()
	header := http.Header{"Origin": {p.r.URL}, "Cookie": {"bokvar=" + p.cookie}}
	ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(p.r.URL, "http")+"/sync", header)
	if err != nil {
		p.r.t.Fatal(err)
	}
	p.r.t.Cleanup(func() { _ = ws.Close() })
	p.ws = ws
	p.say(wire.Hello{Type: wire.TypeHello, Versions: []int{1}, Device: p.id, Clock: p.now()})
	welcome := hear[*wire.Welcome](p)
	for waiting := welcome.Waiting; waiting > 0; {
		waiting = p.take(hear[*wire.Page](p))
	}
	return p
}

func (p *phone) say(m any) {
	p.r.t.Helper()
	if err := p.ws.WriteJSON(m); err != nil {
		p.r.t.Fatal(err)
	}
}

// hear returns the next message of the kind; pages that come before it are taken in.
func hear[M any](p *phone) M {
	p.r.t.Helper()
	for {
		_ = p.ws.SetReadDeadline(time.Now().Add(2 * time.Minute)) // ends a wait that will never succeed, and nothing else
		_, raw, err := p.ws.ReadMessage()
		if err != nil {
			p.r.t.Fatalf("%v", err)
		}
		m, problem := wire.FromServer(raw)
		if problem != nil {
			p.r.t.Fatalf("%s: %s", problem.Code, raw)
		}
		if wanted, ok := m.(M); ok {
			return wanted
		}
		if _, shut := m.(*wire.Shut); shut {
			continue // the pages that follow say the same
		}
		page, ok := m.(*wire.Page)
		if !ok {
			p.r.t.Fatalf("unasked: %s", raw)
		}
		p.take(page)
	}
}

func (p *phone) take(page *wire.Page) int64 {
	p.r.t.Helper()
	for _, raw := range page.Records {
		var rec wire.Record
		if err := json.Unmarshal(raw, &rec); err != nil {
			p.r.t.Fatal(err)
		}
		p.held[rec.ID] = rec
		if rec.Left {
			delete(p.held, rec.ID)
		}
	}
	p.cursor = page.Cursor
	p.say(wire.Have{Type: wire.TypeHave, Cursor: page.Cursor})
	return page.Waiting
}

// any is some record of the kind that the phone carries and that passes.
func (p *phone) any(kind string, pass func(wire.Record) bool) wire.Record {
	p.r.t.Helper()
	for _, id := range slices.Sorted(maps.Keys(p.held)) { // each run takes the same one
		if rec := p.held[id]; rec.Kind == kind && pass(rec) {
			return rec
		}
	}
	p.r.t.Fatalf("the phone carries no such %s among %d records", kind, len(p.held))
	return wire.Record{}
}

func change(rec wire.Record, field, value string) wire.Commit {
	raw, _ := json.Marshal(value)
	return wire.Commit{ID: uuid.NewString(), At: time.Now().UnixMilli(), Changes: []wire.Change{{
		Kind: rec.Kind, Record: rec.ID, Fields: map[string]wire.Set{field: {Value: raw, Base: rec.Versions[field]}},
	}}}
}

func commits(cs ...wire.Commit) wire.Commits {
	m := wire.Commits{Type: wire.TypeCommits}
	for _, c := range cs {
		raw, _ := json.Marshal(c)
		m.Commits = append(m.Commits, raw)
	}
	return m
}

func TestLinksAndCodesLetInOnce(t *testing.T) {
	r := start(t, town(t))
	l, err := r.core.invite("kim")
	if err != nil {
		t.Fatal(err)
	}
	device := uuid.NewString()
	for _, in := range []map[string]string{{"link": l.Token}, {"code": l.Code}} {
		in["device"] = device
		status, answer, resp := r.ask("POST", "/api/session", "", in)
		if status != 200 || answer["person"].(map[string]any)["name"] != "Kim Strandvik" || answer["demo"] != true || answer["vapidKey"] == "" {
			t.Fatalf("%d %v", status, answer)
		}
		if status, again, _ := r.ask("GET", "/api/session", resp.Cookies()[0].Value, nil); status != 200 || again["device"] != device {
			t.Errorf("%d %v", status, again)
		}
		if status, answer, _ := r.ask("POST", "/api/session", "", in); status != 400 || answer["code"] != "invalid_code" {
			t.Errorf("a second time: %d %v", status, answer)
		}
	}
}

func TestACommitReachesAColleagueAtOnce(t *testing.T) {
	r := start(t, town(t))
	jonna, peder := r.signIn("jonna").connect(), r.signIn("peder").connect()
	rec := jonna.any("household", func(h wire.Record) bool { return h.Fields["door_code"] != nil })
	c := change(rec, "door_code", "1357")
	jonna.say(commits(c, c))
	first, second := hear[*wire.Receipt](jonna), hear[*wire.Receipt](jonna)
	if first.Status != wire.Saved || first.Number == 0 || *first != *second {
		t.Fatalf("%+v, then %+v", first, second)
	}
	for string(peder.held[rec.ID].Fields["door_code"]) != `"1357"` {
		peder.take(hear[*wire.Page](peder))
	}
	for jonna.cursor < first.Cursor {
		jonna.take(hear[*wire.Page](jonna))
	}
	if got := string(jonna.held[rec.ID].Fields["door_code"]); got != `"1357"` {
		t.Errorf("the author sees %s at the receipt's cursor", got)
	}
}

func TestPostSyncIsTheSame(t *testing.T) {
	r := start(t, town(t))
	jonna, peder := r.signIn("jonna").connect(), r.signIn("peder")
	rec := jonna.any("household", func(h wire.Record) bool { return h.Fields["door_code"] != nil })
	hello := wire.Hello{Type: wire.TypeHello, Versions: []int{1}, Device: peder.id}
	status, answer, _ := r.ask("POST", "/sync", peder.cookie, map[string]any{"messages": []any{hello, commits(change(rec, "door_code", "2468"))}})
	var types []string
	for _, m := range answer["messages"].([]any) {
		types = append(types, m.(map[string]any)["type"].(string))
	}
	if got := strings.Join(types, " "); status != 200 || !strings.HasPrefix(got, "welcome receipt page") {
		t.Fatalf("%d %s", status, got)
	}
	for string(jonna.held[rec.ID].Fields["door_code"]) != `"2468"` {
		jonna.take(hear[*wire.Page](jonna))
	}
}

func TestTheServerSaysGoodbyeAndComesBack(t *testing.T) {
	data := town(t)
	r := start(t, data)
	jonna := r.signIn("jonna").connect()
	rec := jonna.any("household", func(h wire.Record) bool { return h.Fields["door_code"] != nil })
	jonna.say(commits(change(rec, "door_code", "9999")))
	if got := hear[*wire.Receipt](jonna); got.Status != wire.Saved {
		t.Fatalf("%+v", got)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	for {
		_, _, err := jonna.ws.ReadMessage()
		if err == nil {
			continue
		}
		if !websocket.IsCloseError(err, websocket.CloseGoingAway) {
			t.Errorf("the socket ended with %v", err)
		}
		break
	}
	again := start(t, data)
	jonna.r = again
	jonna.connect()
	if got := string(jonna.held[rec.ID].Fields["door_code"]); got != `"9999"` {
		t.Errorf("after the restart the door code is %s", got)
	}
}

func TestSigningOutEndsTheSocket(t *testing.T) {
	r := start(t, town(t))
	jonna := r.signIn("jonna").connect()
	if status, _, _ := r.ask("DELETE", "/api/session", jonna.cookie, nil); status != 204 {
		t.Fatalf("sign out: %d", status)
	}
	if p := hear[*wire.Problem](jonna); p.Code != wire.CodeSignedOut || !p.Close {
		t.Errorf("%+v", p)
	}
	if _, _, err := jonna.ws.ReadMessage(); !websocket.IsCloseError(err, 4401) {
		t.Errorf("the socket ended with %v", err)
	}
	if status, answer, _ := r.ask("POST", "/sync", jonna.cookie, map[string]any{"messages": []any{}}); status != 401 || answer["code"] != "signed_out" {
		t.Errorf("%d %v", status, answer)
	}
}

func TestImportAndMonthOverHTTP(t *testing.T) {
	r := start(t, town(t))
	jonna := r.signIn("jonna")
	files, err := demo.NewTown(1).Files(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var form bytes.Buffer
	fmt.Fprintf(&form, "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=%q\r\n\r\n%s\r\n--B--\r\n", files[0].Name, files[0].Data)
	req, _ := http.NewRequest("POST", r.URL+"/api/imports?partial=0", &form)
	req.Header = http.Header{"Origin": {r.URL}, "X-Bokvar": {"1"}, "Cookie": {"bokvar=" + jonna.cookie}, "Content-Type": {"multipart/form-data; boundary=B"}}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	var proposal map[string]any
	_ = json.NewDecoder(resp.Body).Decode(&proposal)
	_ = resp.Body.Close()
	if resp.StatusCode != 200 || proposal["rows"].(float64) < 300 {
		t.Fatalf("%d %v", resp.StatusCode, proposal)
	}
	path := "/api/imports/" + proposal["id"].(string)
	if status, answer, _ := r.ask("POST", path+"/confirm", jonna.cookie, map[string]any{"keep": []string{}}); status != 200 || answer["late_list"] == "" {
		t.Fatalf("confirm: %d %v", status, answer)
	}
	if status, answer, _ := r.ask("GET", path, jonna.cookie, nil); status != 404 || answer["code"] != "not_found" {
		t.Errorf("after the confirmation: %d %v", status, answer)
	}
	status, month, _ := r.ask("GET", "/api/method", jonna.cookie, nil)
	counted := 0.0
	for _, step := range month["steps"].([]any) {
		counted += step.(map[string]any)["count"].(float64)
	}
	if status != 200 || counted < 100 || month["due"] == "" {
		t.Errorf("%d %v", status, month)
	}
	kim := r.signIn("kim")
	if status, answer, _ := r.ask("GET", "/api/imports", kim.cookie, nil); status != 403 || answer["code"] != "not_allowed" {
		t.Errorf("a caretaker's imports: %d %v", status, answer)
	}
}
