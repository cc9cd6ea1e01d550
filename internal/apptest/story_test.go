package apptest

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"bokvar/internal/bench"
)

// TestStory is a day's work, as the README promises it: seven steps on the real
// program, in real browsers, with a server that is really unreachable where the
// story says so. Each step is asserted on what a person sees.
func TestStory(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	s := &story{T: t, program: p, link: NewLink(t, p)}
	s.jonna = Open(t, p.URL, Desk)
	s.jonna.SignIn(p, "jonna")
	s.peder = SignIn(t, p, "peder")

	s.importsTheList()
	s.plansTwelveVisits()
	s.signsInAndHasTheDay()
	s.worksWithoutCoverage()
	s.meanwhileOnline()
	s.onlineAgain()
	s.settlesTheConflict()
	s.callsThoseOnDuty()
}

type story struct {
	*testing.T
	program *Program
	link    *Link
	jonna   *Browser
	kim     *Browser
	peder   Person
	social  Person

	visits    []Record // the twelve that Kim and Alva share, in the order of the day
	nobody    Record   // nobody home
	met       Record   // met, note, consent
	moved     Record   // Jonna moves it
	draft     Record   // the browser dies while this one's note is written
	cancelled []Record
}

const noteText = "Öppnade dörren på glänt och ville prata, men inte när barnen hör. "

var longNote = strings.TrimSpace(strings.Repeat(noteText, 10))[:600]

// world is what a coordinator carries now, by kind.
func (s *story) world() map[string]map[string]Record {
	s.Helper()
	c, records, err := s.peder.Dial()
	if err != nil {
		s.Fatal(err)
	}
	c.Close()
	byKind := map[string]map[string]Record{}
	for id, r := range records {
		if byKind[r.Kind] == nil {
			byKind[r.Kind] = map[string]Record{}
		}
		if !r.Left {
			byKind[r.Kind][id] = r
		}
	}
	return byKind
}

func (s *story) list(pattern string) string {
	s.Helper()
	found, err := filepath.Glob(filepath.Join(s.program.Data, "late-payers", pattern))
	if err != nil || len(found) != 1 {
		s.Fatalf("the demo's folder has %v for %s (%v)", found, pattern, err)
	}
	return found[0]
}

// 1. The coordinator imports the list, and nothing is written before her yes.
func (s *story) importsTheList() {
	before := len(s.world()["claim"])
	s.jonna.Walk("/import")
	s.jonna.Upload(s.list("late-payers.csv"))
	s.jonna.See("Titta igenom innan du tar in", "320 rader.", "Inget är ändrat än")
	shown := s.sorted()
	if shown.added != 256 || shown.changed == 0 || shown.changed+shown.unchanged != 58 || shown.gone != 10 || shown.rejected != 6 {
		s.Errorf("the list is shown as %+v", shown)
	}
	s.jonna.Tap("går inte att läsa")
	s.jonna.See("Rad 140 Personnumret stämmer inte. Månaden kan inte vara 16. Kontrollera siffrorna.", "Rad 203 Samma hyra står på rad 202.")
	if now := len(s.world()["claim"]); now != before {
		s.Fatalf("%d claims before anyone said yes, %d now", before, now)
	}
	s.jonna.Tap("Ta in listan")
	s.jonna.See("Listan är intagen", fmt.Sprintf("256 nya hyror. %d ändrade. 10 räknas som betalda. 6 rader lämnades utanför.", shown.changed))
	claims := s.world()["claim"]
	if len(claims) != before+shown.added {
		s.Fatalf("%d claims became %d, with %d new ones", before, len(claims), shown.added)
	}
	for id, c := range claims {
		if len(c.F["as_of"]) == 0 {
			s.Errorf("claim %s does not say as of when", id)
		}
	}
	s.jonna.Upload(s.list("late-payers-utf8.csv")) // the same rows in another coat
	s.jonna.See("Inget nytt i listan")
	if shown := s.sorted(); shown != (rows{unchanged: 314, rejected: 6}) {
		s.Errorf("the same list again is shown as %+v", shown)
	}
	if again := len(s.world()["claim"]); again != len(claims) {
		s.Errorf("the same list again: %d claims became %d", len(claims), again)
	}
}

