package apptest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// The session's cookie changes while a phone is worked with, in two tabs: nothing of it
// is seen. When an earlier value of it comes back from elsewhere both are signed out; the
// phone says so, what was written on it stays, and goes up once after signing in again.
func TestACookieChangesWhileAPhoneIsUsed(t *testing.T) {
	t.Parallel()
	p := Start(t, "", "-renew", "1s")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	first := b.cookie()
	second := b.Tab()
	second.Load("/more")
	second.Gate("in")
	visit := b.links("/visit/", 1)[0]
	b.Walk(visit)
	b.saveNote("Skriven medan kakan byts.")
	Retry(t, "the cookie is another, and the one before counts no more", func() error {
		second.Load("/more")
		second.Gate("in")
		second.answered("/api/session", http.StatusOK)
		if now := second.cookie(); numberOf(t, now) < numberOf(t, first)+2 {
			return fmt.Errorf("it was %s and is %s", first, now)
		}
		return nil
	})
	b.Synced()
	for _, tab := range []*Browser{b, second} {
		tab.NotSee(signedOut)
	}
	link.Cut()
	b.saveNote("Skriven innan kopian kom.")
	if status := b.askWith(link, http.MethodGet, first); status != http.StatusUnauthorized {
		t.Errorf("an earlier value: %d", status)
	}
	link.Heal()
	b.Eval(`dispatchEvent(new Event('online'))`)
	b.See(signedOut)
	b.somethingUnsent()
	b.signsInAgain()
	b.Synced()
	b.Walk("/devices")
	b.See("Någon använde en gammal kopia av en av dina inloggningar")
	notes := notesOf(t, SignIn(t, p, "jonna"))
	for _, note := range []string{"Skriven medan kakan byts.", "Skriven innan kopian kom."} {
		if notes[note] != 1 {
			t.Errorf("the server has %q %d times", note, notes[note])
		}
	}
}

// numberOf is how often the value of a session's cookie has changed.
func numberOf(t *testing.T, value string) int {
	t.Helper()
	parts := strings.Split(value, ".")
	if len(parts) == 1 {
		return 0
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil || len(parts) != 3 {
		t.Fatalf("the cookie is %q: %v", value, err)
	}
	return n
}
