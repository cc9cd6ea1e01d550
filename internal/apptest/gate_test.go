package apptest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// The phone's own lock (a passkey's PRF) makes the vault and opens it without a
// network; a finger that is not the person's opens nothing.
func TestThePhonesOwnLock(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	lock := b.Authenticator()
	b.Load("/in")
	b.Fill("Kod", p.Login("kim").Code)
	b.Tap("Logga in med koden")
	b.See("Telefonens eget lås")
	b.Tap("Använd telefonens lås")
	b.Synced()
	b.onThePhone()
	b.See("Nästa besök")

	link.Cut()
	b.Load("/")
	b.Gate("locked")
	b.Tap("Lås upp med telefonens lås")
	b.Gate("in")
	b.See("Nästa besök")

	b.Load("/")
	b.Gate("locked")
	b.Verified(lock, false)
	b.Tap("Lås upp med telefonens lås")
	b.See("Telefonens lås öppnades inte")
	b.Gate("locked")
}

// Authenticator gives the phone a lock of its own, as the browser's tools make it.
func (b *Browser) Authenticator() string {
	b.tb.Helper()
	b.call("WebAuthn.enable", map[string]any{})
	answer := b.ask("WebAuthn.addVirtualAuthenticator", map[string]any{"options": map[string]any{
		"protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true, "hasPrf": true,
		"isUserVerified": true, "automaticPresenceSimulation": true,
	}})
	return fmt.Sprint(answer["authenticatorId"])
}

// Verified says whether the lock will know the finger. One touch that it does not know
// uses up all tries of Chromium's virtual authenticator: from then on it refuses every
// touch, also when no word of the app is involved.
func (b *Browser) Verified(authenticator string, verified bool) {
	b.tb.Helper()
	b.call("WebAuthn.setUserVerified", map[string]any{"authenticatorId": authenticator, "isUserVerified": verified})
}

// skips makes time pass in the page, at once.
func (b *Browser) skips(minutes int) {
	b.tb.Helper()
	b.Eval(fmt.Sprintf(`(() => { const before = Date.now.bind(Date); Date.now = () => before() + %d; })()`, minutes*60_000))
}

// A phone that lay out of sight for longer than its organisation allows is locked before
// the first frame on return: nothing of what was on the screen is seen again. One that
// was away for a moment goes on where it was.
func TestItLocksWhileNobodySeesIt(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	b := Open(t, p.URL, SmallPhone)
	b.SignIn(p, "kim")
	b.Go(b.links("/visit/", 1)[0])
	b.See("Varför det här besöket")
	b.away(1)
	b.Gate("in")
	b.See("Varför det här besöket")
	if covered := b.Eval(`String('covered' in document.documentElement.dataset)`); covered != "false" {
		t.Error("after a moment away it stays covered")
	}
	if frames := b.away(3); strings.Contains(frames, "visible") {
		t.Errorf("what was on the screen is seen on return: %s", frames)
	}
	b.Gate("locked")
	b.NotSee("Varför det här besöket")
	b.Unlock()
	b.See("Varför det här besöket")
}

// covering says whether something lies over the whole page.
const covering = `((over) => (over.content !== 'none' && over.position === 'fixed' && over.inset === '0px' ? 'covered' : 'visible'))(getComputedStyle(document.body, '::after'))`

// away turns the phone over for some minutes and looks at what each frame after it has
// come back shows of the page: covered or visible.
func (b *Browser) away(minutes int) (frames string) {
	b.tb.Helper()
	turned := `(to) => { Object.defineProperty(document, 'visibilityState', { value: to, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }`
	b.Eval(`(` + turned + `)('hidden')`)
	if over := b.Eval(covering); over != "covered" {
		b.tb.Fatalf("out of sight the screen is %s", over)
	}
	frames, _ = b.eval(`(async (minutes) => {
		const before = Date.now.bind(Date);
		Date.now = () => before() + minutes * 60_000;
		(` + turned + `)('visible');
		const seen = [];
		for (let n = 0; n < 3; n++) {
			seen.push(` + covering + `);
			await new Promise(requestAnimationFrame);
		}
		return seen.join();
	})(` + fmt.Sprint(minutes) + `)`) // the page may be gone meanwhile: it was locked
	return frames
}

