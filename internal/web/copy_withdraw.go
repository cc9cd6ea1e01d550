package web

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
)

// Copies lets a tenant withdraw a consent with what is on their copy of it: no
// account, no name asked, never refused.
type Copies interface {
	// Look answers what there is; Found is false when nothing has come under the
	// code yet. born is the birth date as it was typed, or "": with the right one all
	// is told. An error with the code too_many_tries says that the address has guessed
	// codes too often; a right code is never delayed. An error beside what was found is
	// about the birth date, and hinders no withdrawal.
	Look(typed, born, address string) (Agreed, error)
	// Withdraw withdraws it. What has not come yet is withdrawn when it comes.
	Withdraw(typed, address string) (Agreed, error)
	// Languages lists the translations that are switched on; true: reviewed.
	Languages() (map[string]bool, error)
}

// Agreed is what the page shows to whoever has a code or secret: no name, nothing of
// a case, and not what was agreed.
type Agreed struct {
	Found, InForce, Ended bool
	Day, Phone            string
	AsksBorn              bool // the signer's birth date is known, and opens what was agreed
	Told                  *Told
	Units                 []Unit // whom one can call, when nothing was found
}

// Told is what was agreed, for who knows the birth date as well.
type Told struct {
	Until    string
	Partners []string
	Unit     string
}

// Unit is somebody to call.
type Unit struct{ Name, Phone string }

//go:embed copy_withdraw.html
var copyPage string

//go:embed copy_withdraw.css
var copyStyle []byte

//go:embed copy_withdraw.js
var copyScript []byte

var copyTemplate = template.Must(template.New("copy").Parse(copyPage))

// copyView is one state of the page.
type copyView struct {
	Tongue     *casework.Tongue
	Others     []*casework.Tongue // languages that one can choose instead
	Unreviewed string             // said below what nobody has reviewed
	Step       string             // "ask", "look", "done"
	Typed      string
	Born       string // as it was typed
	Wrong      string // sentence
	because    string // name of the page's own text for it
	Agreed
}

// Word is a text of the page in its language, With one with a name in it.
func (v copyView) Word(name string) string { return v.Tongue.Page[name] }
func (v copyView) With(name, slot, value string) string {
	return v.Tongue.Fill(v.Tongue.Page[name], map[string]string{slot: value})
}

// Partner names a ticked partner.
func (v copyView) Partner(id string) string { return v.Tongue.Partners[id] }

// pageOf are the texts of the page for what was refused, by its code.
var pageOf = map[string]string{
	"invalid_code": "unreadable", "too_many_tries": "too_many",
	"invalid_born": "born_unreadable", "wrong_born": "born_wrong", "too_many_born": "born_too_many",
}

// in puts the page into the language that was asked for: Swedish and English always,
// the others where social services have switched them on.
func (v *copyView) in(language string, on map[string]bool) {
	var all []*casework.Tongue
	v.Tongue = &casework.Tongues[0]
	for i := range casework.Tongues {
		t := &casework.Tongues[i]
		if _, offered := on[t.Language]; !offered && t.Language != "sv" && t.Language != "en" {
			continue
		}
		all = append(all, t)
		if t.Language == language {
			v.Tongue = t
		}
	}
	v.Others = slices.DeleteFunc(all, func(t *casework.Tongue) bool { return t == v.Tongue })
	if v.Tongue.Language != "sv" && !on[v.Tongue.Language] {
		v.Unreviewed = v.Tongue.Door["unreviewed"]
	}
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
	v := copyView{Step: "look", Typed: strings.TrimSpace(form.Get("code")), Born: strings.TrimSpace(form.Get("born"))}
	if form.Get("do") == "withdraw" {
		v.Step = "done"
		v.Agreed, err = w.Copies.Withdraw(v.Typed, w.addressOf(c))
	} else {
		v.Agreed, err = w.Copies.Look(v.Typed, v.Born, w.addressOf(c))
	}
	if err != nil {
		a := known(err)
		if a == nil {
			return err
		}
		if !v.Found {
			v.Step = "ask"
		}
		v.Wrong, v.because = a.Sentence, pageOf[a.Code]
		c.Status(statusOf[a.Code])
	}
	return w.copySend(c, v)
}

func (w *Web) copySend(c *fiber.Ctx, v copyView) error {
	on, err := w.Copies.Languages()
	if err != nil {
		return err
	}
	v.in(c.Query("lang"), on)
	if said := v.Word(v.because); said != "" {
		v.Wrong = said
	}
	var page bytes.Buffer
	if err := copyTemplate.Execute(&page, v); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
	return c.Send(page.Bytes())
}

func (w *Web) copyScriptShow(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, aDay)
	c.Set(fiber.HeaderContentType, "text/javascript; charset=utf-8")
	return c.Send(copyScript)
}

func (w *Web) copyStyleShow(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, aDay)
	c.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	return c.Send(copyStyle)
}
