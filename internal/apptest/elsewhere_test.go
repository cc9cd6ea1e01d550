package apptest

import (
	"strings"
	"testing"
)

// Somebody with two phones signs out everywhere else on one of them. The other says so,
// with what was written on it still there and sealed; it goes up after signing in again.
// Then both at once: here, too.
func TestSigningOutEverywhereElse(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	here := Open(t, p.URL, Desk)
	p.Invite("kim")
	here.SignIn(p, "kim")
	jonna := SignIn(t, p, "jonna")
	visit := b.links("/visit/", 1)[0]
	b.Walk(visit)
	link.Cut()
	b.saveNote("Skriven på den andra telefonen.")
	here.Walk("/devices")
	here.Tap("Logga ut på alla andra")
	here.See("Det du har skrivit och inte skickat finns kvar")
	here.Tap("Ja, logga ut på de andra")
	here.See("En inloggning avslutades.")
	here.See("Du loggades ut på alla andra ställen")
	here.NotSee(signedOut)
	link.Heal()
	b.Eval(`dispatchEvent(new Event('online'))`)
	b.See(signedOut)
	b.somethingUnsent()
	b.Load(visit)
	b.Unlock() // what it carries is still open to its person
	b.See(signedOut, "Skriven på den andra telefonen.")
	if n := notesOf(t, jonna)["Skriven på den andra telefonen."]; n != 0 {
		t.Errorf("a phone that is signed out has sent its note %d times", n)
	}
	b.signsInAgain()
	b.Synced()
	b.Walk(visit)
	if n := notesOf(t, jonna)["Skriven på den andra telefonen."]; n != 1 {
		t.Errorf("after signing in again the server has the note %d times", n)
	}
	here.Walk("/more")
	here.Walk("/devices")
	here.Tap("Logga ut på alla andra")
	here.Tap("Ja, och här också")
	here.Gate("out")
	if shown := here.Text(); strings.Contains(shown, "Kim") {
		t.Errorf("signed out here it says %s", shown)
	}
	b.See(signedOut)
}
