package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/sync/wire"
)

// attacker is a role of the town, or somebody with no account, trying what they can.
type attacker struct {
	name   string
	member *casework.Member // nil for a stranger
	phone  *phone
	cookie string
	never  map[string]bool // what must be in no answer
}

// treasure is what the case files of an organisation hold: names, numbers, telephone
// numbers, addresses, notes.
func treasure(t *testing.T, o *core, org string) (words map[string]bool, ids []string) {
	t.Helper()
	words = map[string]bool{}
	err := o.db.Facts(func(f casework.Facts) error {
		for _, kind := range casework.Schema {
			records, err := f.RecordsOfKind(org, kind.Name)
			if err != nil {
				return err
			}
			for _, record := range records {
				ids = append(ids, record.ID)
				if kind.Root == "" {
					continue
				}
				for _, field := range []string{"name", "personal_number", "phone", "email", "text", "street", "safety", "door_code", "message"} {
					var text string
					if raw := record.Fields[field].Value; len(raw) > 0 && json.Unmarshal(raw, &text) == nil && len(text) >= 6 {
						words[text] = true
					}
				}
			}
		}
		return nil
	})
	for _, m := range demo.Members { // made-up telephone numbers are few, and some are a colleague's too
		delete(words, m.Phone)
		delete(words, m.Name)
	}
	if err != nil || len(words) < 5 {
		t.Fatalf("%s has %d treasures: %v", org, len(words), err)
	}
	return words, ids
}

func without(a, b map[string]bool) map[string]bool {
	out := map[string]bool{}
	for w := range a {
		if !b[w] {
			out[w] = true
		}
	}
	return out
}

func both(a, b map[string]bool) map[string]bool {
	out := without(a, nil)
	for w := range b {
		out[w] = true
	}
	return out
}

// raw sends a request as it is told to, and returns the status and the body.
func (r *running) raw(method, path, cookie string, body []byte) (int, string) {
	r.t.Helper()
	req, err := http.NewRequest(method, r.URL+path, bytes.NewReader(body))
	if err != nil {
		return 400, "" // not even a client would send it
	}
	req.Header.Set("Origin", r.URL)
	req.Header.Set("X-Bokvar", "1")
	req.Header.Set("X-Forwarded-For", r.anyAddress())
	if cookie != "" {
		req.Header.Set("Cookie", "bokvar="+cookie)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		r.t.Fatalf("%s %.80s: %v", method, path, err)
	}
	defer func() { _ = resp.Body.Close() }()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatalf("%s %.80s: %v", method, path, err)
	}
	return resp.StatusCode, string(content)
}

func (a *attacker) judge(t *testing.T, what string, status int, body string) {
	t.Helper()
	if status >= 500 {
		t.Errorf("%s: %s: %d %.200s", a.name, what, status, body)
	}
	if strings.Contains(body, `"slow_down"`) {
		t.Errorf("%s: %s: turned away for its pace, so nothing was tried: %d %.200s", a.name, what, status, body)
	}
	for word := range a.never {
		if strings.Contains(body, word) {
			t.Errorf("%s: %s: %q comes out", a.name, what, word)
		}
	}
}

func attackers(r *running, all, landlord, social map[string]bool) (out []*attacker) {
	out = append(out, &attacker{name: "a stranger", never: all}, &attacker{name: "a made-up cookie", cookie: strings.Repeat("A", 43), never: all})
	gone := r.signIn("kim")
	r.ask("DELETE", "/api/session", gone.cookie, nil)
	out = append(out, &attacker{name: "a cookie that was signed out", cookie: gone.cookie, never: all})
	for i := range demo.Members {
		m := &demo.Members[i]
		a := &attacker{name: m.ID, member: m, phone: r.signIn(m.ID)}
		a.cookie = a.phone.cookie
		switch {
		case m.Role == casework.Administrator || m.Role == casework.SystemOperator:
			a.never = all
		case m.Org == demo.Landlord:
			a.never = without(social, landlord)
		default:
			a.never = without(landlord, social)
		}
		out = append(out, a)
	}
	return out
}

// forStrangers are routes under /api that answer those who have not signed in.
var forStrangers = map[string]bool{"/api/openapi.json": true, "/api/oidc": true, "/api/oidc/callback": true}

