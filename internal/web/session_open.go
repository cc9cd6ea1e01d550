package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"bokvar/internal/access"
	"bokvar/internal/casework"
)

// sessionOpen lets a person in by a link's token or a typed code, and ends the
// session that the browser had before.
func (w *Web) sessionOpen(c *fiber.Ctx) error {
	var in struct{ Link, Code, Device string }
	if err := readJSON(c, &in); err != nil {
		return err
	}
	if _, err := uuid.Parse(in.Device); err != nil || len(in.Device) != 36 {
		return errMalformed
	}
	before := strings.Clone(c.Cookies(cookieName))
	cookie, err := w.Accounts.Redeem(in.Link, in.Code, in.Device, strings.Clone(c.IP()))
	if err != nil {
		return err
	}
	member, session, err := w.Accounts.Check(cookie)
	if err != nil {
		return err
	}
	if err := w.end(before, member.ID); err != nil {
		return err
	}
	return w.tell(c, &signed{member, session, cookie})
}

// sessionShow tells the app who is signed in, and lets the cookie live on.
func (w *Web) sessionShow(c *fiber.Ctx) error { return w.tell(c, by(c)) }

type sessionPerson struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Title string   `json:"title"`
	Phone string   `json:"phone"`
	Role  string   `json:"role"`
	Units []string `json:"units"`
}

type sessionOrg struct {
	ID   string           `json:"id"`
	Name string           `json:"name"`
	Kind casework.OrgKind `json:"kind"`
}

type sessionAnswer struct {
	Person   sessionPerson `json:"person"`
	Org      sessionOrg    `json:"org"`
	Device   string        `json:"device"`
	VaultKey []byte        `json:"vaultKey"` // base64 in JSON
	VapidKey string        `json:"vapidKey"`
	Version  string        `json:"version"`
	Demo     bool          `json:"demo"`
	Keeps    bool          `json:"keeps"` // what is read may stay on the device
}

func (w *Web) tell(c *fiber.Ctx, s *signed) error {
	org, err := w.Accounts.Organisation(s.member.Org)
	if err != nil {
		return err
	}
	key, err := w.Accounts.VaultKey(s.member.ID, s.session.Device)
	if err != nil {
		return err
	}
	w.setCookie(c, s.cookie)
	m := s.member
	return c.JSON(sessionAnswer{
		Person: sessionPerson{m.ID, m.Name, m.Title, m.Phone, string(m.Role), append([]string{}, m.Units...)},
		Org:    sessionOrg{org.ID, org.Name, org.Kind},
		Device: s.session.Device, VaultKey: key, VapidKey: w.Pushes.Key(), Version: w.Version, Demo: w.Demo, Keeps: access.Keeps(m.Role),
	})
}

// sessionEnd signs the device out. It succeeds whether or not it was signed in.
func (w *Web) sessionEnd(c *fiber.Ctx) error {
	if err := w.end(strings.Clone(c.Cookies(cookieName)), ""); err != nil {
		return err
	}
	w.dropCookie(c)
	return c.SendStatus(fiber.StatusNoContent)
}

// end ends a session and the sockets that it opened. The device's pushes end too,
// unless the same person goes on there.
func (w *Web) end(cookie, goesOn string) error {
	member, session, err := w.Accounts.Check(cookie)
	if err != nil {
		if known(err) != nil {
			return nil // it is over already
		}
		return err
	}
	if err := w.Accounts.End(cookie); err != nil {
		return err
	}
	w.Sockets.SignOut(member.ID, session.Device)
	if member.ID == goesOn {
		return nil
	}
	return w.Pushes.Forget(member.ID, session.Device)
}
