package main

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"bokvar/internal/account"
	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/internal/oidc"
)

// administrator is a further one of the landlord.
func (r *running) administrator(id string) *casework.Member {
	r.t.Helper()
	if _, err := addUser(r.core, casework.Member{ID: id, Org: demo.Landlord, Name: id, Role: casework.Administrator, Units: []string{demo.UnitNorth}}); err != nil {
		r.t.Fatal(err)
	}
	m, err := r.core.accounts.Person(id)
	if err != nil {
		r.t.Fatal(err)
	}
	return m
}

func (r *running) administers(id string) bool {
	r.t.Helper()
	m, err := r.core.accounts.Person(id)
	if err != nil {
		r.t.Fatal(err)
	}
	return m.Active && m.Role == casework.Administrator
}

// Two administrators end each other, or take each other's work away, at once: one was
// first, and the other one, whose question had come in as well, may not any more.
func TestTwoAdministratorsAtOnce(t *testing.T) {
	r := behindProxy(t, town(t))
	caretaker := map[string]any{"name": "Ture Novak", "role": "caretaker", "units": []string{demo.UnitNorth}}
	for round := range 12 {
		pair := [2]string{fmt.Sprint("a", round), fmt.Sprint("b", round)}
		var phones [2]*vaulted
		for i, id := range pair {
			r.administrator(id)
			phones[i] = r.enrol(id)
		}
		method, path, body := "POST", "/end", any(map[string]bool{})
		if round%2 == 1 {
			method, path, body = "PUT", "", caretaker
		}
		var said [2]int
		begin, both := make(chan struct{}), sync.WaitGroup{}
		for i := range pair {
			both.Go(func() {
				<-begin
				said[i], _ = phones[i].do(method, "/api/people/"+pair[1-i]+path, body)
			})
		}
		close(begin)
		both.Wait()
		first := 0
		if said[1] == http.StatusNoContent {
			first = 1
		}
		if said[first] != http.StatusNoContent || said[1-first] != http.StatusUnauthorized && said[1-first] != http.StatusForbidden {
			t.Errorf("%s: %v", method, said)
		}
		if !r.administers(pair[first]) || r.administers(pair[1-first]) {
			t.Errorf("%s: of both administrators are left: %t, %t", method, r.administers(pair[0]), r.administers(pair[1]))
		}
	}
}

