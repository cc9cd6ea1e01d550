package alert

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bokvar/internal/alert/alerttest"
	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// store keeps subscriptions, the queue and settings in memory, as casework's interfaces promise.
type store struct {
	mu       sync.Mutex
	subs     map[string]casework.Subscription
	queue    map[ticket]casework.Push
	outcome  map[ticket]string
	settings map[string][]byte
	broken   error
}

func newStore() *store {
	return &store{subs: map[string]casework.Subscription{}, queue: map[ticket]casework.Push{}, outcome: map[ticket]string{}, settings: map[string][]byte{}}
}

func (s *store) PutSubscription(sub casework.Subscription) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subs[sub.Endpoint] = sub
	return nil
}
func (s *store) DropSubscription(endpoint string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.subs, endpoint)
	return nil
}
func (s *store) SubscriptionsOf(person string) (out []casework.Subscription, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sub := range s.subs {
		if sub.Person == person {
			out = append(out, sub)
		}
	}
	return out, nil
}
func (s *store) PutPush(alert, org, person string, due time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return s.broken
	}
	if _, known := s.queue[ticket{alert, person}]; !known {
		s.queue[ticket{alert, person}] = casework.Push{Alert: alert, Org: org, Person: person, Due: due}
	}
	return nil
}
func (s *store) PendingPushes() (out []casework.Push, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for t, p := range s.queue {
		if s.outcome[t] == "" {
			out = append(out, p)
		}
	}
	return out, nil
}
func (s *store) EndPush(alert, person, outcome string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.queue[ticket{alert, person}]; known && s.outcome[ticket{alert, person}] == "" {
		s.outcome[ticket{alert, person}] = outcome
	}
	return nil
}
func (s *store) Setting(name string) ([]byte, error)    { return s.settings[name], nil }
func (s *store) PutSetting(name string, v []byte) error { s.settings[name] = v; return nil }

// ended waits until the push has an outcome.
func (s *store) ended(t *testing.T, alert, person string) string {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		s.mu.Lock()
		outcome := s.outcome[ticket{alert, person}]
		s.mu.Unlock()
		if outcome != "" {
			return outcome
		}
	}
	t.Fatalf("the push of %s to %s has no outcome", alert, person)
	return ""
}

// desk is a service beside a push service, with records of alerts.
type desk struct {
	*Service
	store *store
	push  *alerttest.Service
	mu    sync.Mutex
	known map[string]Alert
	open  map[string]bool // who has an app open
}

const origin = "https://bokvar.example"

func newDesk(t *testing.T, change func(*Options)) *desk {
	t.Helper()
	d := &desk{store: newStore(), push: alerttest.New(t), known: map[string]Alert{}, open: map[string]bool{}}
	o := d.options()
	if change != nil {
		change(&o)
	}
	var err error
	if d.Service, err = New(o); err != nil {
		t.Fatal(err)
	}
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Service.Close() })
	return d
}

func (d *desk) options() Options {
	return Options{
		Store: d.store, Settings: d.store, Subject: "mailto:drift@bokvar.example", Origin: origin, Local: d.push.URL,
		Find: func(_, id string) (*Alert, error) {
			d.mu.Lock()
			defer d.mu.Unlock()
			if a, ok := d.known[id]; ok {
				return &a, nil
			}
			return nil, nil
		},
		Recent: func(time.Time) (out []Alert, err error) {
			d.mu.Lock()
			defer d.mu.Unlock()
			for _, a := range d.known {
				out = append(out, a)
			}
			return out, nil
		},
		Present: func(person string) bool {
			d.mu.Lock()
			defer d.mu.Unlock()
			return d.open[person]
		},
		Retries: []time.Duration{time.Millisecond, time.Millisecond},
	}
}

// raise writes an alert's record and tells the service, as the engine does.
func (d *desk) raise(id string, people ...string) {
	a := Alert{ID: id, Org: "sjoberga-soc", Case: "case-7", People: people, Raised: time.Now()}
	d.mu.Lock()
	d.known[id] = a
	d.mu.Unlock()
	d.Raised([]server.Changed{{After: record(a)}})
}

