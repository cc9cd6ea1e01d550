package main

import (
	"slices"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/office"
)

// monthly makes the list of a month, "" for the one that is running, and notes who has
// read it on which device: once for the list, and in each file that it names somebody of,
// on what ground.
func (o *core) monthly(by *casework.Member, device, month string) (any, error) {
	now := o.clock().UnixMilli()
	if month == "" {
		month = casework.DayOf(now)[:len("2026-11")]
	}
	var list office.Monthly
	of := audit.Entry{At: now, Person: by.ID, Device: device, Action: audit.Monthly, Org: by.Org, What: month}
	rows := []audit.Entry{of}
	err := o.db.Facts(func(f casework.Facts) (err error) {
		if list, err = o.office.MonthlyOf(f, by, month); err != nil {
			return err
		}
		for _, root := range namedIn(list) {
			ground, err := o.office.Ground(f, by, root)
			if err != nil {
				return err
			}
			row := of
			row.Root, row.What = root, month+"; ground "+ground
			rows = append(rows, row)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, o.db.Audit(rows...)
}

// namedIn lists the files that a list names somebody of, each once.
func namedIn(list office.Monthly) (roots []string) {
	for _, one := range list.Lists {
		for _, notice := range one.Notices {
			roots = append(roots, notice.Root)
		}
	}
	slices.Sort(roots)
	return slices.Compact(roots)
}
