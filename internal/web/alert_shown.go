package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// alertShown notes that a visible app showed the alert to the person, who then needs no push.
func (w *Web) alertShown(c *fiber.Ctx) error {
	if err := w.Pushes.Shown(strings.Clone(c.Params("id")), by(c).member.ID); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
