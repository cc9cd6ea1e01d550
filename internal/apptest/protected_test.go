package apptest

import (
	"encoding/json"
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

// Whoever fetched them changes them on the same screen, at once or not at all: without
// coverage nothing is saved and what was typed stays, also while the details are hidden;
// when somebody else was first it is said, and both are seen before one saves again.
// Nothing of it is kept on the phone.
func TestProtectedDetailsAreChangedOnTheirScreen(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "jonna")
	b.fetches()
	root := strings.TrimPrefix(b.path(), "/protected/")

	b.Tap("Ändra adressen")
	b.Fill("Våning", "7 tr hemlig")
	link.Cut()
	b.Tap("Spara")
	b.See("Ingen täckning. Inget är sparat", "Det du skrev står kvar")
	link.Heal()
	b.Tap("Spara")
	b.See("Sparat", "7 tr hemlig", "Ändra adressen")
	b.focusIsOn("Ändra adressen")

	b.Tap("Ändra Disa Vendelman")
	b.Fill("Telefon", "123")
	b.Tap("Spara")
	b.See("Skriv numret med siffror")
	b.Fill("Telefon", "070-999 88 77")
	b.Eval(`Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true }), document.dispatchEvent(new Event('visibilitychange')), delete document.visibilityState, 'hidden'`)
	b.Eval(`document.dispatchEvent(new Event('visibilitychange')), 'back'`)
	b.See("Uppgifterna är dolda", "Det du skrev är inte sparat")
	b.NotSee(details...)
	if shown := b.Eval(`document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map(i => i.value).join()`); strings.Contains(shown, "999 88 77") {
		t.Error("what was typed is on the page while the details are hidden")
	}
	peder := SignIn(t, p, "peder")
	peder.changesPhone(t, root, "070-999 11 22")
	b.Fill("Varför behöver du dem nu?", reason)
	b.Tap("Visa uppgifterna")
	b.See("Nu står det: 070-999 11 22")
	if typed := b.Eval(`document.querySelector('input[type=tel]').value`); typed != "070-999 88 77" {
		t.Errorf("what was typed came back as %q", typed)
	}
	peder.changesPhone(t, root, "070-999 33 44") // and again, after she has fetched
	b.Tap("Spara")
	b.See("Någon annan har ändrat uppgifterna", "Det du skrev står kvar")
	b.Tap("Hämta uppgifterna igen")
	b.Fill("Varför behöver du dem nu?", reason)
	b.Tap("Visa uppgifterna")
	b.See("Nu står det: 070-999 33 44")
	b.Tap("Spara")
	b.See("Sparat", "070-999 88 77")

	b.Tap("Lägg till en person")
	b.See("Att det bor någon till här")
	b.Tap("Spara")
	b.See("Välj vad personen är i hushållet", "Skriv ett namn")
	b.Tap("Vuxen")
	b.Fill("Namn", "Lovis Nyinskriven")
	b.Fill("Telefon", "070-999 66 55")
	link.Cut()
	b.Tap("Spara")
	b.See("Ingen täckning. Inget är sparat", "Det du skrev står kvar")
	link.Heal()
	b.Tap("Spara")
	b.See("Sparat", "Lovis Nyinskriven", "Ändra Lovis Nyinskriven", "Lägg till en person")

	b.Tap("Ändra Disa Vendelman")
	b.Fill("E-post", "given@up.example")
	b.Tap("Tillbaka") // given up: it is gone with the screen
	b.See("Framåt")
	b.Eval(`history.back(), 'back'`)
	b.See("Varför behöver du dem nu?")
	b.NotSee("Det du skrev är inte sparat")
	b.Go("/cases")
	b.See("Ärenden")
	b.Synced()
	b.Quit()
	for _, found := range searchFolder(t, b.Profile, []string{"7 tr hemlig", "070-999", "given@up.example", "Gläntvägen", "Nyinskriven"}) {
		t.Error(found)
	}
	for _, record := range carried(t, SignIn(t, p, "jonna")) {
		for field, value := range record.F {
			if strings.Contains(string(value), "070-999") || strings.Contains(string(value), "7 tr hemlig") || strings.Contains(string(value), "Nyinskriven") {
				t.Errorf("a page holds %s.%s: %s", record.Kind, field, value)
			}
		}
	}
}

// changesPhone is what a colleague does to the first tenant's number.
func (p Person) changesPhone(t *testing.T, root, number string) {
	t.Helper()
	var fetched struct {
		Reading string
		Records []struct {
			Kind, ID string
			Fields   map[string]json.RawMessage
			Versions map[string]int64
		}
	}
	p.request(t, "POST", "/api/protected/"+root, "application/json", strings.NewReader(`{"reason":"`+reason+`"}`), &fetched)
	for _, r := range fetched.Records {
		if r.Kind == "person" && strings.Contains(string(r.Fields["name"]), "Disa") {
			var saved struct{ At int64 }
			p.request(t, "PUT", "/api/protected/"+root, "application/json", strings.NewReader(fmt.Sprintf(`{"reading":%q,"changes":[{"kind":"person","record":%q,"fields":{"phone":{"v":%q,"b":%d}}}]}`, fetched.Reading, r.ID, number, r.Versions["phone"])), &saved)
			if saved.At == 0 {
				t.Fatal("nothing was saved")
			}
			return
		}
	}
	t.Fatalf("the tenant is not among %+v", fetched)
}

// The extract of a protected household is made for a reason, printed without anything of
// the app around it, gone when the screen is left alone, and kept nowhere.
func TestAnExtractOfAProtectedHouseholdIsKeptNowhere(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	b := Open(t, p.URL, Desk)
	b.SignIn(p, "rolf")
	protectedCase(b)
	b.Tap("Vem har läst akten")
	b.See("Vem har läst")
	b.Tap("Gör ett utdrag")
	b.See("Uppgifterna är skyddade")
	b.NotSee(details...)
	b.Fill("Varför behöver du dem nu?", "Hyresgästen har begärt det")
	b.Tap("Gör utdraget")
	b.See("Gläntvägen 14", "Disa Vendelman", "De visas till")
	printed := PDFText(t, b.Printed())
	for _, want := range []string{"Utdrag ur akt", "Gläntvägen 14", "Vem som har öppnat och skrivit i akten", "hämtade skyddade uppgifter"} {
		if !strings.Contains(printed, want) {
			t.Errorf("%q is not on paper: %.600s", want, printed)
		}
	}
	if !strings.HasPrefix(printed, "Utdrag ur akt") {
		t.Errorf("something else is on paper first: %.200s", printed)
	}
	for _, odd := range []string{"Inkorg", "Skriv ut", "Innan du lämnar ut det", "De visas till", "Rolf Tingvall Sjöbergahem"} {
		if strings.Contains(printed, odd) {
			t.Errorf("%q is on paper: %.600s", odd, printed)
		}
	}
	b.Eval(`Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true }), document.dispatchEvent(new Event('visibilitychange')), delete document.visibilityState, document.dispatchEvent(new Event('visibilitychange')), 'hidden'`)
	b.See("Uppgifterna är dolda")
	b.NotSee(details...)
	b.Go("/log") // a start, and an unlocking by hand
	b.See("Rolf Tingvall")
	b.Quit()
	for _, found := range searchFolder(t, b.Profile, []string{"Gläntvägen", "Vendelman", "070-174 06 55"}) {
		t.Error(found)
	}
}
