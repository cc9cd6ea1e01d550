package server_test

import (
	"encoding/json"
	"fmt"
	"reflect"

	"bokvar/sync/device"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// seenChange is something that a commit changed, and in which generation.
type seenChange struct {
	server.Changed
	era int
}

// acknowledged is a commit that a device was told about.
type acknowledged struct {
	receipt wire.Receipt
	era     int
}

// invariants are looked at after every operation, which concerned the device.
func (w *world) invariants(p *peer) {
	w.nothingAcknowledgedIsLost(p)
	w.nothingIsAppliedTwice()
	w.nothingWithdrawnIsThere(p)
}

// nothingWithdrawnIsThere: a device that was told, by a word or a welcome, that a
// room is shut has nothing that came through it before, whatever arrives later.
func (w *world) nothingWithdrawnIsThere(p *peer) {
	for _, r := range p.device.Records() {
		if r.Room == "" {
			continue
		}
		room, epoch := wire.RoomOf(r.Room)
		if epoch < p.knows[room] {
			w.failf("%s has %s through %s, and was told that it is shut at %d", p.author.Device, r.ID, r.Room, p.knows[room])
		}
		if epoch > 0 {
			w.tally.Again++
		}
	}
}

// synced holds a device that has all of its person's inbox to what its person may
// see: nothing else is on it. While an inbox waits to be tidied, what is to leave
// may still be there.
func (w *world) synced(p *peer) {
	if p.device.Cursor() != w.ends()[p.author.Person] || w.policy.untidy[p.author.Person] {
		return
	}
	w.tally.Synced++
	err := w.store.Read(func(tx server.Tx) error {
		for _, r := range p.device.Records() {
			s, err := tx.Record(r.Org, r.ID)
			if err != nil {
				return err
			}
			if s == nil {
				w.failf("%s has %s, which is not there", p.author.Device, r.ID)
				continue
			}
			seen, err := w.policy.sees(tx, p.author.Person, s)
			if err != nil {
				return err
			}
			w.shows(tx, p, r, s, seen, true)
		}
		return nil
	})
	if err != nil {
		w.failf("reading: %v", err)
	}
}

// nothingAcknowledgedIsLost: what a device was told is kept by the server, with
// the very receipt; or, after a restored backup, the device still has it.
func (w *world) nothingAcknowledgedIsLost(p *peer) {
	has := map[string]bool{}
	for _, e := range p.device.Entries() {
		has[e.ID] = true
		if e.Receipt.Status != "" && p.acknowledged[e.ID].receipt != e.Receipt {
			p.acknowledged[e.ID] = acknowledged{e.Receipt, w.era}
		}
	}
	err := w.store.Read(func(tx server.Tx) error {
		for id, told := range p.acknowledged {
			kept, err := tx.Commit(p.author.Org, id)
			switch {
			case err != nil:
				return err
			case kept != nil && (told.era != w.era || kept.Receipt == told.receipt):
			case kept == nil && told.era < w.era && has[id]:
			case kept == nil && told.era < w.era && w.longAgo(told):
			default:
				w.failf("%s: %s was acknowledged in era %d as %+v; in era %d the server has %+v, the device %v", p.author.Device, id, told.era, told.receipt, w.era, kept, has[id])
			}
		}
		return nil
	})
	if err != nil {
		w.failf("reading: %v", err)
	}
}

// longAgo says that the device's clock has let the time pass for which it keeps
// what is acknowledged (D8): an older backup than that may lack it.
func (w *world) longAgo(told acknowledged) bool {
	return told.receipt.Status != wire.Refused && (w.jumped || w.now-told.receipt.At > device.KeepAcknowledged.Milliseconds())
}

// nothingIsAppliedTwice: in one generation a commit changes a field once, and each
// version of a field was made once, on top of the one before.
func (w *world) nothingIsAppliedTwice() {
	w.mu.Lock()
	fresh := w.changed[w.looked:]
	w.looked = len(w.changed)
	w.mu.Unlock()
	for _, c := range fresh {
		for name, now := range c.After.Fields {
			var was server.Field
			if c.Before != nil {
				was = c.Before.Fields[name]
			}
			if now.Version == was.Version {
				continue
			}
			if now.Version < was.Version {
				w.failf("%s.%s went from version %d to %d", c.After.ID, name, was.Version, now.Version)
			}
			at := fmt.Sprint(c.era, " ", c.After.ID, " ", name, " ")
			for _, key := range []string{at + now.Commit, at + fmt.Sprint(now.Version)} {
				if w.applied[key] {
					w.failf("%s was applied twice", key)
				}
				w.applied[key] = true
			}
			if now.Wrote != nil {
				w.tally.Merged++
			}
		}
	}
}

// leaves is told of every page that leaves the server: it holds what its person may
// see at that moment and nothing else; exact says that it was read just now.
func (w *world) leaves(p *peer, page wire.Page, exact bool) {
	w.tally.Pages++
	err := w.store.Read(func(tx server.Tx) error {
		for _, raw := range page.Records {
			var r wire.Record
			if err := json.Unmarshal(raw, &r); err != nil {
				return err
			}
			if r.Left {
				continue
			}
			w.tally.Records++
			s, err := tx.Record(r.Org, r.ID)
			if err != nil || s == nil {
				w.failf("%s is sent %s, which is not there (%v)", p.author.Device, r.ID, err)
				continue
			}
			seen, err := w.policy.sees(tx, p.author.Person, s)
			if err != nil {
				return err
			}
			w.shows(tx, p, &r, s, seen, exact)
		}
		return nil
	})
	if err != nil {
		w.failf("reading: %v", err)
	}
}

func (w *world) shows(tx server.Tx, p *peer, r *wire.Record, s *server.State, seen server.Projection, exact bool) {
	if !seen.Visible {
		w.failf("%s is sent %s, which it may not see", p.author.Device, r.ID)
	}
	room := ""
	if seen.Room != "" {
		epoch, err := tx.RoomEpoch(seen.Room)
		if err != nil {
			w.failf("reading: %v", err)
		}
		room = wire.RoomAt(seen.Room, epoch)
	}
	if r.Room != room {
		w.failf("%s is sent %s through %q, it is seen through %q", p.author.Device, r.ID, r.Room, room)
	}
	if exact && (!reflect.DeepEqual(r.Fields, seen.Fields) || !reflect.DeepEqual(r.Versions, seen.Versions(s))) {
		w.failf("%s is sent %s as %s, it is %s", p.author.Device, r.ID, r.Fields, seen.Fields)
	}
	for name := range r.Fields {
		if _, ok := seen.Fields[name]; !ok {
			w.failf("%s is sent %s.%s, which it may not see", p.author.Device, r.ID, name)
		}
	}
}

// examineInvented: whoever is in a conflict had not seen the other. Looked at in
// seeds with one generation, where a version means one thing.
func (w *world) examineInvented(commits map[string]*device.Entry) {
	versions := map[string]int64{} // record, field, commit
	for _, c := range w.changed {
		for name, f := range c.After.Fields {
			versions[c.After.ID+" "+name+" "+f.Commit] = f.Version
		}
	}
	for _, c := range w.changed {
		if c.After.Kind != server.KindConflict || c.Before != nil {
			continue
		}
		var pair []struct{ Commit string }
		if err := json.Unmarshal(c.After.Fields["versions"].Value, &pair); err != nil || len(pair) < 2 {
			w.failf("conflict %s: %v", c.After.ID, err)
			continue
		}
		record, field := asText(c.After.Fields["record"].Value), asText(c.After.Fields["field"].Value)
		won, lost := pair[0].Commit, pair[1].Commit
		at := func(commit string) server.Field {
			return server.Field{Version: versions[record+" "+field+" "+commit], Commit: commit}
		}
		// What won either was there first, and the loser had not seen it, or it
		// came later and had not seen the loser.
		first, second := at(won), commits[lost]
		if l := at(lost); l.Version != 0 && l.Version < first.Version {
			first, second = l, commits[won]
		}
		if second == nil || field == "debt" || field == "message" {
			continue // the house's; an import; a text of which only a part was seen
		}
		if saw(second, record, field, first) {
			w.failf("conflict %s about %s.%s is invented: %s had seen %s", c.After.ID, record, field, second.ID, first.Commit)
		}
	}
}
