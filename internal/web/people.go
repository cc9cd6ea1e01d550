package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// People are who works in the asker's organisation, for those who see to that. What is
// asked of somebody in another one is answered as if there was nobody. What they return
// is sent as JSON.
type People interface {
	List(by *casework.Member) (any, error)
	// Add makes an account, and answers what lets its person in, once.
	Add(by *casework.Member, device string, person casework.Member) (any, error)
	Change(by *casework.Member, device string, person casework.Member) error
	// Invite answers anew what lets somebody in who has never come.
	Invite(by *casework.Member, device, person string) (any, error)
	// Leaves tells what somebody leaves behind who is ended now.
	Leaves(by *casework.Member, person string) (any, error)
	// End closes an account; anyway: also when nobody could open sealed work then. Said
	// again of one that is closed, it completes what a failure left.
	End(by *casework.Member, device, person string, anyway bool) error
}

func (w *Web) peopleList(c *fiber.Ctx) error {
	people, err := w.People.List(by(c).member)
	if err != nil {
		return err
	}
	return c.JSON(people)
}

// readPerson reads what is known of an account; id and organisation are not for the
// asker to say.
func readPerson(c *fiber.Ctx) (casework.Member, error) {
	var in struct {
		Name, Title, Phone string
		Role               casework.Role
		Units              []string
	}
	err := readJSON(c, &in)
	return casework.Member{ID: strings.Clone(c.Params("id")), Name: in.Name, Title: in.Title, Phone: in.Phone, Role: in.Role, Units: in.Units}, err
}

func (w *Web) personAdd(c *fiber.Ctx) error {
	person, err := readPerson(c)
	if err != nil {
		return err
	}
	login, err := w.People.Add(by(c).member, by(c).session.Device, person)
	if err != nil {
		return err
	}
	return c.JSON(login)
}

func (w *Web) personChange(c *fiber.Ctx) error {
	person, err := readPerson(c)
	if err != nil {
		return err
	}
	if err := w.People.Change(by(c).member, by(c).session.Device, person); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (w *Web) personInvite(c *fiber.Ctx) error {
	login, err := w.People.Invite(by(c).member, by(c).session.Device, strings.Clone(c.Params("id")))
	if err != nil {
		return err
	}
	return c.JSON(login)
}

func (w *Web) personLeaves(c *fiber.Ctx) error {
	left, err := w.People.Leaves(by(c).member, strings.Clone(c.Params("id")))
	if err != nil {
		return err
	}
	return c.JSON(left)
}

func (w *Web) personEnd(c *fiber.Ctx) error {
	var in struct{ Anyway bool }
	if err := readJSON(c, &in); err != nil {
		return err
	}
	if err := w.People.End(by(c).member, by(c).session.Device, strings.Clone(c.Params("id")), in.Anyway); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
