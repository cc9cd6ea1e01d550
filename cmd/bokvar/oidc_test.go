package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/internal/oidc"
	"bokvar/internal/oidc/oidctest"
)

// Whom a provider vouches for has an account as long as one of their groups has a
// role here; whom an administrator has shut out stays outside.
func TestAccountsFollowTheProvidersGroups(t *testing.T) {
	c := defaults()
	c.Data = t.TempDir()
	o, err := openCore(c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.close() }()
	if _, err := addOrg(o, casework.Organisation{ID: "soc", Name: "Soc", Kind: casework.SocialServices}); err != nil {
		t.Fatal(err)
	}
	door := proven{o}
	worker := &oidc.Group{Group: "handlaggare", Role: casework.SocialWorker, Units: []string{"vrak"}}
	manager := &oidc.Group{Group: "chefer", Role: casework.SocialManager, Units: []string{"vrak", "barn"}}
	who := oidc.Identity{Person: "oidc-1", Org: "soc", Name: "Tova Ek", Group: worker}
	enter := func(group *oidc.Group, want error) *casework.Member {
		t.Helper()
		who.Group = group
		token, err := door.Enter(who)
		if !errors.Is(err, want) || (token != "") != (want == nil) {
			t.Fatalf("%+v: %q, %v; want %v", group, token, err, want)
		}
		if want == nil {
			if _, err := o.accounts.Redeem(token, "", "3f0c2c1e-3f6a-4d2b-9a39-0d1f3a3a7c11", "127.0.0.1"); err != nil {
				t.Fatal(err)
			}
		}
		m, err := o.accounts.Person(who.Person)
		var unknown *casework.Error
		if err != nil && !errors.As(err, &unknown) {
			t.Fatal(err)
		}
		return m
	}
	if m := enter(nil, oidc.ErrNoRole); m != nil {
		t.Fatalf("somebody without a role has the account %+v", m)
	}
	if m := enter(worker, nil); !m.Active || m.Role != casework.SocialWorker || m.Name != "Tova Ek" {
		t.Errorf("%+v", m)
	}
	if m := enter(manager, nil); m.Role != casework.SocialManager || len(m.Units) != 2 {
		t.Errorf("with another group: %+v", m)
	}
	if m := enter(nil, oidc.ErrNoRole); m.Active {
		t.Error("who is in no group any more still has an account")
	}
	if m := enter(worker, nil); !m.Active {
		t.Error("who is back in a group has no account")
	}
	// The end of an account can stop halfway: the mark is there, and the account has not ended.
	if err := o.db.PutSetting(leftSetting(who.Person), []byte("left")); err != nil {
		t.Fatal(err)
	}
	if m := enter(worker, nil); !m.Active {
		t.Error("whose account was not ended after all has none")
	}
	if err := o.db.PutSetting(leftSetting(who.Person), []byte("left")); err != nil {
		t.Fatal(err)
	}
	if _, err := disableUser(o, who.Person); err != nil {
		t.Fatal(err)
	}
	if m := enter(worker, oidc.ErrNoRole); m.Active {
		t.Error("whom an administrator has shut out got in")
	}
}

