package sqlite

import (
	"errors"
	"fmt"
	"slices"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/sync/server"
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
	warm   *warm // what was read: the writer's own, or this snapshot's

	counters map[string]*counter
	counted  []counting // what to put back when a savepoint is undone
	entries  []audit.Entry
	head     audit.Hash
	sums     []audit.Sum // of the tables, as this transaction leaves them
	named    []rootKey   // files whose names or addresses were written
	looked   lookedAt    // the inbox row that was read last
	broken   error       // a savepoint could not be undone; nothing of this transaction is kept
	shut     []server.Shut
	rooms    map[rootKey][]casework.Room // that this transaction has read, until it writes one
	guarded  map[rootKey]bool            // roots whose identity is protected; nil: not read, or written since
	ahead    map[recordKey]*server.State // records that this snapshot has read with an inbox
}

type counter struct {
	counted
	seq   int64
	dirty bool     // something beyond seq changed: that one is in the inbox itself
	disk  *counted // the row as it is on disk; nil: there is none
}

// counted is a row of the table counter.
type counted struct {
	number, epoch int64
	scopeDay      string
}

// lookedAt is an inbox row on disk, or that there is none (Seq 0).
type lookedAt struct {
	person string
	row    server.InboxRow
}

// counting is a counter before it was changed.
type counting struct {
	of  *counter
	was counter
}

var errReadOnly = errors.New("sqlite: this transaction only reads")

func newTx(db *DB, c *conn, writes bool) *Tx {
	tx := &Tx{db: db, c: c, writes: writes, warm: &warm{}, counters: map[string]*counter{}}
	if writes { // else none of it is ours to look at
		tx.head, tx.sums, tx.warm = db.head, slices.Clone(db.tally.sums), &db.warm
	}
	return tx
}

func (tx *Tx) exec(s *stmt, args ...any) error {
	if !tx.writes {
		return errReadOnly
	}
	if err := tx.over(); err != nil {
		return err
	}
	return s.exec(args...)
}

