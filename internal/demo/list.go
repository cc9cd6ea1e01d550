package demo

import (
	"fmt"
	"strings"
	"time"

	"bokvar/internal/casework"
)

// How the lists are put together. The households of a town are numbered: first
// those who owe this month's rent, then those who have paid since the earlier
// list, then those whose rows are broken.
const (
	listed    = 290 // households that owe rent in the list of 320 rows
	twoMonths = 24  // of them, those who owe last month's as well
	earlier   = 36  // of them, those who were in the earlier list
	paidSince = 8   // were in the earlier list and are not in this one
	broken    = 6   // rows that cannot be taken in
	allHouses = listed + paidSince + broken

	protectedAt = 60 // the household whose identity is protected
)

// paidInNewer are the households that the newer list no longer holds; loweredInNewer
// have paid a part.
var (
	paidInNewer    = map[int]bool{5: true, 6: true, 14: true, 23: true, 31: true, 77: true, 130: true, 211: true}
	loweredInNewer = map[int]bool{3: true, 41: true, 99: true, 160: true, 240: true}
)

// owesTwo says which 24 households owe last month's rent as well.
func owesTwo(i int) bool { return i == 0 || i == 7 || i >= 16 && i < 38 }

// paidOlder are households that have paid an older rent since the earlier list, but not this month's.
var paidOlder = []int{12, 13}

// row is one row of a list, as the property system knows it.
type row struct {
	h              household
	due, month     string
	capital, costs string // kronor as the system prints them
}

// Town is Sjöberga of one seed.
type Town struct {
	households []household
}

// NewTown makes the town of a seed.
func NewTown(seed uint64) *Town {
	t := &Town{households: makeHouseholds(seed, allHouses)}
	for i := range t.households {
		t.households[i].firstTime = t.households[i].firstTime && !owesTwo(i)
	}
	h := &t.households[protectedAt]
	h.name, h.number, h.coName, h.coNumber, h.street, h.apartment, h.floor = "Skyddade personuppgifter", "", "", "", "", "", ""
	h.postcode, h.doorCode, h.phone, h.email, h.protected = "", "", "", "", true
	return t
}

// PaidLater lists the contracts that late-payers-newer.csv no longer holds.
func (t *Town) PaidLater() []string {
	var list []string
	for i, h := range t.households {
		if paidInNewer[i] {
			list = append(list, h.contract)
		}
	}
	return list
}

// months are the month whose rent the lists are about, and the one before. The
// first days of a month belong to the month before: nobody chases rent that was
// due yesterday.
func months(at time.Time) (this, last time.Time) {
	at = at.In(casework.Zone).AddDate(0, 0, -6)
	this = time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	return this, this.AddDate(0, -1, 0)
}

// dueDay is the last weekday before the month.
func dueDay(month time.Time) string {
	d := month.AddDate(0, 0, -1)
	for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		d = d.AddDate(0, 0, -1)
	}
	return d.Format(time.DateOnly)
}

// lateRows is the list of 320 rows.
func (t *Town) lateRows(at time.Time) []row {
	this, last := months(at)
	var rows []row
	for i := range listed {
		if owesTwo(i) {
			rows = append(rows, t.row(i, last, 180))
		}
		rows = append(rows, t.row(i, this, lateCosts(i)))
	}
	bad := t.brokenRows(this)
	for i, at := range []int{36, 83, 135, 198, 246, 295} { // rows 41, 88, 140, 203, 251 and 300 of the file
		if i == 3 {
			bad[i] = rows[at-1] // the same rent as the row above
		}
		rows = append(rows[:at:at], append([]row{bad[i]}, rows[at:]...)...)
	}
	return rows
}

// lateCosts are the fees of a household: some have reached debt collection.
func lateCosts(i int) int64 {
	if i%5 == 2 {
		return 180
	}
	return 0
}

// earlierRows is the list that the town has taken in when the demo begins: some
// of the same debts, a few without the fees that came since, and a few that have
// been paid since.
func (t *Town) earlierRows(at time.Time) []row {
	this, last := months(at)
	var rows []row
	for i := range earlier {
		if owesTwo(i) {
			rows = append(rows, t.row(i, last, 180))
		}
		rows = append(rows, t.row(i, this, 0))
	}
	for i := listed; i < listed+paidSince; i++ {
		rows = append(rows, t.row(i, this, 0))
	}
	for _, i := range paidOlder {
		rows = append(rows, t.row(i, last, 180))
	}
	return rows
}

