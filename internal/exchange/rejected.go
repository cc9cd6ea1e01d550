package exchange

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
)

// RejectedCSV writes the rows that a proposal leaves out as the file had them,
// with two columns more: the row's number and the reason. Semicolons, UTF-8 with
// a byte order mark, and no cell that a spreadsheet would take for a formula.
// Put right, the file can be brought as it is: the two columns are not read.
func RejectedCSV(list *List, p *Proposal) []byte {
	cells := map[int][]string{}
	for _, r := range list.Rejected {
		cells[r.Row] = r.Cells
	}
	for _, e := range list.Entries {
		cells[e.Number] = e.cells(list)
	}
	var out bytes.Buffer
	out.WriteString("\uFEFF")
	w := csv.NewWriter(&out)
	w.Comma = ';'
	w.UseCRLF = true
	// A bytes.Buffer takes everything: Write and Flush cannot fail.
	_ = w.Write(harmless(append([]string{"Rad i filen", "Orsak"}, list.Titles...)))
	for _, r := range p.Rejected {
		_ = w.Write(harmless(append([]string{strconv.Itoa(r.Row), r.Reason}, cells[r.Row]...)))
	}
	w.Flush()
	return out.Bytes()
}

// cells are what is shown of a row that could be read but not taken in.
func (e Entry) cells(list *List) []string {
	out := make([]string, len(list.Titles))
	for i, title := range list.Titles {
		switch byName[fold(title)] {
		case colContract:
			out[i] = e.Contract
		case colName:
			out[i] = e.Name
		case colStreet:
			out[i] = e.Street
		case colNumber:
			out[i] = e.ID
		case colDue:
			out[i] = e.Due
		case colMonth:
			out[i] = e.DueMonth
		case colCapital:
			out[i] = kronor(e.Capital)
		case colCosts:
			out[i] = kronor(e.Costs)
		}
	}
	return out
}

func kronor(ore int64) string {
	cents := strconv.FormatInt(100+ore%100, 10)
	return strconv.FormatInt(ore/100, 10) + "," + cents[1:]
}

// harmless puts an apostrophe before what a spreadsheet would run as a formula.
func harmless(cells []string) []string {
	out := make([]string, len(cells))
	for i, cell := range cells {
		start := strings.TrimLeft(cell, " \t\r\n\u00A0")
		if start != "" && strings.ContainsRune("=+-@|%＝＋－＠", []rune(start)[0]) || strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") {
			cell = "'" + cell
		}
		out[i] = cell
	}
	return out
}