// passes is skips, with somebody who looks at the screen each minute and touches nothing.
// The page may go away meanwhile. Time passes in all tabs that share it: in one alone it
// would be a clock that was turned back for the others, upon which they lock.
func (b *Browser) passes(minutes int) {
	b.tb.Helper()
	b.sharesTime()
	for range minutes {
		_, _ = b.eval(`(() => { localStorage.setItem('test-passed', String(Number(localStorage.getItem('test-passed')) + 60_000)); document.dispatchEvent(new Event('visibilitychange')); })()`)
	}
}

// sharesTime lets the page's time pass with that of the other tabs that share it.
func (b *Browser) sharesTime() {
	b.tb.Helper()
	b.Eval(`(() => { if (globalThis.sharesTime) return; globalThis.sharesTime = true; const before = Date.now.bind(Date), passed = () => Number(localStorage.getItem('test-passed')), from = passed(); Date.now = () => before() + passed() - from; })()`)
}

// After ten wrong passphrases the phone alone opens nothing any more, not even
// with the right one; with the server's help it does, and nothing was lost.
func TestTenWrongPassphrases(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	b.Quit() // so that the session is on the phone's disk
	b.Start()
	link.Cut()
	b.Load("/")
	for n := 1; n <= 10; n++ {
		b.Gate("locked")
		b.Fill("Lösenfras", "fel ord nummer "+strings.Repeat("x", n))
		b.Tap("Lås upp")
		b.See(map[bool]string{true: "Lösenfrasen stämmer inte", false: "Det blev tio fel"}[n < 10])
		if n == 3 {
			b.See("Vänta")
			b.Load("/") // starting anew is no way around
			b.See("Vänta")
		}
		b.skips(2)
	}
	b.See("Nu behöver telefonen nät")
	b.Fill("Lösenfras", b.Passphrase)
	b.Tap("Lås upp")
	b.NotSee("Låser upp …")
	if at := b.Gate(""); at != "locked" {
		t.Fatalf("without a network it is %s", at)
	}
	link.Heal()
	b.skips(2)
	b.Unlock()
	b.Synced()
	b.See("Nästa besök")
}

// IndexedDB is thrown away; without a network, the journal alone opens, and the
// unsent work is there and goes up.
func TestUnlockedFromTheJournalAlone(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	visit := b.links("/visit/", 1)[0]
	b.Quit()
	b.Start()
	link.Cut()
	b.Go(visit)
	b.saveNote("Skriven innan tabellerna försvann.")
	b.call("Storage.clearDataForOrigin", map[string]any{"origin": b.Origin, "storageTypes": "indexeddb"})
	b.Kill()
	b.Start()
	b.Load("/tray")
	b.See("Bokvar är låst", "En sak väntar på att skickas")
	b.Unlock()
	b.See("Skriven innan tabellerna försvann.", "1 på telefonen")
	link.Heal()
	b.Eval(`dispatchEvent(new Event('online'))`)
	b.Synced()
	if n := notesOf(t, SignIn(t, p, "jonna"))["Skriven innan tabellerna försvann."]; n != 1 {
		t.Errorf("the server has the note %d times", n)
	}
}

// It locks itself in all tabs when nobody has touched it for long, keeps what was
// being typed, and one unlocking opens all tabs again. The phone's signing key is
// known to the server.
func TestItLocksItself(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	b := Open(t, p.URL, SmallPhone)
	b.SignIn(p, "kim")
	Retry(t, "the server knows the signing key", func() error {
		if status := b.Eval(`String(performance.getEntriesByType('resource').filter(e => e.name.endsWith('/api/device/signing')).map(e => e.responseStatus))`); status != "204" {
			return fmt.Errorf("it answered %q", status)
		}
		return nil
	})
	visit := b.links("/visit/", 1)[0]
	second := b.Tab()
	second.Load("/")
	second.Gate("in")
	b.Go(visit)
	b.Gate("in")
	b.Fill("Anteckning", "Halvskriven när telefonen låste sig")
	b.See("På telefonen")
	second.sharesTime()
	b.passes(9)
	b.Gate("in")
	b.passes(2)
	b.Gate("locked")
	second.Gate("locked")
	if shown := b.Text() + second.Text(); strings.Contains(shown, "gatan") || strings.Contains(shown, "Kim") {
		t.Errorf("the lock says %s", shown)
	}
	b.Unlock()
	second.Gate("in")
	b.until("find the draft again", func(string) bool {
		v, _ := b.eval(`document.querySelector('textarea').value`)
		return v == "Halvskriven när telefonen låste sig"
	})
}

