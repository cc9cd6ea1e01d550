package office

import (
	"maps"
	"slices"

	"bokvar/internal/access"
	"bokvar/internal/casework"
	"bokvar/internal/consent"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// crossing answers how a record of another organisation is reached by people of
// org: through which room, by which words of access.md, and their own end of the
// room. nil: not at all.
func (o *Office) crossing(f casework.Facts, org string, record *server.State) (*access.Crossing, casework.Side, error) {
	var own casework.Side
	if !o.access.Crosses(record.Kind) || org == record.Org || text(record.Fields["shared_with"].Value) != org {
		return nil, own, nil
	}
	rooms, err := f.Rooms(record.Org, record.Root)
	if err != nil {
		return nil, own, err
	}
	for i := range rooms {
		theirs, mine := rooms[i].Ends(record.Org)
		if theirs.Case != text(record.Fields["case"].Value) || mine.Org != org {
			continue
		}
		c := &access.Crossing{Room: rooms[i].ID, Notice: rooms[i].Notice}
		if c.Consent, err = o.consents(f, &rooms[i], record); err != nil {
			return nil, own, err
		}
		if rooms[i].Notice {
			how, err := secrecyOf(f, record.Org)
			if err != nil {
				return nil, own, err
			}
			c.AfterNotice = how == "after_notice"
		}
		told, err := f.Handles(record.Org, disclosed(record.ID))
		c.Disclosed = len(told) > 0
		return c, mine, err
	}
	return nil, own, nil
}

// consents says whether consent in force opens the record to the other side.
func (o *Office) consents(f casework.Facts, room *casework.Room, record *server.State) (bool, error) {
	cover := consent.Cover{People: room.Cover}
	if record.Org == room.Landlord.Org || len(room.Cover) == 0 {
		return cover.Anyone(o.today()), nil
	}
	people, err := concerned(f, record)
	return cover.All(people, o.today()), err
}

// concerned lists whom a record is about: the named ones, else every adult of the household.
func concerned(f casework.Facts, record *server.State) ([]string, error) {
	if named := texts(record.Fields["concerns"].Value); len(named) > 0 {
		return named, nil
	}
	persons, err := f.RecordsOf(record.Org, record.Root, "person")
	var adults []string
	for _, p := range persons {
		if text(p.Fields["position"].Value) != "child" {
			adults = append(adults, p.ID)
		}
	}
	return adults, err
}

// secrecyOf is how the organisation's secrecy opens: consent unless two of its people decided otherwise.
func secrecyOf(f casework.Facts, org string) (string, error) {
	record, err := f.Record(org, secrecyID)
	if err != nil || record == nil {
		return "consent", err
	}
	return text(record.Fields["how"].Value), nil
}

const secrecyID = "secrecy"

// settleRooms writes what a file opens and closes between cases.
func (w *work) settleRooms(file *consentFile, judged []consent.Standing) error {
	ends, err := w.landlordEnds(file)
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(ends)) {
		end := ends[key]
		room := casework.Room{ID: derivedID("room", key+"/"+file.org), Landlord: end.side, Notice: end.notice != "",
			Social: casework.Side{Org: file.org, Root: end.notice}}
		if end.linked != "" {
			c, err := w.f.Record(file.org, end.linked)
			if err != nil {
				return err
			}
			if c != nil && c.Kind == "case" {
				room.Social.Root, room.Social.Case = c.Root, c.ID
				room.Cover = consent.Opens(file.File, judged, c.ID, end.side.Org).People
			}
		}
		if err := w.settleRoom(room); err != nil {
			return err
		}
	}
	return nil
}

// landlordEnd is a landlord's case that a file speaks of.
type landlordEnd struct {
	side   casework.Side
	notice string // the newest notice's root
	linked string // social services' case, by the newest link
	order  int64  // of that link
}

// landlordEnds finds the landlords' cases behind the handles of a file.
func (w *work) landlordEnds(file *consentFile) (map[string]*landlordEnd, error) {
	ends := map[string]*landlordEnd{}
	see := func(root, org, handle string, notice bool) error {
		found, err := w.f.Handles(org, byHandle(handle))
		if err != nil || org == "" || handle == "" {
			return err
		}
		for _, h := range found {
			key := org + "/" + h.Record
			if ends[key] == nil {
				ends[key] = &landlordEnd{side: casework.Side{Org: org, Root: h.Root, Case: h.Record}}
			}
			if notice {
				ends[key].notice = max(ends[key].notice, root)
			}
			if link := file.links[root]; link != nil && orderOf(link) > ends[key].order {
				ends[key].linked, ends[key].order = text(link.Fields["case"].Value), orderOf(link)
			}
		}
		return nil
	}
	for id, g := range file.givings {
		if err := see(id, text(g.Fields["landlord_org"].Value), text(g.Fields["handle"].Value), false); err != nil {
			return nil, err
		}
	}
	for id, n := range file.notices {
		if err := see(id, text(n.Fields["from_org"].Value), text(n.Fields["handle"].Value), true); err != nil {
			return nil, err
		}
	}
	return ends, nil
}

// settleRoom keeps a room as it is now, shuts it when access through it shrank,
// and lets both sides see what changed.
func (w *work) settleRoom(room casework.Room) error {
	rooms, err := w.f.Rooms(room.Landlord.Org, room.Landlord.Root)
	if err != nil {
		return err
	}
	var old casework.Room
	for _, r := range rooms {
		if r.ID == room.ID {
			old = r
		}
	}
	if old.ID == "" && !room.Notice && len(room.Cover) == 0 {
		return nil // nothing is or was open: nobody is told that there could be something
	}
	if err := w.roomRecords(old, room); err != nil {
		return err
	}
	if old.ID != "" && sameRoom(old, room) {
		return nil
	}
	if err := w.f.PutRoom(room); err != nil {
		return err
	}
	if old.ID != "" && shrank(old, room) {
		if err := w.shut(old); err != nil {
			return err
		}
	}
	for _, r := range []casework.Room{old, room} {
		if err := w.stir(r); err != nil {
			return err
		}
	}
	return nil
}

