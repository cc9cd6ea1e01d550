package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
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
	"bokvar/sync/server"
)

// fakes stand in for what is behind the door.
type fakes struct {
	mu      sync.Mutex
	serve   func(*websocket.Conn)
	ended   []string
	files   [][]byte
	failing error
	member  casework.Member
}

var errOut = &casework.Error{Code: "signed_out", Sentence: "Du är utloggad."}

func (f *fakes) Redeem(link, code, device, address string) (string, error) {
	if link == "right" {
		return "good", nil
	}
	return "", &casework.Error{Code: "invalid_code", Sentence: "Länken eller koden gäller inte."}
}

func (f *fakes) Check(cookie, proof string) (*casework.Member, *casework.Session, error) {
	if cookie == "bound" && proof == strings.Repeat("p", 43) {
		cookie = "good"
	}
	return f.Holder(cookie)
}

func (f *fakes) Holder(cookie string) (*casework.Member, *casework.Session, error) {
	if cookie != "good" {
		return nil, nil, errOut
	}
	return &f.member, &casework.Session{Person: "kim", Device: "6f2c9f0e-8c5e-4f0e-9a58-0a9a0a1c2d3e"}, nil
}

func (f *fakes) End(cookie string) error { return nil }
func (f *fakes) Organisation(id string) (*casework.Organisation, error) {
	return &casework.Organisation{ID: id, Name: "Sjöbergahem", Kind: casework.Landlord}, nil
}
func (f *fakes) SignInAgain(locker, auth, proof, address string) (string, error) {
	if auth == "right" {
		return "good", nil
	}
	return "", &casework.Error{Code: "wrong_passphrase", Sentence: "Lösenfrasen stämmer inte."}
}
func (f *fakes) SignInByPasskey(locker, origin string, response []byte, proof, address string) (string, error) {
	if string(response) == `{"id":"right at `+origin+`"}` {
		return "good", nil
	}
	return "", &casework.Error{Code: "passkey_refused", Sentence: "Nej."}
}
func (f *fakes) SignInChallenge(locker string) string { return "challenge for " + locker }
func (f *fakes) PasskeyChallenge(*casework.Session) (string, string) {
	return "challenge", "handle"
}
func (f *fakes) Enrol(_ *casework.Session, origin string, in casework.Enrolment) error {
	f.note("enrol " + in.Locker + " " + string(in.Wraps))
	return nil
}
func (f *fakes) Device(*casework.Session) (*casework.Device, error) {
	return &casework.Device{Locker: "L", Wraps: json.RawMessage(`[{"by":"passphrase"}]`), Signing: []byte("k")}, nil
}
func (f *fakes) Report(_ *casework.Session, wrong int, turn int64) (int64, error) {
	f.note(fmt.Sprint("wrong ", wrong))
	return turn + 1, nil
}
func (f *fakes) LeaseOf(string) (int, error) { return 7, nil }
func (f *fakes) SetSigning(_ *casework.Session, spki []byte) error {
	f.note("signing " + string(spki))
	return nil
}

func (f *fakes) Serve(ws *websocket.Conn, _ server.Author, _ func() error) { f.serve(ws) }
func (f *fakes) Answer(_ server.Author, _ func() error, messages []json.RawMessage) []json.RawMessage {
	return messages
}
func (f *fakes) SignOut(person, device string) { f.note(person + " " + device) }

func (f *fakes) Key() string { return "KEY" }
func (f *fakes) Subscribe(s casework.Subscription) error {
	f.note("subscribe " + s.Endpoint)
	return nil
}
func (f *fakes) Unsubscribe(person, endpoint string) error {
	f.note("unsubscribe " + endpoint)
	return nil
}
func (f *fakes) Forget(person, device string) error { f.note("forget " + person); return nil }
func (f *fakes) Shown(alert, person string) error   { f.note("shown " + alert); return nil }

