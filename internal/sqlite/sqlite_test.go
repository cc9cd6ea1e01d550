package sqlite

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

func open(t testing.TB, dir string, maxPages int) *DB {
	t.Helper()
	db, err := Open(Options{Dir: dir, MaxPages: maxPages})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func town(t testing.TB, db *DB) {
	t.Helper()
	must(t, db.PutOrganisation(casework.Organisation{ID: "org", Name: "Sjöbergahem", Kind: casework.Landlord}))
	must(t, db.PutMember(casework.Member{ID: "kim", Org: "org", Name: "Kim Strandvik", Role: casework.Caretaker, Units: []string{"norr"}, Active: true}))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func note(root, text string) *server.State {
	value, _ := json.Marshal(text)
	return &server.State{Org: "org", ID: uuid.NewString(), Kind: "note", Root: root,
		Fields: map[string]server.Field{"text": {Value: value, Version: 1, By: "kim"}}}
}

func TestContentIsNowhereInClear(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 0)
	town(t, db)
	secret := "kanariefågel i köket"
	must(t, db.Write(func(tx server.Tx) error {
		if err := tx.PutRecord(note("root", secret)); err != nil {
			return err
		}
		payload, _ := json.Marshal(secret)
		return tx.PutCommit(&server.Kept{Author: server.Author{Person: "kim", Org: "org"}, Receipt: wire.Receipt{Commit: "c1", Status: wire.Saved},
			Roots: []server.RootPayload{{Org: "org", Root: "root", Payload: payload}}})
	}))
	must(t, db.PutProposal("p", "org", "kim", time.Now(), []byte(secret)))
	must(t, db.PutSetting("vapid", []byte(secret)))
	must(t, db.Close())
	looked := 0
	must(t, filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		looked++
		all, err := os.ReadFile(path)
		if bytes.Contains(all, []byte("kanarie")) {
			t.Errorf("%s holds it in clear", filepath.Base(path))
		}
		return err
	}))
	if looked < 3 {
		t.Fatalf("only %d files were looked at", looked)
	}
}

func TestSavepointTakesItsAuditRowsWithIt(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	town(t, db)
	kept := func(id string) *server.Kept {
		return &server.Kept{Author: server.Author{Person: "kim", Org: "org"}, Receipt: wire.Receipt{Commit: id, Status: wire.Saved}}
	}
	stop := errors.New("stop")
	must(t, db.Write(func(tx server.Tx) error {
		must(t, tx.PutCommit(kept("one")))
		err := tx.Savepoint(func() error {
			must(t, tx.PutCommit(kept("undone")))
			return stop
		})
		if !errors.Is(err, stop) {
			t.Errorf("the savepoint says %v", err)
		}
		return tx.PutCommit(kept("two"))
	}))
	v, err := db.Verify()
	must(t, err)
	if v.AuditRows != 3 || v.Commits != 2 { // the first says that the tables were counted
		t.Errorf("%+v: the undone commit left something", v)
	}
}

func TestDiskFullThenRoom(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 90)
	town(t, db)
	var err error
	written := 0
	for ; err == nil && written < 10_000; written++ {
		err = db.Write(func(tx server.Tx) error { return tx.PutRecord(note("root", string(bytes.Repeat([]byte("x"), 4000)))) })
	}
	if !errors.Is(err, server.ErrDiskFull) {
		t.Fatalf("a full disk says %v after %d", err, written)
	}
	if _, err := db.writer.Exec("PRAGMA max_page_count=100000"); err != nil {
		t.Fatal(err)
	}
	must(t, db.Write(func(tx server.Tx) error { return tx.PutRecord(note("root", "there is room again")) }))
	v, err := db.Verify()
	must(t, err)
	if v.Records != int64(written) { // the one that failed is not there, the one after is
		t.Errorf("%d records instead of %d", v.Records, written)
	}
}

func TestOptionsReachEveryConnection(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	for query, want := range map[string]string{"PRAGMA journal_mode": "wal", "PRAGMA synchronous": "2", "PRAGMA foreign_keys": "1", "PRAGMA secure_delete": "1"} {
		var got string
		must(t, db.writer.QueryRow(query).Scan(&got))
		if got != want {
			t.Errorf("%s is %s, not %s", query, got, want)
		}
	}
	if _, err := db.reader.Exec(`DELETE FROM audit`); err == nil {
		t.Error("a reader can write")
	}
}

