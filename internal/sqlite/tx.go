package sqlite

import (
	"database/sql"
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
	raw    *sql.Tx
	s      *statements
	writes bool

	counters map[string]*counter
	entries  []audit.Entry
	head     audit.Hash
	depth    int
	broken   error // the first failure of the database itself; nothing of this transaction is kept
}

type counter struct {
	seq, number, epoch int64
	scopeDay           string
	dirty              bool
}

var errReadOnly = errors.New("sqlite: this transaction only reads")

func newTx(db *DB, raw *sql.Tx, s *statements, writes bool) *Tx {
	return &Tx{db: db, raw: raw, s: s, writes: writes, counters: map[string]*counter{}, head: db.headIf(writes)}
}

// headIf avoids touching what the writer's lock guards when only reading.
func (db *DB) headIf(writes bool) audit.Hash {
	if !writes {
		return audit.Hash{}
	}
	return db.head
}

func (tx *Tx) exec(stmt *sql.Stmt, args ...any) error {
	if !tx.writes {
		return errReadOnly
	}
	if tx.broken != nil {
		return tx.broken
	}
	_, err := tx.raw.Stmt(stmt).Exec(args...)
	return tx.noted(err)
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

func (tx *Tx) row(stmt *sql.Stmt, args ...any) *sql.Row { return tx.raw.Stmt(stmt).QueryRow(args...) }

// each runs scan on every row; it must only scan and keep, never query.
func (tx *Tx) each(stmt *sql.Stmt, scan func(*sql.Rows) error, args ...any) error {
	rows, err := tx.raw.Stmt(stmt).Query(args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Savepoint runs f; when f fails, what f wrote is undone and the error returned.
func (tx *Tx) Savepoint(f func() error) error {
	if !tx.writes {
		return errReadOnly
	}
	tx.depth++
	defer func() { tx.depth-- }()
	name := fmt.Sprintf("s%d", tx.depth)
	if tx.broken != nil {
		return tx.broken
	}
	if _, err := tx.raw.Exec("SAVEPOINT " + name); err != nil {
		return tx.noted(err)
	}
	kept, counters := len(tx.entries), tx.counted()
	if err := f(); err != nil {
		tx.entries, tx.counters = tx.entries[:kept], counters
		if tx.broken == nil {
			_, undone := tx.raw.Exec("ROLLBACK TO " + name)
			_, released := tx.raw.Exec("RELEASE " + name)
			tx.broken = errors.Join(undone, released)
		}
		return err
	}
	if tx.broken != nil {
		return tx.broken
	}
	_, err := tx.raw.Exec("RELEASE " + name)
	return tx.noted(err)
}

// counted is a copy of the counters as they are, to go back to.
func (tx *Tx) counted() map[string]*counter {
	was := make(map[string]*counter, len(tx.counters))
	for person, c := range tx.counters {
		now := *c
		was[person] = &now
	}
	return was
}

// flush writes the counters and the audit rows that were gathered.
func (tx *Tx) flush() error {
	if tx.broken != nil {
		return tx.broken
	}
	for person, c := range tx.counters {
		if c.dirty {
			if err := tx.exec(tx.s.putCounter, person, c.seq, c.number, c.epoch, c.scopeDay); err != nil {
				return err
			}
		}
	}
	for _, e := range tx.entries {
		tx.head = audit.Next(tx.head, e)
		if err := tx.exec(tx.s.putAudit, e.At, e.Person, e.Device, e.Action, e.Org, e.What, tx.head[:]); err != nil {
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
	err := tx.row(tx.s.counter, person).Scan(&c.seq, &c.number, &c.epoch, &c.scopeDay)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	tx.counters[person] = c
	return c, nil
}

func (tx *Tx) change(person string, f func(*counter)) error {
	if !tx.writes {
		return errReadOnly
	}
	c, err := tx.counter(person)
	if err != nil {
		return err
	}
	f(c)
	c.dirty = true
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
	return tx.change(person, func(c *counter) { c.epoch++ })
}

// NextNumber counts receipts per person, from 1.
func (tx *Tx) NextNumber(person string) (n int64, err error) {
	err = tx.change(person, func(c *counter) { c.number++; n = c.number })
	return n, err
}

// Record returns nil when there is none.
func (tx *Tx) Record(org, id string) (*server.State, error) {
	s := &server.State{Org: org, ID: id}
	var sealed []byte
	err := tx.row(tx.s.record, org, id).Scan(&s.Kind, &s.Root, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s, tx.open(s, sealed)
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
	plain, err := json.Marshal(s.Fields)
	if err != nil {
		return err
	}
	sealed, err := tx.db.keys.Seal(s.Org, s.Root, aad(s.Org, s.ID, s.Kind), plain)
	if err != nil {
		return err
	}
	return tx.exec(tx.s.putRecord, s.Org, s.ID, s.Kind, s.Root, sealed)
}

// Commit returns the receipt and payload hash of a known commit, nil when unknown.
func (tx *Tx) Commit(org, id string) (*server.Kept, error) {
	k := &server.Kept{Author: server.Author{Org: org}}
	var hash []byte
	var receipt string
	err := tx.row(tx.s.commit, org, id).Scan(&k.Author.Person, &k.Author.Device, &hash, &receipt)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	copy(k.Hash[:], hash)
	return k, json.Unmarshal([]byte(receipt), &k.Receipt)
}

// PutCommit keeps the receipt, the payload (sealed per root) and an audit row.
func (tx *Tx) PutCommit(k *server.Kept) error {
	receipt, err := json.Marshal(k.Receipt)
	if err != nil {
		return err
	}
	id := k.Receipt.Commit
	if err := tx.exec(tx.s.putCommit, k.Author.Org, id, k.Author.Person, k.Author.Device, k.Hash[:], string(receipt)); err != nil {
		return err
	}
	for _, p := range k.Roots {
		sealed, err := tx.db.keys.Seal(p.Org, p.Root, aad(p.Org, id, "commit"), p.Payload)
		if err != nil {
			return err
		}
		if err := tx.exec(tx.s.putPayload, p.Org, id, p.Root, strings.Join(p.Records, " "), sealed); err != nil {
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

// Inbox returns the person's row for the record, zero when there is none.
func (tx *Tx) Inbox(person, org, record string) (server.InboxRow, error) {
	row := server.InboxRow{Org: org, Record: record}
	var hash []byte
	err := tx.row(tx.s.inbox, person, org, record).Scan(&row.Seq, &row.Left, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return server.InboxRow{}, nil
	}
	copy(row.Hash[:], hash)
	return row, err
}

// PutInbox gives the row the person's next sequence number and returns it.
func (tx *Tx) PutInbox(person string, row server.InboxRow) (seq int64, err error) {
	if err := tx.change(person, func(c *counter) { c.seq++; seq = c.seq }); err != nil {
		return 0, err
	}
	return seq, tx.exec(tx.s.putInbox, person, seq, row.Org, row.Record, row.Left, row.Hash[:])
}

// InboxAfter lists rows beyond the cursor in order, at most limit.
func (tx *Tx) InboxAfter(person string, cursor int64, limit int) ([]server.InboxRow, error) {
	return tx.inboxRows(tx.s.inboxAfter, person, cursor, limit)
}

// InboxRecords lists the records that the person carries now.
func (tx *Tx) InboxRecords(person string) ([]server.InboxRow, error) {
	return tx.inboxRows(tx.s.inboxRecords, person)
}

func (tx *Tx) inboxRows(stmt *sql.Stmt, args ...any) (out []server.InboxRow, err error) {
	err = tx.each(stmt, func(rows *sql.Rows) error {
		var r server.InboxRow
		var hash sql.RawBytes
		if err := rows.Scan(&r.Seq, &r.Org, &r.Record, &r.Left, &hash); err != nil {
			return err
		}
		copy(r.Hash[:], hash)
		out = append(out, r)
		return nil
	}, args...)
	return out, err
}

// InboxEnd is the person's last sequence number and the number of rows beyond cursor.
func (tx *Tx) InboxEnd(person string, cursor int64) (last, waiting int64, err error) {
	c, err := tx.counter(person)
	if err != nil || c.seq <= cursor {
		return seqOf(c), 0, err // nothing new costs nothing, however much is stored
	}
	err = tx.row(tx.s.inboxCount, person, cursor).Scan(&waiting)
	return c.seq, waiting, err
}

func seqOf(c *counter) int64 {
	if c == nil {
		return 0
	}
	return c.seq
}