func (f *fakes) Propose(_ *casework.Member, name string, partial bool, content []byte) (any, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files = append(f.files, content)
	return map[string]any{"fileName": name, "partial": partial}, f.failing
}
func (f *fakes) Waiting(*casework.Member) (any, error)                   { return []string{}, f.failing }
func (f *fakes) Proposal(_ *casework.Member, id string) (any, error)     { return id, f.failing }
func (f *fakes) Confirm(*casework.Member, string, []string) (any, error) { return 1, f.failing }
func (f *fakes) Drop(*casework.Member, string) error                     { return f.failing }

// devices are those behind the door.
type erasures struct{ *fakes }

func (f erasures) Plan(*casework.Member) (any, error)             { return 1, f.failing }
func (f erasures) Keep(*casework.Member, []byte) error            { return f.failing }
func (f erasures) Run(_ *casework.Member, count int) (any, error) { return count, f.failing }
func (f erasures) Hold(*casework.Member, string, string) error    { return f.failing }
func (f erasures) Certificate(*casework.Member, int64) ([]byte, error) {
	return []byte("{}"), f.failing
}

type rescues struct{ *fakes }

func (f rescues) Keys(org string) (any, error) { return []string{org}, nil }
func (f rescues) TakeIn(payload, signature []byte) (any, error) {
	return string(payload) + " by " + string(signature), f.failing
}
func (f rescues) View(by *casework.Member) (any, error)                     { return by.ID, f.failing }
func (f rescues) Hold(*casework.Member, []byte) error                       { return f.failing }
func (f rescues) Make(*casework.Member, []byte) error                       { return f.failing }
func (f rescues) Begin(*casework.Member, []byte) (any, error)               { return nil, f.failing }
func (f rescues) Stop(*casework.Member, string) error                       { return f.failing }
func (f rescues) Locked(_ *casework.Member, id string) (any, error)         { return id, f.failing }
func (f rescues) Open(_ *casework.Member, id string, _ []byte) (any, error) { return id, f.failing }

type devices struct{ *fakes }

func (d devices) List(_ *casework.Member, here string) (any, error) { return here, d.failing }
func (d devices) Order(_ *casework.Member, here, person, device, order string) error {
	d.note(order + " " + person + " " + device)
	return d.failing
}
func (d devices) Orders(lockers []string) (any, error) { return lockers, d.failing }
func (d devices) Wiped(locker string) error {
	d.note("wiped " + locker)
	return d.failing
}

// recoveries are those behind the door.
type recoveries struct{ *fakes }

func (d recoveries) List(*casework.Member) (any, error)   { return []string{}, d.failing }
func (d recoveries) Events(*casework.Member) (any, error) { return []string{}, d.failing }
func (d recoveries) Ask(_ *casework.Member, _, person string) error {
	d.note("ask for " + person)
	return d.failing
}
func (d recoveries) Agree(_ *casework.Member, _, id string) (string, error) {
	return "ABCD-EFGH", d.failing
}
func (d recoveries) Drop(_ *casework.Member, _, id string) error { return d.failing }

func (f *fakes) List() any { return []string{"sjoberga"} }
func (f *fakes) Start(id string) (string, string, error) {
	return "https://login.example/" + id, "the secret", f.failing
}
func (f *fakes) Finish(secret, state, code string) (string, error) {
	if secret != "the secret" || state == "" {
		return "", errors.Join(&casework.Error{Code: "oidc_failed", Sentence: "Nej."}, errors.New("another journey"))
	}
	return "token-" + code, f.failing
}

func (f *fakes) Ask(_ *casework.Member, id string) (any, error) { return id, f.failing }
func (f *fakes) Take(_ *casework.Member, id string, n int, part []byte) (any, error) {
	f.note(fmt.Sprint(id, " ", n, " ", len(part)))
	return id, f.failing
}
func (f *fakes) Show(_ *casework.Member, _, id string) ([]byte, error) {
	return []byte("picture " + id), f.failing
}

