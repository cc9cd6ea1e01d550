package office

import (
	"bokvar/internal/access"
	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// Audience lists who carries the record on a device now, and those who were
// named on it before and must be told that it left them: their projection is
// not visible.
func (o *Office) Audience(tx server.Tx, record *server.State) ([]server.Viewer, error) {
	f, err := facts(tx)
	if err != nil {
		return nil, err
	}
	members, err := f.Members(record.Org)
	if err != nil {
		return nil, err
	}
	scope, err := o.scopeOf(f, record)
	if err != nil {
		return nil, err
	}
	var audience []server.Viewer
	for i := range members {
		m := &members[i]
		if !m.Active {
			continue
		}
		if v := scope.carrier(m); o.access.SeesKind(v, record.Org, record.Kind) || scope.wasNamed(m.ID) {
			audience = append(audience, viewerOf(v, record))
		}
	}
	return o.beyond(f, record, audience)
}

// beyond adds those of the organisation that the record is shared with.
func (o *Office) beyond(f casework.Facts, record *server.State, audience []server.Viewer) ([]server.Viewer, error) {
	other := text(record.Fields["shared_with"].Value)
	through, own, err := o.crossing(f, other, record)
	if err != nil || through == nil {
		return audience, err
	}
	scope, err := o.endOf(f, own, record)
	if err != nil {
		return nil, err
	}
	members, err := f.Members(other)
	for i := range members {
		m := &members[i]
		v := scope.carrier(m)
		v.Through = through
		if m.Active && o.access.SeesKind(v, record.Org, record.Kind) {
			audience = append(audience, viewerOf(v, record))
		}
	}
	return audience, err
}

// endOf is who carries the viewers' own end of the room that a record is seen through.
func (o *Office) endOf(f casework.Facts, own casework.Side, record *server.State) (scope, error) {
	s, err := readStanding(f, own.Org, own.Root)
	return o.narrow(s, link{kind: record.Kind, caseID: own.Case}), err
}

// Project says what the viewer carries of the record, now.
func (o *Office) Project(_ server.Tx, viewer server.Viewer, record *server.State) (server.Projection, error) {
	v, ok := viewer.Who.(access.Viewer)
	if !ok {
		return server.Projection{}, nil
	}
	return o.access.Project(v, record), nil
}

// Viewer describes the person as a carrier of the record, now. Somebody who has
// no account any more is one who sees nothing.
func (o *Office) Viewer(tx server.Tx, person string, record *server.State) (server.Viewer, error) {
	f, err := facts(tx)
	if err != nil {
		return server.Viewer{}, err
	}
	m, err := f.Member(person)
	if err != nil {
		return server.Viewer{}, err
	}
	nobody := server.Viewer{Person: person, Class: "nobody"}
	if m == nil || !m.Active {
		return nobody, nil
	}
	if m.Org != record.Org {
		through, own, err := o.crossing(f, m.Org, record)
		if err != nil || through == nil {
			return nobody, err
		}
		scope, err := o.endOf(f, own, record)
		v := scope.carrier(m)
		v.Through = through
		return viewerOf(v, record), err
	}
	scope, err := o.scopeOf(f, record)
	if err != nil {
		return server.Viewer{}, err
	}
	return viewerOf(scope.carrier(m), record), nil
}

// See says what the person may read of a record, carried or not: for reading online.
func (o *Office) See(f casework.Facts, person string, record *server.State) (server.Projection, error) {
	m, err := f.Member(person)
	if err != nil || m == nil || !m.Active {
		return server.Projection{}, err
	}
	if m.Org != record.Org {
		return o.seeAcross(f, m, record)
	}
	s, err := readStanding(f, record.Org, record.Root)
	if err != nil {
		return server.Projection{}, err
	}
	l, err := linkOf(f, record)
	if err != nil {
		return server.Projection{}, err
	}
	return o.access.Project(s.reader(m, l, activeAt(o.now())), record), nil
}

// Near lists the files of a member's own organisation that they may have a part in: those
// of their units, closed ones too, and those where they are or were named on a contact. What
// access.md lets them see of a household and its people lies in one of these; what of it is
// for See to say.
func (o *Office) Near(f casework.Facts, person string) (map[string]bool, error) {
	m, err := f.Member(person)
	if err != nil || m == nil {
		return nil, err
	}
	near := map[string]bool{}
	add := func(roots []string, err error) error {
		for _, root := range roots {
			near[root] = true
		}
		return err
	}
	if err := add(f.RootsNaming(m.ID)); err != nil {
		return nil, err
	}
	for _, unit := range m.Units {
		if err := add(f.RootsOfUnit(m.Org, unit, 0)); err != nil {
			return nil, err
		}
	}
	return near, nil
}

// seeAcross is See for a record of another organisation.
func (o *Office) seeAcross(f casework.Facts, m *casework.Member, record *server.State) (server.Projection, error) {
	through, own, err := o.crossing(f, m.Org, record)
	if err != nil || through == nil {
		return server.Projection{}, err
	}
	s, err := readStanding(f, own.Org, own.Root)
	if err != nil {
		return server.Projection{}, err
	}
	v := s.reader(m, link{kind: record.Kind, caseID: own.Case}, activeAt(o.now()))
	v.Through = through
	return o.access.Project(v, record), nil
}

// viewerOf names the class. A conflict may show everyone values of their own.
func viewerOf(v access.Viewer, record *server.State) server.Viewer {
	class := v.Class()
	if record.Kind == "conflict" {
		class += "/" + v.Person
	}
	return server.Viewer{Person: v.Person, Class: class, Who: v}
}

// scope is who carries one record: its standing, narrowed to devices.
type scope struct {
	standing
	link
	now      int64
	from, to int64 // planned contacts that are carried
	closed   int64 // cases closed after this are carried
}

func (o *Office) scopeOf(f casework.Facts, record *server.State) (scope, error) {
	s, err := readStanding(f, record.Org, record.Root)
	if err != nil {
		return scope{}, err
	}
	l, err := linkOf(f, record)
	return o.narrow(s, l), err
}

// narrow takes the limits of devices' scopes as they are now.
func (o *Office) narrow(s standing, l link) scope {
	now := o.now()
	from, to, closed := o.limits()
	return scope{standing: s, link: l, now: now, from: from, to: to, closed: closed}
}

// limits are instants: contacts planned from from until before to, and cases
// closed after closed, are carried.
func (o *Office) limits() (from, to, closed int64) {
	now := o.now()
	r := o.reach.Load()
	if r == nil || now < r.begins || now >= r.ends {
		r = reachOn(casework.DayOf(now))
		o.reach.Store(r)
	}
	return r.from, r.to, r.closed
}

// reach is how far devices' scopes reach on one day, worked out once: it is asked
// for with every record.
type reach struct {
	begins, ends     int64 // of the day
	from, to, closed int64
}

func reachOn(day string) *reach {
	at := func(days int) int64 {
		ms, _ := casework.DayStart(casework.AddDays(day, days))
		return ms
	}
	return &reach{begins: at(0), ends: at(1), from: at(-access.DaysBack), to: at(access.DaysAhead + 1), closed: at(-access.ClosedDays)}
}

// carrier describes a member as a carrier: the conditions that access.md asks
// for hold only as far as the device's scope reaches.
func (s scope) carrier(m *casework.Member) access.Viewer {
	v := access.Viewer{Org: m.Org, Person: m.ID, Role: m.Role, Protected: s.protected}
	switch access.ScopeOf(m.Role) {
	case access.CarriesAssigned:
		v.Assigned = s.isAssigned(m.ID, s.link, s.carries)
	case access.CarriesUnit:
		v.InUnit = s.inUnit(m, s.link, s.carriesUnit)
		v.Assigned = v.InUnit && s.isAssigned(m.ID, s.link, activeAt(s.now))
	}
	return v
}

// carries says whether an assignment is within a device's scope.
func (s scope) carries(a casework.Assignment) bool {
	return activeAt(s.now)(a) && (a.Planned == 0 || a.Planned >= s.from && a.Planned < s.to)
}

func (s scope) carriesUnit(u casework.RootUnit) bool { return u.Closed == 0 || u.Closed > s.closed }

// wasNamed says whether the person is or was named on a contact of the root.
func (s scope) wasNamed(person string) bool {
	for _, a := range s.assigned {
		if a.Person == person {
			return true
		}
	}
	return false
}
