package apptest

import (
	"regexp"
	"testing"
)

// Kim has forgotten her passphrase: Eva asks, Jonna agrees and reads the code out,
// Kim gets in on another phone, and is told who the two were.
func TestTwoPeopleLetSomebodyInAnew(t *testing.T) {
	p := Start(t, "")
	eva, jonna := Open(t, p.URL, Desk), Open(t, p.URL, Desk)
	eva.SignIn(p, "eva")
	eva.Walk("/more")
	eva.Tap("Släpp in någon på nytt")
	eva.Fill("Vem behöver komma in?", "strand")
	eva.Tap("Kim Strandvik")
	eva.See("Be en kollega att godkänna för Kim Strandvik")
	if shown := eva.Text(); regexp.MustCompile(`Godkänn\b`).MatchString(shown) {
		t.Errorf("Eva may agree with herself: %s", shown)
	}

	jonna.SignIn(p, "jonna")
	jonna.Walk("/recovery")
	jonna.See("Kim Strandvik", "Eva Brink bad om det")
	jonna.Tap("Godkänn")
	jonna.See("Kod till Kim Strandvik", "Inget väntar")
	code := codePattern.FindString(jonna.Text())

	b := Open(t, p.URL, SmallPhone)
	b.Load("/in")
	b.Fill("Kod", code)
	b.Tap("Logga in med koden")
	b.Enrol()
	b.Synced()
	b.Walk("/devices")
	b.See("Det här har hänt", "Jonna Ekered godkände en ny kod åt dig", "Eva Brink bad om en ny kod åt dig")
	b.NotSee("Kollegornas")
}
