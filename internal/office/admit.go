package office

import (
	"encoding/json"

	"bokvar/internal/access"
	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// Admit judges one change: that its kind and fields are known, that the author
// may read and write what it touches, and that its values and what they point
// at can be right. What is not there and what is not the author's is one answer.
// A consent is never refused, only held.
func (o *Office) Admit(tx server.Tx, author server.Author, change wire.Change, before *server.State) (string, error) {
	f, err := facts(tx)
	if err != nil {
		return "", err
	}
	a := &admission{Office: o, f: f, author: author, change: change, before: before, org: change.Org}
	if a.org == "" {
		a.org = author.Org
	}
	root, err := a.judge()
	if refusal, ok := err.(*server.Refusal); ok && refusal.Code == wire.CodeNotFound {
		root = "" // it belongs to nothing that we know: it stays with its author's organisation
	}
	if casework.Collectable(change.Kind) {
		err = neverRefused(err)
	}
	return root, err
}

// neverRefused holds what would be refused, except from those who may not do it at all.
func neverRefused(err error) error {
	refusal, ok := err.(*server.Refusal)
	if !ok || refusal.Status != wire.Refused || refusal.Code == wire.CodeNotAllowed {
		return err
	}
	return &server.Refusal{Status: wire.Held, Code: refusal.Code, Sentence: refusal.Sentence}
}

// admission is one change on its way in.
type admission struct {
	*Office
	f      casework.Facts
	author server.Author
	change wire.Change
	before *server.State
	org    string // the owner
	kind   *casework.Kind
	member *casework.Member // the author; nil for the house
	root   string
	late   bool // it came when it was too late: held, if nothing else is wrong with it
	untold bool // the author's device did not know yet that the identity is protected
	standing
}

func (a *admission) judge() (string, error) {
	if err := a.known(); err != nil {
		return "", err
	}
	if a.before != nil {
		a.root = a.before.Root
	} else if a.root = a.rootOfNew(); a.root == "" && a.kind.Root != "" && !a.author.HandedIn {
		return "", notFound() // a change of what is there and not the author's looks the same
	}
	if a.author.Device == server.House {
		return a.root, a.values()
	}
	member, err := a.f.Member(a.author.Person)
	if err != nil {
		return "", err
	}
	if member == nil || !member.Active && !a.author.HandedIn || member.Org != a.author.Org {
		return "", notFound()
	}
	a.member = member
	if a.author.HandedIn && a.org == a.author.Org && !casework.Collectable(a.kind.Name) {
		return a.handedIn()
	}
	if a.access.Collects(member.Role, a.kind.Name) {
		return a.root, a.collected()
	}
	if a.org != a.author.Org {
		if casework.Collectable(a.kind.Name) {
			return "", notAllowed() // somebody whose role collects no consents
		}
		return "", notFound()
	}
	if a.standing, err = readStanding(a.f, a.org, a.root); err != nil {
		return "", err
	}
	if a.untold, err = a.beforeProtection(); err != nil {
		return "", err
	}
	if a.before != nil {
		err = a.existing()
	} else {
		err = a.fresh()
	}
	if err == nil && a.late {
		err = &server.Refusal{Status: wire.Held, Code: wire.CodeScopeEnded, Sentence: wire.Sentences[wire.CodeScopeEnded]}
	}
	return a.root, err
}

// known holds what a newer app may know and this server does not.
func (a *admission) known() error {
	a.kind = casework.KindOf(a.change.Kind)
	if a.kind == nil {
		return tooOld()
	}
	for field := range a.change.Fields {
		if !a.kind.Has(field) {
			return tooOld()
		}
	}
	if casework.ValidateID(a.change.Record) != nil {
		return refuse(wire.CodeInvalid, "Uppgiften saknar ett giltigt märke.")
	}
	if a.before != nil && a.before.Kind != a.change.Kind {
		return notFound()
	}
	return nil
}

func (a *admission) rootOfNew() string {
	switch a.kind.Root {
	case "":
		return ""
	case "id":
		return a.change.Record
	}
	return text(a.change.Fields[a.kind.Root].Value)
}

// existing judges a change of a record that is there.
func (a *admission) existing() error {
	l, err := linkOf(a.f, a.before)
	if err != nil {
		return err
	}
	viewer := a.reader(a.member, l, activeAt(a.now()))
	if !a.access.SeesKind(viewer, a.org, a.kind.Name) {
		if viewer, err = a.then(viewer, a.before.ID); err != nil {
			return err
		}
		if !a.access.SeesKind(viewer, a.org, a.kind.Name) {
			return notFound()
		}
	}
	if a.kind.AppendOnly {
		return a.unchanged()
	}
	for field, set := range a.change.Fields {
		if field == a.kind.Root && text(set.Value) != a.root {
			return refuse(wire.CodeNotAllowed, "En uppgift kan inte flyttas till ett annat hushåll.")
		}
		if !a.mayWrite(viewer, field, false) {
			return notAllowed()
		}
	}
	if a.kind.Name == "conflict" {
		if err := a.choice(viewer); err != nil {
			return err
		}
	}
	return a.content()
}

// unchanged takes an append-only record that comes again as it was.
func (a *admission) unchanged() error {
	for field, set := range a.change.Fields {
		if !equal(set.Value, a.before.Fields[field].Value) {
			return locked()
		}
	}
	return nil
}

// fresh judges a record that is made.
func (a *admission) fresh() error {
	record := &server.State{Org: a.org, ID: a.change.Record, Kind: a.kind.Name, Root: a.root, Fields: map[string]server.Field{}}
	for field, set := range a.change.Fields {
		record.Fields[field] = server.Field{Value: set.Value}
	}
	viewer, err := a.maker(record)
	if err != nil {
		return err
	}
	if !a.access.SeesKind(viewer, a.org, a.kind.Name) {
		if record.Kind == "contact" && !a.among(record) {
			return notFound()
		}
		if viewer, err = a.then(viewer, a.above(record)); err != nil {
			return err
		}
		if !a.access.SeesKind(viewer, a.org, a.kind.Name) {
			return notFound()
		}
	}
	for field := range a.change.Fields {
		if !a.mayWrite(viewer, field, true) {
			return notAllowed()
		}
	}
	if !a.mayMake(viewer) {
		return notAllowed()
	}
	return a.content()
}

// maker describes the author as a reader of the record that they make. A root
// that no unit works with yet belongs to the unit of whoever begins its file;
// what is made for a contact of the same commit belongs to those named on it.
func (a *admission) maker(record *server.State) (access.Viewer, error) {
	l, err := linkOf(a.f, record)
	if err != nil {
		return access.Viewer{}, err
	}
	active := activeAt(a.now())
	viewer := a.reader(a.member, l, active)
	if len(a.units) == 0 && a.root != "" {
		viewer.InUnit = true
	}
	switch {
	case record.Kind == "contact":
		viewer.Assigned = a.isAssigned(a.member.ID, link{}, active) && a.among(record)
	case l.ofContact && l.contact != "" && !a.knows(l.contact):
		made, err := a.f.Record(a.org, l.contact)
		if err != nil {
			return viewer, err
		}
		viewer.Assigned = made != nil && made.Kind == "contact" && made.Root == a.root &&
			has(texts(made.Fields["people"].Value), a.member.ID)
	}
	return viewer, nil
}

// among says whether the author is named on the contact, or plans for others.
func (a *admission) among(contact *server.State) bool {
	return access.ScopeOf(a.member.Role) != access.CarriesAssigned || has(texts(contact.Fields["people"].Value), a.member.ID)
}

// mayMake says whether the author may write what such a record cannot do without.
func (a *admission) mayMake(viewer access.Viewer) bool {
	for _, field := range a.kind.Fields {
		if field.Required && !a.mayWrite(viewer, field.Name, true) {
			return false
		}
	}
	return a.kind.Name != "alert" && a.kind.Name != "conflict" && a.kind.Name != "found" // the server raises these
}

func (a *admission) mayWrite(viewer access.Viewer, field string, fresh bool) bool {
	f := casework.FieldOf(a.kind.Name, field)
	viewer.Fetching = a.untold || a.late
	return !f.House && a.access.Writes(viewer, a.org, f.Group, fresh)
}

// choice judges the settling of a conflict: by somebody who may write the field
// it is about, for one of its versions or both.
func (a *admission) choice(viewer access.Viewer) error {
	if !a.access.Writes(viewer, a.org, access.ConflictGroup(a.before), false) {
		return notAllowed()
	}
	chosen := text(a.change.Fields["choice"].Value)
	if chosen == "both" {
		return nil
	}
	var versions []casework.ConflictVersion
	if err := json.Unmarshal(a.before.Fields["versions"].Value, &versions); err != nil {
		return err
	}
	for _, version := range versions {
		if version.Commit == chosen {
			return nil
		}
	}
	return refuse(wire.CodeInvalid, "Välj ett av svaren.")
}
