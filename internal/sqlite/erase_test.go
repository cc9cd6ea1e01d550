package sqlite

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bokvar/internal/casework"
	"bokvar/internal/seal"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

const secret = "kanariefågel i köket"

// file writes a commit with a note into a root, and returns the commit's hash.
func file(t *testing.T, db *DB, id, root, text string) [32]byte {
	t.Helper()
	hash := [32]byte{1, byte(len(id))}
	must(t, db.Write(func(tx server.Tx) error {
		s := note(root, text)
		s.ID = "note-" + id
		if err := tx.PutRecord(s); err != nil {
			return err
		}
		if _, err := tx.PutInbox("kim", server.InboxRow{Org: "org", Record: s.ID}); err != nil {
			return err
		}
		if err := tx.(casework.Facts).PutRootUnit(casework.RootUnit{Org: "org", Root: root, Record: "case-" + root, Unit: "norr", Closed: 1}); err != nil {
			return err
		}
		payload, _ := json.Marshal(text)
		at := time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC).UnixMilli()
		return tx.PutCommit(&server.Kept{Author: server.Author{Person: "kim", Org: "org", Device: "phone"}, Hash: hash,
			Receipt: wire.Receipt{Type: wire.TypeReceipt, Commit: id, Status: wire.Saved, At: at},
			Roots:   []server.RootPayload{{Org: "org", Root: "stays", Payload: []byte(`"other"`)}, {Org: "org", Root: root, Payload: payload, Records: []string{s.ID}}}})
	}))
	return hash
}

func eraseRoot(t *testing.T, db *DB, root string) Certificate {
	t.Helper()
	key, err := db.SigningKey()
	must(t, err)
	var written Certificate
	must(t, db.Write(func(tx server.Tx) error {
		c, carried, err := tx.(*Tx).Erase(Certificate{Org: "org", Root: root, Kind: "case", Reason: "schedule", By: "console", ErasedAt: 1, CopiesUntil: "2026-12-07"}, key)
		if err != nil {
			return err
		}
		for _, who := range carried {
			if _, err := tx.PutInbox(who.Person, server.InboxRow{Org: who.Org, Record: who.Record, Left: true}); err != nil {
				return err
			}
		}
		written = c
		return nil
	}))
	return written
}

// sealedIn lists everything sealed in a copy of the database, whatever table it is in.
func sealedIn(t *testing.T, path string) (out [][]byte) {
	t.Helper()
	raw, err := sql.Open("sqlite3", "file:"+path)
	must(t, err)
	defer raw.Close()
	rows, err := raw.Query(`SELECT sealed FROM record UNION ALL SELECT sealed FROM commits UNION ALL SELECT sealed FROM payload UNION ALL SELECT sealed FROM proposal`)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var b []byte
		must(t, rows.Scan(&b))
		if len(b) > 0 {
			out = append(out, b)
		}
	}
	return out
}

// opens says how many of what is sealed any key of the folder opens as text with
// the word in it, wherever it is said to belong.
func opens(t *testing.T, keys string, sealed [][]byte, roots, places []string, word string) (n int) {
	t.Helper()
	ring, err := seal.OpenExisting(keys, nil)
	must(t, err)
	defer ring.Close()
	for _, b := range sealed {
		for _, root := range roots {
			for _, place := range places {
				if plain, err := ring.Open("org", root, place, b); err == nil && bytes.Contains(plain, []byte(word)) {
					n++
				}
			}
		}
	}
	return n
}