func TestInvitationIsTakenOnce(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	town(t, db)
	now := time.Now()
	put := func(handle string) {
		must(t, db.PutInvitation(casework.Invitation{Kind: "code", Handle: handle, Hash: []byte("h"), Person: "kim", Made: now, Expires: now.Add(time.Hour)}))
	}
	yes, no := func(casework.Invitation) bool { return true }, func(casework.Invitation) bool { return false }
	put("A")
	again := db.PutInvitation(casework.Invitation{Kind: "code", Handle: "A", Hash: []byte("other"), Person: "alva", Made: now, Expires: now.Add(time.Hour)})
	if !errors.Is(again, casework.ErrHandleTaken) {
		t.Errorf("a second invitation with the same handle: %v", again)
	}
	for i, want := range []bool{true, false} {
		got, err := db.TakeInvitation("code", "A", yes, now)
		must(t, err)
		if (got != nil) != want {
			t.Errorf("try %d gives %v", i, got)
		}
	}
	put("B")
	for range maxTries {
		if got, err := db.TakeInvitation("code", "B", no, now); err != nil || got != nil {
			t.Fatalf("a wrong secret gives %v, %v", got, err)
		}
	}
	if got, _ := db.TakeInvitation("code", "B", yes, now); got != nil {
		t.Error("a code is alive after ten wrong tries")
	}
	put("C")
	if got, _ := db.TakeInvitation("code", "C", yes, now.Add(2*time.Hour)); got != nil {
		t.Error("an expired code is alive")
	}
}

func TestDevices(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 0)
	town(t, db)
	made := time.UnixMilli(1_700_000_000_000)
	d := casework.Device{Person: "kim", ID: "phone", Locker: "l1", Name: "Chromium", Made: made, Seen: made, Wraps: []byte(`[{"salt":"S4LT"}]`), Verifier: []byte("VERIFIER"), Passkeys: []byte(`[{"id":"P4SSKEY"}]`)}
	must(t, db.PutDevice(d))
	must(t, db.SetSigning("kim", "phone", []byte("SPKI")))
	d.Name, d.Wraps, d.Seen = "Firefox", []byte(`[{"salt":"0TH3R"}]`), made.Add(time.Hour)
	must(t, db.PutDevice(d)) // changed: the signing key stays
	must(t, db.Close())
	for _, name := range []string{"bokvar.db", "bokvar.db-wal"} {
		file, _ := os.ReadFile(filepath.Join(dir, name)) // a log may be gone
		for _, secret := range []string{"S4LT", "0TH3R", "VERIFIER", "P4SSKEY"} {
			if bytes.Contains(file, []byte(secret)) {
				t.Errorf("%s holds %s in clear", name, secret)
			}
		}
	}
	db = open(t, dir, 0)
	for _, find := range []func() (*casework.Device, error){
		func() (*casework.Device, error) { return db.FindDevice("kim", "phone") },
		func() (*casework.Device, error) { return db.FindLocker("l1") },
	} {
		got, err := find()
		must(t, err)
		d.Signing, d.State = []byte("SPKI"), casework.DeviceActive
		if !reflect.DeepEqual(got, &d) {
			t.Errorf("%+v; want %+v", got, d)
		}
	}
	if got, err := db.FindLocker("l2"); got != nil || err != nil {
		t.Errorf("%v %v", got, err)
	}
	if err := db.PutDevice(casework.Device{Person: "kim", ID: "other", Locker: "l1", Made: made, Seen: made}); err == nil {
		t.Error("two devices have one locker")
	}
}

// A device that comes back as it was before is found, however its clock stands; an
// answer that was lost, a forgotten number and a restored server are no such thing.
func TestADeviceThatWasPutBack(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	town(t, db)
	at := time.UnixMilli(1_700_000_000_000)
	must(t, db.PutDevice(casework.Device{Person: "kim", ID: "phone", Locker: "l1", Made: at, Seen: at, Wraps: []byte(`[]`)}))
	for i, each := range []struct {
		brought, next int64
		rolled        bool
	}{{0, 1, false}, {1, 2, false}, {2, 3, false}, {2, 3, false}, {3, 4, false}, {0, 4, false}, {4, 5, false}, {3, 5, true}, {1, 5, true}, {5, 6, false}, {9, 10, false}, {10, 11, false}} {
		next, rolled, err := db.Turn("kim", "phone", each.brought, at.Add(time.Duration(i)*time.Hour))
		if err != nil || next != each.next || rolled != each.rolled {
			t.Errorf("%d: brought %d: %d %v %v", i, each.brought, next, rolled, err)
		}
	}
	d, err := db.FindLocker("l1")
	must(t, err)
	if !d.Rollback.Equal(at.Add(8 * time.Hour)) {
		t.Errorf("found at %s", d.Rollback)
	}
	if next, rolled, err := db.Turn("kim", "unknown", 3, at); next != 0 || rolled || err != nil {
		t.Errorf("%d %v %v", next, rolled, err)
	}
}

