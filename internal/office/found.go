package office

import (
	"crypto/sha256"
	"encoding/hex"

	"bokvar/internal/access"
	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// HandOn puts work that came after its author's access had ended into the
// lost-and-found: a record in the file that the work is about, of the author's own
// organisation, for those who have the file now. What was written for another
// organisation stays with the held commit alone.
func (o *Office) HandOn(tx server.Tx, author server.Author, commit wire.Commit, why *server.Refusal) ([]wire.Change, error) {
	if why.Code != wire.CodeScopeEnded && why.Code != wire.CodeHandedIn {
		return nil, nil
	}
	f, err := facts(tx)
	if err != nil {
		return nil, err
	}
	member, err := f.Member(author.Person)
	if err != nil || member == nil {
		return nil, err
	}
	var root, caseID string
	var changes []casework.FoundChange
	for _, c := range commit.Changes {
		if c.Org != author.Org {
			continue
		}
		r, of, err := o.fileOfLate(f, author, c)
		if err != nil {
			return nil, err
		}
		if may, err := o.mightWrite(f, member, c); err != nil || !may {
			if err != nil {
				return nil, err
			}
			continue
		}
		if root == "" {
			root = r
		}
		if caseID == "" && r == root {
			caseID = of
		}
		found := casework.FoundChange{Kind: c.Kind, Record: c.Record, Fields: map[string]casework.FoundWord{}}
		for name, set := range c.Fields {
			found.Fields[name] = casework.FoundWord{Value: set.Value, Base: set.Base}
		}
		changes = append(changes, found)
	}
	if root == "" || len(changes) == 0 {
		return nil, nil // about no file of theirs: the held commit is all there is
	}
	id := sha256.Sum256([]byte("found\x00" + author.Org + "\x00" + commit.ID))
	fields := map[string]any{"household": root, "by": author.Person, "received": o.now(), "changes": changes, "state": "open"}
	if caseID != "" {
		fields["case"] = caseID
	}
	if commit.At > 0 {
		fields["written"] = commit.At
	}
	change, err := Change(author.Org, "found", hex.EncodeToString(id[:16]), fields)
	return []wire.Change{change}, err
}

// mightWrite says whether somebody of the member's role may write the change at
// all. What they may not, nobody shall add to a file for them.
func (o *Office) mightWrite(f casework.Facts, m *casework.Member, c wire.Change) (bool, error) {
	kind := casework.KindOf(c.Kind)
	before, err := f.Record(c.Org, c.Record)
	if err != nil || kind == nil {
		return false, err
	}
	viewer := access.Viewer{Org: m.Org, Person: m.ID, Role: m.Role, InUnit: true, Assigned: true}
	for name := range c.Fields {
		field := casework.FieldOf(c.Kind, name)
		if field == nil || field.House || !o.access.Writes(viewer, c.Org, field.Group, before == nil) {
			return false, nil
		}
	}
	return true, nil
}

// fileOfLate is fileOf; what hangs on something that lies in the lost-and-found
// itself belongs to the same file. Work that was handed in counts only for a file
// that its author carries, or has carried.
func (o *Office) fileOfLate(f casework.Facts, author server.Author, c wire.Change) (root, caseID string, err error) {
	if root, caseID, err = fileOf(f, c); err != nil {
		return "", "", err
	}
	if root == "" {
		root, caseID, err = foundWith(f, author, c)
	}
	if err != nil || root == "" || !author.HandedIn {
		return root, caseID, err
	}
	for _, id := range []string{c.Record, caseID, root} {
		row, err := f.Inbox(author.Person, author.Org, id)
		if err != nil || row.Seq != 0 {
			return root, caseID, err
		}
	}
	return "", "", nil
}

// foundWith is the file of the author's found work that made the record, or that
// made what the change says it hangs on.
func foundWith(f casework.Facts, author server.Author, c wire.Change) (root, caseID string, err error) {
	all, err := f.RecordsOfKind(author.Org, "found")
	if err != nil {
		return "", "", err
	}
	hangsOn := text(c.Fields["contact"].Value)
	for _, found := range all {
		changes := object[[]casework.FoundChange](found.Fields["changes"].Value)
		if changes == nil || text(found.Fields["by"].Value) != author.Person {
			continue
		}
		for _, made := range *changes {
			if made.Record == c.Record || made.Record == hangsOn {
				return found.Root, text(found.Fields["case"].Value), nil
			}
		}
	}
	return "", "", nil
}

// fileOf is the household and the case that a change is about; "" for one that
// names none that is there.
func fileOf(f casework.Facts, c wire.Change) (root, caseID string, err error) {
	record, err := f.Record(c.Org, c.Record)
	if err != nil {
		return "", "", err
	}
	of := func(field string) string { return text(c.Fields[field].Value) }
	if record != nil {
		root = record.Root
		of = func(field string) string { return text(record.Fields[field].Value) }
		if record.Kind == "case" {
			caseID = record.ID
		}
	} else if kind := casework.KindOf(c.Kind); kind != nil && kind.Root != "" && kind.Root != "id" {
		root = of(kind.Root)
	}
	household, err := f.Record(c.Org, root)
	if err != nil || household == nil || household.Kind != "household" {
		return "", "", err
	}
	if caseID == "" {
		caseID = of("case")
	}
	there, err := f.Record(c.Org, caseID)
	if err != nil || there == nil || there.Kind != "case" || there.Root != root {
		caseID = ""
	}
	return root, caseID, err
}

// foundState judges what somebody does with found work.
func (a *admission) foundState() error {
	state, reason := text(a.change.Fields["state"].Value), text(a.change.Fields["reason"].Value)
	was := text(a.before.Fields["state"].Value)
	switch {
	case was == "attached" && state != "attached":
		return refuse(wire.CodeLocked, "Det är redan lagt till i ärendet. Skriv en rättelse där i stället.")
	case state == "open" && was != "open":
		return refuse(wire.CodeInvalid, "Det är redan omhändertaget.")
	case state == "dismissed" && reason == "":
		return refuse(wire.CodeInvalid, "Skriv varför det inte ska läggas till.")
	}
	return nil
}

// found keeps who has taken care of found work, and adds it to the file when they
// say so: as it was written, on the versions that it was written on, so that
// what has changed since is settled as always.
func (w *work) found(c server.Changed) error {
	state := text(c.After.Fields["state"].Value)
	if c.Before == nil || !differs(c, "state") || state == "open" {
		return nil
	}
	err := w.set(c.After.Org, "found", c.After.ID, c.After, map[string]any{"settled": casework.Seen{By: w.author.Person, At: w.now}})
	if err != nil || state != "attached" {
		return err
	}
	changes := object[[]casework.FoundChange](c.After.Fields["changes"].Value)
	if changes == nil {
		return nil
	}
	for _, change := range *changes {
		if err := w.attach(c.After.Org, change); err != nil {
			return err
		}
	}
	return nil
}

// attach writes one change of found work, with all that follows from it.
func (w *work) attach(org string, found casework.FoundChange) error {
	before, err := w.f.Record(org, found.Record)
	if err != nil {
		return err
	}
	change := wire.Change{Org: org, Kind: found.Kind, Record: found.Record, Fields: map[string]wire.Set{}}
	for name, word := range found.Fields {
		change.Fields[name] = wire.Set{Value: word.Value, Base: word.Base}
	}
	if err := w.apply(change); err != nil {
		return err
	}
	after, err := w.f.Record(org, found.Record)
	if err != nil || after == nil || after == before {
		return err
	}
	return w.one(server.Changed{Before: before, After: after})
}
