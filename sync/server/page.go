package server

import (
	"encoding/json"

	"bokvar/sync/wire"
)

// Page brings what the person got since the cursor, as they may see it now: at
// most wire.PageRows records and about wire.PageBytes bytes. What they may no
// longer see comes as a record that left. The device has everything when Waiting
// is 0. The page's epoch is the one it was read under; drop the page when
// [Engine.Epoch] has moved before it is sent.
//
// A row that says something else than the record now shows, because access
// changed and the inbox was not tidied yet, is tidied first: what a device was
// told and what the inbox remembers must stay the same (S9).
func (e *Engine) Page(person string, cursor int64) (wire.Page, error) {
	for tries := 0; ; tries++ {
		page, stale, err := e.read(person, cursor)
		if err != nil || len(stale) == 0 || tries == 3 {
			return page, err
		}
		if e.tidy(person, stale) != nil {
			return e.untidy(person, page, stale)
		}
	}
}

// untidy is the page while stale rows cannot be tidied, for want of room: it says
// what has left, and moves no cursor. Beyond a row that says something else than
// what was told, nobody would ever be told.
func (e *Engine) untidy(person string, page wire.Page, stale []InboxRow) (wire.Page, error) {
	out := wire.Page{Type: wire.TypePage, Epoch: page.Epoch, From: page.From, Cursor: page.From, Records: []json.RawMessage{}}
	return out, e.store.Read(func(tx Tx) (err error) {
		for _, row := range stale {
			raw, _, err := e.see(tx, person, row)
			if err != nil {
				return err
			}
			if raw == nil {
				out.Records = append(out.Records, appendLeft(nil, row.Org, row.Record))
			}
		}
		_, out.Waiting, err = tx.InboxEnd(person, page.From)
		return err
	})
}

// First is the page to send ahead of all others to a device that starts anew and
// has more than one page before it: what its person needs first, as much as one
// page holds (S9). It moves no cursor, so all of it comes again in its turn.
// It is empty when the policy knows of nothing urgent.
func (e *Engine) First(person string) (wire.Page, error) {
	page := wire.Page{Type: wire.TypePage, Records: []json.RawMessage{}}
	urgency, ok := e.policy.(Urgency)
	if !ok {
		return page, nil
	}
	err := e.store.Read(func(tx Tx) (err error) {
		if page.Epoch, err = tx.Epoch(person); err != nil {
			return err
		}
		if _, page.Waiting, err = tx.InboxEnd(person, 0); err != nil || page.Waiting <= wire.PageRows {
			return err
		}
		org, records, err := urgency.Urgent(tx, person)
		if err != nil {
			return err
		}
		var rows []InboxRow
		for _, record := range records {
			row, err := tx.Inbox(person, org, record)
			if err != nil {
				return err
			}
			if row.Seq > 0 && !row.Left && len(rows) < wire.PageRows {
				rows = append(rows, row)
			}
		}
		_, err = e.fill(tx, person, rows, &filling{page: &page})
		page.Cursor = 0
		return err
	})
	return page, err
}

// read makes a page on a snapshot, and lists the rows in it that are stale.
func (e *Engine) read(person string, cursor int64) (page wire.Page, stale []InboxRow, err error) {
	err = e.store.Read(func(tx Tx) error {
		page = wire.Page{Type: wire.TypePage, From: cursor, Cursor: cursor, Records: []json.RawMessage{}}
		if page.Epoch, err = tx.Epoch(person); err != nil {
			return err
		}
		f := filling{page: &page}
		for some := rowsAhead; f.rows < wire.PageRows; {
			some = min(some, wire.PageRows-f.rows)
			rows, err := ahead(tx, person, page.Cursor, some)
			if err != nil {
				return err
			}
			taken, err := e.fill(tx, person, rows, &f)
			stale = f.stale
			if err != nil || (taken == len(rows) && len(rows) < some) {
				return err
			}
			if taken < len(rows) {
				break
			}
		}
		_, page.Waiting, err = tx.InboxEnd(person, page.Cursor)
		return err
	})
	return page, stale, err
}

