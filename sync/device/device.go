// Package device is what a phone does to stay in step, in Go: an outbox of its
// own commits, the server's records, and the overlay of the one on the other.
//
// # What it is for
//
// The app does the same in TypeScript; both run the vectors in
// sync/testdata/overlay. This one drives the simulation and the bench. Its rules
// are numbered D1… in sync/SPEC.md.
//
// # What this is not
//
// A Device merges nothing, sends nothing, stores nothing and reads no clock: the
// caller carries messages, keeps what [Device.Snapshot] gives, and tells the time.
package device

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"bokvar/sync/wire"
)

// KeepAcknowledged is how long a commit is kept after its receipt, to be sent
// again should the server be restored from a backup. Longer than the time
// between two backups.
const KeepAcknowledged = 14 * 24 * time.Hour

// Key names a record.
type Key struct{ Org, ID string }

// Device is one person's device. It may be used by one goroutine at a time.
type Device struct {
	id, org    string
	generation string
	epoch      int64
	cursor     int64
	records    map[Key]*wire.Record
	renewing   *renewing
	shut       map[string]int64 // rooms that were shut, in this generation: the epoch from which on they count
	entries    []*Entry         // every commit that is still kept, in the order written
}

// renewing is a device that fetches everything anew because it was not equal
// (D9): what it has stays until all has come. Lost in a restart, and then the
// next check begins it again.
type renewing struct {
	cursor int64
	seen   map[Key]bool
}

// New makes an empty device of a person in the organisation.
func New(id, org string) *Device {
	return &Device{id: id, org: org, records: map[Key]*wire.Record{}}
}

// Cursor is the last page applied.
func (d *Device) Cursor() int64 { return d.cursor }

// position is how far the device has fetched.
func (d *Device) position() int64 {
	if d.renewing != nil {
		return d.renewing.cursor
	}
	return d.cursor
}

// Hello opens a conversation; clock is the device's own, in ms.
func (d *Device) Hello(clock int64) wire.Hello {
	return wire.Hello{Type: wire.TypeHello, Versions: wire.Versions, Device: d.id, Generation: d.generation,
		Cursor: d.position(), Clock: clock, Unsent: len(d.Unsent())}
}

// Have asks for what comes after the device's cursor.
func (d *Device) Have() wire.Have { return wire.Have{Type: wire.TypeHave, Cursor: d.position()} }

// Welcome takes the server's answer to Hello. Another generation than the one
// the cursor belongs to starts over: records go. Every commit that is still kept
// and was acknowledged by another generation is sent again, for the server may
// have lost it (D7); a device that has lost its records still knows by which.
func (d *Device) Welcome(w wire.Welcome, now int64) {
	if d.generation != "" && d.generation != w.Generation {
		d.cursor, d.records, d.renewing, d.shut = 0, map[Key]*wire.Record{}, nil, nil
	}
	d.close(w.Shut)
	d.forget(now)
	for _, e := range d.entries {
		if e.Receipt.Status != "" && e.Generation != w.Generation {
			e.Receipt, e.Settled, e.Away, e.Generation = wire.Receipt{}, 0, false, ""
		}
	}
	d.generation, d.epoch = w.Generation, w.Epoch
}

// Page applies a page as a whole, together with its cursor, or leaves it: when
// it is older than what the device has, read under an older access, follows a
// cursor that the device has not reached, or is for a device that has nothing and
// so does not say what has left (D6). It says whether it was applied.
func (d *Device) Page(p wire.Page) (applied bool, err error) {
	if p.Epoch < d.epoch || p.From > d.position() || p.Cursor < d.position() || p.From == 0 && d.position() > 0 {
		return false, nil
	}
	if p.From == 0 && p.Cursor > 0 && len(d.records) > 0 && d.renewing == nil {
		d.renewing = &renewing{seen: map[Key]bool{}} // it has what went ahead; pages from 0 do not say what of that has left
	}
	fresh := make([]*wire.Record, len(p.Records))
	for i, raw := range p.Records {
		fresh[i] = new(wire.Record)
		if err := json.Unmarshal(raw, fresh[i]); err != nil {
			return false, err
		}
	}
	for _, r := range fresh {
		key := Key{r.Org, r.ID}
		if r.Left || d.closed(r) {
			delete(d.records, key)
		} else {
			d.records[key] = r
		}
		if d.renewing != nil {
			d.renewing.seen[key] = true
		}
	}
	d.epoch = p.Epoch
	if d.renewing != nil {
		d.renewing.cursor = p.Cursor
		if p.Waiting == 0 {
			maps.DeleteFunc(d.records, func(key Key, _ *wire.Record) bool { return !d.renewing.seen[key] })
			d.renewing = nil
		}
	}
	d.cursor = max(d.cursor, p.Cursor)
	return true, nil
}