func (f *fakes) OfCase(_ *casework.Member, root string, before int64) (any, error) {
	return []any{root, before}, f.failing
}
func (f *fakes) OfOrganisation(_ *casework.Member, person string, before int64) (any, error) {
	return []any{person, before}, f.failing
}
func (f *fakes) Told(_ *casework.Member, device string, rs []casework.Reading) error {
	for _, r := range rs {
		f.note("read " + r.Root)
	}
	return f.failing
}
func (f *fakes) Denied(_ *casework.Member, _, what string) { f.note("denied " + what) }

func (f *fakes) note(s string) {
	f.mu.Lock()
	f.ended = append(f.ended, s)
	f.mu.Unlock()
}

func (f *fakes) noted() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.ended, "; ")
}

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
		Accounts: r.fakes, Sockets: r.fakes, Pushes: r.fakes, Imports: r.fakes, Photos: r.fakes, Providers: r.fakes,
		Book: r.fakes, Devices: devices{r.fakes}, Recoveries: recoveries{r.fakes}, Rescue: rescues{r.fakes}, Erasure: erasures{r.fakes},
		Verification: func(*casework.Member) (any, error) { return map[string]bool{"ok": true}, nil },
		Search:       func(_ *casework.Member, query string) (any, error) { return []string{query}, nil },
		Month:        func(*casework.Member) (any, error) { return map[string]int{"day": 3}, nil },
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

func TestOpenAPIListsEachRoute(t *testing.T) {
	r := start(t, nil)
	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(openapi, &doc); err != nil {
		t.Fatal(err)
	}
	routes := map[string]bool{}
	for _, route := range r.app.GetRoutes(true) {
		if route.Method == http.MethodHead {
			continue
		}
		path := regexp.MustCompile(`:(\w+)`).ReplaceAllString(strings.ReplaceAll(route.Path, "*", "{path}"), "{$1}")
		routes[route.Method+" "+path] = true
		if doc.Paths[path][strings.ToLower(route.Method)] == nil {
			t.Errorf("openapi.json lacks %s %s", route.Method, path)
		}
	}
	for path, operations := range doc.Paths {
		for method := range operations {
			if !routes[strings.ToUpper(method)+" "+path] {
				t.Errorf("openapi.json has %s %s, which is no route", method, path)
			}
		}
	}
	if len(routes) < 20 {
		t.Errorf("only %d routes were looked at", len(routes))
	}
}