// After an erasure no remaining key opens any copy: the database, its log, a
// backup from before; everything else opens, and verify tells erased from broken.
func TestErasedInEveryCopy(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 0)
	town(t, db)
	hash := file(t, db, "c1", "gone", secret)
	file(t, db, "c2", "kept", "blåmes")
	backup := filepath.Join(t.TempDir(), "backup")
	must(t, db.Backup(backup))
	files := t.TempDir() // as they lie there, with the log of the database (WAL)
	must(t, os.CopyFS(files, os.DirFS(dir)))
	roots, places := []string{"gone", "kept", "stays", ""}, []string{"org|note-c1|note", "org|note-c2|note", "org|c1|commit", "org|c2|commit"}
	copies := [][][]byte{sealedIn(t, backup), sealedIn(t, filepath.Join(files, "bokvar.db"))}
	for _, c := range copies {
		if n := opens(t, filepath.Join(dir, "keys"), c, roots, places, "kanarie"); n != 2 {
			t.Fatalf("before the erasure %d opened; want the record and the commit", n)
		}
	}

	cert := eraseRoot(t, db, "gone")
	must(t, db.ForgetErased())
	for i, c := range copies {
		if n := opens(t, filepath.Join(dir, "keys"), c, roots, places, "kanarie"); n != 0 {
			t.Errorf("copy %d: %d still open", i, n)
		}
		if n := opens(t, filepath.Join(dir, "keys"), c, roots, places, "blåmes"); n != 2 {
			t.Errorf("copy %d: of the other file %d open; want 2", i, n)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "bokvar.db-wal")); err == nil && info.Size() != 0 {
		t.Errorf("the log of the database still holds %d bytes", info.Size())
	}
	if cert.Number != 1 || cert.Records != 1 || cert.Commits != 1 {
		t.Errorf("%+v", cert)
	}
	must(t, db.Read(func(tx server.Tx) error {
		if s, err := tx.Record("org", "note-c1"); s != nil || err != nil {
			t.Errorf("the record is %v, %v", s, err)
		}
		k, err := tx.Commit("org", "c1")
		if err != nil || k == nil || !k.Same(hash) {
			t.Errorf("the commit is not known again: %v, %v", k, err)
		}
		return nil
	}))
	v, err := db.Verify()
	if err != nil || v.Erased != 1 || v.Commits != 2 {
		t.Errorf("%+v, %v", v, err)
	}
	must(t, db.Close())
	v, err = open(t, dir, 0).Verify()
	if err != nil || v.Erased != 1 {
		t.Errorf("after a restart: %+v, %v", v, err)
	}
}

func TestVerifyTellsErasedFromBroken(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 0)
	file(t, db, "c1", "gone", secret)
	file(t, db, "c2", "kept", "text")
	eraseRoot(t, db, "gone")
	must(t, db.ForgetErased())
	must(t, db.Close())
	try := func(want string, statements ...string) {
		t.Helper()
		to := copied(t, dir)
		behind(t, to, statements...)
		db, err := Open(Options{Dir: to})
		if err == nil {
			_, err = db.Verify()
			must(t, db.Close())
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %q", statements, err, want)
		}
	}
	try("no certificate says why", `DROP TRIGGER erasure_keeps`, `DELETE FROM erasure`)
	try("not what was signed", `DROP TRIGGER erasure_stays`, `UPDATE erasure SET body = replace(body, 'gone', 'kept')`)
	try("broken here", `UPDATE payload SET sealed = x'' WHERE root = 'kept'`)
	behindKeys(t, dir, "kept")
	if _, err := open(t, dir, 0).Verify(); err == nil || !strings.Contains(err.Error(), "no certificate says why") {
		t.Errorf("a key that is gone without a certificate: %v", err)
	}
}

// behindKeys takes a key out of the file without the database knowing.
func behindKeys(t *testing.T, dir, root string) {
	t.Helper()
	ring, err := seal.OpenExisting(filepath.Join(dir, "keys"), nil)
	must(t, err)
	must(t, errors.Join(ring.Forget(seal.Scope{Org: "org", Root: root}), ring.Close()))
}

// A start after an erasure that was cut short takes the key away; so does one with
// an older copy of the key file. A file that was begun anew keeps its new key.
func TestKeysOfErasedFilesGoAtStart(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 0)
	file(t, db, "c1", "gone", secret)
	older, err := os.ReadFile(filepath.Join(dir, "keys", "roots.keys"))
	must(t, err)
	_, err = db.SigningKey()
	must(t, err)
	eraseRoot(t, db, "gone") // and no ForgetErased
	must(t, db.Close())
	has := func() bool {
		db, err := Open(Options{Dir: dir})
		must(t, err)
		_, err = db.Verify()
		must(t, err)
		defer db.Close()
		return db.keys.Has("org", "gone")
	}
	if has() {
		t.Error("after the start the key is still there")
	}
	must(t, os.WriteFile(filepath.Join(dir, "keys", "roots.keys"), older, 0o600))
	if has() {
		t.Error("an older key file brought the key back")
	}
	db = open(t, dir, 0)
	file(t, db, "c3", "gone", "begun anew")
	must(t, db.Close())
	if !has() {
		t.Error("the new key of a file that was begun anew was taken away")
	}
}

// A backup from before an erasure is restored: what was erased goes again, and
// nothing of it is in the way of the rest.
func TestRestoredFromBeforeAnErasure(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 0)
	file(t, db, "c1", "gone", secret)
	file(t, db, "c2", "kept", "text")
	backup := filepath.Join(t.TempDir(), "backup")
	must(t, db.Backup(backup))
	eraseRoot(t, db, "gone")
	must(t, db.ForgetErased())
	must(t, db.Close())
	to := t.TempDir()
	must(t, os.CopyFS(filepath.Join(to, "keys"), os.DirFS(filepath.Join(dir, "keys"))))
	must(t, Restore(backup, to, nil))
	restored := open(t, to, 0)
	v, err := restored.Verify()
	if err != nil || v.Erased != 1 {
		t.Errorf("%+v, %v", v, err)
	}
	must(t, restored.Facts(func(f casework.Facts) error {
		notes, err := f.RecordsOfKind("org", "note")
		if err != nil || len(notes) != 1 || notes[0].Root != "kept" {
			t.Errorf("%d notes, %v; want the one that is kept", len(notes), err)
		}
		return nil
	}))
}

