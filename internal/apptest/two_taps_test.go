package apptest

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

// A call, a call that nobody answers and that is to be made again, and a meeting in
// the stairwell: each is recorded in two taps and without coverage, like a visit, and
// the coordinator sees it afterwards.
func TestCallsAndMeetingsAreRecordedInTwoTaps(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	visits, held := SignIn(t, p, "kim").visitsWithPhone(t)
	answers, silent, stairs := visits[0], visits[1], visits[2]
	jonna, kim := Open(t, p.URL, Desk), Open(t, link.URL, SmallPhone)
	jonna.SignIn(p, "jonna")
	kim.Before(noDialler)
	kim.SignIn(p, "kim")
	kim.Synced()
	link.Cut()

	recorded := func(says string, waiting int) {
		t.Helper()
		kim.See("Du svarade", says, "På telefonen")
		Retry(t, "it waits on the phone", func() error {
			if n := kim.Eval(`document.documentElement.dataset.unsent`); n != fmt.Sprint(waiting) {
				return fmt.Errorf("%s things wait, not %d", n, waiting)
			}
			return nil
		})
	}
	kim.Walk("/visit/" + answers.ID)
	kim.Tap("Ring")    // one
	kim.Tap("Svarade") // two
	recorded("Svarade", 1)

	kim.Walk("/visit/" + silent.ID)
	kim.Tap("Ring")                    // one
	kim.Tap("Svarade inte. Ring igen") // two
	recorded("Svarade inte", 2)

	kim.Walk("/")
	kim.Tap("Skriv om ett oplanerat möte")           // one
	kim.Tap(placeOf(held[stairs.Text("household")])) // two
	recorded("Träffade hyresgästen", 3)

	jonna.Walk("/case/" + answers.Text("case"))
	jonna.See("Det här har hänt")
	jonna.NotSee("Samtal: Svarade")
	link.Heal()
	kim.Eval(`dispatchEvent(new Event('online'))`)
	kim.Synced()
	jonna.See("Samtal: Svarade") // her screen was open all the time
	jonna.Walk("/case/" + silent.Text("case"))
	jonna.See("Samtal: Svarade inte", "Ring igen")
	jonna.Walk("/case/" + stairs.Text("case"))
	jonna.See("Oplanerat möte: Träffade hyresgästen")
}

// placeOf is a household's address as a row of a list shows it: many live in one street.
func placeOf(household Record) string {
	if floor := household.Text("floor"); floor != "" {
		return household.Text("street") + ", " + floor
	}
	return household.Text("street")
}

// noDialler lets a number be tapped where nothing could call it: the browser would wait
// for ever for another program to take it.
const noDialler = `addEventListener('click', (e) => { if (e.target.closest?.('a[href^="tel:"]')) e.preventDefault(); }, true)`

// visitsWithPhone are the person's visits that have no answer yet and a number to call,
// each at another address, and everything that the person carries.
func (p Person) visitsWithPhone(t *testing.T) (visits []Record, held map[string]Record) {
	t.Helper()
	c, held, err := p.Dial()
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	phones := map[string]bool{}
	for _, r := range held {
		if r.Kind == "person" && r.Text("phone") != "" {
			phones[r.Text("household")] = true
		}
	}
	places := map[string]bool{}
	for _, r := range held {
		var people []string
		_ = json.Unmarshal(r.F["people"], &people)
		place := placeOf(held[r.Text("household")])
		free := r.Kind == "contact" && r.Text("form") == "visit" && len(r.F["outcome"]) == 0 && len(r.F["cancelled"]) == 0
		if free && slices.Contains(people, p.ID) && phones[r.Text("household")] && place != "" && !places[place] {
			places[place] = true
			visits = append(visits, r)
		}
	}
	if len(visits) < 3 {
		t.Fatalf("%s has %d visits with a number to call", p.ID, len(visits))
	}
	return visits, held
}
