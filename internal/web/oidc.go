package web

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// Providers lets people in through an organisation's own identity provider.
type Providers interface {
	List() any
	// Start answers where to go, and the secret to come back with.
	Start(id string) (url, secret string, err error)
	// Finish answers the token of a link that lets the person in.
	Finish(secret, state, code string) (token string, err error)
	// Leave is where the person signs out at their provider as well; nil for nowhere.
	Leave(person string) (any, error)
}

const (
	journeyCookie = "bokvar-oidc"
	journeyPath   = "/api/oidc"
	journeyLife   = 5 * time.Minute // must not be less than package oidc's
)

func (w *Web) oidcList(c *fiber.Ctx) error { return c.JSON(w.Providers.List()) }

// oidcStart sends the browser to a provider. The cookie is Lax, because it has to
// be there when the browser comes back from another site; it opens nothing.
func (w *Web) oidcStart(c *fiber.Ctx) error {
	url, secret, err := w.Providers.Start(strings.Clone(c.Params("id")))
	if err != nil {
		return err
	}
	w.journey(c, secret, int(journeyLife.Seconds()))
	return c.JSON(fiber.Map{"url": url})
}

// oidcFinish lands the browser on the app's own page, with a link in the part of
// the address that is sent to nobody.
func (w *Web) oidcFinish(c *fiber.Ctx) error {
	token, err := w.Providers.Finish(strings.Clone(c.Cookies(journeyCookie)), strings.Clone(c.Query("state")), strings.Clone(c.Query("code")))
	w.journey(c, "", -1)
	if err != nil {
		a := known(err)
		if a == nil {
			return err
		}
		w.Log.Warn("a sign-in by a provider failed", "reason", reasonOf(err))
		token = "!" + a.Code
	}
	return c.Redirect("/in#"+token, fiber.StatusSeeOther)
}

// oidcOut tells where whoever signs out here can sign out as well.
func (w *Web) oidcOut(c *fiber.Ctx) error {
	to, err := w.Providers.Leave(by(c).member.ID)
	if err != nil {
		return err
	}
	return c.JSON(to)
}

// reasonOf is what the operator needs: what failed, without what the person has.
func reasonOf(err error) string {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, each := range joined.Unwrap() {
			if _, told := each.(*casework.Error); !told {
				return each.Error()
			}
		}
	}
	return known(err).Code
}

func (w *Web) journey(c *fiber.Ctx, value string, seconds int) {
	cookie := &fiber.Cookie{Name: journeyCookie, Value: value, Path: journeyPath, MaxAge: seconds,
		HTTPOnly: true, Secure: w.secure(), SameSite: fiber.CookieSameSiteLaxMode}
	if seconds < 0 {
		cookie.Expires = time.Unix(0, 0)
	}
	c.Cookie(cookie)
}
