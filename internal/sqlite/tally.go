package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bokvar/internal/audit"
	"bokvar/internal/seal"
)

// Every table is counted (audit.Sum), so that verify finds a row that was
// changed, added, taken out or put back by anything but this program. What is
// written with every commit is counted in Go; every other table, those of later
// migrations too, by triggers of the writer's own connection. Commits, payloads
// and the log itself are covered by the chain instead.
//
// The sums lie sealed in the table server, bound to the head of the chain: they
// and the end of the log cannot be put back without the keys.

// Tables counted in Go, by their place in the sums.
const (
	tallyRecord = iota
	tallyInbox
	tallyCounter
	tallyOwn // how many there are
)

var ownTables = [tallyOwn]string{"record", "inbox", "counter"}

// uncounted are tables that the chain covers, or that belong to others.
var uncounted = []string{"audit", "commits", "payload", "goose_db_version"}

// serverOwn are rows of the table server that are not counted: they change
// between the writer's transactions, or hold the sums.
const serverOwn = `('generation', 'ring', 'keys', 'tally', 'restored')`

// tallied is one table that is counted.
type tallied struct {
	name    string
	columns []string
}

// tally is what is counted, and the sums as they are on disk.
type tally struct {
	audit.Tally
	tables []tallied
	schema int64 // version of the schema that the sums are of
	sums   []audit.Sum
	broken error // why the sums on disk cannot be gone on with; verify says so
}

// openTally reads the sums, or makes them: the first time, and after a migration.
func (db *DB) openTally() error {
	key, err := db.keys.MAC("", seal.Server, []byte("tally"))
	if err != nil {
		return err
	}
	if err := db.keys.Sync(); err != nil {
		return err
	}
	db.tally.Key = key
	if db.tally.tables, err = countedTables(db.writer); err != nil {
		return err
	}
	db.tally.sums = make([]audit.Sum, len(db.tally.tables))
	if err := db.on(db.writer, db.countByTriggers); err != nil {
		return err
	}
	if err := db.writer.QueryRow(`SELECT MAX(version_id) FROM goose_db_version`).Scan(&db.tally.schema); err != nil {
		return err
	}
	var sealed []byte
	err = db.writer.QueryRow(`SELECT value FROM server WHERE name = 'tally'`).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return db.firstTally()
	}
	if err != nil {
		return err
	}
	err = db.tally.open(db.keys, db.head, sealed)
	if errors.Is(err, errOtherSchema) {
		return db.Recount("migration")
	}
	db.tally.broken = err
	return nil
}

// firstTally counts what was never counted. Where the log says that it was,
// somebody has taken the sums away.
func (db *DB) firstTally() error {
	var before int
	if err := db.writer.QueryRow(`SELECT COUNT(*) FROM (SELECT 1 FROM audit WHERE action = ? LIMIT 1)`, audit.Counted).Scan(&before); err != nil {
		return err
	}
	if before > 0 {
		db.tally.broken = errTally
		return nil
	}
	return db.Recount("first")
}

// countedTables lists them, ownTables first.
func countedTables(w *sql.DB) ([]tallied, error) {
	rows, err := w.Query(`SELECT m.name, i.name FROM sqlite_schema m JOIN pragma_table_info(m.name) i
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY m.name, i.cid`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var others []tallied
	out := make([]tallied, tallyOwn)
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			return nil, err
		}
		if slices.Contains(uncounted, table) {
			continue
		}
		if at := slices.Index(ownTables[:], table); at >= 0 {
			out[at].name = table
			continue
		}
		if len(others) == 0 || others[len(others)-1].name != table {
			others = append(others, tallied{name: table})
		}
		last := &others[len(others)-1]
		last.columns = append(last.columns, `"`+column+`"`)
	}
	return append(out, others...), rows.Err()
}

// countByTriggers gives the connection the function and the triggers that count.
func (db *DB) countByTriggers(c *conn) error {
	err := c.raw.RegisterFunc("bokvar_tally", func(sign, table int64, values ...any) (int64, error) {
		if db.writing == nil {
			return 0, errors.New("a write outside the writer's transactions")
		}
		row := db.tally.Row(db.tally.tables[table].name, values...)
		if sums := db.writing.sums; sign > 0 {
			sums[table].Add(row)
		} else {
			sums[table].Take(row)
		}
		return 0, nil
	}, false)
	if err != nil {
		return err
	}
	for at, table := range db.tally.tables {
		if at < tallyOwn {
			continue
		}
		for _, trigger := range table.triggers(at) {
			if _, err := c.raw.ExecContext(context.Background(), trigger, nil); err != nil {
				return fmt.Errorf("count the table %s: %w", table.name, err)
			}
		}
	}
	return nil
}

func (t tallied) triggers(at int) []string {
	call := func(sign int, row string) string {
		return fmt.Sprintf("SELECT bokvar_tally(%d, %d, %s.%s);", sign, at, row, strings.Join(t.columns, ", "+row+"."))
	}
	make := func(event, when, what string) string {
		if t.name != "server" {
			when = ""
		}
		return fmt.Sprintf(`CREATE TEMP TRIGGER "tally_%s_%s" AFTER %s ON main."%s" %s BEGIN %s END`, event, t.name, event, t.name, when, what)
	}
	return []string{
		make("INSERT", "WHEN NEW.name NOT IN "+serverOwn, call(1, "NEW")),
		make("UPDATE", "WHEN NEW.name NOT IN "+serverOwn, call(-1, "OLD")+call(1, "NEW")),
		make("DELETE", "WHEN OLD.name NOT IN "+serverOwn, call(-1, "OLD")),
	}
}