// over is why nothing of a writing transaction can be kept any more, nil as long as it can.
func (tx *Tx) over() error {
	if tx.broken != nil {
		return tx.broken
	}
	return tx.c.broken
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
	entries, counted, sums, shut := len(tx.entries), len(tx.counted), slices.Clone(tx.sums), len(tx.shut)
	if err := f(); err != nil {
		tx.entries, tx.shut = tx.entries[:entries], tx.shut[:shut]
		tx.uncount(counted)
		tx.sums, tx.looked, tx.rooms, tx.guarded = sums, lookedAt{}, nil, nil
		tx.warm.forget()
		if tx.over() == nil {
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

// flush writes the counters, the audit rows that were gathered, and the sums.
func (tx *Tx) flush() error {
	if err := tx.over(); err != nil {
		return err
	}
	for person, c := range tx.counters {
		if c.dirty {
			if err := tx.flushCounter(person, c); err != nil {
				return err
			}
		}
	}
	for _, e := range tx.entries {
		tx.head = audit.Next(tx.head, e)
		if err := tx.exec(tx.c.putAudit, e.At, e.Person, e.Device, e.Action, e.Org, e.What, e.Root, e.Evidence, tx.head[:]); err != nil {
			return err
		}
	}
	if tx.db.tally.broken != nil {
		return nil // they stay as they were found
	}
	sealed, err := tx.db.tally.seal(tx.db.keys, tx.head, tx.sums)
	if err != nil {
		return err
	}
	return tx.exec(tx.c.putServer, "tally", sealed)
}

func (tx *Tx) flushCounter(person string, c *counter) error {
	sum := &tx.sums[tallyCounter]
	if c.disk != nil {
		sum.Take(tx.db.tally.counter(person, *c.disk))
	}
	sum.Add(tx.db.tally.counter(person, c.counted))
	return tx.exec(tx.c.putCounter, person, c.number, c.epoch, c.scopeDay)
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
	_, err := tx.one(tx.c.counter, func(r row) {
		c.counted = counted{number: r.num(0), epoch: r.num(1), scopeDay: r.text(2)}
		disk := c.counted
		c.disk = &disk
	}, person)
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
	if s := tx.warm.records[recordKey{org, id}]; s != nil {
		return s, nil
	}
	if s := tx.ahead[recordKey{org, id}]; s != nil {
		return s, nil
	}
	s := &server.State{Org: org, ID: id}
	var sealed []byte
	found, err := tx.one(tx.c.record, func(r row) { s.Kind, s.Root, sealed = r.text(0), r.text(1), r.blob(2) }, org, id)
	if err != nil || !found {
		if err == nil && tx.writes {
			tx.warm.keepStamp(recordKey{org, id}, stamp{}) // it will be made
		}
		return nil, err
	}
	if s, err = tx.open(s, sealed); err != nil {
		return nil, err
	}
	if tx.writes {
		tx.warm.keepStamp(recordKey{org, id}, stampOf(s.Kind, s.Root, sealed))
		if len(sealed) <= warmBytes {
			tx.warm.keepRecord(s)
		}
	}
	return s, nil
}

func aad(org, id, kind string) string { return org + "|" + id + "|" + kind }

// open reads the fields of s from what is sealed, or hands out what was read from
// the very same bytes before.
func (tx *Tx) open(s *server.State, sealed []byte) (*server.State, error) {
	if known := tx.db.opened.find(s, sealed); known != nil && tx.db.keys.Has(s.Org, s.Root) {
		return known, nil
	}
	if err := tx.unseal(s, sealed); err != nil {
		return nil, err
	}
	tx.db.opened.keep(s, sealed)
	return s, nil
}

// unseal reads the fields of s from what is sealed.
func (tx *Tx) unseal(s *server.State, sealed []byte) error {
	plain, err := tx.db.keys.Open(s.Org, s.Root, aad(s.Org, s.ID, s.Kind), sealed)
	if err != nil {
		return fmt.Errorf("open %s %s: %w", s.Kind, s.ID, err)
	}
	if s.Fields, err = readFields(plain); err != nil {
		return fmt.Errorf("open %s %s: %w", s.Kind, s.ID, err)
	}
	return nil
}

// PutRecord keeps the record as it is now.
func (tx *Tx) PutRecord(s *server.State) error {
	if !tx.writes {
		return errReadOnly
	}
	sealed, err := tx.db.keys.Seal(s.Org, s.Root, aad(s.Org, s.ID, s.Kind), appendFields(nil, s.Fields))
	if err != nil {
		return err
	}
	key := recordKey{s.Org, s.ID}
	before, err := tx.stampOnDisk(key)
	if err != nil {
		return err
	}
	after := stampOf(s.Kind, s.Root, sealed)
	if before.there {
		after.kind = before.kind // a record never changes its kind
		tx.sums[tallyRecord].Take(tx.db.tally.record(s.Org, s.ID, before))
	}
	tx.sums[tallyRecord].Add(tx.db.tally.record(s.Org, s.ID, after))
	if s.Kind == "household" || s.Kind == "person" {
		tx.named = append(tx.named, rootKey{s.Org, s.Root}) // one too many, when it is undone, does no harm
	}
	delete(tx.warm.records, key)
	tx.warm.keepStamp(key, after)
	return tx.exec(tx.c.putRecord, s.Org, s.ID, s.Kind, s.Root, sealed)
}

// stampOnDisk is the record's as this transaction has left it so far.
func (tx *Tx) stampOnDisk(key recordKey) (found stamp, err error) {
	if known, ok := tx.warm.stamps[key]; ok {
		return known, nil
	}
	_, err = tx.one(tx.c.record, func(r row) { found = stampOf(r.text(0), r.text(1), r.blob(2)) }, key.org, key.id)
	return found, err
}

// Inbox returns the person's row for the record, zero when there is none.
func (tx *Tx) Inbox(person, org, record string) (found server.InboxRow, err error) {
	_, err = tx.one(tx.c.inbox, func(r row) {
		found = server.InboxRow{Org: org, Record: record, Seq: r.num(0), Left: r.num(1) != 0}
		copy(found.Hash[:], r.blob(2))
	}, org, record, person)
	if tx.writes && err == nil {
		tx.looked = lookedAt{person, server.InboxRow{Org: org, Record: record, Seq: found.Seq, Left: found.Left, Hash: found.Hash}}
	}
	return found, err
}

// PutInbox gives the row the person's next sequence number and returns it.
func (tx *Tx) PutInbox(person string, row server.InboxRow) (seq int64, err error) {
	if err := tx.change(person, func(c *counter) { c.seq++; seq = c.seq }); err != nil {
		return 0, err
	}
	before := tx.looked
	tx.looked = lookedAt{}
	sum := &tx.sums[tallyInbox]
	if before.person != person || before.row.Org != row.Org || before.row.Record != row.Record {
		if fresh, err := tx.newInbox(person, row, seq); fresh || err != nil {
			return seq, err
		}
		if _, err := tx.Inbox(person, row.Org, row.Record); err != nil {
			return 0, err
		}
		before, tx.looked = tx.looked, lookedAt{}
	}
	if was := before.row; was.Seq != 0 {
		sum.Take(tx.db.tally.inbox(was.Org, was.Record, person, was.Seq, was.Left, was.Hash[:]))
	}
	sum.Add(tx.db.tally.inbox(row.Org, row.Record, person, seq, row.Left, row.Hash[:]))
	return seq, tx.exec(tx.c.putInbox, row.Org, row.Record, person, seq, row.Left, row.Hash[:])
}

// newInbox writes a row where there is none yet; false when there is one.
func (tx *Tx) newInbox(person string, row server.InboxRow, seq int64) (bool, error) {
	if err := tx.over(); err != nil {
		return false, err
	}
	n, err := tx.c.newInbox.change(row.Org, row.Record, person, seq, row.Left, row.Hash[:])
	if err != nil || n == 0 {
		return false, err
	}
	tx.sums[tallyInbox].Add(tx.db.tally.inbox(row.Org, row.Record, person, seq, row.Left, row.Hash[:]))
	return true, nil
}

// InboxAfter lists rows beyond the cursor in order, at most limit.
func (tx *Tx) InboxAfter(person string, cursor int64, limit int) ([]server.InboxRow, error) {
	return tx.inboxRows(tx.c.inboxAfter, person, cursor, limit)
}

// InboxAhead is InboxAfter for somebody who wants the records next: they are read
// with it, on a snapshot.
func (tx *Tx) InboxAhead(person string, cursor int64, limit int) (out []server.InboxRow, err error) {
	if tx.writes {
		return tx.InboxAfter(person, cursor, limit)
	}
	var read []*server.State
	var sealed [][]byte
	err = tx.c.inboxAhead.each(func(r row) {
		found := server.InboxRow{Seq: r.num(0), Org: r.text(1), Record: r.text(2), Left: r.num(3) != 0}
		copy(found.Hash[:], r.blob(4))
		out = append(out, found)
		if kind := r.text(5); kind != "" {
			read, sealed = append(read, &server.State{Org: found.Org, ID: found.Record, Kind: kind, Root: r.text(6)}), append(sealed, r.blob(7))
		}
	}, person, cursor, limit)
	tx.ahead = make(map[recordKey]*server.State, len(read)) // what was read for the rows before is done with
	for i := 0; i < len(read) && err == nil; i++ {
		if read[i], err = tx.open(read[i], sealed[i]); err == nil {
			tx.ahead[recordKey{read[i].Org, read[i].ID}] = read[i]
		}
	}
	return out, err
}

// InboxRecords names the records that the person carries now: Org and Record alone.
func (tx *Tx) InboxRecords(person string) (out []server.InboxRow, err error) {
	err = tx.c.inboxRecords.each(func(r row) { out = append(out, server.InboxRow{Org: r.text(0), Record: r.text(1)}) }, person)
	return out, err
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
