package apptest

import (
	"fmt"
	"strings"
	"testing"
)

// A visit and a consent from beginning to end without touching the screen: every
// step by Tab, arrows, Enter and Space.
func TestVisitAndConsentByKeyboard(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	b := Open(t, p.URL, SmallPhone)
	b.Go("/in")
	b.TabTo("Kod")
	b.types(p.Login("kim").Code)
	b.Key("Enter")
	b.See("Skriv de fyra orden")
	b.TabTo("Skriv de fyra orden")
	b.Passphrase = b.Eval(`document.querySelector('.words').innerText`)
	b.types(b.Passphrase)
	b.TabTo("Använd lösenfrasen")
	b.Key("Enter")
	b.Synced()

	b.TabTo("Öppna besöket")
	b.Key("Enter")
	b.See("Varför det här besöket")
	b.TabTo("Jag har sagt vem jag är")
	b.Key("Space")
	b.TabTo("Anteckning")
	b.types("Skrivet utan att röra skärmen.")
	b.TabTo("Spara anteckning")
	b.Key("Enter")
	b.See("Du skrev", "Skrivet utan att röra skärmen.")

	b.Walk(b.path() + "/consent")
	b.TabTo("Lämna över telefonen")
	b.Key("Enter")
	b.Gate("handed")
	b.TabTo("Jag har läst")
	b.Key("Enter")
	b.TabTo("Vårdcentralen")
	b.Key("Space")
	b.TabTo("Gå vidare")
	b.Key("Enter")
	b.TabTo("Namn")
	b.types("Testa Provsson")
	b.TabTo("Personnummer")
	b.types("19900602-2397")
	b.TabTo("Gör på ett annat sätt")
	b.Key("Enter")
	b.TabTo("Skriva med fingret")
	b.Key("ArrowDown") // drawing is the first way; the next is to type one's name
	b.TabTo("Skriv under")
	b.Key("Enter")
	b.See("Samtycket är")
	b.TabTo("Lämna tillbaka telefonen")
	b.Key("Enter")
	b.Gate("locked")
	b.TabTo("Lösenfras")
	b.types(b.Passphrase)
	b.Key("Enter")
	b.Gate("in")
	b.See("Samtycke är inhämtat")

	b.TabTo("Ingen hemma")
	b.Key("Enter")
	b.See("Nästa försök")
	b.TabTo("Lapp lämnad")
	b.Key("Enter")
	b.Synced()
	b.See("1 av ")
}

// TabTo presses Tab until what has the focus is called so.
func (b *Browser) TabTo(name string) {
	b.tb.Helper()
	const most = 80
	passed := []string{}
	Retry(b.tb, "something called “"+name+"”", func() error { // the screen may still be on its way
		for range most {
			called, err := b.eval(`((e) => (!e || e === document.body ? '' : (e.labels && e.labels[0] && e.labels[0].innerText) || e.getAttribute('aria-label') || e.innerText || '').replace(/\s+/g, ' ').trim())(document.activeElement)`)
			if err != nil {
				return err // the page is being replaced
			}
			if strings.HasPrefix(called, name) {
				return nil
			}
			passed = append(passed, fmt.Sprintf("%.20s", called))
			b.Key("Tab")
		}
		return fmt.Errorf("not reached by Tab; passed %v", passed[max(0, len(passed)-most):])
	})
}

func (b *Browser) types(words string) {
	b.tb.Helper()
	b.call("Input.insertText", map[string]any{"text": words})
}
