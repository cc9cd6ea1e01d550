package apptest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/alert"
	"bokvar/internal/alert/alerttest"
	"bokvar/internal/bench"
	"bokvar/internal/casework"
	"bokvar/internal/demo"
)

// From the Enforcement Authority's notice to the lock screen: whoever is on call at
// the owning unit then gets one web push that tells nothing, and nobody else gets
// any. An app that is open and not looked at changes nothing; one that shows the
// alert first makes the push needless.
func TestANoticeCallsWhoeverIsOnCall(t *testing.T) {
	t.Parallel()
	service := alerttest.New(t)
	p := Start(t, "", "-push-local", service.URL)
	samira := SignIn(t, p, "samira")
	hers := samira.subscribes(t, service)
	karin := SignIn(t, p, "karin")
	others := map[string]casework.Subscription{"karin": karin.subscribes(t, service)}
	for _, id := range []string{"tove", "nils", "elin", "jonna", "kim", "eva"} {
		others[id] = SignIn(t, p, id).subscribes(t, service)
	}
	tove := Open(t, p.URL, Desk)
	tove.SignIn(p, "tove")

	var called []string // the cases that Samira is called to, in order
	comes := func(kase string) {
		t.Helper()
		called = append(called, kase)
		Retry(t, "a push about the case", func() error { return opens(service.Got(hers), called) })
	}
	comes(tove.registersEviction("Nadia Alström", "Björkgatan 7"))

	app := Open(t, p.URL, Phone)
	app.SignIn(p, "samira")
	app.Walk("/inbox")
	app.looked("hidden")
	kase := tove.registersEviction("Vera Tallgren", "Rönngatan 12")
	app.See("Rönngatan 12") // it has come, and nobody sees it
	comes(kase)

	app.looked("visible")
	for n := 0; ; n++ {
		street := fmt.Sprintf("Lindgatan %d", 3+n)
		kase = tove.registersEviction("Olle Brandel", street)
		app.See(street)
		late := app.shownAfter(t, kase, samira)
		if late < alert.Hold-time.Second {
			break
		}
		if n == 4 {
			t.Fatalf("this machine shows no alert in time: the last one after %s", late)
		}
		if late > alert.Hold+time.Second { // whoever sees it too late is called
			comes(kase)
			continue
		}
		time.Sleep(alert.Hold + 2*time.Second) // either is right
		if with := append(slices.Clone(called), kase); opens(service.Got(hers), with) == nil {
			called = with
		}
	}
	time.Sleep(alert.Hold + 2*time.Second) // longer than any push is held back
	app.Quit()

	silent := func() {
		t.Helper()
		for id, sub := range others {
			if got := service.Got(sub); len(got) != 0 {
				t.Errorf("%s is not on call there, and got %+v", id, got)
			}
		}
	}
	silent()
	karin.goesOnCall(t)
	kase = tove.registersEviction("Ida Forsell", "Aspgatan 9")
	comes(kase)
	Retry(t, "a push to Karin, who is on call now", func() error { return opens(service.Got(others["karin"]), []string{kase}) })
	delete(others, "karin")
	silent()
	told := service.Got(hers)
	for _, m := range told {
		tellsNothing(t, m.Text)
	}
	if err := opens(told, called); err != nil {
		t.Error(err)
	}
}

// subscribes is what the switch in the app does once the browser has answered.
func (p Person) subscribes(t *testing.T, service *alerttest.Service) casework.Subscription {
	t.Helper()
	var session struct{ VapidKey string }
	p.request(t, http.MethodGet, "/api/session", "", nil, &session)
	sub := service.Subscribe(p.ID, bench.Device(p.ID), session.VapidKey)
	body, _ := json.Marshal(map[string]any{"endpoint": sub.Endpoint, "keys": map[string]string{"p256dh": sub.P256dh, "auth": sub.Auth}})
	p.request(t, http.MethodPost, "/api/push/subscriptions", "application/json", bytes.NewReader(body), nil)
	return sub
}

