package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"bokvar/internal/demo"
	"bokvar/sync/wire"
)

// A cookie that somebody planted before the sign-in lets nobody in afterwards.
func TestSessionFixation(t *testing.T) {
	r := start(t, town(t))
	planted := strings.Repeat("A", 43)
	l, err := r.core.invite("kim")
	if err != nil {
		t.Fatal(err)
	}
	status, _, resp := r.ask("POST", "/api/session", planted, map[string]string{"link": l.Token, "device": uuid.NewString()})
	if status != 200 || resp.Cookies()[0].Value == planted {
		t.Errorf("%d: the planted cookie was taken over", status)
	}
	if status, _, _ := r.ask("GET", "/api/session", planted, nil); status != 401 {
		t.Errorf("with the planted cookie: %d", status)
	}
	other := r.signIn("jonna") // signing in as somebody else ends the browser's session from before
	l, err = r.core.invite("kim")
	if err != nil {
		t.Fatal(err)
	}
	r.ask("POST", "/api/session", other.cookie, map[string]string{"link": l.Token, "device": other.id})
	if status, _, _ := r.ask("GET", "/api/session", other.cookie, nil); status != 401 {
		t.Errorf("the session from before goes on: %d", status)
	}
}

// What let somebody in once lets nobody in twice, whoever is faster; nor does what
// was spoilt or belongs to somebody who may not come any more.
func TestInvitationIsNotReplayed(t *testing.T) {
	r := start(t, town(t))
	l, err := r.core.invite("kim")
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []map[string]string{{"link": l.Token}, {"code": l.Code}} {
		in["device"] = uuid.NewString()
		var wg sync.WaitGroup
		results := make([]int, 8)
		for i := range results {
			wg.Go(func() { results[i], _, _ = r.ask("POST", "/api/session", "", in) })
		}
		wg.Wait()
		let := 0
		for _, status := range results {
			if status == 200 {
				let++
			}
		}
		if let != 1 {
			t.Errorf("%d were let in at once: %v", let, results)
		}
	}
	l, err = r.core.invite("alva")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.core.accounts.Disable("alva", "", ""); err != nil {
		t.Fatal(err)
	}
	uniform := map[string]bool{}
	for _, in := range []map[string]string{{"link": l.Token}, {"link": l.Token[:20]}, {"link": strings.Repeat("A", len(l.Token))}, {"code": "AAAA-AAAA"}, {"code": l.Code}, {}} {
		in["device"] = uuid.NewString()
		status, answer, _ := r.ask("POST", "/api/session", "", in)
		uniform[fmt.Sprint(status, answer)] = true
	}
	if len(uniform) != 1 {
		t.Errorf("wrong, unknown, spoilt and disabled are told apart: %v", uniform)
	}
}

// Another site's page opens no socket with the victim's cookie, and sends nothing.
func TestCrossSiteSocketHijacking(t *testing.T) {
	r := start(t, town(t))
	kim := r.signIn("kim")
	for _, origin := range []string{"", "null", "http://evil.example", "http://localhost.evil.example", r.URL + ".evil.example", strings.Replace(r.URL, "http", "https", 1)} {
		header := http.Header{"Cookie": {"bokvar=" + kim.cookie}}
		if origin != "" {
			header.Set("Origin", origin)
		}
		ws, resp, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(r.URL, "http")+"/sync", header)
		if err == nil {
			_ = ws.Close()
			t.Errorf("a page of %q opened a socket", origin)
		} else if resp == nil || resp.StatusCode != 403 {
			t.Errorf("a page of %q: %v", origin, err)
		}
	}
}

