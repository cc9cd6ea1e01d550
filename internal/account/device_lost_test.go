package account

import (
	"errors"
	"testing"
	"time"

	"bokvar/internal/casework"
)

func stateOf(t *testing.T, s *Service, locker string) casework.DeviceState {
	t.Helper()
	d, err := s.Locker(locker)
	if err != nil || d == nil {
		t.Fatalf("%v %v", d, err)
	}
	return d.State
}

// A blocked device gets in by no way: not with the session it had, not with the
// passphrase, not with a new invitation; and enrolling anew changes nothing.
func TestABlockedDeviceIsKeptOut(t *testing.T) {
	for name, lose := range map[string]func(s *Service) error{
		"blocked": func(s *Service) error { return s.Block("kim", "d1") },
		"wiped":   func(s *Service) error { return s.Wipe("kim", "d1") },
	} {
		s, st, _ := service(t)
		cookie, alva := enrolled(t, s, "kim", "d1"), enrolled(t, s, "alva", "d2")
		_, session, err := s.Check(cookie, proofOf(1))
		if err != nil {
			t.Fatal(err)
		}
		if err := lose(s); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Check(cookie, proofOf(1)); err != ErrSignedOut {
			t.Errorf("%s: the session goes on: %v", name, err)
		}
		if err := st.PutSession(*session); err != nil { // as if it had begun in the same moment
			t.Fatal(err)
		}
		if _, _, err := s.Check(cookie, proofOf(1)); err != ErrBlocked {
			t.Errorf("%s: a session that came in between: %v", name, err)
		}
		if _, err := s.SignInAgain(lockerA, proofOf(7), proofOf(2), ""); err != ErrBlocked {
			t.Errorf("%s: with the passphrase: %v", name, err)
		}
		if _, err := s.Redeem(must[string](t)(s.InviteLink("kim")), "", "d1", ""); err != ErrBlocked {
			t.Errorf("%s: with a link: %v", name, err)
		}
		before := stateOf(t, s, lockerA)
		if err := s.Enrol(session, "http://localhost:8080", enrolment(lockerA)); err != nil {
			t.Fatal(err)
		}
		if after := stateOf(t, s, lockerA); after != before {
			t.Errorf("%s: enrolling made it %s", name, after)
		}
		if _, _, err := s.Check(alva, proofOf(1)); err != nil {
			t.Errorf("%s: somebody else: %v", name, err)
		}
		if _, err := s.Redeem(must[string](t)(s.InviteLink("kim")), "", "d3", ""); err != nil {
			t.Errorf("%s: the same person on another phone: %v", name, err)
		}
	}
}

// A phone that was found comes in again; one that has deleted everything does not,
// and nothing of its vault is left at the server.
func TestWhatBecomesOfALostDevice(t *testing.T) {
	s, st, c := service(t)
	enrolled(t, s, "kim", "d1")
	for _, step := range []struct {
		do   func(person, device string) error
		want casework.DeviceState
	}{{s.Block, "blocked"}, {s.Allow, "active"}, {s.Wipe, "wipe"}, {s.Block, "blocked"}, {s.Wipe, "wipe"}, {s.Allow, "active"}} {
		c.move(time.Minute)
		if err := step.do("kim", "d1"); err != nil || stateOf(t, s, lockerA) != step.want {
			t.Fatalf("want %s: %s, %v", step.want, stateOf(t, s, lockerA), err)
		}
	}
	if _, err := s.Wiped(lockerA); err != errNotInTime {
		t.Errorf("a device that was not told to: %v", err)
	}
	if err := s.Wipe("kim", "d1"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if d, err := s.Wiped(lockerA); err != nil || d.Person != "kim" {
			t.Fatalf("%v %v", d, err)
		}
	}
	if d := st.devices["kimd1"]; d.State != casework.DeviceWiped || string(d.Wraps) != `[]` || d.Verifier != nil || d.Signing != nil || !d.Since.Equal(c.now) {
		t.Errorf("%+v", d)
	}
	for _, do := range []func(person, device string) error{s.Allow, s.Block, s.Wipe} {
		if err := do("kim", "d1"); err != errNotInTime {
			t.Errorf("after it was wiped: %v", err)
		}
	}
	var wrong *casework.Error
	if err := s.Block("alva", "d1"); !errors.As(err, &wrong) || wrong.Code != "not_found" {
		t.Errorf("a device that is not hers: %v", err)
	}
	for _, locker := range []string{"", "x", lockerB} {
		if d, err := s.Wiped(locker); d != nil || err != nil {
			t.Errorf("%q: %v %v", locker, d, err)
		}
	}
}

func TestWhatADeviceToldLast(t *testing.T) {
	s, _, c := service(t)
	enrolled(t, s, "kim", "d1")
	c.move(time.Hour)
	s.Met("kim", "d1", "1.2.3", 4)
	s.Met("kim", "unknown", "1.2.3", 4)
	for _, when := range []string{"at once", "when it is kept"} {
		devices, err := s.Devices("hem", "")
		if err != nil || len(devices) != 1 {
			t.Fatalf("%v %v", devices, err)
		}
		if d := devices[0]; d.App != "1.2.3" || d.Unsent != 4 || !d.Seen.Equal(c.now) || d.Wraps != nil {
			t.Errorf("%s: %+v", when, d)
		}
		if err := s.KeepContacts(); err != nil {
			t.Fatal(err)
		}
	}
	if devices, _ := s.Devices("hem", "alva"); len(devices) != 0 {
		t.Errorf("alva has %v", devices)
	}
	if devices, _ := s.Devices("elsewhere", ""); len(devices) != 0 {
		t.Errorf("another organisation sees %v", devices)
	}
}