// newerRows is the list of two hours later.
func (t *Town) newerRows(at time.Time) []row {
	gone, less := map[string]bool{}, map[string]string{}
	for i, h := range t.households {
		if paidInNewer[i] {
			gone[h.contract] = true
		}
		if loweredInNewer[i] {
			less[h.contract] = money(i, h.rent-h.rent/3)
		}
	}
	var rows []row
	for _, r := range t.lateRows(at) {
		if gone[r.h.contract] {
			continue
		}
		if amount, ok := less[r.h.contract]; ok {
			r.capital = amount
		}
		rows = append(rows, r)
	}
	return rows
}

func (t *Town) row(i int, month time.Time, costs int64) row {
	h := t.households[i]
	return row{h: h, due: dueDay(month), month: month.Format("2006-01"), capital: money(i, h.rent), costs: money(i, costs)}
}

// brokenRows are what a person has to put right. The fourth is the same as a row above.
func (t *Town) brokenRows(this time.Time) []row {
	rows := make([]row, broken)
	for i := range rows {
		rows[i] = t.row(listed+paidSince+i, this, 0)
	}
	rows[0].h.contract = ""
	rows[1].capital = "7.840,-"
	rows[2].h.number = "199016022397" // a test number with a month that does not exist
	rows[4].due = this.Format("2006") + "-02-30"
	rows[5].capital = "-500,00"
	return rows
}

// money prints kronor the ways that systems do: with a space, with one that does
// not break, and without.
func money(i int, kronor int64) string {
	s := fmt.Sprintf("%d,00", kronor)
	if kronor < 1000 || i%5 == 0 {
		return s
	}
	space := " "
	if i%7 == 3 {
		space = "\u00a0"
	}
	return fmt.Sprintf("%d%s%03d,00", kronor/1000, space, kronor%1000)
}

// columns of the lists, in the system's order.
var columns = []string{
	"Kontraktsnummer", "Hyresgäst", "Personnummer", "Medhyresgäst", "Medhyresgäst personnummer", "Gatuadress", "Postnr", "Ort", "Lägenhet", "Våning", "Portkod",
	"Telefon", "Medhyresgäst telefon", "E-post", "Språk", "Tolk", "Barn", "Inflyttad", "Sen första gången", "Skyddad", "Förfallodatum", "Avser månad", "Kapital", "Avgifter",
}

func (r row) cells(month time.Time) []string {
	h := r.h
	city, children, first, protected, movedIn := town, yesNo(h.children), yesNo(h.firstTime), "", h.movedIn(month)
	if h.protected {
		city, children, first, protected, movedIn = "", "", "", "Ja", ""
	}
	return []string{
		h.contract, h.name, dashed(h.number), h.coName, dashed(h.coNumber), h.street, h.postcode, city, h.apartment, h.floor, h.doorCode,
		h.phone, h.coPhone, h.email, h.language, h.interpreter, children, movedIn, first, protected, r.due, r.month, r.capital, r.costs,
	}
}

func yesNo(b bool) string {
	if b {
		return "Ja"
	}
	return "Nej"
}

// sheet is a whole list as cells: a title, the day of printing, an empty line,
// the columns, the rows. month is the one whose rent the list is about; days in
// the past count from it, so that lists of one month agree on them.
func sheet(rows []row, at, month time.Time) [][]string {
	lines := [][]string{
		{"Sjöbergahem, obetalda hyror"},
		{"Utskriven " + at.In(casework.Zone).Format("2006-01-02 15:04")},
		{""},
		columns,
	}
	for _, r := range rows {
		lines = append(lines, r.cells(month))
	}
	return lines
}

// csvText joins cells with semicolons. No cell of the town needs quotation marks.
func csvText(lines [][]string) string {
	var b strings.Builder
	for _, cells := range lines {
		b.WriteString(strings.Join(cells, ";"))
		b.WriteString("\r\n")
	}
	return b.String()
}
