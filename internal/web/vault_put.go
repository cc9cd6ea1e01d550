package web

import (
	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// vaultPut keeps the wrapped copies of the device's data key, and binds the
// session to what lies in the vault.
func (w *Web) vaultPut(c *fiber.Ctx) error {
	var in casework.Enrolment
	if err := readJSON(c, &in); err != nil {
		return err
	}
	if err := w.Accounts.Enrol(by(c).session, originOf(c), in); err != nil {
		return err
	}
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