func sameRoom(a, b casework.Room) bool {
	return a.Landlord == b.Landlord && a.Social == b.Social && a.Notice == b.Notice && slices.Equal(a.Cover, b.Cover)
}

// shrank says whether anything that could be seen through the room may not be any more.
func shrank(old, now casework.Room) bool {
	if old.Social != now.Social && old.Social.Case != "" || old.Notice && !now.Notice {
		return true
	}
	for _, was := range old.Cover {
		if !slices.ContainsFunc(now.Cover, func(c casework.Covered) bool {
			return c.Person == was.Person && (c.Until == "" || was.Until != "" && c.Until >= was.Until)
		}) {
			return true
		}
	}
	return false
}

// shut moves the room's epoch: one row, however much was shared through it.
func (w *work) shut(room casework.Room) error {
	var people []string
	for _, side := range []casework.Side{room.Landlord, room.Social} {
		inside, err := w.inside(side)
		if err != nil {
			return err
		}
		people = append(people, inside...)
	}
	return w.f.ShutRoom(room.ID, people)
}

// stir has what each side shared announced anew to the people of the other one.
func (w *work) stir(room casework.Room) error {
	if room.ID == "" {
		return nil
	}
	for _, side := range []casework.Side{room.Landlord, room.Social} {
		_, other := room.Ends(side.Org)
		people, err := w.inside(side)
		if err != nil {
			return err
		}
		for _, person := range people {
			if err := w.shiftOne(person, other.Org, other.Root); err != nil {
				return err
			}
		}
	}
	return nil
}

// inside lists who works with one end of a room, or is named on a contact of it.
func (w *work) inside(side casework.Side) ([]string, error) {
	s, err := readStanding(w.f, side.Org, side.Root)
	if err != nil {
		return nil, err
	}
	members, err := w.f.Members(side.Org)
	if err != nil {
		return nil, err
	}
	scope := w.narrow(s, link{caseID: side.Case})
	var people []string
	for i := range members {
		if v := scope.carrier(&members[i]); members[i].Active && (v.InUnit || v.Assigned) {
			people = append(people, members[i].ID)
		}
	}
	return people, nil
}

// roomRecords are what each side's screens know of the room. The landlord's is
// there from the notice, or from the first consent in force: before that it
// would tell that social services have a case.
func (w *work) roomRecords(old, room casework.Room) error {
	today := w.today()
	if old.Social.Case != "" && old.Social.Case != room.Social.Case {
		if err := w.setOf(old.Social.Org, "room", roomRecordID(old, old.Social), map[string]any{"state": "closed", "since": nil, "until": nil, "covered": []string{}}); err != nil {
			return err
		}
	}
	for _, side := range []casework.Side{room.Landlord, room.Social} {
		if side.Case == "" {
			continue
		}
		id := roomRecordID(room, side)
		record, err := w.f.Record(side.Org, id)
		if err != nil {
			return err
		}
		_, other := room.Ends(side.Org)
		org, err := w.f.Organisation(other.Org)
		if err != nil || org == nil {
			return err
		}
		fields := roomState(room, record, today)
		fields["household"], fields["case"], fields["notice"] = side.Root, side.Case, room.Notice
		fields["room"] = room.ID
		fields["other_org"], fields["other_name"] = org.ID, org.Name
		if side == room.Landlord {
			delete(fields, "covered")
		}
		if err := w.set(side.Org, "room", id, record, fields); err != nil {
			return err
		}
	}
	return nil
}

func roomRecordID(room casework.Room, side casework.Side) string {
	return derivedID("room record", room.ID+"/"+side.Org+"/"+side.Case)
}

// roomState is what consent makes of the room on the day. record is what it was; nil for a new one.
func roomState(room casework.Room, record *server.State, today string) map[string]any {
	cover := consent.Cover{People: room.Cover}
	fields := map[string]any{"state": "none", "since": nil, "until": nil, "covered": []string{}}
	if record != nil && text(record.Fields["state"].Value) != "none" || len(room.Cover) > 0 {
		fields["state"] = "closed"
	}
	since, until := cover.Since(today)
	if since == "" {
		return fields
	}
	fields["state"], fields["since"] = "open", since
	if until != "" {
		fields["until"] = until
	}
	covered := []string{}
	for _, c := range room.Cover {
		if c.Until == "" || c.Until >= today {
			covered = append(covered, c.Person)
		}
	}
	fields["covered"] = covered
	return fields
}

// Shut lists the rooms of the person's cases that were ever shut, with their
// epochs, for the welcome of a device that was away.
func (o *Office) Shut(f casework.Facts, person string) ([]string, error) {
	m, err := f.Member(person)
	if err != nil || m == nil || !m.Active {
		return nil, err
	}
	rooms, err := f.Rooms(m.Org, "")
	if err != nil {
		return nil, err
	}
	var shut []string
	for _, room := range rooms {
		epoch, err := f.RoomEpoch(room.ID)
		if err != nil {
			return nil, err
		}
		if epoch == 0 {
			continue
		}
		own, _ := room.Ends(m.Org)
		s, err := readStanding(f, own.Org, own.Root)
		if err != nil {
			return nil, err
		}
		if v := o.narrow(s, link{caseID: own.Case}).carrier(m); v.InUnit || v.Assigned {
			shut = append(shut, wire.RoomAt(room.ID, epoch))
		}
	}
	return shut, nil
}
