// Package servertest holds what tests of the engine and of its stores share: a
// [Memory] store, and one exam, [ExamineStore], that every Store has to pass.
package servertest

import (
	"cmp"
	"errors"
	"slices"
	"sync"

	"bokvar/sync/server"
)

// Memory is a server.Store that lives in memory. Readers see a snapshot, as they
// do in a database: every value is kept with the number of the write that made it.
type Memory struct {
	// Before, when set, is asked before each dangerous operation and can make it
	// fail: "write" (begin), "sync" (the end of a write, when it would go to the
	// disk), "record", "put record", "put commit", "put inbox".
	Before func(operation string) error

	writer sync.Mutex
	mu     sync.RWMutex // guards what follows
	seq    int64
	data   map[any]*cell
	people map[string][]recordKey // whose inbox has which records; only grows
	newest string                 // the generation
}

// NewMemory makes an empty store of the generation.
func NewMemory(generation string) *Memory {
	return &Memory{data: map[any]*cell{}, people: map[string][]recordKey{}, newest: generation}
}

// cell is one value through time, oldest first.
type cell struct{ versions []versioned }

type versioned struct {
	seq   int64
	value any
}

// Keys of cells.
type (
	recordKey struct{ org, id string }
	commitKey struct{ org, id string }
	inboxKey  struct {
		person string
		recordKey
	}
	epochKey       struct{ person string }
	numberKey      struct{ person string }
	lastKey        struct{ person string }
	lastRemovalKey struct{ person, device string }
	removalKey     struct {
		lastRemovalKey
		recordKey
	}
	roomKey struct{ room string }
)

var errReadOnly = errors.New("a read cannot write")

func (m *Memory) ask(operation string) error {
	if m.Before == nil {
		return nil
	}
	return m.Before(operation)
}

// Write runs f in one transaction.
func (m *Memory) Write(f func(server.Tx) error) error {
	m.writer.Lock()
	defer m.writer.Unlock()
	if err := m.ask("write"); err != nil {
		return err
	}
	t := &tx{m: m, at: m.seq + 1, writes: true}
	done := false
	defer func() {
		if !done { // f failed or panicked
			t.undo(0)
		}
	}()
	if err := f(t); err != nil {
		return err
	}
	if err := m.ask("sync"); err != nil {
		return err
	}
	done = true
	m.mu.Lock()
	m.seq = t.at
	m.mu.Unlock()
	return nil
}

// Read runs f on a snapshot.
func (m *Memory) Read(f func(server.Tx) error) error {
	m.mu.RLock()
	t := &tx{m: m, at: m.seq}
	m.mu.RUnlock()
	return f(t)
}

// Backup is a copy of what is there now, as a store of another generation: what
// a restored backup is.
func (m *Memory) Backup(generation string) *Memory {
	m.writer.Lock()
	defer m.writer.Unlock()
	m.mu.RLock()
	defer m.mu.RUnlock()
	c := NewMemory(generation)
	c.seq = m.seq
	for key, old := range m.data {
		if v := old.at(m.seq); v != nil {
			c.data[key] = &cell{[]versioned{{m.seq, v}}}
		}
	}
	for person, keys := range m.people {
		for _, key := range keys {
			if c.data[inboxKey{person, key}] != nil { // not one that a failed write left behind
				c.people[person] = append(c.people[person], key)
			}
		}
	}
	return c
}

// Commits lists every commit that is kept, for tests that look for lost work.
func (m *Memory) Commits() []*server.Kept {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var out []*server.Kept
	for key, c := range m.data {
		if _, ok := key.(commitKey); ok {
			if k, ok := c.at(m.seq).(*server.Kept); ok {
				out = append(out, k)
			}
		}
	}
	return out
}

// Removals lists what devices have said to have removed.
func (m *Memory) Removals() (out []server.Removal) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for key, c := range m.data {
		if _, ok := key.(removalKey); ok {
			if r, ok := c.at(m.seq).(server.Removal); ok {
				out = append(out, r)
			}
		}
	}
	return out
}

// Records lists every record, sorted by organisation and id.
func (m *Memory) Records() []*server.State {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var out []*server.State
	for key, c := range m.data {
		if _, ok := key.(recordKey); ok {
			if s, ok := c.at(m.seq).(*server.State); ok {
				out = append(out, s)
			}
		}
	}
	slices.SortFunc(out, func(a, b *server.State) int {
		return cmp.Or(cmp.Compare(a.Org, b.Org), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func (c *cell) at(seq int64) any {
	for i := len(c.versions) - 1; i >= 0; i-- {
		if c.versions[i].seq <= seq {
			return c.versions[i].value
		}
	}
	return nil
}
