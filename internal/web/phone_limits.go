package web

import (
	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// PhoneLimits are what an organisation decides for its phones: when they lock, and how
// long they open without the server. Each phone is told with its session.
type PhoneLimits interface {
	Show(by *casework.Member) (any, error) // what holds, and the most that may be decided
	Decide(by *casework.Member, device string, l casework.PhoneLimits) error
}

func (w *Web) phoneLimitsShow(c *fiber.Ctx) error {
	limits, err := w.PhoneLimits.Show(by(c).member)
	if err != nil {
		return err
	}
	return c.JSON(limits)
}

func (w *Web) phoneLimitsPut(c *fiber.Ctx) error {
	var limits casework.PhoneLimits
	if err := readJSON(c, &limits); err != nil {
		return err
	}
	if err := w.PhoneLimits.Decide(by(c).member, by(c).session.Device, limits); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