// rowsAhead is how many rows of an inbox are read at a time: what a page has no
// room for is read in vain.
const rowsAhead = 50

// ahead lists rows of an inbox as Tx.InboxAfter does; a store that can reads their
// records with them.
func ahead(tx Tx, person string, cursor int64, limit int) ([]InboxRow, error) {
	if s, ok := tx.(interface {
		InboxAhead(person string, cursor int64, limit int) ([]InboxRow, error)
	}); ok {
		return s.InboxAhead(person, cursor, limit)
	}
	return tx.InboxAfter(person, cursor, limit)
}

// filling is a page that is being made.
type filling struct {
	page  *wire.Page
	rows  int
	size  int
	stale []InboxRow // rows that say something else than is shown
}

// fill adds rows to the page until it is full, and says how many fitted. A
// device that starts anew is not told what has left: it never had it.
func (e *Engine) fill(tx Tx, person string, rows []InboxRow, f *filling) (taken int, err error) {
	page, fresh := f.page, f.page.From == 0
	for _, row := range rows {
		raw, seen, err := e.see(tx, person, row)
		if err != nil {
			return taken, err
		}
		left := raw == nil
		if !row.Left && (left || seen.hash != row.Hash) {
			f.stale = append(f.stale, row)
		}
		if left {
			raw = appendLeft(nil, row.Org, row.Record)
		}
		if f.size+len(raw) > wire.PageBytes && len(page.Records) > 0 {
			return taken, nil
		}
		if err := under(tx, seen.room, &page.Rooms); err != nil {
			return taken, err
		}
		if !left || !fresh {
			page.Records = append(page.Records, raw)
			f.size += len(raw) + 1
		}
		page.Cursor = row.Seq
		f.rows++
		taken++
	}
	return taken, nil
}

// under notes the epoch of a room that a record was seen through.
func under(tx Tx, room string, rooms *map[string]int64) error {
	if room == "" {
		return nil
	}
	if _, known := (*rooms)[room]; known {
		return nil
	}
	epoch, err := tx.RoomEpoch(room)
	if err != nil {
		return err
	}
	if *rooms == nil {
		*rooms = map[string]int64{}
	}
	(*rooms)[room] = epoch
	return nil
}

// see is a row's record as the person may see it now, nil when they may not, its
// hash, and the room that they see it through.
func (e *Engine) see(tx Tx, person string, row InboxRow) (record json.RawMessage, as seenAs, err error) {
	if row.Left {
		return nil, as, nil
	}
	s, err := tx.Record(row.Org, row.Record)
	if err != nil || s == nil {
		return nil, as, err
	}
	v, err := e.policy.Viewer(tx, person, s)
	if err != nil {
		return nil, as, err
	}
	if record, hash, known := e.shown.find(s, v.Class); known {
		return record, seenAs{hash: hash}, nil
	}
	p, err := project(tx, e.policy, v, s)
	if err != nil || !p.Visible {
		return nil, as, err
	}
	record = appendRecord(nil, s, p)
	as = seenAs{hashRecord(record, s, p), p.Room}
	if p.Room == "" { // else it depends on the room's epoch as well
		e.shown.keep(s, v.Class, record, as.hash)
	}
	return record, as, nil
}

// seenAs is what one projection was.
type seenAs struct {
	hash wire.Sum
	room string
}

// project asks the policy, and looks up the epoch of the room.
func project(tx Tx, policy Policy, v Viewer, s *State) (Projection, error) {
	p, err := policy.Project(tx, v, s)
	if err == nil && p.Visible && p.Room != "" {
		p.epoch, err = tx.RoomEpoch(p.Room)
	}
	return p, err
}

// PageOf makes the page of a delivery, for a device that is at d.From.
func PageOf(d Delivery) wire.Page {
	return wire.Page{Type: wire.TypePage, Epoch: d.Epoch, Rooms: d.Rooms, From: d.From, Cursor: d.To, Records: d.Records}
}
