package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"bokvar/internal/audit"
	"bokvar/internal/seal"
	"bokvar/sync/server"
)

// Verified counts what was looked at, and says where the log ends.
type Verified struct {
	Records, Commits, AuditRows int64
	Pictures                    int64 // that are what came
	Erased                      int64 // commits and pictures whose content is gone, each named by a certificate
	Consents                    int64 // that are what was signed; filled in by whoever knows what that is
	Head                        string
}

// Verify checks the file (integrity, references), the audit chain with the
// commits that its evidence covers, that every record opens with its key, and
// that no table holds anything but what this program wrote. heads are ones that
// were printed earlier and must still be in the chain. The error says what is
// wrong and where. It looks at one snapshot, while others write.
func (db *DB) Verify(heads ...audit.Head) (v Verified, err error) {
	for {
		before := db.erased.Load()
		v, err = db.verify(heads)
		if err == nil || db.erased.Load() == before { // else a key went while we looked
			return v, err
		}
	}
}

func (db *DB) verify(heads []audit.Head) (v Verified, err error) {
	err = db.on(db.reader, func(c *conn) error {
		if err := c.begin.exec(); err != nil {
			return err
		}
		defer func() { _ = c.rollback.exec() }()
		x := verification{db: db, c: c, heads: heads, v: &v}
		return x.run()
	})
	return v, err
}

// verification is one pass over a snapshot.
type verification struct {
	db    *DB
	c     *conn
	heads []audit.Head
	v     *Verified
	chain audit.Chain
	whole *stmt // the sealed picture of a record
	gone  map[seal.Scope]Certificate
	sent  sent
}

func (x *verification) run() (err error) {
	if x.whole, err = x.c.temporary(`SELECT sealed FROM photo WHERE org = ? AND id = ? AND part = ` + strconv.Itoa(wholePhoto)); err != nil {
		return err
	}
	defer func() { _ = x.whole.prepared.Close() }()
	for _, step := range []func() error{x.file, x.references, x.certificates, x.consentRoots, x.log, x.records, x.numbering, x.tables} {
		if err := step(); err != nil {
			return err
		}
	}
	x.v.Head = audit.Head{Row: x.chain.Rows, Hash: x.chain.Head}.String()
	return nil
}

// each runs scan on the rows of a query.
func (x *verification) each(query string, scan func(row) error) error {
	s, err := x.c.temporary(query)
	if err != nil {
		return err
	}
	var wrong error
	err = s.each(func(r row) {
		if wrong == nil {
			wrong = scan(r)
		}
	})
	return errors.Join(wrong, err, s.prepared.Close())
}

func (x *verification) file() error {
	return x.each(`PRAGMA integrity_check`, func(r row) error {
		if r.text(0) != "ok" {
			return fmt.Errorf("the database file is damaged: %s", r.text(0))
		}
		return nil
	})
}

func (x *verification) references() error {
	return x.each(`PRAGMA foreign_key_check`, func(r row) error {
		return fmt.Errorf("a row of %v points at nothing", r[0])
	})
}

// numbering looks for two rows of an inbox with one number: a page would end between them.
func (x *verification) numbering() error {
	return x.each(`SELECT person, seq FROM inbox GROUP BY person, seq HAVING COUNT(*) > 1`, func(r row) error {
		return fmt.Errorf("two rows of the inbox of %s have the number %d", r.text(0), r.num(1))
	})
}

// certificates checks their signatures, and remembers what is gone by which.
func (x *verification) certificates() error {
	x.gone = map[seal.Scope]Certificate{}
	return x.db.Erasures(func(c Certificate, _ Signed) error {
		x.gone[seal.Scope{Org: c.Org, Root: c.Root}] = c
		return nil
	})
}

func (x *verification) records() error {
	return x.each(`SELECT org, id, kind, root, sealed FROM record`, func(r row) error {
		s := server.State{Org: r.text(0), ID: r.text(1), Kind: r.text(2), Root: r.text(3)}
		x.v.Records++
		if err := (&Tx{db: x.db}).unseal(&s, r.blob(4)); err != nil {
			return err
		}
		if s.Kind == "paper_photo" {
			if err := x.paper(&s); err != nil {
				return err
			}
		}
		return x.asSent(&s)
	})
}

// tables counts all of them and compares with the sums.
func (x *verification) tables() error {
	sealed, err := x.setting("tally")
	if err != nil {
		return err
	}
	kept := tally{Tally: x.db.tally.Tally, tables: x.db.tally.tables, schema: x.db.tally.schema}
	if err := kept.open(x.db.keys, x.chain.Head, sealed); err != nil {
		return err
	}
	for at, table := range kept.tables {
		sum, err := x.db.count(x.c, at)
		if err != nil {
			return err
		}
		if sum != kept.sums[at] {
			return fmt.Errorf("the table %s holds something else than what was written: a row was changed, added, taken out or put back", table.name)
		}
	}
	return nil
}

func (x *verification) setting(name string) (value []byte, err error) {
	err = x.each(`SELECT value FROM server WHERE name = '`+name+`'`, func(r row) error {
		value = r.blob(0)
		return nil
	})
	return value, err
}

