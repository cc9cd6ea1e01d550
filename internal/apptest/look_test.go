package apptest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

//go:embed look.js
var lookScript string

// look is a size and light in which every screen is looked at.
type look struct {
	name   string
	screen Screen
}

// Nothing moves, so that what is measured is what stays.
var (
	phone = SmallPhone.still()
	desk  = Desk.still()
	looks = []look{
		{"360", phone}, {"360 dark", phone.dark()},
		{"1280", desk},
	}
	narrow = Screen{Width: 320, Height: 640, Phone: true, Still: true}
)

// Every screen, in every state that a person can bring it into, has no finding of
// axe (WCAG 2.2 AA and best practices; 7:1 on what is read at a visit), light and
// dark, on a phone and on a desk; nothing is wider than 320 pixels; everything
// pressable has 44 pixels; and the Tab key reaches all of it, with a ring to see.
func TestEveryScreenIsForEveryone(t *testing.T) {
	t.Parallel()
	axe := axeSource(t)
	p := Start(t, "")
	Stage(t, p)
	Tour(t, p, phone, func(b *Browser, v View) { b.inspect(v, axe) })
}

// axeSource is axe-core as npm brought it: package.json names the version.
func axeSource(t *testing.T) string {
	t.Helper()
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join(root, "static", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatalf("axe-core is missing: make modules brings it: %v", err)
	}
	return string(source)
}

func (b *Browser) inspect(v View, axe string) {
	b.tb.Helper()
	if b.Eval(`typeof look`) == "undefined" {
		b.Eval(axe + ";void 0")
		b.Eval(lookScript + ";void 0")
	}
	for _, l := range looks {
		b.Resize(l.screen)
		b.tall(l.screen)
		b.complain(v, l.name, b.Eval(fmt.Sprintf(`look.axeFindings(%v).then(JSON.stringify)`, v.Visit)))
	}
	b.Resize(narrow)
	b.complain(v, "320 wide", b.Eval(`JSON.stringify(look.width())`))
	b.Resize(phone)
	b.complain(v, "360", b.Eval(`JSON.stringify(look.targets())`))
	if why := ofNoCase(v.Name); why == "" {
		b.complain(v, "who sees", b.Eval(`JSON.stringify(look.sees())`))
	}
	b.complain(v, "360, by keyboard", b.tour())
	if !v.Visit {
		b.Resize(desk)
		b.complain(v, "1280, by keyboard", b.tour())
	}
}

// ofNoCase says why nothing that is typed on a view is of a case, so that nobody has to be
// told who sees it; "" where it is.
func ofNoCase(view string) string {
	for prefix, why := range map[string]string{
		"sign-in": "a code to sign in with", "enrol": "a passphrase, which stays on the phone", "lock": "the same", "ways": "the same",
		"rescue": "a colleague is let in anew", "tray": "the code of a locked file", "log": "a search: nothing is written",
		"limits": "how long phones stay open, and its own row of access.md", "erasure": "why an erasure is put off, and its own row of access.md",
		"withdraw": "the tenant's own page", "consent": "the tenant says who may see what: the whole screen is about it",
	} {
		if strings.HasPrefix(view, prefix) {
			return why
		}
	}
	return ""
}

// tall makes the window as high as the page, so that no bar lies over anything.
func (b *Browser) tall(s Screen) {
	b.tb.Helper()
	b.Eval(`look.unfold()`)
	height := b.Eval(`Math.ceil(Math.max(document.documentElement.scrollHeight, ...[...document.querySelectorAll('dialog[open]')].map(d => d.scrollHeight * 1.2 + 40)))`)
	var h int64
	_, _ = fmt.Sscan(height, &h)
	options := []chromedp.EmulateViewportOption{}
	if s.Phone {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	if err := chromedp.Do(b.ctx, chromedp.EmulateViewport(s.Width, max(s.Height, h), options...)); err != nil {
		b.tb.Fatalf("a tall window: %v", err)
	}
}

// tour presses Tab until it comes round, and answers what was wrong on the way.
func (b *Browser) tour() string {
	b.tb.Helper()
	var stops int
	_, _ = fmt.Sscan(b.Eval(`look.tourBegins()`), &stops)
	wrong := []string{}
	for range 6*stops + 20 { // a day and a time have five parts
		b.Key("Tab")
		said := b.Eval(`look.tourStep()`)
		if said == "again" {
			break
		}
		if said != "" {
			wrong = append(wrong, said)
		}
	}
	var missed []string
	_ = json.Unmarshal([]byte(b.Eval(`JSON.stringify(look.tourMissed())`)), &missed)
	out, _ := json.Marshal(append(wrong, missed...))
	return string(out)
}

func (b *Browser) complain(v View, where, list string) {
	b.tb.Helper()
	var complaints []string
	if err := json.Unmarshal([]byte(list), &complaints); err != nil {
		b.tb.Fatalf("%s, %s: %v in %.200s", v.Name, where, err, list)
	}
	for _, c := range complaints {
		b.tb.(*testing.T).Errorf("%s, %s: %s", v.Name, where, c)
	}
}

// No screen is left out of the list: each route of the app is in it.
func TestEveryRouteIsAView(t *testing.T) {
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join(root, "static", "src", "routes.ts"))
	if err != nil {
		t.Fatal(err)
	}
	viewed := map[string]bool{}
	for _, v := range Views {
		viewed[v.Route] = true
	}
	routes := regexp.MustCompile(`(?m)^\s*route\('([^']+)'`).FindAllStringSubmatch(string(source), -1)
	if len(routes) < 15 {
		t.Fatalf("only %d routes were found in routes.ts", len(routes))
	}
	for _, r := range routes {
		if !viewed[r[1]] {
			t.Errorf("no view shows the screen %s", r[1])
		}
	}
}
