package office_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"bokvar/internal/casework"
	"bokvar/internal/method"
	"bokvar/internal/office"
	"bokvar/internal/sqlite"
	"bokvar/sync/rules"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// real is the policy with the real engine and the real store.
type real struct {
	t       testing.TB
	db      *sqlite.DB
	engine  *server.Engine
	office  *office.Office
	now     atomic.Int64
	settled chan error
	commits int
}

func newReal(t testing.TB) *real {
	t.Helper()
	r := &real{t: t, settled: make(chan error, 10_000)}
	start, err := time.ParseInLocation(time.DateTime, "2026-11-18 08:00:00", casework.Zone)
	r.check(err)
	r.now.Store(start.UnixMilli())
	clock := func() time.Time { return time.UnixMilli(r.now.Load()) }
	table, err := rules.Load()
	r.check(err)
	profiles, err := method.Load()
	r.check(err)
	r.office, err = office.New(table, profiles["model"], clock)
	r.check(err)
	r.db, err = sqlite.Open(sqlite.Options{Dir: t.TempDir(), Clock: clock})
	r.check(err)
	r.engine = server.New(server.Options{Store: r.db, Policy: r.office, Rules: table, Clock: clock,
		After: func([]server.Changed) { r.settled <- r.office.AfterCommit(r.engine) }})
	t.Cleanup(func() { r.engine.Close(); _ = r.db.Close() })
	r.people()
	return r
}

func (r *real) check(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *real) people() {
	r.t.Helper()
	r.check(r.db.PutOrganisation(casework.Organisation{ID: "hem", Name: "Hem", Kind: casework.Landlord}))
	for _, m := range []casework.Member{
		{ID: "kim", Role: casework.Caretaker}, {ID: "alva", Role: casework.Caretaker}, {ID: "jonna", Role: casework.Coordinator},
	} {
		m.Org, m.Name, m.Units, m.Active = "hem", m.ID, []string{"norr"}, true
		r.check(r.db.PutMember(m))
		changes, err := office.Directory(m)
		r.check(err)
		r.house(changes...)
		r.check(r.office.Rescope(r.engine, m.ID))
	}
}

func (r *real) house(changes ...wire.Change) {
	r.t.Helper()
	r.check(r.engine.House("hem", "", changes))
	r.check(<-r.settled)
}

func (r *real) change(kind, record string, base int64, fields map[string]any) wire.Change {
	r.t.Helper()
	change, err := office.Change("", kind, record, fields)
	r.check(err)
	for name, set := range change.Fields {
		set.Base = base
		change.Fields[name] = set
	}
	return change
}

