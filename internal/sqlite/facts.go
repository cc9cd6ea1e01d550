package sqlite

import (
	"slices"
	"strings"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// Members lists an organisation's people.
func (tx *Tx) Members(org string) ([]casework.Member, error) {
	return tx.db.people.Load().byOrg[org], nil
}

// Member is nil when unknown.
func (tx *Tx) Member(id string) (*casework.Member, error) {
	return tx.db.people.Load().member(id), nil
}

// Organisation is nil when unknown.
func (tx *Tx) Organisation(id string) (*casework.Organisation, error) {
	for _, o := range tx.db.people.Load().organisations {
		if o.ID == id {
			return &o, nil
		}
	}
	return nil, nil
}

// RootUnits lists which units work with the root. Never write into the list.
func (tx *Tx) RootUnits(org, root string) (out []casework.RootUnit, err error) {
	if known, ok := tx.warm.units[rootKey{org, root}]; ok {
		return known, nil
	}
	err = tx.c.rootUnits.each(func(r row) {
		out = append(out, casework.RootUnit{Org: org, Root: root, Record: r.text(0), Unit: r.text(1), Closed: r.num(2)})
	}, org, root)
	if err == nil {
		tx.warm.keepUnits(rootKey{org, root}, out)
	}
	return slices.Clip(out), err
}

// PutRootUnit replaces the one of the same organisation, root and record.
func (tx *Tx) PutRootUnit(u casework.RootUnit) error {
	if !tx.writes {
		return errReadOnly
	}
	delete(tx.warm.units, rootKey{u.Org, u.Root})
	return tx.exec(tx.c.putRootUnit, u.Org, u.Root, u.Record, u.Unit, u.Closed)
}

// Assignments lists who is named on the root's contacts. Never write into the list.
func (tx *Tx) Assignments(org, root string) (out []casework.Assignment, err error) {
	if known, ok := tx.warm.assigned[rootKey{org, root}]; ok {
		return known, nil
	}
	err = tx.c.assignments.each(func(r row) {
		out = append(out, casework.Assignment{Org: org, Root: root, Contact: r.text(0), Person: r.text(1), Planned: r.num(2), Until: r.num(3)})
	}, org, root)
	if err == nil {
		tx.warm.keepAssigned(rootKey{org, root}, out)
	}
	return slices.Clip(out), err
}

// PutAssignments replaces those of the contact.
func (tx *Tx) PutAssignments(org, root, contact string, as []casework.Assignment) error {
	if !tx.writes {
		return errReadOnly
	}
	delete(tx.warm.assigned, rootKey{org, root})
	if err := tx.exec(tx.c.dropAssignments, org, root, contact); err != nil {
		return err
	}
	for _, a := range as {
		if err := tx.exec(tx.c.putAssignment, org, root, contact, a.Person, a.Planned, a.Until); err != nil {
			return err
		}
	}
	return nil
}

// RecordsOf lists the records of one root; kind "" lists all.
func (tx *Tx) RecordsOf(org, root, kind string) ([]*server.State, error) {
	if kind == "" {
		return tx.records(org, tx.c.recordsOfRoot, org, root)
	}
	return tx.records(org, tx.c.recordsOfRootKind, org, root, kind)
}

// RecordsOfKind lists an organisation's records of one kind.
func (tx *Tx) RecordsOfKind(org, kind string) ([]*server.State, error) {
	if kind == "note" { // no index holds them
		return tx.records(org, tx.c.notes, org)
	}
	return tx.records(org, tx.c.recordsOfKind, org, kind)
}

func (tx *Tx) records(org string, s *stmt, args ...any) (out []*server.State, err error) {
	var sealed [][]byte
	err = s.each(func(r row) {
		out = append(out, &server.State{Org: org, ID: r.text(0), Kind: r.text(1), Root: r.text(2)})
		sealed = append(sealed, r.blob(3))
	}, args...)
	for i := 0; i < len(out) && err == nil; i++ {
		out[i], err = tx.open(out[i], sealed[i])
	}
	return out, err
}

// IDsOf lists the ids of the records of one root, without opening any.
func (tx *Tx) IDsOf(org, root string) ([]string, error) { return tx.strings(tx.c.idsOfRoot, org, root) }

// IDsOfUnit is IDsOf for all the roots of RootsOfUnit, by root.
func (tx *Tx) IDsOfUnit(org, unit string, closedAfter int64) (map[string][]string, error) {
	ids := map[string][]string{}
	err := tx.c.idsOfUnit.each(func(r row) { // a root with several cases in the unit comes once for each
		if root := r.text(0); ids[root] == nil {
			ids[root] = strings.Fields(r.text(1)) // no id holds a space
		}
	}, org, unit, closedAfter)
	return ids, err
}

// RootsOfUnit lists roots that a unit works with, open or closed after the instant.
func (tx *Tx) RootsOfUnit(org, unit string, closedAfter int64) ([]string, error) {
	return tx.strings(tx.c.rootsOfUnit, org, unit, closedAfter)
}

// RootsOfPerson lists roots where the person is named on a contact planned
// between the instants, or without a plan, and whose Until is not past.
func (tx *Tx) RootsOfPerson(person string, from, to int64) ([]string, error) {
	return tx.strings(tx.c.rootsOfPerson, person, from, to, tx.db.clock().UnixMilli())
}

// RootsNaming lists roots where the person is or was named on a contact.
func (tx *Tx) RootsNaming(person string) ([]string, error) {
	return tx.strings(tx.c.rootsNaming, person)
}

func (tx *Tx) strings(s *stmt, args ...any) (out []string, err error) {
	err = s.each(func(r row) { out = append(out, r.text(0)) }, args...)
	return out, err
}

// ScopeDay is the day for which the person's device scope was last worked out.
func (tx *Tx) ScopeDay(person string) (string, error) {
	c, err := tx.counter(person)
	if err != nil {
		return "", err
	}
	return c.scopeDay, nil
}

// SetScopeDay keeps it.
func (tx *Tx) SetScopeDay(person, day string) error {
	return tx.change(person, func(c *counter) { c.scopeDay = day; c.dirty = true })
}

// directory is everybody, kept in memory: few, and asked for with every commit.
type directory struct {
	organisations []casework.Organisation
	byOrg         map[string][]casework.Member
	all           []casework.Member // sorted by id
}

func (d *directory) member(id string) *casework.Member {
	i, found := slices.BinarySearchFunc(d.all, id, func(m casework.Member, id string) int {
		switch {
		case m.ID < id:
			return -1
		case m.ID > id:
			return 1
		}
		return 0
	})
	if !found {
		return nil
	}
	m := d.all[i]
	return &m
}
