package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strconv"

	"bokvar/internal/seal"
)

// Errors of keys that do not fit the database. Nothing is written then.
var (
	ErrOtherKeys = errors.New("the folder keys/ is not the one that this database was sealed with: put it back from its backup")
	ErrOldKeys   = errors.New("the key file is older than the database: put a newer copy in its place")
)

// openKeys opens the keys of a database, and makes them where there is none yet.
func openKeys(database, folder string, master []byte) (*seal.Ring, error) {
	info, err := os.Stat(database)
	switch {
	case err == nil && info.Size() > 0:
		return seal.OpenExisting(folder, master)
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return nil, err
	case master != nil:
		return seal.OpenWith(folder, master)
	}
	return seal.Open(folder)
}

// matchKeys notes at first which key ring the database is sealed with, and later
// refuses any other: nothing would open, and new keys would hide the loss.
func (db *DB) matchKeys() error {
	_, err := db.writer.Exec(`INSERT INTO server (name, value) VALUES ('ring', CAST(? AS BLOB)) ON CONFLICT DO NOTHING`, db.keys.ID())
	if err != nil {
		return ofDisk(err)
	}
	return fits(db.writer, db.keys)
}

// fits compares a ring with what a database notes about the one that it needs.
func fits(from *sql.DB, keys *seal.Ring) error {
	var id string
	if err := from.QueryRow(`SELECT CAST(value AS TEXT) FROM server WHERE name = 'ring'`).Scan(&id); err != nil {
		return fmt.Errorf("which keys the database needs: %w", err)
	}
	if id != keys.ID() {
		return ErrOtherKeys
	}
	var needed string
	err := from.QueryRow(`SELECT CAST(value AS TEXT) FROM server WHERE name = 'keys'`).Scan(&needed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(needed, 10, 64)
	if err != nil {
		return fmt.Errorf("which keys the database needs: %w", err)
	}
	if made := keys.Made(); made < n {
		return fmt.Errorf("%w (it knows of %d keys, the database needs %d)", ErrOldKeys, made, n)
	}
	return nil
}

// keysFit says whether the keys in the folder open a database that is not in use.
func keysFit(database, folder string, master []byte) error {
	keys, err := seal.OpenExisting(folder, master)
	if err != nil {
		return err
	}
	from, err := sql.Open("sqlite3", "file:"+database+"?mode=ro")
	if err == nil {
		err = errors.Join(fits(from, keys), from.Close())
	}
	return errors.Join(err, keys.Close())
}

// noteKeys writes down how many keys there are, when this transaction made some:
// so every copy of the database names the key file that it needs.
func (tx *Tx) noteKeys() error {
	if !tx.db.keys.Pending() {
		return nil
	}
	return tx.exec(tx.c.putServer, "keys", []byte(strconv.FormatInt(tx.db.keys.Made(), 10)))
}

// RotateKeys puts a new master key in place; see [seal.Ring.Rotate].
func (db *DB) RotateKeys(next []byte) error { return db.keys.Rotate(next) }

// CopyKeys copies the key file; see [seal.Ring.Copy].
func (db *DB) CopyKeys(folder, today string, days int) error {
	return db.keys.Copy(folder, today, days)
}