// What an administrator asked before they were ended, or got other work, is not done
// after it, whoever of the two was first.
func TestAnAdministratorWhoIsNoneAnyMore(t *testing.T) {
	r := start(t, town(t))
	d := peopleDoor{r.core}
	a, b := r.administrator("a"), r.administrator("b")
	for _, pair := range [][2]*casework.Member{{a, b}, {b, a}} {
		first, second := pair[0], pair[1]
		for _, c := range []struct {
			was  func() error
			want *casework.Error
		}{
			{func() error {
				other := *second
				other.Role = casework.Caretaker
				return d.Change(first, "phone", other)
			}, errNotInRole},
			{func() error { return d.End(first, "phone", second.ID, false) }, account.ErrSignedOut},
		} {
			if err := c.was(); err != nil {
				t.Fatal(err)
			}
			before := len(landlordLog(r))
			_, added := d.Add(second, "phone", casework.Member{Name: "Ture Novak", Role: casework.Administrator, Units: []string{demo.UnitNorth}})
			_, invited := d.Invite(second, "phone", "kim")
			for what, err := range map[string]error{"end": d.End(second, "phone", first.ID, true), "change": d.Change(second, "phone", *first), "add": added, "invite": invited} {
				if !errors.Is(err, c.want) {
					t.Errorf("%s by %s: %v, want %v", what, second.ID, err, c.want)
				}
			}
			if !r.administers(first.ID) || len(landlordLog(r)) != before {
				t.Error("it was done all the same")
			}
			again := *second
			if err := r.core.accounts.Change(again); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Ending an account fails at each of its steps in turn. Nothing of it is done, or
// the account has ended; said again it is completed, and it is logged once.
func TestEndingAnAccountThatFailed(t *testing.T) {
	r := start(t, town(t))
	eva := r.enrol("eva")
	db, err := sql.Open("sqlite3", filepath.Join(r.config.Data, "bokvar.db")+"?_busy_timeout=10000")
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
	for i, step := range []string{"UPDATE ON member", "UPDATE ON device", "DELETE ON invitation", "DELETE ON session", "DELETE ON subscription", "INSERT ON audit", "INSERT ON record", "INSERT ON counter"} {
		id := fmt.Sprint("p", i)
		if _, err := addUser(r.core, casework.Member{ID: id, Org: demo.Landlord, Name: id, Role: casework.Caretaker, Units: []string{demo.UnitNorth}}); err != nil {
			t.Fatal(err)
		}
		phone := r.enrol(id)
		if _, err := r.core.accounts.InviteLink(id); err != nil {
			t.Fatal(err)
		}
		if err := r.core.db.PutSubscription(casework.Subscription{Person: id, Device: phone.id, Endpoint: "https://push.example/" + id}); err != nil {
			t.Fatal(err)
		}
		ends := func() (int, string) { return eva.do("POST", "/api/people/"+id+"/end", map[string]bool{}) }
		do("CREATE TRIGGER fails BEFORE " + step + " BEGIN SELECT RAISE(ABORT, 'the disk'); END")
		if status, body := ends(); status != http.StatusInternalServerError {
			t.Errorf("%s: %d %s", step, status, body)
		}
		do("DROP TRIGGER fails")
		if status, _ := phone.do("GET", "/api/session", nil); (status == http.StatusOK) != r.active(id) {
			t.Errorf("%s: half of it was done: the phone gets %d", step, status)
		}
		for range 2 {
			if status, body := ends(); status != http.StatusNoContent {
				t.Errorf("%s, again: %d %s", step, status, body)
			}
		}
		left := 0
		for _, table := range []string{"session", "invitation", "subscription"} {
			var n int
			if err := db.QueryRow(`SELECT count(*) FROM `+table+` WHERE person = ?`+map[bool]string{true: ` AND used = 0`}[table == "invitation"], id).Scan(&n); err != nil {
				t.Fatal(err)
			}
			left += n
		}
		devices, err := r.core.accounts.Devices(demo.Landlord, id)
		if err != nil || left > 0 || r.active(id) || len(devices) != 1 || devices[0].State != casework.DeviceWipe {
			t.Errorf("%s: %d things are left, devices %+v, %v", step, left, devices, err)
		}
		logged := 0
		for _, row := range landlordLog(r) {
			if row.What == "end of account "+id && row.Person == "eva" && row.Device == eva.id {
				logged++
			}
		}
		if logged != 1 {
			t.Errorf("%s: logged %d times", step, logged)
		}
		if err := r.core.db.Facts(func(f casework.Facts) error {
			colleague, err := f.Record(demo.Landlord, id)
			if err == nil && string(colleague.Fields["active"].Value) != "false" {
				t.Errorf("%s: colleagues are told %s", step, colleague.Fields["active"].Value)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if v, err := r.core.verifyNow(); err != nil || !v.OK {
		t.Errorf("%+v %v", v, err)
	}
}

func (r *running) active(id string) bool {
	r.t.Helper()
	m, err := r.core.accounts.Person(id)
	if err != nil {
		r.t.Fatal(err)
	}
	return m.Active
}

// Whose units the organisation's provider lists in its own order is changed in what the
// provider does not say, and stays; the log and the next sign-in find nothing else changed.
func TestUnitsInAnyOrderAreTheSame(t *testing.T) {
	r := start(t, town(t))
	if _, err := addUnit(r.core, unitArgs{Org: demo.Landlord, ID: "hem-bort", Name: "Bort"}); err != nil {
		t.Fatal(err)
	}
	units := []string{demo.UnitNorth, "hem-bort"} // as no list that was sorted has them
	if _, err := addUser(r.core, casework.Member{ID: "oidc-1", Org: demo.Landlord, Name: "Tova Ek", Role: casework.Caretaker, Units: units}); err != nil {
		t.Fatal(err)
	}
	if err := r.core.db.PutSetting(providerSetting("oidc-1"), []byte("sjoberga")); err != nil {
		t.Fatal(err)
	}
	eva := r.enrol("eva")
	if status, body := eva.do("PUT", "/api/people/oidc-1", map[string]any{"name": "Tova Ek", "phone": "070-174 06 99", "role": "caretaker", "units": units}); status != http.StatusNoContent {
		t.Fatalf("%d %s", status, body)
	}
	if !administered(r, "change of account oidc-1") {
		t.Error("the log says that more than the telephone was changed")
	}
	who := oidc.Identity{Provider: "sjoberga", Person: "oidc-1", Org: demo.Landlord, Name: "Tova Ek", Group: &oidc.Group{Role: casework.Caretaker, Units: units}}
	if _, err := (proven{r.core}).Enter(who); err != nil {
		t.Fatal(err)
	}
	for _, row := range landlordLog(r) {
		if row.Person == "" && strings.HasPrefix(row.What, "change of account") {
			t.Errorf("signing in changed the account: %+v", row)
		}
	}
	if status, body := eva.do("PUT", "/api/people/oidc-1", map[string]any{"name": "Tova Ek", "role": "caretaker", "units": units[:1]}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "by_provider") {
		t.Errorf("with a unit less: %d %s", status, body)
	}
}