func record(a Alert) *server.State {
	field := func(v any) server.Field {
		raw, _ := json.Marshal(v)
		return server.Field{Value: raw}
	}
	return &server.State{Org: a.Org, ID: a.ID, Kind: "alert", Fields: map[string]server.Field{
		"case": field(a.Case), "people": field(a.People), "raised": field(a.Raised.UnixMilli()),
	}}
}

func (d *desk) subscribed(t *testing.T, person, device string) casework.Subscription {
	t.Helper()
	sub := d.push.Subscribe(person, device, d.Key())
	if err := d.Subscribe(sub); err != nil {
		t.Fatal(err)
	}
	return sub
}

func TestAPushReachesEveryDeviceAndNamesNobody(t *testing.T) {
	d := newDesk(t, nil)
	phone, laptop, other := d.subscribed(t, "samira", "phone"), d.subscribed(t, "samira", "laptop"), d.subscribed(t, "jonna", "phone")
	d.raise("a1", "samira", "nils")
	if got := d.store.ended(t, "a1", "samira"); got != "sent" {
		t.Errorf("samira: %s", got)
	}
	if got := d.store.ended(t, "a1", "nils"); got != "nowhere" {
		t.Errorf("nils, who has no device: %s", got)
	}
	for _, sub := range []casework.Subscription{phone, laptop} {
		got := d.push.Got(sub)
		if len(got) != 1 {
			t.Fatalf("%s got %d messages", sub.Device, len(got))
		}
		var m struct {
			WebPush      int `json:"web_push"`
			Notification struct{ Title, Body, Navigate, Tag string }
		}
		if err := json.Unmarshal([]byte(got[0].Text), &m); err != nil || m.WebPush != 8030 {
			t.Fatalf("%s: %v", got[0].Text, err)
		}
		if n := m.Notification; n.Title != "Bokvar" || n.Body != "Du har något nytt i Bokvar." || n.Navigate != origin+"/case/case-7?alert=a1" || n.Tag != "a1" {
			t.Errorf("%+v", n)
		}
		if got[0].TTL != "86400" || got[0].Urgency != "high" || len(got[0].Topic) != 32 || got[0].Subject != "mailto:drift@bokvar.example" || got[0].Size != recordSize {
			t.Errorf("%+v", got[0])
		}
		for _, word := range []string{"samira", "nils", "sjoberga", "eviction", "avhys"} {
			if strings.Contains(strings.ToLower(got[0].Text), word) {
				t.Errorf("the message says %q: %s", word, got[0].Text)
			}
		}
	}
	if n := len(d.push.Got(other)); n != 0 {
		t.Errorf("somebody else got %d messages", n)
	}
}

func TestOnlyNewAlertsArePushed(t *testing.T) {
	d := newDesk(t, nil)
	a := record(Alert{ID: "a1", People: []string{"samira"}, Raised: time.Now()})
	note := record(Alert{ID: "n1", People: []string{"samira"}, Raised: time.Now()})
	note.Kind = "note"
	d.Raised([]server.Changed{{Before: a, After: a}, {After: note}})
	if pending, _ := d.store.PendingPushes(); len(pending) != 0 {
		t.Errorf("%v", pending)
	}
}

func TestAVisibleAppMakesThePushNeedless(t *testing.T) {
	d := newDesk(t, nil)
	sub := d.subscribed(t, "samira", "phone")
	d.open["samira"] = true
	d.raise("a1", "samira")
	pending, _ := d.store.PendingPushes()
	if len(pending) != 1 || pending[0].Due.Before(time.Now()) || time.Until(pending[0].Due) > 5*time.Second {
		t.Fatalf("the push is not held back: %v", pending)
	}
	if err := d.Shown("a1", "samira"); err != nil {
		t.Fatal(err)
	}
	if err := d.Shown("a2", "samira"); err != nil { // before the commit's hook has run
		t.Fatal(err)
	}
	d.raise("a2", "samira")
	for _, id := range []string{"a1", "a2"} {
		if got := d.store.ended(t, id, "samira"); got != "seen" {
			t.Errorf("%s: %s", id, got)
		}
	}
	if err := d.Shown("a3", "somebody"); err != nil { // another person's app says nothing about hers
		t.Fatal(err)
	}
	d.open["samira"] = false
	d.raise("a3", "samira")
	if got := d.store.ended(t, "a3", "samira"); got != "sent" || len(d.push.Got(sub)) != 1 {
		t.Errorf("%s, %d messages", got, len(d.push.Got(sub)))
	}
}

