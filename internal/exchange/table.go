package exchange

import (
	"bytes"
	"strings"
)

// Limits of what is read. A landlord with 20,000 flats stays far below.
const (
	maxRows    = 50_000
	maxColumns = 200
	headLines  = 40 // the header row is looked for in these
)

// line is one row of a file with the number that a person sees beside it.
type line struct {
	number int
	cells  []string
}

func (l line) empty() bool {
	for _, cell := range l.cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// table is a file cut into cells. days says how days may stand as numbers.
type table struct {
	above []line // before the header: titles, the day of printing
	head  line
	rows  []line
	days  calendar
}

// readTable finds out what the file is and cuts it into cells.
func readTable(data []byte) (*table, *Problem) {
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return nil, troublef(CodeNoRows, "Filen är tom.")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readXLSX(data)
	case bytes.HasPrefix(data, []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}):
		return nil, oldOffice(data)
	}
	if looks := foreign(data); looks != "" {
		return nil, notAList(looks)
	}
	text, problem := decode(data)
	if problem != nil {
		return nil, problem
	}
	return readCSV(text)
}

// oldOffice answers the container that both a locked .xlsx and an old .xls use.
func oldOffice(data []byte) *Problem {
	const stream = "EncryptedPackage"
	wide := make([]byte, 0, 2*len(stream))
	for i := range len(stream) {
		wide = append(wide, stream[i], 0)
	}
	if bytes.Contains(data, wide) {
		return troublef(CodeLocked, "Filen är låst med lösenord. Ta bort lösenordet i Excel, spara och försök igen.")
	}
	return notAList("en äldre Excelfil (.xls). Spara den som .xlsx")
}

// foreign names a kind of file that is no list, by how it begins.
func foreign(data []byte) string {
	raw := string(data[:min(len(data), 512)])
	start := strings.ToLower(raw)
	start = strings.TrimSpace(strings.TrimPrefix(start, "\xef\xbb\xbf"))
	switch {
	case strings.HasPrefix(start, "%pdf"):
		return "en PDF"
	case strings.HasPrefix(raw, "\x89PNG"), strings.HasPrefix(raw, "\xff\xd8\xff"), strings.HasPrefix(start, "gif8"):
		return "en bild"
	case strings.HasPrefix(start, "<"):
		return "en webbsida"
	case strings.HasPrefix(start, "{\\rtf"):
		return "ett textdokument"
	case strings.HasPrefix(start, "{"), strings.HasPrefix(start, "[{"):
		return "en datafil (JSON)"
	}
	return ""
}

func notAList(looks string) *Problem {
	if looks == "" {
		return troublef(CodeNotAList, "Filen är varken CSV eller Excel (.xlsx). Ta ut listan ur fastighetssystemet igen och välj ett av dem.")
	}
	return troublef(CodeNotAList, "Filen är varken CSV eller Excel (.xlsx). Den ser ut att vara %s.", looks)
}

// pickHeader splits lines at the header row: the one with most known names.
func pickHeader(lines []line) (*table, *Problem) {
	best, count := -1, 1
	for i, l := range lines[:min(len(lines), headLines)] {
		if n := known(l.cells); n > count {
			best, count = i, n
		}
	}
	if best < 0 {
		first := line{}
		for _, l := range lines {
			if !l.empty() {
				first = l
				break
			}
		}
		cells := make([]string, 0, len(first.cells))
		for _, cell := range first.cells[:min(len(first.cells), maxColumns)] {
			cells = append(cells, clean(cell))
		}
		return nil, troublef(CodeNoHeader, "Hittar ingen rad med kolumnnamn. Kolumnen Kontraktsnummer saknas, och den första raden är ”%s”.", shortened(strings.Join(cells, "; "), 120))
	}
	t := &table{above: lines[:best], head: lines[best]}
	for _, l := range lines[best+1:] {
		if !l.empty() {
			t.rows = append(t.rows, l)
		}
	}
	if len(t.rows) > maxRows {
		return nil, tooManyRows()
	}
	return t, nil
}

func tooManyRows() *Problem {
	return troublef(CodeTooManyRows, "Filen har fler än %d rader. Ta ut en lista med bara de obetalda hyrorna.", maxRows)
}
