package account

import (
	"errors"
	"testing"
	"time"

	"bokvar/internal/casework"
)

// Two different people let somebody in anew, and neither of them is the one it is about.
func TestRecoveryTakesTwoPeople(t *testing.T) {
	s, st, c := service(t)
	for _, id := range []string{"administrator", "second"} {
		if err := s.Add(casework.Member{ID: id, Org: "hem", Name: id, Role: casework.Administrator}); err != nil {
			t.Fatal(err)
		}
	}
	st.organisations = append(st.organisations, casework.Organisation{ID: "soc", Name: "Soc", Kind: casework.SocialServices})
	if err := s.Add(casework.Member{ID: "stranger", Org: "soc", Name: "S", Role: casework.Administrator}); err != nil {
		t.Fatal(err)
	}
	who := func(id string) *casework.Member { return must[*casework.Member](t)(s.Person(id)) }
	ask := func() *Recovery { return must[*Recovery](t)(s.AskRecovery(who("administrator"), "kim")) }

	for person, want := range map[string]string{"administrator": "not_oneself", "stranger": "not_found", "nobody": "not_found"} {
		_, err := s.AskRecovery(who("administrator"), person)
		var wrong *casework.Error
		if !errors.As(err, &wrong) || wrong.Code != want {
			t.Errorf("asking for %s: %v", person, err)
		}
	}
	ask()
	r := ask() // in the place of the one before
	if all, err := s.Recoveries("hem"); err != nil || len(all) != 1 || all[0].ID != r.ID {
		t.Errorf("%v %v", all, err)
	}
	for by, want := range map[string]string{"administrator": "second_pair", "kim": "not_oneself", "stranger": "not_found"} {
		_, code, err := s.AgreeRecovery(who(by), r.ID)
		var wrong *casework.Error
		if code != "" || !errors.As(err, &wrong) || wrong.Code != want {
			t.Errorf("%s agrees: %q %v", by, code, err)
		}
	}
	_, code, err := s.AgreeRecovery(who("second"), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Redeem("", code, "d9", ""); err != nil {
		t.Errorf("the code: %v", err)
	}
	if _, _, err := s.AgreeRecovery(who("second"), r.ID); err != errNoRecovery {
		t.Errorf("a second time: %v", err)
	}

	r = ask()
	c.move(RecoveryLife)
	if _, _, err := s.AgreeRecovery(who("second"), r.ID); err != errNoRecovery {
		t.Errorf("after a day: %v", err)
	}
	r = ask()
	if _, err := s.DropRecovery("soc", r.ID); err != errNoRecovery {
		t.Errorf("another organisation drops it: %v", err)
	}
	if got, err := s.DropRecovery("hem", r.ID); err != nil || got.Person != "kim" {
		t.Errorf("%v %v", got, err)
	}
	r = ask()
	if err := s.Disable("administrator", "", ""); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.AgreeRecovery(who("second"), r.ID); err != errNoRecovery {
		t.Errorf("after the one who asked has left: %v", err)
	}
}

// Whoever has left is out by every way, also with what they were given before.
func TestWhoHasLeftIsOutByEveryWay(t *testing.T) {
	s, st, c := service(t)
	cookie := enrolled(t, s, "kim", "d1")
	link, code := must[string](t)(s.InviteLink("kim")), must[string](t)(s.InviteCode("kim"))
	alva := must[string](t)(s.InviteLink("alva"))
	c.move(time.Minute)
	if err := s.Disable("kim", "", ""); err != nil {
		t.Fatal(err)
	}
	out := func(when string) {
		t.Helper()
		if _, _, err := s.Check(cookie, proofOf(1)); err != ErrSignedOut {
			t.Errorf("%s: the session: %v", when, err)
		}
		if _, err := s.Redeem(link, "", "d2", ""); err != ErrInvalidCode {
			t.Errorf("%s: a link from before: %v", when, err)
		}
		if _, err := s.Redeem("", code, "d2", ""); err != ErrInvalidCode {
			t.Errorf("%s: a code from before: %v", when, err)
		}
	}
	out("when she has left")
	if _, err := s.SignInAgain(lockerA, proofOf(7), proofOf(2), ""); err == nil {
		t.Error("the passphrase lets her in")
	}
	if state := stateOf(t, s, lockerA); state != casework.DeviceWipe {
		t.Errorf("her phone is %s", state)
	}
	m := st.members["kim"]
	m.Active = true // she comes back: what she had before is still over
	st.members["kim"] = m
	out("when she has come back")
	if _, err := s.Redeem(alva, "", "d3", ""); err != nil {
		t.Errorf("somebody else's link: %v", err)
	}
}
