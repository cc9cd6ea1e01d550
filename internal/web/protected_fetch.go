package web

import (
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// Protected is what a protected identity closes in a file. What it returns is sent as JSON.
type Protected interface {
	// Fetch hands it out to somebody who says why, and writes that down first.
	Fetch(by *casework.Member, device, root, reason string) (any, error)
	// Change writes new values of what was just fetched.
	Change(by *casework.Member, device, root string, body []byte) (any, error)
	// Photo is a picture of the file that was just fetched. It is written down, too.
	Photo(by *casework.Member, device, root, id, reading string) ([]byte, error)
}

// How often one person may fetch: a day's visits at once, and then one a minute.
const protectedPace, protectedBurst = 1.0 / 60, 20

var errReason = &casework.Error{Code: "invalid", Sentence: "Skriv varför du behöver uppgifterna, med minst 10 och högst 500 tecken."}

// protectedFetch answers with protected details. The reason travels in the body,
// and the answer is kept by nobody: see noStore.
func (w *Web) protectedFetch(c *fiber.Ctx) error {
	reason, err := w.reason(c)
	if err != nil {
		return err
	}
	s := by(c)
	found, err := w.Protected.Fetch(s.member, s.session.Device, strings.Clone(c.Params("root")), reason)
	if err != nil {
		return err
	}
	return c.JSON(found)
}

// protectedChange takes new values of what was fetched: from the screen, with a network.
func (w *Web) protectedChange(c *fiber.Ctx) error {
	content, err := body(c, smallBody, smallBody)
	if err != nil {
		return err
	}
	s := by(c)
	now, err := w.Protected.Change(s.member, s.session.Device, strings.Clone(c.Params("root")), content)
	if err != nil {
		return err
	}
	return c.JSON(now)
}

// protectedPhoto is a picture of a paper that was signed. The fetch that it belongs to
// travels in the body: an address is written down in too many places.
func (w *Web) protectedPhoto(c *fiber.Ctx) error {
	var in struct{ Reading string }
	if err := readJSON(c, &in); err != nil {
		return err
	}
	s := by(c)
	picture, err := w.Protected.Photo(s.member, s.session.Device, strings.Clone(c.Params("root")), strings.Clone(c.Params("id")), in.Reading)
	if err != nil {
		return err
	}
	return sendPicture(c, picture)
}

// reason reads why protected details are fetched, at a person's pace.
func (w *Web) reason(c *fiber.Ctx) (string, error) {
	var in struct{ Reason string }
	if err := readJSON(c, &in); err != nil {
		return "", err
	}
	reason := strings.TrimSpace(in.Reason)
	if n := utf8.RuneCountInString(reason); n < casework.MinReason || n > casework.MaxReason {
		return "", errReason
	}
	if !w.limits.allows("protected "+by(c).member.ID, protectedPace, protectedBurst) {
		return "", errSlowDown
	}
	return strings.Clone(reason), nil
}