func TestWritesNeedTheAppsOrigin(t *testing.T) {
	r := start(t, nil)
	writes := [][2]string{
		{"POST", "/sync"}, {"POST", "/api/session"}, {"DELETE", "/api/session"}, {"POST", "/api/imports"},
		{"POST", "/api/imports/1/confirm"}, {"DELETE", "/api/imports/1"}, {"POST", "/api/push/subscriptions"},
		{"DELETE", "/api/push/subscriptions"}, {"POST", "/api/alerts/1/shown"},
		{"POST", "/api/readings"}, {"POST", "/api/search"}, {"PUT", "/api/photos/1/parts/0"}, {"POST", "/api/oidc/sjoberga"},
		{"POST", "/api/session/again"}, {"PUT", "/api/vault"}, {"PUT", "/api/device/signing"},
		{"POST", "/api/devices/kim/1/block"}, {"POST", "/api/device/orders"}, {"POST", "/api/device/wiped"}, {"POST", "/api/device/report"},
		{"POST", "/api/session/passkey"}, {"POST", "/api/session/passkey/challenge"}, {"POST", "/api/vault/passkey/challenge"},
		{"POST", "/api/recoveries"}, {"POST", "/api/recoveries/1/agree"}, {"DELETE", "/api/recoveries/1"},
		{"PUT", "/api/erasure/keep"}, {"POST", "/api/erasure/run"}, {"PUT", "/api/erasure/holds/1"}, {"DELETE", "/api/erasure/holds/1"},
		{"POST", "/api/handin"}, {"PUT", "/api/rescue/code"}, {"POST", "/api/rescue/key"}, {"POST", "/api/rescue/opening"}, {"POST", "/api/rescue/opening/1"}, {"DELETE", "/api/rescue/opening/1"},
	}
	listed := 0
	for _, route := range r.app.GetRoutes(true) {
		if route.Method != "GET" && route.Method != "HEAD" && route.Path != "/withdraw" { // a tenant's: it rides on no cookie
			listed++
		}
	}
	if listed != len(writes) {
		t.Errorf("there are %d writing routes, and this test knows %d", listed, len(writes))
	}
	origins := []string{"", "null", "http://evil.example", "https://" + r.addr, "http://localhost", "http://localhost:1", "http://" + r.addr + ".evil.example", "http://evil.example/" + r.addr}
	for _, write := range writes {
		for _, origin := range origins {
			r.want(write[0], write[1], "{}", func(req *http.Request) {
				req.Header.Del("Origin")
				if origin != "" {
					req.Header.Set("Origin", origin)
				}
			}, 403, "wrong_origin")
		}
		if write[1] != "/api/session" || write[0] != "POST" {
			r.want(write[0], write[1], "{}", func(req *http.Request) { req.Header.Del("X-Bokvar") }, 403, "wrong_origin")
		}
	}
	r.want("POST", "/api/alerts/a1/shown", "", func(req *http.Request) { // a foreign name that points here
		req.Host = "rebound.example"
		req.Header.Set("Origin", "http://rebound.example")
	}, 403, "wrong_origin")
	r.want("POST", "/api/alerts/a1/shown", "", nil, 204, "")
	if r.noted() != "shown a1" {
		t.Errorf("what was refused was done all the same: %s", r.noted())
	}
}

func TestReadsNeedASession(t *testing.T) {
	r := start(t, nil)
	for _, path := range []string{"/api/session", "/api/why/rules", "/api/method", "/api/imports", "/api/imports/1", "/sync", "/api/log", "/api/log/1", "/api/devices", "/api/recoveries", "/api/account/events"} {
		resp := r.want("GET", path, "", func(req *http.Request) { req.Header.Set("Cookie", "bokvar=other") }, 401, `"signed_out"`)
		if resp.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept by a cache", path)
		}
	}
	for _, table := range []string{"rules", "access", "method"} {
		r.want("GET", "/api/why/"+table, "", nil, 200, `"rows":[{`)
	}
	r.want("GET", "/api/why/other", "", nil, 404, "not_found")
	r.want("GET", "/api/nothing", "", nil, 404, `"not_found"`)
	r.want("GET", "/api/method", "", nil, 200, `"day":3`)
	r.member.Role = casework.Caretaker
	r.want("GET", "/api/method", "", nil, 403, "not_allowed")
	r.want("GET", "/api/imports", "", nil, 403, "not_allowed")
}

func TestSessionOverHTTP(t *testing.T) {
	r := start(t, nil)
	in := `{"link":"right","device":"6f2c9f0e-8c5e-4f0e-9a58-0a9a0a1c2d3e"}`
	resp := r.want("POST", "/api/session", in, func(req *http.Request) { req.Header.Del("Cookie"); req.Header.Del("X-Bokvar") }, 200, `"vault":{"locker":"L","wraps":[{"by":"passphrase"}],"signs":true}`)
	cookie := resp.Header.Get("Set-Cookie")
	for _, part := range []string{"bokvar=good", "HttpOnly", "SameSite=Strict", "path=/", "max-age="} {
		if !strings.Contains(cookie, part) {
			t.Errorf("the cookie %q lacks %s", cookie, part)
		}
	}
	if strings.Contains(strings.ToLower(cookie), "secure") {
		t.Errorf("on http://localhost the cookie %q must not be secure", cookie)
	}
	r.want("POST", "/api/session", `{"link":"wrong","device":"6f2c9f0e-8c5e-4f0e-9a58-0a9a0a1c2d3e"}`, nil, 400, "invalid_code")
	r.want("POST", "/api/session", `{"link":"right","device":"x"}`, nil, 400, "malformed")
	if got := r.noted(); got != "" {
		t.Errorf("a failed sign-in ended the session that was there: %s", got)
	}
	r.want("POST", "/api/session", `{`, nil, 400, "malformed")
	resp = r.want("DELETE", "/api/session", "", nil, 204, "")
	if !strings.Contains(resp.Header.Get("Set-Cookie"), "bokvar=;") || !strings.Contains(r.noted(), "forget kim") {
		t.Errorf("signing out left something: %q, %s", resp.Header.Get("Set-Cookie"), r.noted())
	}
}