// A stolen cookie ends with the session: signed out, disabled, at once on sockets
// that are open, and for what is sent over them.
func TestStolenCookieEndsWithItsSession(t *testing.T) {
	for name, end := range map[string]func(*running, *phone){
		"signed out": func(r *running, p *phone) { r.ask("DELETE", "/api/session", p.cookie, nil) },
		"disabled": func(r *running, p *phone) {
			if _, err := disableUser(r.core, "kim"); err != nil {
				t.Error(err)
			}
		},
	} {
		r := start(t, town(t))
		kim := r.signIn("kim")
		thief := &phone{r: r, id: uuid.NewString(), cookie: kim.cookie, held: map[string]wire.Record{}}
		thief.connect()
		end(r, kim)
		if p := hear[*wire.Problem](thief); p.Code != wire.CodeSignedOut {
			t.Errorf("%s: the thief hears %+v", name, p)
		}
		if status, _, _ := r.ask("POST", "/sync", thief.cookie, map[string]any{"messages": []any{}}); status != 401 {
			t.Errorf("%s: the thief goes on by POST: %d", name, status)
		}
		if status, _, _ := r.ask("GET", "/api/session", thief.cookie, nil); status != 401 {
			t.Errorf("%s: the cookie still gets the vault's key: %d", name, status)
		}
	}
}

// keptLog is a log that a test reads while the program writes.
type keptLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *keptLog) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *keptLog) has(words string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Contains(s.b.Bytes(), []byte(words))
}

// TestLogsOfADayHoldNobody lives through what a day brings, also what goes wrong,
// and looks for every name, number, address, text, code and cookie in the logs.
func TestLogsOfADayHoldNobody(t *testing.T) {
	out := &keptLog{}
	c := defaults()
	c.Addr, c.Data, c.demo, c.Log.Level = "127.0.0.1:0", town(t), true, slog.LevelDebug
	r := startWith(t, c, logger(out, slog.LevelDebug))
	landlord, _ := treasure(t, r.core, demo.Landlord)
	social, _ := treasure(t, r.core, demo.Social)
	secrets := both(landlord, social)
	for _, m := range demo.Members {
		secrets[m.Name], secrets[m.Phone] = true, true
		p := r.signIn(m.ID).connect()
		secrets[p.cookie] = true
		words := 0
		for word := range both(landlord, social) {
			r.raw("GET", "/case/"+strings.ReplaceAll(word, " ", "%20")+"?q="+strings.ReplaceAll(word, " ", "+"), p.cookie, nil)
			body, _ := json.Marshal(map[string]string{"query": word, "link": word, "code": word})
			r.raw("POST", "/api/search", p.cookie, body)
			r.raw("POST", "/api/session", "", body)
			if words++; words == 3 {
				break
			}
		}
		r.raw("POST", "/api/imports", p.cookie, []byte("x"))
		p.say(map[string]any{"type": "nonsense", "text": m.Name})
	}
	note := "Kanariefågeln sjöng hela tiden."
	secrets[note] = true
	kim := r.signIn("kim").connect()
	for id, rec := range kim.held {
		if rec.Kind != "case" {
			continue
		}
		kim.say(map[string]any{"type": "commits", "commits": []any{wire.Commit{ID: uuid.NewString(), At: time.Now().UnixMilli(), Changes: []wire.Change{{Kind: "note", Record: uuid.NewString(),
			Fields: map[string]wire.Set{"text": {Value: json.RawMessage(`"` + note + `"`)}, "case": {Value: json.RawMessage(`"` + id + `"`)}}}}}}})
		break
	}
	hear[*wire.Receipt](kim)
	l, err := r.core.invite("kim")
	if err != nil {
		t.Fatal(err)
	}
	secrets[l.Token], secrets[l.Code] = true, true
	r.ask("POST", "/api/session", "", map[string]string{"link": l.Token, "device": uuid.NewString()})
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	written := out.b.String()
	if strings.Count(written, "\n") < 100 {
		t.Errorf("only %d lines were logged", strings.Count(written, "\n"))
	}
	for word := range secrets {
		quoted, _ := json.Marshal(word)
		if strings.Contains(written, word) || strings.Contains(written, string(quoted[1:len(quoted)-1])) {
			at := strings.Index(written, word)
			t.Errorf("%q is in the logs: %s", word, written[max(0, at-100):min(len(written), at+100)])
		}
	}
	for line := range strings.Lines(written) {
		if !json.Valid([]byte(line)) {
			t.Errorf("a line is not JSON: %s", line)
		}
	}
}

