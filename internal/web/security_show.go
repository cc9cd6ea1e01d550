package web

import (
	"time"

	"github.com/gofiber/fiber/v2"
)

// securityShow tells those who have found a weakness whom to turn to (RFC 9116).
// Without a contact in the configuration there is nothing to tell.
func (w *Web) securityShow(c *fiber.Ctx) error {
	if w.Contact == "" {
		return errNotFound
	}
	text := "Contact: " + w.Contact + "\nExpires: " + w.clock().AddDate(0, 6, 0).UTC().Format(time.RFC3339) + "\nPreferred-Languages: sv, en\n"
	if w.Origin != "" {
		text += "Canonical: " + w.Origin + "/.well-known/security.txt\n"
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return c.SendString(text)
}
