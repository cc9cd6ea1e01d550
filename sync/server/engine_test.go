package server_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"bokvar/sync/rules"
	"bokvar/sync/server"
	"bokvar/sync/server/servertest"
	"bokvar/sync/wire"
)

// house is an engine on a memory store, with what it told.
type house struct {
	*server.Engine
	t      *testing.T
	store  *servertest.Memory
	policy *testPolicy

	mu      sync.Mutex
	now     int64
	ids     int
	told    []server.Delivery
	changed []server.Changed
}

const noon = 1_700_000_000_000

func newHouse(t *testing.T) *house {
	policy := &testPolicy{}
	h := newHouseWith(t, policy, loadTestRules(t))
	h.policy = policy
	return h
}

func newHouseWith(t *testing.T, policy server.Policy, table *rules.Table) *house {
	h := &house{t: t, store: servertest.NewMemory("g1"), now: noon}
	h.Engine = server.New(server.Options{
		Store: h.store, Policy: policy, Rules: table,
		Clock:   h.clock,
		Deliver: func(ds []server.Delivery) { h.mu.Lock(); h.told = append(h.told, ds...); h.mu.Unlock() },
		After:   func(cs []server.Changed) { h.mu.Lock(); h.changed = append(h.changed, cs...); h.mu.Unlock() },
	})
	t.Cleanup(h.Close)
	return h
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.UnixMilli(h.now)
}

func author(person string) server.Author {
	return server.Author{Person: person, Org: "org", Device: person + "-phone"}
}

type fields map[string]any

// change makes a change of an item with bases; base 0 where none is given.
func change(kind, record string, values fields, bases ...int64) wire.Change {
	c := wire.Change{Kind: kind, Record: record, Fields: map[string]wire.Set{}}
	for name, v := range values {
		set := wire.Set{Value: raw(v)}
		if len(bases) > 0 {
			set.Base = bases[0]
		}
		c.Fields[name] = set
	}
	return c
}

func commit(id string, changes ...wire.Change) wire.Commit {
	return wire.Commit{ID: id, At: noon, Changes: changes}
}

// send submits one commit and returns its receipt.
func (h *house) send(person string, c wire.Commit) wire.Receipt {
	h.t.Helper()
	return h.Submit(author(person), []json.RawMessage{raw(c)})[0]
}

// item makes an item that the people carry.
func (h *house) item(id string, people ...string) {
	h.t.Helper()
	if r := h.send("boss", commit("make-"+id, change("item", id, fields{"people": people, "title": "start", "phone": "1"}))); r.Status != wire.Saved {
		h.t.Fatalf("making %s: %+v", id, r)
	}
}

// newID is another one each time.
func (h *house) newID() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ids++
	return fmt.Sprint("id-", h.ids)
}

func (h *house) want(r wire.Receipt, status wire.Status, code string) {
	h.t.Helper()
	if r.Status != status || r.Code != code {
		h.t.Errorf("receipt %s %q, want %s %q: %+v", r.Status, r.Code, status, code, r)
	}
	if code != "" && r.Sentence == "" {
		h.t.Errorf("%s has no sentence", code)
	}
}

func (h *house) record(id string) (s *server.State) {
	h.t.Helper()
	if err := h.store.Read(func(tx server.Tx) (err error) { s, err = tx.Record("org", id); return err }); err != nil {
		h.t.Fatal(err)
	}
	return s
}

func (h *house) field(id, name string) string {
	h.t.Helper()
	s := h.record(id)
	if s == nil {
		h.t.Fatalf("there is no record %s", id)
	}
	return string(s.Fields[name].Value)
}

func (h *house) end(person string) (last int64) {
	h.t.Helper()
	if err := h.store.Read(func(tx server.Tx) (err error) { last, _, err = tx.InboxEnd(person, 0); return err }); err != nil {
		h.t.Fatal(err)
	}
	return last
}