func TestVaultOverHTTP(t *testing.T) {
	r := start(t, nil)
	r.want("PUT", "/api/vault", `{"locker":"L1","wraps":[1],"proof":"p"}`, nil, 204, "")
	r.want("PUT", "/api/device/signing", `{"key":"U1BLSQ=="}`, nil, 204, "")
	if got := r.noted(); got != "enrol L1 [1]; signing SPKI" {
		t.Errorf("%s", got)
	}
	again := func(req *http.Request) { req.Header.Del("Cookie") }
	r.want("POST", "/api/session/again", `{"auth":"wrong"}`, again, 400, "wrong_passphrase")
	resp := r.want("POST", "/api/session/again", `{"auth":"right"}`, again, 200, `"name"`)
	if !strings.Contains(resp.Header.Get("Set-Cookie"), "bokvar=good") {
		t.Errorf("the cookie is %q", resp.Header.Get("Set-Cookie"))
	}
}

// A cookie that was copied from a disk lacks what lies sealed beside it.
// The server checks a passkey's answer against the origin that the app was at.
func TestPasskeyOverHTTP(t *testing.T) {
	r := start(t, nil)
	locker := "6f2c9f0e-8c5e-4f0e-9a58-0a9a0a1c2d3e"
	nobody := func(req *http.Request) { req.Header.Del("Cookie") }
	r.want("POST", "/api/session/passkey/challenge", `{"locker":"`+locker+`"}`, nobody, 200, `"challenge for `+locker)
	r.want("POST", "/api/session/passkey/challenge", `{}`, nobody, 400, "malformed")
	r.want("POST", "/api/vault/passkey/challenge", `{}`, nobody, 401, "signed_out")
	r.want("POST", "/api/vault/passkey/challenge", `{}`, nil, 200, `"handle"`)
	answer := `{"locker":"` + locker + `","passkey":{"id":"right at http://` + r.addr + `"}}`
	resp := r.want("POST", "/api/session/passkey", answer, nobody, 200, `"person"`)
	if !strings.Contains(resp.Header.Get("Set-Cookie"), "bokvar=good") {
		t.Error(resp.Header.Get("Set-Cookie"))
	}
	r.want("POST", "/api/session/passkey", strings.Replace(answer, "right at", "wrong at", 1), nobody, 400, "passkey_refused")
}

