package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"bokvar/internal/access"
	"bokvar/internal/audit"
	"bokvar/internal/casework"
)

// extract writes what a file holds, and who has opened it, as a person can read
// it: for somebody who asks what is written about them. It shows what the account
// named may see; whoever hands it over judges what the law keeps back.
func extract(_ context.Context, args []string, std stdio) error {
	f := flags("extract", std)
	data := f.String("data", defaults().Data, "data folder")
	in := extractArgs{}
	f.StringVar(&in.Org, "org", "", "id of the organisation")
	f.StringVar(&in.Root, "root", "", "the file")
	f.StringVar(&in.As, "as", "", "id of the person who hands it over, whose access decides what is in it")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	text, err := perform[string](*data, "extract", in)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(std.out, text)
	return err
}

type extractArgs struct{ Org, Root, As string }

// extractFile makes the text. Who has read the file is part of it, so the reader
// must be one whom access.md shows the log.
func extractFile(o *core, in extractArgs) (string, error) {
	by, err := o.accounts.Person(in.As)
	if err != nil {
		return "", err
	}
	may, err := o.mayRead(by, in.Root, "log")
	if err == nil && (by.Org != in.Org || !may) {
		err = errors.New("the organisation has no such file, or that person may not see who has opened it")
	}
	if err != nil {
		return "", err
	}
	return o.extractFor(by, in.Root, consoleDevice)
}

// Extract makes the text for the screen. A file that is not there and one that is
// not the asker's are one answer.
func (b *book) Extract(by *casework.Member, root string) (string, error) {
	may, err := b.core.mayRead(by, root, "log")
	if err == nil && !may {
		err = errNoSuchFile
	}
	if err != nil {
		return "", err
	}
	return b.core.extractFor(by, root, "")
}

// extractFor writes the text, and into the log that it was written.
func (o *core) extractFor(by *casework.Member, root, device string) (string, error) {
	x := extraction{core: o, by: by, root: root, names: map[string]string{}}
	people, err := o.accounts.People(by.Org)
	if err != nil {
		return "", err
	}
	for _, m := range people {
		x.names[m.ID] = m.Name
	}
	if err := x.write(); err != nil {
		return "", err
	}
	return x.out.String(), o.db.Audit(audit.Entry{At: o.clock().UnixMilli(), Person: by.ID, Device: device, Action: audit.Export, Org: by.Org, Root: root, What: "extract"})
}

// extraction is one extract being written.
type extraction struct {
	*core
	by    *casework.Member
	root  string
	names map[string]string // of the organisation's people
	out   strings.Builder
}

