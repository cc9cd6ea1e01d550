package apptest

import (
	"fmt"
	"strings"
	"testing"
)

// A new version of the app comes while somebody is signing: it is not let in, whether a
// colleague holds the phone or the tenant, and whichever tab would; the strokes are there
// when the app is looked at again. It comes when the phone has been given back.
func TestANewVersionWaitsForASignature(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	good := version(t, p)
	b := Open(t, p.URL, SmallPhone)
	b.SignIn(p, "kim")
	visits := b.links("/visit/", 2)
	b.Walk(visits[0] + "/consent/own")
	b.signsHalf()

	newer, newVersion := newerApp(t, good)
	p.Kill()
	p.UseBinary(newer)
	p.Again()
	b.asksForUpdate()
	b.putAway()
	b.stays(good)
	b.hasSigned()

	tenant := b.Tab()
	tenant.Passphrase = b.Passphrase
	tenant.Load(visits[1] + "/consent")
	tenant.Gate("in")
	b.leaves() // there is one window when the phone is handed over
	tenant.Tap("Lämna över telefonen")
	tenant.Gate("handed")
	tenant.signsHalf()
	other := b.Tab()
	other.Load("/")
	other.Gate("locked")
	other.stays(good) // nobody has touched it: it would let the new version in
	tenant.putAway()
	tenant.stays(good)
	tenant.hasSigned()

	tenant.presses("Skriv under")
	tenant.holdsWords("Tack. Du har svarat ja")
	tenant.putAway()
	tenant.stays(good) // the code is shown once
	tenant.presses("Lämna tillbaka telefonen")
	tenant.Gate("locked")
	other.Passphrase = b.Passphrase
	other.Unlock()
	other.Synced()
	p.hasConsents(t, "Testa Provsson")
	tenant.leaves()
	other.putAway()
	other.running(newVersion)
}

// leaves closes the app in this window, and waits until it is gone.
func (b *Browser) leaves() {
	b.tb.Helper()
	b.Eval(`void setTimeout(() => location.replace('about:blank'))`)
	Retry(b.tb, "the window is empty", func() error {
		where, err := b.eval(`location.href`)
		if err == nil && where != "about:blank" {
			err = fmt.Errorf("it shows %s", where)
		}
		return err
	})
}

// presses is Tap in a page that is put away, where no finger comes.
func (b *Browser) presses(name string) {
	b.tb.Helper()
	if hit := b.Eval(fmt.Sprintf(`(() => { const e = [...document.querySelectorAll('button')].find((e) => e.textContent.includes(%s)); e?.click(); return String(!!e); })()`, quote(name))); hit != "true" {
		b.tb.Fatalf("nothing to press is called %s", name)
	}
}

// holdsWords is See in a page that is put away, which draws nothing that one could read.
func (b *Browser) holdsWords(words string) {
	b.tb.Helper()
	Retry(b.tb, "the page says “"+words+"”", func() error {
		said, err := b.eval(`document.body.textContent`)
		if err == nil && !strings.Contains(said, words) {
			err = fmt.Errorf("it says: %.600s", said)
		}
		return err
	})
}

// signsHalf answers the consent up to its signature, and begins to sign.
func (b *Browser) signsHalf() {
	b.tb.Helper()
	b.Tap("Jag har läst")
	b.Tap("Vårdcentralen")
	b.Tap("Gå vidare")
	b.Fill("Namn", "Testa Provsson")
	b.Tap("Jag har inget svenskt personnummer")
	b.Draw(0)
}

// hasSigned waits until the strokes are on the screen.
func (b *Browser) hasSigned() {
	b.tb.Helper()
	Retry(b.tb, "the strokes are there", func() error {
		label, err := b.eval(`document.querySelector('.pad canvas')?.getAttribute('aria-label') ?? 'no pad'`)
		if err == nil && !strings.Contains(label, "ifylld") {
			err = fmt.Errorf("it says %q", label)
		}
		return err
	})
}
