package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// deviceList tells of the asker's own phones and computers, and of colleagues' to
// those who may see to them.
func (w *Web) deviceList(c *fiber.Ctx) error {
	s := by(c)
	devices, err := w.Devices.List(s.member, s.session.Device)
	if err != nil {
		return err
	}
	return c.JSON(devices)
}

// deviceOrder blocks a device, has it wiped, or lets it in again.
func (w *Web) deviceOrder(c *fiber.Ctx) error {
	s := by(c)
	param := func(name string) string { return strings.Clone(c.Params(name)) }
	if err := w.Devices.Order(s.member, s.session.Device, param("person"), param("device"), param("order")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
