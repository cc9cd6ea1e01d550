package main

import (
	"log/slog"
	"maps"
	"strings"
	"testing"

	"bokvar/internal/method"
	"bokvar/sync/wire"
)

// A server that starts with a method that takes other things away than the last run's
// shuts what the wall had opened: what still crosses comes anew, under another epoch,
// and what does not leaves every device at its next contact. Once.
func TestAnotherMethodShutsWhatWasOpen(t *testing.T) {
	w := newWallTown(t)
	w.collect("given", nil)
	w.link()
	at := func(r *running) string {
		t.Helper()
		jonna := r.enter("jonna").connect()
		return jonna.any("message", func(m wire.Record) bool { return text(m, "text") == w.word(secretShared) }).Room
	}
	r, room := w.running, ""
	for _, c := range []struct {
		was   string // what the last run's method took away
		moves bool
	}{{"", false}, {`[{"Closes":"consent","While":"always"}]`, true}, {"", false}} {
		before := at(r)
		if c.was != "" {
			if err := r.core.db.PutSetting(methodNarrows, []byte(c.was)); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.stop(); err != nil {
			t.Fatal(err)
		}
		r = start(t, w.config.Data)
		if room = at(r); (room != before) != c.moves {
			t.Errorf("the last run's method took away %q: the room was %s and is %s", c.was, before, room)
		}
	}
}

// A command beside a folder whose server is away works by the method that the server had,
// shuts nothing, and the server finds all as it left it.
func TestCommandsWorkByTheServersMethod(t *testing.T) {
	loadMethods = func() (map[string]*method.Profile, error) {
		all, err := method.Load()
		if err != nil {
			return nil, err
		}
		all = maps.Clone(all)
		narrow := *all["model"]
		narrow.ID, narrow.Narrows = "narrow", []method.Narrowing{{ID: "own", Closes: method.ConsentWord, While: method.NoNotice}}
		all[narrow.ID] = &narrow
		return all, nil
	}
	t.Cleanup(func() { loadMethods = method.Load })
	w := newWallTownWith(t, func(c *Config) { c.Method = "narrow" })
	w.collect("given", nil)
	w.link()
	w.as("jonna").connect()
	w.notice(true)
	room := func(r *running) string {
		t.Helper()
		jonna := r.enter("jonna").connect()
		return jonna.any("message", func(m wire.Record) bool { return text(m, "text") == w.word(secretShared) }).Room
	}
	before := room(w.running)
	if err := w.stop(); err != nil {
		t.Fatal(err)
	}
	do(t, 0, "user", "list", "-data", w.config.Data)
	o, err := openCore(Config{Data: w.config.Data})
	if err != nil {
		t.Fatal(err)
	}
	if o.profile.ID != "narrow" {
		t.Errorf("a command works by %s", o.profile.ID)
	}
	if err := o.close(); err != nil {
		t.Fatal(err)
	}
	c := w.config
	r := startWith(t, c, slog.New(slog.DiscardHandler))
	if after := room(r); after != before {
		t.Errorf("the room was %s and is %s", before, after)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	loadMethods = method.Load // a program that does not know it
	if _, said := do(t, 1, "user", "list", "-data", c.Data); !strings.Contains(said, `no method profile "narrow"`) {
		t.Errorf("it says %s", said)
	}
}
