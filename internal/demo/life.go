package demo

import (
	"fmt"
	"time"

	"bokvar/internal/casework"
)

// life writes what has happened in the town in the last days, and what is
// planned. theirs is the landlord's, ours is social services'.
type life struct {
	town         *Town
	now          time.Time // in casework.Zone
	places       map[string]place
	theirs, ours []casework.HouseChange
	count        int
}

// landlord writes the days of Sjöbergahem.
func (l *life) landlord() {
	l.eviction(0)
	l.household(1, map[string]any{"door_hint": "Porten mot gården, ringklockan är trasig. Knacka."})
	l.household(3, map[string]any{"safety": "Hund i lägenheten. Be att få den inlåst innan du går in."})
	l.yesterday()
	l.planned()
	l.consent(4)
	l.protected()
}

// protected is a household whose identity is: a coordinator has marked it, the lists
// do not say so, and she makes the visit herself.
func (l *life) protected() {
	l.household(guarded, map[string]any{"street": "Gläntvägen 14", "floor": "1 tr", "apartment": "1102", "door_code": "5719", "protected": true})
	l.add("person", l.place(guarded).person, map[string]any{"name": "Disa Vendelman", "phone": "070-174 06 55", "email": "disa.vendelman@example.com"})
	l.contact(guarded, "visit", l.day(0, 17, 30), []string{"jonna"}, "Ring först. Ställ bilen en bit bort.")
}

// guarded is the household that a coordinator has marked; protectedAt is one that a
// list says so of.
const guarded = 17

// yesterday's contacts have an outcome.
func (l *life) yesterday() {
	morning := l.day(-1, 9, 10)
	visit := l.contact(9, "visit", morning, []string{"kim"}, "")
	l.outcome(visit, casework.NobodyHome, true, morning.Add(8*time.Minute), "kim")
	visit = l.contact(10, "visit", morning.Add(40*time.Minute), []string{"kim"}, "")
	l.outcome(visit, casework.Met, false, morning.Add(62*time.Minute), "kim")
	l.note(10, visit, "kim", morning.Add(65*time.Minute), "Träffade hyresgästen i dörren. Har bytt jobb och får sin första lön den 25. Vill att Jonna ringer om en ny betalningsdag. Jag lämnade numret till budget- och skuldrådgivningen.")
	visit = l.contact(11, "visit", morning.Add(75*time.Minute), []string{"alva"}, "")
	l.outcome(visit, casework.SaysPaid, false, morning.Add(90*time.Minute), "alva")
	l.note(11, visit, "alva", morning.Add(92*time.Minute), "Säger att hyran är betald i måndags och visade kvittot på telefonen.")
	call := l.contact(12, "call", l.day(-1, 13, 30), []string{"jonna"}, "")
	l.outcome(call, casework.NoAnswer, false, l.day(-1, 13, 32), "jonna")
	call = l.contact(13, "call", l.day(-1, 14, 0), []string{"jonna"}, "")
	l.outcome(call, casework.Met, false, l.day(-1, 14, 20), "jonna")
	l.note(13, call, "jonna", l.day(-1, 14, 22), "Öppnar inte posten. Trodde att autogirot var på. Vi gick igenom fakturan tillsammans, och den betalas på fredag.")
	l.late(12, "alva", l.day(-17, 15, 40), l.day(-1, 8, 5), "Talade med hyresgästen vid tvättstugan. Har fått ny telefon, numret står på lappen i pärmen.")
	meeting := l.contact(4, "unplanned", time.Time{}, []string{"kim"}, "")
	l.outcome(meeting, casework.Met, false, l.day(-1, 15, 5), "kim")
	l.note(4, meeting, "kim", l.day(-1, 15, 8), "Träffades i trapphuset. Vill gärna att socialtjänsten är med nästa gång. Samtycke skrivet vid köksbordet.")
}