func TestLooseMonthIsErased(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 0)
	march := time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
	refused := func(id string, at time.Time) {
		must(t, db.Write(func(tx server.Tx) error {
			return tx.PutCommit(&server.Kept{Author: server.Author{Person: "kim", Org: "org", Device: "phone"},
				Receipt: wire.Receipt{Type: wire.TypeReceipt, Commit: id, Status: wire.Refused, At: at.UnixMilli()},
				Roots:   []server.RootPayload{{Org: "org", Payload: []byte(`"` + secret + `"`)}}})
		}))
	}
	refused("c1", march)
	refused("c2", march.AddDate(0, 1, 0))
	must(t, db.PutProposal("p", "org", "kim", march, []byte(secret)))
	must(t, db.PutProposal("q", "org", "kim", march.AddDate(0, 1, 0), []byte(secret)))
	before := sealedIn(t, filepath.Join(copied(t, dir), "bokvar.db"))
	months, err := db.LooseMonths("org")
	must(t, err)
	if strings.Join(months, " ") != "~2026-03 ~2026-04" {
		t.Errorf("months: %v", months)
	}
	eraseRoot(t, db, LooseRoot("2026-03-31"))
	must(t, db.ForgetErased())
	places := []string{"org|c1|commit", "org|c2|commit", "org|p|proposal", "org|q|proposal"}
	if n := opens(t, filepath.Join(dir, "keys"), before, []string{"~2026-03", "~2026-04", ""}, places, "kanarie"); n != 2 {
		t.Errorf("%d of the old copy open; want those of April", n)
	}
	ids, err := db.Proposals("org")
	if err != nil || len(ids) != 1 || ids[0] != "q" {
		t.Errorf("proposals: %v, %v", ids, err)
	}
	if v, err := db.Verify(); err != nil || v.Erased != 1 {
		t.Errorf("%+v, %v", v, err)
	}
	if months, _ = db.LooseMonths("org"); len(months) != 1 {
		t.Errorf("months afterwards: %v", months)
	}
}

func TestHoldIsKeptSealed(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 0)
	file(t, db, "c1", "root", "text")
	must(t, db.Hold("org", "root", "console", secret, time.Now()))
	held, err := db.Held("org")
	if err != nil || held["root"] != secret {
		t.Errorf("%v, %v", held, err)
	}
	for _, want := range []bool{true, false} {
		if was, err := db.Release("org", "root"); err != nil || was != want {
			t.Errorf("released: %v, %v; want %v", was, err, want)
		}
	}
	if _, err := db.Verify(); err != nil {
		t.Error(err)
	}
}

// Whoever adds a table says here what an erasure does with it.
func TestErasureKnowsEveryTable(t *testing.T) {
	known := map[string]string{
		"record": "rows go", "commits": "emptied, receipts stay", "payload": "emptied", "photo": "rows go", "push": "rows go", "proposal": "rows go, by month", "handed": "rows go, by month",
		"root_unit": "rows go", "assignment": "rows go", "handle": "rows go", "protected": "rows go", "erasure_hold": "rows go", "room": "rows go: closed for good",
		"room_epoch": "stays: numbers", "inbox": "stays, left: ids", "removal": "stays: ids", "audit": "stays: ids", "erasure": "stays: certificates",
		"server": "of no case", "counter": "of no case", "organisation": "of no case", "member": "of no case", "invitation": "of no case", "session": "of no case",
		"device": "of no case", "subscription": "of no case", "reading": "of no case", "goose_db_version": "of no case",
	}
	db := open(t, t.TempDir(), 0)
	rows, err := db.reader.Query(`SELECT m.name, group_concat(i.name) FROM sqlite_schema m JOIN pragma_table_info(m.name) i
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\' GROUP BY m.name`)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var table, columns string
		must(t, rows.Scan(&table, &columns))
		ofCase := strings.Contains(columns, "root") || strings.Contains(columns, "record") || strings.Contains(columns, "sealed")
		if known[table] == "" && ofCase {
			t.Errorf("what does an erasure do with the table %s (%s)? Say so in erase.go and here", table, columns)
		}
	}
	must(t, rows.Err())
}
