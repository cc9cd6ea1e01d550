package web

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/gofiber/fiber/v2"
)

// record notes each request: what was asked by its pattern, how it went, how
// long it took. Never a path, a query, a body, an address or a name.
func (w *Web) record(c *fiber.Ctx) error {
	began := time.Now()
	id := errorNumber()
	c.Set(fiber.HeaderXRequestID, id)
	if err := c.Next(); err != nil {
		w.denied(c, err)
		if err := w.fail(c, err); err != nil {
			return err
		}
	}
	took := time.Since(began)
	route, status := c.Route().Path, c.Response().StatusCode()
	level := slog.LevelInfo
	switch {
	case status >= 500:
		level = slog.LevelError
	case route == "/healthz" || route == "/readyz" || status < 400 && c.Method() == fiber.MethodGet:
		level = slog.LevelDebug
	}
	w.Log.LogAttrs(c.Context(), level, "request",
		slog.String("id", id), slog.String("method", c.Method()), slog.String("route", route),
		slog.Int("status", status), slog.Float64("ms", float64(took.Microseconds())/1000))
	if w.Metrics != nil {
		w.Metrics.answered(c.Method(), route, status, took)
	}
	return nil
}

// denied notes in the log that somebody was refused because of their role.
func (w *Web) denied(c *fiber.Ctx, err error) {
	a := known(err)
	if a == nil || a.Code != errNotAllowed.Code {
		return
	}
	if s, ok := c.Locals(signedKey{}).(*signed); ok {
		w.Book.Denied(s.member, s.session.Device, c.Method()+" "+c.Route().Path)
	}
}

// rescue turns a panic, which must not happen, into a failed request.
func (w *Web) rescue(c *fiber.Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			w.Log.Error("panic", slog.String("route", c.Route().Path), slog.String("stack", string(debug.Stack())))
			err = fmt.Errorf("panic of type %T", r) // its value might hold what somebody wrote
		}
	}()
	return c.Next()
}
