package server_test

import (
	"encoding/json"
	"reflect"
	"slices"

	"bokvar/sync/device"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// quiet lets everyone finish on a line that works.
func (w *world) quiet() {
	w.full, w.policy.sound = false, true
	for _, p := range w.peers {
		p.cutOff = false
	}
	for range 60 {
		w.now += 1000
		w.rescope()
		for _, p := range w.peers {
			w.exchange(p)
			w.invariants(p)
		}
		if w.settled() {
			return
		}
	}
	w.failf("no quiet after 60 rounds")
	for _, p := range w.peers {
		for _, e := range p.device.Unsent() {
			w.t.Logf("%s still has %s after %v", p.author.Device, e.Raw, e.After)
		}
	}
}

// exchange is one whole conversation without losses.
func (w *world) exchange(p *peer) {
	w.connect(p)
	for _, m := range p.device.Commits() {
		w.serve(p, m)
	}
	for range 3 {
		w.serve(p, p.device.Have())
		for len(p.down) > 0 {
			m := p.down[0]
			p.down = p.down[1:]
			w.receive(p, m)
		}
	}
}

func (w *world) settled() bool {
	if len(w.policy.untidy) > 0 {
		return false
	}
	ends := w.ends()
	for _, p := range w.peers {
		if len(p.device.Unsent()) > 0 || p.device.Cursor() != ends[p.author.Person] {
			return false
		}
	}
	return true
}

// examine holds the world to its promises.
func (w *world) examine() {
	for _, p := range w.peers {
		w.examineDigest(p)
	}
	for _, p := range w.peers {
		w.examineRemovals(p)
	}
	w.engine.Close() // hands out what is still to be told
	for _, p := range w.peers {
		w.examineScope(p)
		w.examineReceipts(p)
	}
	w.examineHistory()
}

// examineRemovals: the device's word is kept for everything that has left its
// person and that it was told of.
func (w *world) examineRemovals(p *peer) {
	kept := map[string]int64{}
	for _, r := range w.store.Removals() {
		if r.Person == p.author.Person && r.Device == p.author.Device {
			kept[r.Record] = r.Seq
		}
	}
	err := w.store.Read(func(tx server.Tx) error {
		left, err := tx.Leavings(p.author.Person, 0, p.confirmed)
		for _, row := range left {
			if kept[row.Record] != row.Seq {
				w.failf("%s has confirmed %d and its word on %s (%d) is not kept", p.author.Device, p.confirmed, row.Record, row.Seq)
			}
		}
		return err
	})
	if err != nil {
		w.failf("reading: %v", err)
	}
}

// examineDigest: a device that has everything is called equal.
func (w *world) examineDigest(p *peer) {
	if answer, difference, err := w.engine.Check(p.author.Person, p.device.Check()); err != nil || answer.Result != wire.Equal {
		w.failf("%s: %s, %v, %v", p.author.Device, answer.Result, difference, err)
	}
}

// examineScope: the device shows what its person may see, and nothing else.
func (w *world) examineScope(p *peer) {
	type shown struct {
		server.Projection
		versions map[string]int64
	}
	want := map[device.Key]shown{}
	err := w.store.Read(func(tx server.Tx) error {
		for _, s := range w.store.Records() {
			seen, err := w.policy.sees(tx, p.author.Person, s)
			if err != nil {
				return err
			}
			if seen.Visible {
				want[device.Key{Org: s.Org, ID: s.ID}] = shown{seen, seen.Versions(s)}
			}
		}
		return nil
	})
	if err != nil {
		w.failf("reading: %v", err)
	}
	views := p.device.Views()
	if len(views) != len(want) {
		w.failf("%s shows %d records, the server has %d for it", p.author.Device, len(views), len(want))
	}
	for key := range want {
		if !slices.ContainsFunc(views, func(v *device.View) bool { return v.Org == key.Org && v.ID == key.ID }) {
			w.failf("%s does not show %s", p.author.Device, key.ID)
		}
	}
	for _, v := range views {
		seen, ok := want[device.Key{Org: v.Org, ID: v.ID}]
		switch {
		case !ok:
			w.failf("%s shows %s, which it may not", p.author.Device, v.ID)
		case v.Unsent:
			w.failf("%s shows %s as unsent", p.author.Device, v.ID)
		case !reflect.DeepEqual(v.Fields, seen.Fields) || !reflect.DeepEqual(v.Versions, seen.versions):
			w.failf("%s shows %s as %s %v, the server has %s %v", p.author.Device, v.ID, v.Fields, v.Versions, seen.Fields, seen.versions)
		}
	}
}

// examineReceipts: every commit of the device is kept by the server, once, with
// the very receipt that the device got.
func (w *world) examineReceipts(p *peer) {
	for _, e := range p.device.Entries() {
		err := w.store.Read(func(tx server.Tx) error {
			kept, err := tx.Commit(p.author.Org, e.ID)
			switch {
			case err != nil:
				return err
			case kept == nil:
				w.failf("%s: commit %s is acknowledged and not there", p.author.Device, e.ID)
			case kept.Receipt != e.Receipt:
				w.failf("%s: commit %s has receipt %+v, the device got %+v", p.author.Device, e.ID, kept.Receipt, e.Receipt)
			default:
				w.examinePayload(kept, e)
			}
			return nil
		})
		if err != nil {
			w.failf("reading: %v", err)
		}
	}
}

func (w *world) examinePayload(kept *server.Kept, e *device.Entry) {
	n := 0
	for _, r := range kept.Roots {
		var changes []wire.Change
		if err := json.Unmarshal(r.Payload, &changes); err != nil {
			w.failf("commit %s: payload %s: %v", e.ID, r.Payload, err)
		}
		n += len(changes)
	}
	if n != len(e.Changes) {
		w.failf("commit %s: %d changes were sent, %d are kept", e.ID, len(e.Changes), n)
	}
}

// examineHistory: a value that was replaced by somebody who had not seen it is
// kept in a conflict; and a value that was acknowledged was current once, or is
// kept in a conflict.
func (w *world) examineHistory() {
	commits := map[string]*device.Entry{}
	for _, p := range w.peers {
		for _, e := range p.device.Entries() {
			commits[e.ID] = e
		}
	}
	current, lost := map[string]bool{}, map[string]bool{} // "record field commit"
	for _, c := range w.changed {
		w.noteLost(c.Changed, lost)
		for name, f := range c.After.Fields {
			current[c.After.ID+" "+name+" "+f.Commit] = true
		}
	}
	for _, c := range w.changed {
		if c.Before == nil || c.After.Kind != "item" {
			continue
		}
		for name, now := range c.After.Fields {
			was := c.Before.Fields[name]
			e := commits[now.Commit]
			if was.Version == 0 || was.Version == now.Version || e == nil || name == "count" || name == "debt" || settles(e) {
				continue
			}
			if !saw(e, c.After.ID, name, was) && !lost[c.After.ID+" "+name+" "+was.Commit] {
				w.failf("%s.%s: %s replaced %s without having seen it, and no conflict keeps that", c.After.ID, name, now.Commit, was.Commit)
			}
		}
	}
	w.examineSaved(commits, current, lost)
	if w.era == 0 {
		w.examineInvented(commits)
	}
	for _, s := range w.store.Records() {
		if s.Kind == "withdrawal" {
			w.tally.Withdrawn++
		}
	}
}

func (w *world) noteLost(c server.Changed, lost map[string]bool) {
	if c.After.Kind != "conflict" {
		return
	}
	var versions []struct{ Commit string }
	if err := json.Unmarshal(c.After.Fields["versions"].Value, &versions); err != nil {
		w.failf("conflict %s: %v", c.After.ID, err)
	}
	for _, v := range versions {
		lost[asText(c.After.Fields["record"].Value)+" "+asText(c.After.Fields["field"].Value)+" "+v.Commit] = true
	}
}

func settles(e *device.Entry) bool {
	return slices.ContainsFunc(e.Changes, func(c wire.Change) bool { return c.Kind == "conflict" })
}

func saw(e *device.Entry, record, field string, was server.Field) bool {
	if slices.Contains(e.After, was.Commit) || was.Commit == e.ID {
		return true
	}
	for _, c := range e.Changes {
		if set, ok := c.Fields[field]; ok && c.Record == record && set.Base == was.Version {
			return true
		}
	}
	return false
}

// unique are the fields whose values no two commits share.
var unique = []string{"title", "outcome", "phone", "opened", "text", "secret", "message"}

func (w *world) examineSaved(commits map[string]*device.Entry, current, lost map[string]bool) {
	for _, e := range commits {
		if e.Receipt.Status != wire.Saved {
			continue
		}
		for i, c := range e.Changes {
			for name := range c.Fields {
				again := slices.ContainsFunc(e.Changes[i+1:], func(later wire.Change) bool { return later.Record == c.Record })
				key := c.Record + " " + name + " " + e.ID
				if c.Kind != "conflict" && slices.Contains(unique, name) && !again && !current[key] && !lost[key] {
					w.failf("%s.%s: the value of %s is acknowledged and nowhere", c.Record, name, e.ID)
				}
			}
		}
	}
}
