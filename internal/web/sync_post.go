package web

import (
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"bokvar/sync/wire"
)

// syncPost is the conversation for networks that block sockets.
func (w *Web) syncPost(c *fiber.Ctx) error {
	var batch wire.Batch
	if err := readJSON(c, &batch); err != nil {
		return err
	}
	s := by(c)
	answers := w.Sockets.Answer(s.author(), w.check(s), batch.Messages)
	if answers == nil {
		answers = []json.RawMessage{}
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.JSON(wire.Batch{Messages: answers})
}
