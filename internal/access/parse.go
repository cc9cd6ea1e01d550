package access

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bokvar/internal/casework"
)

// Markdown is the page as it stands, for showing.
//
//go:embed access.md
var Markdown string

// Load parses the embedded page. It fails with file and line.
func Load() (*Table, error) { return Parse("access.md", Markdown) }

// Parse reads a page strictly: one table, whose rows are exactly the groups of
// the schema and whose columns are exactly Columns, with known words only, and
// with nobody writing what they cannot read. Errors begin with "name:line:".
func Parse(name, page string) (*Table, error) {
	p := parser{name: name, seen: map[string]int{}}
	for i, line := range strings.Split(page, "\n") {
		p.line = i + 1
		if err := p.take(strings.TrimSpace(line)); err != nil {
			return nil, err
		}
	}
	if p.state != after && p.state != inRows {
		return nil, fmt.Errorf("%s:%d: there is no table that begins with | group |", name, p.line)
	}
	for _, group := range casework.Groups() {
		if p.seen[group] == 0 {
			return nil, fmt.Errorf("%s:%d: the group %q has no row", name, p.line, group)
		}
	}
	t := &Table{Rows: p.rows}
	t.index()
	return t, nil
}

type state int

const (
	before state = iota
	atRule
	inRows
	after
)

type parser struct {
	name  string
	line  int
	state state
	rows  []Row
	seen  map[string]int // group, line
	least int            // of every counted
}

func (p *parser) fail(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", p.name, p.line, fmt.Sprintf(format, args...))
}

func (p *parser) take(line string) error {
	row := strings.HasPrefix(line, "|")
	switch {
	case p.state == before && row:
		p.state = atRule
		return p.head(cells(line))
	case p.state == atRule:
		p.state = inRows
		if strings.Trim(line, "|- :") != "" || !row {
			return p.fail("below the head of the table stands a line of dashes")
		}
	case p.state == inRows && row:
		return p.row(cells(line))
	case p.state == inRows:
		p.state = after
	case p.state == after && row:
		return p.fail("a second table: the page has one")
	}
	return nil
}

