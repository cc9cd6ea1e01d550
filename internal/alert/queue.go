package alert

import (
	"encoding/json"
	"log/slog"
	"net/url"
	"time"

	"bokvar/internal/casework"
)

// run sends what is due and sleeps until something else is.
func (s *Service) run() {
	defer s.working.Done()
	for {
		timer := time.NewTimer(s.sendDue())
		select {
		case <-s.ctx.Done():
			timer.Stop()
			return
		case <-s.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// sendDue begins to send what is due and returns how long until the next.
func (s *Service) sendDue() time.Duration {
	pending, err := s.Store.PendingPushes()
	if err != nil {
		s.Log.Error("read the queue of pushes", slog.String("error", err.Error()))
		return time.Second
	}
	now := s.Clock()
	next := idleWake
	for _, p := range pending {
		if wait := p.Due.Sub(now); wait > 0 {
			next = min(next, wait)
			continue
		}
		s.begin(p)
	}
	return next
}

// begin sends one push on a goroutine of its own, once.
func (s *Service) begin(p casework.Push) {
	t := ticket{p.Alert, p.Person}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.doing[t] {
		return
	}
	s.doing[t] = true
	s.working.Add(1)
	go func() {
		defer s.working.Done()
		outcome := s.deliver(p)
		if outcome != "" {
			s.end(t, outcome)
		}
		s.mu.Lock()
		delete(s.doing, t)
		s.mu.Unlock()
	}()
}

// deliver sends to every device of the person and returns how it went; "" when
// the program stops before that is known.
func (s *Service) deliver(p casework.Push) string {
	a, err := s.Find(p.Org, p.Alert)
	if err != nil {
		s.Log.Error("find an alert", slog.String("alert", p.Alert), slog.String("error", err.Error()))
		return s.later()
	}
	if a == nil || a.Seen {
		return "seen"
	}
	subscriptions, err := s.Store.SubscriptionsOf(p.Person)
	if err != nil {
		s.Log.Error("find where to push", slog.String("alert", p.Alert), slog.String("error", err.Error()))
		return s.later()
	}
	body := message(s.Origin, a)
	results := make(chan result, len(subscriptions))
	for _, sub := range subscriptions {
		go func() { results <- s.persist(sub, p.Alert, body) }()
	}
	return s.sum(results, len(subscriptions))
}

// later leaves the push in the queue and lets the loop try again after a pause.
func (s *Service) later() string {
	timer := time.NewTimer(s.Retries[0])
	defer timer.Stop()
	select {
	case <-s.ctx.Done():
	case <-timer.C:
		defer s.nudge()
	}
	return ""
}

// sum gathers how it went on each device: one that got it is enough.
func (s *Service) sum(results <-chan result, n int) string {
	outcome := "nowhere"
	for range n {
		switch <-results {
		case sent:
			outcome = "sent"
		case failed:
			if outcome != "sent" {
				outcome = "failed"
			}
		case stopped:
			if outcome != "sent" {
				outcome = ""
			}
		}
	}
	return outcome
}

// message is the declarative push message. It names nobody and nothing.
func message(origin string, a *Alert) []byte {
	target := origin + "/case/" + url.PathEscape(a.Case) + "?alert=" + url.QueryEscape(a.ID)
	body, err := json.Marshal(map[string]any{
		"web_push": 8030,
		"notification": map[string]any{
			"title": "Bokvar", "body": "Du har något nytt i Bokvar.", "lang": "sv", "dir": "ltr",
			"navigate": target, "tag": a.ID, "silent": false,
			"data": map[string]string{"alert": a.ID, "navigate": target},
		},
	})
	if err != nil {
		panic("alert: " + err.Error()) // cannot happen: strings alone
	}
	return body
}
