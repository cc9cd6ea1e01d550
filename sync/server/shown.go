package server

import (
	"encoding/json"
	"sync"

	"bokvar/sync/wire"
)

// shownBytes bounds what is kept of projections, in each of two halves.
const shownBytes = 4 << 20

// shown keeps what classes of viewers saw of records when pages were made: many
// people who fetch the same records in the morning are shown them as they were
// written once. It is kept by the state itself, which never changes: a store that
// hands out the same state again has read the same content, and viewers of one
// state with equal classes see the same (Viewer.Class).
type shown struct {
	mu         sync.Mutex
	young, old map[shownKey]shownRecord
	size       int // bytes of young
}

type shownKey struct {
	state *State
	class string
}

type shownRecord struct {
	record json.RawMessage
	hash   wire.Sum
}

func (k *shown) find(s *State, class string) (record json.RawMessage, hash wire.Sum, known bool) {
	key := shownKey{s, class}
	k.mu.Lock()
	defer k.mu.Unlock()
	e, known := k.young[key]
	if !known {
		if e, known = k.old[key]; known {
			k.put(key, e)
		}
	}
	return e.record, e.hash, known
}

func (k *shown) keep(s *State, class string, record json.RawMessage, hash wire.Sum) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.put(shownKey{s, class}, shownRecord{record, hash})
}

// forget lets go of all of it.
func (k *shown) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.young, k.old, k.size = nil, nil, 0
}

// put adds to the young half; when that is full, it becomes the old one.
func (k *shown) put(key shownKey, e shownRecord) {
	if k.size+len(e.record) > shownBytes {
		k.old, k.young, k.size = k.young, nil, 0
	}
	if k.young == nil {
		k.young = map[shownKey]shownRecord{}
	}
	k.size += len(e.record) - len(k.young[key].record)
	k.young[key] = e
}
