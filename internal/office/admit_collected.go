package office

import (
	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// collected judges a consent, a signature or a withdrawal that is made on behalf
// of the unit that owns it, in the author's organisation or another.
func (a *admission) collected() error {
	if a.before != nil {
		return a.collectedBefore()
	}
	for field := range a.change.Fields {
		if casework.FieldOf(a.kind.Name, field).House {
			return refuse(wire.CodeInvalid, "En av uppgifterna skriver servern själv.")
		}
	}
	if err := a.values(); err != nil {
		return err
	}
	if a.kind.Name == "signature" || a.kind.Name == "paper_photo" {
		return a.signs()
	}
	if err := a.ownedBy(text(a.change.Fields["unit"].Value)); err != nil {
		return err
	}
	if a.kind.Name == "withdrawal" {
		return a.withdraws()
	}
	return nil
}

// withdraws judges what a withdrawal is of: a file by its handle, or a case of the
// author's organisation that they read, or have carried. It only closes, so it is
// never too late for it.
func (a *admission) withdraws() error {
	id := text(a.change.Fields["case"].Value)
	if id == "" && text(a.change.Fields["handle"].Value) == "" {
		return refuse(wire.CodeInvalid, "Det står inte vilket samtycke som återkallas. Ring enheten, så skriver de in det.")
	}
	if id == "" {
		return nil
	}
	c, err := a.f.Record(a.org, id)
	if err != nil {
		return err
	}
	if a.org != a.author.Org || c == nil || c.Kind != "case" {
		return notFound()
	}
	if sees, err := a.sees(c); err != nil || sees {
		return err
	}
	row, err := a.f.Inbox(a.author.Person, a.org, id)
	if err == nil && row.Seq == 0 {
		err = notFound()
	}
	return err
}

// collectedBefore takes again what the author has handed in already, and is
// locked for those who may read it.
func (a *admission) collectedBefore() error {
	mine := wrote(a.before, a.author.Person)
	if !mine {
		sees, err := a.sees(a.before)
		if err != nil {
			return err
		}
		if !sees {
			return notFound()
		}
	}
	if mine && a.kind.Name == "withdrawal" {
		return a.opened()
	}
	return a.unchanged()
}

// opened takes what was inside the seal of a withdrawal that has counted since it was
// handed in: who said it and who heard it, once, from its author.
func (a *admission) opened() error {
	if err := a.values(); err != nil {
		return err
	}
	for field, set := range a.change.Fields {
		was := a.before.Fields[field].Value
		written := (field == "name" || field == "heard") && casework.IsNull(was)
		if !written && !equal(set.Value, was) {
			return locked()
		}
	}
	return nil
}

// signs looks for the giving that a signature or a picture is under: the author's own, or one they may read.
func (a *admission) signs() error {
	giving, err := a.f.Record(a.org, a.root)
	if err != nil {
		return err
	}
	if giving == nil || giving.Kind != "giving" {
		return notFound()
	}
	if wrote(giving, a.author.Person) {
		return nil
	}
	sees, err := a.sees(giving)
	if err == nil && !sees {
		err = notFound()
	}
	return err
}

// sees says whether the author may read something of a record of their own organisation.
func (a *admission) sees(record *server.State) (bool, error) {
	seen, err := a.See(a.f, a.member.ID, record)
	return seen.Visible, err
}

// ownedBy judges the unit that a consent goes to: one of the author's own
// organisation, when that is social services, or the one that the agreement names.
func (a *admission) ownedBy(unit string) error {
	if a.org == a.author.Org {
		own, err := a.f.Organisation(a.org)
		if err != nil {
			return err
		}
		if own == nil || own.Kind != casework.SocialServices {
			return notFound()
		}
		return a.isUnit(a.org, unit)
	}
	agreements, err := a.f.RecordsOfKind(a.author.Org, "agreement")
	if err != nil {
		return err
	}
	for _, agreement := range agreements {
		if text(agreement.Fields["social_org"].Value) == a.org && text(agreement.Fields["unit"].Value) == unit {
			return nil
		}
	}
	return notFound()
}

// wrote says whether the person made the append-only record.
func wrote(record *server.State, person string) bool {
	for name, field := range record.Fields {
		if f := casework.FieldOf(record.Kind, name); f != nil && !f.House {
			return field.By == person
		}
	}
	return false
}
