package apptest

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
)

// What a tenant says at the door is carried through to what the landlord reads: a yes
// that was said aloud, for themselves and for a child by a row of its own, opens what
// concerns the two and nobody else; wanting to think about it changes nothing; a no
// closes what the yes had opened, and each of them stands where it belongs.
func TestWhatIsSaidAtTheDoorOpensAndCloses(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	kim, held, err := SignIn(t, p, "kim").Dial()
	if err != nil {
		t.Fatal(err)
	}
	kim.Close()
	visit, tenant := aVisitOf(t, held)
	social := p.hasAFile(t, tenant.Text("name"), "Lo Provsson", "Mio Provsson")
	p.Invite("kim")
	p.Invite("samira")
	link := NewLink(t, p)
	b, samira, jonna := Open(t, link.URL, SmallPhone), Open(t, p.URL, Desk), Open(t, p.URL, Desk)
	b.SignIn(p, "kim")
	samira.SignIn(p, "samira")
	jonna.SignIn(p, "jonna")

	b.Synced()
	b.Go("/visit/" + visit.ID + "/consent/own")
	link.Cut()
	b.Tap("Jag har läst")
	b.Tap("Hyresvärden eller inkasso")
	b.Tap("Gå vidare")
	b.Tap("Jag har inget svenskt personnummer")
	b.Tap("Gör på ett annat sätt")
	b.Tap("Säga ja högt")
	b.Fill("Vem hörde det?", "")
	b.Tap("Lägg till ett barn") // whose guardian says it aloud as well
	b.Fill("Barnets namn", "Lo Provsson")
	b.Tap("Skriv under")
	b.See("Skriv namnet på den som hörde.")
	b.Fill("Vem hörde det?", "Kim Strandvik")
	b.Tap("Skriv under")
	b.See("Tack. Du har svarat ja", "Samtycket är på telefonen")
	link.Heal()
	b.See("Samtycket är sparat hos")
	b.Tap("Till besöket")
	b.See("Samtycke är inhämtat")

	received(tenant.Text("name"))(samira)
	samira.See("Sa ja muntligt", "Kim Strandvik", "För barnet Lo Provsson", "Väntar på att kopplas")
	samira.Fill("Ärende", social)
	samira.See("Vem är Lo Provsson?") // somebody of the same name is proposed
	samira.Tap("Koppla")
	samira.See("Gäller")
	samira.Walk("/case/" + social + "/shared")
	samira.Tap("Ett meddelande")
	samira.Tap("Mio Provsson") // who has no row
	samira.See("Sjöbergahem ser det inte")
	samira.Tap("Mio Provsson")
	samira.Tap("Lo Provsson")
	samira.See("Sjöbergahem genom samtycket från")
	samira.Fill("Skriv", "Lo bor här varannan vecka.")
	samira.Tap("Dela med Sjöbergahem")
	jonna.Walk("/case/" + visit.Text("case") + "/shared")
	jonna.See("Lo bor här varannan vecka.", "med samtycke från")

	b.Go("/visit/" + visit.ID + "/consent/own")
	b.Tap("Jag vill tänka på saken")
	b.See("Du vill tänka på saken", "Att du vill tänka på saken är sparat")
	samira.Walk("/cases")
	samira.See("Har inte svarat än", tenant.Text("name")+" och Lo Provsson")
	jonna.See("Lo bor här varannan vecka.") // thinking about it takes nothing back
	b.Tap("Till besöket")
	b.See("Vill fundera på samtycket")

	b.Go("/visit/" + visit.ID + "/consent/own")
	b.Tap("Nej tack")
	b.See("Du har svarat nej tack", "Ditt svar är sparat")
	jonna.See("Inget samtycke gäller")
	jonna.NotSee("Lo bor här varannan vecka.")
	received(tenant.Text("name"))(samira)
	samira.See("Taget tillbaka")
	jonna.Walk("/case/" + visit.Text("case"))
	jonna.See("Samtycke lämnat till", "Hyresgästen vill fundera på samtycket", "Hyresgästen sa nej till samtycke")
	jonna.NotSee("Lo Provsson") // the landlord keeps that it was answered, and no more
}

// aVisitOf finds the same each time: one whose tenant is known by name and lives alone.
func aVisitOf(t *testing.T, held map[string]Record) (visit, tenant Record) {
	t.Helper()
	for _, id := range slices.Sorted(maps.Keys(held)) {
		r := held[id]
		if r.Kind != "contact" || r.Text("form") != "visit" || r.F["outcome"] != nil || r.F["cancelled"] != nil {
			continue
		}
		var of []Record
		for _, person := range held {
			if person.Kind == "person" && person.Text("household") == r.Text("household") {
				of = append(of, person)
			}
		}
		if len(of) == 1 && of[0].Text("name") != "" {
			return r, of[0]
		}
	}
	t.Fatal("Kim visits nobody who lives alone")
	return
}

// hasAFile has Samira begin one for the tenant, with children, and answers its case.
func (p *Program) hasAFile(t *testing.T, tenant string, children ...string) string {
	t.Helper()
	samira, _, err := SignIn(t, p, "samira").Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer samira.Close()
	household, kase := uuid.NewString(), uuid.NewString()
	write := func(kind, id string, fields map[string]any) {
		if _, err := samira.Push(kind, id, fields); err != nil {
			t.Fatalf("Samira writes a %s: %v", kind, err)
		}
	}
	write("household", household, map[string]any{"street": "Tallvägen 14"})
	write("case", kase, map[string]any{"household": household, "unit": "soc-vrak", "reason": "arrears", "status": "open", "opened": time.Now().Format(time.DateOnly)})
	write("person", uuid.NewString(), map[string]any{"household": household, "name": tenant, "position": "tenant"})
	for _, child := range children {
		write("person", uuid.NewString(), map[string]any{"household": household, "name": child, "position": "child"})
	}
	return kase
}
