package web

import (
	"github.com/gofiber/fiber/v2"
)

// What a device may ask and say that nobody is signed in on: the random number of a
// locker lies on that device alone, and gives nothing but this.

const mostLockers = 20 // people who share one device

// deviceAsk tells a device whether its people's vaults are blocked or to be wiped.
func (w *Web) deviceAsk(c *fiber.Ctx) error {
	if err := w.paceOfStranger(c); err != nil {
		return err
	}
	var in struct {
		Lockers []string
		Left    map[string]int // of those that wait to be wiped: what only this device has
	}
	if err := readJSON(c, &in); err != nil {
		return err
	}
	if len(in.Lockers) == 0 || len(in.Lockers) > mostLockers || len(in.Left) > mostLockers {
		return errMalformed
	}
	orders, err := w.Devices.Orders(in.Lockers, in.Left)
	if err != nil {
		return err
	}
	return c.JSON(orders)
}

// deviceWiped takes a device's word that it has deleted a vault. When nothing else
// lies on it, the browser is told to delete whatever may be left.
func (w *Web) deviceWiped(c *fiber.Ctx) error {
	if err := w.paceOfStranger(c); err != nil {
		return err
	}
	var in struct {
		Locker string
		Whole  bool // nobody else has anything on this device
		Lost   int  // that nobody else has
	}
	if err := readJSON(c, &in); err != nil {
		return err
	}
	if err := w.Devices.Wiped(in.Locker, in.Lost); err != nil {
		return err
	}
	if in.Whole {
		c.Set("Clear-Site-Data", `"cache", "cookies", "storage"`)
	}
	return c.SendStatus(fiber.StatusNoContent)
}
