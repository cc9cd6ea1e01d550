package server_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bokvar/sync/device"
)

type wireEdit = device.Edit

// edit lets a person write something: a new item, a note, a change, a choice.
func (w *world) edit(p *peer) {
	id := w.newID("c")
	var edits []device.Edit
	views := p.device.Views()
	if w.rand.IntN(8) == 0 {
		edits = w.consent(p) // alone, so that nothing else in the commit turns it down
	}
	if len(edits) > 0 {
		w.write(p, id, edits)
		return
	}
	if len(views) == 0 || w.rand.IntN(5) == 0 {
		edits = append(edits, w.newItem(p))
	} else {
		for range 1 + w.rand.IntN(2) {
			if e, ok := w.change(p, views[w.rand.IntN(len(views))], id); ok {
				edits = append(edits, e)
			}
		}
	}
	if w.rand.IntN(25) == 0 {
		edits = append(edits, w.bad())
	}
	if w.rand.IntN(12) == 0 {
		edits = append(edits, w.consent(p)...)
	}
	if len(edits) > 0 {
		w.write(p, id, edits)
	}
}

func (w *world) write(p *peer, id string, edits []device.Edit) {
	if _, err := p.device.Write(id, w.now+p.skew, edits...); err != nil {
		w.failf("write: %v", err)
	}
}

func (w *world) newItem(p *peer) device.Edit {
	id := w.newID("item")
	if w.rand.IntN(3) == 0 { // two devices may make the same one, as imports do
		id = fmt.Sprintf("item-%d-shared-%d", w.seed, w.rand.IntN(2))
	}
	return device.Edit{Kind: "item", Record: id, Fields: map[string]json.RawMessage{
		"people": raw(w.choosePeople(p)), "title": raw(w.newID("title")), "opened": raw(w.newID("opened")),
	}}
}

// choosePeople picks people for an item; the author mostly is among them.
func (w *world) choosePeople(p *peer) []string {
	list := []string{}
	for _, person := range []string{"kim", "alva", "maj", "rolf"} {
		if w.rand.IntN(2) == 0 || (person == p.author.Person && w.rand.IntN(6) > 0) {
			list = append(list, person)
		}
	}
	return list
}

// bad makes a change that cannot be right: the whole commit is turned down.
func (w *world) bad() device.Edit {
	switch w.rand.IntN(4) {
	case 0:
		return device.Edit{Kind: "item", Record: w.newID("item"), Fields: map[string]json.RawMessage{"title": raw("forbidden")}}
	case 1:
		return device.Edit{Kind: "meteor", Record: w.newID("item"), Fields: map[string]json.RawMessage{"title": raw("x")}}
	case 2:
		return device.Edit{Kind: "item", Record: w.newID("item"), Fields: map[string]json.RawMessage{"title": raw("panic")}}
	}
	return device.Edit{Org: "other", Kind: "item", Record: w.newID("item"), Fields: map[string]json.RawMessage{"title": raw("x")}}
}

// change edits a record that the device has.
func (w *world) change(p *peer, v *device.View, commit string) (device.Edit, bool) {
	fields := map[string]json.RawMessage{}
	switch v.Kind {
	case "item":
		if w.rand.IntN(8) == 0 {
			fields["message"] = w.message(v)
			break
		}
		if w.rand.IntN(4) == 0 {
			return device.Edit{Kind: "note", Record: w.newID("note"), Fields: map[string]json.RawMessage{"item": raw(v.ID), "text": raw(w.newID("text"))}}, true
		}
		for range 1 + w.rand.IntN(3) {
			name, value := w.value(p)
			fields[name] = value
		}
	case "conflict":
		var versions []struct{ Commit string }
		if json.Unmarshal(v.Fields["versions"], &versions) != nil || len(versions) == 0 {
			return device.Edit{}, false
		}
		fields["choice"] = raw("both")
		if w.rand.IntN(3) > 0 {
			fields["choice"] = raw(versions[w.rand.IntN(len(versions))].Commit)
		}
	default:
		if w.rand.IntN(5) > 0 { // a note is locked: the change will be refused
			return device.Edit{}, false
		}
		fields["text"] = raw(w.newID("text"))
	}
	return device.Edit{Org: v.Org, Kind: v.Kind, Record: v.ID, Fields: fields}, true
}

// message is the text that the device shows, with a line more, and perhaps one
// changed or gone.
func (w *world) message(v *device.View) json.RawMessage {
	lines := strings.Split(asText(v.Fields["message"]), "\n")
	lines = lines[:min(len(lines), 20)]
	at := w.rand.IntN(len(lines) + 1)
	if w.rand.IntN(3) == 0 && at < len(lines) {
		lines = slices.Delete(lines, at, at+1)
	}
	lines = slices.Insert(lines, at, w.newID("line")+".")
	return raw(strings.Join(lines, "\n"))
}

func (w *world) value(p *peer) (name string, value json.RawMessage) {
	switch w.rand.IntN(11) {
	case 0:
		return "people", raw(w.choosePeople(p))
	case 1:
		return "title", raw(w.newID("title"))
	case 2:
		return "outcome", raw(map[string]any{"answer": w.newID("outcome"), "at": w.now})
	case 3:
		return "phone", raw(w.newID("phone"))
	case 4:
		return "opened", raw(w.newID("opened"))
	case 5:
		if w.rand.IntN(3) == 0 {
			return "safety", raw(nil)
		}
		return "safety", raw(w.newID("safety"))
	case 6:
		return "stage", raw([]string{"one", "two", "three"}[w.rand.IntN(3)])
	case 7:
		return "protected", raw(w.rand.IntN(2) == 0)
	case 8:
		return "done", raw(w.rand.IntN(2) == 0)
	case 9:
		return "debt", raw(w.rand.IntN(1000))
	}
	return "secret", raw(w.newID("secret"))
}
