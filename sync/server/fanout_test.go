package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"bokvar/sync/device"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// page reads a page into records by id.
func (h *house) page(person string, cursor int64) (wire.Page, map[string]wire.Record) {
	h.t.Helper()
	page, err := h.Page(person, cursor)
	if err != nil {
		h.t.Fatal(err)
	}
	records := map[string]wire.Record{}
	for _, r := range page.Records {
		var v wire.Record
		if err := json.Unmarshal(r, &v); err != nil {
			h.t.Fatalf("%s: %v", r, err)
		}
		records[v.ID] = v
	}
	return page, records
}

func TestS7_WhoSeesNoChangeHearsNothing(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	kim, boss := h.end("kim"), h.end("boss")
	h.want(h.send("boss", commit("c", change("item", "i1", fields{"secret": "s"}))), wire.Saved, "")
	if h.end("kim") != kim || h.end("boss") != boss+1 {
		t.Errorf("kim %d → %d, boss %d → %d", kim, h.end("kim"), boss, h.end("boss"))
	}
	_, records := h.page("kim", 0)
	if _, there := records["i1"].Fields["secret"]; there || records["i1"].Versions["secret"] != 0 {
		t.Errorf("kim sees %+v", records["i1"])
	}
}

func TestS7_WhoComesInGetsItAndWhoGoesLosesIt(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	kim := h.end("kim")
	h.want(h.send("boss", commit("c", change("item", "i1", fields{"people": []string{"alva"}}, 1))), wire.Saved, "")
	if _, records := h.page("kim", kim); !records["i1"].Left {
		t.Errorf("kim gets %+v", records)
	}
	if _, records := h.page("alva", 0); records["i1"].Left || string(records["i1"].Fields["title"]) != `"start"` {
		t.Errorf("alva gets %+v", records)
	}
	h.want(h.send("kim", commit("d", change("item", "i1", fields{"title": "x"}, 1))), wire.Refused, wire.CodeNotFound)
}

func TestS8_TheReceiptsCursorCoversTheChange(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	h.item("i2", "kim")
	r := h.send("kim", commit("c", change("item", "i1", fields{"title": "x"}, 1)))
	if r.Cursor != h.end("kim") {
		t.Errorf("cursor %d, the row is %d", r.Cursor, h.end("kim"))
	}
	if page, records := h.page("kim", r.Cursor-1); page.Cursor != r.Cursor || string(records["i1"].Fields["title"]) != `"x"` {
		t.Errorf("page to %d: %+v", page.Cursor, records)
	}
	same := h.send("kim", commit("same", change("item", "i1", fields{"title": "x"}, 1)))
	if same.Cursor != r.Cursor {
		t.Errorf("the same value again has cursor %d, want that of the row, %d", same.Cursor, r.Cursor)
	}
	unseen := h.send("kim", commit("unseen", change("giving", "g1", fields{"text": "x"})))
	if unseen.Cursor != 0 {
		t.Errorf("what the author does not carry has cursor %d", unseen.Cursor)
	}
}

func TestS9_APageIsOfAccessNow(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	for n := range 3 {
		h.want(h.send("kim", commit(fmt.Sprint("n", n), change("note", fmt.Sprint("note", n), fields{"item": "i1", "text": "x"}))), wire.Saved, "")
	}
	kim := h.end("kim")
	before, _ := h.page("kim", 0)
	h.want(h.send("boss", commit("c", change("item", "i1", fields{"people": []string{}}, 1))), wire.Saved, "")
	page, records := h.page("kim", 1)
	if page.Epoch <= before.Epoch {
		t.Errorf("the epoch stays %d", page.Epoch)
	}
	for id, r := range records {
		if !r.Left || len(r.Fields) > 0 {
			t.Errorf("kim still sees %s: %+v", id, r)
		}
	}
	if len(records) != 4 {
		t.Errorf("%d records left, want the item and three notes", len(records))
	}
	// Coming back brings everything back, although no note has changed since.
	h.want(h.send("boss", commit("d", change("item", "i1", fields{"people": []string{"kim"}}, 2))), wire.Saved, "")
	h.touchAll("kim")
	if _, records = h.page("kim", kim); len(records) != 4 || records["note0"].Left {
		t.Errorf("kim gets back %+v", records)
	}
}

