package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
)

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
	"earlier": "för att hen hade haft ärendet tidigare", "consent": "genom samtycket", "after-notice": "efter underrättelsen", "disclosed": "det som hade lämnats ut utan samtycke", "was-open": "medan det var öppet för dem",
}

// unsaid are fields that tie records together, or are there for machines.
var unsaid = map[string]bool{"appointment": true, "size": true, "hash": true, "thumb": true, "giving": true, "room": true, "closed_words": true, "other_org": true, "answers": true, "record": true, "kind": true, "rule": true, "file": true,
	"photos": true, "knew_withdrawal": true, "evidence": true, "copies": true, "proof": true, "case": true, "signature": true, "of": true, "from_org": true, "handle": true, "handles": true, "commit": true, "b": true}

// labels are those of fields whose name means something else elsewhere.
var labels = map[string]string{"protected_reading.person": "hämtat av", "protected_reading.reason": "skäl", "case_link.people": "skrev under", "withdrawal.person": "av", "withdrawal.name": "sagt av"}

var yesNo = map[bool]string{true: "ja", false: "nej"}

func kronor(ore int64) string { return fmt.Sprintf("%d,%02d kr", ore/100, ore%100) }

// What is in an object is told by the names of its parts.
var (
	moneys  = map[string]bool{"capital": true, "costs": true}
	moments = map[string]bool{"at": true, "as_of": true, "from": true, "received": true}
	ids     = map[string]bool{"covered": true, "concerns": true, "person": true, "people": true, "by": true, "shared_with": true, "social_org": true, "landlord_org": true}
	silent  = map[string]bool{"id": true, "v": true, "people": true, "concerns": true, "covered": true, "standings": true, "changes": true, "fields": true, "person": true}
)

// value is a field's value as it is read, "" for none. Ids that only tie records
// together say nothing to a reader and are left out, as are strokes of a pen.
func (x *extraction) value(field casework.FieldType, raw json.RawMessage) string {
	if len(raw) == 0 || casework.IsNull(raw) || unsaid[field.Name] {
		return ""
	}
	var text string
	var number int64
	var list []string
	switch field.Type {
	case casework.Ref, casework.Strokes:
		return ""
	case casework.Bool:
		return yesNo[string(raw) == "true"]
	case casework.Instant:
		if json.Unmarshal(raw, &number) == nil {
			return x.when(number)
		}
	case casework.Money:
		if json.Unmarshal(raw, &number) == nil {
			return kronor(number)
		}
	case casework.People, casework.Choices, casework.Units:
		if json.Unmarshal(raw, &list) == nil {
			for i := range list {
				list[i] = cmp.Or(x.names[list[i]], swedish[list[i]], list[i])
			}
			return strings.Join(list, ", ")
		}
	case casework.Person, casework.Choice, casework.Unit:
		if json.Unmarshal(raw, &text) == nil {
			if g := casework.GroundOf(text); g != nil && field.Group == "disclosure" {
				return g.Swedish + " (" + g.Law + ")"
			}
			return cmp.Or(x.names[text], swedish[text], text)
		}
	case casework.Object:
		var v any
		if json.Unmarshal(raw, &v) == nil {
			return x.said(field.Name, v)
		}
	}
	if json.Unmarshal(raw, &text) == nil {
		return strings.ReplaceAll(cmp.Or(x.named(field.Name, text), text), "\n", "\n    ")
	}
	return string(raw)
}

// said is the value of an object, or a part of one, in words: "obetald, enligt fil från 2026-11-25 07:10".
func (x *extraction) said(name string, v any) string {
	switch v := v.(type) {
	case bool:
		return yesNo[v]
	case float64:
		switch {
		case moneys[name]:
			return kronor(int64(v))
		case moments[name]:
			return x.when(int64(v))
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		return cmp.Or(x.named(name, v), swedish[v], v)
	case []any:
		var all []string
		for _, each := range v {
			if words := x.said(name, each); words != "" {
				all = append(all, words)
			}
		}
		return strings.Join(all, "; ")
	case map[string]any:
		var all []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			words := ""
			if !unsaid[key] {
				words = x.said(key, v[key])
			}
			switch {
			case words == "":
			case silent[key]:
				all = append(all, words)
			default:
				all = append(all, cmp.Or(swedish[key], key)+" "+words)
			}
		}
		return strings.Join(all, ", ")
	}
	return ""
}

