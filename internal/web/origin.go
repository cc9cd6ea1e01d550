package web

import (
	"github.com/gofiber/fiber/v2"
)

// allowed says whether a page of the origin may write here. Without a configured
// origin only this machine's own name counts, so that a foreign name that points
// here (DNS rebinding) gets nowhere.
func (w *Web) allowed(origin, host string) bool {
	if w.Origin != "" {
		return origin == w.Origin
	}
	return loopback(host) && origin == "http://"+host
}

// sameOrigin refuses what other sites' pages send.
func (w *Web) sameOrigin(c *fiber.Ctx) error {
	if !w.allowed(c.Get(fiber.HeaderOrigin), c.Get(fiber.HeaderHost)) {
		return errWrongOrigin
	}
	return c.Next()
}

// own refuses what the app itself did not send: besides the origin it needs a
// header that no form and no link can set.
func (w *Web) own(c *fiber.Ctx) error {
	if c.Get("X-Bokvar") != "1" {
		return errWrongOrigin
	}
	return w.sameOrigin(c)
}
