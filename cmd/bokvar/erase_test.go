package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/internal/office"
	"bokvar/sync/wire"
)

// closeCases closes every case of some households, and returns their roots.
func closeCases(t *testing.T, o *core, n int) (roots []string) {
	t.Helper()
	var changes []casework.HouseChange
	err := o.db.Facts(func(f casework.Facts) error {
		cases, err := f.RecordsOfKind(demo.Landlord, "case")
		if err != nil {
			return err
		}
		seen := map[string]bool{}
		for _, c := range cases {
			if seen[c.Root] || len(seen) < n {
				if !seen[c.Root] {
					roots = append(roots, c.Root)
				}
				seen[c.Root] = true
				changes = append(changes, casework.HouseChange{Kind: "case", Record: c.ID, Fields: map[string]any{"status": "closed", "closed_because": "solved"}})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := (houseWriter{o.engine}).Write(demo.Landlord, "", changes); err != nil {
		t.Fatal(err)
	}
	return roots
}

// What has ended goes when its day has come: not before, not while it is held, and
// only as many files as the plan said.
func TestErasureOnSchedule(t *testing.T) {
	c := defaults()
	c.Data = town(t)
	o, err := openCore(c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.close() }()
	roots := closeCases(t, o, 3)
	now := time.Now()
	at := func(days int) { o.clock = func() time.Time { return now.AddDate(0, 0, days) } }
	due := func() int {
		t.Helper()
		plan, err := planErasure(o, demo.Landlord)
		if err != nil {
			t.Fatal(err)
		}
		return len(plan.due())
	}
	at(4000)
	if n := due(); n != 0 {
		t.Errorf("%d files are due though nobody has said how long they are kept", n)
	}
	if _, err := keep(o, keepArgs{demo.Landlord, office.Retention{Case: 730}}); err != nil {
		t.Fatal(err)
	}
	at(729)
	if n := due(); n != 0 {
		t.Errorf("%d files are due a day early", n)
	}
	at(731)
	if n := due(); n != 3 {
		t.Fatalf("%d files are due; want the three with no open case", n)
	}
	if _, err := holdFile(o, runArgs{Org: demo.Landlord, Root: roots[0], Why: "a trial"}); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []runArgs{{Org: demo.Landlord, Count: 3}, {Org: demo.Landlord}, {Org: demo.Landlord, Root: roots[0], Why: "x"}, {Org: demo.Landlord, Root: "none", Why: "x"}, {Org: "none", Count: 0}} {
		if done, err := runErasure(o, wrong); err == nil || len(done) > 0 {
			t.Errorf("%+v was done: %v", wrong, done)
		}
	}
	if err := o.copyKeys(); err != nil { // today's copy still holds the keys
		t.Fatal(err)
	}
	done, err := runErasure(o, runArgs{Org: demo.Landlord, Count: 2})
	if err != nil || len(done) != 2 || done[0].Records < 2 || done[0].CopiesUntil != casework.AddDays(o.today(), 14) {
		t.Errorf("%+v, %v", done, err)
	}
	if v, err := o.db.Verify(); err != nil || v.Erased == 0 {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := releaseFile(o, runArgs{Org: demo.Landlord, Root: roots[0]}); err != nil {
		t.Fatal(err)
	}
	if n := due(); n != 1 {
		t.Errorf("%d files are due after the hold was lifted; want 1", n)
	}
}

// What somebody decides about erasure, and does, is in the log once, with who and on
// which device; what a command does is there as that.
func TestErasureIsLoggedWithWhoAndWhere(t *testing.T) {
	c := defaults()
	c.Addr, c.Data, c.demo = "127.0.0.1:0", town(t), true
	p, err := New(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	later := time.Now().AddDate(0, 0, 731)
	p.core.clock = func() time.Time { return later }
	r := runs(t, p)
	roots := closeCases(t, r.core, 3)
	eva := r.enrol("eva")
	does := func(method, path string, body any) {
		t.Helper()
		if status, answer := eva.do(method, path, body); status >= 300 {
			t.Fatalf("%s %s: %d %s", method, path, status, answer)
		}
	}
	does("PUT", "/api/erasure/keep", map[string]int{"case": 730})
	does("PUT", "/api/erasure/holds/"+roots[0], map[string]string{"why": "Tvist om skulden"})
	does("PUT", "/api/erasure/holds/"+roots[1], map[string]string{"why": "Tvist om skulden"})
	does("DELETE", "/api/erasure/holds/"+roots[0], nil)
	does("POST", "/api/erasure/run", map[string]int{"count": 2})
	if _, err := releaseFile(r.core, runArgs{Org: demo.Landlord, Root: roots[1]}); err != nil {
		t.Fatal(err)
	}
	if _, err := runErasure(r.core, runArgs{Org: demo.Landlord, Count: 1}); err != nil {
		t.Fatal(err)
	}
	rows := landlordLog(r)
	for _, root := range roots {
		of, err := r.core.db.LogOfCase(demo.Landlord, root, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, of...)
	}
	said := map[string]int{}
	for _, row := range rows {
		if row.Action == audit.Erase || row.Action == audit.Hold || strings.HasPrefix(row.What, "kept: ") {
			what, _, _ := strings.Cut(row.What, " days")
			said[strings.Join([]string{row.Action, what, row.Person, row.Device}, "; ")]++
		}
	}
	by := "; eva; " + eva.id
	want := map[string]int{
		"administer; kept: cases 730" + by: 1, "hold; held" + by: 2, "hold; released" + by: 1,
		"erase; certificate 1" + by: 1, "erase; certificate 2" + by: 1, "erase; 2 files erased" + by: 1,
		"hold; released; ; console": 1, "erase; certificate 3; console; console": 1, "erase; 1 files erased; ; console": 1,
	}
	if !maps.Equal(said, want) {
		t.Errorf("the log says %v; want %v", said, want)
	}
}

// One file is erased at once: the phone that carries it is told, the
// certificate proves it, and nothing else is gone.
func TestErasureAtOnceReachesThePhone(t *testing.T) {
	data := town(t)
	r := start(t, data)
	waitForControl(t, data)
	kim := r.signIn("kim").connect()
	root, held := kim.carriedRoot(), len(kim.held)
	out, _ := do(t, 0, "erase", "run", "-data", data, "-org", demo.Landlord, "-root", root, "-why", "decision 12/2026")
	if !strings.Contains(out, "certificate 1: "+root) {
		t.Error(out)
	}
	for kim.held[root].ID != "" {
		kim.take(hear[*wire.Page](kim))
	}
	if len(kim.held) >= held {
		t.Errorf("the phone held %d records and holds %d", held, len(kim.held))
	}
	out, _ = do(t, 0, "erase", "certificate", "-data", data, "-number", "1")
	checkCertificate(t, out)
	out, _ = do(t, 0, "erase", "plan", "-data", data, "-org", demo.Landlord)
	if !strings.Contains(out, "0 are due today") {
		t.Error(out)
	}
	do(t, 0, "verify", "-data", data)
	do(t, 1, "erase", "certificate", "-data", data, "-number", "2")
	do(t, 2, "erase", "run", "-data", data, "-org", demo.Landlord, "-root", root)
	do(t, 2, "erase", "hold", "-data", data, "-org", demo.Landlord, "-root", root)
	if copies, _ := filepath.Glob(filepath.Join(data, "keys", "copies", "*")); len(copies) != 1 {
		t.Errorf("copies: %v", copies)
	}
}

// checkCertificate checks a printed one as anybody could, without Bokvar.
func checkCertificate(t *testing.T, printed string) {
	t.Helper()
	lines := strings.Split(printed, "\n")
	value := func(line string) []byte {
		words := regexp.MustCompile(`\s+`).Split(strings.TrimSpace(line), -1)
		b, err := base64.StdEncoding.DecodeString(words[len(words)-1])
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if len(lines) < 3 || !ed25519.Verify(value(lines[2]), []byte(lines[0]), value(lines[1])) {
		t.Errorf("the signature does not fit:\n%s", printed)
	}
	if !strings.Contains(lines[0], fmt.Sprintf("%q:%q", "reason", "decision 12/2026")) {
		t.Error(lines[0])
	}
}

// What is held keeps all that goes together with it: a withdrawal that was erased while
// its giving is held would open again what it ended.
func TestAHoldKeepsAllThatGoesTogether(t *testing.T) {
	ended := func(root, with string) office.Ended {
		return office.Ended{Root: root, Kind: office.FileConsent, Since: "2026-01-01", Due: "2026-02-01", With: with}
	}
	p := erasurePlan{Today: "2026-03-01", Held: map[string]string{},
		Ended: []office.Ended{ended("giving", "giving"), ended("withdrawal", "giving"), ended("other", "other")}}
	p.hold(map[string]string{"giving": "a trial", "open case": "another"})
	if due := p.due(); len(due) != 1 || due[0].Root != "other" {
		t.Errorf("due: %+v", due)
	}
	if p.Held["withdrawal"] != "a trial" || !p.holds("open case") {
		t.Errorf("held: %v", p.Held)
	}
}

// Nobody erases a withdrawal and leaves what it ended: by a decision, too, all that hangs
// together goes at once, and its number is repeated.
func TestAWithdrawalIsNotErasedAlone(t *testing.T) {
	w := newWallTown(t)
	w.collect("given", nil)
	w.link()
	id := w.withdraw()
	for _, wrong := range []runArgs{{Root: id}, {Root: w.giving}, {Root: id, Count: 1}} {
		wrong.Org, wrong.Why = demo.Social, "decision 12/2026"
		if done, err := runErasure(w.core, wrong); err == nil || len(done) > 0 || !strings.Contains(err.Error(), "-count 2") {
			t.Errorf("%+v was done: %v, %v", wrong, done, err)
		}
	}
	if _, err := holdFile(w.core, runArgs{Org: demo.Social, Root: w.giving, Why: "a trial"}); err != nil {
		t.Fatal(err)
	}
	all := runArgs{Org: demo.Social, Root: id, Why: "decision 12/2026", Count: 2}
	if done, err := runErasure(w.core, all); err == nil || len(done) > 0 {
		t.Errorf("what is held was erased: %v", done)
	}
	if _, err := releaseFile(w.core, all); err == nil {
		t.Error("the withdrawal itself was held")
	}
	if _, err := releaseFile(w.core, runArgs{Org: demo.Social, Root: w.giving}); err != nil {
		t.Fatal(err)
	}
	done, err := runErasure(w.core, all)
	if err != nil || len(done) != 2 || done[0].Root != w.giving || done[1].Root != id {
		t.Errorf("%+v, %v", done, err)
	}
}
