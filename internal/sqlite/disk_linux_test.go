package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"bokvar/sync/server"
)

// A page cannot be read in the middle of a transaction. SQLite ends the transaction
// by itself then, and what is written afterwards would be kept row by row.
func TestNothingIsHalfWrittenWhenAReadingFails(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 0)
	must(t, db.Write(func(tx server.Tx) error {
		for i := range 4000 { // more than one page of each table
			s := note("root", "before")
			s.ID = fmt.Sprint("before-", i)
			if err := tx.PutRecord(s); err != nil {
				return err
			}
		}
		return nil
	}))
	db.fold() // so that it is read from the database
	_, err := db.writer.Exec(`PRAGMA shrink_memory`)
	must(t, err)

	err = db.Write(func(tx server.Tx) error {
		readable := unreadable(t, filepath.Join(dir, "bokvar.db"))
		_, err := tx.Record("org", "before-2000")
		readable()
		if !errors.Is(ofDisk(err), server.ErrDisk) {
			t.Fatalf("a page that cannot be read: %v", err)
		}
		for range 3 {
			if err := tx.PutRecord(note("root", "after")); !errors.Is(err, server.ErrDisk) {
				t.Errorf("what is written after it: %v", err)
			}
		}
		return nil // as if nothing had happened
	})
	if !errors.Is(err, server.ErrDisk) {
		t.Errorf("Write says %v; want %v", err, server.ErrDisk)
	}
	if err := db.Works(t.Context()); err != nil {
		t.Errorf("readable again, it is said to fail: %v", err)
	}
	v, err := db.Verify()
	must(t, err)
	if v.Records != 4000 {
		t.Errorf("%d records; want 4000, and nothing of the transaction that failed", v.Records)
	}
}

// unreadable puts a folder in the place of the open file, which no page can be read from.
func unreadable(t *testing.T, path string) (readable func()) {
	t.Helper()
	folder, err := syscall.Open(t.TempDir(), syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	must(t, err)
	path, err = filepath.EvalSymlinks(path) // as /proc names it
	must(t, err)
	var fds []int
	for fd := range 256 {
		if name, _ := os.Readlink(fmt.Sprint("/proc/self/fd/", fd)); name == path {
			fds = append(fds, fd)
		}
	}
	kept := map[int]int{}
	for _, fd := range fds {
		kept[fd], err = syscall.Dup(fd)
		must(t, err)
		must(t, syscall.Dup3(folder, fd, syscall.O_CLOEXEC))
	}
	if len(kept) == 0 {
		t.Fatalf("%s is not open", path)
	}
	return func() {
		for fd, was := range kept {
			must(t, errors.Join(syscall.Dup3(was, fd, syscall.O_CLOEXEC), syscall.Close(was)))
		}
		must(t, syscall.Close(folder))
	}
}
