package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/internal/sqlite"
	"bokvar/sync/wire"
)

// rows asks for a page of the log.
func (p *phone) rows(path string) (int, []logRow) {
	p.r.t.Helper()
	req, err := http.NewRequest("GET", p.r.URL+path, nil)
	if err != nil {
		p.r.t.Fatal(err)
	}
	req.Header.Set("Cookie", "bokvar="+p.cookie)
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		p.r.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var rows []logRow
	_ = json.NewDecoder(resp.Body).Decode(&rows) // a refusal is no list
	return resp.StatusCode, rows
}

func actions(rows []logRow) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%s %s %s; ", r.Person, r.Action, r.What)
	}
	return b.String()
}

// carriedRoot is a household that the phone holds.
func (p *phone) carriedRoot() string {
	return p.any("household", func(wire.Record) bool { return true }).ID
}

// What was read on a phone without a network is told later, once, and is shown
// to those whom access.md lets see it and to nobody else.
func TestReadingIsLoggedAndShownToThoseWhoMay(t *testing.T) {
	r := start(t, town(t))
	kim := r.signIn("kim").connect()
	root := kim.carriedRoot()
	readings := map[string]any{"readings": []casework.Reading{
		{Number: 1, Root: root, At: 1_700_000_000_000, Offline: true}, {Number: 2, Root: "not-kims", At: 1}, {Number: 3, Root: root, At: 1_700_000_100_000},
	}}
	for range 2 { // telling it twice changes nothing
		if status, answer, _ := r.ask("POST", "/api/readings", kim.cookie, readings); status != 204 {
			t.Fatalf("%d %v", status, answer)
		}
	}
	seen := map[string]int{}
	for _, m := range demo.Members {
		who := r.signIn(m.ID)
		status, rows := who.rows("/api/log/" + root)
		seen[fmt.Sprint(m.Role, " ", status)]++
		if status != 200 {
			if other, _ := who.rows("/api/log/no-such-root"); other != status {
				t.Errorf("%s: not there is %d, not theirs is %d", m.ID, other, status)
			}
			continue
		}
		if all := actions(rows); strings.Count(all, "kim read_offline device clock 2023-11-14T22:13:20Z") != 1 || strings.Count(all, "kim read device clock") != 1 {
			t.Errorf("%s sees %s", m.ID, all)
		}
	}
	if len(seen) < 8 || seen["landlord_manager 200"] != 1 {
		t.Errorf("seen: %v", seen)
	}
	for what := range seen {
		if strings.HasSuffix(what, "200") && what != "landlord_manager 200" {
			t.Errorf("%s, but only the landlord's manager may", what)
		}
	}
	if _, err := r.core.db.Verify(); err != nil {
		t.Error(err)
	}
}

// What one organisation opens of what the other has shared is in both logs: in the
// reader's own with their name, in the owner's with the organisation's alone.
func TestWhatIsReadAcrossTheWallIsInItsOwnersLog(t *testing.T) {
	w := newWallTown(t)
	w.collect("given", nil)
	w.link()
	jonna := w.enter("jonna").connect()
	home := text(w.theirs, "household")
	tell := func(number int64, offline bool) {
		if status, answer, _ := w.ask("POST", "/api/readings", jonna.cookie, map[string]any{"readings": []casework.Reading{{Number: number, Root: home, At: 1_700_000_000_000, Offline: offline, Shared: true}}}); status != 204 {
			t.Fatalf("%d %v", status, answer)
		}
	}
	tell(1, false)
	w.withdraw()
	tell(2, false) // the screen is empty by now
	tell(3, true)  // read before, in the basement
	for root, want := range map[string]map[string]int{
		home:        {"jonna read device clock 2023-11-14T22:13:20Z; ground own-unit; ": 2, "jonna read_offline device clock 2023-11-14T22:13:20Z; ground own-unit; ": 1},
		w.household: {" read device clock 2023-11-14T22:13:20Z; ground consent " + day(0) + "; org " + demo.Landlord: 1, " read_offline device clock 2023-11-14T22:13:20Z; ground was-open; org " + demo.Landlord: 1},
	} {
		role := casework.LandlordManager
		if root == w.household {
			role = casework.SocialManager
		}
		_, rows := w.enter(memberWith(role)).rows("/api/log/" + root)
		all := actions(rows)
		for words, count := range want {
			if strings.Count(all, words) != count {
				t.Errorf("%q is there %d times; want %d: %s", words, strings.Count(all, words), count, all)
			}
		}
		named := 0
		for _, row := range rows {
			if row.Org == "Sjöbergahem" {
				named++
				if row.Person != "" || row.Device != "" {
					t.Errorf("social services are told who read: %+v", row)
				}
			}
		}
		if (named == 2) != (root == w.household) {
			t.Errorf("%d rows name the landlord", named)
		}
	}
	told, err := extractFile(w.core, extractArgs{Org: demo.Social, Root: w.household, As: memberWith(casework.SocialManager)})
	if err != nil || !strings.Contains(told, "Sjöbergahem  öppnade, genom samtycket från "+day(0)) || !strings.Contains(told, "Sjöbergahem  öppnade utan nät, medan det var öppet för dem") {
		t.Errorf("%v: %s", err, told)
	}
}