// touchAll re-announces every record to the person.
func (h *house) touchAll(person string) {
	h.t.Helper()
	err := h.Touch(func(_ server.Tx, touch func(person, org, record string) error) error {
		for _, s := range h.store.Records() {
			if err := touch(person, s.Org, s.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func TestS9_PagesAreBounded(t *testing.T) {
	h := newHouse(t)
	const n = 1203
	var many []wire.Change
	for i := range n {
		many = append(many, change("item", fmt.Sprint("i", i), fields{"title": i, "people": []string{"kim"}}, -1))
	}
	big := strings.Repeat("x", 50_000)
	for i := range 9 {
		many = append(many, change("item", fmt.Sprint("big", i), fields{"title": big, "people": []string{"kim"}}, -1))
	}
	if err := h.House("org", "", many); err != nil {
		t.Fatal(err)
	}
	seen, cursor := 0, int64(0)
	for pages := 0; ; pages++ {
		page, records := h.page("kim", cursor)
		size := len(raw(page))
		if len(records) > wire.PageRows || size > wire.MaxMessage {
			t.Errorf("a page of %d records, %d bytes", len(records), size)
		}
		if page.From != cursor || int(page.Waiting) != n+9-seen-len(records) {
			t.Errorf("page from %d, waiting %d after %d", page.From, page.Waiting, seen+len(records))
		}
		seen, cursor = seen+len(records), page.Cursor
		if page.Waiting == 0 {
			break
		}
		if pages > 50 {
			t.Fatal("the pages do not end")
		}
	}
	if seen != n+9 {
		t.Errorf("%d records came, want %d", seen, n+9)
	}
}

func TestS10_HelloAgreesAndCounts(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	h.item("i2", "kim")
	hello := wire.Hello{Type: wire.TypeHello, Versions: []int{7, 1}, Device: "kim-phone", Generation: "g1", Cursor: 1, Clock: noon}
	w, problem := h.Hello(author("kim"), hello)
	if problem != nil || w.Version != 1 || w.Generation != "g1" || w.Waiting != 1 || w.Clock != noon || w.Person != "kim" || w.Org != "org" {
		t.Errorf("%+v %v", w, problem)
	}
	hello.Generation = "g0"
	if w, _ = h.Hello(author("kim"), hello); w.Waiting != 2 {
		t.Errorf("of another generation %d wait", w.Waiting)
	}
	hello.Versions = []int{7}
	if _, problem = h.Hello(author("kim"), hello); problem == nil || problem.Code != wire.CodeNoCommonVersion || !problem.Close {
		t.Errorf("got %+v", problem)
	}
}

func TestS11_DeliveriesComeInOrderAndShareRecords(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim", "alva")
	h.want(h.send("kim", commit("c", change("note", "n1", fields{"item": "i1", "text": "x"}))), wire.Saved, "")
	h.Close()
	at, shared := map[string]int64{}, map[string]*byte{}
	for _, d := range h.told {
		if d.From != at[d.Person] || d.To <= d.From {
			t.Errorf("%s is told from %d to %d, was at %d", d.Person, d.From, d.To, at[d.Person])
		}
		at[d.Person] = d.To
		if len(d.Records) > 0 {
			shared[d.Person] = &d.Records[len(d.Records)-1][0]
		}
		if p := server.PageOf(d); p.From != d.From || p.Cursor != d.To || len(p.Records) != len(d.Records) {
			t.Errorf("page %+v", p)
		}
	}
	if at["kim"] != h.end("kim") || at["boss"] != h.end("boss") {
		t.Errorf("told up to %v", at)
	}
	if shared["kim"] != shared["alva"] {
		t.Error("viewers of one class do not share the bytes")
	}
}

func TestS11_WhoseAccessShrankGetsNoRecordsDirectly(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	h.Submit(author("boss"), []json.RawMessage{
		raw(commit("a", change("note", "n1", fields{"item": "i1", "text": "for kim"}))),
		raw(commit("b", change("item", "i1", fields{"people": []string{}}, 1))),
	})
	h.Close()
	told := false
	for _, d := range h.told {
		told = told || d.Person == "kim" && d.To == h.end("kim")
		if d.Person == "kim" && strings.Contains(string(raw(d.Records)), "for kim") {
			t.Errorf("kim is sent %s", d.Records)
		}
	}
	if !told {
		t.Error("kim is not told that something is new")
	}
}

func TestS14_TouchEntersAndLeaves(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	end := h.end("kim")
	h.touchAll("kim")
	h.touchAll("alva")
	if h.end("kim") != end || h.end("alva") != 0 {
		t.Errorf("a touch without change made rows: kim %d, alva %d", h.end("kim"), h.end("alva"))
	}
	on := fmt.Errorf("on purpose")
	err := h.Touch(func(tx server.Tx, _ func(person, org, record string) error) error {
		if err := tx.MoveEpoch("kim"); err != nil {
			return err
		}
		return on
	})
	if err != on {
		t.Errorf("the error came back as %v", err)
	}
	if epoch, err := h.Epoch("kim"); epoch != 0 || err != nil {
		t.Errorf("the epoch is %d (%v) after a touch that failed", epoch, err)
	}
}

func TestS13_WhatTheHouseWritesQuietlyIsToldByTouch(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	end := h.end("kim")
	if err := h.HouseQuietly("org", "", []wire.Change{change("item", "i1", fields{"title": "quiet"}, -1)}); err != nil {
		t.Fatal(err)
	}
	if h.field("i1", "title") != `"quiet"` || h.end("kim") != end {
		t.Errorf("title %s, a row more: %t", h.field("i1", "title"), h.end("kim") != end)
	}
	h.touchAll("kim")
	if _, records := h.page("kim", end); string(records["i1"].Fields["title"]) != `"quiet"` {
		t.Errorf("told by touch: %+v", records)
	}
	// Who fetches before they are told gets it as it is, and nothing twice.
	if err := h.HouseQuietly("org", "", []wire.Change{change("item", "i1", fields{"title": "quieter"}, -1)}); err != nil {
		t.Fatal(err)
	}
	page, records := h.page("kim", 0)
	if string(records["i1"].Fields["title"]) != `"quieter"` || page.Cursor != h.end("kim") {
		t.Errorf("a page of all: %+v to %d of %d", records, page.Cursor, h.end("kim"))
	}
	end = h.end("kim")
	h.touchAll("kim")
	if h.end("kim") != end {
		t.Error("told a second time")
	}
}

func TestS13_WhatFollowsFromACommitIsPartOfIt(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	derived := "derived"
	h.policy.follow = func(_ server.Tx, _ server.Author, _ []server.Changed, apply func(wire.Change) error) error {
		return apply(change("item", "i1", fields{"phone": derived}, -1))
	}
	h.want(h.send("kim", commit("c", change("item", "i1", fields{"title": "x"}, 1))), wire.Saved, "")
	if h.field("i1", "phone") != `"derived"` || len(h.conflicts()) != 0 {
		t.Errorf("phone %s with %d conflicts", h.field("i1", "phone"), len(h.conflicts()))
	}
	derived = "forbidden"
	h.want(h.send("kim", commit("d", change("item", "i1", fields{"title": "y"}, 2))), wire.Refused, wire.CodeInvalid)
	if h.field("i1", "title") != `"x"` {
		t.Error("the commit was applied although what follows from it was refused")
	}
}

// urgentPolicy knows what is urgent.
type urgentPolicy struct {
	testPolicy
	records []string
}

func (p *urgentPolicy) Urgent(server.Tx, string) (string, []string, error) {
	return "org", p.records, nil
}

func TestS9_WhatIsUrgentGoesAheadOfALongWay(t *testing.T) {
	policy := &urgentPolicy{records: []string{"i1", "i2", "unknown"}}
	h := newHouseWith(t, policy, loadTestRules(t))
	h.item("i2", "alva") // not kim's
	many := func(n int) {
		for range n {
			h.item(fmt.Sprint("x", h.end("kim")), "kim")
		}
	}
	many(200)
	h.item("i1", "kim")
	if page, err := h.First("kim"); err != nil || len(page.Records) != 0 {
		t.Errorf("one page waits, and %d records go ahead, %v", len(page.Records), err)
	}
	many(wire.PageRows - 200)
	page, err := h.First("kim")
	if err != nil || len(page.Records) != 1 || !strings.Contains(string(page.Records[0]), `"i1"`) {
		t.Fatalf("first come %s, %v", page.Records, err)
	}
	if page.From != 0 || page.Cursor != 0 || page.Waiting != h.end("kim") {
		t.Errorf("from %d to %d, %d wait", page.From, page.Cursor, page.Waiting)
	}
	h.want(h.send("boss", commit("gone", change("item", "i1", fields{"people": []string{}}, 1))), wire.Saved, "")
	if page, err := h.First("kim"); err != nil || len(page.Records) != 0 {
		t.Errorf("what is not kim's any more goes ahead: %s, %v", page.Records, err)
	}
}

// The disk is full while somebody is on leave: their device loses what it may not
// have, and does not go past what it was not told for good. Found by seed 2355.
func TestS9_WhatCannotBeTidiedIsNotPassedBy(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	h.want(h.send("kim", commit("n", change("note", "n1", fields{"item": "i1", "text": "x"}))), wire.Saved, "")
	d := device.New("d", "org")
	late := device.New("late", "org")
	h.follow("kim", d)
	hidden := true
	h.policy.hide = func(person string) bool { return hidden && person == "kim" }
	full := true
	h.store.Before = func(operation string) error {
		if full && operation == "sync" {
			return fmt.Errorf("%w: on purpose", server.ErrDiskFull)
		}
		return nil
	}
	page, err := h.Page("kim", late.Have().Cursor)
	if err != nil || page.Cursor != 0 || page.Waiting != 2 {
		t.Fatalf("%+v, %v", page, err)
	}
	if _, err := late.Page(page); err != nil {
		t.Fatal(err)
	}
	full, hidden = false, false // access is back before anything was tidied
	h.follow("kim", late)
	if result, report := h.check("kim", late.Check()); result != wire.Equal || len(late.Views()) != 2 {
		t.Errorf("the device has %d records and is %s: %s", len(late.Views()), result, report)
	}
}