// beforeSession are the routes that judge by something else than a session.
var beforeSession = map[string]bool{
	"GET /api/openapi.json": true, "GET /api/oidc": true, "GET /api/oidc/callback": true, "POST /api/oidc/:id": true,
	"POST /api/session": true, "DELETE /api/session": true, "POST /api/session/again": true, "POST /api/session/passkey": true, "POST /api/session/passkey/challenge": true,
	"POST /api/device/orders": true, "POST /api/device/wiped": true, "POST /api/handin": true, // by a device's own signature
}

// TestEveryRouteAgainstEveryone asks every route, as every role and as a stranger,
// with the ids of others, made-up ones and nonsense: nothing leaks, nothing breaks.
func TestEveryRouteAgainstEveryone(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	r := behindProxy(t, town(t))
	landlord, ids := treasure(t, r.core, demo.Landlord)
	social, more := treasure(t, r.core, demo.Social)
	ids = append(append(ids, more...), uuid.NewString(), "0", "-1", "..", "%2e%2e%2f", "%00", "'", "a b", strings.Repeat("x", 3000), "å", "*")
	bodies := [][]byte{nil, []byte("{}"), []byte("null"), []byte("[]"), []byte(`"x"`), []byte("{"), []byte(`{"messages":[null,1,"x",{}]}`), []byte(`{"readings":[{"number":-1},{"number":9223372036854775807,"root":"x"}]}`),
		[]byte(`{"query":"kim"}`), []byte(`{"query":"an"}`), []byte(`{"link":"x","code":"AAAA-AAAA","device":"x"}`), []byte(`{"keep":["x"]}`), []byte(`{"endpoint":"https://127.0.0.1/x"}`),
		[]byte(`{"reason":"Hembesök i dag tillsammans med tolk"}`), []byte(`{"reading":"x","changes":[{"kind":"household","record":"x","fields":{"street":{"v":"Annan gata 1"}}},null]}`), []byte(`{"reading":"` + ids[0] + `","changes":[{"kind":"person","record":"` + ids[1] + `","fields":{"name":{"v":{}}}}]}`),
		bytes.Repeat([]byte("["), 5000), bytes.Repeat([]byte{0xff}, 300)}
	asked, refused := 0, map[string]bool{} // by what is behind the route: a stranger came to it
	for _, a := range attackers(r, both(landlord, social), landlord, social) {
		for _, route := range r.app.GetRoutes(true) {
			if route.Method == http.MethodHead || route.Path == "/readyz" || route.Method == "DELETE" && route.Path == "/api/session" {
				continue
			}
			for range 6 {
				path := route.Path
				for _, param := range route.Params {
					id := ids[random.IntN(len(ids))]
					if !strings.Contains(id, "%") {
						id = url.PathEscape(id)
					}
					path = strings.Replace(strings.Replace(path, ":"+param, id, 1), "*", id, 1)
				}
				if random.IntN(3) == 0 {
					path += "?before=" + []string{"-5", "x", "9223372036854775808"}[random.IntN(3)] + "&person=kim"
				}
				status, body := r.raw(route.Method, path, a.cookie, bodies[random.IntN(len(bodies))])
				a.judge(t, route.Method+" "+route.Path, status, body)
				if a.member == nil && strings.HasPrefix(route.Path, "/api/") && !forStrangers[route.Path] && status < 400 {
					t.Errorf("%s: %s %s: %d", a.name, route.Method, route.Path, status)
				}
				if a.member == nil && (status == 401 || status == 403) {
					refused[route.Method+" "+route.Path] = true
				}
				asked++
			}
		}
	}
	for _, route := range r.app.GetRoutes(true) {
		asked := route.Method + " " + route.Path
		if strings.HasPrefix(route.Path, "/api/") && route.Method != http.MethodHead && !refused[asked] && !beforeSession[asked] {
			t.Errorf("no stranger was told to sign in by %s: was it asked at all?", asked)
		}
	}
	if asked < 2000 {
		t.Errorf("only %d requests were made", asked)
	}
	if _, err := r.core.db.Verify(); err != nil {
		t.Error(err)
	}
}

