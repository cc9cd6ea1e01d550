package sqlite

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
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

func TestVerifyFindsANumberThatIsThereTwice(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	must(t, db.Write(func(tx server.Tx) error {
		for _, record := range []string{"a", "b"} {
			if _, err := tx.PutInbox("kim", server.InboxRow{Org: "hem", Record: record}); err != nil {
				return err
			}
		}
		return nil
	}))
	_, err := db.Verify()
	must(t, err)
	_, err = db.writer.Exec(`UPDATE inbox SET seq = 1`)
	must(t, err)
	if _, err := db.Verify(); err == nil || !strings.Contains(err.Error(), "kim") {
		t.Errorf("two rows with the number 1: %v", err)
	}
}

// What was opened before is handed out again only for the very same bytes.
func TestARecordIsReadAsItIsNow(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	read := func() (s *server.State) {
		t.Helper()
		must(t, db.Read(func(tx server.Tx) (err error) {
			s, err = tx.Record("hem", "n")
			return err
		}))
		return s
	}
	for _, text := range []string{"first", "second"} {
		s := note("root", text)
		s.ID, s.Org = "n", "hem"
		must(t, db.Write(func(tx server.Tx) error { return tx.PutRecord(s) }))
		for range 2 {
			if got := read().Fields["text"].Value; string(got) != string(s.Fields["text"].Value) {
				t.Fatalf("it reads %s after %s was written", got, s.Fields["text"].Value)
			}
		}
	}
	if once, again := read(), read(); once != again {
		t.Error("the same bytes were opened twice")
	}
	_, err := db.writer.Exec(`UPDATE record SET root = 'other'`)
	must(t, err)
	err = db.Read(func(tx server.Tx) error {
		_, err := tx.Record("hem", "n")
		return err
	})
	if err == nil {
		t.Error("a record that was moved under another root was opened")
	}
}