// conflicts lists the conflict records there are.
func (h *house) conflicts() (out []*server.State) {
	for _, s := range h.store.Records() {
		if s.Kind == server.KindConflict {
			out = append(out, s)
		}
	}
	return out
}

func TestS1_AReceiptMeansThatItIsOnDisk(t *testing.T) {
	h := newHouse(t)
	r := h.send("boss", commit("c1", change("item", "i1", fields{"title": "a"})))
	h.want(r, wire.Saved, "")
	if r.Number != 1 || r.At != noon || r.Commit != "c1" || r.Type != wire.TypeReceipt {
		t.Errorf("receipt %+v", r)
	}
	if h.field("i1", "title") != `"a"` {
		t.Error("the change is not there when the receipt is")
	}
	r = h.send("boss", commit("c2", change("item", "i1", fields{"title": "b"}, 1)))
	if r.Number != 2 {
		t.Errorf("the second receipt has number %d", r.Number)
	}
}

// What waits while a transaction is written goes into the next one, together.
func TestS1_WhatWaitsGoesTogether(t *testing.T) {
	h := newHouse(t)
	h.item("i1")
	const n = 20
	var sendings []func()
	for i := range n {
		sendings = append(sendings, func() {
			h.want(h.send("boss", commit(fmt.Sprint("c", i), change("item", fmt.Sprint("j", i), fields{"title": "y"}))), wire.Saved, "")
		})
	}
	before := h.Transactions()
	h.together(sendings...)
	if writes := h.Transactions() - before; writes != 2 {
		t.Errorf("%d transactions, want 2", writes)
	}
}

// together runs the steps, each of which waits for the engine, so that they wait in
// this order and go into one transaction.
func (h *house) together(steps ...func()) {
	h.t.Helper()
	entered, release := make(chan bool), make(chan bool)
	var first sync.Once
	h.store.Before = func(operation string) error {
		if operation == "write" {
			first.Do(func() { entered <- true; <-release })
		}
		return nil
	}
	var wg sync.WaitGroup
	wg.Go(func() { h.item("meanwhile") })
	<-entered
	for i, step := range steps {
		wg.Go(step)
		retry(h.t, func() error {
			if waiting := h.Waiting(); waiting != i+1 {
				return fmt.Errorf("%d wait, want %d", waiting, i+1)
			}
			return nil
		})
	}
	close(release)
	wg.Wait()
}

// retry tries until f gives no error, for at most two minutes.
func retry(t *testing.T, f func() error) {
	t.Helper()
	deadline := time.After(2 * time.Minute)
	for {
		err := f()
		if err == nil {
			return
		}
		select {
		case <-deadline:
			t.Fatal(err)
		case <-time.After(time.Millisecond):
		}
	}
}

func TestS2_TheSameCommitGetsTheSameReceipt(t *testing.T) {
	h := newHouse(t)
	c := commit("c1", change("item", "i1", fields{"title": "a", "people": []string{"kim"}}))
	first := h.send("boss", c)
	h.at(noon + 5000)
	if again := h.send("boss", c); again != first {
		t.Errorf("first %+v, then %+v", first, again)
	}
	both := h.Submit(author("boss"), []json.RawMessage{raw(c), raw(c)})
	if both[0] != first || both[1] != first || h.record("i1").Fields["title"].Version != 1 {
		t.Errorf("twice in one message: %+v", both)
	}
	other := commit("c1", change("item", "i1", fields{"title": "b"}, 1))
	h.want(h.send("boss", other), wire.Refused, wire.CodeCommitReused)
	h.want(h.send("kim", c), wire.Refused, wire.CodeCommitReused)
	if again := h.send("boss", c); again != first || h.field("i1", "title") != `"a"` {
		t.Errorf("after a reuse of its id: %+v", again)
	}
	refused := commit("c2", change("item", "i2", fields{"title": "forbidden"}))
	r := h.send("boss", refused)
	h.want(r, wire.Refused, wire.CodeInvalid)
	if again := h.send("boss", refused); again != r {
		t.Errorf("refused as %+v, then %+v", r, again)
	}
}

