package office

import (
	"maps"
	"slices"

	"bokvar/internal/access"
	"bokvar/internal/casework"
	"bokvar/internal/consent"
	"bokvar/internal/method"
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
		if c.AfterNotice, err = o.afterNotice(f, &rooms[i], record.Org); err != nil {
			return nil, own, err
		}
		told, err := f.Handles(record.Org, disclosed(record.ID))
		c.Disclosed = len(told) > 0
		return c, mine, err
	}
	return nil, own, nil
}

// consents says whether consent in force opens the record to the other side.
func (o *Office) consents(f casework.Facts, room *casework.Room, record *server.State) (bool, error) {
	cover := o.cover(room)
	if record.Org == room.Landlord.Org || len(cover.People) == 0 {
		return cover.Anyone(o.today()), nil
	}
	people, err := concerned(f, record)
	return cover.All(people, o.today()), err
}

// narrowed is the room as the landlord's method lets it be seen through.
func (o *Office) narrowed(room casework.Room) casework.Room {
	room.Cover = o.cover(&room).People
	return room
}

// unseen says whether a method that does not use consent keeps the room from both sides.
func (o *Office) unseen(room casework.Room) bool {
	return !room.Notice && o.profile.Closes(method.ConsentWord, room.Notice)
}

// known says whether the landlord may know that there is a room: it does already, or
// there is a notice, or something is open. Another one is neither shut nor told of.
func (o *Office) known(f casework.Facts, room casework.Room) (bool, error) {
	if room.Notice || o.cover(&room).Anyone(o.today()) {
		return true, nil
	}
	record, err := f.Record(room.Landlord.Org, roomRecordID(room, room.Landlord))
	return record != nil, err
}

// cover is for whom consent opens the room: nobody where the landlord's method does not
// use it. The method takes away from what consent opens, and from what the organisation
// that tells has decided; it adds nothing to either.
func (o *Office) cover(room *casework.Room) consent.Cover {
	if o.profile.Closes(method.ConsentWord, room.Notice) {
		return consent.Cover{}
	}
	return consent.Cover{People: room.Cover}
}

// afterNotice says whether what an organisation tells in a notice's thread crosses
// without consent.
func (o *Office) afterNotice(f casework.Facts, room *casework.Room, teller string) (bool, error) {
	if !room.Notice || o.profile.Closes(method.AfterNoticeWord, room.Notice) {
		return false, nil
	}
	how, err := secrecyOf(f, teller)
	return how == "after_notice", err
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
	known, err := w.known(w.f, room)
	if err != nil {
		return err
	}
	if !known || w.unseen(room) && w.unseen(old) {
		if old.ID != "" && sameRoom(old, room) {
			return nil
		}
		return w.f.PutRoom(room) // for when there is a notice, or another method
	}
	shuts := old.ID != "" && shrank(w.narrowed(old), w.narrowed(room))
	if err := w.roomRecords(old, room, shuts); err != nil {
		return err
	}
	if old.ID != "" && sameRoom(old, room) {
		return nil
	}
	if err := w.f.PutRoom(room); err != nil {
		return err
	}
	if shuts {
		if err := w.shut(old); err != nil || old.Social == room.Social {
			return err // what follows is told after the receipt
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

// shut moves the room's epoch: one row, however much was shared through it and
// however many see it. [Office.AfterCommit] tells them the rest.
func (w *work) shut(room casework.Room) error {
	var people []string
	for _, side := range []casework.Side{room.Landlord, room.Social} {
		inside, err := w.inside(w.f, side)
		if err != nil {
			return err
		}
		people = append(people, inside...)
	}
	w.shrank.Store(true)
	return w.f.ShutRoom(room.ID, people)
}

// stir has what each side shared announced anew to the people of the other one.
func (w *work) stir(room casework.Room) error {
	if room.ID == "" {
		return nil
	}
	for _, side := range []casework.Side{room.Landlord, room.Social} {
		_, other := room.Ends(side.Org)
		people, err := w.inside(w.f, side)
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
func (o *Office) inside(f casework.Facts, side casework.Side) ([]string, error) {
	s, err := readStanding(f, side.Org, side.Root)
	if err != nil {
		return nil, err
	}
	members, err := f.Members(side.Org)
	if err != nil {
		return nil, err
	}
	scope := o.narrow(s, link{caseID: side.Case})
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
// would tell that social services have a case. When the room is shut, the landlord's
// is written after the receipt ([Office.AfterCommit]): it has many readers.
func (w *work) roomRecords(old, room casework.Room, shuts bool) error {
	if old.Social.Case != "" && old.Social.Case != room.Social.Case {
		if err := w.setOf(old.Social.Org, "room", roomRecordID(old, old.Social), map[string]any{"state": "closed", "since": nil, "until": nil, "covered": []string{}}); err != nil {
			return err
		}
	}
	for _, side := range []casework.Side{room.Landlord, room.Social} {
		if side.Case == "" || shuts && side == room.Landlord {
			continue
		}
		change, err := w.roomRecord(w.f, room, side)
		if err != nil {
			return err
		}
		if len(change.Fields) > 0 {
			if err := w.apply(change); err != nil {
				return err
			}
		}
	}
	return nil
}

// roomRecord is the change that brings a side's record of the room up to today;
// without fields when it is.
func (o *Office) roomRecord(f casework.Facts, room casework.Room, side casework.Side) (wire.Change, error) {
	id := roomRecordID(room, side)
	record, err := f.Record(side.Org, id)
	if err != nil {
		return wire.Change{}, err
	}
	_, other := room.Ends(side.Org)
	org, err := f.Organisation(other.Org)
	if err != nil || org == nil {
		return wire.Change{}, err
	}
	fields := roomState(o.narrowed(room), record, o.today())
	if closed := o.closedWords(room.Notice); len(closed) > 0 || record != nil && !casework.IsNull(record.Fields["closed_words"].Value) {
		fields["closed_words"] = closed
	}
	fields["household"], fields["case"], fields["notice"] = side.Root, side.Case, room.Notice
	fields["room"] = room.ID
	fields["other_org"], fields["other_name"] = org.ID, org.Name
	if side == room.Landlord {
		delete(fields, "covered")
	}
	if record == nil {
		record = &server.State{Org: side.Org, Kind: "room", ID: id}
	}
	return changeOf(record, fields)
}

// closedWords is what the landlord's method does not use between two cases.
func (o *Office) closedWords(notice bool) []string {
	closed := []string{}
	for _, word := range []string{method.ConsentWord, method.AfterNoticeWord} {
		if o.profile.Closes(word, notice) {
			closed = append(closed, word)
		}
	}
	return closed
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
