package office

import (
	"maps"
	"slices"
	"time"

	"bokvar/internal/access"
	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// caseUnit keeps which unit works with the root. Those of a unit that lost the
// case lose it at once; those of one that got it are told of the whole root.
func (w *work) caseUnit(c server.Changed) error {
	if !differs(c, "unit") && !differs(c, "status") {
		return nil
	}
	old, err := w.f.RootUnits(c.After.Org, c.After.Root)
	if err != nil {
		return err
	}
	next := casework.RootUnit{Org: c.After.Org, Root: c.After.Root, Record: c.After.ID, Unit: text(c.After.Fields["unit"].Value)}
	if text(c.After.Fields["status"].Value) == "closed" {
		next.Closed = w.now
	}
	if err := w.f.PutRootUnit(next); err != nil {
		return err
	}
	if w.began[c.After.Root] || !differs(c, "unit") {
		return nil // all of it is in this commit, or the unit has it already
	}
	return w.unitMoved(c, old, next.Unit)
}

func (w *work) unitMoved(c server.Changed, old []casework.RootUnit, unit string) error {
	members, err := w.f.Members(c.After.Org)
	if err != nil {
		return err
	}
	var lost string
	for _, u := range old {
		if u.Record == c.After.ID && u.Unit != unit {
			lost = u.Unit
		}
	}
	for i := range members {
		m := &members[i]
		loses := lost != "" && m.WorksIn(lost) && !m.WorksIn(unit)
		if !loses && !m.WorksIn(unit) {
			continue
		}
		if loses {
			if err := w.f.MoveEpoch(m.ID); err != nil {
				return err
			}
		}
		if err := w.shift(m.ID, c.After.Org, c.After.Root); err != nil {
			return err
		}
	}
	return nil
}

// contactPeople keeps who is named on a contact and until when. Who is named no
// more loses it now, and keeps a row so that late work is known as theirs.
func (w *work) contactPeople(c server.Changed) error {
	if !differs(c, "people") && !differs(c, "planned_at") && !differs(c, "outcome") && !differs(c, "cancelled") {
		return nil
	}
	org, root, id := c.After.Org, c.After.Root, c.After.ID
	all, err := w.f.Assignments(org, root)
	if err != nil {
		return err
	}
	before, after := map[string]casework.Assignment{}, map[string]casework.Assignment{}
	for _, a := range all {
		if a.Contact == id {
			before[a.Person] = a
			after[a.Person] = w.ended(a)
		}
	}
	outsider, err := w.outsider(all)
	if err != nil {
		return err
	}
	for _, person := range texts(c.After.Fields["people"].Value) {
		after[person] = casework.Assignment{Org: org, Root: root, Contact: id, Person: person,
			Planned: number(c.After.Fields["planned_at"].Value), Until: w.until(c)}
		if person == outsider {
			after[person] = w.ended(after[person]) // late work opens nothing for its author
		}
	}
	people := slices.Sorted(maps.Keys(after))
	rows := make([]casework.Assignment, len(people))
	for i, person := range people {
		rows[i] = after[person]
	}
	if err := w.f.PutAssignments(org, root, id, rows); err != nil {
		return err
	}
	for _, person := range people {
		was, had := before[person]
		if err := w.moved(was, had, after[person]); err != nil {
			return err
		}
	}
	return nil
}

// outsider is the author when they reach households by being named on a contact
// alone, and are named on none of these any more: whoever writes late names
// themselves in vain. "" for everybody else.
func (w *work) outsider(named []casework.Assignment) (string, error) {
	if w.author.Device == server.House {
		return "", nil
	}
	m, err := w.f.Member(w.author.Person)
	if err != nil || m == nil || access.ScopeOf(m.Role) != access.CarriesAssigned {
		return "", err
	}
	for _, a := range named {
		if a.Person == m.ID && activeAt(w.now)(a) {
			return "", nil
		}
	}
	return m.ID, nil
}

// moved ends or begins what an assignment gives: access at once, by the epoch,
// and the device's scope after the commit.
func (w *work) moved(was casework.Assignment, had bool, is casework.Assignment) error {
	active, scope := activeAt(w.now), w.narrow(standing{}, link{})
	if had && active(was) && !active(is) {
		if err := w.f.MoveEpoch(is.Person); err != nil {
			return err
		}
	}
	if (had && scope.carries(was)) == scope.carries(is) {
		return nil
	}
	return w.shift(is.Person, is.Org, is.Root)
}

// ended is an assignment that ends now, unless it has already.
func (w *work) ended(a casework.Assignment) casework.Assignment {
	if activeAt(w.now)(a) {
		a.Until = w.now
	}
	return a
}

// until is when those named on a contact stop reading it. The phone's clock
// counts only as far as it can be right, and whoever just wrote the outcome
// keeps it for a day at least. What was taken off the list stays until the day
// after it was planned for, so that the reason reaches the phone.
func (w *work) until(c server.Changed) int64 {
	if outcome := object[casework.Outcome](c.After.Fields["outcome"].Value); outcome != nil {
		until := min(outcome.At, w.now) + AfterOutcome.Milliseconds()
		if differs(c, "outcome") {
			until = max(until, w.now+(24*time.Hour).Milliseconds())
		}
		return until
	}
	if casework.IsNull(c.After.Fields["cancelled"].Value) {
		return 0
	}
	day := casework.DayOf(max(w.now, number(c.After.Fields["planned_at"].Value)))
	until, _ := casework.DayStart(casework.AddDays(day, 2))
	return until
}

// shift notes that a person's scope of a root may have moved, and with it what
// they see through its rooms.
func (w *work) shift(person, org, root string) error {
	if err := w.shiftOne(person, org, root); err != nil {
		return err
	}
	rooms, err := w.f.Rooms(org, root)
	if err != nil {
		return err
	}
	for i := range rooms {
		_, other := rooms[i].Ends(org)
		if err := w.shiftOne(person, other.Org, other.Root); err != nil {
			return err
		}
	}
	return nil
}

// shiftOne notes it for one root, to be settled after the commit; durably too,
// should the program die in between.
func (w *work) shiftOne(person, org, root string) error {
	day, err := w.f.ScopeDay(person)
	if err != nil {
		return err
	}
	w.note(shift{person, org, root}, day)
	return w.f.SetScopeDay(person, anew())
}
