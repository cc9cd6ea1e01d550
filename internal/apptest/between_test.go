package apptest

import (
	"fmt"
	"testing"
)

// Two organisations, a browser each: what is not open is told by a decision, made
// without a network; a time is proposed, answered and moved; and the tenant's
// withdrawal takes the time away at once, and leaves what was told.
func TestOneThingIsToldAndATimeIsMade(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	StageWall(t, p)
	link := NewLink(t, p)
	samira, jonna := Open(t, link.URL, Desk), Open(t, p.URL, Desk)
	kim := SignIn(t, p, "kim")
	samira.SignIn(p, "samira")
	jonna.SignIn(p, "jonna")
	received("Mirja Korhonen")(samira)
	samira.Tap("Kopplat till")
	samira.Tap("Delat med Sjöbergahem")
	samira.See("Aino Korhonen ligger på sjukhus", "Sjöbergahem ser inte det här nu")
	sharedCase(jonna)
	jonna.Tap("Delat med Socialtjänsten")
	jonna.See("Vi är i kontakt")
	jonna.NotSee("ligger på sjukhus")

	link.Cut()
	samira.Tap("Lämna ut utan samtycke")
	samira.Tap("Gå vidare")
	samira.See("Välj en grund")
	samira.Tap("Vi kan inte göra vårt arbete")
	samira.Tap("Gå vidare")
	samira.See("Skriv varför grunden stämmer")
	samira.Fill("Hur stämmer det i det här fallet?", "Hembesöket är i morgon och ingen kan öppna.")
	samira.Fill("Vem har beslutat?", "karin")
	samira.Tap("Gå vidare")
	samira.See("Ska Sjöbergahem få läsa det här?", "10 kap. 2 §", "Hembesöket är i morgon och ingen kan öppna. Beslut: Karin Öst", "Det går inte att ta tillbaka")
	samira.Tap("Lämna inte ut") // the kinder way: nothing has happened, and what was typed is there
	samira.See("Dela något", "Sjöbergahem ser inte det här nu")
	samira.Tap("Lämna ut utan samtycke")
	samira.Tap("Vi kan inte göra vårt arbete")
	samira.Fill("Vem har beslutat?", "karin")
	samira.Tap("Gå vidare")
	samira.See("Hembesöket är i morgon")
	samira.Tap("Lämna ut till Sjöbergahem")
	samira.See("Utlämnat till Sjöbergahem utan samtycke", "På telefonen")
	jonna.NotSee("ligger på sjukhus")
	link.Heal()
	samira.Synced()
	jonna.See("Aino Korhonen ligger på sjukhus", "Utlämnat av Socialtjänsten i Sjöberga utan samtycke")
	jonna.NotSee("10 kap. 2 §", "Karin Öst", "ingen kan öppna. Beslut")

	samira.Tap("Föreslå en tid")
	samira.See("Sjöbergahem ser det inte")
	samira.Tap("Mirja Korhonen")
	samira.See("Sjöbergahem genom samtycket från")
	samira.Fill("Dag och tid", tomorrowAt(10))
	samira.Fill("Något att säga om tiden", "Vi ses utanför porten.")
	samira.Tap("Föreslå för Sjöbergahem")
	samira.See("Väntar på svar från Sjöbergahem")
	jonna.Walk("/inbox")
	jonna.Tap("Socialtjänsten i Sjöberga föreslår en tid")
	jonna.See("Vi ses utanför porten.", "väntar på ert svar")
	jonna.Tap("Säg ja till")
	jonna.Tap("Kim Strandvik")
	jonna.See("På telefonen")
	jonna.Load(jonna.path()) // a lock between
	jonna.Unlock()
	jonna.See("Vilka går från oss?")
	jonna.Tap("Säg ja och planera in")
	jonna.See("Ni är överens om", "Planerat hos oss: Kim går")
	samira.See("Ni är överens om")
	kim.carries(t, func(held map[string]Record) error {
		for _, r := range held {
			if r.Kind == "contact" && r.Text("appointment") != "" && held[r.Text("appointment")].Kind == "appointment" {
				return nil
			}
		}
		return fmt.Errorf("Kim has no visit with its joint time")
	})

	samira.Tap("Föreslå en annan tid")
	samira.Fill("Dag och tid", tomorrowAt(13))
	samira.Tap("Föreslå för Sjöbergahem")
	jonna.See("i morgon 13:00 och väntar på ert svar", "Ert svar") // Jonna's own time stands
	jonna.Tap("Föreslå en annan tid")
	jonna.Fill("Dag och tid", tomorrowAt(15))
	jonna.Tap("Föreslå för Socialtjänsten")
	jonna.See("Ni har olika tider", "Ert eget besök är planerat i morgon 10:00")
	samira.See("Ni har olika tider: ni i morgon 13:00, Sjöbergahem i morgon 15:00")
	samira.Tap("Säg ja till i morgon 15:00")
	samira.Tap("Samira Holmén")
	samira.Tap("Säg ja och planera in")
	samira.See("Ni är överens om i morgon 15:00")
	jonna.See("Ni är överens om i morgon 15:00")

	samira.Walk(samira.path()[:len("/case/")+36] + "/shared")
	samira.Tap("Hyresgästen tar tillbaka sitt samtycke")
	samira.Tap("Ta tillbaka samtycket")
	samira.See("Det är stängt")
	jonna.See("Bara er egen tid syns")
	jonna.NotSee("Vi ses utanför porten.")
	jonna.Tap("Delat")
	jonna.See("Aino Korhonen ligger på sjukhus") // it did not rest on the consent
	jonna.NotSee("Vi är i kontakt")
	kim.carries(t, func(held map[string]Record) error {
		for _, r := range held {
			if r.Kind == "appointment" && !r.Left && r.Text("answers") == "" {
				return fmt.Errorf("Kim still has social services' time")
			}
		}
		return nil
	})
}

// carries asks what is on a device of the person's until it is right.
func (p Person) carries(t *testing.T, right func(held map[string]Record) error) {
	t.Helper()
	Retry(t, "what "+p.ID+" carries", func() error {
		c, held, err := p.Dial()
		if err != nil {
			return err
		}
		c.Close()
		return right(held)
	})
}
