package web

import (
	"net"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// policy is the content policy: nothing inline, nothing from elsewhere. Of
// eval only WebAssembly is let through: Argon2id for the passphrase. Old
// Safari does not count sockets as 'self', so the socket's origin is named. Trusted
// Types: no text becomes HTML, and a script is started only from an address that
// the app's one policy lets through (static/src/core/trusted.ts).
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; worker-src 'self'; object-src 'none'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; " +
	"require-trusted-types-for 'script'; trusted-types bokvar; connect-src 'self'"

// headers tells the browser what the app will never do.
func (w *Web) headers(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentSecurityPolicy, policy+w.socketSource(c))
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Set(fiber.HeaderPermissionsPolicy, "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	if w.secure() {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=63072000; includeSubDomains")
	}
	return c.Next()
}

func (w *Web) socketSource(c *fiber.Ctx) string {
	if w.Origin != "" {
		return " ws" + strings.TrimPrefix(w.Origin, "http")
	}
	if host := c.Get(fiber.HeaderHost); loopback(host) {
		return " ws://" + host
	}
	return ""
}

// secure says whether the app is reached by https.
func (w *Web) secure() bool { return strings.HasPrefix(w.Origin, "https://") }

// noStore keeps what is under /api out of every cache.
func noStore(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Next()
}

// loopback says whether the host (with or without a port) is this machine.
func loopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	return name == "localhost" || name == "127.0.0.1" || name == "::1" || name == "[::1]"
}