// A session that is over begins anew with the passphrase alone: while the vault
// is open, and after signing out; what was written meanwhile goes up.
func TestSigningInAgain(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	b := Open(t, p.URL, SmallPhone)
	b.SignIn(p, "kim")
	visit := b.links("/visit/", 1)[0]
	b.Walk(visit)
	b.Eval(`fetch('/api/session', { method: 'DELETE', headers: { 'X-Bokvar': '1' } }).then(r => r.status)`)
	b.See("Du är utloggad")
	b.saveNote("Skriven medan sessionen var slut.")
	b.Walk("/in")
	b.See("Logga in igen")
	b.Fill("Lösenfras", b.Passphrase)
	b.Tap("Logga in")
	b.Synced()
	if n := notesOf(t, SignIn(t, p, "jonna"))["Skriven medan sessionen var slut."]; n != 1 {
		t.Errorf("the server has the note %d times", n)
	}

	b.Walk("/more")
	b.Tap("Logga ut")
	b.Gate("out")
	b.See("Logga in igen")
	b.Fill("Lösenfras", "fyra helt andra ord")
	b.Tap("Logga in")
	b.See("Lösenfrasen stämmer inte")
	b.Fill("Lösenfras", b.Passphrase)
	b.Tap("Logga in")
	b.Synced()
	b.See("Nästa besök")
}

// Whoever came through their organisation's provider can sign out there as well: the
// session ends here first. (The provider itself: TestSigningOutAtARealProvider.)
func TestSigningOutAtTheProviderAsWell(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	b := Open(t, p.URL, SmallPhone)
	b.SignIn(p, "kim")
	b.Walk("/more")
	b.See("Logga ut")
	b.NotSee("också hos")
	b.Before(`(() => { const ask = fetch; globalThis.fetch = (path, how) => path === '/api/oidc/out'
		? Promise.resolve(Response.json({ name: 'Sjöberga kommun', url: '/withdraw' })) : ask(path, how); })()`)
	b.Load("/more")
	b.Unlock()
	b.Tap("Logga ut, också hos Sjöberga kommun")
	b.until("be where the provider is", func(string) bool { return b.path() == "/withdraw" })
	b.drawn()
	if status := b.Eval(`fetch('/api/session').then(r => String(r.status))`); status != "401" {
		t.Errorf("the session goes on: %s", status)
	}
	b.Load("/")
	b.See("Logga in igen")
}

// After a week without the server the vault asks it first; unsent work stays, and
// a clock that is turned back does not help.
func TestAWeekWithoutTheServer(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	b.Walk(b.links("/visit/", 1)[0])
	link.Cut()
	b.saveNote("Skriven före den långa resan.")
	for _, days := range []int{8, -8} {
		b.Clock(time.Duration(days) * 24 * time.Hour)
		b.Load("/tray")
		b.Gate("locked")
		b.See("En sak väntar på att skickas")
		b.Fill("Lösenfras", b.Passphrase)
		b.Tap("Lås upp")
		b.See("Telefonen har inte haft kontakt med servern på länge")
		b.Gate("locked")
	}
	link.Heal()
	b.Unlock()
	b.Synced()
	b.See("Skriven före den långa resan.", "Sparat hos servern")
}

// A link that is opened in a window that shows the sign-in screen already.
func TestALinkArrivesInAnOpenWindow(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	b := Open(t, p.URL, SmallPhone)
	b.Load("/in")
	b.See("Kod")
	b.Eval(`location.hash = '!oidc_no_role', 'arrived'`)
	b.See("Du har ingen roll i Bokvar")
	b.Eval(fmt.Sprintf(`location.hash = %q, 'arrived'`, strings.SplitN(p.Login("kim").Link, "#", 2)[1]))
	b.NotSee("Du har ingen roll i Bokvar")
	b.Tap("Logga in")
	b.Enrol()
	b.Synced()
	b.See("Nästa besök")
}