func (r *real) raw(changes ...wire.Change) json.RawMessage {
	r.t.Helper()
	r.commits++
	raw, err := json.Marshal(wire.Commit{ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", r.commits), At: r.now.Load(), Changes: changes})
	r.check(err)
	return raw
}

func (r *real) by(person string, changes ...wire.Change) wire.Receipt {
	r.t.Helper()
	receipt := r.engine.Submit(server.Author{Person: person, Org: "hem", Device: person + "-phone"}, []json.RawMessage{r.raw(changes...)})[0]
	if receipt.Status == wire.Saved {
		r.check(<-r.settled)
	}
	return receipt
}

// carries is what the person's device has after fetching everything: id to fields.
func (r *real) carries(person string) map[string]wire.Record {
	r.t.Helper()
	device := map[string]wire.Record{}
	cursor := int64(0)
	for {
		page, err := r.engine.Page(person, cursor)
		r.check(err)
		if len(page.Records) == 0 {
			return device
		}
		for _, raw := range page.Records {
			var record wire.Record
			r.check(json.Unmarshal(raw, &record))
			device[record.ID] = record
			if record.Left {
				delete(device, record.ID)
			}
		}
		cursor = page.Cursor
	}
}

func (r *real) ids(person string) []string {
	r.t.Helper()
	var ids []string
	for id, record := range r.carries(person) {
		if record.Kind != "colleague" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (r *real) household() {
	r.t.Helper()
	r.house(
		r.change("household", "h", -1, map[string]any{"street": "Björkgatan 7", "children": true}),
		r.change("person", "p", -1, map[string]any{"household": "h", "name": "Nadia Alström", "position": "tenant", "phone": "070"}),
		r.change("case", "c", -1, map[string]any{"household": "h", "unit": "norr", "reason": "arrears", "status": "open"}),
		r.claim("open"),
	)
	receipt := r.by("jonna", r.change("contact", "v", 0, map[string]any{"household": "h", "case": "c", "form": "visit",
		"planned_at": r.now.Load() + 3_600_000, "people": []string{"kim", "alva"}}))
	if receipt.Status != wire.Saved {
		r.t.Fatalf("%+v", receipt)
	}
}

func (r *real) claim(state string) wire.Change {
	return r.change("claim", "cl", -1, map[string]any{"household": "h", "case": "c", "contract": "1", "due_month": "2026-11", "due": "2026-10-30",
		"capital": 100, "costs": 0, "as_of": r.now.Load(), "state": state})
}

func (r *real) outcome(by, answer string) wire.Change {
	return r.change("contact", "v", 0, map[string]any{"outcome": map[string]any{"answer": answer, "at": r.now.Load(), "by": by}})
}

func TestAVisitWithTheRealEngineAndStore(t *testing.T) {
	r := newReal(t)
	r.household()
	if got, want := r.ids("kim"), []string{"c", "h", "p", "v"}; !slices.Equal(got, want) {
		t.Fatalf("kim carries %v, want %v", got, want)
	}
	if _, ok := r.carries("kim")["c"].Fields["debt"]; ok {
		t.Error("kim carries the debt")
	}
	if _, ok := r.carries("jonna")["c"].Fields["debt"]; !ok {
		t.Error("jonna lacks the debt")
	}

	if receipt := r.by("alva", r.outcome("alva", "met")); receipt.Status != wire.Saved || receipt.Conflict {
		t.Fatalf("%+v", receipt)
	}
	if receipt := r.by("kim", r.outcome("kim", "nobody_home")); receipt.Status != wire.Saved || !receipt.Conflict {
		t.Fatalf("%+v", receipt)
	}
	var conflict wire.Record
	for _, person := range []string{"kim", "alva", "jonna"} {
		found := false
		for _, record := range r.carries(person) {
			if record.Kind == "conflict" {
				conflict, found = record, true
			}
		}
		if !found {
			t.Errorf("%s does not see the conflict", person)
		}
	}
	var versions []casework.ConflictVersion
	r.check(json.Unmarshal(conflict.Fields["versions"], &versions))
	i := slices.IndexFunc(versions, func(v casework.ConflictVersion) bool { return v.By == "kim" })
	if receipt := r.by("jonna", r.change("conflict", conflict.ID, 0, map[string]any{"choice": versions[i].Commit})); receipt.Status != wire.Saved {
		t.Fatalf("%+v", receipt)
	}
	var outcome casework.Outcome
	r.check(json.Unmarshal(r.carries("alva")["v"].Fields["outcome"], &outcome))
	if outcome.Answer != casework.NobodyHome || string(r.carries("jonna")["c"].Fields["attempts"]) != "1" {
		t.Errorf("outcome %+v, attempts %s", outcome, r.carries("jonna")["c"].Fields["attempts"])
	}
}

// Two advices for one visit: whoever goes there has both, also who is named later,
// and nobody else has either. They are settled by those who may write advice.
func TestASecondAdviceReachesTheVisitorWithTheRealEngineAndStore(t *testing.T) {
	r := newReal(t)
	r.household()
	sol := casework.Member{ID: "sol", Org: "hem", Name: "sol", Role: casework.Caretaker, Units: []string{"norr"}, Active: true}
	r.check(r.db.PutMember(sol))
	r.check(r.office.Rescope(r.engine, sol.ID))
	for _, advice := range []string{"Ring på två gånger.", "Gå inte in ensam."} {
		if receipt := r.by("jonna", r.change("household", "h", 0, map[string]any{"safety": advice, "door_code": advice[:4]})); receipt.Status != wire.Saved {
			t.Fatalf("%+v", receipt)
		}
	}
	about := func(person string) map[string]wire.Record {
		t.Helper()
		open := map[string]wire.Record{}
		for _, record := range r.carries(person) {
			var field string
			if record.Kind == "conflict" {
				r.check(json.Unmarshal(record.Fields["field"], &field))
				open[field] = record
			}
		}
		return open
	}
	both := func(person, field string, words ...string) {
		t.Helper()
		var versions []casework.ConflictVersion
		record, there := about(person)[field]
		if there {
			r.check(json.Unmarshal(record.Fields["versions"], &versions))
		}
		got := []string{}
		for _, v := range versions {
			var said string
			r.check(json.Unmarshal(v.Value, &said))
			got = append(got, said)
		}
		if !slices.Equal(got, append([]string{}, words...)) {
			t.Errorf("%s has %q of %s, want %q", person, got, field, words)
		}
	}
	for _, person := range []string{"kim", "alva", "jonna"} {
		both(person, "safety", "Ring på två gånger.", "Gå inte in ensam.")
		both(person, "door_code", "Ring", "Gå ")
	}
	both("sol", "safety")
	both("sol", "door_code")

	if receipt := r.by("jonna", r.change("contact", "v", 1, map[string]any{"people": []string{"kim", "sol"}})); receipt.Status != wire.Saved {
		t.Fatalf("%+v", receipt)
	}
	both("sol", "safety", "Ring på två gånger.", "Gå inte in ensam.")
	both("alva", "safety")

	id := about("kim")["safety"].ID
	if receipt := r.by("kim", r.change("conflict", id, 0, map[string]any{"choice": "both"})); receipt.Code != wire.CodeNotAllowed {
		t.Errorf("a caretaker, who may not write advice, settles it: %+v", receipt)
	}
	if receipt := r.by("jonna", r.change("household", "h", 1, map[string]any{"protected": true})); receipt.Status != wire.Saved {
		t.Fatalf("%+v", receipt)
	}
	both("kim", "safety", "Ring på två gånger.", "Gå inte in ensam.")
	both("kim", "door_code") // a door code of somebody protected leaves the server for nobody
	both("jonna", "door_code")
	if receipt := r.by("jonna", r.change("conflict", id, 0, map[string]any{"choice": "both"})); receipt.Status != wire.Saved {
		t.Errorf("%+v", receipt)
	}
}

func TestPaidMeanwhileWithTheRealEngineAndStore(t *testing.T) {
	r := newReal(t)
	r.household()
	r.now.Add(600_000)
	r.house(r.claim("paid"))
	visit := r.carries("kim")["v"]
	var cancelled casework.Cancelled
	r.check(json.Unmarshal(visit.Fields["cancelled"], &cancelled))
	if cancelled.Because != casework.BecausePaid || cancelled.AsOf != r.now.Load() {
		t.Errorf("%+v", cancelled)
	}
	r.now.Add(3 * 24 * 3_600_000)
	r.check(r.office.Rescope(r.engine, "kim"))
	if got := r.ids("kim"); len(got) != 0 {
		t.Errorf("three days later kim carries %v", got)
	}
}

func TestWhoIsNamedNoMoreHasLeft(t *testing.T) {
	r := newReal(t)
	r.household()
	if receipt := r.by("jonna", r.change("contact", "v", 1, map[string]any{"people": []string{"alva"}})); receipt.Status != wire.Saved {
		t.Fatalf("%+v", receipt)
	}
	if got := r.ids("kim"); len(got) != 0 {
		t.Errorf("kim carries %v", got)
	}
	if got, want := r.ids("alva"), []string{"c", "h", "p", "v"}; !slices.Equal(got, want) {
		t.Errorf("alva carries %v, want %v", got, want)
	}
}

// What a note costs with the real engine and store, many at a time.
func BenchmarkNotes(b *testing.B) {
	r := newReal(b)
	r.household()
	text := string(make([]byte, 0, 1000))
	for len(text) < 1000 {
		text += "Hälsade på. "
	}
	const at = 500
	for b.Loop() {
		raws := make([]json.RawMessage, at)
		for i := range raws {
			raws[i] = r.raw(r.change("note", fmt.Sprintf("n%d", r.commits), 0, map[string]any{"household": "h", "case": "c", "contact": "v", "text": text, "at": r.now.Load(), "by": "kim"}))
		}
		for _, receipt := range r.engine.Submit(server.Author{Person: "kim", Org: "hem", Device: "phone"}, raws) {
			if receipt.Status != wire.Saved {
				b.Fatalf("%+v", receipt)
			}
		}
	}
	b.ReportMetric(float64(b.N*at)/b.Elapsed().Seconds(), "notes/s")
}
