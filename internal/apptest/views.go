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
	"bokvar/internal/demo"
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
	{"withdraw-found-arabic", "", "/withdraw", true, do(outside("/withdraw?lang=ar"), fill("الرمز المكتوب على نسختك", demo.CopyCode), tap("التالي"), see("تاريخ ميلادك"))},
	{"withdraw-found", "", "/withdraw", true, do(outside("/withdraw"), fill("Koden på din kopia", demo.CopyCode), tap("Gå vidare"), see("Ta tillbaka mitt ja", "Ditt födelsedatum"))},
	{"withdraw-born-wrong", "", "/withdraw", true, do(fill("Ditt födelsedatum", "19850321"), tap("Visa"), see("Det är inte det födelsedatum"))},
	{"withdraw-told", "", "/withdraw", true, do(fill("Ditt födelsedatum", "19980801"), tap("Visa"), see("Det här sa du ja till"))},

	{"today", "kim", "/", true, do(at("/"), see("Nästa besök"))},
	{"visit", "kim", "/visit/:id", true, nth("/visit/", 0)},
	{"visit-hint", "kim", "/visit/:id", true, nth("/visit/", 1)},
	{"visit-safety", "kim", "/visit/:id", true, do(nth("/visit/", 3), see("Tänk på säkerheten"))},
	{"visit-both", "kim", "/visit/:id", true, do(bothVisit, see("Följ alla råden", "Portkod", "Välj vad som stämmer"))},
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
	{"take-back", "kim", "/visit/:id/withdraw", true, do(nth("/visit/", 3), tap("Hyresgästen tar tillbaka"), see("Det gäller direkt", "På Sjöbergahem", "Vem tar tillbaka sitt samtycke?"))},
	{"take-back-earlier", "kim", "/visit/:id/withdraw", true, do(tap("Någon annan"), fill("Namn", "Rut Lindh"), tap("Tidigare"), fill("Dag och tid", tomorrowAt(10)), tap("Ta tillbaka samtycket"), see("Välj en dag och tid som har varit"))},
	{"take-back-phone", "kim", "/visit/:id/withdraw", true, do(tap("Nyss"), cut, tap("Ta tillbaka samtycket"), see("inte skickat än", "På telefonen", "så fort min telefon får nät"))},
	{"take-back-done", "kim", "/visit/:id/withdraw", true, do(heal, see("Det är stängt", "Sparat"))},
	{"conflict", "kim", "/conflict/:id", true, do(at("/inbox"), tap("Välj vilket svar"), see("Vilket svar stämmer?"))},
	{"call", "kim", "/call/:caseId", true, do(called, see("Ingen som svarar?"))},
	{"unplanned", "kim", "/unplanned", true, do(at("/unplanned"), see("Vem träffade du?"))},
	{"inbox-conflict", "kim", "/inbox", true, do(at("/inbox"), see("Behöver dig"))},
	{"cases-phone", "kim", "/cases", false, at("/cases")},
	{"tray-empty", "kim", "/tray", false, at("/tray")},
	{"more", "kim", "/more", false, at("/more")},
	{"devices-own", "kim", "/devices", false, do(at("/devices"), see("Dina", "den här"))},
	{"devices-here", "kim", "/devices", false, do(tap("Chrome, Linux (den här)"), see("Det är den du använder nu"))},
	{"devices-elsewhere", "kim", "/devices", false, do(tap("Stäng"), tap("Logga ut på alla andra"), see("med en gång", "Spärra den i stället"))},
	{"devices-ended", "kim", "/devices", false, do(tap("Ja, logga ut på de andra"), see("inte inloggad någon annanstans"))},
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
		at("/tray"), see("Rätta"), tap("Spara i en låst fil"), see("Skriv upp koden"), tap("Ta in en fil"))},
	{"tray-hand-over", "kim", "/tray", false, do(at("/tray"), tap("Lämna till en kollega"), see("Kollegan tar in den i Bokvar"))},
	{"visit-left", "kim", "/visit/:id", true, do(nth("/visit/", 4), fill("Anteckning", "Hon sa att pengarna kommer på fredag, och att"), see("På telefonen"), givenAway, see("Du hade börjat skriva"))},

	{"rescue-none", "rolf", "/rescue", false, do(at("/rescue"), see("Det finns ingen nyckel än"))},
	{"rescue-code", "rolf", "/rescue", false, hold},
	{"rescue-key", "eva", "/rescue", false, do(at("/rescue"), hold, tap("Gör nyckeln"), see("Nyckel 1, gjord", "öppnas bara om Rolf Tingvall och Eva Brink är med"))},
	{"lock-waits", "kim", "/", false, do(nth("/visit/", 0), metServer, cut, fill("Anteckning", "Det lyste i fönstret."), tap("Spara anteckning"), see("Du skrev"), locked, heal,
		see("En sak väntar"), tap("Kan du inte låsa upp?"), see("Lämna in det som väntar"))},
	{"lock-handed", "kim", "/", false, do(tap("Lämna in det som väntar"), see("En sak är inlämnad"))},
	{"rescue-waiting", "eva", "/rescue", false, do(at("/rescue"), see("Kim Strandvik", "Börja öppna"))},
	{"rescue-wrong", "eva", "/rescue", false, do(fill("Varför öppnar ni det?", "Kims telefon är borta"), fill("Din kod", "2222 2222 2222 2222 2222"), tap("Börja öppna"), see("Koden stämmer inte"))},
	{"rescue-begun", "eva", "/rescue", false, do(ownCode, tap("Börja öppna"), see("Be en kollega med en egen kod"))},
	{"rescue-second", "rolf", "/rescue", false, do(at("/rescue"), see("Eva Brink har börjat öppna"))},
	{"rescue-opened", "rolf", "/rescue", false, do(ownCode, tap("Öppna tillsammans"), see("En sak ligger nu bland det upphittade"))},
	{"rescue-anew", "eva", "/rescue", false, do(at("/rescue"), tap("Gör en ny kod åt mig"), see("Din gamla kod", "Utan din gamla kod"))},
	{"rescue-older", "eva", "/rescue", false, do(tap("Ja, gör en ny kod"), see("Skriv upp koden"), at("/rescue"), see("Delar av äldre nycklar", "Skriv den gamla koden under Koder"))},

	{"lock", "kim", "/", false, locked},
	{"lock-wrong", "kim", "/", false, do(fill("Lösenfras", "fel ord helt och hållet"), tap("Lås upp"), see("Lösenfrasen stämmer inte"))},
	{"lock-forgotten", "kim", "/", false, do(tap("Jag har glömt"), see("ny kod"))},
	{"devices-barred", "kim", "/", false, do(barred, see("Telefonen är spärrad"))},

	{"cases", "jonna", "/cases", false, do(at("/cases"), see("Därför först"))},
	{"case", "jonna", "/case/:id", false, nth("/case/", 0)},
	{"case-edit", "jonna", "/case/:id", false, do(nth("/case/", 0), tap("Flytta eller ändra"), see("Dag och tid"))},
	{"protected-case", "jonna", "/case/:id", false, do(at("/"), tap("Skyddade uppgifter"), see("Visa uppgifterna"))},
	{"protected-ask", "jonna", "/protected/:root", true, do(tap("Visa uppgifterna"), see("Varför behöver du dem nu?"), tap("Visa uppgifterna"), see("minst tio tecken"))},
	{"protected-shown", "jonna", "/protected/:root", true, do(fill("Varför behöver du dem nu?", "Hembesök i dag klockan 17.30"), tap("Visa uppgifterna"), see("Gläntvägen 14", "Dölj uppgifterna"))},
	{"protected-change", "jonna", "/protected/:root", true, do(tap("Ändra adressen"), fill("Gata och nummer", ""), tap("Spara"), see("Skriv en gata", "Bara den som hämtar"))},
	{"protected-change-person", "jonna", "/protected/:root", true, do(tap("Avbryt"), tap("Ändra Disa Vendelman"), fill("Personnummer", "19900602-2398"), tap("Spara"), see("de fyra sista"))},
	{"protected-changed", "jonna", "/protected/:root", true, do(fill("Personnummer", ""), fill("E-post", "disa@example.org"), tap("Spara"), see("Sparat"))},
	{"protected-add", "jonna", "/protected/:root", true, do(tap("Lägg till en person"), see("Att det bor någon till här"), tap("Spara"), see("Välj vad personen är i hushållet", "Skriv ett namn"))},
	{"protected-set", "jonna", "/case/:id", false, do(nth("/case/", 0), tap("Skydda uppgifterna"), see("Kvartersvärdar ser dem inte"))},
	{"import", "jonna", "/import", false, at("/import")},
	{"plan", "jonna", "/plan", false, do(at("/plan"), tap("Välj de 12 första"), tap("Kim Strandvik"))},
	{"inbox-desk", "jonna", "/inbox", false, at("/inbox")},
	{"found", "jonna", "/found", false, do(at("/found"), see("Alva", "Talade med hyresgästen"))},
	{"found-dismiss", "jonna", "/found", false, do(tap("Lägg inte till"), see("Varför ska det inte läggas till?"))},

	{"devices", "jonna", "/devices", false, do(at("/devices"), see("Kollegornas", "Spärrad"))},
	{"devices-lost", "jonna", "/devices", false, do(tap("Kim Strandvik"), see("Släpp in igen"))},
	{"devices-wipe", "jonna", "/devices", false, do(tap("Rensa"), see("Ja, rensa den"))},

	{"devices-wiping", "jonna", "/devices", false, do(tap("Ja, rensa den"), see("Rensas vid nästa kontakt", "Rensa ändå"))},
	{"devices-wipe-all", "jonna", "/devices", false, do(tap("Rensa ändå"), see("Ja, rensa och förlora det"))},
	{"phone-wiped", "kim", "/", false, do(func(b *Browser) { b.Load("/") }, see("Telefonen är rensad"))},
	{"devices-wiped", "jonna", "/devices", false, do(at("/devices"), tap("Kim Strandvik"), see("Den har kvitterat"))},

	{"people", "eva", "/people", false, do(at("/people"), see("Eva Brink (du)", "Bjud in en kollega"))},
	{"people-add", "eva", "/people", false, do(tap("Bjud in en kollega"), tap("Gör inbjudan"), see("Skriv ett namn", "Välj en roll"))},
	{"people-given", "eva", "/people", false, do(fill("För- och efternamn", "Ture Novak"), tap("Samordnare"), tap("Gör inbjudan"), see("Inbjudan till Ture Novak"))},
	{"people-person", "eva", "/people", false, do(tap("Klart, dölj inbjudan"), tap("Kim Strandvik"), see("Husvärd", "Avsluta kontot"))},
	{"people-change", "eva", "/people", false, do(tap("Ändra"), see("Ändra: Kim Strandvik"))},
	{"people-end", "eva", "/people", false, do(at("/people"), tap("Kim Strandvik"), tap("Avsluta kontot"), see("loggas ut överallt", "Planera om"))},
	{"recovery", "jonna", "/recovery", false, do(at("/recovery"), see("Inget väntar"))},
	{"recovery-asked", "eva", "/recovery", false, do(at("/recovery"), fill("Vem behöver komma in?", "strand"), tap("Kim Strandvik"), see("Be en kollega att godkänna"))},
	{"recovery-agree", "jonna", "/recovery", false, do(at("/recovery"), see("Eva Brink bad om det"))},
	{"recovery-code", "jonna", "/recovery", false, do(tap("Godkänn"), see("Kod till Kim Strandvik"))},

	{"cases-manager", "rolf", "/cases", false, do(at("/cases"), see("Därför först"))},
	{"case-manager", "rolf", "/case/:id", false, nth("/case/", 0)},

	{"search", "rolf", "/search", false, do(at("/search"), fill("Namn, adress eller personnummer", "Käll"), tap("Sök"), see("Vem har läst"))},
	{"log-case", "rolf", "/log/:root", false, do(tap("Vem har läst"), see("också utan nät", "Skrev"))},
	{"extract", "rolf", "/extract/:root", false, do(nth("/case/", 0), tap("Vem har läst akten"), tap("Gör ett utdrag"), see("Utdrag ur akt", "Vem som har öppnat och skrivit i akten"))},
	{"extract-ask", "rolf", "/extract/:root", false, do(protectedCase, tap("Vem har läst akten"), tap("Gör ett utdrag"), see("Uppgifterna är skyddade"), tap("Gör utdraget"), see("minst tio tecken"))},
	{"extract-protected", "rolf", "/extract/:root", false, do(fill("Varför behöver du dem nu?", "Hyresgästen har begärt det"), tap("Gör utdraget"), see("Gläntvägen 14"))},
	{"log", "rolf", "/log", false, do(at("/log"), see("Loggade in", "Rolf Tingvall"))},
	{"log-search", "rolf", "/log", false, do(tap("Sök i loggen"), see("Sökningen står också i loggen"))},
	{"log-found", "rolf", "/log", false, do(tap("Sök"), see("Loggade in"))},
	{"log-found-none", "rolf", "/log", false, do(fill("Till och med", "2020-01-31"), tap("Sök"), see("Inget hittades"))},
	{"erasure", "rolf", "/erasure", false, do(at("/erasure"), see("Hur länge det sparas", "Det som är avslutat"))},

	{"limits", "eva", "/limits", false, do(at("/limits"), see("Minuter utan att någon rör appen"))},
	{"limits-wrong", "eva", "/limits", false, do(fill("Minuter utan att appen syns", "11"), tap("Spara tiderna"), see("Skriv ett tal, 1 till 10"))},
	{"limits-saved", "eva", "/limits", false, do(fill("Minuter utan att appen syns", "2"), tap("Spara tiderna"), see("Sparat."))},

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
	{"monthly", "jonna", "/monthly", false, do(at("/cases"), tap("Månadens lista"), see("Sammanlagt", "Ingen underrättelse med namn"))},
	{"monthly-named", "jonna", "/monthly", false, do(notified, at("/monthly"), see("En underrättelse med namn", "Sammanlagt"))},
	{"monthly-earlier", "jonna", "/monthly", false, do(at("/monthly"), see("Sammanlagt"), func(b *Browser) {
		b.tb.Helper()
		b.Eval(`(() => { const choice = document.querySelector('#month'); choice.value = choice.options[1].value; choice.dispatchEvent(new Event('change', { bubbles: true })); })()`)
	}, see("räknas i dag, och bara för månaden som pågår", "Ingen underrättelse med namn"))},
	{"monthly-social", "samira", "/monthly", false, do(at("/monthly"), see("Sjöbergahem", "En underrättelse med namn", "Sammanlagt", "visas inga tal under 5"))},
	{"take-back-desk", "samira", "/case/:id/withdraw", false, do(received("Mirja Korhonen"), tap("Kopplat till"), tap("Delat med Sjöbergahem"), tap("Hyresgästen tar tillbaka"), see("Alla som har sagt ja", "Det här ser du"))},
	{"take-back-desk-done", "samira", "/case/:id/withdraw", false, do(tap("Mirja Korhonen"), tap("Ta tillbaka samtycket"), see("Det är stängt"))},
	{"received-taken", "samira", "/received/:id", false, do(received("Mirja Korhonen"), see("Taget tillbaka", "Sagt av Mirja Korhonen. Mottaget av Samira Holmén"))},
}