func cells(line string) []string {
	parts := strings.Split(strings.Trim(line, "|"), "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

var leading = []string{"group", "in words", "med ord", "protected"}

func (p *parser) head(got []string) error {
	want := append([]string{}, leading...)
	for _, role := range Columns {
		want = append(want, string(role))
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		return p.fail("the columns must be %s", strings.Join(want, " | "))
	}
	return nil
}

func (p *parser) row(got []string) error {
	if want := len(leading) + len(Columns); len(got) != want {
		return p.fail("a row has %d cells, this one %d", want, len(got))
	}
	row := Row{Group: got[0], Words: got[1], Swedish: got[2], Closing: Closing(got[3]), Line: p.line}
	if first := p.seen[row.Group]; first != 0 {
		return p.fail("%q stands on line %d already", row.Group, first)
	}
	p.seen[row.Group] = p.line
	about := describe(row.Group)
	if about.fields == 0 {
		return p.fail("no field of the schema belongs to %q", row.Group)
	}
	if row.Words == "" || row.Swedish == "" {
		return p.fail("%q is not put in words", row.Group)
	}
	if err := about.closes(row.Closing); err != nil {
		return p.fail("%s: %v", row.Group, err)
	}
	for i, text := range got[len(leading):] {
		cell, err := parseCell(text)
		if err == nil {
			err = about.allows(cell, row.Closing)
		}
		if err != nil {
			return p.fail("%s, %s: %v", row.Group, Columns[i], err)
		}
		if cell.Least > 0 && p.least > 0 && cell.Least != p.least {
			return p.fail("%s, %s: what is few is one number on the page, and it is %d", row.Group, Columns[i], p.least)
		}
		p.least = max(p.least, cell.Least)
		row.Cells = append(row.Cells, cell)
	}
	p.rows = append(p.rows, row)
	return nil
}

func parseCell(text string) (Cell, error) {
	reading, write, slash := strings.Cut(text, "/")
	words := strings.Split(reading, "+")
	cell := Cell{Read: Read(words[0]), Write: Write(write)}
	switch cell.Read {
	case Never, Yes, Assigned, OwnUnit:
	case Consent, Notice, AfterNotice, Disclosed, Counted:
		return cell, fmt.Errorf("%q is for what another organisation wrote: it stands after a plus sign", words[0])
	default:
		return cell, fmt.Errorf("unknown word %q for reading", words[0])
	}
	for _, word := range words[1:] {
		name, least, counted := strings.Cut(word, ":")
		switch cross := Read(name); {
		case cross == Counted:
			if cell.Least, _ = strconv.Atoi(least); cell.Least < 2 || slices.Contains(cell.Cross, cross) {
				return cell, fmt.Errorf("counted stands once, with the least number that is told: counted:5")
			}
			cell.Cross = append(cell.Cross, cross)
		case counted:
			return cell, fmt.Errorf("%q takes no number", name)
		case slices.Contains([]Read{Consent, Notice, AfterNotice, Disclosed}, cross):
			if slices.Contains(cell.Cross, cross) {
				return cell, fmt.Errorf("%q stands there twice", word)
			}
			cell.Cross = append(cell.Cross, cross)
		default:
			return cell, fmt.Errorf("unknown word %q for reading across the wall", word)
		}
	}
	switch cell.Write {
	case Change, Append, Collect:
	case MayNot:
		if slash {
			return cell, fmt.Errorf("a slash without a word for writing")
		}
	default:
		return cell, fmt.Errorf("unknown word %q for writing", write)
	}
	return cell, nil
}

// about is what the schema says of a group.
type about struct {
	fields                                             int
	allHouse, appendOnly, collect, root, cross, counts bool
}

func describe(group string) about {
	a := about{allHouse: true}
	for _, kind := range casework.Schema {
		for _, field := range kind.Fields {
			if field.Group != group {
				continue
			}
			a.fields++
			a.allHouse = a.allHouse && field.House
			a.appendOnly = a.appendOnly || kind.AppendOnly
			a.collect = a.collect || casework.Collectable(kind.Name)
			a.root = a.root || kind.Root != ""
			a.cross = a.cross || casework.Shareable(kind.Name)
			a.counts = a.counts || kind.Counts
		}
	}
	return a
}

// closes says why a word cannot stand under protected.
func (a about) closes(word Closing) error {
	switch {
	case word != Shown && word != Fetched:
		return fmt.Errorf("unknown word %q for what a protected identity closes", word)
	case word == Fetched && !a.root:
		return fmt.Errorf("the record belongs to no household, whose identity could be protected: shown")
	}
	return nil
}

// allows says why a cell cannot stand in a row.
func (a about) allows(cell Cell, closing Closing) error {
	counted := slices.Contains(cell.Cross, Counted)
	switch {
	case counted && (!a.counts || len(cell.Cross) > 1):
		return fmt.Errorf("counted is for numbers that are stored nowhere, and nothing else crosses of them")
	case counted && cell.Read == Never:
		return fmt.Errorf("what crosses is read by those who read their own: yes")
	case a.counts && len(cell.Cross) > 0 && !counted:
		return fmt.Errorf("numbers cross as numbers: counted")
	case len(cell.Cross) > 0 && closing == Fetched:
		return fmt.Errorf("what a protected identity closes crosses to nobody")
	case cell.Write == Collect && !a.collect:
		return fmt.Errorf("collect is for a consent, its signatures and its withdrawal")
	case cell.Write != MayNot && cell.Write != Collect && cell.Read == Never:
		return fmt.Errorf("nobody may write what they cannot read")
	case cell.Write != MayNot && a.allHouse:
		return fmt.Errorf("the server alone writes this")
	case cell.Write == Change && a.appendOnly:
		return fmt.Errorf("records of this kind are made once and never changed: append")
	case len(cell.Cross) > 0 && !counted && !a.cross:
		return fmt.Errorf("records of this kind cannot be marked as shared: nothing of them crosses")
	case len(cell.Cross) > 0 && !counted && cell.Read != OwnUnit && cell.Read != Assigned:
		return fmt.Errorf("what crosses is read by those of a case: own-unit or assigned")
	case !a.root && (cell.Read == Assigned || cell.Read == OwnUnit):
		return fmt.Errorf("the record belongs to no household: yes or never")
	}
	return nil
}
