package exchange

import (
	"fmt"
	"strings"
)

// column is what a column of a file means.
type column string

const (
	colContract  column = "contract"
	colName      column = "name"
	colNumber    column = "number"
	colCoName    column = "co_name"
	colCoNumber  column = "co_number"
	colCoPhone   column = "co_phone"
	colStreet    column = "street"
	colPostcode  column = "postcode"
	colCity      column = "city"
	colApartment column = "apartment"
	colFloor     column = "floor"
	colDoorCode  column = "door_code"
	colPhone     column = "phone"
	colEmail     column = "email"
	colLanguage  column = "language"
	colInterpret column = "interpreter"
	colChildren  column = "children"
	colDue       column = "due"
	colMonth     column = "month"
	colCapital   column = "capital"
	colCosts     column = "costs"
	colMovedIn   column = "moved_in"
	colFirstTime column = "first_time"
	colProtected column = "protected"
	colAsOf      column = "as_of"
)

// names lists, per column, what landlords call it, the usual name first.
var names = map[column][]string{
	colContract:  {"Kontraktsnummer", "Kontraktsnr", "Kontrakt", "Kontraktnr", "Avtalsnummer", "Avtalsnr", "Avtal", "Hyreskontrakt", "Kontraktsid", "Hyresavtal"},
	colName:      {"Hyresgäst", "Namn", "Hyresgästens namn", "Hyresgästnamn", "Kontraktsinnehavare", "Kund", "Kundnamn"},
	colNumber:    {"Personnummer", "Persnr", "Pnr", "Personnr", "Person-/orgnr", "Person-/organisationsnummer", "Personnummer hyresgäst"},
	colCoName:    {"Medhyresgäst", "Medhyresgäst namn", "Hyresgäst 2", "Namn 2", "Medkontraktsinnehavare"},
	colCoNumber:  {"Medhyresgäst personnummer", "Personnummer medhyresgäst", "Personnummer 2", "Persnr 2", "Pnr 2"},
	colCoPhone:   {"Medhyresgäst telefon", "Telefon medhyresgäst", "Telefon 2"},
	colStreet:    {"Gatuadress", "Adress", "Gata", "Utdelningsadress", "Objektsadress", "Lägenhetsadress"},
	colPostcode:  {"Postnr", "Postnummer"},
	colCity:      {"Ort", "Postort", "Stad"},
	colApartment: {"Lägenhet", "Lägenhetsnummer", "Lägenhetsnr", "Lgh", "Lghnr", "Lgh nr", "Objekt", "Objektsnummer", "Objektsnr"},
	colFloor:     {"Våning", "Vån", "Trappor", "Våningsplan", "Plan"},
	colDoorCode:  {"Portkod", "Kod", "Dörrkod"},
	colPhone:     {"Telefon", "Tel", "Telefonnummer", "Telefonnr", "Mobil", "Mobiltelefon", "Mobilnr", "Mobilnummer"},
	colEmail:     {"E-post", "E-postadress", "Epost", "E-mail", "Email", "Mejl", "Mail"},
	colLanguage:  {"Språk", "Kontaktspråk", "Modersmål"},
	colInterpret: {"Tolk", "Tolkbehov"},
	colChildren:  {"Barn", "Barn i hushållet", "Hemmavarande barn", "Antal barn"},
	colDue:       {"Förfallodatum", "Förfallodag", "Förfaller", "Förf.datum", "Förfall"},
	colMonth:     {"Avser månad", "Period", "Avser", "Månad", "Hyresmånad", "Avser period", "Hyresperiod"},
	colCapital:   {"Kapital", "Belopp", "Hyra", "Kapitalskuld", "Hyresskuld", "Skuld", "Obetalt", "Restbelopp", "Obetald hyra", "Rest"},
	colCosts:     {"Avgifter", "Kostnader", "Avgift", "Ränta och avgifter", "Kostnad", "Avgifter och ränta", "Inkassokostnader"},
	colMovedIn:   {"Inflyttad", "Inflyttning", "Inflyttningsdatum", "Inflyttningsdag", "Kontraktsstart", "Avtal från"},
	colFirstTime: {"Sen första gången", "Första gången", "Första gången sen", "Sen för första gången"},
	colProtected: {"Skyddad", "Skyddad identitet", "Skyddade personuppgifter", "Skyddade uppgifter", "Skyddad folkbokföring", "Sekretess"},
	colAsOf:      {"Utskriven", "Uppdaterad", "Saldo per", "Per datum", "Listdatum", "Uttagen"},
}

// byName finds a column by its folded name.
var byName = func() map[string]column {
	index := map[string]column{}
	for c, list := range names {
		for _, name := range list {
			index[fold(name)] = c
		}
	}
	return index
}()

// label is the column's usual name.
func (c column) label() string { return names[c][0] }

// header says where each known column stands, and what all columns are called.
type header struct {
	at     map[column]int
	titles []string
}

// known counts the columns of a row that have a known name.
func known(cells []string) int {
	seen := map[column]bool{}
	for _, cell := range cells {
		if c, ok := byName[fold(clean(cell))]; ok {
			seen[c] = true
		}
	}
	return len(seen)
}

// readHeader understands the header row, or says what it lacks.
func readHeader(cells []string) (*header, *Problem) {
	h := &header{at: map[column]int{}}
	for i, cell := range cells {
		title := clean(cell)
		h.titles = append(h.titles, title)
		c, ok := byName[fold(title)]
		if !ok {
			continue
		}
		if first, twice := h.at[c]; twice {
			return nil, troublef(CodeTwiceColumn, "Kolumnerna %s och %s betyder samma sak. Ta bort en av dem och försök igen.", h.titles[first], title)
		}
		h.at[c] = i
	}
	var missing []string
	for _, need := range []column{colContract, colName, colStreet, colCapital} {
		if _, ok := h.at[need]; !ok {
			missing = append(missing, need.label())
		}
	}
	_, due := h.at[colDue]
	_, month := h.at[colMonth]
	if !due && !month {
		missing = append(missing, colDue.label()+" eller "+colMonth.label())
	}
	if len(missing) > 0 {
		return nil, troublef(CodeMissingColumn, "%s. Filen har kolumnerna %s.", missingSentence(missing), listed(h.titles))
	}
	return h, nil
}

func missingSentence(missing []string) string {
	if len(missing) == 1 {
		return "Kolumnen " + missing[0] + " saknas"
	}
	return "Kolumnerna " + listed(missing) + " saknas"
}

// listed joins words as a person would: "a, b och c". Long lists are cut.
func listed(words []string) string {
	var list []string
	for _, w := range words {
		if w != "" {
			list = append(list, shortened(w, 40))
		}
	}
	if len(list) > 30 {
		list = append(list[:29:29], fmt.Sprintf("%d till", len(list)-29))
	}
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " och " + list[len(list)-1]
}

// shortened cuts a text after that many runes.
func shortened(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return string(runes[:most]) + "…"
}
