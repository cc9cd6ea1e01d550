package office

import (
	"encoding/json"

	"bokvar/internal/access"
	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// standing is what access to one root is decided from, read once per record.
type standing struct {
	units     []casework.RootUnit
	assigned  []casework.Assignment
	protected bool // the identity of those whom the root is about
}

func readStanding(f casework.Facts, org, root string) (standing, error) {
	if root == "" {
		return standing{}, nil
	}
	units, err := f.RootUnits(org, root)
	if err != nil {
		return standing{}, err
	}
	assigned, err := f.Assignments(org, root)
	if err != nil {
		return standing{}, err
	}
	protected, err := f.Protected(org, root)
	return standing{units, assigned, protected}, err
}

// link is how a record hangs together with cases and contacts.
type link struct {
	kind      string
	caseID    string // the case it belongs to; "": all of the root's
	contact   string // the contact it belongs to
	ofContact bool   // a record of this kind belongs to a contact, or could
	author    string // who wrote it, where the kind says so
	called    []string
}

func linkOf(f casework.Facts, record *server.State) (link, error) {
	if record.Kind == "conflict" {
		target, err := f.Record(record.Org, text(record.Fields["record"].Value))
		if err != nil {
			return link{}, err
		}
		if target == nil || target.Kind == "conflict" {
			return link{kind: record.Kind, caseID: "-", contact: "-", ofContact: true}, nil // about nothing: for nobody
		}
		return linkOf(f, target)
	}
	l := link{
		kind:    record.Kind,
		caseID:  text(record.Fields["case"].Value),
		contact: text(record.Fields["contact"].Value),
		author:  text(record.Fields["by"].Value),
	}
	switch record.Kind {
	case "case":
		l.caseID = record.ID
	case "contact":
		l.contact, l.ofContact = record.ID, true
	case "note", "photo", "concern", "consent_mark":
		l.ofContact = true
	case "alert":
		l.called = texts(record.Fields["people"].Value)
	}
	return l, nil
}

// reader describes a member as a reader of a record: the conditions of access.md
// at the instant. active says which assignments count.
func (s standing) reader(m *casework.Member, l link, active func(casework.Assignment) bool) access.Viewer {
	return access.Viewer{
		Org: m.Org, Person: m.ID, Role: m.Role, Protected: s.protected,
		InUnit:   s.inUnit(m, l, func(casework.RootUnit) bool { return true }),
		Assigned: s.isAssigned(m.ID, l, active),
	}
}

// inUnit says whether the unit of the record's case is one of the member's.
func (s standing) inUnit(m *casework.Member, l link, counts func(casework.RootUnit) bool) bool {
	for _, person := range l.called {
		if person == m.ID {
			return true
		}
	}
	any := false
	for _, u := range s.units {
		mine := m.WorksIn(u.Unit) && counts(u)
		if l.caseID != "" && u.Record == l.caseID {
			return mine
		}
		any = any || mine
	}
	return any && l.caseID != "-"
}

// isAssigned says whether the person is named as access.md asks for the record.
func (s standing) isAssigned(person string, l link, active func(casework.Assignment) bool) bool {
	if l.ofContact && l.contact == "" && l.author != person {
		return false
	}
	for _, a := range s.assigned {
		if a.Person != person || !active(a) {
			continue
		}
		if !l.ofContact || l.contact == "" || a.Contact == l.contact {
			return true
		}
	}
	return false
}

// knows says whether the contact has assignments at all, now or before.
func (s standing) knows(contact string) bool {
	for _, a := range s.assigned {
		if a.Contact == contact {
			return true
		}
	}
	return false
}

// activeAt counts assignments that have not ended at the instant.
func activeAt(ms int64) func(casework.Assignment) bool {
	return func(a casework.Assignment) bool { return a.Until == 0 || a.Until > ms }
}

// text is the string in a JSON value, "" when there is none.
func text(raw json.RawMessage) string {
	if n := len(raw); n >= 2 && raw[0] == '"' {
		plain := raw[1 : n-1]
		for _, b := range plain {
			if b == '\\' {
				var s string
				if json.Unmarshal(raw, &s) != nil {
					return ""
				}
				return s
			}
		}
		return string(plain)
	}
	return ""
}

func texts(raw json.RawMessage) []string {
	var list []string
	if len(raw) == 0 || json.Unmarshal(raw, &list) != nil {
		return nil
	}
	return list
}

// number is the whole number in a JSON value, 0 when there is none.
func number(raw json.RawMessage) int64 {
	var n int64
	if len(raw) == 0 || json.Unmarshal(raw, &n) != nil {
		return 0
	}
	return n
}

func truth(raw json.RawMessage) bool { return string(raw) == "true" }

// object reads a JSON value as T; nil when there is none.
func object[T any](raw json.RawMessage) *T {
	var value T
	if casework.IsNull(raw) || json.Unmarshal(raw, &value) != nil {
		return nil
	}
	return &value
}
