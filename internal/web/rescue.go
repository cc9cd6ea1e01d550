package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// Rescue takes in what locked devices hand in, and lets two people open it. What it
// returns is sent as JSON.
type Rescue interface {
	// Keys are what the organisation's devices seal for.
	Keys(org string) (any, error)
	TakeIn(payload, signature []byte) (any, error)

	View(by *casework.Member) (any, error)
	Hold(by *casework.Member, body []byte) error
	Move(by *casework.Member, body []byte) error
	Make(by *casework.Member, body []byte) error
	Begin(by *casework.Member, body []byte) (any, error)
	Stop(by *casework.Member, id string) error
	Locked(by *casework.Member, id string) (any, error)
	Open(by *casework.Member, id string, body []byte) (any, error)
}

// A device that cannot be let in has a pace of its own: what it hands in is bounded,
// and nobody else waits for it.
const handInPace, handInBurst = 2, 200

// handInTake takes sealed work from a device without a session. The device's key signs
// the payload as it stands.
func (w *Web) handInTake(c *fiber.Ctx) error {
	if err := w.paceOfStranger(c); err != nil {
		return err
	}
	if !w.limits.allows("handin "+networkOf(w.addressOf(c)), handInPace, handInBurst) {
		return errSlowDown
	}
	var in struct {
		Payload   string
		Signature []byte
	}
	if err := readJSON(c, &in); err != nil {
		return err
	}
	taken, err := w.Rescue.TakeIn([]byte(in.Payload), in.Signature)
	if err != nil {
		return err
	}
	return c.JSON(taken)
}

// rescueShow tells how the organisation's rescue key stands.
func (w *Web) rescueShow(c *fiber.Ctx) error {
	view, err := w.Rescue.View(by(c).member)
	if err != nil {
		return err
	}
	return c.JSON(view)
}

// rescueHold makes the asker a holder.
func (w *Web) rescueHold(c *fiber.Ctx) error { return w.rescueDo(c, w.Rescue.Hold) }

// rescueMove takes halves that lay under an earlier code of the asker's.
func (w *Web) rescueMove(c *fiber.Ctx) error { return w.rescueDo(c, w.Rescue.Move) }

// rescueMake takes a new key into use.
func (w *Web) rescueMake(c *fiber.Ctx) error { return w.rescueDo(c, w.Rescue.Make) }

func (w *Web) rescueDo(c *fiber.Ctx, do func(*casework.Member, []byte) error) error {
	content, err := body(c, smallBody, smallBody)
	if err != nil {
		return err
	}
	if err := do(by(c).member, content); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// openingBegin is the first of two who open.
func (w *Web) openingBegin(c *fiber.Ctx) error {
	content, err := body(c, smallBody, smallBody)
	if err != nil {
		return err
	}
	begun, err := w.Rescue.Begin(by(c).member, content)
	if err != nil {
		return err
	}
	return c.JSON(begun)
}

// openingShow lists for the second one what is to be opened, without its content.
func (w *Web) openingShow(c *fiber.Ctx) error {
	locked, err := w.Rescue.Locked(by(c).member, strings.Clone(c.Params("id")))
	if err != nil {
		return err
	}
	return c.JSON(locked)
}

// openingFinish takes the keys of what is to be opened.
func (w *Web) openingFinish(c *fiber.Ctx) error {
	content, err := body(c, smallBody, smallBody)
	if err != nil {
		return err
	}
	result, err := w.Rescue.Open(by(c).member, strings.Clone(c.Params("id")), content)
	if err != nil {
		return err
	}
	return c.JSON(result)
}

// openingStop ends it without anything being opened.
func (w *Web) openingStop(c *fiber.Ctx) error {
	if err := w.Rescue.Stop(by(c).member, strings.Clone(c.Params("id"))); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
