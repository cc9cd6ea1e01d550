package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// Papers makes what can be printed.
type Papers interface {
	// Consent is a signed consent as a PDF, for somebody who may read it. What is not
	// there and what is not theirs are one answer. It also writes down that it was taken out.
	Consent(by *casework.Member, device, id string) ([]byte, error)
}

// consentPrint is a signed consent on paper.
func (w *Web) consentPrint(c *fiber.Ctx) error {
	s := by(c)
	pdf, err := w.Papers.Consent(s.member, s.session.Device, strings.Clone(c.Params("id")))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, `inline; filename="samtycke.pdf"`)
	return c.Send(pdf)
}