// rows is how many rows of a list there are of each kind.
type rows struct{ added, changed, unchanged, gone, rejected int }

var tabs = regexp.MustCompile(`(\d+) nya (\d+) ändrade (\d+) oförändrade (\d+) borta ur listan (\d+) går inte att läsa`)

// sorted reads from the screen what a list that nobody has said yes to would do.
func (s *story) sorted() (r rows) {
	s.Helper()
	shown := s.jonna.Text()
	found := tabs.FindStringSubmatch(shown)
	if found == nil {
		s.Fatalf("the screen says no numbers: %.600s", shown)
	}
	for i, n := range []*int{&r.added, &r.changed, &r.unchanged, &r.gone, &r.rejected} {
		*n, _ = strconv.Atoi(found[i+1])
	}
	return r
}

// 2. Cases explain their order; twelve become today's visits for Kim and Alva.
func (s *story) plansTwelveVisits() {
	s.jonna.Walk("/cases")
	open := 0
	for _, c := range s.world()["case"] {
		if c.Text("status") == "open" {
			open++
		}
	}
	s.jonna.See(fmt.Sprintf("Alla %d", open), "Därför först", "Barn i hemmet") // her screen was open all the time
	s.jonna.Walk("/plan")
	s.jonna.Tap("Välj de 12 första")
	s.jonna.Tap("Kim Strandvik")
	s.jonna.Tap("Alva Lindroos")
	s.jonna.Tap("Planera 12 besök")
	s.jonna.See("12 besök är planerade")
	s.jonna.Synced()
	for _, c := range s.world()["contact"] {
		var people []string
		_ = json.Unmarshal(c.F["people"], &people)
		if slices.Contains(people, "kim") && slices.Contains(people, "alva") && len(c.F["outcome"]) == 0 && len(c.F["cancelled"]) == 0 {
			s.visits = append(s.visits, c)
		}
	}
	if len(s.visits) < 12 {
		s.Fatalf("%d visits are planned for Kim and Alva", len(s.visits))
	}
	slices.SortFunc(s.visits, func(a, b Record) int { return strings.Compare(string(a.F["planned_at"]), string(b.F["planned_at"])) })
}

// 3. Kim signs in with the link; the list is on the phone before it is asked for.
func (s *story) signsInAndHasTheDay() {
	s.kim = Open(s, s.link.URL, SmallPhone)
	s.kim.SignIn(s.program, "kim")
	s.kim.Quit() // the phone is put away on the way out
	s.kim.Start()
	s.kim.Go("/")
	s.choose()
	s.kim.See(s.place(s.met))
	s.readsTheCard()
	s.kim.Walk("/visit/" + s.met.ID)
	s.kim.See(s.place(s.met), "Varför det här besöket", "Säg inte")
	s.kim.Tap("Är det akut?")
	s.kim.See("Vad har hänt?", "Ring 112", "Tal om självmord")
	s.kim.Walk("/unplanned")
	s.kim.See("Oplanerat möte")
}

// readsTheCard looks at a visit that the town planned, where everything is known that
// one needs at the door.
func (s *story) readsTheCard() {
	s.Helper()
	w := s.world()
	tenants := map[string]Record{} // by household; the list has others of that name
	for _, r := range w["person"] {
		if r.Text("name") == "Tesfay Tekle" {
			tenants[r.Text("household")] = r
		}
	}
	for id, r := range w["contact"] {
		tenant, his := tenants[r.Text("household")]
		if !his || w["household"][r.Text("household")].Text("street") != "Mossvägen 12" || string(r.F["people"]) != `["kim"]` {
			continue
		}
		s.kim.Walk("/visit/" + id)
		s.kim.See("Mossvägen 12 1 trappa. Lägenhet 1102", "Portkod 8841", "Tänk på säkerheten Hund i lägenheten. Be att få den inlåst",
			"Tesfay Tekle", "Telefon "+tenant.Text("phone"), "Språk Tigrinja", " "+s.plannedAt(r).Format("15:04")+" ")
		return
	}
	s.Fatal("the town has no visit for Kim at Tesfay Tekle's")
}

