// Package sqlite keeps everything in one SQLite file. It is the only package
// with SQLite's SQL.
//
// # One writer
//
// All writing goes through one connection, one transaction at a time
// ([DB.Write]); readers have a pool and see snapshots. A Write has returned only
// when its transaction is on disk (WAL, synchronous=FULL) and the keys that it
// depends on were on disk before it.
//
// # Sealed
//
// Content is sealed by [bokvar/internal/seal] before it gets here; see the first
// migration for what stays clear, and why.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	_ "github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/seal"
	"bokvar/sync/server"
)

//go:embed migration/*.sql
var migrations embed.FS

// DB is the database of one data folder.
type DB struct {
	path  string
	keys  *seal.Ring
	clock func() time.Time

	mu     sync.Mutex // held by the one who writes
	writer *sql.DB
	reader *sql.DB
	conns  sync.Map // *sqlite3.SQLiteConn -> *conn

	head       audit.Hash // of the audit chain; guarded by mu
	watch      atomic.Pointer[func(string)]
	tally      tally // guarded by mu
	writing    *Tx   // the transaction that writes now; guarded by mu
	warm       warm  // guarded by mu
	standing   standing
	sessions   sessions
	opened     opened
	rooms      rooms
	search     search
	erased     atomic.Int64 // how often keys were taken away
	generation string
	people     atomic.Pointer[directory]
	disk       disk
}

// tuning is for the writer. A checkpoint costs two fsyncs, so it waits for 16 MB
// of log; what a savepoint would put back stays in memory.
const tuning = "PRAGMA wal_autocheckpoint=4000; PRAGMA temp_store=MEMORY"

// Options of a database.
type Options struct {
	Dir      string           // data folder; made when missing
	Clock    func() time.Time // time.Now when nil
	Master   []byte           // the master key, when it is kept outside the folder of keys
	MaxPages int              // bound of the file in pages, 0: none; to try a full disk
	Disk     func(error)      // told when the disk begins to fail, and with nil when it works again
}