// bound ties the sums to the head of the chain.
func bound(head audit.Hash) string { return "tally|" + string(head[:]) }

// seal is the sums as they are kept.
func (t *tally) seal(keys *seal.Ring, head audit.Hash, sums []audit.Sum) ([]byte, error) {
	plain := audit.Int(make([]byte, 0, 16+len(sums)*64), t.schema)
	for i, table := range t.tables {
		plain = audit.Text(plain, table.name)
		for _, word := range sums[i] {
			plain = audit.Int(plain, int64(word))
		}
	}
	return keys.Seal("", seal.Server, bound(head), plain)
}

var errOtherSchema = errors.New("the sums are of another version of the schema")

var errTally = errors.New("the sums of the tables are missing, or are not those that belong to the end of the audit log: something was put back or taken out")

// open reads what seal made, for the same tables.
func (t *tally) open(keys *seal.Ring, head audit.Hash, sealed []byte) error {
	plain, err := keys.Open("", seal.Server, bound(head), sealed)
	if err != nil {
		return errTally
	}
	rest, same := bytes.CutPrefix(plain, audit.Int(nil, t.schema))
	if !same {
		return errOtherSchema
	}
	sums := make([]audit.Sum, len(t.tables))
	const size = 4 * 9 // four numbers, each with its type
	for i, table := range t.tables {
		after, found := bytes.CutPrefix(rest, audit.Text(nil, table.name))
		if !found || len(after) < size {
			return errTally
		}
		for w := range sums[i] {
			sums[i][w] = binary.BigEndian.Uint64(after[w*9+1:])
		}
		rest = after[size:]
	}
	t.sums = sums
	return nil
}

// Recount counts all tables anew and notes in the log that and why it was done.
// It makes good again what verify says of the sums, so it is for after a
// migration, and for an operator who knows what happened.
func (db *DB) Recount(why string) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.tally.broken = nil
	return db.writeLocked(func(tx *Tx) error {
		clear(tx.sums)
		for at := range db.tally.tables {
			sum, err := db.count(tx.c, at)
			if err != nil {
				return err
			}
			tx.sums[at] = sum
		}
		tx.entries = append(tx.entries, audit.Entry{At: db.clock().UnixMilli(), Device: "console", Action: audit.Counted, What: why})
		return nil
	})
}

// count adds up a table as it is in the connection's transaction.
func (db *DB) count(c *conn, at int) (sum audit.Sum, err error) {
	table := db.tally.tables[at]
	query := ""
	switch at {
	case tallyRecord:
		query = `SELECT org, id, kind, root, substr(sealed, 2, 12), substr(sealed, -16) FROM record`
	case tallyInbox:
		query = `SELECT org, record, person, seq, gone, hash FROM inbox`
	case tallyCounter:
		query = `SELECT person, number, epoch, scope_day FROM counter`
	default:
		query = `SELECT ` + strings.Join(table.columns, ", ") + ` FROM "` + table.name + `"`
		if table.name == "server" {
			query += ` WHERE name NOT IN ` + serverOwn
		}
	}
	s, err := c.temporary(query)
	if err != nil {
		return sum, err
	}
	var values []any
	err = s.each(func(r row) {
		values = values[:0]
		for _, v := range r {
			values = append(values, v)
		}
		sum.Add(db.tally.Row(table.name, values...))
	})
	return sum, errors.Join(err, s.prepared.Close())
}

// stamp is what tells one sealed content from another: its nonce and its
// authentication tag, which cover every byte of it.
type stamp struct {
	kind, root string
	nonce      [12]byte
	tag        [16]byte
	there      bool
}

func stampOf(kind, root string, sealed []byte) stamp {
	s := stamp{kind: kind, root: root, there: true}
	if len(sealed) < seal.Overhead { // not ours; verify says so
		return s
	}
	copy(s.nonce[:], sealed[1:])
	copy(s.tag[:], sealed[len(sealed)-16:])
	return s
}

func (t *tally) record(org, id string, s stamp) audit.Sum {
	var stack [512]byte
	b := t.Begin(stack[:0], "record")
	b = audit.Text(audit.Text(audit.Text(audit.Text(b, org), id), s.kind), s.root)
	return t.End(audit.Blob(audit.Blob(b, s.nonce[:]), s.tag[:]))
}

func (t *tally) inbox(org, record, person string, seq int64, gone bool, hash []byte) audit.Sum {
	var stack [512]byte
	b := t.Begin(stack[:0], "inbox")
	b = audit.Text(audit.Text(audit.Text(b, org), record), person)
	left := int64(0)
	if gone {
		left = 1
	}
	return t.End(audit.Blob(audit.Int(audit.Int(b, seq), left), hash))
}

func (t *tally) counter(person string, c counted) audit.Sum {
	var stack [256]byte
	b := t.Begin(stack[:0], "counter")
	return t.End(audit.Text(audit.Int(audit.Int(audit.Text(b, person), c.number), c.epoch), c.scopeDay))
}
