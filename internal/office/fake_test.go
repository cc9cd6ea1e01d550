package office

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"testing"
	"time"

	"bokvar/internal/casework"
	"bokvar/internal/method"
	"bokvar/sync/rules"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// town is a store in memory with two organisations, and as much of an engine as
// the policy sees: admit, write, follow, announce. It keeps no receipts and
// merges nothing: what comes last is written.
type town struct {
	t       testing.TB
	office  *Office
	now     time.Time
	members map[string]casework.Member
	orgs    map[string]casework.Organisation
	records map[string]*server.State // org/id
	units   map[string][]casework.RootUnit
	named   map[string][]casework.Assignment
	epochs  map[string]int64
	days    map[string]string
	rooms   map[string]casework.Room
	names   []casework.Handle
	guarded map[string]bool // org/root
	numbers map[string]int64
	shuts   map[string]int64
	heard   map[string]int64 // rooms, and the epoch up to which their people were told
	shut    []server.Shut
	inbox   map[string]map[string]bool // person, org/id carried
	rows    map[string]server.InboxRow // person/org/id
	shown   map[string]string          // the same: what was projected last
	seq     int64                      // of all inboxes together
	cursor  map[string]int64           // what the person's phone says with a commit
	touched []string                   // person/record, since the last look
	fail    error                      // what Touch answers
	scans   int                        // lists of records that were asked for
	reads   int                        // single records that were asked for
	put     int                        // rooms that were written
}

var _ casework.Facts = (*town)(nil)

func newTown(t testing.TB) *town {
	t.Helper()
	now, err := time.ParseInLocation(time.DateTime, "2026-11-18 08:00:00", casework.Zone)
	if err != nil {
		t.Fatal(err)
	}
	w := &town{t: t, now: now, members: map[string]casework.Member{}, orgs: map[string]casework.Organisation{},
		records: map[string]*server.State{}, units: map[string][]casework.RootUnit{}, named: map[string][]casework.Assignment{},
		epochs: map[string]int64{}, days: map[string]string{},
		rooms: map[string]casework.Room{}, guarded: map[string]bool{}, numbers: map[string]int64{}, shuts: map[string]int64{}, heard: map[string]int64{}, inbox: map[string]map[string]bool{}, rows: map[string]server.InboxRow{}, shown: map[string]string{}, cursor: map[string]int64{}}
	table, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	profiles, err := method.Load()
	if err != nil {
		t.Fatal(err)
	}
	if w.office, err = New(table, profiles["model"], func() time.Time { return w.now }); err != nil {
		t.Fatal(err)
	}
	w.people()
	return w
}

func (w *town) people() {
	w.orgs["hem"] = casework.Organisation{ID: "hem", Name: "Hem", Kind: casework.Landlord}
	w.orgs["soc"] = casework.Organisation{ID: "soc", Name: "Soc", Kind: casework.SocialServices}
	for _, m := range []casework.Member{
		{ID: "kim", Org: "hem", Role: casework.Caretaker, Units: []string{"norr"}},
		{ID: "alva", Org: "hem", Role: casework.Caretaker, Units: []string{"norr"}},
		{ID: "jonna", Org: "hem", Role: casework.Coordinator, Units: []string{"norr"}},
		{ID: "sol", Org: "hem", Role: casework.Coordinator, Units: []string{"syd"}},
		{ID: "maj", Org: "hem", Role: casework.Collections, Units: []string{"norr"}},
		{ID: "rolf", Org: "hem", Role: casework.LandlordManager, Units: []string{"norr"}},
		{ID: "eva", Org: "hem", Role: casework.Administrator},
		{ID: "samira", Org: "soc", Role: casework.SocialWorker, Units: []string{"vrak"}},
		{ID: "tove", Org: "soc", Role: casework.SocialWorker, Units: []string{"vrak"}},
		{ID: "elin", Org: "soc", Role: casework.ChildWorker, Units: []string{"barn"}},
		{ID: "karin", Org: "soc", Role: casework.SocialManager, Units: []string{"vrak", "barn"}},
	} {
		m.Active, m.Name = true, m.ID
		w.members[m.ID] = m
		changes, err := Directory(m)
		w.house(m.Org, changes, err)
	}
	for org, units := range map[string][]string{"hem": {"norr", "syd"}, "soc": {"vrak", "barn"}} {
		for _, unit := range units {
			change, err := UnitRecord(org, unit, unit, "0")
			w.house(org, []wire.Change{change}, err)
		}
	}
	changes, err := Agreement{ID: "agreement", Landlord: w.orgs["hem"], Social: w.orgs["soc"], Unit: "vrak", UnitName: "Vrak", UnitPhone: "0",
		Wording: casework.Wording{ID: "w", Version: 1, Language: "sv", Title: "t", Body: "b", Hash: "00"}}.Records()
	if err != nil {
		w.t.Fatal(err)
	}
	w.house("hem", changes[:1], nil)
	w.house("soc", changes[1:], nil)
}

