package alert

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"bokvar/internal/casework"
)

// What webpush-go is kept from, each by one line here or in client.go: it writes
// padding into the caller's slice, doubles a "mailto:", follows redirects to any
// address without a time limit, and leaves the answer to its caller.

const (
	recordSize  = 2048 // every message has this size, whatever it says; some services take no more
	sendWait    = 30 * time.Second
	longestWait = 15 * time.Minute // a Retry-After beyond this is cut
)

type result int

const (
	sent result = iota
	gone
	failed
	stopped // the program stops: try again after the next start
)

// persist tries to send until it is sent, refused for good, or the tries are over.
func (s *Service) persist(sub casework.Subscription, alert string, body []byte) result {
	for try := 0; ; try++ {
		status, wait, err := s.send(sub, alert, body)
		switch {
		case s.ctx.Err() != nil:
			return stopped
		case err == nil && status >= 200 && status < 300:
			return sent
		case err == nil && (status == http.StatusNotFound || status == http.StatusGone):
			if err := s.Store.DropSubscription(sub.Endpoint); err != nil {
				s.Log.Error("forget a device", slog.String("error", err.Error()))
			}
			return gone
		case err == nil && status < 500 && status != http.StatusTooManyRequests:
			s.Log.Warn("a push was refused", slog.String("service", hostOf(sub.Endpoint)), slog.Int("status", status))
			return failed
		case refusedHere(err) || try == len(s.Retries):
			s.Log.Warn("a push was given up", slog.String("service", hostOf(sub.Endpoint)), slog.Int("status", status), slog.Int("tries", try+1), reason(err))
			return failed
		}
		if !s.pause(max(wait, s.Retries[try])) {
			return stopped
		}
	}
}

// pause waits; false when the program stops.
func (s *Service) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-s.ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// send makes one try and returns the service's status and how long it asks us to wait.
func (s *Service) send(sub casework.Subscription, alert string, body []byte) (status int, wait time.Duration, err error) {
	s.slots <- struct{}{}
	defer func() { <-s.slots }()
	client, err := s.gate.clientFor(sub.Endpoint)
	if err != nil {
		return 0, 0, err
	}
	ctx, cancel := context.WithTimeout(s.ctx, sendWait)
	defer cancel()
	resp, err := webpush.SendNotificationWithContext(ctx, bytes.Clone(body), &webpush.Subscription{
		Endpoint: sub.Endpoint, Keys: webpush.Keys{Auth: sub.Auth, P256dh: sub.P256dh},
	}, &webpush.Options{
		HTTPClient: client, RecordSize: recordSize, Topic: topic(alert), TTL: int(life.Seconds()),
		Urgency: webpush.UrgencyHigh, Subscriber: strings.TrimPrefix(s.Subject, "mailto:"),
		VAPIDPublicKey: s.keys.Public, VAPIDPrivateKey: s.keys.Private,
	})
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection can be used again
	return resp.StatusCode, s.retryAfter(resp.Header.Get("Retry-After")), nil
}

// retryAfter reads seconds or a date.
func (s *Service) retryAfter(value string) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil {
		return min(max(0, time.Duration(seconds)*time.Second), longestWait)
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(0, at.Sub(s.Clock())), longestWait)
	}
	return 0
}

// topic lets a service replace an older copy of the same alert. It tells nothing.
func topic(alert string) string {
	sum := sha256.Sum256([]byte("push topic " + alert))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:32]
}
