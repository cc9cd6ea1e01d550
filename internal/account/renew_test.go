package account

import (
	"errors"
	"strings"
	"testing"
	"time"

	"bokvar/internal/casework"
)

// held is what a browser holds of a session.
type held struct {
	t      *testing.T
	s      *Service
	cookie string
}

// ask is a request that the browser has the answer of: it holds what it is handed.
func (h *held) ask() {
	h.t.Helper()
	h.cookie = h.lost(h.cookie)
}

// lost is a request with the value whose answer nobody gets; it tells what it would have handed out.
func (h *held) lost(cookie string) string {
	h.t.Helper()
	m, session, err := h.s.Check(cookie, proofOf(1))
	if err != nil || m.ID != "kim" {
		h.t.Fatalf("%v %v", m, err)
	}
	return h.s.Renewed(session, cookie, false)
}

func newHeld(t *testing.T) (*held, *store, *clock) {
	s, st, c := service(t)
	return &held{t, s, enrolled(t, s, "kim", "d")}, st, c
}

// The value of a session's cookie changes with time, and what was followed by another
// is no way in: it ends the session for whoever copied it, and for whom it was.
func TestACookieIsRenewedAndNotReplayed(t *testing.T) {
	h, st, c := newHeld(t)
	first := h.cookie
	h.ask()
	if h.cookie != first {
		t.Error("it changes at each request")
	}
	seen := map[string]bool{first: true}
	for range 5 {
		c.move(RenewEvery)
		h.ask()
		if seen[h.cookie] {
			t.Fatal("an hour later it is as it was")
		}
		seen[h.cookie] = true
		h.ask()
		c.move(RenewOverlap)
		h.ask()
	}
	for cookie := range seen {
		if strings.Contains(cookie, ".") && h.s.valueOf(random(cookieBytes), 5) == cookie {
			t.Error("a value can be guessed")
		}
	}
	m, session, err := h.s.Check(first, "")
	if !errors.Is(err, ErrReplayed) || !errors.Is(err, ErrSignedOut) || m.ID != "kim" || session.Device != "d" {
		t.Errorf("the first value came back: %v %v %v", m, session, err)
	}
	if _, _, err := h.s.Check(h.cookie, proofOf(1)); err != ErrSignedOut || len(st.sessions) != 0 {
		t.Errorf("after that the newest value: %v", err)
	}
}

// That the session was used and that its next value was seen is one transaction, and most
// requests need none.
func TestAUseIsWrittenDownOnce(t *testing.T) {
	h, st, c := newHeld(t)
	c.move(RenewEvery)
	h.ask()
	before := st.uses
	c.move(RenewEvery)
	for range 3 {
		h.ask() // with the next value for the first time, and an hour after the last use
	}
	if n := st.uses - before; n != 1 {
		t.Errorf("it is written down %d times", n)
	}
	for _, x := range st.sessions {
		if !x.Seen.Equal(c.now) || !x.Newer.Equal(c.now) {
			t.Errorf("%+v at %s", x, c.now)
		}
	}
}

// An answer that was lost, a tab that was slow, a browser that died before it had
// written the cookie down: nobody is signed out by it.
func TestALostAnswerSignsNobodyOut(t *testing.T) {
	h, _, c := newHeld(t)
	first := h.cookie
	for range 20 { // for weeks no answer arrives
		c.move(24 * time.Hour)
		h.lost(first)
	}
	next := h.lost(first)
	if again := h.lost(first); again != next {
		t.Error("two tabs are handed different values")
	}
	h.lost(next)
	if got := h.lost(first); got != next {
		t.Error("a browser that forgot the next value is not handed it again")
	}
	c.move(RenewOverlap - time.Second)
	h.lost(next)
	h.lost(first) // a request that was under way
	c.move(24 * time.Hour)
	if got := h.lost(first); got != next { // it was killed at once, and comes back the next day
		t.Error("the value before is gone before the next one has proved to be kept")
	}
	if err := h.s.Still(first, proofOf(1)); err != nil {
		t.Errorf("its socket: %v", err)
	}
	if err := h.s.Still(next, proofOf(1)); err != nil {
		t.Errorf("the next one's socket: %v", err)
	}
	if err := h.s.Still(first, proofOf(1)); err != ErrRenewed {
		t.Errorf("a socket of the value before: %v", err)
	}
	if _, _, err := h.s.Check(next, proofOf(1)); err != nil {
		t.Errorf("a socket that was opened anew ended the session: %v", err)
	}
}

// What the server never sealed is no value, and one that it sealed before a backup was
// restored is.
func TestOnlyWhatTheServerSealedIsAValue(t *testing.T) {
	h, st, c := newHeld(t)
	c.move(RenewEvery)
	first := h.cookie
	h.ask()
	h.ask()
	parts := strings.Split(h.cookie, ".")
	other := h.s.valueOf(random(cookieBytes), 1)
	for _, wrong := range []string{
		parts[0] + ".2." + parts[2], parts[0] + ".1." + strings.Split(other, ".")[2], other, parts[0] + ".1", parts[0] + ".1.", parts[0] + ".",
		parts[0] + ".0." + parts[2], parts[0] + ".-1." + parts[2], parts[0] + ".01x." + parts[2], "." + parts[1] + "." + parts[2], h.cookie + ".", parts[0] + ".99999999999999999999." + parts[2],
	} {
		if _, _, err := h.s.Check(wrong, proofOf(1)); err != ErrSignedOut {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if _, _, err := h.s.Check(h.cookie, proofOf(2)); err != ErrSignedOut {
		t.Errorf("with another proof: %v", err)
	}
	backup := map[string]casework.Session{}
	for hash, x := range st.sessions {
		backup[hash] = x
	}
	for range 3 {
		c.move(RenewEvery)
		h.ask()
		h.ask()
	}
	c.move(RenewOverlap)
	h.ask()
	st.sessions = backup
	h.ask()
	if _, _, err := h.s.Check(first, proofOf(1)); !errors.Is(err, ErrReplayed) {
		t.Errorf("after a restore the first value: %v", err)
	}
}
