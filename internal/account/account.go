// Package account lets people in and out: invitations, sessions, and the limits
// on guessing.
//
// # Invitations
//
// A person gets in with a link or a typed code, each good once and for
// [InvitationLife]. A link carries 256 random bits, so its SHA-256 is kept. A
// code has eight characters of an alphabet without look-alikes, so it is
// stretched with argon2id under a salt from a key that lies outside the database,
// and a code allows [MaxTries] tries. Wrong, unknown, used and expired are one
// answer after one amount of work.
//
// # Sessions
//
// A session is a random secret in a cookie, of which only the SHA-256 is kept. It ends
// [SessionIdle] after it was last used, when it is signed out, when its person is
// disabled, and [SessionLife] after it was made in any case. The cookie's value changes
// (renew.go), and an older one that comes back ends the session. Once the device has a
// vault ([Service.Enrol]) the cookie alone opens nothing: whoever copies it from a
// disk lacks the proof that lies sealed beside it.
//
// # Devices
//
// A device keeps what it carries under a data key of its own, which never leaves
// it. Here lie only copies wrapped by a passphrase or passkey, sealed once more,
// and a verifier for signing in again on the same device. A device that is lost is
// blocked or wiped (device_lost.go): [Service.Check] is the one place that keeps it
// out, and no session begins on it.
//
// # What this is not
//
// The package knows no HTTP: cookies, headers and status codes are package web's.
package account

import (
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"

	"bokvar/internal/casework"
)

// Times and limits of getting in.
const (
	InvitationLife = 24 * time.Hour
	SessionIdle    = 30 * 24 * time.Hour
	SessionLife    = 365 * 24 * time.Hour // must be more than SessionIdle
	FreshLife      = InvitationLife       // of a session whose device has not been enrolled
	MaxTries       = 10                   // of one code, and of one device's passphrase in ten minutes

	RenewEvery   = time.Hour       // a session's cookie gets a new value at most this often, and when its vault is made or changed
	RenewOverlap = 5 * time.Minute // a value counts for so long after the next one was first shown; far more than a browser takes to write a cookie down (30 s)

	touchEvery = time.Hour // a session's use is written down at most this often; must be far less than SessionIdle
)

// Answers to somebody who could not be let in. Each is one sentence, whatever the reason behind it.
var (
	ErrInvalidCode     = &casework.Error{Code: "invalid_code", Sentence: "Länken eller koden gäller inte. Be den som gav dig den om en ny."}
	ErrTooMany         = &casework.Error{Code: "too_many_tries", Sentence: "Det har blivit för många försök. Vänta tio minuter och försök igen."}
	ErrWrongPassphrase = &casework.Error{Code: "wrong_passphrase", Sentence: "Lösenfrasen stämmer inte. Inget är borta. Försök igen."}
	ErrSignedOut       = &casework.Error{Code: "signed_out", Sentence: "Du är utloggad. Logga in igen."}
)

var errMalformed = &casework.Error{Code: "malformed", Sentence: "Servern kunde inte läsa det som skickades."}

// Service lets people in and out. Its methods may be called from any goroutine.
type Service struct {
	store    casework.AccountStore
	settings casework.SettingStore
	clock    func() time.Time
	pepper   []byte
	guard    *guard
	work     *line // one argon2 at a time needs 19 MiB; two are enough for a town

	// RenewEvery and RenewOverlap of its sessions; a test may shorten them before the first request.
	RenewEvery, RenewOverlap time.Duration

	contacts   contacts
	challenges challenges
	recoveries recoveries
}

const pepperName = "account.pepper"

// New returns a service. The key for salts is made at the first start and kept in settings.
func New(store casework.AccountStore, settings casework.SettingStore, clock func() time.Time) (*Service, error) {
	pepper, err := settings.Setting(pepperName)
	if err != nil {
		return nil, err
	}
	if pepper == nil {
		pepper = random(32)
		if err := settings.PutSetting(pepperName, pepper); err != nil {
			return nil, err
		}
	}
	return &Service{store: store, settings: settings, clock: clock, pepper: pepper, guard: newGuard(clock), work: newLine(2), challenges: challenges{clock: clock}, RenewEvery: RenewEvery, RenewOverlap: RenewOverlap}, nil
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return b
}

func digest(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:]
}

// guard counts failed tries per key in a sliding window. A key is an address, or
// an address with a code's first half, so that nobody's guessing locks out others.
type guard struct {
	clock func() time.Time
	mu    sync.Mutex
	fails map[string]*window
}

type window struct {
	since time.Time
	count int
}

const (
	guardWindow   = 10 * time.Minute
	perAddress    = 60 // a town hall behind one address mistypes too
	perHandle     = 5  // from one address; must be less than MaxTries
	guardCapacity = 50_000
)

func newGuard(clock func() time.Time) *guard {
	return &guard{clock: clock, fails: map[string]*window{}}
}

// allows says whether the key has tries left.
func (g *guard) allows(key string, limit int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	w := g.fails[key]
	return w == nil || w.count < limit || g.clock().Sub(w.since) >= guardWindow
}

// lately is how often the key has failed in its window.
func (g *guard) lately(key string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	if w := g.fails[key]; w != nil && g.clock().Sub(w.since) < guardWindow {
		return w.count
	}
	return 0
}

func (g *guard) failed(keys ...string) {
	now := g.clock()
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.fails) > guardCapacity {
		g.forget(now)
	}
	for _, key := range keys {
		w := g.fails[key]
		if w == nil || now.Sub(w.since) >= guardWindow {
			w = &window{since: now}
			g.fails[key] = w
		}
		w.count++
	}
}

func (g *guard) forget(now time.Time) {
	for key, w := range g.fails {
		if now.Sub(w.since) >= guardWindow {
			delete(g.fails, key)
		}
	}
	if len(g.fails) > guardCapacity { // a flood from many addresses: start over rather than grow
		clear(g.fails)
	}
}
