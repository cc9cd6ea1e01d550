package office

import (
	"fmt"
	"maps"
	"slices"

	"bokvar/internal/access"
	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// Toucher is the engine as far as scopes need it: f runs in one transaction, and
// touch announces a record to a person anew, as entered, changed or left.
type Toucher interface {
	Touch(f func(tx server.Tx, touch func(person, org, record string) error) error) error
}

// rootsPerTouch bounds one transaction of a rescope.
const rootsPerTouch = 50

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

// Rescope works out what the person carries today, and announces what entered
// and what left. Call it at hello when [Office.ScopeDue], and after an account
// was made or changed (with [Office.Reset] before). It works in bounded
// transactions; when one fails, the next hello begins again.
func (o *Office) Rescope(engine Toucher, person string) error {
	plan, err := o.plan(engine, person)
	if err != nil || plan == nil {
		return err
	}
	for chunk := range slices.Chunk(plan.roots, rootsPerTouch) {
		if err := engine.Touch(plan.enter(chunk)); err != nil {
			return fmt.Errorf("rescope: %w", err)
		}
	}
	err = engine.Touch(plan.leave(o.today()))
	if err != nil {
		return fmt.Errorf("rescope: %w", err)
	}
	return nil
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
		return f.SetScopeDay(person, "")
	})
}

// scopePlan is what a person should carry, and what they carry.
type scopePlan struct {
	person  string
	org     string
	all     bool // announce also what is carried already: conditions may have changed
	roots   []string
	carried map[string]bool
}

// plan looks at the person's roots and inbox. nil: there is nothing to do.
func (o *Office) plan(engine Toucher, person string) (*scopePlan, error) {
	var plan *scopePlan
	err := engine.Touch(func(tx server.Tx, _ func(person, org, record string) error) error {
		f, err := facts(tx)
		if err != nil {
			return err
		}
		m, err := f.Member(person)
		if err != nil || m == nil {
			return err
		}
		day, err := f.ScopeDay(person)
		if err != nil || day == o.today() {
			return err
		}
		plan = &scopePlan{person: person, org: m.Org, all: day == "" || access.ScopeOf(m.Role) == access.CarriesAssigned, carried: map[string]bool{}}
		if plan.roots, err = o.roots(f, m); err != nil {
			return err
		}
		rows, err := f.InboxRecords(person)
		for _, row := range rows {
			if row.Org == m.Org {
				plan.carried[row.Record] = true
			}
		}
		return err
	})
	return plan, err
}

// roots lists the roots that the member carries something of; "" is what the
// whole organisation shares.
func (o *Office) roots(f casework.Facts, m *casework.Member) ([]string, error) {
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

// enter announces the records of some roots. Those that are carried and need no
// second look are passed over.
func (p *scopePlan) enter(roots []string) func(server.Tx, func(person, org, record string) error) error {
	return func(tx server.Tx, touch func(person, org, record string) error) error {
		f, err := facts(tx)
		if err != nil {
			return err
		}
		for _, root := range roots {
			records, err := p.recordsOf(f, root)
			if err != nil {
				return err
			}
			for _, record := range records {
				carried := p.carried[record.ID]
				delete(p.carried, record.ID)
				if carried && !p.all {
					continue
				}
				if err := touch(p.person, p.org, record.ID); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

func (p *scopePlan) recordsOf(f casework.Facts, root string) ([]*server.State, error) {
	if root != "" {
		return f.RecordsOf(p.org, root, "")
	}
	var all []*server.State
	for _, kind := range casework.Schema {
		if kind.Root == "" {
			records, err := f.RecordsOfKind(p.org, kind.Name)
			if err != nil {
				return nil, err
			}
			all = append(all, records...)
		}
	}
	return all, nil
}

// leave announces what is carried and belongs to no root of the scope any more,
// and keeps the day.
func (p *scopePlan) leave(today string) func(server.Tx, func(person, org, record string) error) error {
	return func(tx server.Tx, touch func(person, org, record string) error) error {
		f, err := facts(tx)
		if err != nil {
			return err
		}
		for _, record := range slices.Sorted(maps.Keys(p.carried)) {
			if err := touch(p.person, p.org, record); err != nil {
				return err
			}
		}
		return f.SetScopeDay(p.person, today)
	}
}
