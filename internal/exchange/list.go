package exchange

import (
	"strings"
	"time"
)

// List is a file that was read: the rows that can be taken in and those that cannot.
type List struct {
	FileName string     `json:"fileName"`
	AsOf     int64      `json:"asOf"`  // when the debts stood so, ms
	Dated    bool       `json:"dated"` // the file itself says when
	Titles   []string   `json:"titles"`
	Entries  []Entry    `json:"entries"`
	Rejected []Rejected `json:"rejected"`
}

// Rejected is a row that is not taken in. The entry behind it says, as far as
// it can be read, whose debt it is: that debt does not count as gone.
type Rejected struct {
	Row    int      `json:"row"`
	Code   string   `json:"code"`
	Reason string   `json:"reason"` // a sentence
	Text   string   `json:"text"`   // which row it is: contract and name
	Cells  []string `json:"cells,omitempty"`
	Entry  Entry    `json:"entry"`
}

// Parse reads a file. now is when it came; it dates a list that does not date
// itself and decides the century of short personal numbers. The error is a
// *Problem in a variable of its own type: nil when the file could be read.
func Parse(fileName string, data []byte, now time.Time) (*List, *Problem) {
	if len(data) > MaxFile {
		return nil, TooBig(int64(len(data)))
	}
	t, problem := readTable(data)
	if problem != nil {
		return nil, problem
	}
	head, problem := readHeader(t.head.cells)
	if problem != nil {
		return nil, problem
	}
	if len(t.rows) == 0 {
		return nil, &Problem{Code: CodeNoRows, Sentence: "Filen har kolumnnamn men inga rader."}
	}
	list := &List{FileName: shortened(clean(fileName), 150), Titles: head.titles, Entries: []Entry{}, Rejected: []Rejected{}}
	r := &reader{head: head, days: t.days, today: now}
	list.read(r, t.rows)
	list.AsOf, list.Dated = asOf(t, r, now)
	if ahead := time.UnixMilli(list.AsOf).Sub(now); ahead > time.Hour {
		return nil, troublef(CodeFutureList, "Listan är daterad %s, och det har inte varit än. Kontrollera datumet i filen.", say(list.AsOf))
	}
	return list, nil
}

func (list *List) read(r *reader, rows []line) {
	first := map[string]int{} // the row where a claim stands
	for _, l := range rows {
		e, reject := r.entry(l)
		if reject == nil {
			key := claimKey(e.Contract, e.DueMonth)
			if row, twice := first[key]; twice {
				reject = rejected("same_claim", "Samma hyra står på rad %d.", row)
			} else {
				first[key] = l.number
			}
		}
		if reject == nil {
			list.Entries = append(list.Entries, e)
			continue
		}
		list.reject(e, reject, l.cells)
	}
}

func (list *List) reject(e Entry, reason *rejection, cells []string) {
	list.Rejected = append(list.Rejected, Rejected{
		Row: e.Number, Code: reason.code, Reason: reason.sentence, Text: shortened(joined(e.Contract, e.Name), 80), Cells: cells, Entry: e,
	})
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}

// contractKey is equal for two ways to write one contract number. Hyphens and
// dots stay: 10-42 and 104-2 are two contracts.
func contractKey(contract string) string {
	return strings.ToUpper(strings.ReplaceAll(contract, " ", ""))
}

// claimKey is equal for rows that tell of the same rent.
func claimKey(contract, month string) string { return contractKey(contract) + "|" + month }

// asOf finds when the debts stood so: the newest day in the list's own column,
// else a line above the columns, else now.
func asOf(t *table, r *reader, now time.Time) (ms int64, dated bool) {
	if _, ok := r.head.at[colAsOf]; ok {
		for _, l := range t.rows {
			ms = max(ms, stampOf(r.cell(l.cells, colAsOf), t.days))
		}
	}
	for _, l := range t.above {
		for i := 0; i < len(l.cells) && ms == 0; i++ {
			ms = readStamp(clean(l.cells[i]))
			if ms == 0 && i > 0 && byName[fold(clean(l.cells[i-1]))] == colAsOf {
				ms = stampOf(clean(l.cells[i]), t.days)
			}
		}
	}
	if ms == 0 {
		return now.UnixMilli(), false
	}
	return ms, true
}
