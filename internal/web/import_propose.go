package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// mayImport lets those through who take in late-payer files.
func (w *Web) mayImport(c *fiber.Ctx) error {
	switch by(c).member.Role {
	case casework.Coordinator, casework.Collections:
		return c.Next()
	}
	return errNotAllowed
}

// importPropose reads a late-payer file and shows what it would change. Nothing is written yet.
func (w *Web) importPropose(c *fiber.Ctx) error {
	name, content, err := readFile(c)
	if err == errTooBig {
		return &casework.Error{Code: "too_big", Sentence: "Filen är större än 20 MB. Spara bara de kolumner som behövs och försök igen."}
	}
	if err != nil {
		return err
	}
	proposal, err := w.Imports.Propose(by(c).member, name, c.Query("partial") == "1", content)
	if err != nil {
		return err
	}
	return c.JSON(proposal)
}

// importList lists the proposals that wait for a person's yes.
func (w *Web) importList(c *fiber.Ctx) error {
	waiting, err := w.Imports.Waiting(by(c).member)
	if err != nil {
		return err
	}
	return c.JSON(waiting)
}

func (w *Web) importShow(c *fiber.Ctx) error {
	proposal, err := w.Imports.Proposal(by(c).member, strings.Clone(c.Params("id")))
	if err != nil {
		return err
	}
	return c.JSON(proposal)
}