func TestS3_ACommitWaitsForItsPredecessorsOnly(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	b := commit("b", change("item", "i1", fields{"title": "b"}))
	b.After = []string{"a"}
	h.want(h.send("kim", b), wire.Again, wire.CodePredecessor)
	a := commit("a", change("item", "i1", fields{"title": "a"}, 1))
	h.want(h.send("kim", a), wire.Saved, "")
	h.want(h.send("kim", b), wire.Saved, "")
	if h.field("i1", "title") != `"b"` || len(h.conflicts()) != 0 {
		t.Errorf("title %s with %d conflicts", h.field("i1", "title"), len(h.conflicts()))
	}
	bad := commit("bad", change("item", "i1", fields{"title": "forbidden"}))
	h.want(h.send("kim", bad), wire.Refused, wire.CodeInvalid)
	after := commit("after", change("item", "i1", fields{"title": "c"}))
	after.After = []string{"bad"}
	h.want(h.send("kim", after), wire.Held, wire.CodePredecessor)
	foreign := commit("foreign", change("item", "i1", fields{"title": "c"}))
	foreign.After = []string{"make-i1"}
	h.want(h.send("kim", foreign), wire.Again, wire.CodePredecessor)
}

func TestS5_AllChangesOrNone(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	end := h.end("kim")
	r := h.send("kim", commit("c", change("item", "i1", fields{"title": "b"}, 1), change("item", "i1", fields{"phone": "forbidden"}, 1)))
	h.want(r, wire.Refused, wire.CodeInvalid)
	if h.field("i1", "title") != `"start"` || h.end("kim") != end || r.Number != 1 {
		t.Errorf("something of a refused commit is there: title %s, number %d", h.field("i1", "title"), r.Number)
	}
	r = h.send("kim", commit("d", change("item", "i1", fields{"title": "b"}, 1), change("meteor", "m", fields{"x": 1})))
	h.want(r, wire.Held, wire.CodeServerTooOld)
	for _, k := range h.store.Commits() {
		if k.Receipt.Commit == "d" && (len(k.Roots) != 2 || len(k.Roots[0].Payload) < 10) {
			t.Errorf("a held commit is kept as %+v", k.Roots)
		}
	}
}

func TestS5_WhatCannotBeReadIsRefused(t *testing.T) {
	h := newHouse(t)
	big := raw(commit("big", change("item", "i1", fields{"title": string(make([]byte, wire.MaxCommit))})))
	rs := h.Submit(author("kim"), []json.RawMessage{
		[]byte(`{"id":"c1","changes":5}`), []byte(`5`), big, raw(commit("good", change("item", "i1", fields{"title": "a"}))),
	})
	h.want(rs[0], wire.Refused, wire.CodeMalformed)
	h.want(rs[1], wire.Refused, wire.CodeMalformed)
	h.want(rs[2], wire.Refused, wire.CodeTooBig)
	h.want(rs[3], wire.Saved, "")
	if rs[0].Commit != "c1" || rs[0].Number != 1 || rs[2].Commit != "big" || rs[1].Number != 0 {
		t.Errorf("receipts %+v", rs)
	}
}

func TestS4_AFullDiskIsSaidAndNothingHalfWritten(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	full := true
	h.store.Before = func(operation string) error {
		if full && operation == "sync" {
			return fmt.Errorf("writing: %w", server.ErrDiskFull)
		}
		return nil
	}
	c := commit("c", change("item", "i1", fields{"title": "b"}, 1))
	h.want(h.send("kim", c), wire.Again, wire.CodeDiskFull)
	if h.field("i1", "title") != `"start"` {
		t.Error("something was written")
	}
	if err := h.House("org", "", []wire.Change{change("item", "i1", fields{"title": "h"}, -1)}); !errors.Is(err, server.ErrDiskFull) {
		t.Errorf("the house got %v", err)
	}
	full = false
	h.want(h.send("kim", c), wire.Saved, "")
}

