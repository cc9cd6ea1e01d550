// Package web is the door: HTTP for the app, and the socket that devices keep open.
//
// # Where things are
//
// routes.go lists every path. Each handler is a file named noun_verb.go.
// errors.go turns codes into status, in one table. headers.go, origin.go, body.go,
// session.go and record.go are what every request passes through. bridge.go hands
// a Fiber request to gorilla/websocket.
//
// # Promises
//
// A write is taken only from the app's own origin; a tenant's withdrawal, which
// rides on no cookie, from anywhere. Nothing under /api is kept by
// a cache. Logs hold the route's pattern, never a path, query, body or name. A
// failure of the server's own is told as one sentence with a number that the log
// knows.
//
// # What this is not
//
// It decides nothing about records: what devices write goes to the sync engine
// through [Sockets], and the rest to services behind the interfaces below.
package web

import (
	"encoding/json"
	"io/fs"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"

	"bokvar/internal/access"
	"bokvar/internal/casework"
	"bokvar/internal/method"
	"bokvar/sync/rules"
	"bokvar/sync/server"
)

// Accounts lets people in and out. Errors with a code are [*casework.Error].
type Accounts interface {
	Redeem(link, code, device, address string) (cookie string, err error)
	// Check also wants what lies in the vault of the session's device, once it has one.
	Check(cookie, proof string) (*casework.Member, *casework.Session, error)
	// Still is Check for what goes on after a request: "session_renewed" when the cookie has
	// been followed by another.
	Still(cookie, proof string) error
	// Renewed is the value that the browser is to hold from now on; now: the next one also
	// before its time.
	Renewed(session *casework.Session, cookie string, now bool) string
	// Holder says whose cookie it is, to end the session; it opens nothing.
	Holder(cookie string) (*casework.Member, *casework.Session, error)
	End(cookie string) error
	Organisation(id string) (*casework.Organisation, error)

	SignInAgain(locker, auth, proof, address string) (cookie string, err error)
	// SignInByPasskey, like Enrol, wants to know where the app was.
	SignInByPasskey(locker, origin string, response []byte, proof, address string) (cookie string, err error)
	SignInChallenge(locker string) string
	PasskeyChallenge(*casework.Session) (challenge, handle string)
	Enrol(session *casework.Session, origin string, in casework.Enrolment) error
	Device(*casework.Session) (*casework.Device, error) // nil before it was enrolled
	// Report takes what a device tells when it was unlocked, and answers the number
	// that it brings back next time.
	Report(session *casework.Session, wrong int, turn int64) (next int64, err error)
	LimitsOf(org string) (casework.PhoneLimits, error)
	SetSigning(session *casework.Session, spki []byte) error
}

// Sockets talks with devices in the words of package wire.
type Sockets interface {
	Serve(ws *websocket.Conn, author server.Author, check func() error)
	Answer(author server.Author, check func() error, messages []json.RawMessage) []json.RawMessage
	SignOut(person, device string)
}

// Pushes keeps where devices want their web push.
type Pushes interface {
	Key() string // the server's public key, base64url
	Subscribe(casework.Subscription) error
	Unsubscribe(person, endpoint string) error
	Forget(person, device string) error
	Shown(alert, person string) error
}

// Imports takes in late-payer files. What it returns is sent as JSON.
type Imports interface {
	Propose(by *casework.Member, fileName string, partial bool, content []byte) (any, error)
	Waiting(by *casework.Member) (any, error)
	Proposal(by *casework.Member, id string) (any, error)
	Confirm(by *casework.Member, id string, keep []string) (any, error)
	Drop(by *casework.Member, id string) error
}

// Devices are people's phones and computers. What they return is sent as JSON.
type Devices interface {
	// List is the asker's own, and those of everybody whom the asker may see to.
	List(by *casework.Member, here string) (any, error)
	// Order blocks a device, has it wiped, or lets it in again.
	Order(by *casework.Member, here, person, device, order string) error
	// EndOthers ends all sessions of the asker but the one that asks, and says how many.
	EndOthers(by *casework.Member, session *casework.Session) (ended int, err error)
	// Orders says what devices are to do that nobody is signed in on.
	Orders(lockers []string, left map[string]int) (any, error)
	// Wiped takes a device's word that it has deleted everything.
	Wiped(locker string, lost int) error
}

// Month tells how the organisation's cases stand in the month of its method.
type Month func(by *casework.Member) (any, error)

// Options are what the door leads to. All are required unless told otherwise.
type Options struct {
	Accounts Accounts
	Sockets  Sockets
	Pushes   Pushes
	Imports  Imports
	Photos   Photos
	Papers   Papers
	Devices  Devices

	PhoneLimits  PhoneLimits
	People       People
	Recoveries   Recoveries
	Providers    Providers
	Month        Month
	Monthly      Monthly
	Book         Log
	Copies       Copies
	Search       Search
	Protected    Protected
	Rescue       Rescue
	Erasure      Erasure
	Verification Verification
	Rules        *rules.Table
	Access       *access.Table
	Method       *method.Profile
	App          fs.FS        // the bundled app
	Ready        func() error // nil when the program can do its work

	Origin  string   // "https://bokvar.example"; empty: this machine alone (localhost)
	Proxies []string // addresses of proxies whose X-Forwarded-For is believed; may be empty
	Contact string   // for security.txt: "mailto:…" or "https://…"; may be empty
	Version string
	// Withdrawn lists versions of the app that phones must not wait to leave.
	Withdrawn []string
	Demo      bool
	Log       *slog.Logger
	Metrics   *Metrics // may be nil
}

// Limits of requests.
const (
	smallBody  = 300 << 10 // must be more than wire.MaxMessage
	importBody = 20 << 20
	drainBody  = 64 << 20 // an import that is too big is read up to here, so that its sender gets to read the answer

	readTimeout = 2 * time.Minute // a whole request; a late-payer file over a slow network
	idleTimeout = 2 * time.Minute
)

// Web is the door.
type Web struct {
	Options
	files  files
	limits *limiter
	clock  func() time.Time
}

// New makes the door's app, ready to listen.
func New(o Options) (*fiber.App, error) {
	w := &Web{Options: o, clock: time.Now, limits: newLimiter(time.Now)}
	var err error
	if w.files, err = load(o.App); err != nil {
		return nil, err
	}
	if err = w.ownWithdrawn(); err != nil {
		return nil, err
	}
	app := fiber.New(fiber.Config{
		AppName:                      "Bokvar",
		DisableStartupMessage:        true,
		ErrorHandler:                 w.fail,
		BodyLimit:                    smallBody,
		StreamRequestBody:            true, // what is bigger than BodyLimit is left to the handler; see body.go
		DisablePreParseMultipartForm: true,
		ReadTimeout:                  readTimeout,
		IdleTimeout:                  idleTimeout,
		EnableTrustedProxyCheck:      true, // and there are none for Fiber: see address.go
	})
	app.Server().KeepHijackedConns = true // sockets are ours alone; see bridge.go
	w.routes(app)
	return app, nil
}
