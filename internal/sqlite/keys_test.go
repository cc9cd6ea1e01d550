package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bokvar/internal/seal"
	"bokvar/sync/server"
)

// A key is on disk before what depends on it: when it cannot be written, nothing is.
func TestNothingIsCommittedWithoutItsKey(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 0)
	town(t, db)
	broken := errors.New("the disk of the keys is broken")
	for _, operation := range []string{"write keys", "sync keys"} {
		db.keys.Before = func(asked string) error {
			if asked == operation {
				return broken
			}
			return nil
		}
		if err := db.Write(func(tx server.Tx) error { return killCommit(tx, 1) }); !errors.Is(err, broken) {
			t.Errorf("%s failed, and Write says %v", operation, err)
		}
	}
	v, err := db.Verify()
	must(t, err)
	if v.Commits != 0 || v.Records != 0 {
		t.Errorf("%+v: something depends on a key that is nowhere", v)
	}
	db.keys.Before = nil
	must(t, db.Write(func(tx server.Tx) error { return killCommit(tx, 1) }))
	must(t, db.Close())
	if v, err = open(t, dir, 0).Verify(); err != nil || v.Commits != 1 {
		t.Errorf("%+v, %v", v, err)
	}
}

// Without its keys nothing starts, nothing is made, and the reason says what to do.
func TestLostKeysAreSaidAtStart(t *testing.T) {
	dir := t.TempDir()
	must(t, open(t, dir, 0).Close())
	for lost, want := range map[string]error{"keys": seal.ErrNoKeys, "keys/roots.keys": seal.ErrNoKeys, "keys/master.key": seal.ErrNoMaster} {
		aside := filepath.Join(t.TempDir(), "aside")
		must(t, os.Rename(filepath.Join(dir, lost), aside))
		before := listed(t, dir)
		if db, err := Open(Options{Dir: dir}); !errors.Is(err, want) || !strings.Contains(err.Error(), "put ") {
			t.Errorf("without %s it opens as %v, %v", lost, db, err)
		}
		if after := listed(t, dir); after != before {
			t.Errorf("without %s the folder held\n%s\nand now\n%s", lost, before, after)
		}
		must(t, os.Rename(aside, filepath.Join(dir, lost)))
	}
	must(t, open(t, dir, 0).Close())
	must(t, os.Rename(filepath.Join(dir, "keys"), filepath.Join(dir, "aside")))
	must(t, open(t, filepath.Join(dir, "other"), 0).Close())
	must(t, os.Rename(filepath.Join(dir, "other", "keys"), filepath.Join(dir, "keys")))
	if db, err := Open(Options{Dir: dir}); !errors.Is(err, ErrOtherKeys) {
		t.Errorf("with another's keys it opens as %v, %v", db, err)
	}
}

func listed(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	must(t, filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() && !strings.HasSuffix(path, "-shm") && !strings.HasSuffix(path, "-wal") {
			out.WriteString(path + "\n")
		}
		return err
	}))
	return out.String()
}

// A backup names the keys that it needs, and neither a restore nor a start goes
// on with a key file that is older.
func TestOlderKeysAreRefused(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 0)
	for n := range 3 {
		must(t, db.Write(func(tx server.Tx) error { return killCommit(tx, 3*n) }))
	}
	older := filepath.Join(t.TempDir(), "keys")
	must(t, os.CopyFS(older, os.DirFS(filepath.Join(dir, "keys"))))
	must(t, db.Write(func(tx server.Tx) error { return killCommit(tx, 100) }))
	backup := filepath.Join(t.TempDir(), "backup")
	must(t, db.Backup(backup))
	must(t, errors.Join(db.keys.Forget(seal.Scope{Org: "org", Root: "root-0"}), db.keys.Rotate(nil)))
	must(t, db.Close())

	to := t.TempDir()
	must(t, os.CopyFS(filepath.Join(to, "keys"), os.DirFS(older)))
	if err := Restore(backup, to, nil); !errors.Is(err, ErrOldKeys) {
		t.Errorf("a restore with older keys says %v", err)
	}
	if _, err := os.Stat(filepath.Join(to, "bokvar.db")); err == nil {
		t.Error("it left a database behind")
	}
	must(t, os.RemoveAll(filepath.Join(to, "keys")))
	if err := Restore(backup, to, nil); err == nil {
		t.Error("a restore without keys went well")
	}
	must(t, os.CopyFS(filepath.Join(to, "keys"), os.DirFS(filepath.Join(dir, "keys"))))
	must(t, Restore(backup, to, nil)) // newer keys open older copies, as far as nothing was erased

	must(t, os.RemoveAll(filepath.Join(dir, "keys")))
	must(t, os.CopyFS(filepath.Join(dir, "keys"), os.DirFS(older)))
	if db, err := Open(Options{Dir: dir}); !errors.Is(err, ErrOldKeys) {
		t.Errorf("a start with older keys: %v, %v", db, err)
	}
}
