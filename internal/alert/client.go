package alert

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// DefaultServices are the push services of the browsers in use.
var DefaultServices = []string{
	"*.push.apple.com", "fcm.googleapis.com", "updates.push.services.mozilla.com", "*.notify.windows.com",
}

// errRefused is what we ourselves will not send to; trying again does not help.
var errRefused = errors.New("not a push service that is allowed here")

// gate decides where a message may go, and how.
type gate struct {
	services []string
	local    string
	outside  *http.Client
	inside   *http.Client // for local alone
}

func newGate(services []string, local string) (*gate, error) {
	if len(services) == 0 {
		services = DefaultServices
	}
	for _, s := range services {
		if name := strings.TrimPrefix(s, "*."); name == "" || strings.ContainsAny(name, "*/:") || !strings.Contains(name, ".") {
			return nil, fmt.Errorf("push service %q: write a name like \"push.example.com\" or \"*.example.com\"", s)
		}
	}
	return &gate{
		services: services, local: local,
		outside: client(&net.Dialer{Timeout: 10 * time.Second, Control: publicOnly}),
		inside:  client(&net.Dialer{Timeout: 10 * time.Second}),
	}, nil
}

// client follows no redirect, uses no proxy, and does not wait for ever.
func client(dialer *net.Dialer) *http.Client {
	return &http.Client{
		Timeout:       sendWait,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second,
			ResponseHeaderTimeout: 20 * time.Second, IdleConnTimeout: 90 * time.Second,
			MaxIdleConnsPerHost: 4, MaxResponseHeaderBytes: 64 << 10,
		},
	}
}

// clientFor returns the client for an endpoint, or errRefused.
func (g *gate) clientFor(endpoint string) (*http.Client, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.User != nil || len(endpoint) > 2000 {
		return nil, errRefused
	}
	if g.local != "" && u.Scheme+"://"+u.Host == g.local {
		return g.inside, nil
	}
	if u.Scheme != "https" || u.Port() != "" && u.Port() != "443" || !g.listed(u.Hostname()) {
		return nil, errRefused
	}
	return g.outside, nil
}

func (g *gate) listed(host string) bool {
	host = strings.ToLower(host)
	for _, s := range g.services {
		if below, any := strings.CutPrefix(s, "*."); any && strings.HasSuffix(host, "."+below) || host == s {
			return true
		}
	}
	return false
}

// publicOnly refuses to connect to addresses that are not out in the world,
// whatever the name said. It runs after the name was looked up.
func publicOnly(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return errRefused
	}
	if a := at.Addr().Unmap(); !a.IsGlobalUnicast() || a.IsPrivate() || inside(a) {
		return fmt.Errorf("%w: its address is private", errRefused)
	}
	return nil
}

// more ranges that lead inside: shared (carrier) addresses, and those that wrap IPv4.
var insideRanges = []netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/32"),
}

func inside(a netip.Addr) bool {
	for _, r := range insideRanges {
		if r.Contains(a) {
			return true
		}
	}
	return false
}

func refusedHere(err error) bool { return errors.Is(err, errRefused) }

// hostOf is all of an endpoint that a log may hold: the rest identifies a phone.
func hostOf(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// reason is why a try failed, without the endpoint's path.
func reason(err error) slog.Attr {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	if err == nil {
		return slog.Attr{}
	}
	return slog.String("error", err.Error())
}
