package web

import (
	_ "embed"

	"github.com/gofiber/fiber/v2"
)

// openapi describes every route; a test compares it with routes.go.
//
//go:embed openapi.json
var openapi []byte

func (w *Web) openapiShow(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(openapi)
}
