package sqlite

import (
	"database/sql"
	"errors"
	"fmt"

	"bokvar/internal/audit"
	"bokvar/sync/server"
)

// Verified counts what was looked at.
type Verified struct{ Records, Commits, AuditRows int64 }

// Verify checks the file (integrity, references), the audit chain, and that
// every record opens with its key. The error says what is wrong and where.
func (db *DB) Verify() (v Verified, err error) {
	var answer string
	if err := db.reader.QueryRow(`PRAGMA integrity_check`).Scan(&answer); err != nil {
		return v, err
	}
	if answer != "ok" {
		return v, fmt.Errorf("the database file is damaged: %s", answer)
	}
	if err := db.verifyReferences(); err != nil {
		return v, err
	}
	if err := db.verifyChain(&v); err != nil {
		return v, err
	}
	if err := db.reader.QueryRow(`SELECT COUNT(*) FROM commits`).Scan(&v.Commits); err != nil {
		return v, err
	}
	return v, db.verifyRecords(&v)
}

func (db *DB) verifyReferences() error {
	var table, id, parent, key any
	err := db.reader.QueryRow(`PRAGMA foreign_key_check`).Scan(&table, &id, &parent, &key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return fmt.Errorf("a row of %v points at nothing", table)
}

func (db *DB) verifyChain(v *Verified) error {
	rows, err := db.reader.Query(`SELECT at, person, device, action, org, what, hash FROM audit ORDER BY row`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var chain audit.Chain
	for rows.Next() {
		var e audit.Entry
		var hash []byte
		if err := rows.Scan(&e.At, &e.Person, &e.Device, &e.Action, &e.Org, &e.What, &hash); err != nil {
			return err
		}
		if len(hash) != len(audit.Hash{}) {
			return fmt.Errorf("audit: row %d has no hash", chain.Rows+1)
		}
		if err := chain.Check(e, audit.Hash(hash)); err != nil {
			return err
		}
	}
	v.AuditRows = chain.Rows
	return rows.Err()
}

func (db *DB) verifyRecords(v *Verified) error {
	rows, err := db.reader.Query(`SELECT org, id, kind, root, sealed FROM record`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var s server.State
		var sealed []byte
		if err := rows.Scan(&s.Org, &s.ID, &s.Kind, &s.Root, &sealed); err != nil {
			return err
		}
		if err := (&Tx{db: db}).open(&s, sealed); err != nil {
			return err
		}
		v.Records++
	}
	return rows.Err()
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
