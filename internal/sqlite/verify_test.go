package sqlite

import (
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// lived makes a data folder in which something of every kind has happened, and
// returns it closed.
func lived(t *testing.T) (dir string, head string) {
	t.Helper()
	dir = t.TempDir()
	db := open(t, dir, 0)
	town(t, db)
	now := time.Now()
	put := func(status wire.Status, id string, roots ...server.RootPayload) func(server.Tx) error {
		return func(tx server.Tx) error {
			n, err := tx.NextNumber("kim")
			if err != nil {
				return err
			}
			s := note("root", "text of "+id)
			s.ID = "note-" + id
			if err := tx.PutRecord(s); err != nil {
				return err
			}
			if _, err := tx.PutInbox("kim", server.InboxRow{Org: "org", Record: s.ID, Hash: [16]byte{1}}); err != nil {
				return err
			}
			return tx.PutCommit(&server.Kept{Author: server.Author{Person: "kim", Org: "org", Device: "phone"}, Hash: [32]byte{9},
				Receipt: wire.Receipt{Type: wire.TypeReceipt, Commit: id, Status: status, Number: n, At: now.UnixMilli()}, Roots: roots})
		}
	}
	part := func(org, root, text string) server.RootPayload {
		raw, _ := json.Marshal([]string{text})
		return server.RootPayload{Org: org, Root: root, Payload: raw, Records: []string{"r"}}
	}
	for _, f := range []func(server.Tx) error{
		put(wire.Saved, "c1", part("org", "root", "one"), part("other", "giving", "theirs")),
		put(wire.Held, "c2", part("org", "root", "two")),
		put(wire.Refused, "c3", part("org", "", "three")),
		put(wire.Saved, "c4"),
		func(tx server.Tx) error { // once more, so that rows are replaced
			if err := tx.PutRecord(&server.State{Org: "org", ID: "note-c1", Kind: "note", Root: "root", Fields: map[string]server.Field{}}); err != nil {
				return err
			}
			_, err := tx.PutInbox("kim", server.InboxRow{Org: "org", Record: "note-c1", Left: true})
			return err
		},
		func(tx server.Tx) error {
			f := tx.(casework.Facts)
			if err := f.PutRootUnit(casework.RootUnit{Org: "org", Root: "root", Record: "case", Unit: "norr"}); err != nil {
				return err
			}
			return f.PutAssignments("org", "root", "visit", []casework.Assignment{{Person: "kim", Planned: 10}})
		},
	} {
		must(t, db.Write(f))
	}
	must(t, db.PutSetting("a", []byte("first")))
	must(t, db.PutSetting("a", []byte("second")))
	must(t, db.PutProposal("p", "org", "kim", now, []byte("list")))
	must(t, db.PutSession(casework.Session{Hash: []byte("h"), Person: "kim", Device: "phone", Made: now, Seen: now, Expires: now.Add(time.Hour)}))
	must(t, db.PutInvitation(casework.Invitation{Kind: "link", Handle: "i", Hash: []byte("h"), Person: "kim", Made: now, Expires: now.Add(time.Hour)}))
	must(t, db.PutSubscription(casework.Subscription{Person: "kim", Device: "phone", Endpoint: "https://push.example/1", Made: now}))
	must(t, db.PutPush("alert", "org", "kim", now))
	must(t, db.PutDevice(casework.Device{Person: "kim", ID: "phone", Locker: "l", Made: now, Seen: now, Wraps: []byte(`[]`)}))
	must(t, db.Audit(audit.Entry{At: 1, Person: "kim", Device: "phone", Action: audit.Read, Org: "org", Root: "root"}))
	v, err := db.Verify()
	must(t, err)
	must(t, db.Close())
	return dir, v.Head
}

// behind does something to the database as somebody with the file alone could:
// without the program, its triggers, or its keys.
func behind(t *testing.T, dir string, statements ...string) {
	t.Helper()
	raw, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "bokvar.db"))
	must(t, err)
	raw.SetMaxOpenConns(1)
	for _, s := range statements {
		result, err := raw.Exec(s)
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		if n, _ := result.RowsAffected(); n == 0 && !strings.HasPrefix(s, "DROP") && !strings.HasPrefix(s, "CREATE") {
			t.Fatalf("%s: changed nothing", s)
		}
	}
	must(t, raw.Close())
}

