package sqlite

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	sqlite3 "github.com/mattn/go-sqlite3"

	"bokvar/internal/audit"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// Tx is one transaction: server.Tx and casework.Facts in one.
//
// Counters and audit rows are gathered in memory and written once, when the
// transaction ends. A savepoint that is undone takes its audit rows and its
// counting with it.
type Tx struct {
	db     *DB
	c      *conn
	writes bool

	counters map[string]*counter
	counted  []counting // what to put back when a savepoint is undone
	entries  []audit.Entry
	head     audit.Hash
	broken   error // the first failure of the database itself; nothing of this transaction is kept
}

type counter struct {
	seq, number, epoch int64
	scopeDay           string
	dirty              bool // something beyond seq changed: that one is in the inbox itself
}

// counting is a counter before it was changed.
type counting struct {
	of  *counter
	was counter
}

var errReadOnly = errors.New("sqlite: this transaction only reads")

func newTx(db *DB, c *conn, writes bool) *Tx {
	tx := &Tx{db: db, c: c, writes: writes, counters: map[string]*counter{}}
	if writes { // else the head is not ours to look at
		tx.head = db.head
	}
	return tx
}

func (tx *Tx) exec(s *stmt, args ...any) error {
	if !tx.writes {
		return errReadOnly
	}
	if tx.broken != nil {
		return tx.broken
	}
	return tx.noted(s.exec(args...))
}

// noted remembers a failure after which SQLite may have ended the transaction by
// itself. What is written after that would be kept row by row, so nothing is.
func (tx *Tx) noted(err error) error {
	var s sqlite3.Error
	if tx.writes && tx.broken == nil && errors.As(err, &s) && s.Code != sqlite3.ErrConstraint {
		tx.broken = full(err)
	}
	return err
}

// one runs scan on the only row, and says whether there is one.
func (tx *Tx) one(s *stmt, scan func(row), args ...any) (found bool, err error) {
	err = s.each(func(r row) { found = true; scan(r) }, args...)
	return found, err
}

// Savepoint runs f; when f fails, what f wrote is undone and the error returned.
func (tx *Tx) Savepoint(f func() error) error {
	if err := tx.exec(tx.c.savepoint); err != nil {
		return err
	}
	entries, counted := len(tx.entries), len(tx.counted)
	if err := f(); err != nil {
		tx.entries = tx.entries[:entries]
		tx.uncount(counted)
		tx.db.warm.forget()
		if tx.broken == nil {
			tx.broken = errors.Join(tx.c.undo.exec(), tx.c.release.exec())
		}
		return err
	}
	return tx.exec(tx.c.release)
}

// uncount puts the counters back to what they were when counted was n long.
func (tx *Tx) uncount(n int) {
	for i := len(tx.counted) - 1; i >= n; i-- {
		*tx.counted[i].of = tx.counted[i].was
	}
	tx.counted = tx.counted[:n]
}