// Sign-ins, denials, commands and exports are in the organisation's own log.
func TestOrganisationsLog(t *testing.T) {
	data := town(t)
	r := start(t, data)
	kim := r.signIn("kim")
	r.ask("GET", "/api/imports", kim.cookie, nil) // not in a caretaker's role
	for range 20 {
		r.ask("POST", "/api/session", "", map[string]string{"code": "AAAA-AAAA", "device": kim.id})
	}
	waitForControl(t, data)
	do(t, 0, "user", "invite", "-data", data, "kim")
	do(t, 0, "export", "-data", data, "-org", demo.Landlord)
	for _, m := range demo.Members {
		status, rows := r.signIn(m.ID).rows("/api/log")
		may := m.Role == casework.LandlordManager || m.Role == casework.SocialManager || m.Role == casework.Administrator
		if may != (status == 200) {
			t.Errorf("%s (%s): %d", m.ID, m.Role, status)
		}
		all := actions(rows)
		for _, want := range []string{"kim sign_in ", "kim denied GET /api/imports", " administer invitation of kim", " export as "} {
			if may && strings.Contains(all, want) != (m.Org == demo.Landlord) {
				t.Errorf("%s of %s sees %q: %v", m.ID, m.Org, want, strings.Contains(all, want))
			}
		}
	}
	denied := 0
	for _, row := range everything(t, r.core.db) {
		if row.Action == audit.Denied && row.What == "sign_in" {
			denied++
		}
	}
	if denied != 1 {
		t.Errorf("twenty wrong codes within a minute are %d rows; want 1", denied)
	}
	status, rows := r.signIn("kim").rows("/api/log?person=kim")
	if status != 403 || rows != nil {
		t.Errorf("kim sees %d rows (%d)", len(rows), status)
	}
}