// ms is a time of the day in tests, "18 14:30" in November 2026.
func (w *town) ms(at string) int64 {
	w.t.Helper()
	t, err := time.ParseInLocation("2006-01-2 15:04", "2026-11-"+at, casework.Zone)
	if err != nil {
		w.t.Fatal(err)
	}
	return t.UnixMilli()
}

func (w *town) at(at string) { w.now = time.UnixMilli(w.ms(at)) }

// set makes a change from plain values.
func set(kind, record string, fields map[string]any) wire.Change {
	change, err := Change("", kind, record, fields)
	if err != nil {
		panic(err) // values of a test that are no JSON
	}
	return change
}

type values = map[string]any

func (w *town) house(org string, changes []wire.Change, err error) {
	w.t.Helper()
	if err == nil {
		err = w.submit(server.Author{Org: org, Device: server.House}, changes)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// by sends one commit of a person and answers the code it was refused with.
func (w *town) by(person string, changes ...wire.Change) string {
	w.t.Helper()
	author := server.Author{Person: person, Org: w.members[person].Org, Device: "phone", Cursor: w.cursor[person]}
	err := w.submit(author, changes)
	var refusal *server.Refusal
	if errors.As(err, &refusal) && refusal.Status == wire.Held {
		w.handOn(author, changes, refusal)
	}
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refusal):
		if refusal.Sentence == "" {
			w.t.Errorf("%s without a sentence", refusal.Code)
		}
		return string(refusal.Status) + " " + refusal.Code
	}
	w.t.Fatal(err)
	return ""
}

