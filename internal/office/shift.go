package office

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// shift says that a person's scope of one root may have moved.
type shift struct{ person, org, root string }

// shiftsPerTouch bounds one transaction.
const shiftsPerTouch = 50

// note keeps a shift for AfterCommit, and the person's scope day before it.
func (o *Office) note(s shift, day string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.shifted[s] = true
	if _, known := o.days[s.person]; !known {
		o.days[s.person] = day
	}
}

// take hands out what was noted, in a fixed order, and forgets it.
func (o *Office) take() ([]shift, map[string]string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.shifted) == 0 {
		return nil, nil
	}
	shifts := slices.SortedFunc(maps.Keys(o.shifted), func(a, b shift) int {
		return cmp.Or(cmp.Compare(a.person, b.person), cmp.Compare(a.org, b.org), cmp.Compare(a.root, b.root))
	})
	days := o.days
	o.shifted, o.days = map[shift]bool{}, map[string]string{}
	return shifts, days
}

// AfterCommit settles the scopes that commits have shifted: what entered goes to
// the person's devices, what left is taken back. Call it from the engine's After
// hook. When it fails, the next hello of those persons does the work instead.
func (o *Office) AfterCommit(engine Toucher) error {
	shifts, days := o.take()
	for chunk := range slices.Chunk(shifts, shiftsPerTouch) {
		err := engine.Touch(func(tx server.Tx, touch func(person, org, record string) error) error {
			f, err := facts(tx)
			if err != nil {
				return err
			}
			for _, s := range chunk {
				if err := touchRoot(f, s.person, s.org, s.root, touch); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("settle shifted scopes: %w", err)
		}
	}
	if len(days) == 0 {
		return nil
	}
	return engine.Touch(func(tx server.Tx, _ func(person, org, record string) error) error {
		f, err := facts(tx)
		if err != nil {
			return err
		}
		for _, person := range slices.Sorted(maps.Keys(days)) {
			if o.handOn(person, days[person]) {
				continue
			}
			if err := f.SetScopeDay(person, days[person]); err != nil {
				return err
			}
		}
		return nil
	})
}

// handOn leaves the setting of the day to the next AfterCommit when the person's
// scope has shifted again meanwhile.
func (o *Office) handOn(person, day string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, waiting := o.days[person]
	if waiting {
		o.days[person] = day
	}
	return waiting
}

func touchRoot(f casework.Facts, person, org, root string, touch func(person, org, record string) error) error {
	ids, err := idsFor(f, person, org, root)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := touch(person, org, id); err != nil {
			return err
		}
	}
	return nil
}

// idsFor lists the records of a root that the person could carry: all of them in
// their own organisation, what can be shared in another.
func idsFor(f casework.Facts, person, org, root string) ([]string, error) {
	m, err := f.Member(person)
	if err != nil {
		return nil, err
	}
	if m == nil || m.Org == org {
		return f.IDsOf(org, root)
	}
	var ids []string
	for _, kind := range casework.Schema {
		if !casework.Shareable(kind.Name) {
			continue
		}
		records, err := f.RecordsOf(org, root, kind.Name)
		if err != nil {
			return nil, err
		}
		for _, record := range records {
			ids = append(ids, record.ID)
		}
	}
	return ids, nil
}
