package web

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// Monthly makes the list that a landlord and social services go through together. The
// month is "2026-11", or "" for the one that is running. Who reads it, and on which device,
// is logged, in the files of those whom it names too.
type Monthly func(by *casework.Member, device, month string) (any, error)

var errMonth = &casework.Error{Code: "invalid", Sentence: "Skriv månaden som år och månad, till exempel 2026-11."}

// monthlyShow tells of the notices of a month, and how many cases have none.
func (w *Web) monthlyShow(c *fiber.Ctx) error {
	m, month := by(c).member, strings.Clone(c.Query("month"))
	if w.Access.Cell("monthly", m.Role).Read == "never" {
		return errNotAllowed
	}
	if _, err := time.Parse("2006-01", month); month != "" && err != nil {
		return errMonth
	}
	list, err := w.Monthly(m, by(c).session.Device, month)
	if err != nil {
		return err
	}
	return c.JSON(list)
}