// Ten thousand wrong passphrases of a phone, of a phone that is not there, and as many
// wrong codes: all of them are in the log, counted, in a few rows; nobody else is kept out.
func TestTenThousandWrongAreCountedInTheLog(t *testing.T) {
	c := defaults()
	c.Data = town(t)
	o, err := openCore(c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.close() }()
	now := time.Now()
	o.clock = func() time.Time { return now }
	b := &book{core: o}
	d := door{Service: o.accounts, core: o, book: b}
	secret := func(n byte) string { return base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{n}, 32)) }
	enrolled := func(person, locker string) {
		t.Helper()
		l, err := o.invite(person)
		if err != nil {
			t.Fatal(err)
		}
		cookie, err := d.Redeem(l.Token, "", uuid.NewString(), "127.0.0.1")
		if err != nil {
			t.Fatal(err)
		}
		_, session, err := d.Check(cookie, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Enrol(session, "", casework.Enrolment{Locker: locker, Wraps: json.RawMessage(`[{"by":"passphrase"}]`), Auth: secret(1), Proof: secret(2)}); err != nil {
			t.Fatal(err)
		}
	}
	kim, alva := uuid.NewString(), uuid.NewString()
	enrolled("kim", kim)
	enrolled("alva", alva)

	const tries = 10_000
	for range tries {
		now = now.Add(300 * time.Millisecond) // 50 minutes in all
		for _, locker := range []string{kim, "ffffffff-8c5e-4f0e-9a58-0a9a0a1c2d3e"} {
			if _, err := d.SignInAgain(locker, secret(9), secret(3), "198.51.100.1"); !refusedEntry(err) {
				t.Fatal(err)
			}
		}
		if _, err := d.Redeem("", "AAAA-AAAA", uuid.NewString(), "198.51.100.2"); !refusedEntry(err) {
			t.Fatal(err)
		}
	}
	for range tries { // and as many within a second, before the program ends
		_, _ = d.SignInAgain(kim, secret(9), secret(3), "198.51.100.1")
	}
	if err := b.settle(true); err != nil {
		t.Fatal(err)
	}
	for of, want := range map[[2]string]int{{demo.Landlord, "kim"}: 2 * tries, {"", ""}: 2 * tries} {
		rows, err := o.db.LogOfOrganisation(of[0], of[1], 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		lines, sum := 0, 0
		for _, row := range rows {
			if row.Action != audit.Denied || row.Person != of[1] {
				continue
			}
			lines++
			if row.What == "sign_in" {
				sum++
				continue
			}
			more, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(row.What, "sign_in, "), " more"))
			if err != nil {
				t.Errorf("the log says %q", row.What)
			}
			sum += more
		}
		if sum != want || lines > 110 {
			t.Errorf("%v: %d tries stand in %d rows; want %d in at most 110", of, sum, lines, want)
		}
	}
	if _, err := d.SignInAgain(alva, secret(1), secret(3), "203.0.113.9"); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	if _, err := o.db.Verify(); err != nil {
		t.Error(err)
	}
}

// A thousand and more of a kind of their own at once: none is lost, and memory does not grow.
func TestDenialsOfManyKindsAreAllWritten(t *testing.T) {
	var d denials
	now := time.Now()
	var rows []audit.Entry
	for n := range 3 * denialKinds {
		e := audit.Entry{At: now.UnixMilli(), Person: fmt.Sprint(n), What: "x"}
		rows = append(append(rows, d.count(e, now)...), d.count(e, now)...)
		if len(d.seen) > denialKinds {
			t.Fatalf("%d are kept", len(d.seen))
		}
	}
	rows = append(rows, d.settle(now, true)...)
	if len(rows) != 2*3*denialKinds {
		t.Errorf("%d rows; want %d", len(rows), 2*3*denialKinds)
	}
}

func everything(t *testing.T, db *sqlite.DB) []sqlite.Row {
	t.Helper()
	rows, err := db.LogOfOrganisation("", "", 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// The head goes into the lines of log each day, so that they prove it elsewhere.
func TestTheHeadIsSaidEachDay(t *testing.T) {
	out := &keptLog{}
	c := defaults()
	c.Addr, c.Data = "127.0.0.1:0", town(t)
	r := startWith(t, c, logger(out, slog.LevelInfo))
	said := regexp.MustCompile(`"msg":"audit head","day":"\d{4}-\d\d-\d\d","head":"([^"]+)"`)
	var head []string
	for deadline := time.Now().Add(2 * time.Minute); head == nil && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		out.mu.Lock()
		head = said.FindStringSubmatch(out.b.String())
		out.mu.Unlock()
	}
	if head == nil {
		t.Fatal("the head was not said")
	}
	h, err := audit.ParseHead(head[1])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.core.db.Verify(h); err != nil {
		t.Error(err)
	}
}

// A head that was printed proves later that nothing before it was touched.
func TestHeadByCommand(t *testing.T) {
	data := town(t)
	out, _ := do(t, 0, "audit", "head", "-data", data)
	day, head, _ := strings.Cut(strings.TrimSpace(out), "\n")
	if len(day) != len("2026-11-23") {
		t.Errorf("the day is %q", day)
	}
	do(t, 0, "org", "add", "-data", data, "-id", "ny", "-name", "Ny", "-kind", "landlord")
	do(t, 0, "verify", "-data", data, "-head", head)
	do(t, 1, "verify", "-data", data, "-head", strings.Replace(head, head[len(head)-4:], "0000", 1))
	do(t, 2, "verify", "-data", data, "-head", "nonsense")
	do(t, 2, "audit", "recount", "-data", data)
	do(t, 0, "audit", "recount", "-data", data, "-why", "an exercise")
	do(t, 0, "verify", "-data", data, "-head", head)
}
