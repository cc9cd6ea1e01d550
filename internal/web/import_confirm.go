package web

import (
	"encoding/json"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// importConfirm writes what a proposal says.
func (w *Web) importConfirm(c *fiber.Ctx) error {
	var in struct {
		Keep []string `json:"keep"` // claims that are gone from the file but stay
	}
	content, err := body(c, smallBody, smallBody)
	if err != nil {
		return err
	}
	if len(content) > 0 && json.Unmarshal(content, &in) != nil {
		return errMalformed
	}
	done, err := w.Imports.Confirm(by(c).member, strings.Clone(c.Params("id")), in.Keep)
	if err != nil {
		return err
	}
	return c.JSON(done)
}

// importDrop throws a proposal away.
func (w *Web) importDrop(c *fiber.Ctx) error {
	if err := w.Imports.Drop(by(c).member, strings.Clone(c.Params("id"))); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
