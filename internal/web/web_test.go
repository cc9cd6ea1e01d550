package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

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
		{"POST", "/api/readings"}, {"POST", "/api/search"}, {"POST", "/api/protected/1"}, {"PUT", "/api/protected/1"}, {"POST", "/api/protected/1/photos/1"}, {"POST", "/api/extract/1"}, {"PUT", "/api/photos/1/parts/0"}, {"POST", "/api/oidc/sjoberga"},
		{"POST", "/api/session/again"}, {"DELETE", "/api/session/others"}, {"PUT", "/api/vault"}, {"PUT", "/api/device/signing"},
		{"POST", "/api/devices/kim/1/block"}, {"POST", "/api/device/orders"}, {"POST", "/api/device/wiped"}, {"POST", "/api/device/report"},
		{"POST", "/api/session/passkey"}, {"POST", "/api/session/passkey/challenge"}, {"POST", "/api/vault/passkey/challenge"},
		{"POST", "/api/recoveries"}, {"POST", "/api/recoveries/1/agree"}, {"DELETE", "/api/recoveries/1"},
		{"POST", "/api/people"}, {"PUT", "/api/people/1"}, {"POST", "/api/people/1/invite"}, {"POST", "/api/people/1/end"}, {"POST", "/api/log/search"},
		{"PUT", "/api/limits"}, {"PUT", "/api/erasure/keep"}, {"POST", "/api/erasure/run"}, {"PUT", "/api/erasure/holds/1"}, {"DELETE", "/api/erasure/holds/1"},
		{"POST", "/api/handin"}, {"PUT", "/api/rescue/code"}, {"PUT", "/api/rescue/halves"}, {"POST", "/api/rescue/key"}, {"POST", "/api/rescue/opening"}, {"POST", "/api/rescue/opening/1"}, {"DELETE", "/api/rescue/opening/1"},
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
	for _, path := range []string{"/api/session", "/api/why/rules", "/api/tongues/fi", "/api/method", "/api/imports", "/api/imports/1", "/sync", "/api/log", "/api/log/1", "/api/devices", "/api/recoveries", "/api/account/events"} {
		resp := r.want("GET", path, "", func(req *http.Request) { req.Header.Set("Cookie", "bokvar=other") }, 401, `"signed_out"`)
		if resp.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept by a cache", path)
		}
	}
	for _, table := range []string{"rules", "access", "method"} {
		r.want("GET", "/api/why/"+table, "", nil, 200, `"rows":[{`)
	}
	r.want("GET", "/api/why/other", "", nil, 404, "not_found")
	r.want("GET", "/api/tongues/fi", "", nil, 200, `"page":{`)
	r.want("GET", "/api/tongues/xx", "", nil, 404, "not_found")
	r.want("GET", "/api/nothing", "", nil, 404, `"not_found"`)
	r.want("GET", "/api/method", "", nil, 200, `"day":3`)
	r.member.Role = casework.Caretaker
	r.want("GET", "/api/method", "", nil, 403, "not_allowed")
	r.want("GET", "/api/imports", "", nil, 403, "not_allowed")
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

// Nothing inline, of eval only WebAssembly, no text that becomes HTML: on the app's page
// and on the one that a tenant opens without it.
func TestThePolicyIsStrict(t *testing.T) {
	r := start(t, nil)
	for _, path := range []string{"/", "/visit/1", "/withdraw", "/api/session", "/nothing"} {
		resp, _ := r.ask("GET", path, "", nil)
		got := map[string]string{}
		for _, directive := range strings.Split(resp.Header.Get("Content-Security-Policy"), ";") {
			name, sources, _ := strings.Cut(strings.TrimSpace(directive), " ")
			if _, twice := got[name]; twice {
				t.Errorf("%s: %s twice: only the first would count", path, name)
			}
			got[name] = sources
		}
		for name, want := range map[string]string{
			"default-src": "'self'", "script-src": "'self' 'wasm-unsafe-eval'", "worker-src": "'self'", "object-src": "'none'", "base-uri": "'none'",
			"form-action": "'self'", "frame-ancestors": "'none'", "require-trusted-types-for": "'script'", "trusted-types": "bokvar", "img-src": "'self' data: blob:",
		} {
			if got[name] != want {
				t.Errorf("%s: %s %q, want %q", path, name, got[name], want)
			}
			delete(got, name)
		}
		if connect := strings.Fields(got["connect-src"]); len(connect) > 2 || connect[0] != "'self'" || len(connect) == 2 && !strings.HasPrefix(connect[1], "ws") {
			t.Errorf("%s: connect-src %q", path, connect)
		}
		if delete(got, "connect-src"); len(got) > 0 {
			t.Errorf("%s: nobody thought of %v", path, got)
		}
		if resp.Header.Get("Cross-Origin-Opener-Policy") != "same-origin" || resp.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("%s: %v", path, resp.Header)
		}
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

func TestAConsentOnPaperIsKeptByNoCache(t *testing.T) {
	r := start(t, nil)
	resp, got := r.ask("GET", "/api/consents/c1/paper.pdf", "", nil)
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "application/pdf" || resp.Header.Get("Cache-Control") != "no-store" || got != "%PDF of c1" {
		t.Errorf("%d %v %s", resp.StatusCode, resp.Header, got)
	}
	if name := resp.Header.Get("Content-Disposition"); strings.Contains(name, "c1") {
		t.Errorf("the file's name tells which consent it is: %s", name)
	}
	r.fakes.failing = errNotFound
	r.want("GET", "/api/consents/c1/paper.pdf", "", nil, 404, "not_found")
}