// A device on which nobody is signed in may ask what it is to do, and say that it
// did; only one that nobody else uses is told to delete all that is left.
func TestWhatALostDeviceMaySay(t *testing.T) {
	r := start(t, nil)
	nobody := func(req *http.Request) { req.Header.Del("Cookie") }
	r.want("POST", "/api/device/orders", `{"lockers":["a"]}`, nobody, 200, `["a"]`)
	r.want("POST", "/api/device/orders", `{"lockers":[]}`, nobody, 400, "malformed")
	r.want("POST", "/api/device/orders", `{"lockers":["a"`+strings.Repeat(`,"a"`, mostLockers)+`]}`, nobody, 400, "malformed")
	for body, clears := range map[string]bool{`{"locker":"a"}`: false, `{"locker":"a","whole":true}`: true} {
		resp := r.want("POST", "/api/device/wiped", body, nobody, 204, "")
		if got := resp.Header.Get("Clear-Site-Data"); (got == `"cache", "cookies", "storage"`) != clears || !clears && got != "" {
			t.Errorf("%s: %q", body, got)
		}
	}
	r.failing = errOut
	if resp := r.want("POST", "/api/device/wiped", `{"locker":"a","whole":true}`, nobody, 401, ""); resp.Header.Get("Clear-Site-Data") != "" {
		t.Error("a word that was not taken clears the device")
	}
	r.failing = nil
	r.want("GET", "/api/devices", "", nil, 200, `"6f2c9f0e-`)
	r.want("POST", "/api/devices/kim/d1/block", "", nil, 204, "")
	if !strings.HasSuffix(r.noted(), "block kim d1") {
		t.Error(r.noted())
	}
}

func TestACookieWithoutItsProof(t *testing.T) {
	r := start(t, nil)
	bound := func(req *http.Request) { req.Header.Set("Cookie", "bokvar=bound") }
	proven := func(req *http.Request) {
		bound(req)
		req.Header.Set("X-Bokvar-Proof", strings.Repeat("p", 43))
	}
	for _, path := range []string{"/api/session", "/api/imports", "/api/why/rules"} {
		r.want("GET", path, "", bound, 401, "signed_out")
	}
	r.want("POST", "/sync", `{"messages":[]}`, bound, 401, "signed_out")
	r.want("GET", "/api/session", "", proven, 200, `"name"`)
	r.serve = func(ws *websocket.Conn) { _ = ws.WriteMessage(websocket.TextMessage, []byte("in")) }
	dial := func(protocols ...string) (*websocket.Conn, error) {
		d := websocket.Dialer{Subprotocols: protocols}
		ws, resp, err := d.Dial("ws://"+r.addr+"/sync", http.Header{"Cookie": {"bokvar=bound"}, "Origin": {"http://" + r.addr}})
		if resp != nil {
			_ = resp.Body.Close()
		}
		return ws, err
	}
	for _, offered := range [][]string{nil, {"bokvar"}, {"bokvar", "proof.x"}} {
		if ws, err := dial(offered...); err == nil {
			_ = ws.Close()
			t.Errorf("a socket was opened with %v", offered)
		}
	}
	ws, err := dial("bokvar", "proof."+strings.Repeat("p", 43))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ws.Close() }()
	if ws.Subprotocol() != "bokvar" {
		t.Errorf("the protocol is %q: the proof must not come back", ws.Subprotocol())
	}
	if _, said, err := ws.ReadMessage(); err != nil || string(said) != "in" {
		t.Errorf("%q %v", said, err)
	}
	if strings.Contains(r.logged(), "pppp") {
		t.Error("the log holds the proof")
	}
}

func TestSecureOnADomain(t *testing.T) {
	r := start(t, func(o *Options) { o.Origin = "https://bokvar.example" })
	as := func(req *http.Request) {
		req.Header.Set("Origin", "https://bokvar.example")
		req.Host = "bokvar.example"
	}
	resp := r.want("POST", "/api/session", `{"link":"right","device":"6f2c9f0e-8c5e-4f0e-9a58-0a9a0a1c2d3e"}`, as, 200, "")
	if cookie := strings.ToLower(resp.Header.Get("Set-Cookie")); !strings.Contains(cookie, "secure") || !strings.HasPrefix(cookie, "__host-bokvar=") {
		t.Errorf("the cookie %q travels unprotected", cookie)
	}
	if resp.Header.Get("Strict-Transport-Security") == "" || !strings.Contains(resp.Header.Get("Content-Security-Policy"), "wss://bokvar.example") {
		t.Errorf("headers: %v", resp.Header)
	}
	r.want("POST", "/api/alerts/a/shown", "", nil, 403, "wrong_origin") // localhost is another origin now
}

