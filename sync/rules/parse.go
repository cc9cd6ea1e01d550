package rules

import (
	"fmt"
	"strconv"
	"strings"
)

// The document holds two tables, known by their heads: the words with their
// meaning, and the rows. Everything else in it is for people.
var (
	wordsHead = []string{"word", "means"}
	rowsHead  = []string{"id", "kind", "field", "word", "who wins"}
)

// Parse reads a document; file is its name in errors.
func Parse(file string, text []byte) (*Table, error) {
	p := parser{t: &Table{file: file, text: string(text), byField: map[key]*Row{}, meaning: map[Word]string{}}, ids: map[string]int{}}
	for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		p.line = i + 1
		if err := p.next(strings.TrimSpace(line)); err != nil {
			return nil, err
		}
	}
	return p.t, p.finish()
}

type parser struct {
	t    *Table
	line int
	take func(cells []string) error // the table we are in, nil outside
	rule bool                       // the line under a head comes next
	seen [2]bool                    // the words, the rows
	ids  map[string]int
}

func (p *parser) wrong(format string, args ...any) error {
	return &Error{p.t.file, p.line, fmt.Sprintf(format, args...)}
}

// next takes one line.
func (p *parser) next(line string) error {
	if !strings.HasPrefix(line, "|") {
		if p.rule {
			return p.wrong("the table's head needs a line of dashes under it")
		}
		p.take = nil
		return nil
	}
	cells, ok := split(line)
	switch {
	case !ok:
		return p.wrong("a row must begin and end with |")
	case p.take == nil:
		return p.head(cells)
	case p.rule:
		for _, c := range cells {
			if c != "---" {
				return p.wrong("the table's head needs a line of dashes under it")
			}
		}
		p.rule = false
		return nil
	}
	return p.take(cells)
}

func (p *parser) head(cells []string) error {
	var which int
	switch {
	case equal(cells, wordsHead):
		which, p.take = 0, p.word
	case equal(cells, rowsHead):
		which, p.take = 1, p.row
	default:
		return p.wrong("unknown table: its columns must be %q or %q", strings.Join(wordsHead, " | "), strings.Join(rowsHead, " | "))
	}
	if p.seen[which] {
		return p.wrong("this table stands here twice")
	}
	p.seen[which], p.rule = true, true
	return nil
}

func (p *parser) word(cells []string) error {
	if len(cells) != len(wordsHead) || cells[1] == "" {
		return p.wrong("a word needs %d cells: %s", len(wordsHead), strings.Join(wordsHead, ", "))
	}
	w := Word(cells[0])
	if _, ok := words[w]; !ok {
		return p.wrong("unknown word %q", w)
	}
	if p.t.meaning[w] != "" {
		return p.wrong("the word %q is explained twice", w)
	}
	p.t.meaning[w] = cells[1]
	return nil
}

func (p *parser) row(cells []string) error {
	if len(cells) != len(rowsHead) {
		return p.wrong("a row needs %d cells: %s", len(rowsHead), strings.Join(rowsHead, ", "))
	}
	for i, c := range cells {
		if c == "" {
			return p.wrong("the cell %q is empty", rowsHead[i])
		}
	}
	r := &Row{ID: cells[0], Kind: cells[1], Wins: cells[4], Line: p.line}
	if first, double := p.ids[r.ID]; double {
		return p.wrong("the id %q stands on line %d already", r.ID, first)
	}
	p.ids[r.ID] = p.line
	if err := p.readWord(r, cells[3]); err != nil {
		return err
	}
	for _, name := range strings.Split(cells[2], ",") {
		name = strings.TrimSpace(name)
		if name == "" {
			return p.wrong("an empty field name")
		}
		k := key{r.Kind, name}
		if other := p.t.byField[k]; other != nil {
			return p.wrong("the field %q of the kind %q has a row on line %d already", name, r.Kind, other.Line)
		}
		p.t.byField[k] = r
		r.Fields = append(r.Fields, name)
	}
	p.t.rows = append(p.t.rows, r)
	p.t.end = p.line
	return nil
}

// readWord takes "word" or "word(parameter)".
func (p *parser) readWord(r *Row, cell string) error {
	name, inside, has := strings.Cut(cell, "(")
	if has {
		var ok bool
		if inside, ok = strings.CutSuffix(inside, ")"); !ok {
			return p.wrong("the parenthesis of %q is not closed", cell)
		}
	}
	r.Word = Word(name)
	want, ok := words[r.Word]
	switch {
	case !ok:
		return p.wrong("unknown word %q", name)
	case want == none && has:
		return p.wrong("the word %q takes nothing in parentheses", name)
	case want != none && strings.TrimSpace(inside) == "":
		return p.wrong("the word %q needs something in parentheses", name)
	case want == field:
		r.By = strings.TrimSpace(inside)
	case want == order:
		return p.readOrder(r, inside)
	case want == limit:
		n, err := strconv.Atoi(strings.TrimSpace(inside))
		if err != nil || n < 1 {
			return p.wrong("%q is no number from 1", inside)
		}
		r.Limit = n
	}
	return nil
}

func (p *parser) readOrder(r *Row, inside string) error {
	r.rank = map[string]int{}
	for i, v := range strings.Split(inside, "<") {
		v = strings.TrimSpace(v)
		if _, double := r.rank[v]; double || v == "" {
			return p.wrong("the order %q names a value twice, or none", inside)
		}
		r.rank[v] = i
		r.Order = append(r.Order, v)
	}
	if len(r.Order) < 2 {
		return p.wrong("an order needs two values at least")
	}
	return nil
}

func (p *parser) finish() error {
	switch {
	case p.rule:
		return p.wrong("the table's head needs a line of dashes under it")
	case len(p.t.rows) == 0:
		return p.wrong("there is no row in the table %q", strings.Join(rowsHead, " | "))
	}
	for _, w := range Words() {
		if p.t.meaning[w] == "" {
			return p.wrong("the word %q is not explained", w)
		}
	}
	return nil
}

// split cuts "| a | b |" into its cells.
func split(line string) ([]string, bool) {
	inner, ok := strings.CutSuffix(strings.TrimPrefix(line, "|"), "|")
	if !ok || len(line) < 2 {
		return nil, false
	}
	cells := strings.Split(inner, "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells, true
}

func equal(a, b []string) bool { return strings.Join(a, "|") == strings.Join(b, "|") }
