package servertest

import (
	"cmp"
	"slices"

	"bokvar/sync/server"
)

// tx is one transaction of a Memory. A write's versions carry a number that no
// reader has reached yet; undo takes them away again.
type tx struct {
	m      *Memory
	at     int64
	writes bool
	log    []func() // how to undo each write, in order
	shut   []server.Shut
}

func (t *tx) get(key any) any {
	t.m.mu.RLock()
	defer t.m.mu.RUnlock()
	if c := t.m.data[key]; c != nil {
		return c.at(t.at)
	}
	return nil
}

func (t *tx) put(key, value any) error {
	if !t.writes {
		return errReadOnly
	}
	t.m.mu.Lock()
	defer t.m.mu.Unlock()
	c := t.m.data[key]
	if c == nil {
		c = &cell{}
		t.m.data[key] = c
	}
	before := len(c.versions)
	if before > 0 && c.versions[before-1].seq == t.at {
		old := c.versions[before-1].value
		c.versions[before-1].value = value
		t.log = append(t.log, func() { c.versions[before-1].value = old })
		return nil
	}
	c.versions = append(c.versions, versioned{t.at, value})
	t.log = append(t.log, func() { c.versions = c.versions[:before] })
	return nil
}

func (t *tx) undo(to int) {
	t.m.mu.Lock()
	defer t.m.mu.Unlock()
	for i := len(t.log) - 1; i >= to; i-- {
		t.log[i]()
	}
	t.log = t.log[:to]
}

// Savepoint undoes what f wrote when f fails or panics.
func (t *tx) Savepoint(f func() error) error {
	if !t.writes {
		return errReadOnly
	}
	mark, done := len(t.log), false
	defer func() {
		if !done {
			t.undo(mark)
		}
	}()
	err := f()
	done = err == nil
	return err
}

func (t *tx) Generation() (string, error) {
	t.m.mu.RLock()
	defer t.m.mu.RUnlock()
	return t.m.newest, nil
}

func (t *tx) Epoch(person string) (int64, error) { return t.number(epochKey{person}), nil }

func (t *tx) MoveEpoch(person string) error {
	return t.put(epochKey{person}, t.number(epochKey{person})+1)
}

func (t *tx) RoomEpoch(room string) (int64, error) { return t.number(roomKey{room}), nil }

func (t *tx) ShutRoom(room string, people []string) error {
	epoch := t.number(roomKey{room}) + 1
	if err := t.put(roomKey{room}, epoch); err != nil {
		return err
	}
	t.shut = append(t.shut, server.Shut{Room: room, Epoch: epoch, People: people})
	t.log = append(t.log, func() { t.shut = t.shut[:len(t.shut)-1] })
	return nil
}

func (t *tx) Shut() []server.Shut { return t.shut }

func (t *tx) number(key any) int64 {
	n, _ := t.get(key).(int64)
	return n
}

func (t *tx) Record(org, id string) (*server.State, error) {
	if err := t.m.ask("record"); err != nil {
		return nil, err
	}
	s, _ := t.get(recordKey{org, id}).(*server.State)
	return s, nil
}

func (t *tx) PutRecord(s *server.State) error {
	if err := t.m.ask("put record"); err != nil {
		return err
	}
	return t.put(recordKey{s.Org, s.ID}, s)
}

func (t *tx) Commit(org, id string) (*server.Kept, error) {
	k, _ := t.get(commitKey{org, id}).(*server.Kept)
	return k, nil
}

func (t *tx) PutCommit(k *server.Kept) error {
	if err := t.m.ask("put commit"); err != nil {
		return err
	}
	return t.put(commitKey{k.Author.Org, k.Receipt.Commit}, k)
}

func (t *tx) NextNumber(person string) (int64, error) {
	n := t.number(numberKey{person}) + 1
	return n, t.put(numberKey{person}, n)
}

func (t *tx) Inbox(person, org, record string) (server.InboxRow, error) {
	row, _ := t.get(inboxKey{person, recordKey{org, record}}).(server.InboxRow)
	return row, nil
}

func (t *tx) PutInbox(person string, row server.InboxRow) (int64, error) {
	if err := t.m.ask("put inbox"); err != nil {
		return 0, err
	}
	row.Seq = t.number(lastKey{person}) + 1
	if err := t.put(lastKey{person}, row.Seq); err != nil {
		return 0, err
	}
	key := recordKey{row.Org, row.Record}
	t.m.mu.Lock()
	if t.m.data[inboxKey{person, key}] == nil {
		t.m.people[person] = append(t.m.people[person], key)
	}
	t.m.mu.Unlock()
	return row.Seq, t.put(inboxKey{person, key}, row)
}

func (t *tx) InboxAfter(person string, cursor int64, limit int) ([]server.InboxRow, error) {
	rows := t.inbox(person, cursor)
	return rows[:min(limit, len(rows))], nil
}

func (t *tx) InboxEnd(person string, cursor int64) (last, waiting int64, err error) {
	return t.number(lastKey{person}), int64(len(t.inbox(person, cursor))), nil
}

func (t *tx) Leavings(person string, after, upTo int64) (out []server.InboxRow, err error) {
	for _, row := range t.inbox(person, after) {
		if row.Left && row.Seq <= upTo {
			out = append(out, row)
		}
	}
	return out, nil
}

func (t *tx) LastRemoval(person, device string) (int64, error) {
	return t.number(lastRemovalKey{person, device}), nil
}

func (t *tx) PutRemoval(r server.Removal) error {
	last := lastRemovalKey{r.Person, r.Device}
	if err := t.put(last, max(t.number(last), r.Seq)); err != nil {
		return err
	}
	return t.put(removalKey{last, recordKey{r.Org, r.Record}}, r)
}

func (t *tx) inbox(person string, cursor int64) []server.InboxRow {
	t.m.mu.RLock()
	keys := t.m.people[person]
	t.m.mu.RUnlock()
	var rows []server.InboxRow
	for _, k := range keys {
		if row, ok := t.get(inboxKey{person, k}).(server.InboxRow); ok && row.Seq > cursor {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b server.InboxRow) int { return cmp.Compare(a.Seq, b.Seq) })
	return rows
}
