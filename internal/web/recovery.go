package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// Recoveries let somebody in anew who has lost what they had: two people are needed.
type Recoveries interface {
	List(by *casework.Member) (any, error)
	Ask(by *casework.Member, device, person string) error
	// Agree answers the code that lets the person in.
	Agree(by *casework.Member, device, id string) (code string, err error)
	Drop(by *casework.Member, device, id string) error
	// Events is what was done about the asker's own account.
	Events(by *casework.Member) (any, error)
}

func (w *Web) recoveryList(c *fiber.Ctx) error {
	list, err := w.Recoveries.List(by(c).member)
	if err != nil {
		return err
	}
	return c.JSON(list)
}

func (w *Web) recoveryAsk(c *fiber.Ctx) error {
	var in struct{ Person string }
	if err := readJSON(c, &in); err != nil {
		return err
	}
	s := by(c)
	if err := w.Recoveries.Ask(s.member, s.session.Device, in.Person); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (w *Web) recoveryAgree(c *fiber.Ctx) error {
	s := by(c)
	code, err := w.Recoveries.Agree(s.member, s.session.Device, strings.Clone(c.Params("id")))
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"code": code})
}

func (w *Web) recoveryDrop(c *fiber.Ctx) error {
	s := by(c)
	if err := w.Recoveries.Drop(s.member, s.session.Device, strings.Clone(c.Params("id"))); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// accountEvents tells the asker what was done about their account.
func (w *Web) accountEvents(c *fiber.Ctx) error {
	events, err := w.Recoveries.Events(by(c).member)
	if err != nil {
		return err
	}
	return c.JSON(events)
}
