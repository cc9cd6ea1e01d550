package server

import (
	"crypto/sha256"
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
			return page, nil // no room to write: what is shown is right all the same
		}
	}
}

// read makes a page on a snapshot, and lists the rows in it that are stale.
func (e *Engine) read(person string, cursor int64) (page wire.Page, stale []InboxRow, err error) {
	err = e.store.Read(func(tx Tx) error {
		page = wire.Page{Type: wire.TypePage, From: cursor, Cursor: cursor, Records: []json.RawMessage{}}
		if page.Epoch, err = tx.Epoch(person); err != nil {
			return err
		}
		rows, err := tx.InboxAfter(person, cursor, wire.PageRows)
		if err != nil {
			return err
		}
		taken := 0
		taken, stale, err = e.fill(tx, person, rows, &page)
		if err != nil || (taken == len(rows) && len(rows) < wire.PageRows) {
			return err
		}
		_, page.Waiting, err = tx.InboxEnd(person, page.Cursor)
		return err
	})
	return page, stale, err
}

// fill adds rows to the page until it is full, and says how many fitted. A
// device that starts anew is not told what has left: it never had it.
func (e *Engine) fill(tx Tx, person string, rows []InboxRow, page *wire.Page) (taken int, stale []InboxRow, err error) {
	size := 0
	fresh := page.From == 0
	for _, row := range rows {
		raw, err := e.see(tx, person, row)
		if err != nil {
			return taken, stale, err
		}
		left := raw == nil
		if !row.Left && (left || hashOf(raw) != row.Hash) {
			stale = append(stale, row)
		}
		if left {
			raw = appendLeft(nil, row.Org, row.Record)
		}
		if size+len(raw) > wire.PageBytes && len(page.Records) > 0 {
			return taken, stale, nil
		}
		if !left || !fresh {
			page.Records = append(page.Records, raw)
			size += len(raw) + 1
		}
		page.Cursor = row.Seq
		taken++
	}
	return taken, stale, nil
}

// see is a row's record as the person may see it now, nil when they may not.
func (e *Engine) see(tx Tx, person string, row InboxRow) (json.RawMessage, error) {
	if row.Left {
		return nil, nil
	}
	s, err := tx.Record(row.Org, row.Record)
	if err != nil || s == nil {
		return nil, err
	}
	v, err := e.policy.Viewer(tx, person, s)
	if err != nil {
		return nil, err
	}
	p, err := e.policy.Project(tx, v, s)
	if err != nil || !p.Visible {
		return nil, err
	}
	return appendRecord(nil, s, p), nil
}

// hashOf is what an inbox row remembers of a projection.
func hashOf(record []byte) (hash [16]byte) {
	sum := sha256.Sum256(record)
	copy(hash[:], sum[:])
	return hash
}

// PageOf makes the page of a delivery, for a device that is at d.From.
func PageOf(d Delivery) wire.Page {
	return wire.Page{Type: wire.TypePage, Epoch: d.Epoch, From: d.From, Cursor: d.To, Records: d.Records}
}
