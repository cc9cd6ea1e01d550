package apptest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/bench"
	"bokvar/internal/casework"
)

// View is a screen in a state that a person can bring it into.
type View struct {
	Name   string
	Person string
	Route  string // as in static/src/routes.ts
	Visit  bool   // read at arm's length, in the sun: text has 7:1
	Open   func(b *Browser)
}

// Views are all screens of the app, in the order in which one set of people can
// walk through them: those that write come after those that only look.
var Views = []View{
	{"sign-in", "", "/in", false, at("/in")},
	{"sign-in-wrong", "", "/in", false, do(at("/in"), fill("Kod", "12"), tap("Logga in med koden"), see("Koden har åtta tecken"))},
	{"enrol", "", "/in", false, invited},
	{"enrol-easy", "", "/in", false, do(fill("Skriv de fyra orden", "lösenord 2026"), tap("Använd lösenfrasen"), see("för lätt att gissa"))},

	{"withdraw", "", "/withdraw", true, do(outside("/withdraw"), see("Koden på din kopia"))},

	{"withdraw-arabic", "", "/withdraw", true, do(outside("/withdraw?lang=ar#7ZK4M9QW2X7ZK4M9QW2X7ZK4M9"), see("اسحب موافقتك"))},
	{"withdraw-unknown", "", "/withdraw", true, do(tap("التالي"), see("لم نجد الرمز بعد"))},

	{"today", "kim", "/", true, do(at("/"), see("Nästa besök"))},
	{"visit", "kim", "/visit/:id", true, nth("/visit/", 0)},
	{"visit-hint", "kim", "/visit/:id", true, nth("/visit/", 1)},
	{"visit-safety", "kim", "/visit/:id", true, do(nth("/visit/", 3), see("Tänk på säkerheten"))},
	{"visit-acute", "kim", "/visit/:id/acute", true, do(nth("/visit/", 0), tap("Är det akut?"), see("Ring 112"))},
	{"acute", "kim", "/acute", true, do(at("/acute"), see("Ring 112"))},
	{"consent-begin", "kim", "/visit/:id/consent", true, do(nth("/visit/", 1), tap("Öppna samtycket"), see("När du lämnar över telefonen"))},
	{"consent-own", "kim", "/visit/:id/consent/own", true, do(tap("Skriv det själv"), see("Du bestämmer vem"))},
	{"consent-read", "kim", "/handed/:id", true, do(nth("/visit/", 1), tap("Öppna samtycket"), tap("Lämna över telefonen"), see("Telefonen är din nu"))},
	{"consent-choose", "kim", "/handed/:id", true, do(tap("Jag har läst"), tap("Någon annan"), tap("Gå vidare"))},
	{"consent-sign", "kim", "/handed/:id", true, do(tap("Någon annan"), tap("Vårdcentralen"), tap("Gå vidare"), tap("En person till"), tap("Skriv under"))},
	{"consent-arabic", "kim", "/handed/:id", true, do(nth("/visit/", 0), tap("Öppna samtycket"), tap("العربية"), tap("Lämna över telefonen"), see("لم تتم مراجعة"))},
	{"consent-arabic-choose", "kim", "/handed/:id", true, do(tap("Jag har läst"), see("المركز الصحي"))},
	{"consent-arabic-sign", "kim", "/handed/:id", true, do(tap("Anhörig"), fill("Vem?", "Min syster Amal"), tap("Gå vidare"), tap("Lägg till ett barn"), tap("Gör på ett annat sätt"), tap("Skriva mitt namn med bokstäver"), see("Vem såg att namnet skrevs?", "Barnets namn"))},
	{"consent-done", "kim", "/handed/:id", true, do(tap("Ta bort barnet"), tap("Jag har inget svenskt"), tap("Skriv under"), see("Tack. Du har svarat ja", "Din egen kod"))},
	{"conflict", "kim", "/conflict/:id", true, do(at("/inbox"), tap("Välj vilket svar"), see("Vilket svar stämmer?"))},
	{"call", "kim", "/call/:caseId", true, do(called, see("Ingen som svarar?"))},
	{"unplanned", "kim", "/unplanned", true, do(at("/unplanned"), see("Vem träffade du?"))},
	{"inbox-conflict", "kim", "/inbox", true, do(at("/inbox"), see("Behöver dig"))},
	{"cases-phone", "kim", "/cases", false, at("/cases")},
	{"tray-empty", "kim", "/tray", false, at("/tray")},
	{"more", "kim", "/more", false, at("/more")},
	{"devices-own", "kim", "/devices", false, do(at("/devices"), see("Dina", "den här"))},
	{"ways", "kim", "/ways", false, do(at("/ways"), see("Ha gärna två sätt"))},
	{"ways-words", "kim", "/ways", false, do(tap("Byt lösenfras"), see("Skriv de fyra orden"))},
	{"ways-prove", "kim", "/ways", false, do(fill("Skriv de fyra orden", "blomkruka visselpipa kanot mandarin"), tap("Använd lösenfrasen"), see("Lås upp en gång till"))},
	{"why-access", "kim", "/why/:table", false, do(at("/why/access"), see("Hela dokumentet"))},
	{"why-row", "kim", "/why/:table/:row", false, do(at("/why/access/note"), see("Visa hela tabellen"))},
	{"why-rules", "kim", "/why/:table", false, do(at("/why/rules"), see("Hela dokumentet"))},
	{"why-method", "kim", "/why/:table", false, do(at("/why/method"), see("Hela dokumentet"))},
	{"missing", "kim", "", false, do(at("/nowhere"), see("Sidan finns inte här"))},
	{"visit-gone", "kim", "/visit/:id", true, do(at("/visit/nobody"), see("inte ditt längre"))},
	{"nobody-home", "kim", "/visit/:id/nobody-home", true, do(nth("/visit/", 2), tap("Ingen hemma"), see("Nästa försök", "Lapp lämnad"))},
	{"visit-met", "kim", "/visit/:id", true, do(nth("/visit/", 1), fill("Anteckning", "Öppnade dörren på glänt."), tap("Spara anteckning"), see("Du skrev"),
		fill("Skriv mer", "Vill att Jonna ringer."), tap("Vi träffades"), see("Du svarade"))},
	{"photo-taken", "kim", "/visit/:id", true, do(nth("/visit/", 1), see("Ta en bild"), func(b *Browser) { b.Upload(CameraPicture(b.tb, "", 640, 480)) }, see("Din bild"))},
	{"photo-kept", "kim", "/visit/:id", true, do(tap("Spara bilden"), see("Du tog bilden"))},
	{"tray", "kim", "/tray", false, do(at("/tray"), see("Sparat hos servern"))},
	{"tray-refused", "kim", "/tray", false, do(nth("/visit/", 1), fill("Anteckning", "En rad\u0001 från ett annat program."), tap("Spara anteckning"), see("Kunde inte sparas"),
		at("/tray"), tap("Spara i en låst fil"), see("Skriv upp koden"), tap("Ta in en fil"))},
	{"lock", "kim", "/", false, locked},
	{"lock-wrong", "kim", "/", false, do(fill("Lösenfras", "fel ord helt och hållet"), tap("Lås upp"), see("Lösenfrasen stämmer inte"))},
	{"lock-forgotten", "kim", "/", false, do(tap("Jag har glömt"), see("ny kod"))},
	{"devices-barred", "kim", "/", false, do(barred, see("Telefonen är spärrad"))},

	{"cases", "jonna", "/cases", false, do(at("/cases"), see("Därför först"))},
	{"case", "jonna", "/case/:id", false, nth("/case/", 0)},
	{"case-edit", "jonna", "/case/:id", false, do(nth("/case/", 0), tap("Flytta eller ändra"), see("Dag och tid"))},
	{"import", "jonna", "/import", false, at("/import")},
	{"plan", "jonna", "/plan", false, do(at("/plan"), tap("Välj de 12 första"), tap("Kim Strandvik"))},
	{"inbox-desk", "jonna", "/inbox", false, at("/inbox")},
	{"found", "jonna", "/found", false, do(at("/found"), see("Alva", "Talade med hyresgästen"))},
	{"found-dismiss", "jonna", "/found", false, do(tap("Lägg inte till"), see("Varför ska det inte läggas till?"))},

	{"devices", "jonna", "/devices", false, do(at("/devices"), see("Kollegornas", "Spärrad"))},
	{"devices-lost", "jonna", "/devices", false, do(tap("Kim Strandvik"), see("Släpp in igen"))},
	{"devices-wipe", "jonna", "/devices", false, do(tap("Rensa"), see("Ja, rensa den"))},

	{"recovery", "jonna", "/recovery", false, do(at("/recovery"), see("Inget väntar"))},

	{"rescue-none", "rolf", "/rescue", false, do(at("/rescue"), see("Det finns ingen nyckel än"))},
	{"rescue-code", "rolf", "/rescue", false, do(tap("Gör en kod åt mig"), see("Skriv upp koden på papper"))},
	{"cases-manager", "rolf", "/cases", false, do(at("/cases"), see("Därför först"))},
	{"case-manager", "rolf", "/case/:id", false, nth("/case/", 0)},

	{"search", "rolf", "/search", false, do(at("/search"), fill("Namn, adress eller personnummer", "Käll"), tap("Sök"), see("Vem har läst"))},
	{"log-case", "rolf", "/log/:root", false, do(tap("Vem har läst"), see("också utan nät", "Skrev"))},
	{"extract", "rolf", "/extract/:root", false, do(tap("Gör ett utdrag"), see("Utdrag ur akt", "Vem som har öppnat och skrivit i akten"))},
	{"log", "rolf", "/log", false, do(at("/log"), see("Loggade in", "Rolf Tingvall"))},
	{"erasure", "rolf", "/erasure", false, do(at("/erasure"), see("Hur länge det sparas", "Det som är avslutat"))},

	{"cases-social", "samira", "/cases", false, at("/cases")},
	{"case-social", "samira", "/case/:id", false, nth("/case/", 0)},
	{"notice", "samira", "/notice/new", false, at("/notice/new")},
	{"inbox-alert", "samira", "/inbox", true, at("/inbox")},
	{"received", "samira", "/received/:id", false, do(received("Mirja Korhonen"), see("Gäller", "Kopplat till"))},
	{"organisation", "karin", "/organisation", false, do(at("/organisation"), see("Språk i samtycket", "العربية", "Hur sekretessen öppnas"))},
	{"organisation-basis", "karin", "/organisation", false, do(tap("Skriv in grunden"), tap("Spara grunden"), see("Välj en grund"))},
	{"organisation-language", "karin", "/organisation/language/:code", false, do(at("/organisation/language/ar"), see("Granska översättningen", "أنت من يقرر"))},
	{"organisation-reviewed", "karin", "/organisation/language/:code", false, do(tap("Den är rätt"), see("Granskad av Karin Öst"))},
	{"organisation-proposed", "karin", "/organisation", false, do(at("/organisation"), tap("Föreslå: efter"), see("En annan av er"))},
	{"organisation-approve", "leif", "/organisation", false, do(at("/organisation"), see("Karin Öst föreslår"), tap("Jag har läst vad det betyder"))},
	{"organisation-landlord", "jonna", "/organisation", false, do(at("/organisation"), see("Rättslig grund"))},
	{"shared-social", "samira", "/case/:id/shared", false, do(received("Mirja Korhonen"), tap("Kopplat till"), tap("Delat med Sjöbergahem"), see("Det du delar här", "Vi är i kontakt"), tap("En plan"), see("Vem gäller det?"))},
	{"disclose", "samira", "/case/:id/disclose/:record", false, do(tap("Lämna ut utan samtycke"), see("Du kan lämna ut just det här"), tap("Gå vidare"), see("Välj en grund"))},
	{"disclose-confirm", "samira", "/case/:id/disclose/:record", false, do(tap("Någons liv eller hälsa är i fara"), fill("Hur stämmer det i det här fallet?", "Ingen öppnar i morgon och det finns ett barn i lägenheten."),
		fill("Vem har beslutat?", "karin"), tap("Gå vidare"), see("Ska Sjöbergahem få läsa det här?", "Det här skrivs i journalen", "Beslut: Karin Öst"))},
	{"disclosed-social", "samira", "/case/:id/shared", false, do(tap("Lämna ut till Sjöbergahem"), see("Utlämnat till Sjöbergahem utan samtycke"), tap("Grund och beslut"), see("24 kap. 4 §"), synced)},
	{"propose", "samira", "/case/:id/propose/:room", false, do(tap("Föreslå en tid"), see("Vad ska ni göra tillsammans?", "Sjöbergahem ser det inte"), tap("Mirja Korhonen"), see("Sjöbergahem genom samtycket"),
		fill("Något att säga om tiden", "Vi ses utanför porten."))},
	{"time-asked", "samira", "/case/:id/time/:time", false, do(tap("Föreslå för Sjöbergahem"), see("Väntar på svar från Sjöbergahem"), synced)},
	{"inbox-time", "jonna", "/inbox", false, do(at("/inbox"), see("Socialtjänsten i Sjöberga föreslår en tid"))},
	{"time-asks", "jonna", "/case/:id/time/:time", false, do(tap("Socialtjänsten i Sjöberga föreslår en tid"), see("Vi ses utanför porten", "Säg ja till"))},
	{"time-yes", "jonna", "/case/:id/time/:time", false, do(tap("Säg ja till"), see("Vilka går från oss?"), tap("Säg ja och planera in"), see("Välj minst en"))},
	{"time-agreed", "jonna", "/case/:id/time/:time", false, do(tap("Kim Strandvik"), tap("Säg ja och planera in"), see("Ni är överens om", "Planerat hos oss: Kim går"))},
	{"time-other", "jonna", "/case/:id/time/:time", false, do(tap("Föreslå en annan tid"), see("Dag och tid"))},
	{"time-moved", "samira", "/case/:id/time/:time", false, do(tap("Föreslå en annan tid"), fill("Dag och tid", tomorrowAt(13)), tap("Föreslå för Sjöbergahem"), see("Väntar på svar från Sjöbergahem"))},
	{"shared-landlord", "jonna", "/case/:id/shared", false, do(sharedCase, tap("Delat med Socialtjänsten"), see("Det du delar här", "Vi är i kontakt", "Utlämnat av Socialtjänsten i Sjöberga utan samtycke"), tap("Ett meddelande"))},
	{"notify", "jonna", "/case/:id/shared", false, do(nth("/case/", 0), tap("Dela med socialtjänsten"), see("Underrätta", "Lagen kräver det"), tap("Skicka underrättelsen"), see("Välj grund"))},
}

