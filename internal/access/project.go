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

// may says whether the viewer may read what a cell stands for in a record of the organisation.
func (v Viewer) may(org string, cell Cell) bool {
	if v.Org == "" || org == "" || !v.holds(cell.Read) {
		return false
	}
	return v.Org == org || v.Through != nil && v.Through.opens(cell.Cross)
}

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
	return row != nil && v.may(org, row.cell(v.Role))
}

// Writes says whether the viewer may write a group of fields: of a record that
// they make (fresh), or of one that is there. Collect is not asked here; see Collects.
func (t *Table) Writes(v Viewer, org, group string, fresh bool) bool {
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
// read, with their versions. A field that the schema does not know is shown to
// nobody. Values are shared with the record: do not write into them.
func (t *Table) Project(v Viewer, record *server.State) server.Projection {
	var seen server.Projection
	rows := t.fields[record.Kind]
	for name, field := range record.Fields {
		row := rows[name]
		if row == nil || !v.may(record.Org, row.cell(v.Role)) {
			continue
		}
		if seen.Fields == nil {
			seen.Fields = make(map[string]json.RawMessage, len(record.Fields))
			seen.Versions = make(map[string]int64, len(record.Fields))
		}
		seen.Fields[name] = field.Value
		seen.Versions[name] = field.Version
	}
	seen.Visible = len(seen.Fields) > 0
	if seen.Visible && v.Org != record.Org {
		seen.Room = v.Through.Room
	}
	if record.Kind == "conflict" {
		return t.projectConflict(v, record, seen)
	}
	return seen
}

// projectConflict takes away the values of others when the viewer may not read
// the field that the conflict is about, and all of it when no value is their own.
func (t *Table) projectConflict(v Viewer, record *server.State, seen server.Projection) server.Projection {
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
		if v.may(org, row.cell(v.Role)) {
			return true
		}
	}
	return false
}
