package sqlite

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// pictured makes a folder with a picture of a visit and one of a paper, whose record
// names its hash and was sent in a commit, and returns it closed.
func pictured(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	db := open(t, dir, 0)
	town(t, db)
	sum := sha256.Sum256([]byte("the paper"))
	hash := fmt.Sprintf("%q", hex.EncodeToString(sum[:]))
	must(t, db.Write(func(tx server.Tx) error {
		for _, s := range []*server.State{
			{Org: "org", ID: "visit", Kind: "photo", Root: "root", Fields: map[string]server.Field{}},
			{Org: "org", ID: "giving", Kind: "giving", Root: "giving", Fields: map[string]server.Field{}},
			{Org: "org", ID: "paper", Kind: "paper_photo", Root: "giving", Fields: map[string]server.Field{"hash": {Value: []byte(hash), Version: 1}}},
			{Org: "org", ID: "coming", Kind: "paper_photo", Root: "giving", Fields: map[string]server.Field{"hash": {Value: []byte(`"later"`), Version: 1}}},
		} {
			if err := tx.PutRecord(s); err != nil {
				return err
			}
		}
		sent := `[{"org":"org","kind":"giving","record":"giving","fields":{}},{"org":"org","kind":"paper_photo","record":"paper","fields":{"hash":{"v":` + hash + `}}},{"org":"org","kind":"paper_photo","record":"coming","fields":{"hash":{"v":"later"}}}]`
		return tx.PutCommit(&server.Kept{Author: server.Author{Person: "kim", Org: "org", Device: "phone"}, Receipt: wire.Receipt{Commit: "c", Status: wire.Saved},
			Roots: []server.RootPayload{{Org: "org", Root: "giving", Payload: []byte(sent), Records: []string{"paper", "coming"}}}})
	}))
	must(t, db.PutPhoto("org", "root", "visit", "kim", []byte("the visit")))
	must(t, db.PutPhoto("org", "giving", "paper", "kim", []byte("the paper")))
	must(t, db.PutPhoto("org", "giving", "paper", "kim", []byte("another"))) // the first one stays, and came once
	must(t, db.Close())
	return dir
}

// A picture that is missing, changed, or in another's place: verify says which, whether
// it was done with the file alone or with the keys too. One that never came is no fault.
func TestVerifyFindsAPictureThatIsMissingOrAnother(t *testing.T) {
	dir := pictured(t)
	db := open(t, copied(t, dir), 0)
	v, err := db.Verify()
	must(t, err)
	if v.Pictures != 2 || v.Erased != 0 {
		t.Errorf("%+v", v)
	}
	for id, root := range map[string]string{"visit": "root", "paper": "giving"} {
		for what, want := range map[string]string{
			`DELETE FROM photo WHERE id = '` + id + `'`:                                                             "is missing",
			`UPDATE photo SET sealed = zeroblob(60) WHERE id = '` + id + `'`:                                        "was changed",
			`UPDATE photo SET sealed = x'' WHERE id = '` + id + `'`:                                                 "is missing",
			`UPDATE photo SET id = 'elsewhere' WHERE id = '` + id + `'`:                                             "is missing",
			`UPDATE photo SET part = 0 WHERE id = '` + id + `'`:                                                     "is missing",
			`UPDATE photo SET org = 'other' WHERE id = '` + id + `'`:                                                "is missing",
			`UPDATE photo SET sealed = (SELECT sealed FROM photo WHERE id <> '` + id + `') WHERE id = '` + id + `'`: "was changed",
		} {
			to := copied(t, dir)
			behind(t, to, what)
			db := open(t, to, 0)
			if _, err := db.Verify(); err == nil || !strings.Contains(err.Error(), "broken here: the picture "+id+" of org (file "+root+")") || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: verify says %v", what, err)
			}
			must(t, db.Close())
		}
		// With the keys, and by the program's own connection, which counts the tables anew.
		db := open(t, copied(t, dir), 0)
		sealed, err := db.keys.Seal("org", root, photoAAD("org", id, wholePhoto), []byte("forged"))
		must(t, err)
		must(t, db.put(`UPDATE photo SET sealed = ? WHERE id = ?`, sealed, id))
		if _, err := db.Verify(); err == nil || !strings.Contains(err.Error(), "the picture "+id) || !strings.Contains(err.Error(), "is another one now") {
			t.Errorf("%s: verify says %v", id, err)
		}
	}
}

// What the record of a paper names is looked at also where the log does not yet say
// that its picture came.
func TestVerifyComparesAPaperWithWhatItsRecordNames(t *testing.T) {
	db := open(t, pictured(t), 0)
	sealed, err := db.keys.Seal("org", "giving", photoAAD("org", "coming", wholePhoto), []byte("not that"))
	must(t, err)
	must(t, db.put(`INSERT INTO photo (org, id, part, sealed) VALUES ('org', 'coming', ?, ?)`, wholePhoto, sealed))
	if _, err := db.Verify(); err == nil || !strings.Contains(err.Error(), "the picture coming of a paper (org, file giving) is not the one that its record names") {
		t.Errorf("verify says %v", err)
	}
}

// A picture of an erased file is gone by its certificate; any other that is gone is broken.
func TestAPictureThatWasErasedIsNotMissing(t *testing.T) {
	dir := pictured(t)
	db := open(t, dir, 0)
	cert := eraseRoot(t, db, "root")
	must(t, db.ForgetErased())
	if cert.Records != 1 || cert.Commits != 0 {
		t.Errorf("%+v", cert)
	}
	v, err := db.Verify()
	must(t, err)
	if v.Pictures != 1 || v.Erased != 1 {
		t.Errorf("%+v", v)
	}
	must(t, db.Close())
	behind(t, dir, `DELETE FROM photo`)
	if _, err := open(t, dir, 0).Verify(); err == nil || !strings.Contains(err.Error(), "the picture paper of org (file giving), which came by audit row") {
		t.Errorf("verify says %v", err)
	}
}
