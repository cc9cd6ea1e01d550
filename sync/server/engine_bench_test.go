package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"bokvar/sync/server"
	"bokvar/sync/server/servertest"
	"bokvar/sync/wire"
)

// BenchmarkNotes measures the engine alone: 50 conversations, each sending notes
// of 1 kB as single commits and waiting for the receipt, on a store in memory.
func BenchmarkNotes(b *testing.B) {
	e := server.New(server.Options{Store: servertest.NewMemory("g1"), Policy: &testPolicy{}, Rules: loadTestRules(b), Clock: time.Now})
	defer e.Close()
	boss := server.Author{Person: "boss", Org: "org", Device: "d"}
	item := wire.Change{Org: "org", Kind: "item", Record: "item", Fields: map[string]wire.Set{"people": {Value: raw([]string{"kim"}), Base: -1}}}
	if err := e.House("org", "", []wire.Change{item}); err != nil {
		b.Fatal(err)
	}
	text := strings.Repeat("å", 500)
	b.ReportAllocs()
	var wg sync.WaitGroup
	for c := range 50 {
		wg.Go(func() {
			for n := c; n < b.N; n += 50 {
				commit := wire.Commit{ID: fmt.Sprint("c", n), Changes: []wire.Change{{Kind: "note", Record: fmt.Sprint("n", n),
					Fields: map[string]wire.Set{"item": {Value: raw("item")}, "text": {Value: raw(text)}}}}}
				if r := e.Submit(boss, []json.RawMessage{raw(commit)})[0]; r.Status != wire.Saved {
					b.Errorf("%+v", r)
				}
			}
		})
	}
	wg.Wait()
}

// BenchmarkHash measures the hash of a note of 1 kB, as a device works it out.
func BenchmarkHash(b *testing.B) {
	fields := map[string]json.RawMessage{"text": raw(strings.Repeat("å", 500)), "at": raw(1_700_000_000_000), "by": raw("kim"), "household": raw("h"), "case": raw("c")}
	versions := map[string]int64{"text": 1, "at": 1, "by": 1, "household": 1, "case": 1}
	for b.Loop() {
		wire.HashRecord("org", "n", "note", "", fields, versions)
	}
}