// Tour opens each view as its person, in a browser per person, and calls on it.
func Tour(tb TB, p *Program, screen Screen, call func(b *Browser, v View)) {
	tb.Helper()
	people := map[string]*Browser{}
	for _, v := range Views {
		b := people[v.Person]
		if b == nil {
			b = Open(tb, p.URL, screen)
			b.program = p
			if v.Person != "" {
				b.SignIn(p, v.Person)
			}
			people[v.Person] = b
		}
		b.Resize(screen)
		v.Open(b)
		call(b, v)
	}
}

// Album leaves a picture of each view in the folder: phone and desk, light and dark.
func Album(tb TB, p *Program, dir string) {
	tb.Helper()
	phone, desk := SmallPhone.still(), Desk.still()
	Stage(tb, p)
	Tour(tb, p, phone, func(b *Browser, v View) {
		for name, screen := range map[string]Screen{"360": phone, "360-dark": phone.dark(), "1280": desk, "1280-dark": desk.dark()} {
			b.Resize(screen)
			file := filepath.Join(dir, v.Name+"-"+name+".png")
			if err := os.WriteFile(file, b.Picture(false), 0o600); err != nil {
				tb.Fatalf("%v", err)
			}
		}
	})
}

// Stage writes what the views need and the town does not have: two colleagues who
// answered differently about the visit that Kim and Alva share tomorrow, and a
// consent that is linked to a case and opens it.
func Stage(tb TB, p *Program) {
	tb.Helper()
	StageWall(tb, p)
	alva, records, err := SignIn(tb, p, "alva").Dial()
	if err != nil {
		tb.Fatalf("%v", err)
	}
	defer alva.Close()
	peder, _, err := SignIn(tb, p, "peder").Dial()
	if err != nil {
		tb.Fatalf("%v", err)
	}
	defer peder.Close()
	for _, r := range records {
		var people []string
		_ = json.Unmarshal(r.F["people"], &people)
		if r.Kind != "contact" || len(people) != 2 || !slices.Contains(people, "kim") || r.F["outcome"] != nil {
			continue
		}
		at := time.Now().UnixMilli()
		for _, each := range []struct {
			by          *bench.Client
			who, answer string
		}{{alva, "alva", "met"}, {peder, "peder", "nobody_home"}} {
			outcome := map[string]any{"answer": each.answer, "at": at, "by": each.who}
			if _, err := each.by.Push("contact", r.ID, map[string]any{"outcome": outcome}); err != nil {
				tb.Fatalf("%s answers: %v", each.who, err)
			}
		}
		return
	}
	tb.Fatalf("Kim and Alva share no visit")
}

