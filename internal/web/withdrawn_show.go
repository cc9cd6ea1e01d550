package web

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/gofiber/fiber/v2"
)

// withdrawnShow lists the versions of the app that were withdrawn. The service
// worker of another version asks when it is installed, and takes over at once
// from one of these, which may be too broken to give way by itself.
func (w *Web) withdrawnShow(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	if w.Withdrawn == nil {
		return c.JSON([]string{})
	}
	return c.JSON(w.Withdrawn)
}

var versionPattern = regexp.MustCompile(`<meta name="version" content="([^"]+)">`)

// ownWithdrawn refuses to serve a version that phones are told to leave: they
// would come back to it for ever.
func (w *Web) ownWithdrawn() error {
	page := w.files["index.html"]
	if page == nil {
		return nil
	}
	own := versionPattern.FindSubmatch(page.plain)
	if own != nil && slices.Contains(w.Withdrawn, string(own[1])) {
		return fmt.Errorf("version %s of the app is withdrawn, and this program serves it: start another version, or take it off the list", own[1])
	}
	return nil
}
