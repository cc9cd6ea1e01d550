package office

import (
	"slices"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// Urgent lists the records that the person needs first when a device of theirs
// fetches everything: households with an eviction today, then those where they
// are named on a contact today, and who is who.
func (o *Office) Urgent(tx server.Tx, person string) (org string, records []string, err error) {
	f, err := facts(tx)
	if err != nil {
		return "", nil, err
	}
	m, err := f.Member(person)
	if err != nil || m == nil || !m.Active {
		return "", nil, err
	}
	roots, err := o.evictedToday(f, m)
	if err != nil {
		return "", nil, err
	}
	from, to := dayOf(o.today())
	named, err := f.RootsOfPerson(m.ID, from, to)
	if err != nil {
		return "", nil, err
	}
	for _, root := range named {
		if !slices.Contains(roots, root) {
			roots = append(roots, root)
		}
	}
	if len(roots) == 0 {
		return m.Org, nil, nil
	}
	for _, root := range append(roots, "") {
		ids, err := f.IDsOf(m.Org, root)
		if err != nil {
			return "", nil, err
		}
		records = append(records, ids...)
	}
	return m.Org, records, nil
}

// evictedToday lists the households with an eviction today that is not called off.
func (o *Office) evictedToday(f casework.Facts, m *casework.Member) (roots []string, err error) {
	evictions, err := f.RecordsOfKind(m.Org, "eviction")
	if err != nil {
		return nil, err
	}
	from, to := dayOf(o.today())
	for _, e := range evictions {
		at, state := number(e.Fields["at"].Value), text(e.Fields["state"].Value)
		if at >= from && at < to && state == "set" && !slices.Contains(roots, e.Root) {
			roots = append(roots, e.Root)
		}
	}
	return roots, nil
}

// dayOf is the instants at which a day begins and has ended.
func dayOf(day string) (from, to int64) {
	from, _ = casework.DayStart(day)
	to, _ = casework.DayStart(casework.AddDays(day, 1))
	return from, to
}