// planned contacts wait, for today and tomorrow. Numbers are the town's: 0 to 8
// the cast, 290 and on those who have paid since the earlier list.
func (l *life) planned() {
	start := l.day(0, 9, 10)
	if l.now.Hour() >= 7 && l.now.Hour() < 16 {
		start = l.now.Truncate(10 * time.Minute).Add(30 * time.Minute)
	}
	for i, each := range []struct {
		house  int
		people []string
		say    string
	}{
		{0, []string{"kim", "jonna"}, "Jonna möter dig i porten. Tolk är bokad på telefon."},
		{1, []string{"kim"}, ""},
		{2, []string{"kim"}, "Har alltid betalat förut. Fråga om allt är bra."},
		{3, []string{"kim"}, ""},
		{listed, []string{"kim"}, ""},
		{5, []string{"alva"}, ""},
		{listed + 1, []string{"alva"}, ""},
	} {
		l.contact(each.house, "visit", start.Add(time.Duration(i)*25*time.Minute), each.people, each.say)
	}
	l.contact(6, "call_back", l.day(0, 16, 45), []string{"jonna"}, "Bad oss ringa efter jobbet.")
	tomorrow := l.day(1, 9, 10)
	l.contact(7, "visit", tomorrow, []string{"kim"}, "Ta med bladet till föräldrar.")
	l.contact(8, "visit", tomorrow.Add(35*time.Minute), []string{"kim"}, "")
	l.contact(14, "visit", tomorrow.Add(70*time.Minute), []string{"alva"}, "")
	l.contact(9, "visit", tomorrow.Add(105*time.Minute), []string{"kim", "alva"}, "Ingen hemma i går. Försök igen.")
	l.contact(listed+2, "call", l.day(1, 13, 0), []string{"jonna"}, "")
}

// eviction sets a date for a household, as the Enforcement Authority told the landlord.
func (l *life) eviction(house int) {
	at, p := l.day(6, 9, 0).UnixMilli(), l.place(house)
	l.add("case", p.cases, map[string]any{"eviction_at": at})
	l.add("eviction", l.id("eviction"), map[string]any{"household": p.household, "case": p.cases, "at": at, "state": "set", "source": "authority"})
}

// CopyCode is on the tenant's copy of the town's consent, as casework.ReadCopy answers it.
const CopyCode = "B0KVARDEM0"

// consent is what the landlord keeps of one, and what social services got.
func (l *life) consent(house int) {
	p, h, at := l.place(house), l.town.households[house], l.day(-1, 15, 6).UnixMilli()
	handle := l.id("handle")
	l.add("consent_mark", l.id("mark"), map[string]any{
		"household": p.household, "case": p.cases, "answer": "given", "landlord": true,
		"unit_name": "Vräkningsförebyggande teamet", "handle": handle, "at": at, "by": "kim",
	})
	giving := l.id("giving")
	l.our("giving", giving, map[string]any{
		"unit": UnitEviction, "handle": handle, "landlord_org": Landlord, "answer": "given", "partners": []string{"landlord", "other"},
		"other_partner": "Budget- och skuldrådgivaren", "place": town, "day": casework.DayOf(at), "collected_by": "Kim Strandvik, Sjöbergahem", "witness": "Kim Strandvik",
		"wording": casework.WordingShown{ID: Wording.ID, Version: Wording.Version, Language: Wording.Language, Hash: Wording.Hash},
	})
	l.our("signature", l.id("signature"), map[string]any{
		"giving": giving, "how": "typed", "name": h.name, "personal_number": h.number, "at": at,
		"copies": []string{casework.CopyHash(CopyCode)},
	})
}

