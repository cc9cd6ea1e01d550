package office

import (
	"bytes"

	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// Follow works out what follows from a commit: who works with a root and who is
// named on its contacts, evictions and alarms from notices, contacts that are
// not needed any more, and the derived fields of cases.
func (o *Office) Follow(tx server.Tx, author server.Author, changed []server.Changed, apply func(wire.Change) error) error {
	f, err := facts(tx)
	if err != nil {
		return err
	}
	w := &work{Office: o, f: f, author: author, apply: apply, changed: changed, now: o.now(), began: map[string]bool{}, judged: map[fileName]bool{}}
	for _, c := range changed {
		if c.Before == nil && c.After.Root == c.After.ID {
			w.began[c.After.ID] = true
		}
	}
	for _, c := range changed {
		if err := w.one(c); err != nil {
			return err
		}
	}
	for _, file := range w.files {
		if err := w.derive(file); err != nil {
			return err
		}
	}
	return w.settleConsents()
}

// work is the consequences of one commit.
type work struct {
	*Office
	f       casework.Facts
	author  server.Author
	apply   func(wire.Change) error
	changed []server.Changed
	now     int64
	began   map[string]bool // roots that the commit made
	files   []*file         // roots whose derived fields may have changed

	judged   map[fileName]bool // files of consents that the commit touched
	consents []fileName        // the same, in order
}

// file is a household's root in a commit.
type file struct {
	org, root string
	settled   map[string]bool // cases with claims that were paid or removed just now
	owed      map[string]bool // cases with claims that became open just now
}

func (w *work) one(c server.Changed) error {
	switch c.After.Kind {
	case "household":
		w.touches(c, "children", "disability", "moved_in")
		return w.protectedNow(c)
	case "person":
		w.touches(c, "born", "personal_number", "position")
		if err := w.child(c); err != nil {
			return err
		}
		return w.adults(c)
	case "case":
		w.touches(c, "status", "eviction_at", "first_time_late", "reason")
		return w.caseUnit(c)
	case "claim":
		w.claim(c)
	case "contact":
		w.touches(c, "outcome", "case")
		return w.contactPeople(c)
	case "eviction":
		return w.eviction(c)
	case "notice":
		return w.notice(c)
	case "found":
		return w.found(c)
	case "giving", "signature", "withdrawal", "confirmation", "case_link", "consent_mark":
		return w.consentFollows(c)
	case "notice_sent":
		return w.sent(c)
	case "disclosure":
		return w.disclosure(c)
	case "secrecy_approval":
		return w.secrecy(c)
	case "agreement":
		return w.agreed(c)
	case "translation":
		return w.languages(c.After.Org)
	}
	return nil
}

// touches notes the root when one of the fields changed.
func (w *work) touches(c server.Changed, fields ...string) {
	for _, field := range fields {
		if differs(c, field) {
			w.file(c.After)
			return
		}
	}
}

// child writes on the household that a child lives there, when somebody becomes one of
// it: that decides who comes first. What becomes of it later is for people to say.
func (w *work) child(c server.Changed) error {
	if !differs(c, "position") || text(c.After.Fields["position"].Value) != "child" {
		return nil
	}
	household, err := w.f.Record(c.After.Org, c.After.Root)
	if err != nil || household == nil || household.Kind != "household" || truth(household.Fields["children"].Value) {
		return err
	}
	return w.set(household.Org, household.Kind, household.ID, household, map[string]any{"children": true})
}

// claim notes the root, and which way the claim went.
func (w *work) claim(c server.Changed) {
	for _, field := range []string{"state", "capital", "costs", "as_of", "case", "due_month"} {
		if !differs(c, field) {
			continue
		}
		file, of := w.file(c.After), text(c.After.Fields["case"].Value)
		if differs(c, "state") {
			if text(c.After.Fields["state"].Value) == "open" {
				file.owed[of] = true
			} else {
				file.settled[of] = true
			}
		}
		return
	}
}

func (w *work) file(record *server.State) *file {
	for _, each := range w.files {
		if each.org == record.Org && each.root == record.Root {
			return each
		}
	}
	made := &file{org: record.Org, root: record.Root, settled: map[string]bool{}, owed: map[string]bool{}}
	w.files = append(w.files, made)
	return made
}

// set writes fields of a record as the house, and only those that differ from
// what is there. record is nil for a new one.
func (w *work) set(org, kind, id string, record *server.State, fields map[string]any) error {
	if record == nil {
		record = &server.State{Org: org, Kind: kind, ID: id}
	}
	change, err := changeOf(record, fields)
	if err != nil {
		return err
	}
	if len(change.Fields) == 0 {
		return nil
	}
	return w.apply(change)
}

// differs says whether the commit changed the field's value.
func differs(c server.Changed, field string) bool {
	after := c.After.Fields[field].Value
	if c.Before == nil {
		return !casework.IsNull(after)
	}
	before := c.Before.Fields[field].Value
	return !bytes.Equal(before, after) && !(casework.IsNull(before) && casework.IsNull(after))
}
