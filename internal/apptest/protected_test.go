package apptest

import (
	"fmt"
	"strings"
	"testing"
)

// details are those of the demo town's protected household.
var details = []string{"Gläntvägen", "Disa", "Vendelman", "070-174 06 55", "5719"}

// reason is what a coordinator writes in these tests.
const reason = "Hembesök i dag klockan 17.30"

// fetches opens the protected household's details.
func (b *Browser) fetches() {
	b.tb.Helper()
	b.Go("/")
	b.Tap("Skyddade uppgifter")
	b.Tap("Visa uppgifterna")
	b.Fill("Varför behöver du dem nu?", reason)
	b.Tap("Visa uppgifterna")
	b.See(append([]string{"Dölj uppgifterna"}, details...)...)
}

// Protected details are fetched with a network and a reason, are in no title, and
// leave the screen by themselves. What the browser keeps in all its ways holds none
// of it afterwards.
func TestProtectedDetailsAreShownForAWhileAndKeptNowhere(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "jonna")
	b.Go("/cases")
	b.NotSee(details...)

	b.fetches()
	if title := b.Eval(`document.title`); title != "Skyddade uppgifter – Bokvar" {
		t.Errorf("the window is called %q", title)
	}
	if links := b.Eval(`String([...document.querySelectorAll('main a')].filter(a => !a.href.startsWith('tel:') && a.origin !== location.origin).length)`); links != "0" {
		t.Errorf("%s links lead out of the app with them", links)
	}
	b.Tap("Dölj uppgifterna")
	b.See("Uppgifterna är dolda")
	b.NotSee(details...)

	b.fetches()
	b.Eval(`Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true }), document.dispatchEvent(new Event('visibilitychange')), delete document.visibilityState, 'hidden'`)
	b.See("Uppgifterna är dolda")
	b.NotSee(details...)

	b.fetches()
	b.Tap("Tillbaka")
	b.See("Framåt")
	b.NotSee(details...)
	b.Eval(`history.back(), 'back'`)
	b.See("Varför behöver du dem nu?")
	b.NotSee(details...)

	link.Cut()
	b.Fill("Varför behöver du dem nu?", reason)
	b.Tap("Visa uppgifterna")
	b.See("Ingen täckning. Inget har hämtats.")
	b.NotSee(details...)
	link.Heal()
	b.fetches()
	b.Go("/cases") // a start, and an unlocking by hand
	b.See("Ärenden")
	kept := b.Eval(`(async () => {
		const said = [document.documentElement.outerHTML, JSON.stringify(localStorage), JSON.stringify(sessionStorage), JSON.stringify(history.state)];
		for (const name of await caches.keys()) for (const r of await (await caches.open(name)).keys()) said.push(r.url, await (await caches.match(r)).text());
		return said.join('\n');
	})()`)
	for _, word := range details {
		if strings.Contains(kept, word) && len([]rune(word)) > 4 { // "Disability" and other numbers are there
			t.Errorf("%q is kept in the page, its storage or its caches", word)
		}
	}
	b.Quit()
	for _, found := range searchFolder(t, b.Profile, []string{"Gläntvägen", "Vendelman", "070-174 06 55"}) {
		t.Error(found)
	}
	if seen := searchFolder(t, b.Profile, []string{"bokvar-tab", "bokvar"}); len(seen) == 0 {
		t.Error("the search finds nothing at all")
	}
}

// A coordinator protects a household that a caretaker has a visit to. It goes from
// the caretaker's phone at once when that is connected, and at its next contact when
// it was away; the visit stays, and says whom to ask. What was written meanwhile is saved.
func TestProtectionReachesTheCaretakersPhone(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	kim := Open(t, link.URL, SmallPhone)
	kim.SignIn(p, "kim")
	kim.See("Nästa besök")
	kim.Walk(kim.links("/visit/", 3)[2])
	kim.See("Anteckning")
	place := kim.Eval(`document.querySelector('h1').innerText`)
	jonna := Open(t, p.URL, Desk)
	jonna.SignIn(p, "jonna")

	// Away, with something written.
	link.Cut()
	kim.Fill("Anteckning", "Skrivet i källaren.")
	kim.Tap("Spara anteckning")
	kim.See("På telefonen")

	jonna.Go("/cases")
	jonna.See(place)
	jonna.Walk(jonna.Eval(fmt.Sprintf(`[...document.querySelectorAll('main a[href^="/case/"]')].find(a => a.closest('tr, li')?.innerText.includes(%s)).pathname`, quote(place))))
	jonna.See("Skydda uppgifterna", place)
	name := jonna.Eval(`document.querySelector('.names').innerText.split(' ')[0]`)
	jonna.Tap("Skydda uppgifterna")
	jonna.See("Kvartersvärdar ser dem inte")
	jonna.Eval(`document.querySelector('form[aria-label="Skydda uppgifterna"] button[type=submit]').click(), 'protected'`)
	jonna.See("Ta bort skyddet", "Visa uppgifterna")
	jonna.NotSee(place, name)

	link.Heal()
	kim.See("Skyddade uppgifter", "Skrivet i källaren.", "En samordnare gör besöket")
	kim.NotSee(place, name, "Hitta dit", "Portkod", "Visa uppgifterna")
	kim.Synced()
	kim.Go("/") // a start from what is kept on the phone
	kim.NotSee(place, name)
	link.Cut()
	kim.Go("/")
	kim.NotSee(place, name)
	link.Heal()

	// Connected: it comes back, and goes again, without a touch.
	jonna.Tap("Ta bort skyddet")
	jonna.Eval(`document.querySelector('form[aria-label="Ta bort skyddet"] button[type=submit]').click(), 'open'`)
	kim.See(place)
}
