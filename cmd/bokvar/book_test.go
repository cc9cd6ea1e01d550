package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/internal/sqlite"
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
	for id, rec := range p.held {
		if rec.Kind == "household" {
			return id
		}
	}
	p.r.t.Fatal("the phone holds no household")
	return ""
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
	for deadline := time.Now().Add(20 * time.Second); head == nil && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
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
