package web

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// addressOf is where a request comes from. What a proxy that is believed wrote counts
// from the right: the last address that is no such proxy. What stands to the left of
// that came with the request, and anybody can write it.
func (w *Web) addressOf(c *fiber.Ctx) string {
	remote := c.Context().RemoteIP().String()
	if !w.isProxy(remote) {
		return remote
	}
	said := strings.Split(strings.Join(c.GetReqHeaders()[fiber.HeaderXForwardedFor], ","), ",")
	for _, each := range slices.Backward(said) {
		address := strings.Clone(strings.TrimSpace(each)) // Fiber reuses its buffers
		if _, err := netip.ParseAddr(address); err != nil {
			return remote
		}
		if !w.isProxy(address) {
			return address
		}
	}
	return remote
}

// isProxy says whether the address is one of the configured proxies, or in one of
// their networks.
func (w *Web) isProxy(address string) bool {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(w.Proxies, func(proxy string) bool {
		if network, err := netip.ParsePrefix(proxy); err == nil {
			return network.Contains(a.Unmap())
		}
		p, err := netip.ParseAddr(proxy)
		return err == nil && p.Unmap() == a.Unmap()
	})
}