// A device that was lost stays lost, whatever it writes of itself.
func TestALostDevice(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 0)
	town(t, db)
	at := time.UnixMilli(1_700_000_000_000)
	d := casework.Device{Person: "kim", ID: "phone", Locker: "l1", Made: at, Seen: at, Wraps: []byte(`[{"salt":"S4LT"}]`), Verifier: []byte("v")}
	must(t, db.PutDevice(d))
	must(t, db.SetSigning("kim", "phone", []byte("SPKI")))
	for _, each := range []struct{ hash, device string }{{"h1", "phone"}, {"h2", "phone"}, {"h3", "desk"}} {
		must(t, db.PutSession(casework.Session{Hash: []byte(each.hash), Person: "kim", Device: each.device, Made: at, Seen: at, Expires: at.Add(time.Hour)}))
	}
	if s, err := db.FindSession([]byte("h1")); err != nil || s.State != casework.DeviceActive {
		t.Errorf("%+v %v", s, err)
	}
	if s, err := db.FindSession([]byte("h3")); err != nil || s.State != "" {
		t.Errorf("a device without a vault: %+v %v", s, err)
	}
	if moved, err := db.SetDeviceState("kim", "phone", casework.DeviceWiped, at, casework.DeviceWipe, casework.DeviceBlocked); moved || err != nil {
		t.Errorf("moved from a state that it is not in: %v", err)
	}
	if moved, err := db.SetDeviceState("kim", "phone", casework.DeviceWipe, at, casework.DeviceBlocked, casework.DeviceActive); !moved || err != nil {
		t.Errorf("not moved: %v", err)
	}
	must(t, db.NoteContacts([]casework.Contact{{Person: "kim", Device: "phone", At: at.Add(time.Minute), App: "1.2", Unsent: 3}, {Person: "kim", Device: "unknown"}}))
	must(t, db.PutDevice(d))
	if s, err := db.FindSession([]byte("h1")); err != nil || s.State != casework.DeviceWipe {
		t.Errorf("%+v %v", s, err)
	}
	must(t, db.EndSessionsOn("kim", "phone"))
	for hash, there := range map[string]bool{"h1": false, "h2": false, "h3": true} {
		if s, err := db.FindSession([]byte(hash)); err != nil || (s != nil) != there {
			t.Errorf("%s: %+v %v", hash, s, err)
		}
	}
	must(t, db.ForgetWraps("kim", "phone"))
	must(t, db.Close())
	db = open(t, dir, 0)
	got, err := db.FindLocker("l1")
	must(t, err)
	if got.State != casework.DeviceWipe || !got.Since.Equal(at) || string(got.Wraps) != `[]` || got.Verifier != nil || got.Signing != nil || got.Unsent != 3 || got.App != "1.2" {
		t.Errorf("%+v", got)
	}
	for org, want := range map[string]int{"org": 1, "other": 0} {
		all, err := db.Devices(org, "")
		must(t, err)
		if len(all) != want {
			t.Errorf("%s has %d devices", org, len(all))
		}
	}
	if _, err := db.Verify(); err != nil {
		t.Error(err)
	}
}

func TestBackupOpensWithTheSameKeys(t *testing.T) {
	dir, to := t.TempDir(), t.TempDir()
	db := open(t, dir, 0)
	town(t, db)
	s := note("root", "kvar")
	must(t, db.Write(func(tx server.Tx) error { return tx.PutRecord(s) }))
	must(t, db.Backup(filepath.Join(to, "bokvar.db")))
	must(t, os.CopyFS(filepath.Join(to, "keys"), os.DirFS(filepath.Join(dir, "keys"))))
	must(t, open(t, to, 0).Read(func(tx server.Tx) error {
		got, err := tx.Record("org", s.ID)
		if err != nil || got == nil || string(got.Fields["text"].Value) != `"kvar"` {
			t.Errorf("the backup has %v, %v", got, err)
		}
		return nil
	}))
}

func TestIDsOfAUnitAreThoseOfItsRoots(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	must(t, db.Write(func(tx server.Tx) error {
		f := tx.(casework.Facts)
		for _, u := range []casework.RootUnit{{Root: "r", Record: "case-1"}, {Root: "r", Record: "case-2"}, {Root: "q", Record: "case-3", Closed: 5}, {Root: "p", Record: "case-4", Closed: 1}} {
			u.Org, u.Unit = "org", "norr"
			must(t, f.PutRootUnit(u))
		}
		must(t, f.PutRootUnit(casework.RootUnit{Org: "org", Root: "o", Record: "case-5", Unit: "söder"}))
		must(t, f.PutRootUnit(casework.RootUnit{Org: "other", Root: "r", Record: "case-6", Unit: "norr"}))
		for _, root := range []string{"r", "r", "q", "p", "o"} {
			must(t, tx.PutRecord(note(root, "x")))
		}
		got, err := f.IDsOfUnit("org", "norr", 3)
		must(t, err)
		roots, err := f.RootsOfUnit("org", "norr", 3)
		must(t, err)
		want := map[string][]string{}
		for _, root := range roots {
			if want[root], err = f.IDsOf("org", root); err != nil {
				return err
			}
		}
		for root := range got {
			slices.Sort(got[root])
			slices.Sort(want[root])
		}
		if !reflect.DeepEqual(got, want) || len(got["r"]) != 2 || len(got["q"]) != 1 || len(got) != 2 {
			t.Errorf("%v, want %v", got, want)
		}
		return nil
	}))
}