// Who is in no group any more is out, also when colleagues could not be told. They are,
// with what is saved next or when the server starts again; who is back by then is not
// said to have left.
func TestColleaguesAreToldOfWhoLeftAlsoWhenThatFailed(t *testing.T) {
	c := defaults()
	c.Data = t.TempDir()
	var o *core
	open := func() {
		t.Helper()
		var err error
		if o, err = openCore(c); err != nil {
			t.Fatal(err)
		}
	}
	open()
	defer func() { _ = o.close() }()
	if _, err := addOrg(o, casework.Organisation{ID: "soc", Name: "Soc", Kind: casework.SocialServices}); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", filepath.Join(c.Data, "bokvar.db")+"?_busy_timeout=10000")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	do := func(statement string) {
		t.Helper()
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	worker := &oidc.Group{Group: "handlaggare", Role: casework.SocialWorker, Units: []string{"vrak"}}
	enter := func(person string, group *oidc.Group) error {
		_, err := proven{o}.Enter(oidc.Identity{Person: person, Org: "soc", Name: "Tova Ek", Group: group})
		return err
	}
	colleague := func(person string) (active string) {
		t.Helper()
		if err := o.db.Facts(func(f casework.Facts) error {
			record, err := f.Record("soc", person)
			if err == nil {
				active = string(record.Fields["active"].Value)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return active
	}
	leaves := func(person string) {
		t.Helper()
		if err := enter(person, worker); err != nil {
			t.Fatal(err)
		}
		do("CREATE TRIGGER fails BEFORE INSERT ON record BEGIN SELECT RAISE(ABORT, 'the disk'); END")
		if err := enter(person, nil); err == nil || errors.Is(err, oidc.ErrNoRole) {
			t.Fatalf("%s: telling did not fail: %v", person, err)
		}
		do("DROP TRIGGER fails")
		m, err := o.accounts.Person(person)
		if err != nil || m.Active {
			t.Fatalf("%s still has an account: %+v, %v", person, m, err)
		}
		if err := enter(person, nil); !errors.Is(err, oidc.ErrNoRole) {
			t.Fatalf("%s: %v", person, err)
		}
	}
	told := func(person string) {
		t.Helper()
		for deadline := time.Now().Add(2 * time.Minute); colleague(person) != "false"; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("colleagues are told that %s works here", person)
			}
		}
	}
	for person, next := range map[string]func(){
		"oidc-saved": func() {
			if _, err := addUnit(o, unitArgs{Org: "soc", ID: "vrak", Name: "Vräkning"}); err != nil {
				t.Fatal(err)
			}
		},
		"oidc-day": func() {
			if err := o.newDay(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
		},
		"oidc-start": func() {
			if err := o.close(); err != nil {
				t.Fatal(err)
			}
			open()
			o.after(nil)
		},
	} {
		leaves(person)
		if active := colleague(person); active != "true" {
			t.Fatalf("%s: colleagues are told %s already", person, active)
		}
		next()
		told(person)
	}

	leaves("oidc-back")
	if err := enter("oidc-back", worker); err != nil {
		t.Fatal(err)
	}
	leaves("oidc-last")
	o.after(nil)
	told("oidc-last")
	if active := colleague("oidc-back"); active != "true" {
		t.Errorf("who is back is shown as somebody who has left: %s", active)
	}
	rows, err := o.db.LogOfOrganisation("soc", "", 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	ends := map[string]int{}
	for _, row := range rows {
		if person, ended := strings.CutPrefix(row.What, "end of account "); ended {
			ends[person]++
		}
	}
	for person, n := range ends {
		if n != 1 || len(ends) != 5 {
			t.Errorf("the end of %s is logged %d times; of %d people", person, n, len(ends))
		}
	}
	if _, err := o.db.Verify(); err != nil {
		t.Error(err)
	}
}

func TestProvidersThatCannotBe(t *testing.T) {
	right := oidc.Config{ID: "a", Name: "A", Org: "soc", Issuer: "https://login.example", ClientID: "bokvar"}
	for name, spoil := range map[string]func(*Config){
		"without an issuer":  func(c *Config) { c.OIDC[0].Issuer = "" },
		"twice the same":     func(c *Config) { c.OIDC = append(c.OIDC, right) },
		"an unknown role":    func(c *Config) { c.OIDC[0].Groups = []oidc.Group{{Group: "g", Role: "boss"}} },
		"a secret not there": func(c *Config) { c.OIDC[0].SecretFile = "/nowhere/secret" },
	} {
		c := defaults()
		c.OIDC = []oidc.Config{right}
		if err := c.complete(); err != nil {
			t.Fatal(err)
		}
		spoil(&c)
		if c.complete() == nil {
			t.Errorf("%s: it starts", name)
		}
	}
}

// knownToAProvider starts the program beside a provider that knows where people come back to.
func knownToAProvider(t *testing.T, data string) (r *running, origin, redirect string) {
	t.Helper()
	for {
		free, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		addr := free.Addr().String()
		_, port, _ := net.SplitHostPort(addr)
		origin = "http://localhost:" + port
		redirect = origin + "/api/oidc/callback"
		issuer := oidctest.Start(t, redirect, "alla", "vrakning")
		c := defaults()
		c.Addr, c.Data, c.demo = addr, data, true
		c.OIDC = []oidc.Config{{ID: "sjoberga", Name: "Sjöberga kommun", Org: demo.Social, Issuer: issuer, ClientID: oidctest.ClientID, Secret: oidctest.Secret,
			Groups: []oidc.Group{{Group: "vrakning", Role: casework.SocialWorker, Units: []string{"soc-vrak"}}}}}
		_ = free.Close()
		p, err := New(c, slog.New(slog.DiscardHandler))
		if errors.Is(err, syscall.EADDRINUSE) {
			continue // between the two somebody else has taken the port
		}
		if err != nil {
			t.Fatal(err)
		}
		return runs(t, p), origin, redirect
	}
}

// The whole way through the real program and a real provider, as a browser goes it.
func TestSigningInWithAProvider(t *testing.T) {
	r, origin, redirect := knownToAProvider(t, town(t))
	if _, said := r.enrol("samira").do("GET", "/api/oidc/out", nil); said != "null" {
		t.Errorf("for whom no provider vouched: %s", said)
	}

	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ask := func(method, path, body string) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequest(method, origin+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Origin", origin)
		req.Header.Set("X-Bokvar", "1")
		resp, err := browser.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		content, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(content)
	}
	if _, list := ask("GET", "/api/oidc", ""); list != `[{"id":"sjoberga","name":"Sjöberga kommun"}]` {
		t.Errorf("one can choose from %s", list)
	}
	_, said := ask("POST", "/api/oidc/sjoberga", "{}")
	var to struct{ URL string }
	if err := json.Unmarshal([]byte(said), &to); err != nil {
		t.Fatal(said)
	}
	back := oidctest.SignIn(t, to.URL, redirect)
	resp, _ := ask("GET", "/api/oidc/callback?"+back.Encode(), "")
	landed := resp.Header.Get("Location")
	token, ok := strings.CutPrefix(landed, "/in#")
	if resp.StatusCode != http.StatusSeeOther || !ok || strings.HasPrefix(token, "!") {
		t.Fatalf("%d, it lands on %s", resp.StatusCode, landed)
	}
	resp, said = ask("POST", "/api/session", fmt.Sprintf(`{"link":%q,"device":%q}`, token, uuid.NewString()))
	if resp.StatusCode != http.StatusOK || !strings.Contains(said, `"role":"social_worker"`) || !strings.Contains(said, oidctest.Name) {
		t.Errorf("%d %s", resp.StatusCode, said)
	}
	var out oidc.Farewell
	if resp, said := ask("GET", "/api/oidc/out", ""); resp.StatusCode != http.StatusOK || json.Unmarshal([]byte(said), &out) != nil || out.Name != "Sjöberga kommun" {
		t.Fatalf("signing out there as well: %d %s", resp.StatusCode, said)
	}
	if back := oidctest.SignOut(t, out.URL); back != origin+"/in" {
		t.Errorf("from there it leads to %q", back)
	}
	if resp, _ := ask("POST", "/api/session", fmt.Sprintf(`{"link":%q,"device":%q}`, token, uuid.NewString())); resp.StatusCode == http.StatusOK {
		t.Error("the link lets in twice")
	}
}
