package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"

	"bokvar/internal/access"
	"bokvar/internal/casework"
	"bokvar/internal/method"
	"bokvar/sync/rules"
)

// running is the door on a port of its own.
type running struct {
	*fakes
	t    *testing.T
	app  *fiber.App
	addr string
	log  *bytes.Buffer
	mu   *sync.Mutex
}

func (r *running) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.Write(b)
}

func (r *running) logged() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.String()
}

var bundle = fstest.MapFS{
	"index.html":             {Data: []byte("<!doctype html><title>Bokvar</title>")},
	"sw.js":                  {Data: []byte("self.onfetch=null")},
	"manifest.webmanifest":   {Data: []byte("{}")},
	"assets/app-1a2b.js":     {Data: []byte("plain")},
	"assets/app-1a2b.js.br":  {Data: []byte("brotli")},
	"assets/app-1a2b.js.gz":  {Data: []byte("gzip")},
	"icons/bokvar.svg":       {Data: []byte("<svg/>")},
	"icons/maskable-192.png": {Data: []byte("png")},
}

func start(t *testing.T, change func(*Options)) *running {
	t.Helper()
	r := &running{t: t, log: &bytes.Buffer{}, mu: &sync.Mutex{}, fakes: &fakes{
		member: casework.Member{ID: "kim", Org: "sjobergahem", Name: "Kim Strandvik", Role: casework.Coordinator, Active: true},
		serve:  func(*websocket.Conn) {},
	}}
	table, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	sees, err := access.Load()
	if err != nil {
		t.Fatal(err)
	}
	profiles, err := method.Load()
	if err != nil {
		t.Fatal(err)
	}
	o := Options{
		Accounts: r.fakes, Sockets: r.fakes, Pushes: r.fakes, Imports: r.fakes, Photos: r.fakes, Papers: r.fakes, Providers: r.fakes,
		Book: r.fakes, Devices: devices{r.fakes}, PhoneLimits: limits{r.fakes}, People: people{r.fakes}, Recoveries: recoveries{r.fakes}, Rescue: rescues{r.fakes}, Erasure: erasures{r.fakes},
		Verification: func(*casework.Member) (any, error) { return map[string]bool{"ok": true}, nil },
		Protected:    protecteds{r.fakes},
		Search:       func(_ *casework.Member, _, query string) (any, error) { return []string{query}, nil },
		Month:        func(*casework.Member) (any, error) { return map[string]int{"day": 3}, nil },
		Monthly:      func(_ *casework.Member, _, month string) (any, error) { return map[string]string{"month": month}, nil },
		Rules:        table, Access: sees, Method: profiles["model"], App: bundle, Ready: func() error { return nil },
		Log: slog.New(slog.NewJSONHandler(r, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&o)
	}
	if r.app, err = New(o); err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	r.addr = "localhost:" + port
	done := make(chan error, 1)
	go func() { done <- r.app.Listener(ln) }()
	t.Cleanup(func() {
		_ = r.app.ShutdownWithTimeout(2 * time.Second)
		_ = ln.Close() // a test may end before the app has begun to listen; then the shutdown found nothing to end
		if err := <-done; err != nil && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	resp, err := http.Get("http://" + r.addr + "/healthz") // a server that is stopped before it began waits for ever
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return r
}

// ask sends a request as the app would; change may spoil it.
func (r *running) ask(method, path, body string, change func(*http.Request)) (*http.Response, string) {
	r.t.Helper()
	req, err := http.NewRequest(method, "http://"+r.addr+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Origin", "http://"+r.addr)
	req.Header.Set("X-Bokvar", "1")
	req.Header.Set("Cookie", "bokvar=good")
	if change != nil {
		change(req)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		r.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = resp.Body.Close() }()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatalf("%s %s: %v", method, path, err)
	}
	return resp, string(content)
}

func (r *running) want(method, path, body string, change func(*http.Request), status int, holds string) *http.Response {
	r.t.Helper()
	resp, content := r.ask(method, path, body, change)
	if resp.StatusCode != status || !strings.Contains(content, holds) {
		r.t.Fatalf("%s %s: %d %s; want %d with %q", method, path, resp.StatusCode, content, status, holds)
	}
	return resp
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }
