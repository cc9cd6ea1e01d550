package apptest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// An administrator invites somebody, who opens the link on a phone of their own and sees
// their day; and ends their account while the phone has something that was not sent. The
// phone is shut, what waits on it is handed in sealed, two people open it, and the phone
// is empty.
func TestAnAdministratorInvitesAndEnds(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	eva := Open(t, p.URL, Desk)
	eva.SignIn(p, "eva")
	rolf := Open(t, p.URL, Desk)
	rolf.SignIn(p, "rolf")
	rolf.Walk("/rescue")
	hold(rolf)
	eva.Walk("/rescue")
	hold(eva)
	eva.Tap("Gör nyckeln")
	eva.See("Nyckel 1, gjord")
	eva.Walk("/more")
	eva.Tap("Vilka som arbetar här")
	eva.See("Eva Brink (du)", "Inbjuden, gäller till")
	eva.Tap("Bjud in en kollega")
	eva.Tap("Gör inbjudan")
	eva.See("Skriv ett namn", "Välj en roll")
	Retry(t, "the errors are tied to their fields, and the first has the focus", func() error {
		tied, err := eva.eval(`['role-wrong'].map((id) => document.querySelector('[aria-describedby=' + id + '][aria-invalid=true]') && document.getElementById(id)?.innerText).join() + document.activeElement.labels?.[0].innerText`)
		if err == nil && (!strings.HasPrefix(tied, "Välj en roll") || !strings.HasSuffix(tied, "För- och efternamn")) {
			err = fmt.Errorf("%q", tied)
		}
		return err
	})
	eva.Fill("Titel", "Vikarie")
	eva.See("På telefonen")
	eva.Load("/people") // half typed, a lock between
	eva.Unlock()
	eva.See("Gör inbjudan")
	eva.Fill("För- och efternamn", "Ture Novak")
	eva.Tap("Samordnare")
	eva.Tap("Gör inbjudan")
	eva.See("Inbjudan till Ture Novak", "Den visas bara nu")
	eva.focusIsOn("Inbjudan till Ture Novak")
	eva.until("see the square", func(string) bool {
		v, _ := eva.eval(`String(document.querySelector('svg.qr path').getAttribute('d').length > 1000)`)
		return v == "true"
	})
	code := codePattern.FindString(eva.Text())
	eva.Tap("Klart, dölj inbjudan")
	eva.NotSee(code)
	eva.focusIsOn("Bjud in en kollega")
	eva.Tap("Ture Novak")
	eva.See("Inbjuden, gäller till", "Vikarie")
	eva.Tap("Ny inbjudan")
	eva.See("Inbjudan till Ture Novak")

	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.Load("/in")
	b.Fill("Kod", code)
	b.Tap("Logga in med koden")
	b.See("Länken eller koden gäller inte") // the first one went with the second
	b.Fill("Kod", codePattern.FindString(eva.Text()))
	b.Tap("Logga in med koden")
	b.Enrol()
	b.Synced()
	b.Walk("/cases")
	b.See("Ärenden")
	eva.Tap("Klart, dölj inbjudan")

	b.Walk(b.links("/case/", 1)[0])
	b.signs()
	link.Cut()
	b.Fill("Anteckning", "Skriven sista dagen.")
	b.Tap("Spara anteckning")
	b.until("have it on the phone alone", func(string) bool {
		v, _ := b.eval(`document.documentElement.dataset.unsent`)
		return v == "1"
	})
	eva.Walk("/more")
	eva.Walk("/people")
	eva.Tap("Ture Novak")
	eva.Tap("Avsluta kontot")
	eva.See("loggas ut överallt", "lämnas in låst")
	eva.Tap("Ja, avsluta kontot")
	eva.See("Kontot är avslutat: Ture Novak", "En har slutat")
	link.Heal()
	b.Eval(`dispatchEvent(new Event('online'))`)
	b.Gate("barred")
	b.See("Telefonen är rensad")
	if shown := b.Text(); strings.Contains(shown, "Ture") {
		t.Errorf("it says %s", shown)
	}
	rolf.Go("/rescue")
	rolf.See("Ture Novak", "Börja öppna")
	jonna := SignIn(t, p, "jonna")
	if n := notesOf(t, jonna)["Skriven sista dagen."]; n != 0 {
		t.Errorf("what was handed in sealed is read %d times before two opened it", n)
	}
	var log []struct{ Action, What string }
	SignIn(t, p, "rolf").request(t, http.MethodGet, "/api/log", "", nil, &log)
	said := ""
	for _, row := range log {
		said += row.Action + " " + strings.SplitN(row.What, " ", 2)[0] + "\n"
	}
	for _, word := range []string{"administer account", "administer invitation", "administer end", "hand_in"} {
		if !strings.Contains(said, word) {
			t.Errorf("the log lacks %q", word)
		}
	}
}
