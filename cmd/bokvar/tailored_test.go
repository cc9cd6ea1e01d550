package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"bokvar/internal/demo"
)

// schema is as much of JSON Schema as openapi.json uses.
type schema struct {
	Ref         string             `json:"$ref"`
	Type        any                `json:"type"` // a name, or several
	Format      string             `json:"format"`
	Encoding    string             `json:"contentEncoding"`
	Description string             `json:"description"`
	Enum        []string           `json:"enum"`
	Properties  map[string]*schema `json:"properties"`
	Required    []string           `json:"required"`
	Items       *schema            `json:"items"`
}

// described is a route as openapi.json describes it.
type described struct {
	method, path string
	body         *schema // of JSON; nil: none
	kind         string  // of the content
}

// api reads what can be asked, and which body each route takes.
type api struct {
	Paths map[string]map[string]struct {
		RequestBody struct {
			Content map[string]struct {
				Schema *schema `json:"schema"`
			} `json:"content"`
		} `json:"requestBody"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]*schema `json:"schemas"`
	} `json:"components"`
}

func (d *api) resolve(s *schema) *schema {
	for s != nil && s.Ref != "" {
		s = d.Components.Schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]]
	}
	return s
}

func (d *api) routes(t *testing.T) (out []described) {
	t.Helper()
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for method, operation := range d.Paths[path] {
			one := described{method: strings.ToUpper(method), path: path}
			for kind, content := range operation.RequestBody.Content {
				one.kind, one.body = kind, d.resolve(content.Schema)
			}
			out = append(out, one)
		}
	}
	slices.SortFunc(out, func(a, b described) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return out
}

// tailor makes bodies after a schema.
type tailor struct {
	api    *api
	random *rand.Rand
	ids    []string // own, others' and made up
}

// right is a value that the schema allows. What is called an id, or is text without a
// format, is often an id of somebody's.
func (m *tailor) right(s *schema, name string) any {
	s = m.api.resolve(s)
	if s == nil {
		return m.id()
	}
	kind, _ := s.Type.(string)
	if list, several := s.Type.([]any); several {
		kind, _ = list[0].(string)
	}
	switch {
	case len(s.Enum) > 0:
		return pick(m.random, s.Enum...)
	case kind == "object" || s.Properties != nil:
		out := map[string]any{}
		for _, field := range slices.Sorted(maps.Keys(s.Properties)) {
			out[field] = m.right(s.Properties[field], field)
		}
		return out
	case kind == "array":
		var out []any
		for range m.random.IntN(3) + 1 {
			out = append(out, m.right(s.Items, name))
		}
		return out
	case kind == "integer" || kind == "number":
		return pick[any](m.random, 0, 1, 30, 365, 2000)
	case kind == "boolean":
		return m.random.IntN(2) == 0
	case s.Format == "uuid":
		return pick(m.random, uuid.NewString(), m.id())
	case s.Encoding != "":
		return strings.Repeat("A", 43)
	case name == "person":
		return pick(m.random, "kim", "samira", "karin", "jonna", m.id())
	}
	return pick(m.random, m.id(), "Skäl som räcker till", "kim")
}

func (m *tailor) id() string { return m.ids[m.random.IntN(len(m.ids))] }

// wrong is a value of any other kind.
func (m *tailor) wrong() any {
	return pick[any](m.random, nil, "", -1, 1e300, 9223372036854775807, "x\u0000y", "\u202eå", true, []any{}, []any{nil, []any{}}, map[string]any{"a": map[string]any{}},
		strings.Repeat("9", 5000), map[string]any{"id": m.id(), "org": demo.Social}, m.id())
}

// body is a right body, with one thing wrong most of the time.
func (m *tailor) body(s *schema) []byte {
	value := m.right(s, "")
	if object, ok := value.(map[string]any); ok && len(object) > 0 {
		field := slices.Sorted(maps.Keys(object))[m.random.IntN(len(object))]
		switch m.random.IntN(6) {
		case 0:
			object[field] = m.wrong()
		case 1:
			delete(object, field)
		case 2:
			object["org"], object["person"], object["by"] = demo.Social, "karin", "karin"
		case 3:
			if list, ok := object[field].([]any); ok && len(list) > 0 {
				object[field] = append(list, m.wrong(), list[0], list[0])
			} else {
				object[field] = []any{object[field]}
			}
		case 4:
			object[field] = m.id()
		}
	}
	raw, err := json.Marshal(value)
	if err != nil {
		panic(err) // made of what JSON knows
	}
	if m.random.IntN(12) == 0 && len(raw) > 2 { // cut off, or said twice
		raw = pick(m.random, raw[:m.random.IntN(len(raw))], slices.Concat(raw, raw), slices.Concat([]byte(`{"x":`), raw))
	}
	return raw
}

// fill puts ids in the place of an address's parameters.
func fill(path string, id func() string) string {
	for {
		open := strings.IndexByte(path, '{')
		if open < 0 {
			return path
		}
		path = path[:open] + id() + path[strings.IndexByte(path, '}')+1:]
	}
}

// TestEveryRouteWithBodiesOfItsOwn asks every route as everybody, with bodies made after
// openapi.json and then spoilt: wrong types, things missing, too much, huge, ids of
// others. Nothing breaks, nothing leaks, nobody changes anything of another
// organisation, and what is not there cannot be told from what is not yours.
func TestEveryRouteWithBodiesOfItsOwn(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	r := behindProxy(t, town(t))
	var doc api
	_, described := r.raw("GET", "/api/openapi.json", "", nil)
	if err := json.Unmarshal([]byte(described), &doc); err != nil {
		t.Fatal(err)
	}
	landlord, ids := treasure(t, r.core, demo.Landlord)
	social, more := treasure(t, r.core, demo.Social)
	own := map[string][]string{demo.Landlord: ids, demo.Social: more}
	m := &tailor{api: &doc, random: random, ids: append(append(slices.Clone(ids), more...), uuid.NewString(), uuid.NewString())}
	routes := doc.routes(t)
	asked, compared, answered := 0, 0, map[string]bool{}
	for _, a := range attackers(r, both(landlord, social), landlord, social) {
		before := map[string]string{}
		if a.member != nil {
			if status, _ := r.raw("GET", "/api/session", a.cookie, nil); status != 200 {
				t.Errorf("%s was put out by somebody: %d", a.name, status)
			}
			before = r.others(t, a.member.Org)
		}
		for _, route := range routes {
			if route.path == "/api/vault" || route.path == "/api/session" || route.path == "/sync" || route.path == "/api/device/wiped" && a.member != nil {
				continue // ends the session that is used here; /sync: TestEveryMessageAgainstEveryone
			}
			for n := range 5 {
				var body []byte
				switch {
				case route.body == nil:
				case route.kind == "application/json" && n == 0: // as it should be
					body, _ = json.Marshal(m.right(route.body, ""))
				case route.kind == "application/json":
					body = m.body(route.body)
				default:
					body = []byte(pick(random, "", "x", "code=7ZK4M9QW2X&do=withdraw", "code="+strings.Repeat("9", 5000), "do=withdraw", strings.Repeat("\xff", 2000)))
				}
				status, answer := r.raw(route.method, fill(route.path, m.id), a.cookie, body)
				a.judge(t, route.method+" "+route.path+" "+string(body[:min(len(body), 300)]), status, answer)
				if a.member == nil && strings.HasPrefix(route.path, "/api/") && !forStrangers[route.path] && route.path != "/api/device/orders" && route.path != "/api/session/passkey/challenge" && status < 400 {
					t.Errorf("%s: %s %s: %d", a.name, route.method, route.path, status)
				}
				if status < 300 && body != nil {
					answered[route.method+" "+route.path] = true
				}
				asked++
			}
			if a.member != nil {
				compared += r.oneAnswer(t, a, route, m, own)
			}
		}
		if a.member == nil {
			continue
		}
		after := r.others(t, a.member.Org)
		for key, was := range before {
			if after[key] != was {
				t.Errorf("%s changed %s of another organisation", a.name, key)
			}
		}
	}
	t.Logf("%d requests, %d answers compared, %d routes took a body: %v", asked, compared, len(answered), slices.Sorted(maps.Keys(answered)))
	if asked < 2000 || compared < 150 || len(answered) < 7 {
		t.Errorf("%d requests, %d answers compared, %d routes took a body: %v", asked, compared, len(answered), slices.Sorted(maps.Keys(answered)))
	}
	if _, err := r.core.db.Verify(); err != nil {
		t.Error(err)
	}
}

// oneAnswer asks a route for what another organisation has and for what nobody has.
func (r *running) oneAnswer(t *testing.T, a *attacker, route described, m *tailor, own map[string][]string) int {
	t.Helper()
	if !strings.Contains(route.path, "{") || strings.HasPrefix(route.path, "/assets") || strings.HasPrefix(route.path, "/icons") || route.path == "/{path}" {
		return 0
	}
	theirs := own[demo.Social]
	if a.member.Org == demo.Social {
		theirs = own[demo.Landlord]
	}
	id, nobodys := theirs[m.random.IntN(len(theirs))], uuid.NewString()
	var body []byte
	if route.kind == "application/json" {
		body, _ = json.Marshal(m.right(route.body, ""))
	}
	ask := func(id string) string {
		status, answer := r.raw(route.method, fill(route.path, func() string { return id }), a.cookie, body)
		return fmt.Sprint(status, " ", strings.ReplaceAll(answer, id, "ID"))
	}
	if there, not := ask(id), ask(nobodys); there != not && route.method != http.MethodHead {
		t.Errorf("%s: %s %s: %s; for what is not there: %s", a.name, route.method, route.path, there, not)
	}
	return 1
}