// A cookie that was copied and comes back after its phone has gone on to the next value
// ends the session: at once on the socket that is open, logged, and told to its person,
// who signs in again on the same phone. Their other phone goes on.
func TestACopiedCookieThatComesBackEndsTheSession(t *testing.T) {
	r := start(t, town(t))
	r.core.accounts.RenewEvery, r.core.accounts.RenewOverlap = time.Hour, 0
	kim, other := r.enrol("kim"), r.enrol("kim")
	copied := kim.cookie
	resp, _ := kim.send("PUT", "/api/vault", map[string]any{"locker": kim.locker, "proof": kim.proof})
	if len(resp.Cookies()) != 1 || resp.Cookies()[0].Value == copied || !resp.Cookies()[0].HttpOnly {
		t.Fatalf("what the session can do has changed, and its cookie is %v", resp.Cookies())
	}
	if status, _ := kim.do("GET", "/api/session", nil); status != 200 {
		t.Fatalf("the phone that did not get it: %d", status)
	}
	kim.cookie = resp.Cookies()[0].Value
	kim.online(0)
	if status, body := kim.do("GET", "/api/session", nil); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	thief := &vaulted{phone: &phone{r: r, id: kim.id, cookie: copied}, proof: kim.proof}
	if status, body := thief.do("GET", "/api/session", nil); status != 401 || !strings.Contains(body, "signed_out") {
		t.Errorf("the copy: %d %s", status, body)
	}
	if p := hear[*wire.Problem](kim.phone); p.Code != wire.CodeSignedOut {
		t.Errorf("the phone's socket hears %+v", p)
	}
	if status, _ := kim.do("GET", "/api/session", nil); status != 401 {
		t.Errorf("the session goes on: %d", status)
	}
	other.online(0)
	logged := 0
	for _, row := range landlordLog(r) {
		if row.Action == "cookie_replayed" && row.Person == "kim" && row.What == "kim "+kim.id {
			logged++
		}
	}
	if logged != 1 {
		t.Errorf("it is logged %d times", logged)
	}
	resp, _ = kim.send("POST", "/api/session/again", map[string]string{"locker": kim.locker, "auth": kim.auth, "proof": kim.proof})
	if resp.StatusCode != 200 {
		t.Fatalf("signing in again: %d", resp.StatusCode)
	}
	kim.cookie = resp.Cookies()[0].Value
	if status, body := kim.do("GET", "/api/account/events", nil); status != 200 || !strings.Contains(body, "cookie_replayed") {
		t.Errorf("its person is told %d %s", status, body)
	}
}

// A socket that was opened with a value that is followed by another is closed, so that
// whoever has it open has to show the next one; nobody is signed out by that.
func TestASocketComesBackWithTheNextCookie(t *testing.T) {
	r := start(t, town(t))
	r.core.accounts.RenewOverlap = 0
	kim := r.enrol("kim")
	kim.online(0)
	resp, _ := kim.send("PUT", "/api/vault", map[string]any{"locker": kim.locker, "proof": kim.proof})
	kim.cookie = resp.Cookies()[0].Value
	for range 2 {
		if status, body := kim.do("GET", "/api/session", nil); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
	}
	kim.say(wire.Hello{Type: wire.TypeHello, Versions: []int{2}, Device: kim.id, Clock: time.Now().UnixMilli()})
	for {
		_ = kim.ws.SetReadDeadline(time.Now().Add(2 * time.Minute)) // ends a wait that will never succeed, and nothing else
		_, raw, err := kim.ws.ReadMessage()
		if err == nil && !strings.Contains(string(raw), "problem") {
			continue
		}
		if !websocket.IsCloseError(err, websocket.CloseServiceRestart) {
			t.Errorf("the socket says %s %v", raw, err)
		}
		break
	}
	kim.online(0)
}
