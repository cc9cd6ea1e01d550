package web

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

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

// A page whose vault is Kim's is answered nothing by the session that Alva has begun on
// the same phone: what Kim wrote must not go up in her name, and be turned down there.
func TestAPageOfSomebodyElse(t *testing.T) {
	r := start(t, nil)
	r.serve = func(ws *websocket.Conn) { _ = ws.WriteMessage(websocket.TextMessage, []byte("in")) }
	for person, status := range map[string]int{"kim": 200, "alva": 401} {
		shown := strings.Repeat("p", 43) + "." + base64.RawURLEncoding.EncodeToString([]byte(person))
		as := func(req *http.Request) { req.Header.Set("X-Bokvar-Proof", shown) }
		said := map[int]string{200: "", 401: "signed_out"}[status]
		r.want("GET", "/api/session", "", as, status, said)
		r.want("POST", "/sync", `{"messages":[]}`, as, status, said)
		d := websocket.Dialer{Subprotocols: []string{"bokvar", "proof." + shown}}
		ws, resp, err := d.Dial("ws://"+r.addr+"/sync", http.Header{"Cookie": {"bokvar=good"}, "Origin": {"http://" + r.addr}})
		if resp != nil {
			_ = resp.Body.Close()
		}
		if (err == nil) != (status == 200) {
			t.Errorf("a socket for %s: %v", person, err)
		}
		if err == nil {
			_ = ws.Close()
		}
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
