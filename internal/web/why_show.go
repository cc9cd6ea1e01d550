package web

import (
	"github.com/gofiber/fiber/v2"

	"bokvar/internal/access"
	"bokvar/internal/method"
)

// why is one of the three tables that decide, for the screens' "Varför?".
type why struct {
	Title    string `json:"title"`
	Markdown string `json:"markdown"`
	Rows     []any  `json:"rows"`
}

type whoSees struct {
	Group string `json:"group"`
	EN    string `json:"en"`
	SV    string `json:"sv"`
	// Protected says what a protected identity does to the group: shown or fetched.
	Protected string            `json:"protected"`
	Cells     map[string]string `json:"cells"` // by role
}

// whyShow answers with one of the tables that the program follows.
func (w *Web) whyShow(c *fiber.Ctx) error {
	switch c.Params("table") {
	case "rules":
		return c.JSON(w.whyRules())
	case "access":
		return c.JSON(w.whyAccess())
	case "method":
		return c.JSON(w.whyMethod())
	}
	return errNotFound
}

func (w *Web) whyRules() why {
	out := why{Title: "Vem vinner", Markdown: w.Rules.Markdown()}
	for _, r := range w.Rules.Rows() {
		out.Rows = append(out.Rows, r)
	}
	return out
}

func (w *Web) whyAccess() why {
	out := why{Title: "Vem ser vad", Markdown: access.Markdown}
	for _, r := range w.Access.Rows {
		cells := map[string]string{}
		for i, role := range access.Columns {
			cells[string(role)] = r.Cells[i].String()
		}
		out.Rows = append(out.Rows, whoSees{r.Group, r.Words, r.Swedish, string(r.Closing), cells})
	}
	return out
}

func (w *Web) whyMethod() why {
	out := why{Title: w.Method.Name.SV, Markdown: "```yaml\n" + method.Source(w.Method.ID) + "```\n"}
	for _, r := range w.Method.Rules {
		out.Rows = append(out.Rows, r)
	}
	for _, n := range w.Method.Narrows {
		out.Rows = append(out.Rows, n)
	}
	return out
}
