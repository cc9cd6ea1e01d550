// Package access decides who sees which field. Its table is access.md, which is
// embedded, parsed strictly, and shown in the app.
//
// # Use
//
// [Load] reads the embedded page; [Table.Project] answers what a [Viewer] sees
// of a record; [Table.Writes] answers whether they may write a group of fields.
// Both are pure: whether the viewer is in the unit or named on the contact is
// worked out by the caller, inside its transaction.
//
// # Across the wall
//
// A record of another organisation is seen only where a cell has a word after a
// plus sign, and only through a room: two linked cases, see [Crossing]. Whether a
// consent is in force is package consent's to say.
//
// # What this is not
//
// What a person carries on a device is narrower than what they may read; see [ScopeOf].
package access

import (
	"slices"
	"strconv"

	"bokvar/internal/casework"
)

// Read is a word for reading.
type Read string

// The closed list of words for reading.
const (
	Never    Read = "never"
	Yes      Read = "yes"
	Assigned Read = "assigned"
	OwnUnit  Read = "own-unit"
)

// The closed list of words for reading what another organisation wrote. They
// stand after a plus sign, behind the word for one's own organisation.
const (
	Consent     Read = "consent"
	Notice      Read = "notice"
	AfterNotice Read = "after-notice"
	Disclosed   Read = "disclosed"
	Counted     Read = "counted" // numbers alone, with the least that is told as such: "counted:5"
)

// Write is a word for writing; empty: may not.
type Write string

// The closed list of words for writing.
const (
	MayNot  Write = ""
	Change  Write = "write"
	Append  Write = "append"
	Collect Write = "collect"
)

// Closing is what a protected identity does to a group of fields.
type Closing string

// The closed list of words for it.
const (
	Shown   Closing = "shown"   // nothing: the cells say who reads it
	Fetched Closing = "fetched" // it leaves the server by no way but a fetch with a reason, see Table.Fetches
)

// Cell is what one role may do with one group of fields.
type Cell struct {
	Read  Read   // in one's own organisation
	Cross []Read // of another: any of them is enough
	Least int    // with Counted: what is less is few, see Few
	Write Write
}

func (c Cell) String() string {
	s := string(c.Read)
	for _, word := range c.Cross {
		s += "+" + string(word)
		if word == Counted {
			s += ":" + strconv.Itoa(c.Least)
		}
	}
	if c.Write == MayNot {
		return s
	}
	return s + "/" + string(c.Write)
}

// Tenant is the column of the tenant's page, which has no account.
const Tenant casework.Role = "tenant"

// Columns are the roles in the order of access.md.
var Columns = append(append([]casework.Role{}, casework.Roles...), Tenant)

// Row is one group of fields.
type Row struct {
	Group   string
	Words   string // in English
	Swedish string
	Closing Closing // where the identity is protected
	Line    int     // in access.md
	Cells   []Cell  // in the order of Columns
}

// Table is access.md. It is never changed after it was parsed.
type Table struct {
	Rows   []Row
	groups map[string]*Row
	fields map[string]map[string]*Row // kind, field
	kinds  map[string][]*Row          // the groups of a kind, each once
	across map[string]bool            // kinds of which something may cross the wall
	told   map[string]bool            // kinds of which one record may be told by itself
}

// Crosses says whether anything of a kind may be seen by another organisation.
func (t *Table) Crosses(kind string) bool { return t.across[kind] }

// Discloses says whether one record of a kind can be told to another organisation
// by itself, without consent.
func (t *Table) Discloses(kind string) bool { return t.told[kind] }

// Counted says from how many on another organisation's numbers of a group are told to a
// role as such, see [Few]; 0: none are told.
func (t *Table) Counted(group string, role casework.Role) int { return t.Cell(group, role).Least }

// LeastCounted is the same for whoever is told at all.
func (t *Table) LeastCounted(group string) (least int) {
	for _, role := range Columns {
		least = max(least, t.Counted(group, role))
	}
	return least
}

// Closes says whether a protected identity closes a group of fields.
func (t *Table) Closes(group string) bool {
	row := t.groups[group]
	return row != nil && row.Closing == Fetched
}

// Cell answers for a group and a role; never, when either is unknown.
func (t *Table) Cell(group string, role casework.Role) Cell {
	if row := t.groups[group]; row != nil {
		return row.cell(role)
	}
	return Cell{Read: Never}
}

func (r *Row) cell(role casework.Role) Cell {
	for i, column := range Columns {
		if column == role {
			return r.Cells[i]
		}
	}
	return Cell{Read: Never}
}

// index makes the look-ups, once.
func (t *Table) index() {
	t.groups = make(map[string]*Row, len(t.Rows))
	for i := range t.Rows {
		t.groups[t.Rows[i].Group] = &t.Rows[i]
	}
	t.fields = make(map[string]map[string]*Row, len(casework.Schema))
	t.kinds = make(map[string][]*Row, len(casework.Schema))
	t.across, t.told = map[string]bool{}, map[string]bool{}
	for _, kind := range casework.Schema {
		rows := make(map[string]*Row, len(kind.Fields))
		for _, field := range kind.Fields {
			row := t.groups[field.Group]
			rows[field.Name] = row
			if !slices.Contains(t.kinds[kind.Name], row) {
				t.kinds[kind.Name] = append(t.kinds[kind.Name], row)
			}
			if !kind.Counts && slices.ContainsFunc(row.Cells, func(c Cell) bool { return len(c.Cross) > 0 }) {
				t.across[kind.Name] = true
			}
			if slices.ContainsFunc(row.Cells, func(c Cell) bool { return slices.Contains(c.Cross, Disclosed) }) {
				t.told[kind.Name] = true
			}
		}
		t.fields[kind.Name] = rows
	}
}