// TestEveryMessageAgainstEveryone sends every kind of message, in each version of the
// protocol, by request and on a socket, with changes of every kind of record, own,
// others' and made up. Nobody changes what belongs to another organisation, but for
// what they may collect for it, and a stranger gets neither answer nor socket.
func TestEveryMessageAgainstEveryone(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	r := behindProxy(t, town(t))
	landlord, ids := treasure(t, r.core, demo.Landlord)
	social, more := treasure(t, r.core, demo.Social)
	ids = append(append(ids, more...), uuid.NewString(), uuid.NewString(), "x")
	answers := map[string]int{} // by way and version: those that judged a commit
	for _, a := range attackers(r, both(landlord, social), landlord, social) {
		if a.member == nil {
			r.turnsAway(t, a)
			continue
		}
		before := r.others(t, a.member.Org)
		for _, version := range wire.Versions {
			for way, say := range map[string]func(*attacker, []any) string{"POST /sync": r.byRequest, "socket": r.bySocket} {
				for range 10 {
					messages := []any{wire.Hello{Type: wire.TypeHello, Versions: []int{version}, Device: uuid.NewString(), Cursor: random.Int64N(50) - 5},
						anyMessage(random, ids), lastWord()}
					answer := say(a, messages)
					what := fmt.Sprintf("%s, version %d", way, version)
					a.judge(t, what, 0, answer)
					if strings.Contains(answer, wire.CodeTryAgain) {
						t.Errorf("%s: %s: a failure of the server's own: %.500s to %.2000s", a.name, what, answer, jsonOf(messages))
					}
					if strings.Count(answer, `"type":"receipt"`) > 1 {
						answers[what]++
					}
				}
			}
		}
		after := r.others(t, a.member.Org)
		for key, was := range before {
			if after[key] != was {
				t.Errorf("%s changed %s of another organisation", a.name, key)
			}
		}
	}
	if t.Logf("%v", answers); len(answers) != 2*len(wire.Versions) {
		t.Errorf("commits were judged by %v only", answers)
	}
	if _, err := r.core.db.Verify(); err != nil {
		t.Error(err)
	}
}

const lastCommit = "00000000-0000-4000-8000-"

// lastWord is a commit whose receipt ends the answers to a message before it.
func lastWord() any {
	return commits(wire.Commit{ID: lastCommit + uuid.NewString()[:12], At: 1, Changes: []wire.Change{{Kind: "nothing", Record: "x", Fields: map[string]wire.Set{"x": {Value: json.RawMessage("1")}}}}})
}

func jsonOf(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // made of what JSON knows
	}
	return raw
}

// byRequest says the messages in one request, and returns the answers as they came.
func (r *running) byRequest(a *attacker, messages []any) string {
	r.t.Helper()
	status, answer := r.raw("POST", "/sync", a.cookie, jsonOf(map[string]any{"messages": messages}))
	a.judge(r.t, "POST /sync", status, answer)
	return answer
}

// bySocket says them one by one on a socket, and returns all that came until the last
// one's receipt, or until the server closed.
func (r *running) bySocket(a *attacker, messages []any) string {
	r.t.Helper()
	ws, resp, err := r.dial(a.cookie, r.URL)
	if err != nil {
		r.t.Fatalf("%s: no socket: %v %v", a.name, err, resp)
	}
	defer func() { _ = ws.Close() }()
	for _, m := range messages {
		if err := ws.WriteMessage(websocket.TextMessage, jsonOf(m)); err != nil {
			break // the server closed after one before
		}
	}
	var all strings.Builder
	for {
		_ = ws.SetReadDeadline(time.Now().Add(2 * time.Minute)) // ends a wait that will never succeed, and nothing else
		_, raw, err := ws.ReadMessage()
		var timeout interface{ Timeout() bool }
		if errors.As(err, &timeout) && timeout.Timeout() {
			r.t.Fatalf("%s: no answer to %.1000s, only %.1000s", a.name, jsonOf(messages), all.String())
		}
		if err != nil {
			return all.String()
		}
		all.Write(raw)
		var receipt wire.Receipt
		if json.Unmarshal(raw, &receipt) == nil && receipt.Type == wire.TypeReceipt && strings.HasPrefix(receipt.Commit, lastCommit) {
			return all.String()
		}
	}
}

func (r *running) dial(cookie, origin string) (*websocket.Conn, *http.Response, error) {
	header := http.Header{"X-Forwarded-For": {r.anyAddress()}, "Origin": {origin}}
	if cookie != "" {
		header.Set("Cookie", "bokvar="+cookie)
	}
	return websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(r.URL, "http")+"/sync", header)
}

