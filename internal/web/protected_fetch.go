package web

import (
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// Protected hands out what a protected identity closes in a file, to somebody who
// says why, and writes that down first. What it returns is sent as JSON.
type Protected func(by *casework.Member, device, root, reason string) (any, error)

// How often one person may fetch: a day's visits at once, and then one a minute.
const protectedPace, protectedBurst = 1.0 / 60, 20

var errReason = &casework.Error{Code: "invalid", Sentence: "Skriv varför du behöver uppgifterna, med minst 10 och högst 500 tecken."}

// protectedFetch answers with protected details. The reason travels in the body,
// and the answer is kept by nobody: see noStore.
func (w *Web) protectedFetch(c *fiber.Ctx) error {
	var in struct{ Reason string }
	if err := readJSON(c, &in); err != nil {
		return err
	}
	reason := strings.TrimSpace(in.Reason)
	if n := utf8.RuneCountInString(reason); n < casework.MinReason || n > casework.MaxReason {
		return errReason
	}
	s := by(c)
	if !w.limits.allows("protected "+s.member.ID, protectedPace, protectedBurst) {
		return errSlowDown
	}
	found, err := w.Protected(s.member, s.session.Device, strings.Clone(c.Params("root")), strings.Clone(reason))
	if err != nil {
		return err
	}
	return c.JSON(found)
}
