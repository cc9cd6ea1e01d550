package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

const (
	forever = "public, max-age=31536000, immutable" // the name changes with the content
	aDay    = "public, max-age=86400"
	fresh   = "no-cache" // kept, but asked about each time
)

// appShow answers every path of the app with its one page.
func (w *Web) appShow(c *fiber.Ctx) error {
	if name := strings.TrimPrefix(c.Path(), "/"); strings.Contains(name, ".") {
		return w.send(c, name, fresh)
	}
	return w.send(c, "index.html", fresh)
}

// assetShow answers with a file whose name holds its content's hash.
func (w *Web) assetShow(c *fiber.Ctx) error {
	return w.send(c, "assets/"+c.Params("*"), forever)
}

func (w *Web) iconShow(c *fiber.Ctx) error {
	return w.send(c, "icons/"+c.Params("*"), aDay)
}

func (w *Web) manifestShow(c *fiber.Ctx) error {
	return w.send(c, "manifest.webmanifest", fresh)
}

// workerShow answers with the service worker, which may serve the whole origin.
func (w *Web) workerShow(c *fiber.Ctx) error {
	c.Set("Service-Worker-Allowed", "/")
	return w.send(c, "sw.js", fresh)
}

func nothingHere(*fiber.Ctx) error { return errNotFound }