// Open opens the database DIR/bokvar.db and the key ring DIR/keys, making and
// migrating what is missing.
func Open(o Options) (*DB, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	path := filepath.Join(o.Dir, "bokvar.db")
	keys, err := openKeys(path, filepath.Join(o.Dir, "keys"), o.Master)
	if err != nil {
		return nil, err
	}
	db := &DB{path: path, keys: keys, clock: o.Clock, disk: disk{say: o.Disk}}
	if err := db.open(o); err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

func (db *DB) open(o Options) (err error) {
	options := url.Values{"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_busy_timeout": {"10000"},
		"_foreign_keys": {"on"}, "_txlock": {"immediate"}, "_secure_delete": {"on"}, "_cache_size": {"-16000"}, "_mutex": {"no"}} // the pool sees to it that one at a time uses a connection
	// SQLite gives its -wal and -shm the mode of the database.
	f, err := os.OpenFile(db.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	if err := f.Close(); err != nil {
		return err
	}
	if db.writer, err = sql.Open("sqlite3", "file:"+db.path+"?"+options.Encode()); err != nil {
		return err
	}
	db.writer.SetMaxOpenConns(1)
	db.writer.SetConnMaxLifetime(0)
	if _, err := db.writer.Exec(tuning); err != nil { // on the one connection, which lives as long as the pool
		return err
	}
	if o.MaxPages > 0 {
		if _, err := db.writer.Exec(fmt.Sprintf("PRAGMA max_page_count=%d", o.MaxPages)); err != nil {
			return err
		}
	}
	if err := db.flushAnew(); err != nil {
		return err
	}
	if err := migrate(db.writer); err != nil {
		return err
	}
	reading := url.Values{"_busy_timeout": {"10000"}, "_query_only": {"on"}, "_txlock": {"deferred"}, "_cache_size": {"-2000"}, "_mutex": {"no"}}
	if db.reader, err = sql.Open("sqlite3", "file:"+db.path+"?"+reading.Encode()); err != nil {
		return err
	}
	db.reader.SetMaxOpenConns(4)
	db.reader.SetMaxIdleConns(4)
	if err := db.begin(); err != nil {
		return err
	}
	if err := db.openTally(); err != nil {
		return err
	}
	if err := db.eraseAgain(); err != nil {
		return err
	}
	if err := db.ForgetErased(); err != nil {
		return err
	}
	return db.loadPeople()
}

func migrate(w *sql.DB) error {
	folder, err := fs.Sub(migrations, "migration")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, w, folder)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if _, err := provider.Up(context.Background()); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

// begin reads the generation and the head of the chain, making the first of both.
func (db *DB) begin() error {
	_, err := db.writer.Exec(`INSERT INTO server (name, value) VALUES ('generation', CAST(? AS BLOB)) ON CONFLICT DO NOTHING`, uuid.NewString())
	if err != nil {
		return err
	}
	if err := db.writer.QueryRow(`SELECT CAST(value AS TEXT) FROM server WHERE name = 'generation'`).Scan(&db.generation); err != nil {
		return err
	}
	if err := db.matchKeys(); err != nil {
		return err
	}
	var head []byte
	err = db.writer.QueryRow(`SELECT hash FROM audit ORDER BY row DESC LIMIT 1`).Scan(&head)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	copy(db.head[:], head)
	return err
}

// Close closes database and keys.
func (db *DB) Close() error {
	errs := []error{db.search.close(), db.closeStatements()}
	for _, pool := range []*sql.DB{db.reader, db.writer} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(append(errs, db.keys.Close())...)
}

// Write runs f in one transaction and returns when it is on disk.
func (db *DB) Write(f func(server.Tx) error) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.writeLocked(func(tx *Tx) error { return f(tx) })
}

func (db *DB) writeLocked(f func(*Tx) error) error {
	err := db.on(db.writer, func(c *conn) error {
		c.broken = nil
		if err := c.beginWrite.exec(); err != nil {
			return err
		}
		tx := newTx(db, c, true)
		db.writing = tx
		done := false
		defer func() {
			db.writing = nil
			if !done { // also when f panics
				db.warm.forget()
				_ = c.rollback.exec() // fails when SQLite has ended the transaction by itself
			}
		}()
		if err := db.commit(tx, f); err != nil {
			return err
		}
		done = true
		db.rooms.keep(tx.shut)
		db.head, db.tally.sums = tx.head, tx.sums
		db.search.changed(tx.named)
		db.standing.keep(tx.counters)
		return nil
	})
	db.disk.wrote(err)
	return err
}

func (db *DB) commit(tx *Tx, f func(*Tx) error) error {
	if err := db.keys.Refresh(); err != nil { // another process may have made keys
		return err
	}
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.flush(); err != nil {
		return err
	}
	if err := tx.noteKeys(); err != nil {
		return err
	}
	if err := db.keys.Sync(); err != nil { // before the commit that depends on them
		return err
	}
	return tx.c.commitAll.exec()
}

// Read runs f on a snapshot.
func (db *DB) Read(f func(server.Tx) error) error {
	return db.on(db.reader, func(c *conn) error {
		if err := c.begin.exec(); err != nil {
			return err
		}
		defer func() { _ = c.rollback.exec() }()
		return f(newTx(db, c, false))
	})
}

// Epoch is the person's access epoch on disk, without a transaction when it is known.
func (db *DB) Epoch(person string) (epoch int64, err error) {
	if known, ok := db.standing.of(person); ok {
		return known.epoch, nil
	}
	err = db.Read(func(tx server.Tx) error {
		epoch, err = tx.Epoch(person)
		return err
	})
	return epoch, err
}

// Facts runs f on a snapshot with what access is decided from.
func (db *DB) Facts(f func(casework.Facts) error) error {
	return db.Read(func(tx server.Tx) error { return f(tx.(*Tx)) })
}

// Watch has f told of every statement that a connection runs from now on (see conn), by
// whatever goroutine runs it; nil ends it. It is for tests that compare the work of two questions.
func (db *DB) Watch(f func(statement string)) {
	if f == nil {
		db.watch.Store(nil)
		return
	}
	db.watch.Store(&f)
}
