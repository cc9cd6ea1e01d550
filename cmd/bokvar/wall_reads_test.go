package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/sync/wire"
)

// watched is every statement that the database runs while f asks, and what else it runs meanwhile.
func (w *wallTown) watched(f func() string) (answer string, statements []string) {
	w.t.Helper()
	var mu sync.Mutex
	w.core.db.Watch(func(s string) { mu.Lock(); statements = append(statements, s); mu.Unlock() })
	answer = f()
	w.core.db.Watch(nil)
	mu.Lock() // somebody else's statement may be under way
	defer mu.Unlock()
	return answer, slices.Clone(statements)
}

// same asks for what is there and for what is not, and compares answers and statements.
// What the program does beside, of itself, may come in between: then both are asked again.
func (w *wallTown) same(what string, there, not func() string) (statements int) {
	w.t.Helper()
	var a, b string
	var workA, workB []string
	for range 5 {
		a, workA = w.watched(there)
		b, workB = w.watched(not)
		if a == b && slices.Equal(workA, workB) {
			return len(workA)
		}
	}
	if a != b {
		w.t.Errorf("%s: %s; of what is not there: %s", what, a, b)
		return 0
	}
	for i := range max(len(workA), len(workB)) {
		if i >= len(workA) || i >= len(workB) || workA[i] != workB[i] {
			w.t.Errorf("%s: %d statements, and %d for what is not there; from %d on %.200q and %.200q", what, len(workA), len(workB), i, workA[min(i, len(workA)):], workB[min(i, len(workB)):])
			break
		}
	}
	return 0
}

// What social services have and what nobody has are one answer to whoever has no part in
// it, at the landlord and in another unit, and the same work: every address with every kind of id, by whatever method, every
// message that reads, and a search. The bytes are compared to the last, headers too, and
// the statements that the database's connections run one by one.
func TestReadingWhatIsNotThereAndWhatIsNotYoursIsTheSameWork(t *testing.T) {
	w := newWallTown(t)
	w.as("jonna").connect()
	w.notice(true)
	w.collect("given", map[string]any{"partners": []string{"psychiatry"}}) // opens nothing to the landlord
	w.link()
	w.samira.connect()
	kinds := map[string]string{} // kind, the id of one of theirs
	for _, rec := range w.samira.held {
		if rec.Org == demo.Social && (text(rec, "household") == w.household || casework.KindOf(rec.Kind).Root != "household") {
			kinds[rec.Kind] = rec.ID
		}
	}
	kinds["household"], kinds["case"], kinds["giving"], kinds["signature"], kinds["notice_in"], kinds["a colleague"] = w.household, w.caseID, w.giving, w.signatures, w.noticeID, "samira"
	body, _ := json.Marshal(map[string]any{"reason": "Hembesök i dag klockan 17.30", "day": day(3), "why": "Hembesök i dag"})
	compared, work := 0, 0
	for _, person := range []string{"kim", "jonna", "maj", "rolf", "eva", "disa", "elin"} {
		p := w.as(person)
		for _, route := range w.app.GetRoutes(true) {
			if len(route.Params) == 0 || !strings.HasPrefix(route.Path, "/api/") || strings.HasPrefix(route.Path, "/api/oidc") || route.Method == http.MethodHead {
				continue
			}
			for kind, id := range kinds {
				nobodys := uuid.NewString()
				ask := func(id string) func() string {
					path := route.Path
					for _, param := range route.Params {
						path = strings.Replace(path, ":"+param, id, 1)
					}
					return func() string {
						status, answer := w.raw(route.Method, path, p.cookie, body)
						return fmt.Sprint(status, strings.ReplaceAll(answer, id, "ID"))
					}
				}
				compared++
				p.unhurried()
				p.asked++ // two questions
				work += w.same(fmt.Sprintf("%s, %s %s with the id of a %s", person, route.Method, route.Path, kind), ask(id), ask(nobodys))
			}
		}
		for there, not := range map[string]string{"Olle Testsson": "Ulla Tistsson", "Tova": "Tavo", "Lo Test": "La Tust"} {
			ask := func(words string) func() string {
				raw, _ := json.Marshal(map[string]string{"query": words})
				return func() string {
					status, answer := w.raw("POST", "/api/search", p.cookie, raw)
					return fmt.Sprint(status, answer)
				}
			}
			compared++
			if person != "kim" && person != "disa" || there == "Olle Testsson" {
				work += w.same(person+" searches for "+there, ask(there), ask(not))
			}
		}
		// What a device says that it has: the sum of something that it was not given.
		hidden := w.samira.held[kinds["message"]]
		sum := func(r wire.Record) func() string {
			var s wire.Sum
			s.Add(wire.HashRecord(r.Org, r.ID, r.Kind, r.Room, r.Fields, r.Versions))
			hello, _ := json.Marshal(wire.Hello{Type: wire.TypeHello, Versions: []int{2}, Device: p.id, Clock: time.Now().UnixMilli(), Cursor: 1 << 40})
			check, _ := json.Marshal(wire.Check{Type: wire.TypeCheck, Cursor: 1 << 40, Count: 1, Sum: s.String(), Kinds: map[string]wire.Counted{r.Kind: {Count: 1, Sum: s.String()}}})
			return func() string {
				_, answer, _ := w.ask("POST", "/sync", p.cookie, wire.Batch{Messages: []json.RawMessage{hello, check}})
				list, _ := answer["messages"].([]any)
				for _, m := range list {
					delete(m.(map[string]any), "clock")
				}
				return fmt.Sprint(answer)
			}
		}
		made := hidden
		made.ID = uuid.NewString()
		compared++
		work += w.same(person+" guesses a sum", sum(hidden), sum(made))
	}
	if compared < 1500 || len(kinds) < 12 || work < compared {
		t.Fatalf("%d compared, of %d kinds, %d statements: the test proves nothing", compared, len(kinds), work)
	}
	t.Logf("%d questions of %d kinds, %d statements", compared, len(kinds), work)
}
