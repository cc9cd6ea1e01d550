package web

import (
	"log/slog"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// healthShow says that the process answers.
func (w *Web) healthShow(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.SendString("ok")
}

// readyShow says whether the program can do its work: the database answers and the app is there.
func (w *Web) readyShow(c *fiber.Ctx) error {
	if err := w.Ready(); err != nil {
		w.Log.Warn("not ready", slog.String("error", err.Error()))
		return &casework.Error{Code: "not_ready", Sentence: "Servern är inte redo. Loggen säger varför."}
	}
	return w.healthShow(c)
}
