package device

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"bokvar/sync/wire"
)

// View is a record as the person sees it: the server's, with the device's own
// changes laid on top.
type View struct {
	Org      string                     `json:"org"`
	ID       string                     `json:"id"`
	Kind     string                     `json:"kind"`
	Fields   map[string]json.RawMessage `json:"f"`
	Versions map[string]int64           `json:"n"`      // the server's, untouched by what lies on top
	Unsent   bool                       `json:"unsent"` // some field shows a change without a receipt
}

// onTop says whether an entry is laid over the records: from when it is written
// until the server turns it down, or until its own change is in the records (D3).
func (d *Device) onTop(e *Entry) bool {
	switch e.Receipt.Status {
	case "":
		return true
	case wire.Saved:
		return e.Receipt.Cursor > d.cursor
	}
	return false
}

// laid says whether some entry on top concerns the record.
func (d *Device) laid(key Key) bool {
	return slices.ContainsFunc(d.entries, func(e *Entry) bool {
		return d.onTop(e) && slices.ContainsFunc(e.Changes, func(c wire.Change) bool { return d.key(c) == key })
	})
}

// Views lists every record, sorted by organisation and id.
func (d *Device) Views() []*View {
	views := make(map[Key]*View, len(d.records))
	for key, r := range d.records {
		views[key] = &View{Org: r.Org, ID: r.ID, Kind: r.Kind, Fields: r.Fields, Versions: r.Versions}
	}
	for _, e := range d.entries {
		if d.onTop(e) {
			d.lay(views, e)
		}
	}
	return slices.SortedFunc(maps.Values(views), func(a, b *View) int {
		return cmp.Or(cmp.Compare(a.Org, b.Org), cmp.Compare(a.ID, b.ID))
	})
}

// View is one record, nil when it is not there.
func (d *Device) View(key Key) *View {
	for _, v := range d.Views() {
		if v.Org == key.Org && v.ID == key.ID {
			return v
		}
	}
	return nil
}

// lay puts an entry's changes over the views. A change to a record that has left
// the device shows nothing; one that makes a record shows it (D5).
func (d *Device) lay(views map[Key]*View, e *Entry) {
	for i, c := range e.Changes {
		key := d.key(c)
		v := views[key]
		if v == nil {
			if !e.Made[i] {
				continue
			}
			v = &View{Org: key.Org, ID: key.ID, Kind: c.Kind, Versions: map[string]int64{}}
		} else {
			copied := *v
			v = &copied
		}
		v.Fields = maps.Clone(v.Fields)
		if v.Fields == nil {
			v.Fields = map[string]json.RawMessage{}
		}
		for name, set := range c.Fields {
			v.Fields[name] = set.Value
		}
		v.Unsent = v.Unsent || e.Receipt.Status == ""
		views[key] = v
	}
}
