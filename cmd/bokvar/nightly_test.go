package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
)

// The server checks itself once a night, keeps what it found, and shows it to those
// who see to it, and to nobody else.
func TestVerifiesItselfEachNight(t *testing.T) {
	r := start(t, town(t))
	night := time.Date(2026, 11, 24, 3, 0, 0, 0, casework.Zone)
	if v, err := r.core.verifyNightly(night.Add(-2 * time.Hour)); v != nil || err != nil {
		t.Fatalf("at one o'clock: %+v, %v", v, err)
	}
	v, err := r.core.verifyNightly(night)
	if err != nil || v == nil || !v.OK || v.Head == "" {
		t.Fatalf("%+v, %v", v, err)
	}
	shown := func(person string) (int, shownVerification) {
		status, body := r.enrol(person).do("GET", "/api/verification", nil)
		var s shownVerification
		_ = json.Unmarshal([]byte(body), &s)
		return status, s
	}
	for _, person := range []string{"eva", "karin"} {
		if status, s := shown(person); status != 200 || !s.OK || s.Head != v.Head {
			t.Errorf("%s is shown %d %+v", person, status, s)
		}
	}
	for _, person := range []string{"kim", "samira", "disa"} {
		if status, _ := shown(person); status != http.StatusForbidden {
			t.Errorf("%s: %d", person, status)
		}
	}

	db, err := sql.Open("sqlite3", filepath.Join(r.config.Data, "bokvar.db"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`DELETE FROM assignment WHERE contact IN (SELECT contact FROM assignment LIMIT 1)`)
	if closing := db.Close(); err != nil || closing != nil {
		t.Fatal(err, closing)
	}
	v, err = r.core.verifyNow()
	if err != nil || v.OK || v.Wrong == "" {
		t.Errorf("after a row was taken out: %+v, %v", v, err)
	}
	if _, s := shown("eva"); s.OK || s.At == 0 {
		t.Errorf("Eva is shown %+v", s)
	}
}

// An administrator sees what has ended, holds a file, and erases the rest by the
// number that the plan said; another organisation's files are not there for them.
func TestAnAdministratorErases(t *testing.T) {
	c := defaults()
	c.Data = town(t)
	o, err := openCore(c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.close() }()
	d, eva, leif, kim := erasureDoor{o}, demo.Person("eva"), demo.Person("leif"), demo.Person("kim")
	plan := func() planned {
		t.Helper()
		p, err := d.Plan(&eva)
		if err != nil {
			t.Fatal(err)
		}
		return p.(planned)
	}
	want := func(code string, err error) {
		t.Helper()
		var known *casework.Error
		if code == "" && err != nil || code != "" && (!errors.As(err, &known) || known.Code != code) {
			t.Errorf("%v; want %q", err, code)
		}
	}
	if p := plan(); p.Due != 0 || len(p.Certificates) != 0 {
		t.Fatalf("before anything: %+v", p)
	}
	_, err = d.Plan(&kim)
	want("not_allowed", err)
	want("invalid", d.Keep(&eva, "phone", []byte(`{"case":-1}`)))
	want("", d.Keep(&eva, "phone", []byte(`{"case":730}`)))
	roots := closeCases(t, o, 2)
	now := time.Now().AddDate(0, 0, 731)
	o.clock = func() time.Time { return now }
	if p := plan(); p.Due != 2 || p.Keep.Case != 730 {
		t.Fatalf("the plan: %+v", p)
	}
	want("", d.Hold(&eva, "phone", roots[0], "Tvist om skulden"))
	want("not_found", d.Hold(&leif, "phone", roots[1], "Inte vår"))
	_, err = d.Run(&eva, "phone", 2)
	want("stale", err)
	if _, err = d.Run(&eva, "phone", 1); err != nil {
		t.Fatal(err)
	}
	p := plan()
	if len(p.Certificates) != 1 || p.Certificates[0].By != "eva" || p.Files[0].Held == "" {
		t.Fatalf("afterwards: %+v", p)
	}
	_, err = d.Certificate(&eva, p.Certificates[0].Number)
	want("", err)
	_, err = d.Certificate(&leif, p.Certificates[0].Number)
	want("not_found", err)
	want("", d.Hold(&eva, "phone", roots[0], ""))
	if p := plan(); p.Due != 1 {
		t.Errorf("after the hold: %+v", p)
	}
	if _, err := o.db.Verify(); err != nil {
		t.Error(err)
	}
}