// Shut forgets at once what came through a room that was shut, and takes nothing
// of it any more, should it still be on its way (D10).
func (d *Device) Shut(s wire.Shut) { d.close([]string{s.Room}) }

func (d *Device) close(rooms []string) {
	for _, named := range rooms {
		room, epoch := wire.RoomOf(named)
		if d.shut == nil {
			d.shut = map[string]int64{}
		}
		d.shut[room] = max(d.shut[room], epoch)
	}
	if len(rooms) > 0 {
		maps.DeleteFunc(d.records, func(_ Key, r *wire.Record) bool { return d.closed(r) })
	}
}

// closed says whether a record came through a room that has been shut since.
func (d *Device) closed(r *wire.Record) bool {
	if r.Room == "" {
		return false
	}
	room, epoch := wire.RoomOf(r.Room)
	return epoch < d.shut[room]
}

// Records lists what the device has of the server's, in no order. Never write into it.
func (d *Device) Records() []*wire.Record { return slices.Collect(maps.Values(d.records)) }

// Check asks the server whether the device has what it should; ask when a page
// said that nothing waits, in a conversation of version 2 or newer.
func (d *Device) Check() wire.Check {
	c := wire.Check{Type: wire.TypeCheck, Cursor: d.cursor, Count: int64(len(d.records)), Kinds: map[string]wire.Counted{}}
	var all wire.Sum
	sums := map[string]wire.Sum{}
	for _, r := range d.records {
		hash := wire.HashRecord(r.Org, r.ID, r.Kind, r.Room, r.Fields, r.Versions)
		all.Add(hash)
		sum := sums[r.Kind]
		sum.Add(hash)
		sums[r.Kind] = sum
		c.Kinds[r.Kind] = wire.Counted{Count: c.Kinds[r.Kind].Count + 1, Sum: sum.String()}
	}
	c.Sum = all.String()
	return c
}

// Checked takes the server's answer. It says whether the device has to say hello
// again, to fetch everything anew (D9).
func (d *Device) Checked(c wire.Checked) (renew bool) {
	if c.Result != wire.Different || c.Cursor != d.cursor || d.renewing != nil {
		return false
	}
	d.renewing = &renewing{seen: map[Key]bool{}}
	return true
}

// Snapshot is everything the device has to keep over a restart, as JSON.
func (d *Device) Snapshot() ([]byte, error) {
	s := snapshot{ID: d.id, Org: d.org, Generation: d.generation, Epoch: d.epoch, Cursor: d.cursor, Entries: d.entries}
	for _, r := range d.records {
		s.Records = append(s.Records, r)
	}
	return json.Marshal(s)
}

// Restore makes a device of a snapshot.
func Restore(raw []byte) (*Device, error) {
	var s snapshot
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, err
	}
	if !s.whole() {
		return nil, errors.New("the device's copy is damaged")
	}
	d := New(s.ID, s.Org)
	d.generation, d.epoch, d.cursor, d.entries = s.Generation, s.Epoch, s.Cursor, s.Entries
	for _, r := range s.Records {
		d.records[Key{r.Org, r.ID}] = r
	}
	return d, nil
}

// whole says whether the snapshot is of the shape that Snapshot writes.
func (s *snapshot) whole() bool {
	return s.Cursor >= 0 && !slices.Contains(s.Records, nil) &&
		!slices.ContainsFunc(s.Entries, func(e *Entry) bool { return e == nil || len(e.Made) != len(e.Changes) })
}

type snapshot struct {
	ID         string
	Org        string
	Generation string
	Epoch      int64
	Cursor     int64
	Records    []*wire.Record
	Entries    []*Entry
}