// flush writes the counters and the audit rows that were gathered.
func (tx *Tx) flush() error {
	if tx.broken != nil {
		return tx.broken
	}
	for person, c := range tx.counters {
		if c.dirty {
			if err := tx.exec(tx.c.putCounter, person, c.number, c.epoch, c.scopeDay); err != nil {
				return err
			}
		}
	}
	for _, e := range tx.entries {
		tx.head = audit.Next(tx.head, e)
		if err := tx.exec(tx.c.putAudit, e.At, e.Person, e.Device, e.Action, e.Org, e.What, tx.head[:]); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) counter(person string) (*counter, error) {
	if c := tx.counters[person]; c != nil {
		return c, nil
	}
	c := &counter{}
	if known, ok := tx.db.standing.of(person); ok && tx.writes {
		*c = known
	} else if err := tx.readCounter(person, c); err != nil {
		return nil, err
	}
	tx.counters[person] = c
	return c, nil
}

func (tx *Tx) readCounter(person string, c *counter) error {
	_, err := tx.one(tx.c.counter, func(r row) { c.number, c.epoch, c.scopeDay = r.num(0), r.num(1), r.text(2) }, person)
	if err == nil {
		_, err = tx.one(tx.c.inboxEnd, func(r row) { c.seq = r.num(0) }, person)
	}
	return err
}

func (tx *Tx) change(person string, f func(*counter)) error {
	if !tx.writes {
		return errReadOnly
	}
	c, err := tx.counter(person)
	if err != nil {
		return err
	}
	tx.counted = append(tx.counted, counting{c, *c})
	f(c)
	return nil
}

// Generation of the database; a restore starts a new one.
func (tx *Tx) Generation() (string, error) { return tx.db.generation, nil }

// Epoch is the person's access epoch.
func (tx *Tx) Epoch(person string) (int64, error) {
	c, err := tx.counter(person)
	if err != nil {
		return 0, err
	}
	return c.epoch, nil
}

// MoveEpoch moves it on.
func (tx *Tx) MoveEpoch(person string) error {
	return tx.change(person, func(c *counter) { c.epoch++; c.dirty = true })
}

// NextNumber counts receipts per person, from 1.
func (tx *Tx) NextNumber(person string) (n int64, err error) {
	err = tx.change(person, func(c *counter) { c.number++; c.dirty, n = true, c.number })
	return n, err
}

// Record returns nil when there is none.
func (tx *Tx) Record(org, id string) (*server.State, error) {
	if tx.writes {
		if s := tx.db.warm.records[recordKey{org, id}]; s != nil {
			return s, nil
		}
	}
	s := &server.State{Org: org, ID: id}
	var sealed []byte
	found, err := tx.one(tx.c.record, func(r row) { s.Kind, s.Root, sealed = r.text(0), r.text(1), r.blob(2) }, org, id)
	if err != nil || !found {
		return nil, err
	}
	if err := tx.open(s, sealed); err != nil {
		return nil, err
	}
	if tx.writes && len(sealed) <= warmBytes {
		tx.db.warm.keepRecord(s)
	}
	return s, nil
}

func aad(org, id, kind string) string { return org + "|" + id + "|" + kind }

func (tx *Tx) open(s *server.State, sealed []byte) error {
	plain, err := tx.db.keys.Open(s.Org, s.Root, aad(s.Org, s.ID, s.Kind), sealed)
	if err != nil {
		return fmt.Errorf("open %s %s: %w", s.Kind, s.ID, err)
	}
	return json.Unmarshal(plain, &s.Fields)
}

// PutRecord keeps the record as it is now.
func (tx *Tx) PutRecord(s *server.State) error {
	if !tx.writes {
		return errReadOnly
	}
	plain, err := json.Marshal(s.Fields)
	if err != nil {
		return err
	}
	sealed, err := tx.db.keys.Seal(s.Org, s.Root, aad(s.Org, s.ID, s.Kind), plain)
	if err != nil {
		return err
	}
	delete(tx.db.warm.records, recordKey{s.Org, s.ID})
	return tx.exec(tx.c.putRecord, s.Org, s.ID, s.Kind, s.Root, sealed)
}

// Commit returns the receipt and payload hash of a known commit, nil when unknown.
func (tx *Tx) Commit(org, id string) (*server.Kept, error) {
	k := &server.Kept{Author: server.Author{Org: org}}
	var receipt string
	found, err := tx.one(tx.c.commit, func(r row) {
		k.Author.Person, k.Author.Device, receipt = r.text(0), r.text(1), r.text(3)
		copy(k.Hash[:], r.blob(2))
	}, org, id)
	if err != nil || !found {
		return nil, err
	}
	return k, json.Unmarshal([]byte(receipt), &k.Receipt)
}

// PutCommit keeps the receipt, the payload (sealed per root) and an audit row.
func (tx *Tx) PutCommit(k *server.Kept) error {
	if !tx.writes {
		return errReadOnly
	}
	receipt, err := json.Marshal(k.Receipt)
	if err != nil {
		return err
	}
	id, further := k.Receipt.Commit, k.Roots
	var root, records, payload any // of the first root, in the commit's own row
	if len(k.Roots) > 0 && k.Roots[0].Org == k.Author.Org {
		first := k.Roots[0]
		if payload, err = tx.sealPayload(id, first); err != nil {
			return err
		}
		root, records, further = first.Root, strings.Join(first.Records, " "), k.Roots[1:]
	}
	if err := tx.exec(tx.c.putCommit, k.Author.Org, id, k.Author.Person, k.Author.Device, k.Hash[:], string(receipt), root, records, payload); err != nil {
		return err
	}
	for _, p := range further {
		sealed, err := tx.sealPayload(id, p)
		if err != nil {
			return err
		}
		if err := tx.exec(tx.c.putPayload, p.Org, id, p.Root, strings.Join(p.Records, " "), sealed); err != nil {
			return err
		}
	}
	action := "commit"
	if k.Receipt.Status != wire.Saved {
		action = "commit_" + string(k.Receipt.Status)
	}
	tx.entries = append(tx.entries, audit.Entry{At: k.Receipt.At, Person: k.Author.Person, Device: k.Author.Device, Action: action, Org: k.Author.Org, What: id})
	return nil
}

func (tx *Tx) sealPayload(commit string, p server.RootPayload) ([]byte, error) {
	return tx.db.keys.Seal(p.Org, p.Root, aad(p.Org, commit, "commit"), p.Payload)
}

// Inbox returns the person's row for the record, zero when there is none.
func (tx *Tx) Inbox(person, org, record string) (found server.InboxRow, err error) {
	_, err = tx.one(tx.c.inbox, func(r row) {
		found = server.InboxRow{Org: org, Record: record, Seq: r.num(0), Left: r.num(1) != 0}
		copy(found.Hash[:], r.blob(2))
	}, org, record, person)
	return found, err
}

// PutInbox gives the row the person's next sequence number and returns it.
func (tx *Tx) PutInbox(person string, row server.InboxRow) (seq int64, err error) {
	if err := tx.change(person, func(c *counter) { c.seq++; seq = c.seq }); err != nil {
		return 0, err
	}
	return seq, tx.exec(tx.c.putInbox, row.Org, row.Record, person, seq, row.Left, row.Hash[:])
}

// InboxAfter lists rows beyond the cursor in order, at most limit.
func (tx *Tx) InboxAfter(person string, cursor int64, limit int) ([]server.InboxRow, error) {
	return tx.inboxRows(tx.c.inboxAfter, person, cursor, limit)
}

// InboxRecords lists the records that the person carries now.
func (tx *Tx) InboxRecords(person string) ([]server.InboxRow, error) {
	return tx.inboxRows(tx.c.inboxRecords, person)
}

func (tx *Tx) inboxRows(s *stmt, args ...any) (out []server.InboxRow, err error) {
	err = s.each(func(r row) {
		found := server.InboxRow{Seq: r.num(0), Org: r.text(1), Record: r.text(2), Left: r.num(3) != 0}
		copy(found.Hash[:], r.blob(4))
		out = append(out, found)
	}, args...)
	return out, err
}

// InboxEnd is the person's last sequence number and the number of rows beyond cursor.
func (tx *Tx) InboxEnd(person string, cursor int64) (last, waiting int64, err error) {
	c, err := tx.counter(person)
	if err != nil {
		return 0, 0, err
	}
	if c.seq > cursor { // nothing new costs nothing, however much is stored
		_, err = tx.one(tx.c.inboxCount, func(r row) { waiting = r.num(0) }, person, cursor)
	}
	return c.seq, waiting, err
}