// StageWall has Samira begin a file for the tenant whose consent waits in her
// intake, link the two, and share something.
func StageWall(tb TB, p *Program) {
	tb.Helper()
	samira, records, err := SignIn(tb, p, "samira").Dial()
	if err != nil {
		tb.Fatalf("%v", err)
	}
	defer samira.Close()
	var signed Record
	for _, r := range records {
		if r.Kind == "signature" {
			signed = r
		}
	}
	household, caseID, person, at := uuid.NewString(), uuid.NewString(), uuid.NewString(), time.Now().UnixMilli()
	other := uuid.NewString() // who has not said yes
	for _, each := range []struct {
		kind, id string
		fields   map[string]any
	}{
		{"household", household, map[string]any{"street": "Tallvägen 12", "floor": "1 tr"}},
		{"case", caseID, map[string]any{"household": household, "unit": "soc-vrak", "reason": "arrears", "status": "open"}},
		{"person", person, map[string]any{"household": household, "name": signed.Text("name"), "position": "tenant"}},
		{"person", other, map[string]any{"household": household, "name": "Aino Korhonen", "position": "adult"}},
		{"case_link", uuid.NewString(), map[string]any{"of": signed.Text("giving"), "case": caseID, "at": at, "by": "samira",
			"people": []map[string]string{{"signature": signed.ID, "person": person}}}},
		{"message", uuid.NewString(), map[string]any{"household": household, "case": caseID, "by": "samira", "shared_with": "sjobergahem",
			"concerns": []string{person}, "about": "in_contact", "at": at, "signed": "Samira Holmén, socialsekreterare"}},
		{"message", uuid.NewString(), map[string]any{"household": household, "case": caseID, "by": "samira", "shared_with": "sjobergahem",
			"concerns": []string{other}, "about": "message", "text": "Aino Korhonen ligger på sjukhus och kan inte öppna.", "at": at, "signed": "Samira Holmén, socialsekreterare"}},
	} {
		if _, err := samira.Push(each.kind, each.id, each.fields); err != nil {
			tb.Fatalf("Samira writes a %s: %v", each.kind, err)
		}
	}
	Retry(tb, "a room at the landlord", func() error {
		jonna, theirs, err := SignIn(tb, p, "jonna").Dial()
		if err != nil {
			return err
		}
		jonna.Close()
		for _, r := range theirs {
			if r.Kind == "room" {
				stagedCase = r.Text("case")
				return nil
			}
		}
		return errors.New("there is none")
	})
}

