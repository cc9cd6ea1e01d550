package web

import (
	"net/http"
	"testing"
)

// Where a request comes from counts for how often codes may be tried. Only a configured
// proxy is believed, and of what it passes on only what it wrote itself.
func TestForwardedAddressesCountFromProxiesOnly(t *testing.T) {
	for name, c := range map[string]struct {
		proxies []string
		header  []string
		want    string
	}{
		"no proxy":                        {nil, []string{"192.0.2.1"}, "127.0.0.1"},
		"a proxy elsewhere":               {[]string{"198.51.100.7"}, []string{"192.0.2.1"}, "127.0.0.1"},
		"ours":                            {[]string{"127.0.0.1"}, []string{"192.0.2.1"}, "192.0.2.1"},
		"by its network":                  {[]string{"127.0.0.0/8"}, []string{"192.0.2.1"}, "192.0.2.1"},
		"IPv6":                            {[]string{"127.0.0.1"}, []string{"2001:db8::1"}, "2001:db8::1"},
		"what came with the request":      {[]string{"127.0.0.1"}, []string{"203.0.113.5, 192.0.2.1"}, "192.0.2.1"},
		"in a header of its own":          {[]string{"127.0.0.1"}, []string{"203.0.113.5", "192.0.2.1"}, "192.0.2.1"},
		"through two proxies of ours":     {[]string{"127.0.0.1", "10.0.0.0/8"}, []string{"203.0.113.5, 192.0.2.1, 10.1.2.3"}, "192.0.2.1"},
		"nothing was passed on":           {[]string{"127.0.0.1"}, nil, "127.0.0.1"},
		"nonsense was passed on":          {[]string{"127.0.0.1"}, []string{"192.0.2.1, unknown"}, "127.0.0.1"},
		"all of them are proxies of ours": {[]string{"127.0.0.1", "10.0.0.0/8"}, []string{"10.1.2.3"}, "127.0.0.1"},
	} {
		r := start(t, func(o *Options) { o.Proxies = c.proxies })
		resp, _ := r.ask("POST", "/api/session", `{"link":"wrong","device":"6f2c9f0e-8c5e-4f0e-9a58-0a9a0a1c2d3e"}`, func(req *http.Request) {
			req.Header["X-Forwarded-For"] = c.header
			req.Header.Set("X-Real-Ip", "203.0.113.6")
			req.Header.Set("Forwarded", "for=203.0.113.7")
		})
		if resp.StatusCode != 400 || r.address != c.want {
			t.Errorf("%s: %d, and the address that counts is %q; want %q", name, resp.StatusCode, r.address, c.want)
		}
	}
}
