package access

import (
	"encoding/json"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// Viewer is a person as a viewer of one record: who they are, and the
// conditions that hold between them and the record now.
type Viewer struct {
	Org, Person string
	Role        casework.Role
	InUnit      bool // the record's unit is one of theirs
	Assigned    bool // named on the record's contact; see access.md
	Protected   bool // the identity of those whom the record's file is about is protected
	Fetching    bool // and the viewer has said why they need it, now; see Table.Fetches

	// Through is how a record of another organisation is reached; InUnit and
	// Assigned are then about the viewer's own case in the room. nil: not at all.
	Through *Crossing
}

// Crossing is what holds between a viewer's organisation and one record of another.
type Crossing struct {
	Room        string // two linked cases
	Consent     bool   // see access.md for what makes each of these true
	Notice      bool
	AfterNotice bool
	Disclosed   bool
}

// opens says whether one of the words of a cell holds.
func (c *Crossing) opens(words []Read) bool {
	for _, word := range words {
		switch word {
		case Consent:
			if c.Consent {
				return true
			}
		case Notice:
			if c.Notice {
				return true
			}
		case AfterNotice:
			if c.AfterNotice || c.Consent {
				return true
			}
		case Disclosed:
			if c.Disclosed {
				return true
			}
		}
	}
	return false
}

// may says whether the viewer may read what a row stands for in a record of the organisation.
func (v Viewer) may(org string, row *Row) bool {
	cell := row.cell(v.Role)
	if v.Org == "" || org == "" || !v.holds(cell.Read) || v.closed(row) {
		return false
	}
	return v.Org == org || v.Through != nil && v.Through.opens(cell.Cross)
}

// closed says whether a protected identity keeps the row from the viewer.
func (v Viewer) closed(row *Row) bool { return v.Protected && !v.Fetching && row.Closing == Fetched }

// Class names what decides a projection: viewers of one record with equal
// classes get equal projections.
func (v Viewer) Class() string {
	class := string(v.Role)
	if v.InUnit {
		class += "+unit"
	}
	if v.Assigned {
		class += "+assigned"
	}
	if v.Protected {
		class += "+protected"
	}
	if c := v.Through; c != nil {
		class += "@" + v.Org + "@" + c.Room
		for i, holds := range []bool{c.Consent, c.Notice, c.AfterNotice, c.Disclosed} {
			if holds {
				class += "cnad"[i : i+1]
			}
		}
	}
	return class
}

// holds says whether the condition of a word holds for the viewer.
func (v Viewer) holds(word Read) bool {
	switch word {
	case Yes:
		return true
	case Assigned:
		return v.Assigned
	case OwnUnit:
		return v.InUnit
	}
	return false
}

// Reads says whether the viewer may read a group of fields of a record of the organisation.
func (t *Table) Reads(v Viewer, org, group string) bool {
	row := t.groups[group]
	return row != nil && v.may(org, row)
}

// Fetches says whether the viewer may fetch what a protected identity closes in a
// file of the organisation, as far as the cells let them read it: who may write
// down why. A viewer who has done so is Fetching.
func (t *Table) Fetches(v Viewer, org string) bool {
	return t.Writes(v, org, "protected_reading", true)
}

// Writes says whether the viewer may write a group of fields: of a record that
// they make (fresh), or of one that is there. What a protected identity closes is
// written by those who may fetch it. Collect is not asked here; see Collects.
func (t *Table) Writes(v Viewer, org, group string, fresh bool) bool {
	if row := t.groups[group]; row != nil && v.closed(row) {
		v.Fetching = t.Fetches(v, org)
	}
	if v.Org != org || !t.Reads(v, org, group) { // nobody writes another's record
		return false
	}
	write := t.groups[group].cell(v.Role).Write
	return write == Change || fresh && write == Append
}

// Collects says whether the role may make a record of the kind on behalf of the
// unit that owns it, in its own organisation or another.
func (t *Table) Collects(role casework.Role, kind string) bool {
	k := casework.KindOf(kind)
	if k == nil || !casework.Collectable(kind) {
		return false
	}
	for _, field := range k.Fields {
		if !field.House && t.Cell(field.Group, role).Write != Collect {
			return false
		}
	}
	return true
}

// Project answers what the viewer sees of a record: the fields that they may
// read. A field that the schema does not know is shown to
// nobody. Values are shared with the record: do not write into them.
func (t *Table) Project(v Viewer, record *server.State) server.Projection {
	var seen server.Projection
	rows := t.fields[record.Kind]
	for name, field := range record.Fields {
		row := rows[name]
		if row == nil || !v.may(record.Org, row) {
			continue
		}
		if seen.Fields == nil {
			seen.Fields = make(map[string]json.RawMessage, len(record.Fields))
		}
		seen.Fields[name] = field.Value
	}
	seen.Visible = len(seen.Fields) > 0
	if seen.Visible && v.Org != record.Org {
		seen.Room = v.Through.Room
	}
	switch {
	case record.Kind == "conflict":
		return t.projectConflict(v, record, seen)
	case record.Kind == "found" && v.Protected && !v.Fetching:
		return t.projectFound(v, seen)
	}
	return seen
}

// projectFound takes what a protected identity closes out of work that lies in the
// lost-and-found, and all of that work when it cannot be read.
func (t *Table) projectFound(v Viewer, seen server.Projection) server.Projection {
	raw, shown := seen.Fields["changes"]
	if !shown {
		return seen
	}
	var changes []casework.FoundChange
	if json.Unmarshal(raw, &changes) != nil {
		changes = nil
	}
	for _, change := range changes {
		rows := t.fields[change.Kind]
		for name := range change.Fields {
			if row := rows[name]; row == nil || v.closed(row) {
				delete(change.Fields, name)
			}
		}
	}
	value, err := json.Marshal(changes)
	if err != nil {
		return server.Projection{}
	}
	seen.Fields["changes"] = value
	return seen
}

// projectConflict takes away the values of others when the viewer may not read
// the field that the conflict is about, and all of it when no value is their own,
// or when a protected identity closes the field.
func (t *Table) projectConflict(v Viewer, record *server.State, seen server.Projection) server.Projection {
	if row := t.groups[ConflictGroup(record)]; row != nil && v.closed(row) {
		return server.Projection{}
	}
	if !seen.Visible || t.Reads(v, record.Org, ConflictGroup(record)) {
		return seen
	}
	var versions, own []casework.ConflictVersion
	if json.Unmarshal(seen.Fields["versions"], &versions) != nil {
		return server.Projection{}
	}
	for _, version := range versions {
		if version.By == v.Person {
			own = append(own, version)
		}
	}
	if len(own) == 0 {
		return server.Projection{}
	}
	value, err := json.Marshal(own)
	if err != nil {
		return server.Projection{}
	}
	seen.Fields["versions"] = value
	return seen
}

// ConflictGroup is the group of the field that a conflict is about; empty when
// the schema does not know it.
func ConflictGroup(conflict *server.State) string {
	var kind, field string
	if json.Unmarshal(conflict.Fields["kind"].Value, &kind) != nil || json.Unmarshal(conflict.Fields["field"].Value, &field) != nil {
		return ""
	}
	if f := casework.FieldOf(kind, field); f != nil {
		return f.Group
	}
	return ""
}

// SeesKind says whether the viewer may read some group of fields of a record of
// the kind; cheaper than a projection.
func (t *Table) SeesKind(v Viewer, org, kind string) bool {
	for _, row := range t.kinds[kind] {
		if v.may(org, row) {
			return true
		}
	}
	return false
}
