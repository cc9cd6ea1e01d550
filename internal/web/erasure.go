package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// Erasure is erasure on schedule, for those of an organisation who see to it. What they
// change is logged, with the device that they did it on.
type Erasure interface {
	Plan(by *casework.Member) (any, error)                                  // the dry run; nothing is changed
	Keep(by *casework.Member, device string, body []byte) error             // how long what is kept
	Run(by *casework.Member, device string, count int) (any, error)         // what is due, if it is so many; the certificates
	Hold(by *casework.Member, device, root, why string) error               // why "" lets it go again
	Certificate(by *casework.Member, number int64) (body []byte, err error) // with its signature
}

// Verification tells how the last check of database and log went.
type Verification func(by *casework.Member) (any, error)

func (w *Web) erasureShow(c *fiber.Ctx) error {
	plan, err := w.Erasure.Plan(by(c).member)
	if err != nil {
		return err
	}
	return c.JSON(plan)
}

func (w *Web) erasureKeep(c *fiber.Ctx) error {
	content, err := body(c, smallBody, smallBody)
	if err != nil {
		return err
	}
	if err := w.Erasure.Keep(by(c).member, by(c).session.Device, content); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (w *Web) erasureRun(c *fiber.Ctx) error {
	var in struct{ Count int }
	if err := readJSON(c, &in); err != nil {
		return err
	}
	done, err := w.Erasure.Run(by(c).member, by(c).session.Device, in.Count)
	if err != nil {
		return err
	}
	return c.JSON(done)
}

// longestWhy is how long the reason of a hold may be, in bytes.
const longestWhy = 1000

func (w *Web) erasureHold(c *fiber.Ctx) error {
	var in struct{ Why string }
	if err := readJSON(c, &in); err != nil {
		return err
	}
	why := strings.TrimSpace(in.Why)
	if why == "" || len(why) > longestWhy {
		return &casework.Error{Code: "invalid", Sentence: "Skriv varför akten inte får gallras."}
	}
	if err := w.Erasure.Hold(by(c).member, by(c).session.Device, strings.Clone(c.Params("root")), why); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (w *Web) erasureRelease(c *fiber.Ctx) error {
	if err := w.Erasure.Hold(by(c).member, by(c).session.Device, strings.Clone(c.Params("root")), ""); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (w *Web) certificateShow(c *fiber.Ctx) error {
	number, err := c.ParamsInt("number")
	if err != nil {
		return errNotFound
	}
	text, err := w.Erasure.Certificate(by(c).member, int64(number))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return c.Send(text)
}

func (w *Web) verificationShow(c *fiber.Ctx) error {
	last, err := w.Verification(by(c).member)
	if err != nil {
		return err
	}
	return c.JSON(last)
}
