package sqlite

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

func TestNothingIsHalfWrittenWhenAFullDiskIsNotNoticed(t *testing.T) {
	db := open(t, t.TempDir(), 120)
	failed := 0
	err := db.Write(func(tx server.Tx) error {
		for i := range 300 {
			size := 4000
			if i > 150 {
				size = 10 // little ones would fit, after the big ones did not
			}
			if tx.Savepoint(func() error { return tx.PutRecord(note("root", string(bytes.Repeat([]byte("x"), size)))) }) != nil {
				failed++
			}
		}
		return nil // as if nothing had happened
	})
	if !errors.Is(err, server.ErrDiskFull) || failed == 0 {
		t.Errorf("after %d failures Write says %v; want %v", failed, err, server.ErrDiskFull)
	}
	v, err := db.Verify()
	must(t, err)
	if v.Records != 0 {
		t.Errorf("%d records of a transaction that failed are there", v.Records)
	}
}

func TestManyGuessesAtOnceAreStillTen(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	town(t, db)
	now := time.Now()
	must(t, db.PutInvitation(casework.Invitation{Kind: "code", Handle: "A", Hash: []byte("h"), Person: "kim", Made: now, Expires: now.Add(time.Hour)}))
	var judged atomic.Int64
	var wg sync.WaitGroup
	allAsked := make(chan struct{})
	for range 50 {
		wg.Go(func() {
			<-allAsked
			got, err := db.TakeInvitation("code", "A", func(casework.Invitation) bool { judged.Add(1); return false }, now)
			if got != nil || err != nil {
				t.Errorf("a wrong secret gives %v, %v", got, err)
			}
		})
	}
	close(allAsked)
	wg.Wait()
	if judged.Load() != maxTries {
		t.Errorf("%d secrets were judged; want %d", judged.Load(), maxTries)
	}
}

func TestLostKeysAreSaidAtStart(t *testing.T) {
	dir := t.TempDir()
	must(t, open(t, dir, 0).Close())
	must(t, os.RemoveAll(filepath.Join(dir, "keys")))
	if db, err := Open(Options{Dir: dir}); !errors.Is(err, ErrOtherKeys) {
		t.Errorf("a database without its keys opens as %v, %v", db, err)
	}
}

func TestFilesAreTheOwnersOnly(t *testing.T) {
	dir := t.TempDir()
	town(t, open(t, dir, 0))
	files, err := filepath.Glob(filepath.Join(dir, "bokvar.db*"))
	must(t, err)
	if len(files) < 3 {
		t.Errorf("only %v are there", files)
	}
	for _, f := range files {
		if info, err := os.Stat(f); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", filepath.Base(f), info.Mode(), err)
		}
	}
}
