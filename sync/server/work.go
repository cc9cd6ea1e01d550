package server

import (
	"bokvar/sync/merge"
	"bokvar/sync/wire"
)

// work is one commit being applied. Nothing of it counts until save returned
// without error; then publish tells the turn.
type work struct {
	t       *turn
	tx      Tx
	c       *prepared
	roots   []string // of the commit's changes, as far as they were admitted
	records []*touched
	index   map[recordKey]*touched
	notices []notice
	cursor  int64
	opened  bool // a conflict was opened
}

// touched is a record that the commit concerns.
type touched struct {
	key     recordKey
	before  *State   // nil for a new one
	now     *State   // nil when there is none
	changed bool     // now differs from before
	carried []Viewer // who carried it before
}

// notice is one inbox row that was written.
type notice struct {
	person string
	seq    int64
	key    recordKey
	record []byte
	room   string // that it is seen through
	left   bool
}

func newWork(t *turn, c *prepared) *work {
	return &work{t: t, tx: t.tx, c: c, index: make(map[recordKey]*touched, len(c.commit.Changes))}
}

// save applies the changes, lets the policy follow, writes the inboxes, and
// keeps the commit. It runs in a savepoint.
func (w *work) save() error {
	for i := range w.c.commit.Changes {
		root, err := w.apply(w.c.author, w.c.commit.Changes[i], w.c.when)
		if root != "" || err == nil {
			w.roots = append(w.roots, root)
		}
		if err != nil {
			return err
		}
	}
	if err := w.follow(); err != nil {
		return err
	}
	for i := 0; i < len(w.records) && !w.c.quiet; i++ {
		if err := w.announce(w.records[i]); err != nil {
			return err
		}
	}
	return w.keep()
}

// follow lets the policy write what follows from the commit, as the house.
func (w *work) follow() error {
	now := w.t.e.clock().UnixMilli()
	return w.t.e.policy.Follow(w.tx, w.c.author, w.changes(), func(change wire.Change) error {
		if change.Org == "" {
			change.Org = w.c.author.Org
		}
		author := Author{Person: w.c.author.Person, Org: change.Org, Device: House}
		_, err := w.apply(author, change, merge.Interval{From: now, To: now, At: now})
		return err
	})
}

// keep writes the receipt and the commit down.
func (w *work) keep() error {
	r := wire.Receipt{Type: wire.TypeReceipt, Commit: w.c.commit.ID, Status: wire.Saved, At: w.t.e.clock().UnixMilli(), Cursor: w.cursor, Conflict: w.opened}
	if !w.c.house() {
		var err error
		if r.Number, err = w.tx.NextNumber(w.c.author.Person); err != nil {
			return err
		}
	}
	w.c.receipt = r
	return w.tx.PutCommit(&Kept{Author: w.c.author, Receipt: r, Hash: w.c.hash, Roots: payloads(w.c, w.roots)})
}

// publish tells the turn what the commit did.
func (w *work) publish() error {
	for _, n := range w.notices {
		if err := w.t.tell(n); err != nil {
			return fatal{err} // the commit is written already: the whole turn must be tried again
		}
	}
	w.t.changed = append(w.t.changed, w.changes()...)
	return nil
}

func (w *work) changes() []Changed {
	out := make([]Changed, 0, len(w.records))
	for _, r := range w.records {
		if r.changed {
			out = append(out, Changed{Before: r.before, After: r.now})
		}
	}
	return out
}

// record finds a record as the commit has left it so far.
func (w *work) record(org, id string) (*touched, error) {
	key := recordKey{org, id}
	if r := w.index[key]; r != nil {
		return r, nil
	}
	s, err := w.tx.Record(org, id)
	if err != nil {
		return nil, err
	}
	r := &touched{key: key, before: s, now: s}
	w.index[key] = r
	w.records = append(w.records, r)
	return r, nil
}

// put writes a record's new state, and remembers who carried it before.
func (w *work) put(r *touched, s *State) error {
	if !r.changed && r.before != nil {
		carried, err := w.t.e.policy.Audience(w.tx, r.before)
		if err != nil {
			return err
		}
		r.carried = carried
	}
	r.now, r.changed = s, true
	return w.tx.PutRecord(s)
}

// apply admits and merges one change, and keeps what did not win.
func (w *work) apply(author Author, change wire.Change, when merge.Interval) (root string, err error) {
	r, err := w.record(change.Org, change.Record)
	if err != nil {
		return "", err
	}
	if root, err = w.t.e.policy.Admit(w.tx, author, change, r.now); err != nil {
		return root, err
	}
	in := merge.Incoming{Commit: w.c.commit.ID, Person: author.Person, After: w.c.commit.After, When: when}
	out := merge.Apply(w.t.e.rules, r.now, change, root, in)
	if v := out.Verdict; v != nil {
		return root, &Refusal{Status: v.Status, Code: v.Code, Sentence: wire.Sentences[v.Code]}
	}
	if out.After != nil {
		if err := w.put(r, out.After); err != nil {
			return root, err
		}
	}
	for _, l := range out.Losers {
		if err := w.keepLoser(r.now, l); err != nil {
			return root, err
		}
	}
	if change.Kind == KindConflict && out.After != nil {
		err = w.settle(r, when.At)
	}
	return root, err
}
