package web

import (
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// Search finds households for the asker by name, address or identity number.
type Search func(by *casework.Member, device, query string) (any, error)

const longestSearch = 100 // runes

var errSearch = &casework.Error{Code: "invalid", Sentence: "Skriv två till hundra tecken av ett namn, en adress eller ett personnummer."}

// searchFind answers a search. The words travel in the body: an address is kept in
// logs and histories along the way.
func (w *Web) searchFind(c *fiber.Ctx) error {
	var in struct{ Query string }
	if err := readJSON(c, &in); err != nil {
		return err
	}
	query := strings.TrimSpace(in.Query)
	if n := utf8.RuneCountInString(query); n < 2 || n > longestSearch {
		return errSearch
	}
	found, err := w.Search(by(c).member, by(c).session.Device, query)
	if err != nil {
		return err
	}
	return c.JSON(found)
}
