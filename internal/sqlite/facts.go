package sqlite

import (
	"database/sql"
	"slices"

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

// RootUnits lists which units work with the root.
func (tx *Tx) RootUnits(org, root string) (out []casework.RootUnit, err error) {
	err = tx.each(tx.s.rootUnits, func(rows *sql.Rows) error {
		u := casework.RootUnit{Org: org, Root: root}
		if err := rows.Scan(&u.Record, &u.Unit, &u.Closed); err != nil {
			return err
		}
		out = append(out, u)
		return nil
	}, org, root)
	return out, err
}

// PutRootUnit replaces the one of the same organisation, root and record.
func (tx *Tx) PutRootUnit(u casework.RootUnit) error {
	return tx.exec(tx.s.putRootUnit, u.Org, u.Root, u.Record, u.Unit, u.Closed)
}

// Assignments lists who is named on the root's contacts.
func (tx *Tx) Assignments(org, root string) (out []casework.Assignment, err error) {
	err = tx.each(tx.s.assignments, func(rows *sql.Rows) error {
		a := casework.Assignment{Org: org, Root: root}
		if err := rows.Scan(&a.Contact, &a.Person, &a.Planned, &a.Until); err != nil {
			return err
		}
		out = append(out, a)
		return nil
	}, org, root)
	return out, err
}

// PutAssignments replaces those of the contact.
func (tx *Tx) PutAssignments(org, root, contact string, as []casework.Assignment) error {
	if err := tx.exec(tx.s.dropAssignments, org, root, contact); err != nil {
		return err
	}
	for _, a := range as {
		if err := tx.exec(tx.s.putAssignment, org, root, contact, a.Person, a.Planned, a.Until); err != nil {
			return err
		}
	}
	return nil
}

// RecordsOf lists the records of one root; kind "" lists all.
func (tx *Tx) RecordsOf(org, root, kind string) ([]*server.State, error) {
	if kind == "" {
		return tx.records(org, tx.s.recordsOfRoot, org, root)
	}
	return tx.records(org, tx.s.recordsOfRootKind, org, root, kind)
}

// RecordsOfKind lists an organisation's records of one kind.
func (tx *Tx) RecordsOfKind(org, kind string) ([]*server.State, error) {
	return tx.records(org, tx.s.recordsOfKind, org, kind)
}

func (tx *Tx) records(org string, stmt *sql.Stmt, args ...any) (out []*server.State, err error) {
	var sealed [][]byte
	err = tx.each(stmt, func(rows *sql.Rows) error {
		s := &server.State{Org: org}
		var b []byte
		if err := rows.Scan(&s.ID, &s.Kind, &s.Root, &b); err != nil {
			return err
		}
		out, sealed = append(out, s), append(sealed, b)
		return nil
	}, args...)
	for i := 0; i < len(out) && err == nil; i++ {
		err = tx.open(out[i], sealed[i])
	}
	return out, err
}

// RootsOfUnit lists roots that a unit works with, open or closed after the instant.
func (tx *Tx) RootsOfUnit(org, unit string, closedAfter int64) ([]string, error) {
	return tx.strings(tx.s.rootsOfUnit, org, unit, closedAfter)
}

// RootsOfPerson lists roots where the person is named on a contact planned
// between the instants, or without a plan, and whose Until is not past.
func (tx *Tx) RootsOfPerson(person string, from, to int64) ([]string, error) {
	return tx.strings(tx.s.rootsOfPerson, person, from, to, tx.db.clock().UnixMilli())
}

func (tx *Tx) strings(stmt *sql.Stmt, args ...any) (out []string, err error) {
	err = tx.each(stmt, func(rows *sql.Rows) error {
		var s string
		if err := rows.Scan(&s); err != nil {
			return err
		}
		out = append(out, s)
		return nil
	}, args...)
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
	return tx.change(person, func(c *counter) { c.scopeDay = day })
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