func TestAnAlertThatSomebodyTookIsNotPushed(t *testing.T) {
	d := newDesk(t, nil)
	d.subscribed(t, "samira", "phone")
	a := Alert{ID: "a1", Org: "o", People: []string{"samira"}, Raised: time.Now(), Seen: true}
	d.known["a1"] = a
	d.Raised([]server.Changed{{After: record(a)}})
	if got := d.store.ended(t, "a1", "samira"); got != "seen" {
		t.Errorf("%s", got)
	}
}

// A crash between the commit and the queue, or in the middle of sending, loses nothing.
func TestTheNextStartSendsWhatACrashLeft(t *testing.T) {
	d := newDesk(t, nil)
	sub := d.subscribed(t, "samira", "phone")
	d.store.broken = errors.New("killed")
	d.raise("a1", "samira")
	d.Service.Close()
	d.store.broken = nil
	_ = d.store.PutPush("a0", "o", "samira", time.Now())
	d.known["a0"] = Alert{ID: "a0", Case: "c", Raised: time.Now().Add(-time.Minute)}
	again, err := New(d.options())
	if err != nil {
		t.Fatal(err)
	}
	if again.Key() != d.Key() {
		t.Fatal("the server's key did not stay")
	}
	if err := again.Start(); err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if a, b := d.store.ended(t, "a0", "samira"), d.store.ended(t, "a1", "samira"); a != "sent" || b != "sent" {
		t.Errorf("%s %s", a, b)
	}
	if n := len(d.push.Got(sub)); n != 2 {
		t.Errorf("%d messages", n)
	}
}

func TestHowAServiceAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		answers []http.HandlerFunc
		outcome string
		got     int
		kept    bool
	}{
		"busy, then well":      {[]http.HandlerFunc{alerttest.Status(503), alerttest.Status(429, "Retry-After", "0")}, "sent", 1, true},
		"busy for ever":        {[]http.HandlerFunc{alerttest.Status(500), alerttest.Status(502), alerttest.Status(503)}, "failed", 0, true},
		"too large":            {[]http.HandlerFunc{alerttest.Status(413)}, "failed", 0, true},
		"not allowed":          {[]http.HandlerFunc{alerttest.Status(403)}, "failed", 0, true},
		"forgotten (404)":      {[]http.HandlerFunc{alerttest.Status(404)}, "nowhere", 0, false},
		"forgotten (410)":      {[]http.HandlerFunc{alerttest.Status(410)}, "nowhere", 0, false},
		"somewhere else (307)": {[]http.HandlerFunc{alerttest.Status(307, "Location", "http://127.0.0.1:1/steal")}, "failed", 0, true},
		"breaks off": {[]http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			_ = conn.Close()
		}}, "sent", 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, nil)
			sub := d.subscribed(t, "samira", "phone")
			d.push.Refuse(c.answers...)
			d.raise("a1", "samira")
			outcome := d.store.ended(t, "a1", "samira")
			subs, _ := d.store.SubscriptionsOf("samira")
			if n := len(d.push.Got(sub)); outcome != c.outcome || n != c.got || (len(subs) == 1) != c.kept {
				t.Errorf("%s, %d messages, %d subscriptions", outcome, n, len(subs))
			}
		})
	}
}

func TestRetryAfterIsHeldAndCut(t *testing.T) {
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	s := &Service{Options: Options{Clock: func() time.Time { return now }}}
	for value, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "-3": 0, "86400": longestWait, "soon": 0,
		now.Add(time.Minute).Format(http.TimeFormat): time.Minute, now.Add(-time.Minute).Format(http.TimeFormat): 0,
	} {
		if got := s.retryAfter(value); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}

