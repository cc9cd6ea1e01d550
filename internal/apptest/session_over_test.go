package apptest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// The session is ended by the server while the outbox is on its way up, and while a
// first sync is on its way down: the screen says so and that what was written is
// kept, what it calls saved is on the server, and after signing in again both go on
// where they were. Nothing is lost, nothing is there twice.
func TestSessionEndsInTheMiddleOfASync(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	visits := b.links("/visit/", 2)
	visit, long := visits[0], visits[1]
	jonna := SignIn(t, p, "jonna")
	b.carriesLongNotes(t, jonna, long)
	b.Quit() // so that the session is on the phone's disk
	b.Start()
	f := &faulty{T: t, b: b, link: link, server: jonna}
	link.Cut()
	b.Go(visit)
	f.writesMuch("skriven utan nät", 20)

	f.goesUpSlowly(6 << 10)
	b.sessionEnds(link)
	b.See(signedOut)
	f.truthful("signed out while the outbox goes up")
	b.somethingUnsent()
	f.writes("skriven medan sessionen är slut", 1)
	b.See(signedOut)
	link.Change(Weather{})
	b.signsInAgain()
	b.Synced()
	b.Walk(visit)
	b.See(f.written[0])
	f.truthful("signed in again")
	f.onceEach()

	b.Quit()
	b.Start()
	b.ForgetCopy()
	link.Change(Weather{Rate: 32 << 10})
	b.watchesTheFetch()
	b.Go("/")
	before := b.fetchedAPart()
	b.sessionEnds(link)
	b.See(signedOut)
	b.NotSee("Hämtar dina ärenden")
	b.Walk(visit)
	f.writes("skriven mitt i hämtningen", 1) // with what has come one works on
	b.somethingUnsent()
	link.Change(Weather{})
	b.signsInAgain()
	b.Synced()
	all := b.toldOfTheFetch()
	forwards(t, "over a session that ended", all)
	for _, now := range all {
		if now.Done < before.Done && now.Share > before.Share {
			t.Errorf("it had come to %+v and fetched again: %+v", before, now)
		}
	}
	b.Walk(visit)
	b.See(f.written[0])
	f.truthful("after the first sync")
	f.onceEach()
	b.hasLongNotes(long, "after the first sync")
	verified(t, p)
}

const signedOut = "Du är utloggad. Logga in igen, det du har skrivit är kvar på telefonen."

// sessionEnds ends the browser's session at the server, as signing out elsewhere,
// an administrator or time does. The browser learns of it from the server alone.
func (b *Browser) sessionEnds(link *Link) {
	b.tb.Helper()
	if status := b.askWith(link, http.MethodDelete, b.cookie()); status != http.StatusNoContent {
		b.tb.Fatalf("end the session: %d", status)
	}
}

// cookie is the value of the session's that the browser holds.
func (b *Browser) cookie() string {
	b.tb.Helper()
	answer := b.ask("Network.getCookies", map[string]any{"urls": []string{b.Origin}})
	cookies, _ := answer["cookies"].([]any)
	for _, c := range cookies {
		if cookie, _ := c.(map[string]any); cookie["name"] == "bokvar" {
			return fmt.Sprint(cookie["value"])
		}
	}
	b.tb.Fatalf("the browser has no session: %v", cookies)
	return ""
}

// askWith asks about the session with a cookie, from elsewhere: by the way that the
// weather does not touch.
func (b *Browser) askWith(link *Link, method, cookie string) int {
	b.tb.Helper()
	req, err := http.NewRequest(method, "http://"+link.target+"/api/session", nil)
	if err != nil {
		b.tb.Fatalf("%v", err)
	}
	req.Host = strings.TrimPrefix(b.Origin, "http://")
	req.Header.Set("Origin", b.Origin)
	req.Header.Set("X-Bokvar", "1")
	req.AddCookie(&http.Cookie{Name: "bokvar", Value: cookie})
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.tb.Fatalf("%s with a cookie: %v", method, err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// signsInAgain taps what the screen offers to whom the server has signed out.
func (b *Browser) signsInAgain() {
	b.tb.Helper()
	b.Tap("Logga in")
	b.See("Lösenfras")
	b.Fill("Lösenfras", b.Passphrase)
	b.Tap("Logga in")
	b.NotSee(signedOut)
}

// somethingUnsent sees that the screen says how much is on the phone alone.
func (b *Browser) somethingUnsent() {
	b.tb.Helper()
	unsent := b.Eval(`document.documentElement.dataset.unsent`)
	if unsent == "0" {
		b.tb.Fatalf("nothing is unsent: it was not in the middle")
	}
	b.inTray("Bara på telefonen (" + unsent + ")")
}

// inTray looks into the tray and comes back.
func (b *Browser) inTray(words ...string) {
	b.tb.Helper()
	from := b.path()
	b.Walk("/tray")
	b.See(words...)
	b.Walk(from)
}

// writesMuch writes long notes that cannot be compressed to less than half, so that
// they are some time on their way.
func (f *faulty) writesMuch(about string, n int) {
	f.Helper()
	for range n {
		note := fmt.Sprintf("Anteckning %d: %s. %s", len(f.written), about, noise())
		if !f.b.saveNote(note) {
			f.Fatalf("%.60q could not be kept", note)
		}
		f.written = append(f.written, note)
	}
}

// goesUpSlowly heals a link that was cut, at so many bytes a second, and returns when
// some of what was written is with the server and some is not.
func (f *faulty) goesUpSlowly(rate int) {
	f.Helper()
	all := f.b.Eval(`document.documentElement.dataset.unsent`)
	f.link.Change(Weather{Rate: rate})
	f.link.Heal()
	f.b.Eval(`dispatchEvent(new Event('online'))`)
	Retry(f.T, "a part of the outbox is up", func() error {
		now, err := f.b.eval(`document.documentElement.dataset.unsent`)
		if err == nil && now == all {
			err = errors.New("all " + all + " wait yet")
		}
		if now == "0" {
			f.Fatalf("all of it was up at once: it was not in the middle")
		}
		return err
	})
}

// fetchedAPart waits until a fifth of a long fetch has come.
func (b *Browser) fetchedAPart() told {
	b.tb.Helper()
	var last told
	Retry(b.tb, "a part has come", func() error {
		all := b.toldOfTheFetch()
		if n := len(all); n > 0 {
			last = all[n-1]
		}
		if last.Share < 0.2 {
			return fmt.Errorf("so far it said %v", all)
		}
		return nil
	})
	return last
}

const longNotes = 100 // about half a megabyte on its way

// carriesLongNotes lets somebody write them on a visit, and waits until the phone has them.
func (b *Browser) carriesLongNotes(t *testing.T, who Person, visit string) {
	t.Helper()
	writeLongNotes(t, who, strings.TrimPrefix(visit, "/visit/"), longNotes)
	b.hasLongNotes(visit, "as they are written")
	b.Synced()
}

// hasLongNotes goes to the visit and waits until all of them are there.
func (b *Browser) hasLongNotes(visit, when string) {
	b.tb.Helper()
	b.Walk(visit)
	Retry(b.tb, "all long notes, "+when, func() error {
		if n := b.longNotes(); n != longNotes {
			return fmt.Errorf("there are %d", n)
		}
		return nil
	})
}

// longNotes counts those of writeLongNotes that the open visit shows.
func (b *Browser) longNotes() (n int) {
	b.tb.Helper()
	_, _ = fmt.Sscan(b.Eval(`String([...document.querySelectorAll('article .written')].filter(e => /^[0-9a-f]{8000}$/.test(e.textContent)).length)`), &n)
	return n
}
