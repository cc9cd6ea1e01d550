package server

import (
	"slices"

	"bokvar/sync/wire"
)

// announced is what one class of viewers sees of a record, worked out once.
type announced struct {
	class   string
	visible bool
	hash    wire.Sum
	record  []byte
	room    string
}

// announcer writes the inbox rows of one record.
type announcer struct {
	tx      Tx
	policy  Policy
	key     recordKey
	now     *State
	classes []announced
	left    []byte // the record as told to those it left
	author  string // of the commit
	fresh   bool   // the record is new: nobody has a row yet
	at      int64  // ms, for what leaves
	seq     int64  // the author's row, 0 when none was seen
	wrote   func(notice)
}

// announce tells those who carry a record, and those who did before the commit.
// A viewer whose projection stayed as it was gets no row (S7).
func (w *work) announce(r *touched) error {
	if r.changed {
		a := announcer{tx: w.tx, policy: w.t.e.policy, key: r.key, now: r.now, author: w.c.author.Person, fresh: r.before == nil, at: w.t.e.clock().UnixMilli(), wrote: func(n notice) { w.notices = append(w.notices, n) }}
		viewers, err := a.policy.Audience(w.tx, r.now)
		if err != nil {
			return err
		}
		for _, v := range viewers {
			if err := a.enter(v); err != nil {
				return err
			}
		}
		for _, was := range r.carried {
			if slices.ContainsFunc(viewers, func(v Viewer) bool { return v.Person == was.Person }) {
				continue
			}
			if err := a.leave(was.Person); err != nil {
				return err
			}
		}
		w.cursor = max(w.cursor, a.seq)
		if a.seq != 0 {
			return nil
		}
	}
	return w.authorsRow(r.key)
}

// authorsRow moves the receipt's cursor to the author's row of the record.
func (w *work) authorsRow(key recordKey) error {
	if w.c.house() {
		return nil
	}
	row, err := w.tx.Inbox(w.c.author.Person, key.org, key.id)
	w.cursor = max(w.cursor, row.Seq)
	return err
}

// enter gives a viewer a row, unless what they see is what they were told last.
func (a *announcer) enter(v Viewer) error {
	seen, err := a.class(v)
	if err != nil {
		return err
	}
	if !seen.visible {
		return a.leave(v.Person)
	}
	row, err := a.row(v.Person)
	if err != nil || (row.Seq != 0 && !row.Left && row.Hash == seen.hash) {
		return err
	}
	return a.put(v.Person, InboxRow{Org: a.key.org, Record: a.key.id, Hash: seen.hash}, seen.record, seen.room)
}

// leave ends a person's row, if there is one that has not ended.
func (a *announcer) leave(person string) error {
	row, err := a.row(person)
	if err != nil || row.Seq == 0 || row.Left {
		return err
	}
	if a.left == nil {
		a.left = appendLeft(nil, a.key.org, a.key.id)
	}
	return a.put(person, leftRow(a.key.org, a.key.id, a.at), a.left, "")
}

func (a *announcer) row(person string) (InboxRow, error) {
	if a.fresh {
		return InboxRow{}, nil
	}
	row, err := a.tx.Inbox(person, a.key.org, a.key.id)
	if person == a.author {
		a.seq = row.Seq
	}
	return row, err
}

func (a *announcer) put(person string, row InboxRow, record []byte, room string) error {
	seq, err := a.tx.PutInbox(person, row)
	if err == nil {
		if person == a.author {
			a.seq = seq
		}
		a.wrote(notice{person: person, seq: seq, key: a.key, record: record, room: room, left: row.Left})
	}
	return err
}

// class projects the record once for each class of viewers.
func (a *announcer) class(v Viewer) (*announced, error) {
	for i := range a.classes {
		if a.classes[i].class == v.Class {
			return &a.classes[i], nil
		}
	}
	p, err := project(a.tx, a.policy, v, a.now)
	if err != nil {
		return nil, err
	}
	seen := announced{class: v.Class, visible: p.Visible}
	if p.Visible {
		seen.room = p.Room
		seen.record = appendRecord(nil, a.now, p)
		seen.hash = hashRecord(seen.record, a.now, p)
	}
	a.classes = append(a.classes, seen)
	return &a.classes[len(a.classes)-1], nil
}
