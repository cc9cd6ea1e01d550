// Package rules reads the table that says who wins: rules.md, which is
// compiled into the program, shown to people as it stands, and obeyed.
//
// # Strictness
//
// [Parse] takes nothing it does not understand: an unknown word, a double id, a
// field with two rows, a row that is not of the table's shape, or a word that is
// not explained is an [Error] with file and line. [Table.Check] compares the
// table with the product's kinds; a field without a row is an error as well. The
// program does not start with either.
//
// # What this is not
//
// The package does not decide anything: package merge does.
package rules

import (
	_ "embed"
	"fmt"
	"slices"
)

// FileName is the table's place in the source tree, for errors and links.
const FileName = "sync/rules/rules.md"

//go:embed rules.md
var source []byte

// Load parses the table that is compiled in.
func Load() (*Table, error) { return Parse(FileName, source) }

// Table is a parsed rules.md.
type Table struct {
	file    string
	text    string
	end     int // line of the last row
	rows    []*Row
	byField map[key]*Row
	meaning map[Word]string
}

type key struct{ kind, field string }

// Row is one line of the table: who wins in these fields of this kind.
type Row struct {
	ID     string   `json:"id"`
	Kind   string   `json:"kind"`
	Fields []string `json:"fields"`
	Word   Word     `json:"word"`
	Order  []string `json:"order,omitempty"` // of furthest and most-protective, smallest first
	By     string   `json:"by,omitempty"`    // of latest-import: the field that says how new it is
	Limit  int      `json:"limit,omitempty"` // of merge-text: characters that a merged text may have
	Wins   string   `json:"wins"`            // for people, in Swedish
	Line   int      `json:"-"`

	rank map[string]int
}

// Row is the row of a field, nil when there is none.
func (t *Table) Row(kind, field string) *Row { return t.byField[key{kind, field}] }

// Rows lists the rows in the document's order. Do not write into them.
func (t *Table) Rows() []*Row { return t.rows }

// Markdown is the document as it stands.
func (t *Table) Markdown() string { return t.text }

// Meaning is the word's explanation for people, in Swedish.
func (t *Table) Meaning(w Word) string { return t.meaning[w] }

// Rank is the place of a value in the row's order, from 0; -1 for a value that
// the order does not name.
func (r *Row) Rank(value string) int {
	if n, ok := r.rank[value]; ok {
		return n
	}
	return -1
}

// Error is a mistake in the table, with its place.
type Error struct {
	File     string
	Line     int
	Sentence string
}

func (e *Error) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Sentence) }

// KindFields is what the table has to know of a kind: its fields and, for
// choices, the values in them.
type KindFields struct {
	Kind       string
	Fields     []string
	Choices    map[string][]string // of the fields that have a closed list
	Lengths    map[string]int      // of the fields that are text: characters at most
	AppendOnly bool                // its rows must be locked or hold
}

// Check compares the table with the product's kinds: every field has a row, no
// row names what does not exist, an order names all of a field's choices, only
// text is merged and never grows longer than it may be written, and what is
// append-only is locked. The first difference is returned as an *Error.
func (t *Table) Check(kinds []KindFields) error {
	known := map[key]KindFields{}
	for _, k := range kinds {
		for _, f := range k.Fields {
			known[key{k.Kind, f}] = k
			if t.Row(k.Kind, f) == nil {
				return &Error{t.file, t.end, fmt.Sprintf("no row for the field %q of the kind %q", f, k.Kind)}
			}
		}
	}
	for _, r := range t.rows {
		for _, f := range r.Fields {
			k, ok := known[key{r.Kind, f}]
			if !ok {
				return t.wrong(r, "there is no field %q of the kind %q", f, r.Kind)
			}
			if k.AppendOnly && r.Word != Locked && r.Word != Hold {
				return t.wrong(r, "the kind %q is append-only: its word must be locked or hold", r.Kind)
			}
			if choices := k.Choices[f]; len(r.Order) > 0 && len(choices) > 0 && !sameSet(r.Order, choices) {
				return t.wrong(r, "the order of %q must name each of its choices once: %v", f, choices)
			}
			if r.Word == MergeText && r.Limit != k.Lengths[f] {
				return t.wrong(r, "a merged %q may have as many characters as a written one: %d (0: it is no text)", f, k.Lengths[f])
			}
		}
		if _, ok := known[key{r.Kind, r.By}]; r.By != "" && !ok {
			return t.wrong(r, "there is no field %q of the kind %q", r.By, r.Kind)
		}
	}
	return nil
}

func (t *Table) wrong(r *Row, format string, args ...any) error {
	return &Error{t.file, r.Line, fmt.Sprintf(format, args...)}
}

func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}