// handOn does what the engine does with a held commit.
func (w *town) handOn(author server.Author, changes []wire.Change, why *server.Refusal) {
	w.t.Helper()
	c := wire.Commit{ID: fmt.Sprint("held-", len(w.rows)), At: w.now.UnixMilli(), Changes: slices.Clone(changes)}
	for i := range c.Changes {
		if c.Changes[i].Org == "" {
			c.Changes[i].Org = author.Org
		}
	}
	found, err := w.office.HandOn(w, author, c, why)
	if err == nil && len(found) > 0 {
		err = w.submit(server.Author{Org: author.Org, Device: server.House}, found)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) must(person string, changes ...wire.Change) {
	w.t.Helper()
	if code := w.by(person, changes...); code != "" {
		w.t.Fatalf("%s: %s: %+v", person, code, changes)
	}
}

func (w *town) submit(author server.Author, changes []wire.Change) error {
	before := w.copy()
	var changed []server.Changed
	write := func(author server.Author, change wire.Change) error {
		c, err := w.write(author, change)
		if err == nil && c.After != nil {
			changed = append(changed, c)
		}
		return err
	}
	err := func() error {
		for _, change := range changes {
			if err := write(author, change); err != nil {
				return err
			}
		}
		return w.office.Follow(w, author, changed, func(change wire.Change) error {
			return write(server.Author{Org: author.Org, Device: server.House}, change)
		})
	}()
	if err != nil {
		w.restore(before)
		return err
	}
	for _, c := range changed {
		w.announce(w.records[c.After.Org+"/"+c.After.ID])
	}
	return w.office.AfterCommit(w)
}

func (w *town) write(author server.Author, change wire.Change) (server.Changed, error) {
	org := change.Org
	if org == "" {
		org = author.Org
	}
	before := w.records[org+"/"+change.Record]
	root, err := w.office.Admit(w, author, change, before)
	if err != nil {
		return server.Changed{}, err
	}
	after := &server.State{Org: org, ID: change.Record, Kind: change.Kind, Root: root, Fields: map[string]server.Field{}}
	if before != nil {
		maps.Copy(after.Fields, before.Fields)
	}
	for name, s := range change.Fields {
		after.Fields[name] = server.Field{Value: s.Value, Version: after.Fields[name].Version + 1, By: author.Person, At: w.now.UnixMilli()}
	}
	w.records[org+"/"+change.Record] = after
	return server.Changed{Before: before, After: after}, nil
}

// announce does what the engine's fan-out does.
func (w *town) announce(record *server.State) {
	audience, err := w.office.Audience(w, record)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, viewer := range audience {
		w.carry(viewer, record)
	}
}

func (w *town) carry(viewer server.Viewer, record *server.State) {
	seen, err := w.office.Project(w, viewer, record)
	if err != nil {
		w.t.Fatal(err)
	}
	if w.inbox[viewer.Person] == nil {
		w.inbox[viewer.Person] = map[string]bool{}
	}
	carried := w.inbox[viewer.Person][record.Org+"/"+record.ID]
	if seen.Visible {
		w.inbox[viewer.Person][record.Org+"/"+record.ID] = true
	} else {
		delete(w.inbox[viewer.Person], record.Org+"/"+record.ID)
	}
	shown, err := json.Marshal(seen.Fields)
	if err != nil {
		w.t.Fatal(err)
	}
	key := viewer.Person + "/" + record.Org + "/" + record.ID
	before := w.shown[key]
	w.shown[key] = string(shown)
	if carried != seen.Visible || seen.Visible && before != string(shown) {
		w.seq++
		row := server.InboxRow{Seq: w.seq, Org: record.Org, Record: record.ID, Left: !seen.Visible}
		if row.Left {
			binary.BigEndian.PutUint64(row.Hash[:8], uint64(w.now.UnixMilli()))
		}
		w.rows[key] = row
	}
}

func (w *town) Touch(f func(tx server.Tx, touch func(person, org, record string) error) error) error {
	if w.fail != nil {
		return w.fail
	}
	return f(w, func(person, org, id string) error {
		w.touched = append(w.touched, person+"/"+id)
		record := w.records[org+"/"+id]
		if record == nil {
			return fmt.Errorf("touch: no record %s", id)
		}
		viewer, err := w.office.Viewer(w, person, record)
		if err == nil {
			w.carry(viewer, record)
		}
		return err
	})
}

func (w *town) Read(f func(tx server.Tx) error) error { return f(w) }

// HouseQuietly writes, and leaves telling to Touch.
func (w *town) HouseQuietly(org, _ string, changes []wire.Change) error {
	if w.fail != nil {
		return w.fail
	}
	for _, change := range changes {
		if _, err := w.write(server.Author{Org: org, Device: server.House}, change); err != nil {
			return err
		}
	}
	return nil
}

// carries lists what a person has on their devices of the kinds, sorted.
func (w *town) carries(person string, kinds ...string) []string {
	list := []string{}
	for key := range w.inbox[person] {
		if record := w.records[key]; has(kinds, record.Kind) {
			list = append(list, record.ID)
		}
	}
	sort.Strings(list)
	return list
}

// field is a value of a record, as JSON.
func (w *town) field(org, id, field string) string {
	record := w.records[org+"/"+id]
	if record == nil {
		return "no record"
	}
	return string(record.Fields[field].Value)
}

type kept struct {
	records map[string]*server.State
	units   map[string][]casework.RootUnit
	named   map[string][]casework.Assignment
	epochs  map[string]int64
	days    map[string]string
	rooms   map[string]casework.Room
	names   []casework.Handle
	guarded map[string]bool
	numbers map[string]int64
	shuts   map[string]int64
	heard   map[string]int64
	shut    []server.Shut
}

func (w *town) copy() kept {
	return kept{maps.Clone(w.records), maps.Clone(w.units), maps.Clone(w.named), maps.Clone(w.epochs), maps.Clone(w.days),
		maps.Clone(w.rooms), slices.Clone(w.names), maps.Clone(w.guarded), maps.Clone(w.numbers), maps.Clone(w.shuts), maps.Clone(w.heard), slices.Clone(w.shut)}
}

func (w *town) restore(k kept) {
	w.records, w.units, w.named, w.epochs, w.days = k.records, k.units, k.named, k.epochs, k.days
	w.rooms, w.names, w.guarded, w.numbers, w.shuts, w.heard, w.shut = k.rooms, k.names, k.guarded, k.numbers, k.shuts, k.heard, k.shut
}

// From here on the town is a casework.Facts.

func (w *town) Savepoint(f func() error) error                           { return f() }
func (w *town) Generation() (string, error)                              { return "g", nil }
func (w *town) Epoch(person string) (int64, error)                       { return w.epochs[person], nil }
func (w *town) MoveEpoch(person string) error                            { w.epochs[person]++; return nil }
func (w *town) PutRecord(*server.State) error                            { return nil }
func (w *town) PutCommit(*server.Kept) error                             { return nil }
func (w *town) ScopeDay(p string) (string, error)                        { return w.days[p], nil }
func (w *town) SetScopeDay(p, day string) error                          { w.days[p] = day; return nil }
func (w *town) Commit(string, string) (*server.Kept, error)              { return nil, nil }
func (w *town) Leavings(string, int64, int64) ([]server.InboxRow, error) { return nil, nil }
func (w *town) LastRemoval(string, string) (int64, error)                { return 0, nil }
func (w *town) PutRemoval(server.Removal) error                          { return nil }
func (w *town) NextNumber(of string) (int64, error)                      { w.numbers[of]++; return w.numbers[of], nil }
func (w *town) RoomEpoch(room string) (int64, error)                     { return w.shuts[room], nil }
func (w *town) Shut() []server.Shut                                      { return w.shut }

func (w *town) ShutRoom(room string, people []string) error {
	w.shuts[room]++
	w.shut = append(w.shut, server.Shut{Room: room, Epoch: w.shuts[room], People: people})
	return nil
}

func (w *town) Rooms(org, root string) (list []casework.Room, err error) {
	for _, id := range slices.Sorted(maps.Keys(w.rooms)) {
		for _, side := range []casework.Side{w.rooms[id].Landlord, w.rooms[id].Social} {
			if side.Org == org && (root == "" || side.Root == root) {
				list = append(list, w.rooms[id])
			}
		}
	}
	return list, nil
}

func (w *town) RoomsUntold() (list []casework.UntoldRoom, err error) {
	for _, id := range slices.Sorted(maps.Keys(w.rooms)) {
		if w.heard[id] < w.shuts[id] {
			list = append(list, casework.UntoldRoom{Room: w.rooms[id], Epoch: w.shuts[id]})
		}
	}
	return list, nil
}

func (w *town) RoomTold(room casework.UntoldRoom) error {
	w.heard[room.ID] = max(w.heard[room.ID], room.Epoch)
	return nil
}

func (w *town) PutRoom(r casework.Room) error {
	w.put++
	w.rooms[r.ID] = r
	return nil
}

func (w *town) Handles(org, handle string) (list []casework.Handle, err error) {
	for _, h := range w.names {
		if h.Org == org && h.Handle == handle {
			list = append(list, h)
		}
	}
	return list, nil
}

func (w *town) PutHandle(h casework.Handle) error {
	if !slices.Contains(w.names, h) {
		w.names = append(w.names, h)
	}
	return nil
}

func (w *town) Inbox(person, org, record string) (server.InboxRow, error) {
	return w.rows[person+"/"+org+"/"+record], nil
}
func (w *town) PutInbox(string, server.InboxRow) (int64, error) { return 0, nil }
func (w *town) InboxAfter(string, int64, int) ([]server.InboxRow, error) {
	return nil, nil
}
func (w *town) InboxEnd(string, int64) (int64, int64, error) { return 0, 0, nil }

func (w *town) Record(org, id string) (*server.State, error) {
	w.reads++
	return w.records[org+"/"+id], nil
}

func (w *town) Members(org string) ([]casework.Member, error) {
	var list []casework.Member
	for _, id := range slices.Sorted(maps.Keys(w.members)) {
		if w.members[id].Org == org {
			list = append(list, w.members[id])
		}
	}
	return list, nil
}

func (w *town) Member(id string) (*casework.Member, error) {
	if m, ok := w.members[id]; ok {
		return &m, nil
	}
	return nil, nil
}

func (w *town) Organisation(id string) (*casework.Organisation, error) {
	if o, ok := w.orgs[id]; ok {
		return &o, nil
	}
	return nil, nil
}

func (w *town) RootUnits(org, root string) ([]casework.RootUnit, error) {
	return w.units[org+"/"+root], nil
}

func (w *town) PutRootUnit(u casework.RootUnit) error {
	list := slices.DeleteFunc(slices.Clone(w.units[u.Org+"/"+u.Root]), func(old casework.RootUnit) bool { return old.Record == u.Record })
	w.units[u.Org+"/"+u.Root] = append(list, u)
	return nil
}

func (w *town) Assignments(org, root string) ([]casework.Assignment, error) {
	return w.named[org+"/"+root], nil
}

func (w *town) PutAssignments(org, root, contact string, as []casework.Assignment) error {
	list := slices.DeleteFunc(slices.Clone(w.named[org+"/"+root]), func(old casework.Assignment) bool { return old.Contact == contact })
	w.named[org+"/"+root] = append(list, as...)
	return nil
}

func (w *town) Protected(org, root string) (bool, error) { return w.guarded[org+"/"+root], nil }

func (w *town) SetProtected(org, root string, is bool) error {
	w.guarded[org+"/"+root] = is
	return nil
}

func (w *town) filter(keep func(*server.State) bool) []*server.State {
	w.scans++
	var list []*server.State
	for _, key := range slices.Sorted(maps.Keys(w.records)) {
		if keep(w.records[key]) {
			list = append(list, w.records[key])
		}
	}
	return list
}

func (w *town) RecordsOf(org, root, kind string) ([]*server.State, error) {
	return w.filter(func(r *server.State) bool {
		return r.Org == org && r.Root == root && (kind == "" || r.Kind == kind)
	}), nil
}

func (w *town) IDsOf(org, root string) ([]string, error) {
	records, err := w.RecordsOf(org, root, "")
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.ID
	}
	return ids, err
}