// Each dangerous operation fails once, in the middle of a message of three
// commits: the others are saved, the one is saved when it is sent again.
func TestS4_OneFailureHarmsNoOther(t *testing.T) {
	for _, operation := range []string{"sync", "record", "put record", "put commit", "put inbox"} {
		t.Run(operation, func(t *testing.T) {
			h := newHouse(t)
			h.item("i1", "kim")
			count := 0
			h.store.Before = func(at string) error {
				if at == operation {
					if count++; count == 2 || (operation == "sync" && count == 1) {
						return errors.New("on purpose")
					}
				}
				return nil
			}
			var raws []json.RawMessage
			for _, id := range []string{"a", "b", "c"} {
				raws = append(raws, raw(commit(id, change("note", "note-"+id, fields{"item": "i1", "text": id}))))
			}
			failed := 0
			for _, r := range h.Submit(author("kim"), raws) {
				if r.Status == wire.Again && r.Code == wire.CodeTryAgain {
					failed++
				} else {
					h.want(r, wire.Saved, "")
				}
			}
			if failed > 1 {
				t.Errorf("%d commits failed", failed)
			}
			for _, r := range h.Submit(author("kim"), raws) {
				h.want(r, wire.Saved, "")
			}
			if n := len(h.store.Records()); n != 4 {
				t.Errorf("%d records, want 4", n)
			}
		})
	}
}

func TestS4_APanicHarmsNoOther(t *testing.T) {
	h := newHouse(t)
	rs := h.Submit(author("boss"), []json.RawMessage{
		raw(commit("a", change("item", "i1", fields{"title": "a"}))),
		raw(commit("b", change("item", "i2", fields{"title": "panic"}))),
		raw(commit("c", change("item", "i3", fields{"title": "c"}))),
	})
	h.want(rs[0], wire.Saved, "")
	h.want(rs[1], wire.Again, wire.CodeTryAgain)
	h.want(rs[2], wire.Saved, "")
	if h.record("i2") != nil || h.record("i3") == nil {
		t.Error("the wrong records are there")
	}
}

func TestS13_TheHouseWritesAsOne(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	err := h.House("org", "boss", []wire.Change{change("item", "i1", fields{"title": "h"}, -1), change("item", "i2", fields{"title": "forbidden"}, -1)})
	var refusal *server.Refusal
	if !errors.As(err, &refusal) || refusal.Code != wire.CodeInvalid || h.field("i1", "title") != `"start"` {
		t.Errorf("got %v, title %s", err, h.field("i1", "title"))
	}
	var many []wire.Change
	for i := range 2000 {
		many = append(many, change("item", fmt.Sprint("many-", i), fields{"title": i}, -1))
	}
	if err := h.House("org", "boss", many); err != nil {
		t.Fatal(err)
	}
	if h.record("many-1999") == nil {
		t.Error("a record is missing")
	}
	if r := h.send("boss", commit("c", change("item", "i1", fields{"title": "b"}, 1))); r.Number != 2 {
		t.Errorf("the house took numbers of the person: %d", r.Number)
	}
}

func TestS1_CloseHandsOutEverythingAndTakesNothingMore(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	h.Close()
	if len(h.told) != 2 || len(h.changed) == 0 {
		t.Errorf("told %+v, changed %d", h.told, len(h.changed))
	}
	h.want(h.send("boss", commit("c", change("item", "i2", fields{"title": "x"}))), wire.Again, wire.CodeTryAgain)
	if err := h.House("org", "", nil); !errors.Is(err, server.ErrClosed) {
		t.Errorf("the house got %v", err)
	}
	if err := h.Touch(nil); !errors.Is(err, server.ErrClosed) {
		t.Errorf("a touch got %v", err)
	}
}
