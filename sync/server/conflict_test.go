package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"bokvar/sync/merge"
	"bokvar/sync/rules"
	"bokvar/sync/server"
	"bokvar/sync/server/servertest"
	"bokvar/sync/wire"
)

// clash lets kim and alva change the item's field from the same version.
func (h *house) clash(field string, base int64) {
	h.t.Helper()
	for _, person := range []string{"kim", "alva"} {
		h.want(h.send(person, commit("by-"+person, change("item", "i1", fields{field: person}, base))), wire.Saved, "")
	}
}

func TestS6_BothVersionsOfAConflictAreKept(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim", "alva")
	h.want(h.send("kim", commit("a", change("item", "i1", fields{"outcome": "met"}))), wire.Saved, "")
	r := h.send("alva", commit("b", change("item", "i1", fields{"outcome": "refused", "title": "x"}, 0)))
	if h.want(r, wire.Saved, ""); !r.Conflict {
		t.Error("the receipt does not tell of the conflict")
	}
	if h.field("i1", "outcome") != `"met"` {
		t.Errorf("the outcome is %s: what was accepted first stays", h.field("i1", "outcome"))
	}
	all := h.conflicts()
	var c *server.State
	for _, s := range all {
		if string(s.Fields["field"].Value) == `"outcome"` {
			c = s
		}
	}
	if c == nil || c.Root != "i1" || c.Org != "org" {
		t.Fatalf("the conflicts are %+v", all)
	}
	for name, want := range map[string]string{
		"kind": `"item"`, "record": `"i1"`, "rule": `"outcome"`, "state": `"open"`,
		"versions": `[{"commit":"a","v":"met","by":"kim","at":1700000000000},{"commit":"b","v":"refused","by":"alva","at":1700000000000}]`,
	} {
		if got := string(c.Fields[name].Value); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	page, err := h.Page("kim", 0)
	if err != nil || len(page.Records) != 1+len(all) {
		t.Errorf("kim gets %d records (%v), want the item and the conflicts", len(page.Records), err)
	}
}

func TestS6_MoreLosersJoinTheOpenConflict(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim", "alva", "maj")
	h.clash("phone", 1)
	h.want(h.send("maj", commit("third", change("item", "i1", fields{"phone": "maj"}, 1))), wire.Saved, "")
	all := h.conflicts()
	if len(all) != 1 || all[0].Fields["versions"].Version != 2 {
		t.Fatalf("%d conflicts: %+v", len(all), all)
	}
	var versions []any
	if err := json.Unmarshal(all[0].Fields["versions"].Value, &versions); err != nil || len(versions) != 3 {
		t.Errorf("versions %s", all[0].Fields["versions"].Value)
	}
}

func TestS6_AConflictStaysSmallEnoughToTravel(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	for n := range 12 {
		text := fmt.Sprint(n, strings.Repeat("x", 20_000))
		h.want(h.send("kim", commit(fmt.Sprint("c", n), change("item", "i1", fields{"phone": text}, 9))), wire.Saved, "")
	}
	all := h.conflicts()
	if len(all) < 3 {
		t.Errorf("%d conflicts for 12 large values", len(all))
	}
	for _, c := range all {
		if n := len(c.Fields["versions"].Value); n > wire.PageBytes {
			t.Errorf("a conflict of %d bytes", n)
		}
	}
}

func TestS6_AChoiceSettlesAConflictEverywhere(t *testing.T) {
	for _, c := range []struct{ choice, want string }{{"by-kim", `"kim"`}, {"by-alva", `"alva"`}, {"both", `"kim"`}} {
		t.Run(c.choice, func(t *testing.T) {
			h := newHouse(t)
			h.item("i1", "kim", "alva")
			h.clash("outcome", 0)
			id := h.conflicts()[0].ID
			h.want(h.send("alva", commit("choose", change("conflict", id, fields{"choice": c.choice}))), wire.Saved, "")
			if got := h.field("i1", "outcome"); got != c.want {
				t.Errorf("the outcome is %s, want %s", got, c.want)
			}
			if h.field(id, "state") != `"settled"` || h.field(id, "settled") != `{"at":1700000000000,"by":"alva"}` {
				t.Errorf("state %s, settled %s", h.field(id, "state"), h.field(id, "settled"))
			}
			// the other one chooses later, without having seen it: the first stands
			h.want(h.send("kim", commit("late", change("conflict", id, fields{"choice": "by-kim"}))), wire.Saved, "")
			if got := h.field("i1", "outcome"); got != c.want || len(h.conflicts()) != 1 {
				t.Errorf("after a late choice the outcome is %s, with %d conflicts", got, len(h.conflicts()))
			}
			// a new conflict about the same field is a record of its own
			h.want(h.send("boss", commit("later", change("item", "i1", fields{"outcome": "boss"}))), wire.Saved, "")
			if len(h.conflicts()) != 2 {
				t.Errorf("%d conflicts, want 2", len(h.conflicts()))
			}
		})
	}
}

func TestS6_AChoiceOfWhatIsNotThereIsRefused(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim", "alva")
	h.clash("outcome", 0)
	id := h.conflicts()[0].ID
	h.want(h.send("kim", commit("choose", change("conflict", id, fields{"choice": "by-nobody"}))), wire.Refused, wire.CodeInvalid)
	if h.field(id, "state") != `"open"` {
		t.Error("the conflict is not open any more")
	}
}

func TestS6_WhatAWordDecidedIsKeptAndCanBeTakenBack(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim", "alva")
	h.clash("title", 1) // latest
	all := h.conflicts()
	if len(all) != 1 || string(all[0].Fields["state"].Value) != `"kept"` || h.field("i1", "title") != `"alva"` {
		t.Fatalf("title %s, conflicts %+v", h.field("i1", "title"), all)
	}
	h.want(h.send("kim", commit("choose", change("conflict", all[0].ID, fields{"choice": "by-kim"}))), wire.Saved, "")
	if h.field("i1", "title") != `"kim"` || h.record("i1").Fields["title"].Version != 4 {
		t.Errorf("title %+v", h.record("i1").Fields["title"])
	}
}

// openPolicy lets everybody do everything: for the real table.
type openPolicy struct{ testPolicy }

func (openPolicy) Admit(_ server.Tx, _ server.Author, c wire.Change, _ *server.State) (string, error) {
	return c.Record, nil
}

func (openPolicy) Follow(server.Tx, server.Author, []server.Changed, func(wire.Change) error) error {
	return nil
}

func (openPolicy) Audience(server.Tx, *server.State) ([]server.Viewer, error) {
	return []server.Viewer{{Person: "a", Class: "boss"}}, nil
}

// TestS6_EachRowThroughTheEngine plays the merge vectors of every row of rules.md
// through the whole engine, in both orders, and then all of it again: the second
// time changes nothing and gives the same receipts.
func TestS6_EachRowThroughTheEngine(t *testing.T) {
	table, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	for row, cases := range servertest.MergeVectors(t, "../testdata/merge", table) {
		if row.Kind == server.KindConflict {
			continue // the engine's own kind: the tests above
		}
		for _, c := range cases {
			t.Run(row.ID+"/"+c.Name, func(t *testing.T) {
				playRow(t, table, row, c, c.AB, "a", "b")
				playRow(t, table, row, c, c.BA, "b", "a")
			})
		}
	}
}

func playRow(t *testing.T, table *rules.Table, row *rules.Row, c servertest.MergeCase, want servertest.MergeResult, order ...string) {
	t.Helper()
	h := newHouseWith(t, &openPolicy{}, table)
	field := row.Fields[0]
	if len(c.Start) > 0 {
		start := wire.Change{Kind: row.Kind, Record: "r", Fields: map[string]wire.Set{field: {Value: c.Start, Base: -1}}}
		if row.By != "" {
			start.Fields[row.By] = wire.Set{Value: raw(c.StartAsOf), Base: -1}
		}
		if err := h.House("org", "", []wire.Change{start}); err != nil {
			t.Fatal(err)
		}
	}
	first := h.playOrder(row, field, c, order)
	value, conflicts := h.field("r", field), h.conflicts()
	if !merge.Equal(json.RawMessage(value), want.Value) {
		t.Errorf("%v: the value is %s, want %s", order, value, want.Value)
	}
	switch {
	case want.As == "" && len(conflicts) != 0, want.As != "" && len(conflicts) != 1:
		t.Errorf("%v: %d conflicts are kept, want %q", order, len(conflicts), want.As)
	case want.As != "":
		var versions []struct{ V json.RawMessage }
		err := json.Unmarshal(conflicts[0].Fields["versions"].Value, &versions)
		if err != nil || asText(conflicts[0].Fields["state"].Value) != want.As || !merge.Equal(versions[1].V, want.Lost) || asText(conflicts[0].Fields["rule"].Value) != row.ID {
			t.Errorf("%v: kept %+v, want %s as %s", order, conflicts[0].Fields, want.Lost, want.As)
		}
	}
	for i, id := range order {
		if (want.Down == id) != (first[i].Status != wire.Saved) || (want.Down == id && string(first[i].Status) != want.Status) {
			t.Errorf("%v: %s got %+v", order, id, first[i])
		}
	}
	again := h.playOrder(row, field, c, order)
	if again[0] != first[0] || again[1] != first[1] || h.field("r", field) != value || len(h.conflicts()) != len(conflicts) {
		t.Errorf("%v again: receipts %+v, value %s, %d conflicts", order, again, h.field("r", field), len(h.conflicts()))
	}
}

// playOrder sends the case's commits, each from a device whose clock is right.
func (h *house) playOrder(row *rules.Row, field string, c servertest.MergeCase, order []string) (rs []wire.Receipt) {
	h.t.Helper()
	steps := map[string]servertest.MergeStep{"a": c.A, "b": c.B}
	for _, id := range order {
		s := steps[id]
		hello := wire.Hello{Type: wire.TypeHello, Versions: []int{1}, Device: id, Clock: noon}
		h.at(noon)
		if _, problem := h.Hello(author(id), hello); problem != nil {
			h.t.Fatal(problem)
		}
		h.at(noon + 3_600_000)
		change := wire.Change{Kind: row.Kind, Record: "r", Fields: map[string]wire.Set{field: {Value: s.Value, Base: max(s.Base, 0)}}}
		if row.By != "" {
			change.Fields[row.By] = wire.Set{Value: raw(s.AsOf)}
		}
		rs = append(rs, h.send(id, wire.Commit{ID: id, At: noon + s.At, Changes: []wire.Change{change}}))
	}
	return rs
}