// named is whom or what an id stands for; one that the extract does not name is somebody.
func (x *extraction) named(field, id string) string {
	switch field {
	case "unit":
		return x.names[id]
	case "field":
		return swedish[id]
	case "language":
		return languages[id]
	}
	if !ids[field] || id == "" {
		return ""
	}
	return cmp.Or(x.names[id], "någon")
}

// languages are those that households speak most often, by their codes (BCP 47). One
// that is missing is shown by its code.
var languages = map[string]string{
	"sv": "svenska", "sv-simple": "lätt svenska", "en": "engelska", "ar": "arabiska", "so": "somaliska", "uk": "ukrainska", "fi": "finska", "prs": "dari", "ti": "tigrinska",
	"fa": "persiska", "ps": "pashto", "ku": "kurdiska", "ckb": "sorani", "kmr": "kurmanji", "bs": "bosniska", "hr": "kroatiska", "sr": "serbiska", "sq": "albanska", "pl": "polska", "ru": "ryska",
	"ro": "rumänska", "tr": "turkiska", "es": "spanska", "fr": "franska", "de": "tyska", "th": "thailändska", "vi": "vietnamesiska", "zh": "kinesiska", "am": "amhariska", "rom": "romani", "se": "nordsamiska",
}

// swedish are the words of fields, choices and actions that an extract shows. One
// that is missing is shown as it is kept (TestAnExtractIsInSwedish).
var swedish = map[string]string{
	"street": "gata", "postcode": "postnummer", "city": "ort", "floor": "våning", "apartment": "lägenhet", "door_hint": "ledtråd till dörren", "door_code": "portkod",
	"language": "språk", "interpreter": "tolk", "safety": "råd för ett tryggt besök", "children": "barn i hemmet", "adults": "antal vuxna", "disability": "funktionsnedsättning",
	"protected": "skyddade uppgifter", "contract": "hyresavtal", "moved_in": "inflyttad", "name": "namn", "position": "roll i hushållet", "phone": "telefon", "email": "e-post",
	"born": "född", "personal_number": "personnummer", "unit": "enhet", "reason": "orsak", "status": "läge", "opened": "öppnat", "closed": "avslutat", "closed_because": "avslutat för att",
	"stage": "steg", "first_time_late": "sen för första gången", "rent": "hyran", "rank": "plats i ordningen", "priority": "skäl till ordningen", "debt": "skuld", "debt_reasons": "skäl som gäller skulden",
	"eviction_at": "tid för avhysning", "attempts": "försök sedan senaste svar", "last_contact": "senaste kontakt", "due_month": "hyresmånad", "due": "förfallen", "capital": "belopp", "costs": "kostnader",
	"as_of": "enligt fil från", "state": "läge", "form": "sätt", "purpose": "ärende", "planned_at": "planerad", "ground": "grund", "ground_text": "varför grunden gällde", "decider": "beslutat av", "disclosed": "utlämnat utan samtycke", "moved": "flyttad", "people": "personer", "message": "hälsning", "cancelled": "inställd",
	"outcome": "svar", "next_at": "nästa försök", "tick_presented": "presenterade sig", "tick_children": "frågade om barn", "tick_leaflet": "lämnade information", "tick_consent": "frågade om samtycke",
	"text": "text", "at": "tid", "by": "skrivet av", "about": "gäller", "answer": "svar", "landlord": "hyresvärden", "unit_name": "enhet", "source": "uppgiften kommer från",
	"sender": "avsändare", "channel": "kom med", "received": "kom in", "raised": "larmat", "seen": "mottaget", "versions": "svaren", "choice": "valt svar", "settled": "avgjort", "partners": "får dela med",
	"other_partner": "annan", "place": "ort", "day": "dag", "valid_until": "gäller till", "heard": "mottaget av", "witness": "bevittnat av", "collected_by": "mottaget av", "wording": "text som skrevs under", "how": "sätt", "caption": "bildtext",

	"arrears": "obetald hyra", "neglect": "vanvård", "disturbance": "störningar", "repeated_late": "upprepat sen hyra", "open": "öppet", "paid": "betald",
	"removed": "borttagen", "solved": "löst", "evicted": "avhyst", "forwarded": "lämnat vidare", "other": "annat", "reminder": "påminnelse", "collection": "inkasso", "home_visit": "hembesök",
	"meeting": "möte", "authority": "kronofogden", "tenant": "hyresgäst", "co_tenant": "medhyresgäst", "adult": "vuxen", "child": "barn", "visit": "besök", "call": "samtal", "call_back": "ring tillbaka",
	"unplanned": "oplanerat möte", "check": "kontroll", "joint": "gemensamt", "inspection": "besiktning", "follow_up": "uppföljning", "welcome": "välkomstbesök", "eviction_day": "avhysningsdag",
	"danger": "fara", "suicide": "självmordsrisk", "ill": "sjuk", "given": "lämnat", "declined": "avböjt", "set": "bestämd", "respite": "anstånd", "withdrawn": "återkallad", "carried_out": "genomförd",
	"health_care": "vården", "police": "polisen", "person": "personen själv", "relatives": "anhöriga", "post": "post", "fax": "fax", "eviction": "avhysning",
	"employment": "arbetsmarknadscenter", "care": "omsorgen", "primary_care": "vårdcentralen", "psychiatry": "psykiatrin", "drawn": "ritad underskrift", "typed": "skrivet namn", "oral": "muntligt", "paper": "på papper",

	"not_told": "inte känt", "subletting": "olovlig andrahandsuthyrning", "termination": "uppsägning", "asked": "tillfrågad", "taken": "omhändertaget", "attached": "lagt till akten", "dismissed": "inte lagt till",
	"collector": "inkassobolag", "statute": "krav i lag", "own_basis": "hyresvärdens egen grund", "none": "inte öppet", "payment": "betalning", "time": "tid", "in_contact": "vi är i kontakt", "plan": "plan",
	"joint_visit": "gemensamt besök", "proposed": "föreslagen", "agreed": "avtalad", "no_harm": "utan men", "necessary": "nödvändigt", "duty": "uppgiftsskyldighet", "vital": "fara för liv eller hälsa", "kept": "båda sparade",
	"letter": "i brev", "copy": "med koden på kopian", "still_open": "gäller det ännu?", "unpaid": "obetald", "unknown": "okänt", "held": "öppnar inget än", "ended": "taget tillbaka", "expired": "har gått ut", "waiting": "väntar på att kopplas till ett ärende",
	"later_withdrawal": "det hade tagits tillbaka", "no_partner": "ingen är ikryssad", "no_signer": "ingen har skrivit under", "no_witness": "det står inte vem som var med", "no_original": "det står inte var pappret finns",
	"unknown_wording": "texten är inte överenskommen", "changed": "det är inte det som skrevs under", "blocked_device": "telefonen var spärrad",
	"young": "18–25 år", "older": "65 år eller äldre", "newly_moved_in": "nyinflyttad", "two_rents": "obetalda hyror", "eviction_near": "avhysning nära", "unreached": "inte nådd",
	"met": "träffade hyresgästen", "met_other": "träffade någon annan", "nobody_home": "ingen hemma", "refused": "ville inte", "moved_out": "har flyttat", "no_access": "kom inte in", "postponed": "skjutet på", "says_paid": "säger att det är betalt",
	"no_answer": "svarade inte", "left_message": "lämnade ett meddelande",

	"written": "skrivet", "changes": "det som skrevs", "tenants": "gäller", "address": "adress", "signed": "undertecknat", "other_name": "den andra organisationen", "notice": "underrättelse", "since": "sedan", "until": "till", "covered": "samtycke från",
	"shared_with": "delat med", "word": "besked", "concerns": "gäller", "social_org": "socialtjänsten", "landlord_org": "hyresvärden", "from_name": "från", "field": "uppgift", "action": "gjort", "what": "vad", "original": "pappret finns", "translation": "läst översättning",
	"wrong": "fel", "proven": "telefonens underskrift stämmer", "provider": "tjänst", "standings": "hur det står till", "because": "för att", "months": "hyror", "n": "antal", "date": "dag", "from": "från", "note_left": "lapp lämnad",
	"reviewed": "granskad", "title": "rubrik", "version": "version", "reasons": "skäl",

	audit.Commit: "skrev", audit.CommitHeld: "skrev något som hålls kvar", audit.CommitRefused: "skrev något som avvisades", audit.Part: "skrev", audit.Read: "öppnade", audit.Monthly: "läste i månadens lista",
	audit.ReadOffline: "öppnade utan nät", audit.ReadProtected: "hämtade skyddade uppgifter", audit.Picture: "lämnade en bild", audit.Export: "tog ut", audit.Erase: "gallrade", audit.Hold: "stoppade eller släppte gallring",
}
