package server

import (
	"encoding/json"
	"fmt"
	"testing"

	"bokvar/sync/wire"
)

func TestWhatWasShownIsFoundByStateAndClassAndBounded(t *testing.T) {
	var k shown
	one, same := &State{ID: "a"}, &State{ID: "a"}
	k.keep(one, "boss", json.RawMessage("all"), wire.Sum{1})
	if record, hash, known := k.find(one, "boss"); !known || string(record) != "all" || hash != (wire.Sum{1}) {
		t.Errorf("%s %v %v", record, hash, known)
	}
	for _, other := range []struct {
		state *State
		class string
	}{{one, "visitor"}, {same, "boss"}} {
		if record, _, known := k.find(other.state, other.class); known {
			t.Errorf("%p for %s is shown %s", other.state, other.class, record)
		}
	}
	record := make(json.RawMessage, 100_000)
	for i := range 300 {
		k.keep(&State{ID: fmt.Sprint(i)}, "boss", record, wire.Sum{})
		k.find(one, "boss")
		if k.size > shownBytes || len(k.young)+len(k.old) > 2*shownBytes/len(record)+2 {
			t.Fatalf("%d bytes of the young half, %d and %d records are kept", k.size, len(k.young), len(k.old))
		}
	}
	if _, _, known := k.find(one, "boss"); !known {
		t.Error("what is asked for all the time was let go")
	}
	k.forget()
	if _, _, known := k.find(one, "boss"); known {
		t.Error("what was forgotten is there")
	}
}
