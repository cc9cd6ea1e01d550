package sqlite

import (
	"slices"
	"sync"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// A writer that takes in a visit reads the same case, contact and assignments
// with each commit. What it has read it keeps until it writes them; there is no
// other writer, because a data folder has one process and that has one writer.

const (
	warmCount = 4096    // things kept; more begins anew
	warmBytes = 8 << 10 // sealed size of a record that is kept
)

type (
	recordKey struct{ org, id string }
	rootKey   struct{ org, root string }
)

// warm is what the writer has read. What is in it is never written into. A
// transaction or savepoint that is undone forgets all of it.
type warm struct {
	records  map[recordKey]*server.State
	stamps   map[recordKey]stamp // of what is on disk, or will be with this transaction
	units    map[rootKey][]casework.RootUnit
	assigned map[rootKey][]casework.Assignment
}

func (w *warm) forget() { *w = warm{} }

func (w *warm) room() {
	if len(w.records)+len(w.stamps)+len(w.units)+len(w.assigned) >= warmCount {
		w.forget()
	}
	if w.records == nil {
		w.records = map[recordKey]*server.State{}
		w.stamps = map[recordKey]stamp{}
		w.units = map[rootKey][]casework.RootUnit{}
		w.assigned = map[rootKey][]casework.Assignment{}
	}
}

func (w *warm) keepRecord(s *server.State) {
	w.room()
	w.records[recordKey{s.Org, s.ID}] = s
}

func (w *warm) keepStamp(key recordKey, s stamp) {
	w.room()
	w.stamps[key] = s
}

func (w *warm) keepUnits(key rootKey, list []casework.RootUnit) {
	w.room()
	w.units[key] = slices.Clip(list)
}

func (w *warm) keepAssigned(key rootKey, list []casework.Assignment) {
	w.room()
	w.assigned[key] = slices.Clip(list)
}

// standing is where people's counters stand on disk, as far as the writer has
// used them. A snapshot may be older, so reading transactions do not use it.
type standing struct {
	mu       sync.RWMutex
	counters map[string]counter
}

func (s *standing) of(person string) (counter, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, ok := s.counters[person]
	return c, ok
}

// keep takes over the counters of a transaction that is on disk.
func (s *standing) keep(of map[string]*counter) {
	if len(of) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.counters == nil {
		s.counters = map[string]counter{}
	}
	for person, c := range of {
		now := *c
		if c.dirty {
			disk := c.counted
			now.disk, now.dirty = &disk, false
		}
		s.counters[person] = now
	}
}