// sharedCase opens the landlord's case that has a room: as StageWall found it.
func sharedCase(b *Browser) {
	b.tb.Helper()
	b.Go("/case/" + stagedCase)
	b.drawn()
}

var stagedCase string

func do(steps ...func(b *Browser)) func(b *Browser) {
	return func(b *Browser) {
		b.tb.Helper()
		for _, step := range steps {
			step(b)
		}
	}
}

// at opens a path as a person would who follows a link from elsewhere.
// outside opens a page that is no part of the app, and has no lock.
func outside(path string) func(b *Browser) {
	return func(b *Browser) {
		b.tb.Helper()
		b.Load(path)
		b.drawn()
	}
}

func at(path string) func(b *Browser) {
	return func(b *Browser) {
		b.tb.Helper()
		b.Go(path)
		b.drawn()
	}
}

// nth opens the nth link of its kind on the person's first screen for it.
func nth(prefix string, n int) func(b *Browser) {
	return func(b *Browser) {
		b.tb.Helper()
		b.Go(map[string]string{"/visit/": "/", "/case/": "/cases", "/received/": "/cases"}[prefix])
		b.Walk(b.links(prefix, n+1)[n])
		b.drawn()
	}
}

// received opens the consent that somebody gave. (Others come in during a tour.)
func received(name string) func(b *Browser) {
	return func(b *Browser) {
		b.tb.Helper()
		b.Go("/cases")
		b.links("/received/", 1)
		b.Walk(b.Eval(fmt.Sprintf(`[...document.querySelectorAll('main a[href^="/received/"]')].find(a => a.innerText.includes(%s)).pathname`, quote(name))))
		b.drawn()
	}
}

