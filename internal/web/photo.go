package web

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// Photos takes in the pictures of records of the kind photo. What Ask and Take
// return is sent as JSON.
type Photos interface {
	Ask(by *casework.Member, id string) (any, error)
	Take(by *casework.Member, id string, n int, part []byte) (any, error)
	// Show also writes down that the person looked at it.
	Show(by *casework.Member, device, id string) ([]byte, error)
}

// photoAsk tells the one who took a picture what is still missing of it.
func (w *Web) photoAsk(c *fiber.Ctx) error {
	state, err := w.Photos.Ask(by(c).member, strings.Clone(c.Params("id")))
	if err != nil {
		return err
	}
	return c.JSON(state)
}

// photoTake takes one part of a picture.
func (w *Web) photoTake(c *fiber.Ctx) error {
	n, err := strconv.Atoi(c.Params("part"))
	if err != nil {
		return errNotFound
	}
	part, err := body(c, casework.PhotoPart, smallBody)
	if err != nil {
		return err
	}
	state, err := w.Photos.Take(by(c).member, strings.Clone(c.Params("id")), n, part)
	if err != nil {
		return err
	}
	return c.JSON(state)
}

// photoShow is the picture itself.
func (w *Web) photoShow(c *fiber.Ctx) error {
	s := by(c)
	picture, err := w.Photos.Show(s.member, s.session.Device, strings.Clone(c.Params("id")))
	if err != nil {
		return err
	}
	return sendPicture(c, picture)
}

func sendPicture(c *fiber.Ctx, picture []byte) error {
	c.Set(fiber.HeaderContentType, "image/jpeg")
	c.Set(fiber.HeaderContentDisposition, "inline")
	return c.Send(picture)
}
