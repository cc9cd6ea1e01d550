package apptest

import (
	"fmt"
	"testing"
)

// A finger that trembles, or is in doubt, taps twice: what is saved is there once. Two
// ticks that are made at once are both there.
func TestATapThatComesTwiceSavesOnce(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	server := SignIn(t, p, "peder")
	visit := server.visitOfKimAlone(t)
	kase := visit.Text("case")
	kim, jonna := Open(t, p.URL, SmallPhone), Open(t, p.URL, Desk)
	kim.SignIn(p, "kim")
	jonna.SignIn(p, "jonna")

	const note, word = "Porten är lagad.", "Ring på två gånger."
	kim.Walk("/visit/" + visit.ID)
	kim.Fill("Anteckning", note)
	kim.See("Spara anteckning")
	kim.twice("Spara anteckning")
	kim.See(note)
	kim.Eval(`document.querySelectorAll('[aria-labelledby=ticks] input').forEach((e) => e.click())`)
	kim.Synced()

	jonna.Walk("/case/" + kase)
	jonna.Tap("Planera besök eller samtal")
	jonna.Tap("Kim Strandvik")
	jonna.Fill("Dag och tid", tomorrowAt(14))
	jonna.Fill("Hälsning till den som går", word)
	jonna.twice("Planera")
	jonna.See(word)
	jonna.Synced()

	onServer(t, server, note, "kim")
	held := carried(t, server)
	if n := notesOf(t, server)[note]; n != 1 {
		t.Errorf("the note is there %d times", n)
	}
	plans := 0
	for _, r := range held {
		if r.Kind == "contact" && r.Text("message") == word {
			plans++
		}
	}
	if plans != 1 {
		t.Errorf("the visit is planned %d times", plans)
	}
	server.carries(t, func(held map[string]Record) error { // nothing on the phone says when they are written down
		for _, tick := range []string{"tick_presented", "tick_consent"} {
			if got := string(held[visit.ID].F[tick]); got != "true" {
				return fmt.Errorf("%s is %q", tick, got)
			}
		}
		return nil
	})
}

// twice presses the button that is called just so two times, before the page can draw itself anew.
func (b *Browser) twice(name string) {
	b.tb.Helper()
	pressed := b.Eval(fmt.Sprintf(`(() => { const e = [...document.querySelectorAll('main button')].find((e) => e.innerText.trim() === %s); e?.click(); e?.click(); return String(!!e); })()`, quote(name)))
	if pressed != "true" {
		b.tb.Fatalf("there is no button %q", name)
	}
}
