package web

import (
	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// vaultPut keeps the wrapped copies of the device's data key, or goes by those that are
// there, and binds the session to what lies in the vault. What the session can do has
// changed, so the answer hands out the next value of its cookie; the one that was shown
// counts until that has proved to be kept, and a browser that shows the next one keeps it.
func (w *Web) vaultPut(c *fiber.Ctx) error {
	var in casework.Enrolment
	if err := readJSON(c, &in); err != nil {
		return err
	}
	s := by(c)
	if err := w.Accounts.Enrol(s.session, originOf(c), in); err != nil {
		return err
	}
	w.setCookie(c, w.Accounts.Renewed(s.session, s.cookie, true))
	return c.SendStatus(fiber.StatusNoContent)
}

// signingPut keeps the public part of the key that signs on the device.
func (w *Web) signingPut(c *fiber.Ctx) error {
	var in struct{ Key []byte } // SPKI, base64 in JSON
	if err := readJSON(c, &in); err != nil {
		return err
	}
	if err := w.Accounts.SetSigning(by(c).session, in.Key); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
