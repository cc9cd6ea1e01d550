package web

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Copies lets a tenant withdraw a consent with what is on their copy of it: no
// account, no name asked, never refused.
type Copies interface {
	// Look answers what was agreed; Found is false when nothing has come under the
	// code yet. An error with the code too_many_tries says that the address has
	// guessed too often; a right code is never delayed.
	Look(typed, address string) (Agreed, error)
	// Withdraw withdraws it. What has not come yet is withdrawn when it comes.
	Withdraw(typed, address string) (Agreed, error)
}

// Agreed is what the page shows: no name, nothing of a case.
type Agreed struct {
	Found, Ended bool
	Day, Until   string
	Partners     []string
	Unit, Phone  string
	Units        []Unit // whom one can call, when nothing was found
}

// Unit is somebody to call.
type Unit struct{ Name, Phone string }

//go:embed copy_withdraw.html
var copyPage string

//go:embed copy_withdraw.css
var copyStyle []byte

var copyTemplate = template.Must(template.New("copy").Parse(copyPage))

// copyView is one state of the page.
type copyView struct {
	Lang  string // "sv" or "en"
	Step  string // "ask", "look", "done"
	Typed string
	Wrong string // sentence
	Agreed
}

// T is a sentence in the page's language.
func (v copyView) T(sv, en string) string {
	if v.Lang == "en" {
		return en
	}
	return sv
}

// Partner names a ticked partner.
func (v copyView) Partner(id string) string {
	words := map[string][2]string{
		"landlord": {"hyresvärden eller inkasso", "the landlord or debt collection"}, "employment": {"arbetsmarknadscenter", "the employment centre"},
		"care": {"vård och omsorg", "care services"}, "primary_care": {"vårdcentralen", "the health centre"}, "psychiatry": {"psykiatrin", "psychiatry"},
		"relatives": {"en anhörig", "a relative"}, "other": {"någon annan som du skrev in", "somebody else whom you wrote in"},
	}[id]
	return v.T(words[0], words[1])
}

// copyShow is the page before anything is typed.
func (w *Web) copyShow(c *fiber.Ctx) error { return w.copySend(c, copyView{Step: "ask"}) }

// copyTake handles the page's form. It rides on no cookie, so it needs no origin:
// who sends the code may withdraw, from wherever. The code is never in an address.
func (w *Web) copyTake(c *fiber.Ctx) error {
	content, err := body(c, 2000, smallBody)
	if err != nil {
		return err
	}
	form, err := url.ParseQuery(string(content))
	if err != nil {
		return errMalformed
	}
	v := copyView{Step: "look", Typed: strings.TrimSpace(form.Get("code"))}
	ask := w.Copies.Look
	if form.Get("do") == "withdraw" {
		ask, v.Step = w.Copies.Withdraw, "done"
	}
	if v.Agreed, err = ask(v.Typed, strings.Clone(c.IP())); err != nil {
		a := known(err)
		if a == nil {
			return err
		}
		v.Step, v.Wrong = "ask", a.Sentence
		c.Status(statusOf[a.Code])
	}
	return w.copySend(c, v)
}

func (w *Web) copySend(c *fiber.Ctx, v copyView) error {
	if v.Lang = "sv"; c.Query("lang") == "en" {
		v.Lang = "en"
	}
	var page bytes.Buffer
	if err := copyTemplate.Execute(&page, v); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
	return c.Send(page.Bytes())
}

func (w *Web) copyStyleShow(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, aDay)
	c.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	return c.Send(copyStyle)
}
