package device

import (
	"encoding/json"
	"slices"
	"time"

	"bokvar/sync/wire"
)

// Entry is one commit of this device.
type Entry struct {
	ID      string
	Raw     json.RawMessage // as it is sent, the same bytes every time
	After   []string
	Changes []wire.Change
	Made    []bool       // of each change: the record was not there when it was written
	Receipt wire.Receipt // Status "" until the server has judged it
	Settled int64        // when the receipt came, ms by the device's clock
	Away    bool         // held, and its person has put it away

	Generation string // of the server's database that gave the receipt
}

// Edit is a change as a person makes it.
type Edit struct {
	Org    string                     `json:"org,omitempty"` // "" for the device's own organisation
	Kind   string                     `json:"kind"`
	Record string                     `json:"record"`
	Fields map[string]json.RawMessage `json:"fields"`
}

// Write makes a commit of edits and puts it into the outbox. Each field is based
// on the version that the server's record has here, never on one counted up
// locally; what the device itself has written since is named in After (D2).
func (d *Device) Write(id string, at int64, edits ...Edit) (*Entry, error) {
	c := wire.Commit{ID: id, At: at, Cursor: d.cursor}
	e := &Entry{ID: id}
	for _, edit := range edits {
		change := wire.Change{Org: edit.Org, Kind: edit.Kind, Record: edit.Record, Fields: map[string]wire.Set{}}
		key := d.key(change)
		known := d.records[key]
		for name, value := range edit.Fields {
			set := wire.Set{Value: value}
			if known != nil {
				set.Base = known.Versions[name]
			}
			change.Fields[name] = set
		}
		e.Made = append(e.Made, known == nil && !d.laid(key))
		c.Changes = append(c.Changes, change)
	}
	for _, before := range d.entries {
		if d.onTop(before) && d.builds(c.Changes, before) {
			c.After = append(c.After, before.ID)
		}
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	e.Raw, e.After, e.Changes = raw, c.After, c.Changes
	d.entries = append(d.entries, e)
	return e, nil
}

// builds says whether changes build on an entry that is still laid on top: it
// touches one of the same records, or made a record that one of them names.
func (d *Device) builds(changes []wire.Change, before *Entry) bool {
	for _, c := range changes {
		for i, b := range before.Changes {
			if d.key(b) == d.key(c) {
				return true
			}
			if !before.Made[i] {
				continue
			}
			for _, set := range c.Fields {
				if string(set.Value) == `"`+b.Record+`"` {
					return true
				}
			}
		}
	}
	return false
}

func (d *Device) key(c wire.Change) Key {
	if c.Org == "" {
		return Key{d.org, c.Record}
	}
	return Key{c.Org, c.Record}
}

// Unsent lists the commits without a final receipt, in the order written.
func (d *Device) Unsent() []*Entry {
	var out []*Entry
	for _, e := range d.entries {
		if e.Receipt.Status == "" {
			out = append(out, e)
		}
	}
	return out
}

// Trouble lists what was refused or held, for the tray. It stays until Drop or PutAway.
func (d *Device) Trouble() []*Entry {
	var out []*Entry
	for _, e := range d.entries {
		if e.Receipt.Status == wire.Refused || e.Receipt.Status == wire.Held && !e.Away {
			out = append(out, e)
		}
	}
	return out
}

// Entries lists every commit that is still kept, in the order written.
func (d *Device) Entries() []*Entry { return d.entries }

// Commits packs what is unsent into messages.
func (d *Device) Commits() []wire.Commits {
	var raws []json.RawMessage
	for _, e := range d.Unsent() {
		raws = append(raws, e.Raw)
	}
	return wire.NewCommits(raws)
}

// Receipt takes the server's word on a commit; now is the device's clock, ms.
// "again" settles nothing: the commit stays unsent (D4). A receipt that came
// before, or for a commit that is not here, changes nothing.
func (d *Device) Receipt(r wire.Receipt, now int64) {
	i := slices.IndexFunc(d.entries, func(e *Entry) bool { return e.ID == r.Commit })
	if i < 0 || r.Status == wire.Again || d.entries[i].Receipt.Status != "" {
		return
	}
	d.entries[i].Receipt, d.entries[i].Settled, d.entries[i].Generation = r, now, d.generation
	d.forget(now)
}

// Drop takes a commit out of the tray: it was corrected, handed over, or given up.
func (d *Device) Drop(id string) {
	d.entries = slices.DeleteFunc(d.entries, func(e *Entry) bool { return e.ID == id })
}

// PutAway takes a held commit out of the tray. It is kept as long as a saved one.
func (d *Device) PutAway(id string) {
	for _, e := range d.entries {
		if e.ID == id && e.Receipt.Status == wire.Held {
			e.Away = true
		}
	}
}

// seen says that the server keeps it, and that somebody knows of it: whoever it was
// handed on to, or its person, who has put it away.
func (e *Entry) seen() bool {
	told := e.Receipt.Code != wire.CodePredecessor && e.Receipt.Code != wire.CodeServerTooOld
	return e.Receipt.Status == wire.Saved || e.Receipt.Status == wire.Held && (e.Away || told)
}

// forget ends the time for which acknowledged commits are kept. What one that is
// kept builds on is kept with it: without that a restored server would make it
// wait for ever.
func (d *Device) forget(now int64) {
	oldest := now - int64(KeepAcknowledged/time.Millisecond)
	needed := map[string]bool{}
	var kept []*Entry
	for _, e := range slices.Backward(d.entries) {
		if e.seen() && !d.onTop(e) && e.Settled < oldest && !needed[e.ID] {
			continue
		}
		for _, id := range e.After {
			needed[id] = true
		}
		kept = append(kept, e)
	}
	slices.Reverse(kept)
	d.entries = kept
}
