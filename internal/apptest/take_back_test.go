package apptest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
)

// In a stairwell without coverage a tenant takes their consent back, to a caretaker who
// is there for the first time and carries nothing of it. The phone keeps it through a
// lock, says when it reaches the others, and closes the wall for both sides as soon as
// it has a network; what was said goes to social services alone.
func TestAConsentIsTakenBackAtTheDoor(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	StageWall(t, p)
	visit := plansAVisit(t, p, "alva")
	link := NewLink(t, p)
	alva, jonna, samira := Open(t, link.URL, SmallPhone), Open(t, p.URL, Desk), Open(t, p.URL, Desk)
	alva.SignIn(p, "alva")
	jonna.SignIn(p, "jonna")
	samira.SignIn(p, "samira")
	sharedCase(jonna)
	jonna.Tap("Delat med Socialtjänsten")
	jonna.See("Vi är i kontakt", "med samtycke från")

	alva.Synced()
	alva.Go(visit)
	link.Cut()
	alva.See("Öppna samtycket") // as far as this phone knows there is none
	alva.Tap("Hyresgästen tar tillbaka sitt samtycke")
	alva.See("Det här ser Vräkningsförebyggande", "På Sjöbergahem syns bara")
	alva.Tap("Någon annan")
	alva.Fill("Namn", "Sonen Pekka Korhonen")
	alva.See("På telefonen") // the draft
	alva.Load(alva.path())
	alva.Unlock()
	alva.See("Namn", "Vem tog emot det?") // the same form, as it was
	if name := alva.Eval(`document.querySelector('input[maxlength="120"]').value`); name != "Sonen Pekka Korhonen" {
		t.Errorf("after the lock the name is %q", name)
	}
	alva.Tap("Ta tillbaka samtycket")
	alva.See("Tillbakataget, men inte skickat än", "Då stängs allt som samtycket öppnade", "På telefonen")
	alva.focusIsOn("Tillbakataget, men inte skickat än")
	alva.Tap("Ångra")
	alva.See("Vem tar tillbaka sitt samtycke?")
	alva.focusIsOn("Hyresgästen tar tillbaka sitt samtycke")
	if name := alva.Eval(`document.querySelector('input[maxlength="120"]')?.value ?? ''`); name != "Sonen Pekka Korhonen" {
		t.Errorf("after the undoing the name is %q", name)
	}
	alva.Tap("Ta tillbaka samtycket")
	alva.See("inte skickat än")
	jonna.See("Vi är i kontakt")

	link.Heal()
	alva.See("Samtycket är tillbakataget", "Det är stängt")
	jonna.See("Inget samtycke gäller")
	jonna.NotSee("Vi är i kontakt", "Pekka")
	alva.Tap("Till besöket")
	alva.See("Samtycket är tillbakataget")
	received("Mirja Korhonen")(samira)
	samira.See("Taget tillbaka", "Sagt av Sonen Pekka Korhonen. Mottaget av Alva Lindroos, Sjöbergahem")
	samira.Tap("Kopplat till")
	samira.See("Hyresgästen tog tillbaka sitt samtycke", "Sagt av Sonen Pekka Korhonen")
	jonna.Walk("/case/" + stagedCase)
	jonna.See("Hyresgästen tog tillbaka sitt samtycke")
	jonna.NotSee("Pekka")
	for _, who := range []string{"alva", "jonna"} {
		p.Invite(who)
		SignIn(t, p, who).carries(t, func(held map[string]Record) error {
			for _, r := range held {
				if r.Kind == "withdrawal" || r.Kind == "giving" {
					t.Errorf("%s carries a %s", who, r.Kind)
				}
			}
			return nil
		})
	}
	alva.Tap("Hyresgästen tar tillbaka sitt samtycke") // once more, with a sign that nothing can show
	alva.Fill("Vem tog emot det?", "Alva\u0001")
	alva.Tap("Ta tillbaka samtycket")
	alva.See("Framme, men inte stängt än", "behöver se efter vad det gäller", "Jag ringer dem")
	alva.See("men väntar Det bygger på något") // what the landlord keeps says how far it has come, too
	alva.NotSee("Samtycket är tillbakataget")
}

// Of a case that is not hers, or not there, nothing is said but that.
func TestNoConsentIsTakenBackInACaseThatIsGone(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	jonna := Open(t, p.URL, Desk)
	jonna.SignIn(p, "jonna")
	jonna.Go("/case/" + uuid.NewString() + "/withdraw")
	jonna.See("Sidan finns inte här", "Ärenden")
	jonna.NotSee("Ta tillbaka samtycket")
}

// focusIsOn waits until what is called so has the focus.
func (b *Browser) focusIsOn(name string) {
	b.tb.Helper()
	Retry(b.tb, "the focus is on "+name, func() error {
		on, err := b.eval(`(document.activeElement?.innerText || document.activeElement?.getAttribute('aria-label') || document.activeElement?.tagName || '').trim()`)
		if err == nil && on != name {
			err = fmt.Errorf("it is on %q", on)
		}
		return err
	})
}

// focusIsOnHeading waits until the screen's heading has the focus.
func (b *Browser) focusIsOnHeading() {
	b.tb.Helper()
	Retry(b.tb, "the focus is on the heading", func() error {
		on, err := b.eval(`document.activeElement?.tagName ?? ''`)
		if err == nil && on != "H1" {
			err = fmt.Errorf("it is on %s", on)
		}
		return err
	})
}

// plansAVisit has Jonna plan one in the shared case for somebody, an hour from now.
func plansAVisit(t *testing.T, p *Program, who string) (path string) {
	t.Helper()
	p.Invite("jonna")
	jonna, held, err := SignIn(t, p, "jonna").Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer jonna.Close()
	id := uuid.NewString()
	fields := map[string]any{"household": held[stagedCase].Text("household"), "case": stagedCase, "form": "visit", "people": []string{who}, "planned_at": time.Now().Add(time.Hour).UnixMilli()}
	if _, err := jonna.Push("contact", id, fields); err != nil {
		t.Fatal(err)
	}
	p.Invite("jonna")
	return "/visit/" + id
}
