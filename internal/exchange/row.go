package exchange

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"bokvar/internal/casework"
)

// Entry is one row of a list that can be taken in: one month's rent of one
// contract, and what the list says of the household. Empty means that the list
// does not say.
type Entry struct {
	Number    int    `json:"row"` // of the row, as the person sees it in the file
	Contract  string `json:"contract"`
	DueMonth  string `json:"dueMonth"`
	Due       string `json:"due"`
	Capital   int64  `json:"capital"` // öre
	Costs     int64  `json:"costs"`   // öre
	Name      string `json:"name"`
	ID        string `json:"id,omitempty"` // personal identity number, twelve digits
	Phone     string `json:"phone,omitempty"`
	Email     string `json:"email,omitempty"`
	CoName    string `json:"coName,omitempty"`
	CoID      string `json:"coId,omitempty"`
	CoPhone   string `json:"coPhone,omitempty"`
	Street    string `json:"street"`
	Postcode  string `json:"postcode,omitempty"`
	City      string `json:"city,omitempty"`
	Apartment string `json:"apartment,omitempty"`
	Floor     string `json:"floor,omitempty"`
	DoorCode  string `json:"doorCode,omitempty"`
	Language  string `json:"language,omitempty"`
	Interpret string `json:"interpreter,omitempty"`
	MovedIn   string `json:"movedIn,omitempty"`
	Children  *bool  `json:"children,omitempty"`
	FirstTime *bool  `json:"firstTime,omitempty"`
	Protected bool   `json:"protected,omitempty"`
}

// rejection is why a row is not taken in.
type rejection struct{ code, sentence string }

func rejected(code, format string, args ...any) *rejection {
	return &rejection{code, fmt.Sprintf(format, args...)}
}

// protectedName is shown, and kept, instead of a name that is protected.
const protectedName = "Skyddade personuppgifter"

// reader reads the rows of one table.
type reader struct {
	head  *header
	days  calendar
	today time.Time
}

func (r *reader) cell(cells []string, c column) string {
	i, ok := r.head.at[c]
	if !ok || i >= len(cells) {
		return ""
	}
	return clean(cells[i])
}

// entry reads one row. The entry is as complete as the row allows also when the
// row is rejected, so that its debt is not taken for a paid one.
func (r *reader) entry(l line) (Entry, *rejection) {
	get := func(c column) string { return r.cell(l.cells, c) }
	e := Entry{
		Number: l.number, Contract: wholeNumber(get(colContract)), Name: get(colName),
		Phone: readPhone(get(colPhone)), Email: get(colEmail),
		CoName: get(colCoName), CoPhone: readPhone(get(colCoPhone)),
		Street: get(colStreet), Postcode: wholeNumber(get(colPostcode)), City: get(colCity),
		Apartment: wholeNumber(get(colApartment)), Floor: readFloor(get(colFloor)), DoorCode: wholeNumber(get(colDoorCode)),
		Interpret: get(colInterpret),
	}
	e.markProtected(get(colProtected))
	for _, read := range []func(*Entry, []string) *rejection{r.readLength, r.readHead, r.readDue, r.readDebt, r.readPeople, r.readFacts} {
		if reject := read(&e, l.cells); reject != nil {
			return e, reject
		}
	}
	return e, nil
}

// markProtected understands a column of its own as well as a name that says so.
// Whatever stands in the column other than a no is a yes: the careful way.
func (e *Entry) markProtected(cell string) {
	yes, known, ok := readYes(cell)
	e.Protected = known && (yes || !ok) || strings.HasPrefix(fold(e.Name), "skyddad")
	if e.Protected {
		e.protect()
	}
}

// protect marks the entry and takes the names out of it.
func (e *Entry) protect() {
	e.Protected, e.Name = true, protectedName
	if e.CoName != "" {
		e.CoName = protectedName
	}
}

func (r *reader) readLength(_ *Entry, cells []string) *rejection {
	for i := range r.head.titles {
		if _, known := byName[fold(r.head.titles[i])]; known && i < len(cells) && utf8.RuneCountInString(clean(cells[i])) > casework.MaxText {
			return rejected("too_long", "Texten i kolumnen %s är längre än %d tecken.", r.head.titles[i], casework.MaxText)
		}
	}
	return nil
}

