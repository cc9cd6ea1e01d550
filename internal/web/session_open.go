package web

import (
	"encoding/json"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"bokvar/internal/access"
	"bokvar/internal/casework"
)

// sessionOpen lets a person in by a link's token or a typed code, and ends the
// session that the browser had before.
func (w *Web) sessionOpen(c *fiber.Ctx) error {
	if err := w.paceOfStranger(c); err != nil {
		return err
	}
	var in struct{ Link, Code, Device string }
	if err := readJSON(c, &in); err != nil {
		return err
	}
	if _, err := uuid.Parse(in.Device); err != nil || len(in.Device) != 36 {
		return errMalformed
	}
	before := strings.Clone(c.Cookies(w.cookieName()))
	cookie, err := w.Accounts.Redeem(in.Link, in.Code, in.Device, w.addressOf(c))
	if err != nil {
		return err
	}
	return w.begin(c, cookie, before, "")
}

// sessionAgain lets a person in on a device that has their vault, by what the
// passphrase gives for signing in.
func (w *Web) sessionAgain(c *fiber.Ctx) error {
	var in struct{ Locker, Auth, Proof string }
	if err := readJSON(c, &in); err != nil {
		return err
	}
	before := strings.Clone(c.Cookies(w.cookieName()))
	cookie, err := w.Accounts.SignInAgain(in.Locker, in.Auth, in.Proof, w.addressOf(c))
	if err != nil {
		return err
	}
	return w.begin(c, cookie, before, in.Proof)
}

// begin goes on with a new session, and ends the one that the browser had before.
func (w *Web) begin(c *fiber.Ctx, cookie, before, proof string) error {
	member, session, err := w.Accounts.Check(cookie, proof)
	if err != nil {
		return err
	}
	if err := w.end(before, member.ID); err != nil {
		return err
	}
	return w.tell(c, &signed{member, session, cookie, proof})
}

// sessionShow tells the app who is signed in, and lets the cookie live on, with a new value when it is time.
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
	Vault    *vaultAnswer  `json:"vault"` // null before the device was enrolled
	VapidKey string        `json:"vapidKey"`
	Version  string        `json:"version"`
	Demo     bool          `json:"demo"`
	Keeps    bool          `json:"keeps"`  // what is read may stay on the device
	Rescue   any           `json:"rescue"` // public keys that the device seals its work for, too
	casework.PhoneLimits
}

// vaultAnswer is the copy of what the device needs to open its vault, beside a passphrase or passkey.
type vaultAnswer struct {
	Locker string          `json:"locker"`
	Wraps  json.RawMessage `json:"wraps"`
	Signs  bool            `json:"signs"` // the server has the device's public signing key
}

func (w *Web) tell(c *fiber.Ctx, s *signed) error {
	org, err := w.Accounts.Organisation(s.member.Org)
	if err != nil {
		return err
	}
	device, err := w.Accounts.Device(s.session)
	if err != nil {
		return err
	}
	limits, err := w.Accounts.LimitsOf(s.member.Org)
	if err != nil {
		return err
	}
	var vault *vaultAnswer
	if device != nil {
		vault = &vaultAnswer{device.Locker, device.Wraps, device.Signing != nil}
	}
	rescue, err := w.Rescue.Keys(s.member.Org)
	if err != nil {
		return err
	}
	w.setCookie(c, w.Accounts.Renewed(s.session, s.cookie, false))
	m := s.member
	return c.JSON(sessionAnswer{
		Person: sessionPerson{m.ID, m.Name, m.Title, m.Phone, string(m.Role), append([]string{}, m.Units...)},
		Org:    sessionOrg{org.ID, org.Name, org.Kind},
		Device: s.session.Device, Vault: vault, VapidKey: w.Pushes.Key(), Version: w.Version, Demo: w.Demo, Keeps: access.Keeps(m.Role), Rescue: rescue, PhoneLimits: limits,
	})
}

// sessionEnd signs the device out. It succeeds whether or not it was signed in.
func (w *Web) sessionEnd(c *fiber.Ctx) error {
	if err := w.end(strings.Clone(c.Cookies(w.cookieName())), ""); err != nil {
		return err
	}
	w.dropCookie(c)
	return c.SendStatus(fiber.StatusNoContent)
}

// sessionEndOthers signs the person out everywhere but here.
func (w *Web) sessionEndOthers(c *fiber.Ctx) error {
	s := by(c)
	ended, err := w.Devices.EndOthers(s.member, s.session)
	if err != nil {
		return err
	}
	return c.JSON(map[string]int{"ended": ended})
}

// end ends a session and the sockets that it opened. The device's pushes end too,
// unless the same person goes on there.
func (w *Web) end(cookie, goesOn string) error {
	member, session, err := w.Accounts.Holder(cookie)
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