// social writes the one case that the eviction-prevention team has: the
// Enforcement Authority's notice about a family, and what was done since.
func (l *life) social() {
	h := l.town.households[15]
	household, opened, received := l.id("household"), l.id("case"), l.day(-2, 10, 0)
	l.our("household", household, map[string]any{
		"street": h.street, "postcode": h.postcode, "city": town, "floor": h.floor, "apartment": h.apartment, "children": true, "adults": int64(1),
	})
	l.our("person", l.id("person"), map[string]any{"household": household, "name": h.name, "position": "tenant", "phone": h.phone})
	l.our("case", opened, map[string]any{
		"household": household, "unit": UnitEviction, "reason": "arrears", "status": "open",
		"opened": casework.DayOf(received.UnixMilli()), "eviction_at": l.day(12, 10, 0).UnixMilli(),
	})
	l.our("notice", l.id("notice"), map[string]any{
		"household": household, "case": opened, "unit": UnitEviction, "about": "eviction", "sender": "authority", "channel": "post",
		"received": casework.DayOf(received.UnixMilli()), "eviction_at": l.day(12, 10, 0).UnixMilli(), "children": true, "by": "samira",
	})
	visit := l.id("contact")
	l.our("contact", visit, map[string]any{
		"household": household, "case": opened, "form": "visit", "purpose": "home_visit", "planned_at": l.day(1, 10, 30).UnixMilli(), "people": []string{"samira", "tove"},
	})
	l.our("note", l.id("note"), map[string]any{
		"household": household, "case": opened, "text": "Besöksbrev med tid skickat. Barn och familj är informerade.", "at": l.day(-1, 11, 15).UnixMilli(), "by": "samira",
	})
}

func (l *life) household(house int, fields map[string]any) {
	l.add("household", l.place(house).household, fields)
}

// contact writes one and answers its id. A zero time is a meeting that nobody planned.
func (l *life) contact(house int, form string, at time.Time, people []string, message string) string {
	id, p := l.id("contact"), l.place(house)
	fields := map[string]any{"household": p.household, "case": p.cases, "form": form, "people": people}
	if form == "visit" {
		fields["purpose"] = "home_visit"
	}
	if !at.IsZero() {
		fields["planned_at"] = at.UnixMilli()
	}
	if message != "" {
		fields["message"] = message
	}
	l.add("contact", id, fields)
	return id
}

// outcome answers a contact that was just written.
func (l *life) outcome(contact string, answer casework.Answer, noteLeft bool, at time.Time, by string) {
	for _, change := range l.theirs {
		if change.Record == contact {
			change.Fields["outcome"] = casework.Outcome{Answer: answer, NoteLeft: noteLeft, At: at.UnixMilli(), By: by}
		}
	}
}

func (l *life) note(house int, contact, by string, at time.Time, words string) {
	p := l.place(house)
	l.add("note", l.id("note"), map[string]any{
		"household": p.household, "case": p.cases, "contact": contact, "text": words, "at": at.UnixMilli(), "by": by,
	})
}

// late is a note that came when its author had the case no longer: it lies in the
// lost-and-found.
func (l *life) late(house int, by string, written, received time.Time, words string) {
	p := l.place(house)
	note := map[string]any{"household": p.household, "case": p.cases, "text": words, "at": written.UnixMilli(), "by": by}
	fields := map[string]any{}
	for name, value := range note {
		fields[name] = map[string]any{"v": value}
	}
	l.add("found", l.id("found"), map[string]any{
		"household": p.household, "case": p.cases, "by": by, "written": written.UnixMilli(), "received": received.UnixMilli(), "state": "open",
		"changes": []map[string]any{{"kind": "note", "record": l.id("note"), "fields": fields}},
	})
}

func (l *life) place(house int) place { return l.places[l.town.households[house].contract] }

func (l *life) add(kind, id string, fields map[string]any) {
	l.theirs = append(l.theirs, casework.HouseChange{Kind: kind, Record: id, Fields: fields})
}

func (l *life) our(kind, id string, fields map[string]any) {
	l.ours = append(l.ours, casework.HouseChange{Kind: kind, Record: id, Fields: fields})
}

// id makes ids that are the same each time and tell nothing.
func (l *life) id(kind string) string {
	l.count++
	return derive(fmt.Sprintf("%s %d", kind, l.count))
}

// day is a time of day some days from now.
func (l *life) day(days, hour, minute int) time.Time {
	d := l.now.AddDate(0, 0, days)
	return time.Date(d.Year(), d.Month(), d.Day(), hour, minute, 0, 0, casework.Zone)
}