func TestOneDeviceThatIsGoneHarmsNoOther(t *testing.T) {
	d := newDesk(t, nil)
	gone, here := d.subscribed(t, "samira", "old"), d.subscribed(t, "samira", "new")
	d.push.Forget(gone)
	d.raise("a1", "samira")
	if got := d.store.ended(t, "a1", "samira"); got != "sent" || len(d.push.Got(here)) != 1 {
		t.Errorf("%s, %d messages", got, len(d.push.Got(here)))
	}
	if subs, _ := d.store.SubscriptionsOf("samira"); len(subs) != 1 || subs[0].Device != "new" {
		t.Errorf("%v", subs)
	}
}

func TestWhereMessagesMayGo(t *testing.T) {
	d := newDesk(t, nil)
	right := d.push.Subscribe("samira", "phone", d.Key())
	for endpoint, allowed := range map[string]bool{
		"https://web.push.apple.com/abc": true, "https://fcm.googleapis.com/fcm/send/x": true, "https://db5p.notify.windows.com/w/?t=x": true,
		"https://updates.push.services.mozilla.com/wpush/v2/x": true, "https://FCM.googleapis.com:443/x": true,
		"http://fcm.googleapis.com/x": false, "https://fcm.googleapis.com:8443/x": false, "https://fcm.googleapis.com.evil.example/x": false,
		"https://evil.example/x": false, "https://push.apple.com/x": false, "https://xpush.apple.com/x": false, "https://169.254.169.254/latest": false,
		"http://169.254.169.254/latest": false, "https://user@fcm.googleapis.com/x": false, "https://localhost/x": false, "ftp://fcm.googleapis.com": false,
		"": false, "nonsense": false, "https://fcm.googleapis.com/" + strings.Repeat("x", 2000): false, "http://127.0.0.1:1/x": false,
	} {
		sub := right
		sub.Endpoint = endpoint
		err := d.Subscribe(sub)
		if (err == nil) != allowed {
			t.Errorf("%.60s: %v", endpoint, err)
		}
		if allowed {
			continue
		}
		if _, _, err := d.send(casework.Subscription{Endpoint: endpoint, P256dh: right.P256dh, Auth: right.Auth}, "a", []byte("x")); !refusedHere(err) {
			t.Errorf("%.60s was kept before the list changed, and is sent to: %v", endpoint, err)
		}
	}
	for name, spoil := range map[string]func(*casework.Subscription){
		"short auth": func(s *casework.Subscription) { s.Auth = "AAAA" },
		"no key":     func(s *casework.Subscription) { s.P256dh = "" },
		"no point":   func(s *casework.Subscription) { s.P256dh = strings.Repeat("A", 87) },
	} {
		sub := right
		spoil(&sub)
		if d.Subscribe(sub) == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// A name on the list that leads inside must not get us there.
func TestPrivateAddressesAreRefused(t *testing.T) {
	for address, public := range map[string]bool{
		"93.184.216.34:443": true, "[2606:2800:220:1::1]:443": true,
		"127.0.0.1:443": false, "10.1.2.3:443": false, "172.16.0.1:443": false, "192.168.1.1:443": false, "169.254.169.254:443": false,
		"100.64.0.1:443": false, "0.0.0.0:443": false, "[::1]:443": false, "[fe80::1]:443": false, "[fd00::1]:443": false, "224.0.0.1:443": false,
		"[::ffff:10.0.0.1]:443": false, "[64:ff9b::a00:1]:443": false, "[2002:a00:1::]:443": false, "255.255.255.255:443": false, "198.18.0.1:443": false,
	} {
		if err := publicOnly("tcp", address, nil); (err == nil) != public {
			t.Errorf("%s: %v", address, err)
		}
	}
	inside := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("somebody inside was reached") }))
	defer inside.Close()
	gate, err := newGate(nil, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gate.outside.Post(inside.URL, "", nil); !errors.Is(err, errRefused) {
		t.Errorf("%v", err)
	}
}