func copied(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	must(t, os.CopyFS(to, os.DirFS(dir)))
	return to
}

// TestVerifyFindsWhateverWasDoneBehindItsBack changes, takes out, adds and puts
// back rows of every table, one thing at a time.
func TestVerifyFindsWhateverWasDoneBehindItsBack(t *testing.T) {
	dir, _ := lived(t)
	db := open(t, copied(t, dir), 0)
	if _, err := db.Verify(); err != nil {
		t.Fatalf("an untouched folder: %v", err)
	}
	tried := 0
	try := func(want string, statements ...string) {
		t.Helper()
		tried++
		to := copied(t, dir)
		behind(t, to, statements...)
		db, err := Open(Options{Dir: to})
		if err != nil {
			return // not even the start went well
		}
		defer db.Close()
		if _, err := db.Verify(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: verify says %v; want %q in it", strings.Join(statements, "; "), err, want)
		}
	}
	const dropCommits, dropAudit, dropPayload = `DROP TRIGGER commits_stay`, `DROP TRIGGER audit_stays`, `DROP TRIGGER payload_stays`
	for _, set := range []string{"person = 'alva'", "device = 'x'", "hash = x'00'", "receipt = replace(receipt, 'saved', 'hel d')", "records = 'x'", "sealed = zeroblob(60)", "sealed = NULL", "root = 'x'"} {
		try("broken here", dropCommits, `UPDATE commits SET `+set+` WHERE id = 'c1'`)
	}
	try("broken here", dropCommits, `UPDATE commits SET sealed = zeroblob(60) WHERE id = 'c2'`) // held
	try("broken here", dropCommits, `UPDATE commits SET sealed = zeroblob(60) WHERE id = 'c3'`) // refused
	try("broken here", `DROP TRIGGER commits_keep`, `DELETE FROM commits WHERE id = 'c1'`)
	try("broken here", `DROP TRIGGER commits_keep`, `DELETE FROM commits WHERE id = 'c4'`)
	try("not in the audit log", `INSERT INTO commits (org, id, person, device, hash, receipt) VALUES ('org', 'new', 'kim', 'd', x'00', '{}')`)
	for _, set := range []string{"root = 'x'", "records = 'x'", "sealed = x''", "sealed = zeroblob(60)", "org = 'x'"} {
		try("broken here", dropPayload, `UPDATE payload SET `+set)
	}
	try("broken here", `DROP TRIGGER payload_keeps`, `DELETE FROM payload`)
	try("not in the audit log", `INSERT INTO payload VALUES ('org', 'c4', 'root', '', zeroblob(60))`)
	for _, set := range []string{"at = 2", "person = 'x'", "device = 'x'", "action = 'x'", "org = 'x'", "what = 'x'", "root = 'x'", "evidence = x'00'", "hash = zeroblob(32)"} {
		try("audit: row 3", dropAudit, `UPDATE audit SET `+set+` WHERE row = 3`)
	}
	try("audit: row 3", `DROP TRIGGER audit_keeps`, `DELETE FROM audit WHERE row = 3`)
	try("", `DROP TRIGGER audit_keeps`, `DELETE FROM audit WHERE row = (SELECT MAX(row) FROM audit)`)
	try("", `INSERT INTO audit (at, person, device, action, org, what, hash) VALUES (1, 'x', '', 'read', 'org', '', zeroblob(32))`)

	try("", `UPDATE record SET sealed = zeroblob(60) WHERE id = 'note-c2'`)
	try("", `UPDATE record SET kind = 'concern' WHERE id = 'note-c2'`)
	try("the table record", `DELETE FROM record WHERE id = 'note-c2'`)
	for table, set := range map[string][]string{
		"inbox": {"seq = seq + 100", "gone = 1 - gone", "hash = zeroblob(16)", "person = 'x'"}, "counter": {"number = 0", "epoch = 9", "scope_day = 'x'"},
		"root_unit": {"unit = 'söder'", "closed = 7"}, "assignment": {"person = 'x'", "until = 7"}, "organisation": {"kind = 'operator'"},
		"member": {"role = 'coordinator'", "active = 0", "units = '[]'"}, "invitation": {"tries = 0, used = 0, expires = 1"}, "session": {"person = 'kim', expires = 1"},
		"device": {"sealed = zeroblob(60)", "signing = x'01'", "locker = 'x'"}, "subscription": {"device = 'x'"}, "push": {"outcome = 'seen'"}, "proposal": {"made = 1"},
	} {
		for _, one := range set {
			try("the table "+table, `UPDATE `+table+` SET `+one)
		}
		try("", `DELETE FROM `+table)
	}
	try("the table server", `UPDATE server SET value = zeroblob(60) WHERE name = 'setting.a'`)
	try("", `DELETE FROM server WHERE name = 'tally'`)
	try("", `UPDATE server SET value = zeroblob(600) WHERE name = 'tally'`)
	if tried < 60 {
		t.Fatalf("only %d things were tried", tried)
	}
}

