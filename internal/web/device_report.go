package web

import "github.com/gofiber/fiber/v2"

// deviceReport takes what a device tells when it was unlocked: how many wrong
// passphrases there were since it told last, and the number that it was given then.
func (w *Web) deviceReport(c *fiber.Ctx) error {
	var in struct {
		Wrong int
		Turn  int64
	}
	if err := readJSON(c, &in); err != nil {
		return err
	}
	next, err := w.Accounts.Report(by(c).session, in.Wrong, in.Turn)
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"turn": next})
}