// choose gives each visit of the story its part. The newer list decides which
// household has paid; the others are any.
func (s *story) choose() {
	free := slices.Clone(s.visits)
	take := func() Record {
		r := free[0]
		free = free[1:]
		return r
	}
	gone := s.paidLater()
	free = slices.DeleteFunc(free, func(r Record) bool { return gone[r.Text("household")] })
	if len(free) == len(s.visits) {
		s.Log("no planned household is gone from the newer list; the demo's own visits take that part")
	}
	s.nobody, s.met, s.moved, s.draft = take(), take(), take(), take()
}

// paidLater asks the program, without taking the list in, which households the newer list lacks.
func (s *story) paidLater() map[string]bool {
	p := s.peder.Propose(s, s.list("late-payers-newer.csv"))
	gone := map[string]bool{}
	claims := s.world()["claim"]
	for _, row := range p.Gone {
		gone[claims[row.Claim].Text("household")] = true
	}
	if len(gone) == 0 {
		s.Fatal("the newer list lacks nobody")
	}
	return gone
}

func (s *story) place(visit Record) string {
	return s.world()["household"][visit.Text("household")].Text("street")
}

// 4. No coverage: the browser dies and starts again; everything is written all the same.
func (s *story) worksWithoutCoverage() {
	s.link.Cut()
	s.kim.Kill()
	s.kim.Start()
	s.kim.Go("/")
	s.kim.See("Servern svarar inte", "Det du har skrivit är kvar på telefonen", "Nästa besök")

	s.kim.Go("/visit/" + s.nobody.ID)
	s.kim.Tap("Ingen hemma") // one
	s.kim.See("På telefonen")
	s.kim.Tap("Lapp lämnad") // two
	s.kim.See("2 på telefonen", "Nästa besök")

	s.kim.Walk("/visit/" + s.met.ID)
	s.kim.Tap("Jag har sagt vem jag är")
	s.kim.Fill("Anteckning", longNote)
	s.kim.See("På telefonen")
	s.kim.Tap("Spara anteckning")
	s.kim.See(longNote[:80])
	s.consents()

	s.kim.Walk("/visit/" + s.draft.ID)
	s.kim.Fill("Anteckning", "Grannen säger att familjen är bortrest till")
	s.kim.See("På telefonen")
	s.kim.Kill() // in the middle of the note
	s.kim.Start()
	s.kim.Go("/visit/" + s.draft.ID)
	s.kim.until("find the draft again", func(string) bool {
		v, _ := s.kim.eval(`document.querySelector('textarea').value`)
		return v == "Grannen säger att familjen är bortrest till"
	})
	s.kim.Walk("/visit/" + s.met.ID)
	s.kim.See(longNote[:80], "På telefonen", "Samtycke är inhämtat")
}

// consents lets the tenants of the visit read, choose and sign.
func (s *story) consents() {
	k := s.kim
	k.Tap("Öppna samtycket")
	k.Tap("Lämna över telefonen")
	k.See("Telefonen är din nu", "Du bestämmer vem som får prata om dig")
	k.Tap("Jag har läst")
	k.Tap("Hyresvärden eller inkasso")
	k.Tap("Vårdcentralen")
	k.Tap("Gå vidare")
	k.Fill("Namn", "Testa Provsson")
	k.Fill("Personnummer", "19901602-2397")
	k.Draw(0)
	k.Tap("Skriv under")
	k.See("Månaden kan inte vara 16")
	k.Fill("Personnummer", "19900602-2397")
	k.Tap("Skriv under")
	k.See("Samtycket är på telefonen")
	k.Tap("Lämna tillbaka telefonen")
	k.Unlock()
	k.See(s.place(s.met))
}

