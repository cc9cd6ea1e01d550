package apptest

import (
	"strings"
	"testing"
	"time"
)

// What an organisation's administrator decides of its phones reaches them and holds
// without a network: the lock comes sooner, whatever the person chose before, and the
// vault asks the server sooner. What was not sent stays, and goes up.
func TestWhatAnOrganisationDecidesOfItsPhones(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	b.Walk("/more")
	b.NotSee("20 minuter")
	b.Tap("10 minuter")

	eva := Open(t, p.URL, Desk)
	eva.SignIn(p, "eva")
	eva.Walk("/more")
	eva.Tap("Telefonernas lås")
	eva.Fill("Minuter utan att någon rör appen", "0")
	eva.Fill("Dagar utan kontakt med servern", "2")
	eva.Tap("Spara tiderna")
	eva.See("Skriv ett tal, 1 till 30")
	eva.Fill("Minuter utan att någon rör appen", "3")
	eva.Tap("Spara tiderna")
	eva.See("Sparat. Det gäller på varje telefon")

	b.Load("/more")
	b.Unlock()
	b.See("3 minuter") // on the screen that stood there when the server told
	b.NotSee("10 minuter")
	b.Walk("/")
	visit := b.links("/visit/", 1)[0]
	link.Cut()
	b.Walk(visit)
	b.saveNote("Skriven innan den låste sig.")
	b.Eval(`dispatchEvent(new Event('pointerdown'))`) // from here on nobody touches it
	b.passes(2)
	b.Gate("in")
	b.passes(2)
	b.Gate("locked")
	b.See("En sak väntar på att skickas")
	b.Unlock()

	b.Clock(3 * 24 * time.Hour)
	b.Load("/tray")
	b.Gate("locked")
	b.Fill("Lösenfras", b.Passphrase)
	b.Tap("Lås upp")
	b.See("Telefonen har inte haft kontakt med servern på länge", "En sak väntar på att skickas")
	b.Gate("locked")
	link.Heal()
	b.Unlock()
	b.Synced()
	b.See("Skriven innan den låste sig.", "Sparat hos servern")
}

// A phone that was unlocked without a network hears of it when it meets the server.
func TestADecisionReachesAPhoneThatWasUnlockedOffline(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	b.Quit() // so that the session is on the phone's disk
	SignIn(t, p, "eva").request(t, "PUT", "/api/limits", "application/json", strings.NewReader(`{"lease":7,"unused":3,"hidden":1}`), nil)
	b.Start()
	link.Cut()
	b.Load("/")
	b.Unlock()
	b.answered("/api/session", 0)
	link.Heal()
	b.Eval(`dispatchEvent(new Event('online'))`)
	b.Synced()
	metServer(b)
	b.Walk("/more")
	b.See("3 minuter")
}