// turnsAway says whether somebody without a session gets nothing, by either way.
func (r *running) turnsAway(t *testing.T, a *attacker) {
	t.Helper()
	messages := []any{wire.Hello{Type: wire.TypeHello, Versions: wire.Versions, Device: uuid.NewString()}, lastWord()}
	status, answer := r.raw("POST", "/sync", a.cookie, jsonOf(map[string]any{"messages": messages}))
	a.judge(t, "POST /sync", status, answer)
	if status != http.StatusUnauthorized || strings.Contains(answer, "welcome") || strings.Contains(answer, "receipt") {
		t.Errorf("%s: POST /sync: %d %.300s", a.name, status, answer)
	}
	for _, origin := range []string{r.URL, "https://elsewhere.example", ""} {
		ws, resp, err := r.dial(a.cookie, origin)
		if err == nil {
			_ = ws.Close()
			t.Errorf("%s from %q: a socket", a.name, origin)
			continue
		}
		if resp == nil || resp.StatusCode != http.StatusUnauthorized && resp.StatusCode != http.StatusForbidden {
			t.Errorf("%s from %q: %v %v", a.name, origin, resp, err)
		}
	}
}

// others are all records of the other organisations, as they are now.
func (r *running) others(t *testing.T, org string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := r.core.db.Facts(func(f casework.Facts) error {
		for _, other := range []string{demo.Landlord, demo.Social, demo.Operators} {
			for _, kind := range casework.Schema {
				if other == org {
					continue
				}
				records, err := f.RecordsOfKind(other, kind.Name)
				if err != nil {
					return err
				}
				for _, record := range records {
					raw, err := json.Marshal(record.Fields)
					if err != nil {
						return err
					}
					out[kind.Name+" "+record.ID] = string(raw)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func pick[T any](random *rand.Rand, from ...T) T { return from[random.IntN(len(from))] }

// anyMessage is a message of the protocol, more or less right.
func anyMessage(random *rand.Rand, ids []string) any {
	switch random.IntN(8) {
	case 0:
		return wire.Have{Type: wire.TypeHave, Cursor: random.Int64() - 1<<62}
	case 1:
		return map[string]any{"type": pick(random, "welcome", "receipt", "page", "problem", "check", "nonsense", ""), "cursor": "x"}
	}
	var commits []any
	for range 1 + random.IntN(4) {
		var changes []wire.Change
		for range 1 + random.IntN(3) {
			changes = append(changes, anyChange(random, ids))
		}
		commits = append(commits, wire.Commit{ID: pick(random, uuid.NewString(), ids[0]), After: pick(random, nil, []string{ids[1]}), At: random.Int64N(1 << 41), Cursor: random.Int64N(100), Changes: changes})
	}
	return map[string]any{"type": "commits", "commits": commits}
}

func anyChange(random *rand.Rand, ids []string) wire.Change {
	kind := casework.Schema[random.IntN(len(casework.Schema))]
	c := wire.Change{Org: pick(random, "", demo.Landlord, demo.Social, demo.Operators, "none"), Kind: kind.Name, Record: ids[random.IntN(len(ids))], Fields: map[string]wire.Set{}}
	for _, field := range kind.Fields {
		if random.IntN(2) == 0 && !field.Required {
			continue
		}
		c.Fields[field.Name] = wire.Set{Value: anyValue(random, field, ids), Base: random.Int64N(4)}
	}
	return c
}

func anyValue(random *rand.Rand, field casework.FieldType, ids []string) json.RawMessage {
	value := pick[any](random, nil, "", "x", ids[random.IntN(len(ids))], 1, -1.5, true, []any{}, map[string]any{}, strings.Repeat("å", 300))
	if random.IntN(2) == 0 { // one that can be right
		switch field.Type {
		case casework.Ref, casework.Person, casework.Unit:
			value = pick(random, ids[random.IntN(len(ids))], "kim", "samira", demo.UnitNorth, demo.UnitEviction)
		case casework.People, casework.Units, casework.Choices:
			value = append(slices.Clone(field.Choices), "kim")
		case casework.Choice:
			value = field.Choices[random.IntN(len(field.Choices))]
		case casework.Day:
			value = "2026-11-24"
		case casework.Instant, casework.Money, casework.Int:
			value = random.Int64N(1 << 41)
		case casework.Bool:
			value = random.IntN(2) == 0
		}
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return json.RawMessage(fmt.Sprintf("%q", err))
	}
	return raw
}
