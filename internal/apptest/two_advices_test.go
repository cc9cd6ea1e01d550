package apptest

import (
	"fmt"
	"strings"
	"testing"
)

// What the demo says of the household of the caretaker's fourth visit.
const ownAdvice = "Hund i lägenheten"

// Two at the desk write another advice, another door code and another telephone,
// one of them away. Whoever goes there sees all of it, with who and when, until
// somebody at the desk has chosen; then there is one.
func TestAVisitShowsBothUntilSomebodyChooses(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	kim, jonna, maj := Open(t, p.URL, SmallPhone), Open(t, p.URL, Desk), Open(t, link.URL, Desk)
	kim.SignIn(p, "kim")
	jonna.SignIn(p, "jonna")
	maj.SignIn(p, "maj")
	kim.Go("/")
	kim.Walk(kim.links("/visit/", 4)[3])
	kim.See("Tänk på säkerheten", ownAdvice)
	kim.NotSee("Följ alla råden")
	kim.asksWhy("Så räknas ordningen", "Nyinflyttad", "Barn i hemmet")
	place := kim.Eval(`document.querySelector('h1').innerText`)
	for _, desk := range []*Browser{jonna, maj} {
		desk.Go("/cases")
		desk.See(place)
		desk.Walk(desk.Eval(fmt.Sprintf(`[...document.querySelectorAll('main a[href^="/case/"]')].find(a => a.closest('tr, li')?.innerText.includes(%s)).pathname`, quote(place))))
		desk.See("Ändra språk och väg in", ownAdvice)
	}

	link.Cut()
	maj.writesOfTheWayIn("Gå inte in ensam. Mannen har hotat.", "8822", "070-174 06 99")
	jonna.writesOfTheWayIn("Hunden är borta.", "1177", "070-174 06 98")
	jonna.Synced()
	kim.See("Hunden är borta.", "1177", "070-174 06 98")
	kim.NotSee("8822", "Mannen har hotat", "Jonna Ekered", ownAdvice)

	link.Heal()
	maj.Synced()
	both := []string{"Följ alla råden", "Hunden är borta. Jonna Ekered", "Gå inte in ensam. Mannen har hotat. Maj Ahlberg",
		"1177 Jonna Ekered", "8822 Maj Ahlberg", "070-174 06 98 Jonna Ekered", "070-174 06 99 Maj Ahlberg"}
	kim.See(both...)
	kim.See("Den som sköter ärendet väljer", "Välj vad som stämmer") // advice and code are the desk's, the telephone is theirs as well
	for _, desk := range []*Browser{jonna, maj} {
		desk.See("Hunden är borta.", "Gå inte in ensam", "1177", "8822", "070-174 06 98", "070-174 06 99", "samma sak: portkod", "samma sak: råd om säkerheten", "samma sak: telefon")
	}
	jonna.See("8822 Maj Ahlberg")
	maj.See("1177 Jonna Ekered")

	back := jonna.path()
	jonna.Tap("samma sak: råd om säkerheten")
	jonna.See("Du och Maj skrev olika: råd om säkerheten", place, "Tills någon väljer visas båda för den som går dit")
	jonna.asksWhy("Varför?", "Inget råd får försvinna för att två skrev samtidigt", "Den adress som skrevs sist gäller")
	jonna.Tap("Mannen har hotat")
	jonna.Tap("Spara valet")
	jonna.Synced()
	kim.NotSee("Hunden är borta", "Följ alla råden")
	kim.See("Gå inte in ensam. Mannen har hotat.", "8822", "1177")

	jonna.Walk(back)
	jonna.Tap("samma sak: portkod")
	jonna.See("skrev olika: portkod")
	jonna.Tap("Båda stämmer")
	jonna.See("Alla visas för den som går dit, tills någon skriver något nytt.")
	jonna.Tap("Spara valet")
	jonna.Synced()
	kim.NotSee("Den som sköter ärendet väljer")
	kim.See("1177 Jonna Ekered", "8822 Maj Ahlberg")

	kim.Tap("Välj vad som stämmer")
	kim.See("skrev olika: telefon")
	kim.Tap("070-174 06 99")
	kim.Tap("Spara valet")
	kim.Synced()
	jonna.Walk(back)
	jonna.See("070-174 06 99")
	jonna.NotSee("070-174 06 98", "Två olika svar om samma sak")
}

// asksWhy opens the row that decided, finds the rest of the table below it, and comes back.
func (b *Browser) asksWhy(link, row, other string) {
	b.tb.Helper()
	b.Tap(link)
	b.See(row)
	b.NotSee(other)
	b.Tap("Visa hela tabellen")
	b.See(other)
	if first := b.Eval(`document.querySelector('.row-text').innerText`); !strings.Contains(first, row) {
		b.tb.Fatalf("the table begins with %q, not with what was asked", first)
	}
	b.Eval(`history.back(), 'back'`)
	b.See(link)
}

// writesOfTheWayIn changes an advice and a door code, and the tenant's telephone, on a case.
func (b *Browser) writesOfTheWayIn(advice, code, phone string) {
	b.tb.Helper()
	b.Tap("Ändra språk och väg in")
	b.Fill("Tänk på säkerheten", advice)
	b.Fill("Portkod", code)
	b.Tap("Spara")
	b.See(advice)
	b.Eval(`[...document.querySelectorAll('[aria-labelledby=people] button')][0].click(), 'phone'`)
	b.Fill("Telefon", phone)
	b.Tap("Spara")
	b.See(phone)
}