func (r *reader) readHead(e *Entry, _ []string) *rejection {
	switch {
	case e.Contract == "" || fold(e.Contract) == "":
		return rejected("no_contract", "Kontraktet saknar nummer.")
	case e.Name == "":
		return rejected("no_name", "Namnet saknas.")
	case e.Street == "" && e.Protected:
		e.Street = "Skyddad adress"
	case e.Street == "":
		return rejected("no_street", "Adressen saknas.")
	}
	return nil
}

func (r *reader) readDue(e *Entry, cells []string) *rejection {
	due, month := r.cell(cells, colDue), r.cell(cells, colMonth)
	ok := true
	if due != "" {
		if e.Due, ok = readDay(due, r.days); !ok {
			return rejected("date", "Förfallodatum är ”%s”. Det datumet finns inte. Skriv som 2026-11-30.", shortened(due, 40))
		}
	}
	if month != "" {
		if e.DueMonth, ok = readMonth(month, r.days); !ok {
			return rejected("month", "Månaden är ”%s”. Skriv som 2026-11.", shortened(month, 40))
		}
	}
	switch {
	case e.Due == "" && e.DueMonth == "":
		return rejected("date", "Det står inte när hyran skulle betalas.")
	case e.Due == "":
		e.Due = dueOf(e.DueMonth)
	case e.DueMonth == "":
		e.DueMonth = monthOf(e.Due)
	}
	return nil
}

func (r *reader) readDebt(e *Entry, cells []string) *rejection {
	var given bool
	var reject *rejection
	if e.Capital, given, reject = readAmount(r.cell(cells, colCapital)); reject != nil {
		return reject
	}
	if !given {
		return rejected("no_amount", "Beloppet saknas.")
	}
	if e.Costs, _, reject = readAmount(r.cell(cells, colCosts)); reject != nil {
		return reject
	}
	if e.Capital+e.Costs == 0 {
		return rejected("nothing_owed", "Beloppet är 0 kronor. Då finns ingen skuld att ta in.")
	}
	return nil
}

func (r *reader) readPeople(e *Entry, cells []string) *rejection {
	for _, each := range []struct {
		c    column
		into *string
	}{{colNumber, &e.ID}, {colCoNumber, &e.CoID}} {
		text := wholeNumber(r.cell(cells, each.c))
		if text == "" {
			continue
		}
		number, problem := casework.ReadNumber(text, r.today)
		if problem != nil {
			return rejected("personal_number", "Personnumret stämmer inte. %s", problem.Sentence)
		}
		*each.into = number
	}
	if e.ID != "" && e.ID == e.CoID {
		return rejected("personal_number", "Hyresgästen och medhyresgästen har samma personnummer.")
	}
	return nil
}

func (r *reader) readFacts(e *Entry, cells []string) *rejection {
	language := r.cell(cells, colLanguage)
	code, ok := readLanguage(language)
	e.Language = code
	if !ok && e.Interpret == "" {
		e.Interpret = language // a person reads it; no list of languages is complete
	}
	if moved := r.cell(cells, colMovedIn); moved != "" {
		if e.MovedIn, ok = readDay(moved, r.days); !ok {
			return rejected("date", "%s är ”%s”. Det datumet finns inte. Skriv som 2026-11-30.", r.title(colMovedIn), shortened(moved, 40))
		}
	}
	for _, each := range []struct {
		c    column
		into **bool
	}{{colChildren, &e.Children}, {colFirstTime, &e.FirstTime}} {
		cell := r.cell(cells, each.c)
		yes, known, ok := readYes(cell)
		if !ok {
			return rejected("yes_no", "Kolumnen %s har ”%s”. Skriv ja eller nej.", r.title(each.c), shortened(cell, 40))
		}
		if known {
			*each.into = &yes
		}
	}
	return nil
}

func (r *reader) title(c column) string { return r.head.titles[r.head.at[c]] }

// wholeNumber undoes what a spreadsheet does to long numbers: "1.99E+11", "1042.0".
func wholeNumber(cell string) string {
	if !strings.ContainsAny(cell, ".eE") || strings.ContainsAny(cell, " -") {
		return cell
	}
	f, err := strconv.ParseFloat(cell, 64)
	if err != nil || f < 0 || f > 1<<53 || f != float64(int64(f)) {
		return cell
	}
	if strings.ContainsAny(cell, "eE") || strings.HasSuffix(cell, ".0") {
		return strconv.FormatInt(int64(f), 10)
	}
	return cell
}