// called opens the first case that the person carries as a call. (Tapping the
// number as well would leave the page for the phone's dialler.)
func called(b *Browser) {
	b.tb.Helper()
	b.Go("/cases")
	b.Walk(strings.Replace(b.links("/case/", 1)[0], "/case/", "/call/", 1))
	b.drawn()
}

// links are the paths of at least so many links that begin so.
func (b *Browser) links(prefix string, least int) []string {
	b.tb.Helper()
	var found []string
	Retry(b.tb, fmt.Sprintf("%d links to %s", least, prefix), func() error {
		all, err := b.eval(fmt.Sprintf(`[...new Set([...document.querySelectorAll('main a[href^="%s"]')].map(a => a.pathname))].join(' ')`, prefix))
		if found = strings.Fields(all); err == nil && len(found) < least {
			err = fmt.Errorf("there are %d", len(found))
		}
		return err
	})
	return found
}

// drawn waits until a screen stands there whole.
func (b *Browser) drawn() {
	b.tb.Helper()
	Retry(b.tb, "a screen is drawn", func() error {
		drawn, err := b.eval(`!!document.querySelector('h1')`)
		if err == nil && drawn != "true" {
			err = fmt.Errorf("%s has no heading yet", b.path())
		}
		return err
	})
}

func tap(name string) func(b *Browser) {
	return func(b *Browser) { b.tb.Helper(); b.Tap(name) }
}