// 5. Meanwhile, online: a time and a number change, Alva writes another outcome, a newer list comes.
func (s *story) meanwhileOnline() {
	moved := s.visitOnDesk(s.moved)
	s.jonna.Walk("/case/" + s.moved.Text("case"))
	s.jonna.Tap("Flytta eller ändra")
	s.jonna.Fill("Dag och tid", moved)
	s.jonna.Tap("Spara ändringen")
	s.jonna.NotSee("Spara ändringen")
	s.jonna.Synced()
	s.changesThePhoneNumber()

	alva := SignIn(s, s.program, "alva")
	c, _, err := alva.Dial()
	if err != nil {
		s.Fatal(err)
	}
	defer c.Close()
	s.push(c, "contact", s.nobody.ID, map[string]any{"outcome": map[string]any{"answer": "met", "at": time.Now().UnixMilli(), "by": "alva"}})

	s.jonna.Walk("/import")
	s.jonna.Upload(s.list("late-payers-newer.csv"))
	s.jonna.See("Titta igenom innan du tar in", "borta ur listan")
	s.jonna.Tap("Ta in listan")
	s.jonna.See("Listan är intagen")
	for _, r := range s.world()["contact"] {
		if c := r.F["cancelled"]; len(c) > 0 && string(c) != "null" && slices.ContainsFunc(s.visits, func(v Record) bool { return v.ID == r.ID }) {
			s.cancelled = append(s.cancelled, r)
		}
	}
}

func (s *story) visitOnDesk(r Record) string {
	s.Helper()
	return s.plannedAt(r).Add(2 * time.Hour).Format("2006-01-02T15:04")
}

// plannedAt is the visit's time on the clock of this machine, which the browsers show.
func (s *story) plannedAt(r Record) time.Time {
	s.Helper()
	var at int64
	if err := json.Unmarshal(r.F["planned_at"], &at); err != nil {
		s.Fatalf("no time on %s: %v", r.ID, err)
	}
	return time.UnixMilli(at)
}

func (s *story) changesThePhoneNumber() {
	s.jonna.Walk("/case/" + s.met.Text("case"))
	s.jonna.See(s.place(s.met))
	name := "Lägg till telefon"
	if strings.Contains(s.jonna.Text(), "070-") {
		name = "Ändra"
	}
	s.jonna.Tap(name)
	s.jonna.Fill("Telefon", "070-174 06 99")
	s.jonna.Tap("Spara")
	s.jonna.See("070-174 06 99")
	s.jonna.Synced()
}

func (s *story) push(c *bench.Client, kind, record string, fields map[string]any) {
	s.Helper()
	if _, err := c.Push(kind, record, fields); err != nil {
		s.Fatal(err)
	}
}

// 6. Online again: up, down, merged, and said truthfully.
func (s *story) onlineAgain() {
	s.jonna.Walk("/case/" + s.met.Text("case"))
	s.jonna.NotSee(longNote[:80])
	began := time.Now()
	s.link.Heal()
	s.kim.Eval(`dispatchEvent(new Event('online'))`) // what the phone says when it finds a network
	s.kim.Synced()
	s.Logf("everything was up and down %s after the network came back", time.Since(began).Round(time.Millisecond))

	s.jonna.See(longNote[:80]) // her screen was open all the time
	s.kim.See("Sparat", "nummer")
	s.kim.Walk("/visit/" + s.met.ID)
	s.kim.See("070-174 06 99", "Samtycke är inhämtat")
	s.onlyCollectedIsLeft()

	w := s.world()
	if m := w["contact"][s.met.ID]; string(m.F["tick_presented"]) != "true" {
		s.Errorf("the tick did not arrive: %s", m.F["tick_presented"])
	}
	if len(s.cancelled) == 0 {
		s.Fatal("no planned visit was taken off by the newer list")
	}
	s.kim.Walk("/")
	s.kim.See(w["household"][s.cancelled[0].Text("household")].Text("street")+" är borttagen", "Du behöver inte gå dit")
}

