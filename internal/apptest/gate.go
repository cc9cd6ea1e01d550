package apptest

import (
	"fmt"
	"strings"
)

// SignIn opens the person's link and taps, as they would, and chooses the four
// words that the app offers as a lock.
func (b *Browser) SignIn(p *Program, person string) {
	b.tb.Helper()
	b.Load("/in#" + strings.SplitN(p.Login(person).Link, "#", 2)[1])
	b.Tap("Logga in")
	b.Enrol()
	b.Synced()
}

// Enrol writes the offered words down and types them.
func (b *Browser) Enrol() {
	b.tb.Helper()
	b.See("Skriv de fyra orden")
	b.Passphrase = b.Eval(`document.querySelector('.words').innerText`)
	if len(strings.Fields(b.Passphrase)) != 4 {
		b.tb.Fatalf("the app offers %q", b.Passphrase)
	}
	b.Fill("Skriv de fyra orden", b.Passphrase)
	b.Tap("Använd lösenfrasen")
	b.Gate("in")
}

// Go opens a path of the app, and unlocks when it is locked.
func (b *Browser) Go(path string) {
	b.tb.Helper()
	b.Load(path)
	if b.Gate("") == "locked" {
		b.Unlock()
	}
}

// Unlock types the passphrase.
func (b *Browser) Unlock() {
	b.tb.Helper()
	b.Gate("locked")
	b.Fill("Lösenfras", b.Passphrase)
	b.Tap("Lås upp")
	b.Gate("in")
}

// Gate waits until the app knows how the person stands before their vault ("out",
// "enrol", "locked" or "in"), and until it is that when one is given.
func (b *Browser) Gate(want string) (at string) {
	b.tb.Helper()
	Retry(b.tb, "the gate is "+want, func() (err error) {
		at, err = b.eval(`document.documentElement.dataset.gate || 'starting'`)
		if err == nil && (at == "starting" || want != "" && at != want) {
			shown, _ := b.eval(text)
			err = fmt.Errorf("it is %s; the screen says: %.600s", at, shown)
		}
		return err
	})
	return at
}
