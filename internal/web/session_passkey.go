package web

import (
	"encoding/json"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// originOf is where the app is that asks; behind sameOrigin it is the app's own.
func originOf(c *fiber.Ctx) string { return strings.Clone(c.Get(fiber.HeaderOrigin)) }

// sessionPasskey lets a person in on a device that has their vault, by the passkey
// that opens it.
func (w *Web) sessionPasskey(c *fiber.Ctx) error {
	if err := w.paceOfStranger(c); err != nil {
		return err
	}
	var in struct {
		Locker, Proof string
		Passkey       json.RawMessage
	}
	if err := readJSON(c, &in); err != nil {
		return err
	}
	before := strings.Clone(c.Cookies(w.cookieName()))
	cookie, err := w.Accounts.SignInByPasskey(in.Locker, originOf(c), in.Passkey, in.Proof, w.addressOf(c))
	if err != nil {
		return err
	}
	return w.begin(c, cookie, before, in.Proof)
}

type challengeAnswer struct {
	Challenge string `json:"challenge"`        // base64url
	Handle    string `json:"handle,omitempty"` // base64url
}

// sessionChallenge is what the passkey has to sign to sign in.
func (w *Web) sessionChallenge(c *fiber.Ctx) error {
	if err := w.paceOfStranger(c); err != nil {
		return err
	}
	var in struct{ Locker string }
	if err := readJSON(c, &in); err != nil {
		return err
	}
	if len(in.Locker) != 36 {
		return errMalformed
	}
	return c.JSON(challengeAnswer{Challenge: w.Accounts.SignInChallenge(in.Locker)})
}

// vaultChallenge is what a new passkey has to sign to be one that signs in.
func (w *Web) vaultChallenge(c *fiber.Ctx) error {
	challenge, handle := w.Accounts.PasskeyChallenge(by(c).session)
	return c.JSON(challengeAnswer{challenge, handle})
}
