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
	if err := o.tellRooms(engine); err != nil {
		return fmt.Errorf("tell of rooms that were shut: %w", err)
	}
	shifts, days := o.take()
	moved, err := recordsOf(engine, shifts)
	if err != nil {
		return fmt.Errorf("settle shifted scopes: %w", err)
	}
	if err := tell(engine, moved); err != nil {
		return fmt.Errorf("settle shifted scopes: %w", err)
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

// tell has people told of records anew, in bounded transactions.
func tell(engine Toucher, all []movedRecord) error {
	for chunk := range slices.Chunk(all, recordsPerTouch) {
		err := engine.Touch(func(_ server.Tx, touch func(person, org, record string) error) error {
			for _, m := range chunk {
				if err := touch(m.person, m.org, m.record); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// movedRecord is a record that a person has to be told of anew.
type movedRecord struct{ person, org, record string }

// recordsOf lists the records of the shifts, on a snapshot: however many they are,
// nobody waits for it. What is written meanwhile is told by its own commit.
func recordsOf(engine Toucher, shifts []shift) (all []movedRecord, err error) {
	if len(shifts) == 0 {
		return nil, nil
	}
	err = engine.Read(func(tx server.Tx) error {
		f, err := facts(tx)
		if err != nil {
			return err
		}
		all = nil
		for _, s := range shifts {
			ids, err := idsFor(f, s.person, s.org, s.root)
			if err != nil {
				return err
			}
			for _, id := range ids {
				all = append(all, movedRecord{s.person, s.org, id})
			}
		}
		return nil
	})
	return all, err
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
