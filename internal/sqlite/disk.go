package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	sqlite3 "github.com/mattn/go-sqlite3"

	"bokvar/sync/server"
)

// A disk that fails is said, and nothing is called written that is not on it. What
// SQLite could not flush it writes again at the same place with the next
// transaction; the keys do the same. What another process could not flush before it
// ended is written again at the start ([DB.flushAnew]), because the page cache shows
// it as if it were on the disk, and a later flush does not take it there.

// disk is what is known of how it does.
type disk struct {
	say func(error) // nil: to nobody

	mu      sync.Mutex
	writing error // why the last transaction could not be written
	folding error // why the log could not be folded into the database
	tried   time.Time
	folded  time.Time
}

// How often at most somebody who asks makes the disk work. Folding costs two flushes and
// keeps writers waiting, however often the server is probed; once it has failed it is tried
// as often as the rest.
const (
	tryEvery  = time.Second
	foldEvery = time.Minute
)

// ofDisk marks an error that means that there is no room, or that the disk fails.
func ofDisk(err error) error {
	var s sqlite3.Error
	known := errors.As(err, &s)
	switch {
	case err == nil || errors.Is(err, server.ErrDiskFull) || errors.Is(err, server.ErrDisk):
		return err
	case errors.Is(err, syscall.ENOSPC) || known && (s.Code == sqlite3.ErrFull || s.SystemErrno == syscall.ENOSPC):
		return fmt.Errorf("%w: %w", server.ErrDiskFull, err)
	case errors.Is(err, syscall.EIO) || errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w: %w", server.ErrDisk, err)
	case known && (s.Code == sqlite3.ErrIoErr || s.Code == sqlite3.ErrCantOpen || s.Code == sqlite3.ErrReadonly || s.Code == sqlite3.ErrCorrupt):
		return fmt.Errorf("%w: %w", server.ErrDisk, err)
	}
	return err
}

func isOfDisk(err error) bool {
	return errors.Is(err, server.ErrDisk) || errors.Is(err, server.ErrDiskFull)
}

// wrote is told how each transaction ended. One that was not kept for another
// reason says nothing of the disk.
func (d *disk) wrote(err error) {
	if err == nil || isOfDisk(err) {
		d.became(&d.writing, err)
	}
}

// became notes how one part of the disk does, and says when it begins or ends to fail.
func (d *disk) became(part *error, err error) {
	d.mu.Lock()
	before := errors.Join(d.writing, d.folding)
	*part = err
	now := errors.Join(d.writing, d.folding)
	d.mu.Unlock()
	if d.say != nil && (before == nil) != (now == nil) {
		d.say(now)
	}
}

// Fails is why the disk was last found to fail, nil when it works; it does not try.
func (db *DB) Fails() error { return db.disk.fails() }

func (d *disk) fails() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return errors.Join(d.writing, d.folding)
}

// due says whether so long has passed since the last time, and begins to count anew.
func (d *disk) due(last *time.Time, every time.Duration) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if time.Since(*last) < every {
		return false
	}
	*last = time.Now()
	return true
}

// Works says whether the disk does what it should: the database answers, what was
// written last is on the disk, and the log could be folded into the database when that was
// last tried, at most foldEvery ago. After a failure it tries again, so that the answer
// changes also when nobody else writes.
func (db *DB) Works(ctx context.Context) error {
	var one int
	if err := db.reader.QueryRowContext(ctx, `SELECT 1`).Scan(&one); err != nil {
		return ofDisk(err)
	}
	db.disk.mu.Lock()
	failed, every := db.disk.writing != nil, foldEvery
	if db.disk.folding != nil {
		every = tryEvery
	}
	db.disk.mu.Unlock()
	if db.mu.TryLock() { // else somebody writes, and will say how it went
		defer db.mu.Unlock()
		if failed && db.disk.due(&db.disk.tried, tryEvery) {
			_ = db.writeLocked(func(*Tx) error { return nil }) // the sums are sealed anew, which is a page and a flush
		}
		if db.disk.due(&db.disk.folded, every) {
			db.fold()
		}
	}
	return db.disk.fails()
}

// fold copies what can be from the log into the database. SQLite does so by itself
// after a commit, and tells nobody when it fails: the log then grows until the disk is full.
func (db *DB) fold() {
	var busy, log, folded int64
	err := ofDisk(db.writer.QueryRow(`PRAGMA wal_checkpoint(PASSIVE)`).Scan(&busy, &log, &folded))
	if err == nil || isOfDisk(err) {
		db.disk.became(&db.disk.folding, err)
	}
}

// flushAnew writes what is in SQLite's log once more, the same bytes, and flushes it.
// Commits that a former process could not flush stand there as if they were on the
// disk; this makes it true before anybody is told that they are.
func (db *DB) flushAnew() (err error) {
	log, err := os.OpenFile(db.path+"-wal", os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	if _, err := db.writer.Exec(`BEGIN IMMEDIATE`); err != nil { // so that nobody writes there
		return ofDisk(err)
	}
	defer func() {
		_, back := db.writer.Exec(`ROLLBACK`)
		err = errors.Join(err, back)
	}()
	piece := make([]byte, 1<<20)
	for at := int64(0); ; {
		n, err := log.ReadAt(piece, at)
		if n > 0 {
			if _, err := log.WriteAt(piece[:n], at); err != nil {
				return notOnDisk(err)
			}
			at += int64(n)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return notOnDisk(err)
		}
	}
	if err := log.Sync(); err != nil {
		return notOnDisk(err)
	}
	return nil
}

func notOnDisk(err error) error {
	return ofDisk(fmt.Errorf("what was written last may not be on the disk, and cannot be put there now; nothing was started: %w", err))
}
