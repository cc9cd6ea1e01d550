package office

import (
	"bokvar/internal/access"
	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// Ground says by which word of access.md a member of the organisation reads one of
// its files now: own-unit, assigned, called to an alarm; "earlier" when that has
// ended since it came onto the device. For the log, which holds no names.
func (o *Office) Ground(f casework.Facts, m *casework.Member, root string) (string, error) {
	s, err := readStanding(f, m.Org, root)
	if err != nil {
		return "", err
	}
	word := o.access.Cell("household.address", m.Role).Read // what opens a file to the role
	if word == access.OwnUnit && s.inUnit(m, link{}, func(casework.RootUnit) bool { return true }) ||
		word == access.Assigned && s.isAssigned(m.ID, link{}, activeAt(o.now())) {
		return string(word), nil
	}
	alerts, err := f.RecordsOf(m.Org, root, "alert")
	for _, a := range alerts {
		if has(texts(a.Fields["people"].Value), m.ID) {
			return "called", err
		}
	}
	return "earlier", err
}

// Reach is a file of another organisation that is read through a room, and by what.
type Reach struct{ Org, Root, Ground string }

// Reaches lists what a member reads of other organisations beside a file of their
// own. Of a landlord's file only what a consent opens is told: by what lies in a
// notice's thread a landlord must not learn that social services have a case. What
// was read without a network may have been closed before it is told: it is told all
// the same ("was-open") of whoever had it on their device.
func (o *Office) Reaches(f casework.Facts, m *casework.Member, root string, offline bool) (out []Reach, err error) {
	if o.access.Cell("message", m.Role).Read != access.OwnUnit {
		return nil, nil // a visitor reads no shared file
	}
	rooms, err := f.Rooms(m.Org, root)
	if err != nil {
		return nil, err
	}
	for i := range rooms {
		own, other := rooms[i].Ends(m.Org)
		s, err := readStanding(f, own.Org, own.Root)
		if err != nil {
			return nil, err
		}
		if other.Case == "" || !s.inUnit(m, link{caseID: own.Case}, func(casework.RootUnit) bool { return true }) {
			continue
		}
		ground, err := o.through(f, &rooms[i], own, other)
		if err == nil && ground == "" && offline && other != rooms[i].Landlord {
			ground, err = carried(f, m, own, other)
		}
		if err != nil {
			return nil, err
		}
		if ground != "" {
			out = append(out, Reach{other.Org, other.Root, ground})
		}
	}
	return out, nil
}

// through is what opens the other end of a room now; "" for nothing that is told.
func (o *Office) through(f casework.Facts, room *casework.Room, own, other casework.Side) (string, error) {
	if since, _ := o.cover(room).Since(o.today()); since != "" {
		return string(access.Consent) + " " + since, nil
	}
	if other == room.Landlord {
		return "", nil
	}
	if opens, err := o.afterNotice(f, room, other.Org); err != nil || opens {
		return string(access.AfterNotice), err
	}
	shared, err := sharedWith(f, own, other)
	for _, r := range shared {
		if !casework.IsNull(r.Fields["disclosed"].Value) {
			return string(access.Disclosed), err
		}
	}
	return "", err
}

// carried says "was-open" when a member has, or had, something that the other side shared.
func carried(f casework.Facts, m *casework.Member, own, other casework.Side) (string, error) {
	shared, err := sharedWith(f, own, other)
	for _, r := range shared {
		row, err := f.Inbox(m.ID, r.Org, r.ID)
		if err != nil || row.Seq > 0 {
			return "was-open", err
		}
	}
	return "", err
}

// sharedWith is what the other side has marked as shared with one's own organisation.
func sharedWith(f casework.Facts, own, other casework.Side) (out []*server.State, err error) {
	for _, kind := range []string{"message", "thread_message", "appointment"} {
		records, err := f.RecordsOf(other.Org, other.Root, kind)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			if text(r.Fields["shared_with"].Value) == own.Org {
				out = append(out, r)
			}
		}
	}
	return out, nil
}
