// Package alert tells people by web push that something waits for them.
//
// # From an alert to a lock screen
//
// [Service.Raised] hears of new alert records after they are on disk and queues
// one push for each person on call. A push is held back for a few seconds when
// the person has an app open: if a visible one shows the alert first
// ([Service.Shown]), nothing is sent. The queue is on disk, and at the start
// [Service.Start] looks for alerts that a crash kept out of it.
//
// # What a push says
//
// That there is something new, and an opaque address in the app. No name, no
// street, no kind of event: the push service and the lock screen can read it.
// It is a declarative push message, which Safari shows by itself and the app's
// service worker reads in other browsers.
//
// # Where it goes
//
// Only to push services on a list, over https, never to a private address, and
// never on by a redirect (client.go, send.go). A service that answers 404 or 410
// has forgotten the device, and so do we.
package alert

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// Times of a push.
const (
	Hold       = 4 * time.Second // for a visible app to show the alert first; promised: at most five seconds
	life       = 24 * time.Hour  // the push service keeps it this long for a phone that is off
	lookBack   = 24 * time.Hour  // after a start, alerts this old are looked at again
	shownLife  = time.Minute     // how long Shown is remembered for a push that is not queued yet; must be more than Hold
	idleWake   = time.Hour
	atOnce     = 8 // messages on their way at the same time
	maxPersons = 1000
)

// Alert is what a push is about.
type Alert struct {
	ID, Org, Case string
	People        []string
	Raised        time.Time
	Seen          bool // somebody has taken it
}

// Options are what a Service needs. All are required unless told otherwise.
type Options struct {
	Store    casework.PushStore
	Settings casework.SettingStore
	Subject  string // whom a push service may turn to: "mailto:…" or "https://…"
	Origin   string // of the app: "https://bokvar.example"
	// Find reads an alert; nil when there is none.
	Find func(org, id string) (*Alert, error)
	// Recent lists the alerts raised since.
	Recent func(since time.Time) ([]Alert, error)
	// Present says whether the person has an app open now; nil: always ask them first.
	Present func(person string) bool

	Services []string // names of push services, "*." for any name below; empty: [DefaultServices]
	Local    string   // for tests: one origin that is allowed as it is, "http://127.0.0.1:9301"
	Clock    func() time.Time
	Log      *slog.Logger
	Retries  []time.Duration // pauses between tries; nil: [DefaultRetries]
}

// DefaultRetries are the pauses after a push service was busy or out of reach.
var DefaultRetries = []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}

// Service sends pushes. Its methods may be called from any goroutine.
type Service struct {
	Options
	keys    vapid
	gate    *gate
	ctx     context.Context
	stop    context.CancelFunc
	wake    chan struct{}
	slots   chan struct{}
	working sync.WaitGroup

	mu    sync.Mutex
	doing map[ticket]bool
	shown map[ticket]time.Time
}

// ticket is one alert for one person.
type ticket struct{ alert, person string }

// New makes a service. The server's keys are made at the first start and kept.
func New(o Options) (*Service, error) {
	if err := checkSubject(o.Subject); err != nil {
		return nil, err
	}
	if o.Retries == nil {
		o.Retries = DefaultRetries
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	gate, err := newGate(o.Services, o.Local)
	if err != nil {
		return nil, err
	}
	keys, err := loadKeys(o.Settings)
	if err != nil {
		return nil, err
	}
	s := &Service{
		Options: o, keys: keys, gate: gate,
		wake: make(chan struct{}, 1), slots: make(chan struct{}, atOnce),
		doing: map[ticket]bool{}, shown: map[ticket]time.Time{},
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s, nil
}

// Start queues what a crash kept out of the queue, and begins to send. Close ends it.
func (s *Service) Start() error {
	now := s.Clock()
	recent, err := s.Recent(now.Add(-lookBack))
	if err != nil {
		return err
	}
	for _, a := range recent {
		if !a.Seen {
			s.queue(a)
		}
	}
	s.working.Add(1)
	go s.run()
	return nil
}

// Close stops sending. What was not sent goes out after the next Start.
func (s *Service) Close() {
	s.stop()
	s.working.Wait()
}

// Key is the server's public key, base64url, for the browser's subscribe.
func (s *Service) Key() string { return s.keys.Public }

// Raised queues pushes for alerts among the records that a commit has changed.
func (s *Service) Raised(changed []server.Changed) {
	for _, c := range changed {
		if c.Before == nil && c.After != nil && c.After.Kind == "alert" {
			s.queue(FromRecord(c.After))
		}
	}
}

// Shown notes that a visible app showed the alert to the person.
func (s *Service) Shown(alert, person string) error {
	now := s.Clock()
	s.mu.Lock()
	for t, at := range s.shown {
		if now.Sub(at) > shownLife {
			delete(s.shown, t)
		}
	}
	s.shown[ticket{alert, person}] = now
	s.mu.Unlock()
	return s.Store.EndPush(alert, person, "seen")
}

// queue writes down one push per person. A failure is logged: the record itself
// is on disk, and the next Start queues it again.
func (s *Service) queue(a Alert) {
	for i, person := range a.People {
		if i == maxPersons {
			break
		}
		due := a.Raised.Add(Hold)
		if s.Present != nil && !s.Present(person) {
			due = a.Raised
		}
		if err := s.Store.PutPush(a.ID, a.Org, person, due); err != nil {
			s.Log.Error("queue a push", slog.String("alert", a.ID), slog.String("error", err.Error()))
			continue
		}
		s.mu.Lock()
		_, shown := s.shown[ticket{a.ID, person}]
		s.mu.Unlock()
		if shown {
			s.end(ticket{a.ID, person}, "seen")
		}
	}
	s.nudge()
}

func (s *Service) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *Service) end(t ticket, outcome string) {
	if err := s.Store.EndPush(t.alert, t.person, outcome); err != nil {
		s.Log.Error("note how a push went", slog.String("alert", t.alert), slog.String("error", err.Error()))
	}
}
