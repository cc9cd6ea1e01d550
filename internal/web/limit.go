package web

import (
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// Limits of how often somebody may ask. They are far above what the app needs and
// keep one that runs wild, or somebody who guesses, from taking the server from the
// others: each device and each person has their own, so nobody uses up another's,
// and an address counts only for those who have not signed in.
const (
	devicePace, deviceBurst   = 50, 1000 // a second; at once, after a pause
	personPace, personBurst   = 100, 3000
	addressPace, addressBurst = 20, 400 // a town hall stands behind one address, and has signed in

	limitKeys = 50_000 // remembered; more begins anew
)

var errSlowDown = &casework.Error{Code: "slow_down", Sentence: "Det kom för mycket på en gång härifrån. Vänta några sekunder och försök igen. Inget har gått förlorat."}

// limiter is a bucket of tokens for each key, filled as time goes.
type limiter struct {
	clock   func() time.Time
	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

func newLimiter(clock func() time.Time) *limiter {
	return &limiter{clock: clock, buckets: map[string]*bucket{}}
}

// allows takes a token of the key; false when there is none.
func (l *limiter) allows(key string, pace, burst float64) bool {
	now := l.clock()
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[key]
	if b == nil {
		if len(l.buckets) >= limitKeys {
			clear(l.buckets)
		}
		b = &bucket{tokens: burst, at: now}
		l.buckets[key] = b
	}
	b.tokens = min(burst, b.tokens+pace*now.Sub(b.at).Seconds())
	b.at = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// paceOf keeps somebody who is signed in to their pace.
func (w *Web) paceOf(s *signed) error {
	device := s.member.ID + " " + s.session.Device
	if !w.limits.allows("device "+device, devicePace, deviceBurst) || !w.limits.allows("person "+s.member.ID, personPace, personBurst) {
		return errSlowDown
	}
	return nil
}

// paceOfStranger keeps an address to its pace, for those who are not signed in.
func (w *Web) paceOfStranger(c *fiber.Ctx) error {
	if !w.limits.allows("address "+networkOf(w.addressOf(c)), addressPace, addressBurst) {
		return errSlowDown
	}
	return nil
}

// networkOf is the address, for IPv6 its /64: one subscriber has all of that.
func networkOf(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return strings.Clone(address) // Fiber reuses its buffers
	}
	if a = a.Unmap(); a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
