package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

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

// TestEveryRouteAgainstEveryone asks every route, as every role and as a stranger,
// with the ids of others, made-up ones and nonsense: nothing leaks, nothing breaks.
func TestEveryRouteAgainstEveryone(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	r := start(t, town(t))
	landlord, ids := treasure(t, r.core, demo.Landlord)
	social, more := treasure(t, r.core, demo.Social)
	ids = append(append(ids, more...), uuid.NewString(), "0", "-1", "..", "%2e%2e%2f", "%00", "'", "a b", strings.Repeat("x", 3000), "å", "*")
	bodies := [][]byte{nil, []byte("{}"), []byte("null"), []byte("[]"), []byte(`"x"`), []byte("{"), []byte(`{"messages":[null,1,"x",{}]}`), []byte(`{"readings":[{"number":-1},{"number":9223372036854775807,"root":"x"}]}`),
		[]byte(`{"query":"kim"}`), []byte(`{"query":"an"}`), []byte(`{"link":"x","code":"AAAA-AAAA","device":"x"}`), []byte(`{"keep":["x"]}`), []byte(`{"endpoint":"https://127.0.0.1/x"}`), bytes.Repeat([]byte("["), 5000), bytes.Repeat([]byte{0xff}, 300)}
	asked := 0
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
				asked++
			}
		}
	}
	if asked < 2000 {
		t.Errorf("only %d requests were made", asked)
	}
	if _, err := r.core.db.Verify(); err != nil {
		t.Error(err)
	}
}

// TestEveryMessageAgainstEveryone sends every kind of message, with changes of
// every kind of record, own, others' and made up. Nobody changes what belongs to
// another organisation, but for what they may collect for it.
func TestEveryMessageAgainstEveryone(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	r := start(t, town(t))
	landlord, ids := treasure(t, r.core, demo.Landlord)
	social, more := treasure(t, r.core, demo.Social)
	ids = append(append(ids, more...), uuid.NewString(), uuid.NewString(), "x")
	for _, a := range attackers(r, both(landlord, social), landlord, social) {
		if a.member == nil {
			continue
		}
		before := r.others(t, a.member.Org)
		for range 30 {
			messages := []any{wire.Hello{Type: wire.TypeHello, Versions: []int{1}, Device: uuid.NewString(), Cursor: random.Int64N(50) - 5}}
			messages = append(messages, anyMessage(random, ids))
			body, err := json.Marshal(map[string]any{"messages": messages})
			if err != nil {
				t.Fatal(err)
			}
			status, answer := r.raw("POST", "/sync", a.cookie, body)
			a.judge(t, "POST /sync", status, answer)
			if strings.Contains(answer, wire.CodeTryAgain) {
				t.Errorf("%s: a failure of the server's own: %.500s to %.2000s", a.name, answer, body)
			}
		}
		after := r.others(t, a.member.Org)
		for key, was := range before {
			if after[key] != was {
				t.Errorf("%s changed %s of another organisation", a.name, key)
			}
		}
	}
	if _, err := r.core.db.Verify(); err != nil {
		t.Error(err)
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