// onlyCollectedIsLeft looks through everything that the phone shows and carries.
func (s *story) onlyCollectedIsLeft() {
	s.Helper()
	if shown := s.kim.Text(); strings.Contains(shown, "Provsson") || strings.Contains(shown, "19900602") {
		s.Error("the caretaker's phone still shows who signed")
	}
	c, records, err := s.samira().Dial()
	if err != nil {
		s.Fatal(err)
	}
	c.Close()
	for _, r := range records {
		if r.Kind == "signature" && r.Text("name") == "Testa Provsson" {
			return
		}
	}
	s.Error("the consent has not reached the unit that owns it")
}

// samira signs in once, by her code; her link is for her phone.
func (s *story) samira() Person {
	if s.social.ID == "" {
		s.social = SignIn(s, s.program, "samira")
	}
	return s.social
}

// 7. The two outcomes are shown to both and to the coordinator, and settled everywhere.
func (s *story) settlesTheConflict() {
	s.kim.Walk("/inbox")
	s.kim.See("Behöver dig", "Välj vilket svar som stämmer")
	s.jonna.Walk("/case/" + s.nobody.Text("case"))
	s.jonna.See("Båda svaren är sparade")
	s.kim.Tap("Välj vilket svar som stämmer")
	s.kim.See("Vilket svar stämmer?", "Ingen hemma, lapp lämnad", "Träffade hyresgästen", "Gäller nu")
	s.kim.Tap("Ingen hemma, lapp lämnad")
	s.kim.Tap("Spara valet")
	s.kim.Synced()
	s.jonna.NotSee("Båda svaren är sparade")
	s.jonna.See("Ingen hemma")
	var outcome struct {
		Answer   string
		NoteLeft bool `json:"note_left"`
	}
	if err := json.Unmarshal(s.world()["contact"][s.nobody.ID].F["outcome"], &outcome); err != nil || outcome.Answer != "nobody_home" || !outcome.NoteLeft {
		s.Errorf("settled as %+v (%v)", outcome, err)
	}
}

// 8. The notice of an eviction calls those on duty, and nobody else.
func (s *story) callsThoseOnDuty() {
	tove := Open(s, s.program.URL, Desk)
	tove.SignIn(s.program, "tove")
	samira := Open(s, s.program.URL, Phone)
	samira.SignIn(s.program, "samira")
	tove.Walk("/notice/new")
	tove.Fill("Dag", time.Now().AddDate(0, 0, 6).Format("2006-01-02"))
	tove.Fill("Klockan", "09:00")
	tove.Fill("Namn", "Nadia Alström")
	tove.Fill("Gata och nummer", "Björkgatan 7")
	tove.Tap("Ja")
	tove.Tap("Registrera")
	tove.See("Nadia Alström")
	tove.Synced()

	samira.Walk("/inbox")
	samira.See("Behöver dig", "vhysning")
	samira.Tap("Jag har sett det")
	samira.Synced()
	for _, r := range s.world() {
		for _, record := range r {
			if record.Kind == "alert" || record.Kind == "notice" {
				s.Errorf("the landlord carries a %s of social services", record.Kind)
			}
		}
	}
	s.notificationOpensTheCase(samira)
}

func (s *story) notificationOpensTheCase(b *Browser) {
	s.Helper()
	_, records, err := s.samira().Dial()
	if err != nil {
		s.Fatal(err)
	}
	case_ := ""
	for _, r := range records { // the town has another alert, about somebody else
		if r.Kind == "person" && r.Text("name") == "Nadia Alström" {
			for _, a := range records {
				if a.Kind == "alert" && a.Text("household") == r.Text("household") {
					case_ = a.Text("case")
				}
			}
		}
	}
	if case_ == "" {
		s.Fatal("nobody was alerted")
	}
	shown := b.Push(fmt.Sprintf(`{"web_push":8030,"notification":{"title":"Bokvar","body":"Du har något nytt i Bokvar.","navigate":"%s/case/%s"}}`, b.Origin, case_))
	for _, secret := range []string{"Nadia", "Alström", "Björkgatan"} {
		if strings.Contains(shown, secret) {
			s.Errorf("the notification says %q", shown)
		}
	}
	if !strings.Contains(shown, "Du har något nytt i Bokvar") {
		s.Errorf("the notification says %q", shown)
	}
	b.TapNotification()
	b.See("Nadia Alström")
}
