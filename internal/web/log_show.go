package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// Log is who did what, for those who may see it.
type Log interface {
	// OfCase and OfOrganisation tell a page; that the log was read is written down.
	OfCase(by *casework.Member, device, root string, before int64) (any, error)
	OfOrganisation(by *casework.Member, device, person string, before int64) (any, error)
	// Search finds in either of them, by the same rules; that it was searched is written down.
	Search(by *casework.Member, device string, q casework.LogSearch) (any, error)
	// Extract is what the file holds and who has read it, for those who may see that.
	// That of a protected identity takes a reason.
	Extract(by *casework.Member, device, root, reason string) (string, error)
	// Told takes what a device has shown to its person, without a network too.
	Told(by *casework.Member, device string, readings []casework.Reading) error
	// Denied notes that the person was refused something because of their role.
	Denied(by *casework.Member, device, what string)
}

// logShow tells what was done in the asker's organisation, beside case files.
func (w *Web) logShow(c *fiber.Ctx) error {
	rows, err := w.Book.OfOrganisation(by(c).member, by(c).session.Device, strings.Clone(c.Query("person")), int64(c.QueryInt("before")))
	if err != nil {
		return err
	}
	return c.JSON(rows)
}

// logOfCase tells who opened and wrote in a household's file.
func (w *Web) logOfCase(c *fiber.Ctx) error {
	rows, err := w.Book.OfCase(by(c).member, by(c).session.Device, strings.Clone(c.Params("root")), int64(c.QueryInt("before")))
	if err != nil {
		return err
	}
	return c.JSON(rows)
}

// logSearch finds in the organisation's log, or in that of a case file.
func (w *Web) logSearch(c *fiber.Ctx) error {
	var q casework.LogSearch
	if err := readJSON(c, &q); err != nil {
		return err
	}
	found, err := w.Book.Search(by(c).member, by(c).session.Device, q)
	if err != nil {
		return err
	}
	return c.JSON(found)
}

// extractShow makes the text that is handed to the person whom a file is about.
func (w *Web) extractShow(c *fiber.Ctx) error { return w.extract(c, "") }

// extractFetch makes it of a protected identity's file, for somebody who says why.
func (w *Web) extractFetch(c *fiber.Ctx) error {
	reason, err := w.reason(c)
	if err != nil {
		return err
	}
	return w.extract(c, reason)
}

func (w *Web) extract(c *fiber.Ctx, reason string) error {
	s := by(c)
	text, err := w.Book.Extract(s.member, s.session.Device, strings.Clone(c.Params("root")), reason)
	if err != nil {
		return err
	}
	return c.JSON(map[string]string{"text": text})
}

// readings is how many of them one request may bring; the device sends the rest in the next.
const readings = 500

// readingTell takes what was read on the device.
func (w *Web) readingTell(c *fiber.Ctx) error {
	var in struct{ Readings []casework.Reading }
	if err := readJSON(c, &in); err != nil {
		return err
	}
	if len(in.Readings) > readings {
		return errTooBig
	}
	s := by(c)
	if err := w.Book.Told(s.member, s.session.Device, in.Readings); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