func TestAppFiles(t *testing.T) {
	r := start(t, nil)
	with := func(name, value string) func(*http.Request) {
		return func(req *http.Request) { req.Header.Set(name, value) }
	}
	for _, path := range []string{"/", "/visit/1", "/in"} {
		resp := r.want("GET", path, "", nil, 200, "<title>Bokvar")
		if resp.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %v", path, resp.Header)
		}
		for _, header := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"} {
			if resp.Header.Get(header) == "" {
				t.Errorf("%s lacks %s", path, header)
			}
		}
		r.want("GET", path, "", with("If-None-Match", resp.Header.Get("ETag")), 304, "")
	}
	for accepts, want := range map[string]string{"gzip, deflate, br": "brotli", "gzip": "gzip", "br;q=0, gzip": "gzip", "identity": "plain"} {
		resp := r.want("GET", "/assets/app-1a2b.js", "", with("Accept-Encoding", accepts), 200, want)
		if !strings.Contains(resp.Header.Get("Cache-Control"), "immutable") || resp.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("%s: %v", accepts, resp.Header)
		}
	}
	if resp := r.want("GET", "/sw.js", "", nil, 200, "self"); resp.Header.Get("Service-Worker-Allowed") != "/" || resp.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("sw.js: %v", resp.Header)
	}
	r.want("GET", "/manifest.webmanifest", "", nil, 200, "{}")
	r.want("GET", "/icons/bokvar.svg", "", nil, 200, "<svg")
	for _, path := range []string{"/assets/other.js", "/icons/..%2findex.html", "/favicon.ico", "/../go.mod"} {
		r.want("GET", path, "", nil, 404, "not_found")
	}
}

func TestBodiesHaveLimits(t *testing.T) {
	r := start(t, nil)
	r.want("POST", "/sync", `{"messages":["`+strings.Repeat("x", smallBody)+`"]}`, nil, 413, "too_big")
	r.want("POST", "/sync", `{"messages":[{"type":"have"}]}`, nil, 200, `{"messages":[{"type":"have"}]}`)
	upload := func(size int) (int, string) {
		form := "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"lista.csv\"\r\n\r\n" + strings.Repeat("x", size) + "\r\n--B--\r\n"
		resp, body := r.ask("POST", "/api/imports?partial=1", form, func(req *http.Request) {
			req.Header.Set("Content-Type", "multipart/form-data; boundary=B")
		})
		return resp.StatusCode, body
	}
	if status, body := upload(1 << 20); status != 200 || !strings.Contains(body, `"lista.csv"`) || len(r.files) != 1 || len(r.files[0]) != 1<<20 {
		t.Errorf("1 MB: %d %s", status, body)
	}
	if status, body := upload(50 << 20); status != 413 || !strings.Contains(body, "20 MB") || len(r.files) != 1 {
		t.Errorf("50 MB: %d %s", status, body)
	}
	r.want("POST", "/api/imports", "no form", nil, 400, "malformed")
}

