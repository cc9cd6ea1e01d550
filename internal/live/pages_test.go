package live

import (
	"encoding/json"
	"testing"

	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// A delivery that brings no records (they were too many to come along) must never
// move the device's cursor past them: it fetches pages.
func TestDeliveryWithoutRecordsIsFetched(t *testing.T) {
	p := pages{}
	p.begin(0)
	p.behind = false // caught up
	if p.direct(&server.Delivery{Person: "jonna", From: 0, To: 1430}, 0) {
		t.Error("sent as an empty page: 1,430 rows would never arrive")
	}
	if !p.wanted() || p.sent != 0 {
		t.Errorf("nothing is fetched; the device stands at %d", p.sent)
	}
	q := pages{}
	q.begin(0)
	q.behind = false
	if !q.direct(&server.Delivery{Person: "jonna", From: 0, To: 1, Records: []json.RawMessage{[]byte(`{}`)}}, 2) {
		t.Error("one record with its delivery was not sent at once")
	}
}

// Many persons get the same records, each in a list of their own.
func TestWhatManyGetIsJoinedOnce(t *testing.T) {
	a, b := json.RawMessage(`{"id":"a"}`), json.RawMessage(`{"id":"b"}`)
	var j joined
	first := j.of([]json.RawMessage{a, b})
	if string(first) != `{"id":"a"},{"id":"b"}]}` {
		t.Fatalf("%s", first)
	}
	if again := j.of([]json.RawMessage{a, b}); &again[0] != &first[0] {
		t.Error("joined twice")
	}
	for _, other := range [][]json.RawMessage{{a}, {b, a}, {a, json.RawMessage(`{"id":"b"}`)}} {
		if got := j.of(other); len(got) == len(first) && &got[0] == &first[0] {
			t.Errorf("%s was not joined", other)
		}
	}
}

// A device says once for several small deliveries that it has them, and goes on
// getting more at once until then; large ones are counted as pages.
func TestSmallNewsDoesNotWaitForEachWord(t *testing.T) {
	p := pages{}
	p.begin(0)
	p.behind = false
	next := func(size int) bool {
		return p.direct(&server.Delivery{From: p.sent, To: p.sent + 1, Records: []json.RawMessage{[]byte(`{}`)}}, size)
	}
	for n := range wire.NewsWindow {
		if !next(wire.NewsBytes) {
			t.Fatalf("the delivery after %d waits", n)
		}
	}
	if next(1) || !p.wanted() {
		t.Error("more than may be on their way")
	}
	p.applied(p.sent)
	p.behind = false
	if p.news != nil || !next(wire.NewsBytes+1) || !next(wire.NewsBytes+1) || next(1) {
		t.Error("large deliveries are not counted as pages")
	}
}
