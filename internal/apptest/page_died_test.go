package apptest

import (
	"context"
	"errors"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// A page whose process dies, as phones end those of pages that take too much, comes back
// locked; what was saved and what was being typed is there, and goes up.
func TestAPageWhoseProcessDies(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	visits := b.links("/visit/", 2)
	b.Go(visits[0])
	b.Gate("in")
	link.Cut()
	b.saveNote("Sparad innan sidan dog.")
	b.Walk(visits[1])
	b.Fill("Anteckning", "Halvskriven när sidan dog")
	b.See("På telefonen")

	b.dies()
	b.Gate("locked") // it was opened again
	link.Heal()
	b.Unlock()
	b.Walk(visits[1])
	b.until("find the draft again", func(string) bool {
		v, _ := b.eval(`document.querySelector('textarea').value`)
		return v == "Halvskriven när sidan dog"
	})
	b.Walk(visits[0])
	b.See("Sparad innan sidan dog.")
	b.Synced()
	b.Walk("/tray")
	b.See("Sparad innan sidan dog.", "Sparat hos servern")
}

// dies ends the process of the page, and nothing else of the browser.
func (b *Browser) dies() {
	b.tb.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, Patience)
	defer cancel()
	go func() { // what it is asked it does not answer
		_, _ = chromedp.Call(ctx, cdp.Command[map[string]any, map[string]any]{Method: "Page.crash"}, map[string]any{})
	}()
	Retry(b.tb, "the page's process dies", func() error {
		if !b.died.Load() {
			return errors.New("it lives")
		}
		return nil
	})
}