func TestARoomIsUntoldUntilItsLastShutting(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	room := casework.Room{ID: "r", Landlord: casework.Side{Org: "hem", Root: "h", Case: "c"}, Social: casework.Side{Org: "soc", Root: "s"}}
	untold := func() (epochs []int64) {
		t.Helper()
		must(t, db.Facts(func(f casework.Facts) error {
			list, err := f.RoomsUntold()
			for _, u := range list {
				if u.ID != "r" || u.Landlord != room.Landlord || u.Social != room.Social {
					t.Errorf("untold: %+v", u)
				}
				epochs = append(epochs, u.Epoch)
			}
			return err
		}))
		return epochs
	}
	write := func(f func(casework.Facts) error) {
		t.Helper()
		must(t, db.Write(func(tx server.Tx) error { return f(tx.(casework.Facts)) }))
	}
	shut := func(f casework.Facts) error { return f.ShutRoom("r", nil) }
	write(func(f casework.Facts) error { return f.PutRoom(room) })
	if got := untold(); got != nil {
		t.Errorf("never shut: %v", got)
	}
	write(shut)
	write(shut)
	if got := untold(); !slices.Equal(got, []int64{2}) {
		t.Errorf("shut twice: %v", got)
	}
	write(func(f casework.Facts) error { return f.RoomTold(casework.UntoldRoom{Room: room, Epoch: 1}) })
	if got := untold(); !slices.Equal(got, []int64{2}) {
		t.Errorf("told of the first: %v", got)
	}
	write(func(f casework.Facts) error { return f.RoomTold(casework.UntoldRoom{Room: room, Epoch: 2}) })
	if got := untold(); got != nil {
		t.Errorf("told: %v", got)
	}
}

func TestFactsAreReplacedNotAdded(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	must(t, db.Write(func(tx server.Tx) error {
		f := tx.(casework.Facts)
		must(t, f.PutRootUnit(casework.RootUnit{Org: "org", Root: "r", Record: "case", Unit: "norr"}))
		must(t, f.PutRootUnit(casework.RootUnit{Org: "org", Root: "r", Record: "case", Unit: "söder", Closed: 5}))
		units, err := f.RootUnits("org", "r")
		must(t, err)
		if len(units) != 1 || units[0].Unit != "söder" {
			t.Errorf("units: %+v", units)
		}
		for closedAfter, want := range map[int64]int{4: 1, 5: 0} {
			if roots, _ := f.RootsOfUnit("org", "söder", closedAfter); len(roots) != want {
				t.Errorf("closed after %d: %v", closedAfter, roots)
			}
		}
		must(t, f.PutAssignments("org", "r", "visit", []casework.Assignment{{Person: "kim", Planned: 10}, {Person: "alva", Planned: 10}}))
		must(t, f.PutAssignments("org", "r", "visit", []casework.Assignment{{Person: "kim", Planned: 20}}))
		as, err := f.Assignments("org", "r")
		must(t, err)
		if len(as) != 1 || as[0].Planned != 20 {
			t.Errorf("assignments: %+v", as)
		}
		for from, want := range map[int64]int{15: 1, 21: 0} {
			if roots, _ := f.RootsOfPerson("kim", from, 30); len(roots) != want {
				t.Errorf("planned from %d: %v", from, roots)
			}
		}
		return nil
	}))
}

// BenchmarkCommit writes the rows of one note's commit, fifty commits a transaction.
func BenchmarkCommit(b *testing.B) {
	db := open(b, b.TempDir(), 0)
	text := string(bytes.Repeat([]byte("a"), 1000))
	for i := 0; i < b.N; i += 50 {
		must(b, db.Write(func(tx server.Tx) error {
			for range 50 {
				err := tx.Savepoint(func() error {
					s := note("root", text)
					if err := tx.PutRecord(s); err != nil {
						return err
					}
					for _, person := range []string{"kim", "jonna"} {
						if _, err := tx.PutInbox(person, server.InboxRow{Org: "org", Record: s.ID}); err != nil {
							return err
						}
					}
					return tx.PutCommit(&server.Kept{Author: server.Author{Person: "kim", Org: "org"}, Receipt: wire.Receipt{Commit: uuid.NewString(), Status: wire.Saved},
						Roots: []server.RootPayload{{Org: "org", Root: "root", Payload: []byte(text), Records: []string{s.ID}}}})
				})
				if err != nil {
					return err
				}
			}
			return nil
		}))
	}
}