// Tour opens each view as its person, in a browser per person, and calls on it.
func Tour(tb TB, p *Program, screen Screen, call func(b *Browser, v View)) {
	tb.Helper()
	people := map[string]*Browser{}
	for _, v := range Views {
		b := people[v.Person]
		if b == nil {
			link := NewLink(tb, p)
			b = Open(tb, link.URL, screen)
			b.program, b.link = p, link
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
// answered differently about the visit that Kim and Alva share tomorrow, and wrote
// different things of the way in and the telephone there; and a consent that is linked to a case and opens it.
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
		stageBoth(tb, p, peder, r, records)
		return
	}
	tb.Fatalf("Kim and Alva share no visit")
}

func stageBoth(tb TB, p *Program, peder *bench.Client, visit Record, records map[string]Record) {
	tb.Helper()
	maj, _, err := SignIn(tb, p, "maj").Dial()
	if err != nil {
		tb.Fatalf("%v", err)
	}
	defer maj.Close()
	stagedVisit = visit.ID
	household := visit.Text("household")
	var tenant string
	for id, r := range records {
		if r.Kind == "person" && r.Text("household") == household && r.Text("position") == "tenant" {
			tenant = id
		}
	}
	for _, each := range []struct {
		by                  *bench.Client
		advice, code, phone string
	}{{maj, "Gå inte in ensam.", "1177", "070-174 06 98"}, {peder, "Ring på två gånger och vänta nere på gården.", "8822", "070-174 06 99"}} {
		if _, err := each.by.Push("household", household, map[string]any{"safety": each.advice, "door_code": each.code}); err != nil {
			tb.Fatalf("of the way in: %v", err)
		}
		if _, err := each.by.Push("person", tenant, map[string]any{"phone": each.phone}); err != nil {
			tb.Fatalf("of the telephone: %v", err)
		}
	}
}

// bothVisit opens the visit where two have written different things: as Stage left it.
func bothVisit(b *Browser) {
	b.tb.Helper()
	b.Go("/visit/" + stagedVisit)
	b.drawn()
}

var stagedVisit string

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
	landlord := SignIn(tb, p, "jonna")
	Retry(tb, "a room at the landlord", func() error {
		jonna, theirs, err := landlord.Dial()
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

// notified sends social services a notice of the case that comes first.
func notified(b *Browser) {
	b.tb.Helper()
	do(nth("/case/", 0), tap("Dela med socialtjänsten"), tap("Vår egen rättsliga grund"), fill("Vilken lag, eller vilken grund?", "Rutin 4 för obetalda hyror"), tap("Skicka underrättelsen"), see("Bara fasta svar om underrättelsen"), synced)(b)
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

// protectedCase opens the case of the protected household.
func protectedCase(b *Browser) {
	b.tb.Helper()
	b.Go("/cases")
	b.links("/case/", 1)
	b.See("Skyddade uppgifter")
	b.Walk(b.Eval(`[...document.querySelectorAll('main a[href^="/case/"]')].find(a => a.innerText.includes('Skyddade uppgifter')).pathname`))
	b.See("Visa uppgifterna")
}

// givenAway gives the visit that is open to a colleague.
func givenAway(b *Browser) {
	b.tb.Helper()
	b.program.Invite("peder")
	peder, _, err := SignIn(b.tb, b.program, "peder").Dial()
	if err != nil {
		b.tb.Fatalf("%v", err)
	}
	defer peder.Close()
	if _, err := peder.Push("contact", strings.TrimPrefix(b.path(), "/visit/"), map[string]any{"people": []string{"alva"}}); err != nil {
		b.tb.Fatalf("give a visit away: %v", err)
	}
}

// received opens the consent that somebody gave. (Others come in during a tour.)
func received(name string) func(b *Browser) {
	return func(b *Browser) {
		b.tb.Helper()
		b.Go("/cases")
		var to string
		Retry(b.tb, "a consent of "+name+" in the list", func() (err error) {
			to, err = b.eval(fmt.Sprintf(`[...document.querySelectorAll('main a[href^="/received/"]')].find(a => a.innerText.includes(%s))?.pathname ?? ''`, quote(name)))
			if err == nil && to == "" {
				err = errors.New("there is none")
			}
			return err
		})
		b.Walk(to)
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

// hold makes the person a holder of the rescue key, and remembers their code.
func hold(b *Browser) {
	b.tb.Helper()
	b.Tap("Gör en kod åt mig")
	b.See("Skriv upp koden på papper")
	b.code = b.Eval(`document.querySelector('[data-code]').dataset.code`)
}

func ownCode(b *Browser) { b.tb.Helper(); b.Fill("Din kod", b.code) }

// metServer waits until the phone knows what the server says since it was unlocked.
func metServer(b *Browser) { b.tb.Helper(); b.answered("/api/device/report", 200) }

func cut(b *Browser)  { b.link.Cut() }
func heal(b *Browser) { b.link.Heal() }

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
