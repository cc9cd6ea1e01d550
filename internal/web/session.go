package web

import (
	"encoding/base64"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

const (
	cookiePlain = "bokvar"             // on this machine alone
	cookieHost  = "__Host-bokvar"      // with https: no other host, and no page without https, can set it
	cookieLife  = 365 * 24 * time.Hour // the session's own end is package account's
)

// Beside the cookie the app shows what lies in its vault. A socket cannot carry
// headers of ours, so there it is one of the protocols that the app offers.
const (
	proofHeader   = "X-Bokvar-Proof"
	proofProtocol = "proof."
	protocol      = "bokvar" // the one that is chosen
)

type signed struct {
	member  *casework.Member
	session *casework.Session
	cookie  string
	proof   string
}

func (s *signed) author() server.Author {
	return server.Author{Person: s.member.ID, Org: s.member.Org, Device: s.session.Device}
}

// who looks at the request's session.
func (w *Web) who(c *fiber.Ctx) (*signed, error) {
	cookie := strings.Clone(c.Cookies(w.cookieName())) // Fiber reuses its buffers, and sockets keep this
	proof, vault, _ := strings.Cut(proofOf(c), ".")
	member, session, err := w.Accounts.Check(cookie, proof)
	if err != nil {
		return nil, err
	}
	if vault != "" && vault != base64.RawURLEncoding.EncodeToString([]byte(member.ID)) {
		return nil, errAnotherPerson // a page of somebody who worked on this phone before: nothing of it counts as this person's
	}
	return &signed{member, session, cookie, proof}, nil
}

// proofOf is the proof that the app shows and, after a point, whose vault it lies in,
// base64url; "" when it shows none.
func proofOf(c *fiber.Ctx) string {
	if proof := c.Get(proofHeader); proof != "" {
		return strings.Clone(proof)
	}
	for offered := range strings.SplitSeq(c.Get("Sec-Websocket-Protocol"), ",") {
		if proof, ok := strings.CutPrefix(strings.TrimSpace(offered), proofProtocol); ok {
			return strings.Clone(proof)
		}
	}
	return ""
}

// check looks at the session again, later.
func (w *Web) check(s *signed) func() error {
	return func() error { return w.Accounts.Still(s.cookie, s.proof) }
}

// signedIn lets only people with a session through; [by] tells the next handler who.
func (w *Web) signedIn(c *fiber.Ctx) error {
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
	c.Locals(signedKey{}, s)
	return c.Next()
}

type signedKey struct{}

// by is who asks; only behind signedIn.
func by(c *fiber.Ctx) *signed { return c.Locals(signedKey{}).(*signed) }

func (w *Web) cookieName() string {
	if w.secure() {
		return cookieHost
	}
	return cookiePlain
}

func (w *Web) setCookie(c *fiber.Ctx, value string) {
	c.Cookie(&fiber.Cookie{
		Name: w.cookieName(), Value: value, Path: "/", MaxAge: int(cookieLife.Seconds()),
		HTTPOnly: true, Secure: w.secure(), SameSite: fiber.CookieSameSiteStrictMode,
	})
}

func (w *Web) dropCookie(c *fiber.Ctx) {
	c.Cookie(&fiber.Cookie{
		Name: w.cookieName(), Path: "/", Expires: time.Unix(0, 0),
		HTTPOnly: true, Secure: w.secure(), SameSite: fiber.CookieSameSiteStrictMode,
	})
}
