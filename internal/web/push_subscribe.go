package web

import (
	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// pushSubscribe keeps where the device wants its web push.
func (w *Web) pushSubscribe(c *fiber.Ctx) error {
	var in struct {
		Endpoint string
		Keys     struct {
			P256dh string
			Auth   string
		}
	}
	if err := readJSON(c, &in); err != nil {
		return err
	}
	s := by(c)
	err := w.Pushes.Subscribe(casework.Subscription{
		Person: s.member.ID, Device: s.session.Device,
		Endpoint: in.Endpoint, P256dh: in.Keys.P256dh, Auth: in.Keys.Auth,
	})
	if err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// pushUnsubscribe forgets it. What is not there is forgotten already.
func (w *Web) pushUnsubscribe(c *fiber.Ctx) error {
	var in struct{ Endpoint string }
	if err := readJSON(c, &in); err != nil {
		return err
	}
	if err := w.Pushes.Unsubscribe(by(c).member.ID, in.Endpoint); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
