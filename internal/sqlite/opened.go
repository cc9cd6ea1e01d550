package sqlite

import (
	"bytes"
	"sync"

	"bokvar/sync/server"
)

// openedBytes bounds how much sealed content is kept opened, in each of two halves.
const openedBytes = 4 << 20

// opened keeps records as they were read, by the nonce and tag of what they were
// sealed as: these are never used twice, so the same mark means the same content,
// whatever the snapshot. Many people who fetch the same records open them once.
// Nobody writes into a state that is handed out.
type opened struct {
	mu         sync.Mutex
	young, old map[recordKey]openedState
	size       int // sealed bytes in young
}

type openedState struct {
	mark  [28]byte
	state *server.State
	size  int
}

// markOf is the nonce and the tag. What is too short does not open anyway.
func markOf(sealed []byte) (mark [28]byte) {
	if len(sealed) >= 1+len(mark) {
		copy(mark[:12], sealed[1:])
		copy(mark[12:], sealed[len(sealed)-16:])
	}
	return mark
}

// find returns the record that was opened from these very bytes, nil when none was.
func (o *opened) find(s *server.State, sealed []byte) *server.State {
	mark, key := markOf(sealed), recordKey{s.Org, s.ID}
	o.mu.Lock()
	defer o.mu.Unlock()
	e, young := o.young[key]
	if !young {
		e = o.old[key]
	}
	if e.state == nil || !bytes.Equal(e.mark[:], mark[:]) || e.state.Kind != s.Kind || e.state.Root != s.Root {
		return nil
	}
	if !young {
		o.put(key, e)
	}
	return e.state
}

// keep remembers what was opened.
func (o *opened) keep(s *server.State, sealed []byte) {
	if len(sealed) > warmBytes {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.put(recordKey{s.Org, s.ID}, openedState{markOf(sealed), s, len(sealed)})
}

// forget lets go of all of it.
func (o *opened) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.young, o.old, o.size = nil, nil, 0
}

// put adds to the young half; when that is full, it becomes the old one.
func (o *opened) put(key recordKey, e openedState) {
	if o.size+e.size > openedBytes {
		o.old, o.young, o.size = o.young, nil, 0
	}
	if o.young == nil {
		o.young = map[recordKey]openedState{}
	}
	o.size += e.size - o.young[key].size
	o.young[key] = e
}