// An older row of one table, whole and sealed as it was, is noticed when it is put back.
func TestVerifyFindsWhatWasPutBack(t *testing.T) {
	dir, _ := lived(t)
	old := copied(t, dir)
	db := open(t, dir, 0)
	must(t, db.Write(func(tx server.Tx) error {
		s := note("root", "newer")
		s.ID = "note-c2"
		return tx.PutRecord(s)
	}))
	must(t, db.PutSetting("a", []byte("third")))
	must(t, db.Close())
	for table, where := range map[string]string{"record": "id = 'note-c2'", "server": "name = 'setting.a'"} {
		to := copied(t, dir)
		behind(t, to, `ATTACH '`+filepath.Join(old, "bokvar.db")+`' AS old; INSERT OR REPLACE INTO `+table+` SELECT * FROM old.`+table+` WHERE `+where)
		db, err := Open(Options{Dir: to})
		must(t, err)
		if _, err := db.Verify(); err == nil || !strings.Contains(err.Error(), "the table "+table) {
			t.Errorf("an older row of %s was put back, and verify says %v", table, err)
		}
		must(t, db.Close())
	}
}

// A whole older database is only told from the newest by a head that was printed.
func TestAPrintedHeadProvesThatNothingBeforeItWasTouched(t *testing.T) {
	dir, printed := lived(t)
	old := copied(t, dir)
	head, err := audit.ParseHead(printed)
	must(t, err)
	db := open(t, dir, 0)
	for range 3 {
		must(t, db.Audit(audit.Entry{At: 2, Person: "kim", Action: audit.Read, Org: "org", Root: "root"}))
	}
	v, err := db.Verify(head)
	must(t, err)
	newer, err := audit.ParseHead(v.Head)
	must(t, err)
	if _, err := open(t, old, 0).Verify(newer); err == nil || !strings.Contains(err.Error(), "its end is missing") {
		t.Errorf("an older database passes for the newest: %v", err)
	}
	head.Hash[0] ^= 1
	if _, err := db.Verify(head); err == nil {
		t.Error("a log that was written anew is not noticed")
	}
}

func TestLogAndCommitsAreOnlyEverAddedTo(t *testing.T) {
	dir, _ := lived(t)
	raw, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "bokvar.db"))
	must(t, err)
	defer raw.Close()
	for _, s := range []string{`UPDATE audit SET what = 'x'`, `DELETE FROM audit`, `DELETE FROM commits`, `UPDATE commits SET receipt = 'x'`,
		`UPDATE commits SET sealed = x'00'`, `DELETE FROM payload`, `UPDATE payload SET sealed = x'00'`} {
		if _, err := raw.Exec(s); err == nil {
			t.Errorf("%s: done", s)
		}
	}
}

// A start that was cut short after the migration counts at the next start.
func TestTablesAreCountedAfterAMigrationThatWasCutShort(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 0)
	must(t, db.Close())
	behind(t, dir, `DROP TRIGGER audit_keeps`, `DELETE FROM audit`, `DELETE FROM server WHERE name = 'tally'`)
	if _, err := open(t, dir, 0).Verify(); err != nil {
		t.Error(err)
	}
}

// What else the program does meanwhile is neither missed nor taken for a fault.
func TestVerifyBesideWriters(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	town(t, db)
	stop, done := make(chan struct{}), make(chan error, 1)
	go func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			if err := db.Write(func(tx server.Tx) error { return killCommit(tx, n) }); err != nil {
				done <- err
				return
			}
		}
	}()
	for range 30 {
		if _, err := db.Verify(); err != nil {
			t.Error(err)
			break
		}
	}
	close(stop)
	must(t, <-done)
}
