package exchange

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// delimiters in the order that decides a draw.
var delimiters = []rune{';', '\t', ','}

// longestRow is how many lines one row may take; beyond, a quotation mark was
// left open and would swallow the rest of the file.
const longestRow = 20

func readCSV(text string) (*table, *Problem) {
	lines, problem := cutCSV(text, delimiterOf(text))
	if problem != nil {
		return nil, problem
	}
	return pickHeader(lines)
}

// delimiterOf is the one that makes most column names known.
func delimiterOf(text string) rune {
	best, count := delimiters[0], 0
	head := strings.SplitN(text, "\n", headLines+1)
	for _, d := range delimiters {
		for _, l := range head[:min(len(head), headLines)] {
			cells := strings.Split(l, string(d))
			for i := range cells {
				cells[i] = strings.Trim(strings.TrimSpace(cells[i]), `"`)
			}
			if len(cells) > maxColumns {
				continue
			}
			if n := known(cells); n > count {
				best, count = d, n
			}
		}
	}
	return best
}

func cutCSV(text string, delimiter rune) ([]line, *Problem) {
	// A lone carriage return ends lines in files from old Macs.
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = delimiter
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	var lines []line
	next := int64(0)
	number := 1
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, troublef(CodeCorrupt, "Rad %d går inte att läsa. Ta ut listan igen och försök på nytt.", number)
		}
		number, _ = r.FieldPos(0)
		took := strings.Count(text[next:r.InputOffset()], "\n")
		next = r.InputOffset()
		if took > longestRow && len(cells) > 0 && longestCell(cells) > longestRow {
			return nil, troublef(CodeOpenQuote, "Rad %d har ett citattecken som aldrig stängs. Ta bort det och försök igen.", number)
		}
		if len(lines) > maxRows+headLines {
			return nil, tooManyRows()
		}
		lines = append(lines, line{number, cells[:min(len(cells), maxColumns)]})
	}
}

// longestCell is the largest number of lines in one cell.
func longestCell(cells []string) int {
	most := 0
	for _, cell := range cells {
		most = max(most, strings.Count(cell, "\n"))
	}
	return most
}