func TestServicesAreNamesOnly(t *testing.T) {
	for _, service := range []string{"*", "*.", "https://push.example.com", "push.example.com:443", "com", "a.*.com", ""} {
		if _, err := newGate([]string{service}, ""); err == nil {
			t.Errorf("%q was taken", service)
		}
	}
}

func TestTheSubjectIsChecked(t *testing.T) {
	for subject, right := range map[string]bool{
		"mailto:drift@sjoberga.example": true, "https://bokvar.example": true, "https://bokvar.example/contact": true,
		"": false, "drift@sjoberga.example": false, "mailto:": false, "mailto:drift": false, "mailto:drift@localhost": false,
		"mailto:Drift <drift@sjoberga.example>": false, "http://bokvar.example": false, "https://localhost": false, "https://localhost:8080": false,
		"https://127.0.0.1": false, "mailto:mailto:drift@sjoberga.example": false,
	} {
		if err := checkSubject(subject); (err == nil) != right {
			t.Errorf("%q: %v", subject, err)
		}
	}
}

func TestSubscriptionsBelongToTheirPerson(t *testing.T) {
	d := newDesk(t, nil)
	first := d.subscribed(t, "samira", "phone")
	second := d.push.Subscribe("samira", "phone", d.Key())
	second.Endpoint += "-renewed"
	if err := d.Subscribe(second); err != nil {
		t.Fatal(err)
	}
	subs, _ := d.store.SubscriptionsOf("samira")
	if len(subs) != 1 || subs[0].Endpoint != second.Endpoint || subs[0].Made.IsZero() {
		t.Errorf("a device that subscribes again keeps both: %v", subs)
	}
	tablet := d.subscribed(t, "samira", "tablet")
	if err := errors.Join(d.Unsubscribe("nils", tablet.Endpoint), d.Unsubscribe("samira", first.Endpoint)); err != nil {
		t.Fatal(err)
	}
	if subs, _ = d.store.SubscriptionsOf("samira"); len(subs) != 2 {
		t.Errorf("somebody else's word counted: %v", subs)
	}
	if err := errors.Join(d.Unsubscribe("samira", tablet.Endpoint), d.Forget("samira", "phone")); err != nil {
		t.Fatal(err)
	}
	if subs, _ = d.store.SubscriptionsOf("samira"); len(subs) != 0 {
		t.Errorf("%v", subs)
	}
}

// Sending many at once must not disturb the shared text: the library writes into what it is given.
func TestOneTextForManyDevices(t *testing.T) {
	d := newDesk(t, nil)
	var subs []casework.Subscription
	for i := range 40 {
		subs = append(subs, d.subscribed(t, "samira", fmt.Sprint("d", i)))
	}
	d.raise("a1", "samira")
	if got := d.store.ended(t, "a1", "samira"); got != "sent" {
		t.Fatal(got)
	}
	var texts []string
	for _, sub := range subs {
		for _, m := range d.push.Got(sub) {
			texts = append(texts, m.Text)
		}
	}
	if len(texts) != 40 || len(slices.Compact(texts)) != 1 {
		t.Errorf("%d messages, not all alike", len(texts))
	}
}

func TestCloseEndsPromptly(t *testing.T) {
	d := newDesk(t, func(o *Options) { o.Retries = []time.Duration{time.Hour} })
	d.subscribed(t, "samira", "phone")
	d.push.Refuse(alerttest.Status(503))
	d.raise("a1", "samira")
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(time.Millisecond) {
		if d.push.Refusals() == 0 || time.Now().After(deadline) {
			break
		}
	}
	done := make(chan struct{})
	go func() { d.Service.Close(); close(done) }()
	select {
	case <-done:
	case <-time.After(2 * time.Minute):
		t.Fatal("Close waits for a pause")
	}
	if pending, _ := d.store.PendingPushes(); len(pending) != 1 {
		t.Errorf("what was not sent left the queue: %v", pending)
	}
}
