package web

import (
	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"
)

// sockets are small when idle: no write buffer is kept between messages, and
// compression is used only where package live asks for it (docs/adr).
var upgrader = &websocket.Upgrader{
	ReadBufferSize:    1024,
	WriteBufferSize:   4096,
	WriteBufferPool:   &bufferPool,
	EnableCompression: true,
	Subprotocols:      []string{protocol},
}

// syncSocket opens the conversation with a device.
func (w *Web) syncSocket(c *fiber.Ctx) error {
	if !w.allowed(c.Get(fiber.HeaderOrigin), c.Get(fiber.HeaderHost)) {
		return errWrongOrigin
	}
	s, err := w.who(c)
	if err != nil {
		if slow := w.paceOfStranger(c); slow != nil {
			return slow
		}
		return err
	}
	if err := w.paceOf(s); err != nil {
		return err
	}
	author, check := s.author(), w.check(s)
	return upgrade(c, upgrader, func(ws *websocket.Conn) {
		w.Sockets.Serve(ws, author, check)
	})
}
