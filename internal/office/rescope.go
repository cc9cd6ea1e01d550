package office

import (
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bokvar/internal/access"
	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// Toucher is the engine as far as scopes need it: Touch runs f in one transaction
// in which touch announces a record to a person anew, as entered, changed or left;
// Read runs f on a snapshot; HouseQuietly writes as the house and tells nobody.
type Toucher interface {
	HouseQuietly(org, person string, changes []wire.Change) error
	Touch(f func(tx server.Tx, touch func(person, org, record string) error) error) error
	Read(f func(tx server.Tx) error) error
}

// recordsPerTouch bounds one transaction of a rescope.
const recordsPerTouch = 50

// anew, in place of the day for which a scope was worked out, says that something
// has changed since: what is carried already has to be looked at again. No two are
// equal, so that what changes while a scope is worked out is not taken as done.
func anew() string { return anewMark + rand.Text() }

const anewMark = "anew "

// ScopeDue says whether the person's device scope must be worked out anew: the
// day has turned, their account changed, or a shift was never settled.
func (o *Office) ScopeDue(tx server.Tx, person string) (bool, error) {
	f, err := facts(tx)
	if err != nil {
		return false, err
	}
	day, err := f.ScopeDay(person)
	return day != o.today(), err
}

// Tidying says whether the person's inbox waits to be brought up to their scope, or
// may wait for it: while people of a room are told that it was shut, that is everybody.
func (o *Office) Tidying(tx server.Tx, person string) (bool, error) {
	if o.shrank.Load() || o.telling.Load() > 0 {
		return true, nil
	}
	return o.ScopeDue(tx, person)
}

// Rescope works out what the person carries today, and announces what entered
// and what left. Call it at hello when [Office.ScopeDue], and after an account
// was made or changed (with [Office.Reset] before). It is worked out on a snapshot
// and written in bounded transactions, each of which looks again; when one fails,
// the next hello begins again.
func (o *Office) Rescope(engine Toucher, person string) error {
	var plan scopePlan
	err := engine.Read(func(tx server.Tx) error {
		f, err := facts(tx)
		if err == nil {
			plan, err = o.plan(f, person)
		}
		return err
	})
	if err != nil || plan.day == o.today() {
		return err
	}
	for chunk := range slices.Chunk(plan.records, recordsPerTouch) {
		err := engine.Touch(func(_ server.Tx, touch func(person, org, record string) error) error {
			for _, record := range chunk {
				if err := touch(person, record.org, record.id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("rescope: %w", err)
		}
	}
	return o.settled(engine, person, plan.day)
}

// settled keeps the day, unless the scope has shifted since it was worked out.
func (o *Office) settled(engine Toucher, person, since string) error {
	return engine.Touch(func(tx server.Tx, _ func(person, org, record string) error) error {
		f, err := facts(tx)
		if err != nil {
			return err
		}
		day, err := f.ScopeDay(person)
		if err != nil || day != since {
			return err
		}
		return f.SetScopeDay(person, o.today())
	})
}

// Reset makes the next hello work out the person's scope from the beginning.
func (o *Office) Reset(engine Toucher, person string) error {
	return engine.Touch(func(tx server.Tx, _ func(person, org, record string) error) error {
		f, err := facts(tx)
		if err != nil {
			return err
		}
		if err := f.MoveEpoch(person); err != nil {
			return err
		}
		return f.SetScopeDay(person, anew())
	})
}

// scopePlan is what has to be announced to a person whose scope was last worked
// out for the day.
type scopePlan struct {
	day     string
	records []recordKey
}

type (
	rootKey   struct{ org, root string }
	recordKey struct{ org, id string }
)

// plan compares what the person should carry with what they carry. What they
// carry already is announced again only where it may look different: everything
// when their standing changed or they carry what they are named on, and else the
// households they are or were named on.
func (o *Office) plan(f casework.Facts, person string) (scopePlan, error) {
	m, err := f.Member(person)
	if err != nil || m == nil {
		return scopePlan{day: o.today()}, err // nobody: nothing to do
	}
	var p scopePlan
	if p.day, err = f.ScopeDay(person); err != nil || p.day == o.today() {
		return p, err
	}
	roots, err := o.roots(f, m)
	if err != nil {
		return p, err
	}
	named, err := f.RootsNaming(person)
	if err != nil {
		return p, err
	}
	rows, err := f.InboxRecords(person)
	if err != nil {
		return p, err
	}
	carried := make(map[recordKey]bool, len(rows))
	for _, row := range rows {
		carried[recordKey{row.Org, row.Record}] = true
	}
	all := strings.HasPrefix(p.day, anewMark) || access.ScopeOf(m.Role) == access.CarriesAssigned
	ofUnits, err := o.idsOfUnits(f, m)
	if err != nil {
		return p, err
	}
	for _, root := range roots {
		ids, known := ofUnits[root.root]
		if !known || root.org != m.Org {
			if ids, err = idsFor(f, person, root.org, root.root); err != nil {
				return p, err
			}
		}
		// A consent may have run out: what is another's is always looked at.
		again := all || root.org != m.Org || slices.Contains(named, root.root)
		for _, id := range ids {
			key := recordKey{root.org, id}
			if again || !carried[key] {
				p.records = append(p.records, key)
			}
			delete(carried, key)
		}
	}
	for _, row := range rows { // what is left over belongs to no root of the scope any more
		if key := (recordKey{row.Org, row.Record}); carried[key] {
			p.records = append(p.records, key)
		}
	}
	return p, nil
}

// roots lists the roots that the member carries something of, and behind them
// the other ends of their rooms; "" is what the whole organisation shares.
func (o *Office) roots(f casework.Facts, m *casework.Member) ([]rootKey, error) {
	own, err := o.ownRoots(f, m)
	if err != nil {
		return nil, err
	}
	var all, beyond []rootKey
	for _, root := range own {
		all = append(all, rootKey{m.Org, root})
		if root == "" {
			continue
		}
		rooms, err := f.Rooms(m.Org, root)
		if err != nil {
			return nil, err
		}
		for i := range rooms {
			_, other := rooms[i].Ends(m.Org)
			beyond = append(beyond, rootKey{other.Org, other.Root})
		}
	}
	return append(all, beyond...), nil
}

// idsOfUnits is what lies in the files of the member's units, read at once: a unit
// has hundreds of files, and each morning everybody in it asks.
func (o *Office) idsOfUnits(f casework.Facts, m *casework.Member) (map[string][]string, error) {
	if !m.Active || access.ScopeOf(m.Role) != access.CarriesUnit {
		return nil, nil
	}
	_, _, closed := o.limits()
	all := map[string][]string{}
	for _, unit := range m.Units {
		ids, err := f.IDsOfUnit(m.Org, unit, closed)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, ids)
	}
	return all, nil
}

func (o *Office) ownRoots(f casework.Facts, m *casework.Member) ([]string, error) {
	if !m.Active {
		return nil, nil
	}
	roots := []string{""}
	from, to, closed := o.limits()
	switch access.ScopeOf(m.Role) {
	case access.CarriesAssigned:
		named, err := f.RootsOfPerson(m.ID, from, to)
		if err != nil {
			return nil, err
		}
		roots = append(roots, named...)
	case access.CarriesUnit:
		for _, unit := range m.Units {
			ofUnit, err := f.RootsOfUnit(m.Org, unit, closed)
			if err != nil {
				return nil, err
			}
			roots = append(roots, ofUnit...)
		}
	}
	slices.Sort(roots)
	return slices.Compact(roots), nil
}
