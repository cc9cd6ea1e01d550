package apptest

import "testing"

// Somebody who chooses English reads each kind of screen in it, also without a network
// and after the app was started anew, and can go back.
func TestTheAppSpeaksEnglish(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	kim := Open(t, link.URL, SmallPhone)
	kim.SignIn(p, "kim")
	visit := kim.links("/visit/", 1)[0]
	kim.Walk("/more")
	kim.Tap("English")
	kim.See("What you have written", "Do you want to remove Bokvar from the phone?", "Everything is sent")
	kim.Walk("/tray")
	kim.See("Take in a file from another phone")
	kim.Walk(visit)
	kim.See("Note", "We met", "Nobody home")
	kim.NotSee("Anteckning")
	link.Cut()
	kim.Load("/tray")
	kim.Gate("locked")
	kim.See("Unlock")
	kim.Fill("Passphrase", kim.Passphrase)
	kim.Tap("Unlock")
	kim.Gate("in")
	kim.See("What you have written", "Take in a file from another phone")
	kim.Walk("/more")
	kim.Tap("Svenska")
	kim.See("Det du har skrivit")
}
