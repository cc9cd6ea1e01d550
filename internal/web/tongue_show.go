package web

import (
	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// tongueShow answers with a language's words of the tenant's page: phones carry only
// those of the door, and whoever reviews a translation reads both.
func (w *Web) tongueShow(c *fiber.Ctx) error {
	tongue := casework.TongueOf(c.Params("language"))
	if tongue == nil {
		return errNotFound
	}
	return c.JSON(map[string]any{"page": tongue.Page})
}
