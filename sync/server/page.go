package server

import (
	"encoding/json"

	"bokvar/sync/wire"
)

// Page brings what the person got since the cursor, as they may see it now: at
// most wire.PageRows records and about wire.PageBytes bytes. What they may no
// longer see comes as a record that left. The device has
// everything when Waiting is 0. The page's epoch is the one it was read under; drop the
// page when [Engine.Epoch] has moved before it is sent.
func (e *Engine) Page(person string, cursor int64) (page wire.Page, err error) {
	err = e.store.Read(func(tx Tx) error {
		page = wire.Page{Type: wire.TypePage, From: cursor, Cursor: cursor, Records: []json.RawMessage{}}
		if page.Epoch, err = tx.Epoch(person); err != nil {
			return err
		}
		rows, err := tx.InboxAfter(person, cursor, wire.PageRows)
		if err != nil {
			return err
		}
		taken, err := e.fill(tx, person, rows, &page)
		if err != nil || (taken == len(rows) && len(rows) < wire.PageRows) {
			return err
		}
		_, page.Waiting, err = tx.InboxEnd(person, page.Cursor)
		return err
	})
	return page, err
}

// fill adds rows to the page until it is full, and says how many fitted. A
// device that starts anew is not told what has left: it never had it.
func (e *Engine) fill(tx Tx, person string, rows []InboxRow, page *wire.Page) (taken int, err error) {
	size := 0
	fresh := page.From == 0
	for _, row := range rows {
		raw, left, err := e.see(tx, person, row)
		if err != nil {
			return taken, err
		}
		if size+len(raw) > wire.PageBytes && len(page.Records) > 0 {
			return taken, nil
		}
		if !left || !fresh {
			page.Records = append(page.Records, raw)
			size += len(raw) + 1
		}
		page.Cursor = row.Seq
		taken++
	}
	return taken, nil
}

// see is a row's record as the person may see it now.
func (e *Engine) see(tx Tx, person string, row InboxRow) (raw json.RawMessage, left bool, err error) {
	if !row.Left {
		s, err := tx.Record(row.Org, row.Record)
		if err != nil {
			return nil, false, err
		}
		if s != nil {
			p, err := e.project(tx, person, s)
			if err != nil {
				return nil, false, err
			}
			if p.Visible {
				return appendRecord(nil, s, p), false, nil
			}
		}
	}
	return appendLeft(nil, row.Org, row.Record), true, nil
}

func (e *Engine) project(tx Tx, person string, s *State) (Projection, error) {
	v, err := e.policy.Viewer(tx, person, s)
	if err != nil {
		return Projection{}, err
	}
	return e.policy.Project(tx, v, s)
}

// PageOf makes the page of a delivery, for a device that is at d.From.
func PageOf(d Delivery) wire.Page {
	return wire.Page{Type: wire.TypePage, Epoch: d.Epoch, From: d.From, Cursor: d.To, Records: d.Records}
}