const evictedNumber = "19900602-2397"

// registersEviction writes down the notice of an eviction of a family, and answers the case.
func (b *Browser) registersEviction(name, street string) (kase string) {
	b.tb.Helper()
	b.Walk("/notice/new")
	b.Fill("Dag", time.Now().AddDate(0, 0, 6).Format("2006-01-02"))
	b.Fill("Klockan", "09:00")
	b.Fill("Namn", name)
	b.Fill("Personnummer", evictedNumber)
	b.Fill("Gata och nummer", street)
	b.Tap("Ja")
	b.Tap("Registrera")
	b.See(name)
	b.Synced()
	return strings.TrimPrefix(b.path(), "/case/")
}

// looked says whether anybody looks at the screen: "visible" or "hidden".
func (b *Browser) looked(state string) {
	b.tb.Helper()
	b.Eval(fmt.Sprintf(`Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => %q }); document.dispatchEvent(new Event('visibilitychange'))`, state))
}

// shownAfter waits until the app has told the server that it shows the case's alert, and
// says how long after the alert was raised that was.
func (b *Browser) shownAfter(t *testing.T, kase string, who Person) (late time.Duration) {
	t.Helper()
	var id string
	var raised int64
	who.carries(t, func(held map[string]Record) error {
		for _, r := range held {
			if r.Kind == "alert" && r.Text("case") == kase {
				id = r.ID
				return json.Unmarshal(r.F["raised"], &raised)
			}
		}
		return fmt.Errorf("there is no alert of it")
	})
	Retry(t, "the server is told that it is shown", func() error {
		said, err := b.eval(fmt.Sprintf(`String(performance.getEntriesByType('resource').filter(e => e.name.endsWith('/api/alerts/' + %q + '/shown') && e.responseStatus).map(e => Math.round(performance.timeOrigin + e.responseEnd)).at(-1) ?? 0)`, id))
		if err != nil {
			return err
		}
		told, err := strconv.ParseInt(said, 10, 64)
		if err == nil && told == 0 {
			err = fmt.Errorf("not yet")
		}
		late = time.Duration(told-raised) * time.Millisecond
		return err
	})
	return late
}

// opens tells whether the messages are one for each of the cases, in their order.
func opens(got []alerttest.Message, cases []string) error {
	if len(got) != len(cases) {
		return fmt.Errorf("%d pushes, not %d: %+v", len(got), len(cases), got)
	}
	for i, m := range got {
		var said struct{ Notification struct{ Navigate string } }
		if err := json.Unmarshal([]byte(m.Text), &said); err != nil {
			return fmt.Errorf("%w: %s", err, m.Text)
		}
		if !strings.Contains(said.Notification.Navigate, "/case/"+cases[i]+"?alert=") {
			return fmt.Errorf("push %d opens %s, not case %s", i+1, said.Notification.Navigate, cases[i])
		}
	}
	return nil
}

// tellsNothing looks for whom and what a message is about.
func tellsNothing(t *testing.T, text string) {
	t.Helper()
	secrets := []string{"Alström", "Nadia", "Björkgatan", "Tallgren", "Vera", "Rönngatan", "Forsell", "Ida", "Aspgatan",
		evictedNumber, "199006022397", "070-", "Samira", "Karin", "räkning", "vhys", "barn", "social", "eviction"}
	for _, secret := range secrets {
		if strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
			t.Errorf("the push says %q: %s", secret, text)
		}
	}
}

// goesOnCall writes a row of the roster, as the head of the unit may.
func (p Person) goesOnCall(t *testing.T) {
	t.Helper()
	c, _, err := p.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	now := time.Now()
	_, err = c.Push("roster", uuid.NewString(), map[string]any{
		"unit": demo.UnitEviction, "person": p.ID, "from": now.Add(-time.Hour).UnixMilli(), "to": now.Add(time.Hour).UnixMilli(),
	})
	if err != nil {
		t.Fatal(err)
	}
}