func (x *extraction) write() error {
	org, err := x.accounts.Organisation(x.by.Org)
	if err != nil {
		return err
	}
	fmt.Fprintf(&x.out, "Utdrag ur akt %s hos %s\nUttaget %s av %s. Det innehåller det som %s får läsa.\n", x.root, org.Name, x.when(x.clock().UnixMilli()), x.by.Name, x.by.Name)
	err = x.db.Facts(func(f casework.Facts) error {
		for _, kind := range casework.Schema {
			if err := x.kind(f, kind); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return x.log()
}

// kind writes the file's records of one kind, in the order of the schema's fields.
func (x *extraction) kind(f casework.Facts, kind casework.Kind) error {
	records, err := f.RecordsOf(x.by.Org, x.root, kind.Name)
	if err != nil {
		return err
	}
	for _, record := range records {
		seen, err := x.office.See(f, x.by.ID, record)
		if err != nil {
			return err
		}
		if !seen.Visible {
			continue
		}
		heading := ""
		for _, field := range kind.Fields {
			value := x.value(field, seen.Fields[field.Name])
			if value == "" {
				continue
			}
			if words := x.words(field.Group); words != heading {
				heading = words
				fmt.Fprintf(&x.out, "\n%s\n", strings.ToUpper(words[:1])+words[1:])
			}
			fmt.Fprintf(&x.out, "  %s: %s\n", cmp.Or(swedish[field.Name], field.Name), value)
		}
	}
	return nil
}

// words are those of access.md.
func (x *extraction) words(group string) string {
	rows := x.office.Access().Rows
	if at := slices.IndexFunc(rows, func(r access.Row) bool { return r.Group == group }); at >= 0 {
		return rows[at].Swedish
	}
	return group
}

func (x *extraction) when(ms int64) string {
	return time.UnixMilli(ms).In(casework.Zone).Format("2006-01-02 15:04")
}

// value is a field's value as it is read, "" for none. Ids that only tie records
// together say nothing to a reader and are left out, as are strokes of a pen.
func (x *extraction) value(field casework.FieldType, raw json.RawMessage) string {
	if len(raw) == 0 || casework.IsNull(raw) {
		return ""
	}
	var text string
	var number int64
	var list []string
	switch field.Type {
	case casework.Ref, casework.Strokes:
		return ""
	case casework.Bool:
		return map[string]string{"true": "ja", "false": "nej"}[string(raw)]
	case casework.Instant:
		if json.Unmarshal(raw, &number) == nil {
			return x.when(number)
		}
	case casework.Money:
		if json.Unmarshal(raw, &number) == nil {
			return fmt.Sprintf("%d,%02d kr", number/100, number%100)
		}
	case casework.People, casework.Choices, casework.Units:
		if json.Unmarshal(raw, &list) == nil {
			for i := range list {
				list[i] = cmp.Or(x.names[list[i]], swedish[list[i]], list[i])
			}
			return strings.Join(list, ", ")
		}
	case casework.Person, casework.Choice:
		if json.Unmarshal(raw, &text) == nil {
			if g := casework.GroundOf(text); g != nil && field.Group == "disclosure" {
				return g.Swedish + " (" + g.Law + ")"
			}
			return cmp.Or(x.names[text], swedish[text], text)
		}
	}
	if json.Unmarshal(raw, &text) == nil {
		return strings.ReplaceAll(text, "\n", "\n    ")
	}
	return string(raw)
}

// log tells who has opened and written in the file.
func (x *extraction) log() error {
	x.out.WriteString("\nVem som har öppnat och skrivit i akten\n")
	for before := int64(0); ; {
		rows, err := x.db.LogOfCase(x.by.Org, x.root, before, logPage)
		if err != nil {
			return err
		}
		for _, r := range rows {
			other, err := x.otherOrg(r.What)
			if err != nil {
				return err
			}
			who := cmp.Or(x.names[r.Person], other, r.Person, "servern")
			fmt.Fprintf(&x.out, "  %s  %s  %s%s\n", x.when(r.At), who, cmp.Or(swedish[r.Action], r.Action), groundOf(r.What))
			before = r.Number
		}
		if len(rows) < logPage {
			return nil
		}
	}
}

// groundOf is on what a reading was made, in words: ", eftersom …".
func groundOf(what string) string {
	_, ground, found := strings.Cut(what, "ground ")
	if !found {
		return ""
	}
	ground, _, _ = strings.Cut(ground, ";")
	word, since, _ := strings.Cut(ground, " ")
	said := cmp.Or(grounds[word], word)
	if since != "" {
		said += " från " + since
	}
	return ", " + said
}

var grounds = map[string]string{
	"own-unit": "för att ärendet ligger på den egna enheten", "assigned": "för att hen var med på ett besök eller samtal", "called": "för att hen larmades",
	"earlier": "för att hen hade haft ärendet tidigare", "consent": "genom samtycket", "after-notice": "efter underrättelsen", "disclosed": "det som hade lämnats ut utan samtycke",
}

// swedish are the words of fields, choices and actions that an extract shows. One
// that is missing is shown as it is kept.
var swedish = map[string]string{
	"street": "gata", "postcode": "postnummer", "city": "ort", "floor": "våning", "apartment": "lägenhet", "door_hint": "ledtråd till dörren", "door_code": "portkod",
	"language": "språk", "interpreter": "tolk", "safety": "råd för ett tryggt besök", "children": "barn i hemmet", "adults": "antal vuxna", "disability": "funktionsnedsättning",
	"protected": "skyddade uppgifter", "contract": "hyresavtal", "moved_in": "inflyttad", "name": "namn", "position": "roll i hushållet", "phone": "telefon", "email": "e-post",
	"born": "född", "personal_number": "personnummer", "unit": "enhet", "reason": "orsak", "status": "läge", "opened": "öppnat", "closed": "avslutat", "closed_because": "avslutat för att",
	"stage": "steg", "first_time_late": "sen för första gången", "rent": "hyran", "rank": "plats i ordningen", "priority": "skäl till ordningen", "debt": "skuld", "debt_reasons": "skäl som gäller skulden",
	"eviction_at": "tid för avhysning", "attempts": "försök sedan senaste svar", "last_contact": "senaste kontakt", "due_month": "hyresmånad", "due": "förfallen", "capital": "belopp", "costs": "kostnader",
	"as_of": "enligt fil från", "state": "läge", "form": "sätt", "purpose": "ärende", "planned_at": "planerad", "ground": "grund", "ground_text": "varför grunden gällde", "decider": "beslutat av", "disclosed": "utlämnat utan samtycke", "moved": "flyttad", "people": "personer", "message": "hälsning", "cancelled": "inställd",
	"outcome": "svar", "next_at": "nästa försök", "tick_presented": "presenterade sig", "tick_children": "frågade om barn", "tick_leaflet": "lämnade information", "tick_consent": "frågade om samtycke",
	"text": "text", "at": "tid", "by": "skrivet av", "about": "gäller", "answer": "svar", "landlord": "hyresvärden", "unit_name": "enhet", "handle": "beteckning", "source": "uppgiften kommer från",
	"sender": "avsändare", "channel": "kom med", "received": "kom in", "raised": "larmat", "seen": "mottaget", "versions": "svaren", "choice": "valt svar", "settled": "avgjort", "partners": "får dela med",
	"other_partner": "annan", "place": "ort", "day": "dag", "valid_until": "gäller till", "witness": "bevittnat av", "collected_by": "mottaget av", "wording": "text som skrevs under", "how": "sätt", "caption": "bildtext",

	"arrears": "obetald hyra", "neglect": "vanvård", "disturbance": "störningar", "repeated_late": "upprepat sen hyra", "open": "öppet", "paid": "betald",
	"removed": "borttagen", "solved": "löst", "evicted": "avhyst", "forwarded": "lämnat vidare", "other": "annat", "reminder": "påminnelse", "collection": "inkasso", "home_visit": "hembesök",
	"meeting": "möte", "authority": "kronofogden", "tenant": "hyresgäst", "co_tenant": "medhyresgäst", "adult": "vuxen", "child": "barn", "visit": "besök", "call": "samtal", "call_back": "ring tillbaka",
	"unplanned": "oplanerat möte", "check": "kontroll", "joint": "gemensamt", "inspection": "besiktning", "follow_up": "uppföljning", "welcome": "välkomstbesök", "eviction_day": "avhysningsdag",
	"danger": "fara", "suicide": "självmordsrisk", "ill": "sjuk", "given": "lämnat", "declined": "avböjt", "set": "bestämd", "respite": "anstånd", "withdrawn": "återkallad", "carried_out": "genomförd",
	"health_care": "vården", "police": "polisen", "person": "personen själv", "relatives": "anhöriga", "post": "post", "fax": "fax", "eviction": "avhysning",
	"employment": "arbetsförmedlingen", "care": "omsorgen", "primary_care": "vårdcentralen", "psychiatry": "psykiatrin", "drawn": "ritad underskrift", "typed": "skrivet namn", "oral": "muntligt", "paper": "på papper",

	audit.Commit: "skrev", audit.CommitHeld: "skrev något som hålls kvar", audit.CommitRefused: "skrev något som avvisades", audit.Part: "skrev", audit.Read: "öppnade",
	audit.ReadOffline: "öppnade utan nät", audit.Export: "tog ut", audit.Erase: "gallrade", audit.Hold: "stoppade eller släppte gallring",
}