// One passkey both unlocks and signs in: after signing out, and when the session ended
// while the vault was open. The server has seen its signature, never its secret.
func TestOnePasskeySignsInAndUnlocks(t *testing.T) {
	p := Start(t, "")
	b := Open(t, p.URL, SmallPhone)
	lock := b.Authenticator()
	b.Load("/in")
	b.Fill("Kod", p.Login("kim").Code)
	b.Tap("Logga in med koden")
	b.Tap("Använd telefonens lås")
	b.Synced()

	b.Walk("/more")
	b.Tap("Logga ut")
	b.Gate("out")
	b.See("Logga in igen")
	b.Tap("Lås upp med telefonens lås")
	b.Synced()
	b.See("Nästa besök")

	b.Eval(`fetch('/api/session', { method: 'DELETE', headers: { 'X-Bokvar': '1' } }).then(r => r.status)`)
	b.See("Du är utloggad")
	b.saveVisitNote("Skriven medan sessionen var slut.")
	b.Walk("/in")
	b.Tap("Lås upp med telefonens lås")
	b.Synced()
	if n := notesOf(t, SignIn(t, p, "jonna"))["Skriven medan sessionen var slut."]; n != 1 {
		t.Errorf("the server has the note %d times", n)
	}

	b.Walk("/more")
	b.Tap("Logga ut")
	b.Gate("out")
	b.Verified(lock, false) // another's finger
	b.Tap("Lås upp med telefonens lås")
	b.See("Telefonens lås öppnades inte")
	b.Gate("out")
}

// saveVisitNote writes it at the first visit of the day.
func (b *Browser) saveVisitNote(words string) {
	b.tb.Helper()
	b.Walk("/")
	b.Walk(b.links("/visit/", 1)[0])
	b.saveNote(words)
}

// Ways to unlock are added, changed and taken away, each after unlocking once more;
// the last one stays. What was taken away opens nothing, in other tabs too.
func TestWaysToUnlock(t *testing.T) {
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.Authenticator()
	b.SignIn(p, "kim")
	second := b.Tab()
	second.Load("/more")
	second.Gate("in")

	b.Walk("/ways")
	b.See("Ha gärna två sätt")
	b.NotSee("Ta bort")
	b.Tap("Lägg till telefonens eget lås")
	b.Fill("Lösenfras", "inte den här")
	b.Tap("Gå vidare")
	b.See("Lösenfrasen stämmer inte")
	b.Fill("Lösenfras", b.Passphrase)
	b.Tap("Gå vidare")
	b.See("Klart.", "Ta bort lösenfrasen", "Ta bort telefonens eget lås")
	second.Gate("in") // it comes back with the new ways

	before := b.Passphrase
	b.Tap("Byt lösenfras")
	b.Fill("Skriv de fyra orden", "blomkruka visselpipa kanot mandarin")
	b.Tap("Använd lösenfrasen")
	b.See("Lås upp en gång till")
	b.Tap("Lås upp med telefonens lås")
	b.See("Klart.")
	b.Passphrase = "blomkruka visselpipa kanot mandarin"

	lockAll := func() {
		t.Helper()
		b.Walk("/more")
		b.Tap("Lås nu")
		b.Gate("locked")
		second.Gate("locked")
	}
	lockAll()
	link.Cut()
	b.Fill("Lösenfras", before)
	b.Tap("Lås upp")
	b.See("Lösenfrasen stämmer inte")
	b.Tap("Lås upp med telefonens lås")
	b.Gate("in")
	link.Heal()
	b.Synced()

	b.Walk("/ways")
	b.Tap("Ta bort telefonens eget lås")
	b.Fill("Lösenfras", b.Passphrase)
	b.Tap("Gå vidare")
	b.See("Borttaget.")
	b.NotSee("Ta bort")
	lockAll()
	b.NotSee("Lås upp med telefonens lås")
	link.Cut()
	b.Unlock()
	link.Heal()
	b.Walk("/more")
	b.Synced()
	b.Tap("Logga ut")
	b.Gate("out")
	b.Fill("Lösenfras", b.Passphrase) // the server knows the new one
	b.Tap("Logga in")
	b.Synced()
}