func (w *town) IDsOfUnit(org, unit string, closedAfter int64) (map[string][]string, error) {
	roots, err := w.RootsOfUnit(org, unit, closedAfter)
	ids := map[string][]string{}
	for _, root := range roots {
		if ids[root], err = w.IDsOf(org, root); err != nil {
			return nil, err
		}
	}
	return ids, err
}

func (w *town) RecordsOfKind(org, kind string) ([]*server.State, error) {
	return w.filter(func(r *server.State) bool { return r.Org == org && r.Kind == kind }), nil
}

func (w *town) RootsOfUnit(org, unit string, closedAfter int64) ([]string, error) {
	var roots []string
	for _, list := range w.units {
		for _, u := range list {
			if u.Org == org && u.Unit == unit && (u.Closed == 0 || u.Closed > closedAfter) {
				roots = append(roots, u.Root)
			}
		}
	}
	return roots, nil
}

func (w *town) RootsOfPerson(person string, from, to int64) ([]string, error) {
	var roots []string
	for _, list := range w.named {
		for _, a := range list {
			if a.Person == person && (a.Planned == 0 || a.Planned >= from && a.Planned < to) {
				roots = append(roots, a.Root)
			}
		}
	}
	return roots, nil
}

func (w *town) RootsNaming(person string) ([]string, error) {
	var roots []string
	for _, list := range w.named {
		for _, a := range list {
			if a.Person == person {
				roots = append(roots, a.Root)
			}
		}
	}
	return roots, nil
}

func (w *town) InboxRecords(person string) ([]server.InboxRow, error) {
	var rows []server.InboxRow
	for _, key := range slices.Sorted(maps.Keys(w.inbox[person])) {
		record := w.records[key]
		rows = append(rows, server.InboxRow{Org: record.Org, Record: record.ID})
	}
	return rows, nil
}

func unmarshal[T any](t testing.TB, raw string) T {
	t.Helper()
	var value T
	if err := json.Unmarshal([]byte(raw), &value); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return value
}

func authorOf(w *town, person string) server.Author {
	return server.Author{Person: person, Org: w.members[person].Org, Device: "phone"}
}