// What a handler leaves unread of a body must not be taken for another request.
func TestUnreadBodyIsNoRequest(t *testing.T) {
	r := start(t, nil)
	inner := "POST /api/alerts/smuggled/shown HTTP/1.1\r\nHost: " + r.addr + "\r\nOrigin: http://" + r.addr + "\r\nX-Bokvar: 1\r\nCookie: bokvar=good\r\nContent-Length: 0\r\n\r\n"
	body := strings.Repeat(" ", 2*smallBody) + inner
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	go func() {
		_, _ = io.WriteString(conn, "POST /api/nothing HTTP/1.1\r\nHost: "+r.addr+"\r\nContent-Length: "+itoa(len(body))+"\r\n\r\n"+body)
	}()
	answers, _ := io.ReadAll(conn)
	if n := bytes.Count(answers, []byte("HTTP/1.1 ")); n != 1 || strings.Contains(r.noted(), "smuggled") {
		t.Errorf("%d answers, done: %q", n, r.noted())
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

func TestFailuresTellANumberAndLogsNoSecrets(t *testing.T) {
	r := start(t, nil)
	r.failing = errors.New("the table is on fire")
	resp, body := r.ask("GET", "/api/imports/199006022397?q=Strandvik", "", nil)
	var a answer
	if err := json.Unmarshal([]byte(body), &a); err != nil || resp.StatusCode != 500 || a.Code != "failed" || strings.Contains(a.Sentence, "fire") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	r.failing = server.ErrDiskFull
	r.want("GET", "/api/imports/1", "", nil, 507, "disk_full")
	log := r.logged()
	number := strings.Fields(strings.SplitAfter(a.Sentence, "nummer ")[1])[0]
	if !strings.Contains(log, number) || !strings.Contains(log, "on fire") || !strings.Contains(log, `"route":"/api/imports/:id"`) {
		t.Errorf("the log does not help: %s", log)
	}
	for _, secret := range []string{"Strandvik", "199006022397", "good", "kim"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q: %s", secret, log)
		}
	}
}

func TestAPictureComesInParts(t *testing.T) {
	r := start(t, nil)
	part := strings.Repeat("x", casework.PhotoPart)
	if resp, got := r.ask("PUT", "/api/photos/p1/parts/3", part, nil); resp.StatusCode != 200 || got != `"p1"` {
		t.Errorf("%d %s", resp.StatusCode, got)
	}
	if want := fmt.Sprint("p1 3 ", len(part)); !strings.Contains(r.noted(), want) {
		t.Errorf("%s does not say %q", r.noted(), want)
	}
	r.want("PUT", "/api/photos/p1/parts/3", part+"x", nil, 413, "too_big")
	r.want("PUT", "/api/photos/p1/parts/three", "x", nil, 404, "not_found")
	resp, got := r.ask("GET", "/api/photos/p1", "", nil)
	if resp.Header.Get("Content-Type") != "image/jpeg" || resp.Header.Get("Cache-Control") != "no-store" || got != "picture p1" {
		t.Errorf("%v %s", resp.Header, got)
	}
}

func TestTheWayBackFromAProvider(t *testing.T) {
	r := start(t, nil)
	resp, got := r.ask("POST", "/api/oidc/sjoberga", "{}", nil)
	cookie := resp.Cookies()
	if !strings.Contains(got, "https://login.example/sjoberga") || len(cookie) != 1 || !cookie[0].HttpOnly || cookie[0].SameSite != http.SameSiteLaxMode || cookie[0].Path != "/api/oidc" || cookie[0].MaxAge != 300 {
		t.Fatalf("%s %+v", got, cookie)
	}
	back := func(query, secret string) string {
		t.Helper()
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		req, err := http.NewRequest("GET", "http://"+r.addr+"/api/oidc/callback"+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.AddCookie(&http.Cookie{Name: "bokvar-oidc", Value: secret})
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusSeeOther || len(resp.Cookies()) != 1 || resp.Cookies()[0].Value != "" || !resp.Cookies()[0].Expires.Before(time.Now()) {
			t.Errorf("%s: %d %+v", query, resp.StatusCode, resp.Cookies())
		}
		return resp.Header.Get("Location")
	}
	if to := back("?state=s&code=c", "the secret"); to != "/in#token-c" {
		t.Errorf("it lands on %s", to)
	}
	if to := back("?state=s&code=c", "another"); to != "/in#!oidc_failed" {
		t.Errorf("another browser lands on %s", to)
	}
	if to := back("?error=access_denied", "the secret"); to != "/in#!oidc_failed" {
		t.Errorf("who changed their mind lands on %s", to)
	}
	if log := r.logged(); !strings.Contains(log, "another journey") || strings.Contains(log, "the secret") {
		t.Errorf("the log says %s", log)
	}
}