// log walks the chain, and the commits beside it: both only grow, in one order.
func (x *verification) log() error {
	commits, err := x.c.temporary(`SELECT org, id, person, device, hash, receipt, root, records, sealed FROM commits ORDER BY rowid`)
	if err != nil {
		return err
	}
	defer func() { _ = commits.prepared.Close() }()
	parts, err := x.c.temporary(`SELECT org, id, root, records, sealed FROM payload ORDER BY rowid`)
	if err != nil {
		return err
	}
	defer func() { _ = parts.prepared.Close() }()
	w := walk{verification: x}
	if w.commits, err = commits.rows(); err != nil {
		return err
	}
	defer w.commits.close()
	if w.parts, err = parts.rows(); err != nil {
		return err
	}
	defer w.parts.close()
	if err := x.each(`SELECT at, person, device, action, org, what, root, evidence, hash FROM audit ORDER BY row`, w.take); err != nil {
		return err
	}
	return w.end()
}

// walk goes along the log with the commits and the parts that it speaks of.
type walk struct {
	*verification
	commits, parts *cursor
	proven         bool // a row with evidence was seen: from then on all have it
}

func (w *walk) take(r row) error {
	e := audit.Entry{At: r.num(0), Person: r.text(1), Device: r.text(2), Action: r.text(3), Org: r.text(4), What: r.text(5), Root: r.text(6), Evidence: r.blob(7)}
	hash := r.blob(8)
	if len(hash) != len(audit.Hash{}) {
		return fmt.Errorf("audit: row %d has no hash", w.chain.Rows+1)
	}
	if err := w.chain.Check(e, audit.Hash(hash)); err != nil {
		return err
	}
	w.v.AuditRows = w.chain.Rows
	for _, h := range w.heads {
		if h.Row == w.chain.Rows && h.Hash != w.chain.Head {
			return fmt.Errorf("audit: row %d is not the one whose hash was printed: the log was written anew", h.Row)
		}
	}
	switch {
	case e.Action == audit.Picture:
		return w.picture(e)
	case !e.Stored():
		return nil
	case e.Action == audit.Part:
		return w.part(e)
	}
	return w.commit(e)
}

func (w *walk) broken(what string) error {
	return fmt.Errorf("broken here: audit row %d speaks of a commit %s", w.chain.Rows, what)
}

func (w *walk) commit(e audit.Entry) error {
	r, err := w.commits.next()
	if err != nil {
		return err
	}
	if r == nil {
		return w.broken("that is not there")
	}
	c := commitRow{org: r.text(0), id: r.text(1), person: r.text(2), device: r.text(3), hash: r.blob(4),
		receipt: r.text(5), root: r.text(6), records: r.text(7), sealed: r.blob(8)}
	if c.org != e.Org || c.id != e.What || c.person != e.Person || c.device != e.Device {
		return w.broken("that is not there, or not in its place")
	}
	w.v.Commits++
	if e.Evidence == nil && !w.proven {
		w.sent.all = false
		return w.passParts(c.id)
	}
	w.proven = true
	w.sent.saved = e.Action == audit.Commit
	scope := c.root
	if scope == "" {
		scope = loose(e.At)
	}
	return w.evidence(e, scope, c.message(), c.sealed)
}

// passParts passes over the parts of a commit from before evidence was kept.
func (w *walk) passParts(id string) error {
	for {
		r, err := w.parts.peek()
		if err != nil || r == nil || r.text(1) != id {
			return err
		}
		if _, err := w.parts.next(); err != nil {
			return err
		}
	}
}

func (w *walk) part(e audit.Entry) error {
	r, err := w.parts.next()
	if err != nil {
		return err
	}
	if r == nil {
		return w.broken("a part of which is not there")
	}
	p := partRow{org: r.text(0), id: r.text(1), root: r.text(2), records: r.text(3), sealed: r.blob(4)}
	if p.org != e.Org || p.id != e.What {
		return w.broken("a part of which is not there, or not in its place")
	}
	return w.evidence(e, p.root, p.message(), p.sealed)
}

// evidence recomputes it, or finds the certificate by which the content is gone.
func (w *walk) evidence(e audit.Entry, scope string, message, sealed []byte) error {
	if c, certified := w.gone[seal.Scope{Org: e.Org, Root: scope}]; certified && w.chain.Rows <= c.UpTo && (len(sealed) == 0 || !w.db.keys.Has(e.Org, scope)) {
		w.v.Erased++
		return nil
	}
	sum, err := w.db.keys.Recompute(e.Org, scope, message)
	switch {
	case err == nil && string(sum[:]) == string(e.Evidence):
		return w.note(e.Org, scope, e.What, sealed)
	case err == nil:
		return w.broken("that is not what was stored: it was changed")
	case errors.Is(err, seal.ErrNoKey):
		return w.broken("whose key is gone, and no certificate says why")
	}
	return err
}

// end makes sure that nothing is left that the log does not speak of.
func (w *walk) end() error {
	for _, h := range w.heads {
		if h.Row > w.chain.Rows {
			return fmt.Errorf("audit: the log ends at row %d, but row %d was printed: its end is missing", w.chain.Rows, h.Row)
		}
	}
	r, err := w.commits.next()
	if err != nil {
		return err
	}
	if r != nil {
		return fmt.Errorf("the commit %s is not in the audit log", r.text(1))
	}
	r, err = w.parts.next()
	if err == nil && r != nil {
		return fmt.Errorf("a part of the commit %s is not in the audit log", r.text(1))
	}
	return err
}

// Backup writes a whole copy of the database (without keys) to a new file, from
// a connection of its own, while the others read and write.
func (db *DB) Backup(path string) error {
	own, err := sql.Open("sqlite3", "file:"+db.path+"?_busy_timeout=10000")
	if err != nil {
		return err
	}
	_, err = own.Exec(`VACUUM INTO ?`, path)
	return errors.Join(err, own.Close())
}
