package web

import "github.com/gofiber/fiber/v2"

// methodShow tells where in the method's month the organisation's cases are.
func (w *Web) methodShow(c *fiber.Ctx) error {
	m := by(c).member
	if w.Access.Cell("case.stage", m.Role).Read == "never" {
		return errNotAllowed
	}
	month, err := w.Month(m)
	if err != nil {
		return err
	}
	return c.JSON(month)
}