// invited has redeemed an invitation, and chooses a lock.
func invited(b *Browser) {
	b.tb.Helper()
	b.Load("/in")
	b.Fill("Kod", b.program.Invite("alva").Code)
	b.Tap("Logga in med koden")
	b.See("Skriv de fyra orden")
}

// locked is how the app starts.
func locked(b *Browser) {
	b.tb.Helper()
	b.Load("/")
	b.Gate("locked")
	b.See("Bokvar är låst")
}

// barred has a coordinator say that the phone is lost.
func barred(b *Browser) {
	b.tb.Helper()
	b.program.Invite("jonna")
	jonna := SignIn(b.tb, b.program, "jonna")
	var list struct {
		People []struct {
			ID      string
			Devices []struct{ ID, State string }
		}
	}
	jonna.request(b.tb, "GET", "/api/devices", "", nil, &list)
	for _, p := range list.People {
		for _, d := range p.Devices {
			if p.ID == "kim" && d.State == "active" {
				jonna.request(b.tb, "POST", "/api/devices/kim/"+d.ID+"/block", "application/json", strings.NewReader("{}"), nil)
			}
		}
	}
	b.Load("/")
	b.Gate("barred")
}

func see(words ...string) func(b *Browser) {
	return func(b *Browser) { b.tb.Helper(); b.See(words...) }
}
func fill(label, value string) func(b *Browser) {
	return func(b *Browser) { b.tb.Helper(); b.Fill(label, value) }
}

func synced(b *Browser) { b.tb.Helper(); b.Synced() }

// tomorrowAt is what a field for day and time takes.
func tomorrowAt(hour int) string {
	return time.Now().In(casework.Zone).AddDate(0, 0, 1).Format("2006-01-02") + fmt.Sprintf("T%02d:00", hour)
}
