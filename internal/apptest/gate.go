package apptest

import (
	"errors"
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
	b.onThePhone()
}

// onThePhone waits until the app opens without a network: its worker is there. On a busy
// machine that may take longer than signing in.
func (b *Browser) onThePhone() {
	b.tb.Helper()
	Retry(b.tb, "the app is on the phone", func() error {
		state, err := b.eval(`navigator.serviceWorker.getRegistration().then((r) => r?.active ? 'active' : 'no worker is active')`)
		if err == nil && state != "active" {
			err = errors.New(state)
		}
		return err
	})
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
// "enrol", "locked" or "in"), and until it is that when one is given. A page whose process
// dies while it starts is opened again, as its person would, and that is said: Chromium
// 156 on a machine with ten times more to do than it can ends about one in five hundred
// so, in the journal's worker of the page before, where a file is written while the
// worker is being ended.
func (b *Browser) Gate(want string) (at string) {
	b.tb.Helper()
	reopened := 0
	Retry(b.tb, "the gate is "+want, func() (err error) {
		if b.died.Load() {
			if reopened++; reopened > 2 {
				b.tb.Fatalf("%v for the third time while %s was being opened", errDied, b.loaded)
			}
			b.tb.Logf("%v while %s was being opened; it is opened again", errDied, b.loaded)
			b.Load(b.loaded)
		}
		at, err = b.evalWithin(Patience/10, `document.documentElement.dataset.gate || 'starting'`)
		if err == nil && (at == "starting" || want != "" && at != want) {
			shown, _ := b.eval(text)
			loaded, _ := b.eval(`JSON.stringify({ at: location.pathname, page: document.readyState, worker: navigator.serviceWorker.controller?.state, loaded: performance.getEntriesByType('resource').map((e) => e.name.split('/').pop() + ' ' + e.responseStatus) })`)
			err = fmt.Errorf("it is %s; the screen says: %.600s; %s", at, shown, loaded)
		}
		return err
	})
	return at
}

// answered waits until the page has asked the server for the path and had that answer; 0: none.
func (b *Browser) answered(path string, status int) {
	b.tb.Helper()
	b.until(fmt.Sprintf("have asked for %s: %d", path, status), func(string) bool {
		v, _ := b.eval(fmt.Sprintf(`String(performance.getEntriesByType('resource').some(e => e.name.endsWith(%q) && e.responseStatus === %d))`, path, status))
		return v == "true"
	})
}
