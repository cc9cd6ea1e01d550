package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Somebody who asks without end is told to wait; others are not.
func TestOneWhoRunsWildStopsNobodyElse(t *testing.T) {
	now := time.Unix(0, 0)
	l := newLimiter(func() time.Time { return now })
	taken := func(key string) (n int) {
		for l.allows(key, 10, 100) {
			n++
		}
		return n
	}
	if n := taken("a"); n != 100 {
		t.Errorf("%d at once; want 100", n)
	}
	if n := taken("b"); n != 100 {
		t.Errorf("another got %d", n)
	}
	now = now.Add(time.Second)
	if n := taken("a"); n != 10 {
		t.Errorf("%d after a second; want 10", n)
	}
	now = now.Add(time.Hour)
	if n := taken("a"); n != 100 {
		t.Errorf("%d after an hour; want 100", n)
	}
	for i := range limitKeys + 10 {
		l.allows(fmt.Sprint(i), 1, 1)
	}
	if len(l.buckets) > limitKeys {
		t.Errorf("%d keys are remembered", len(l.buckets))
	}
}

func TestStrangersAndDevicesHaveAPace(t *testing.T) {
	r := start(t, nil)
	in := `{"link":"wrong","device":"6f2c9f0e-8c5e-4f0e-9a58-0a9a0a1c2d3e"}`
	stranger := func(req *http.Request) { req.Header.Set("Cookie", "bokvar=other") }
	began := time.Now()
	asks := func(what, method, path, body string) *http.Response {
		t.Helper()
		for n := 0; ; n++ {
			if resp, answer := r.ask(method, path, body, stranger); resp.StatusCode == http.StatusTooManyRequests && strings.Contains(answer, "slow_down") {
				return resp
			}
			if float64(n) > addressBurst+addressPace*time.Since(began).Seconds() { // on a slow machine the bucket fills meanwhile
				t.Fatalf("a stranger may %s without end", what)
			}
		}
	}
	if after := asks("guess", "POST", "/api/session", in).Header.Get("Retry-After"); after != "5" {
		t.Fatalf("Retry-After is %q", after)
	}
	asks("ask", "GET", "/api/session", "")
	r.want("GET", "/api/method", "", nil, 200, "day") // somebody at the same address who has signed in
	r.want("GET", "/healthz", "", stranger, 200, "")
}

func TestSecurityTxt(t *testing.T) {
	start(t, nil).want("GET", "/.well-known/security.txt", "", nil, 404, "not_found")
	r := start(t, func(o *Options) { o.Contact = "mailto:sakerhet@bokvar.example" })
	r.want("GET", "/.well-known/security.txt", "", nil, 200, "Contact: mailto:sakerhet@bokvar.example\nExpires: 2")
}
