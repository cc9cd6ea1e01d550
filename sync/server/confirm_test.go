package server_test

import (
	"errors"
	"testing"

	"bokvar/sync/server"
	"bokvar/sync/wire"
)

func TestS18_ADevicesWordThatItHasRemovedARecordIsKept(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	h.item("i2", "kim")
	if err := h.Confirm(author("kim"), h.end("kim")); err != nil || len(h.store.Removals()) != 0 {
		t.Fatalf("before anything left: %v, %v", h.store.Removals(), err)
	}
	h.want(h.send("boss", commit("away", change("item", "i1", fields{"people": []string{"alva"}}, 1))), wire.Saved, "")
	h.at(noon + 5000)
	told := h.end("kim")
	for _, cursor := range []int64{told - 1, told, told, 1} {
		if err := h.Confirm(author("kim"), cursor); err != nil {
			t.Fatal(err)
		}
		if want := map[bool]int{true: 0, false: 1}[cursor == told-1]; len(h.store.Removals()) != want {
			t.Errorf("at cursor %d: %+v", cursor, h.store.Removals())
		}
	}
	want := server.Removal{Person: "kim", Device: "kim-phone", Org: "org", Record: "i1", Seq: told, At: noon + 5000}
	if got := h.store.Removals(); len(got) != 1 || got[0] != want {
		t.Errorf("kept %+v, want %+v", got, want)
	}
}

// A word that was lost is given again: the server forgets what it only remembered,
// and a write that fails leaves the next word to say it.
func TestS18_AWordThatWasLostIsGivenAgain(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	h.want(h.send("boss", commit("away", change("item", "i1", fields{"people": []string{}}, 1))), wire.Saved, "")
	h.store.Before = func(operation string) error {
		if operation == "sync" {
			return errors.New("on purpose")
		}
		return nil
	}
	if err := h.Confirm(author("kim"), h.end("kim")); err == nil {
		t.Fatal("a failed write was not told")
	}
	h.store.Before = nil
	if err := h.Confirm(author("kim"), h.end("kim")); err != nil || len(h.store.Removals()) != 1 {
		t.Errorf("%v, %v", h.store.Removals(), err)
	}
	again := server.New(server.Options{Store: h.store, Policy: h.policy, Rules: loadTestRules(t), Clock: h.clock})
	defer again.Close()
	h.at(noon + 9000)
	if err := again.Confirm(author("kim"), h.end("kim")); err != nil || len(h.store.Removals()) != 1 || h.store.Removals()[0].At != noon {
		t.Errorf("after a restart: %+v, %v", h.store.Removals(), err)
	}
}

// What left is kept whether the engine remembers it or has to ask the store: it
// left before this engine began, after it, or both, and the device says so at
// once or late.
func TestS18_WhatLeftBeforeAndAfterAStartIsKept(t *testing.T) {
	away := func(h *house, item string) {
		h.want(h.send("boss", commit("away-"+item, change("item", item, fields{"people": []string{}}, 1))), wire.Saved, "")
	}
	kept := func(h *house, want int, when string) {
		t.Helper()
		if got := h.store.Removals(); len(got) != want {
			t.Errorf("%s: kept %+v, want %d", when, got, want)
		}
	}
	for _, first := range []int64{0, 1, 2} { // where the device is when the engine starts anew
		h := newHouse(t)
		for _, id := range []string{"i1", "i2", "i3", "i4"} {
			h.item(id, "kim")
		}
		if err := h.Confirm(author("kim"), h.end("kim")-2+first); err != nil {
			t.Fatal(err)
		}
		away(h, "i1")
		again := &house{t: t, store: h.store, policy: h.policy, now: h.now, ids: 1000}
		again.Engine = server.New(server.Options{Store: h.store, Policy: h.policy, Rules: loadTestRules(t), Clock: again.clock})
		defer again.Close()
		if err := again.Confirm(author("kim"), h.end("kim")-1); err != nil {
			t.Fatal(err)
		}
		kept(again, 0, "before the device was told")
		if err := again.Confirm(author("kim"), h.end("kim")); err != nil {
			t.Fatal(err)
		}
		kept(again, 1, "what left before the start")
		away(again, "i2")
		if err := again.Confirm(author("kim"), again.end("kim")); err != nil {
			t.Fatal(err)
		}
		kept(again, 2, "what left after the start")
		again.item("i5", "kim")
		if err := again.Confirm(author("kim"), again.end("kim")); err != nil {
			t.Fatal(err)
		}
		kept(again, 2, "when nothing left")
		away(again, "i3")
		again.item("i6", "kim")
		if err := again.Confirm(author("kim"), again.end("kim")); err != nil {
			t.Fatal(err)
		}
		kept(again, 3, "behind something new")
	}
}

// S5; CommCare: one bad item blocked the queue. A held commit is handed on to others
// and to nobody else, once, and what comes after it goes in.
func TestCommCare_AHeldCommitIsHandedOnAndBlocksNothing(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim", "alva")
	h.policy.handOn = func(a server.Author, c wire.Commit, why *server.Refusal) ([]wire.Change, error) {
		if why.Code != wire.CodeServerTooOld {
			return nil, nil
		}
		return []wire.Change{change("item", "found-"+c.ID, fields{"people": []string{"alva"}, "title": a.Person})}, nil
	}
	bad := commit("bad", change("meteor", "m", fields{"x": 1}))
	for range 2 {
		h.want(h.send("kim", bad), wire.Held, wire.CodeServerTooOld)
	}
	h.want(h.send("kim", commit("good", change("item", "i1", fields{"title": "x"}, 1))), wire.Saved, "")
	if f := h.record("found-bad").Fields["title"]; string(f.Value) != `"kim"` || f.Version != 1 {
		t.Errorf("handed on: %+v", f)
	}
	for person, want := range map[string]int{"kim": 1, "alva": 2} {
		if page, err := h.Page(person, 0); err != nil || len(page.Records) != want {
			t.Errorf("%s carries %d records, %v, want %d", person, len(page.Records), err, want)
		}
	}
}
