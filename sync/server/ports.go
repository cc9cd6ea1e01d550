package server

import (
	"encoding/binary"
	"encoding/json"
	"errors"

	"bokvar/sync/merge"
	"bokvar/sync/wire"
)

// Author is who sends a commit, as the caller has authenticated them.
type Author struct {
	Person string
	Org    string
	Device string
	Cursor int64 // of the commit: what the device had been told when it was written; 0 outside a commit
	// HandedIn says that the commit did not come from its author but was handed in for
	// them, sealed, and opened by others (S20): it waits for nothing it builds on.
	HandedIn bool
}

// House is the author of what the server itself writes (derived fields). No
// access cell limits it and it never appears on the wire as a person.
const House = "house"

// State is a record as it is kept: every field with its version. Never write
// into one that the store or the engine handed out.
type State = merge.State

// Field is a value, its version, and where it came from.
type Field = merge.Field

// Viewer is somebody who may carry a record on a device. The engine uses
// Person and Class; Who is the policy's own.
type Viewer struct {
	Person string
	Class  string // viewers of one record with equal Class get equal projections
	Who    any
}

// Projection is what one class of viewer sees of a record. The versions of its fields
// are those that the record has.
type Projection struct {
	Visible bool
	Fields  map[string]json.RawMessage
	Room    string // through which it is seen, like an id; "" in the viewer's own organisation

	epoch int64 // of the room, filled in by the engine
}

// Versions are those of the fields that it shows of the record, where there is a value.
func (p Projection) Versions(s *State) map[string]int64 {
	seen := make(map[string]int64, len(p.Fields))
	for name, value := range p.Fields {
		if field, known := s.Fields[name]; known && len(value) > 0 {
			seen[name] = field.Version
		}
	}
	return seen
}

// Policy is what the engine asks of the product. All methods run inside the
// transaction they are handed and must not keep it.
type Policy interface {
	// Admit judges one change of a commit before it is merged; before is nil
	// when the record does not exist. It returns the record's root. A *Refusal
	// as error refuses or holds the whole commit, for ever; any other error (a
	// store that failed) makes it "again". With a held *Refusal the root, when it
	// is not "", says where the commit is kept.
	Admit(tx Tx, author Author, change wire.Change, before *State) (root string, err error)
	// Follow runs once per commit, after all its changes were applied. It may
	// apply further changes through apply, as the House.
	Follow(tx Tx, author Author, changed []Changed, apply func(wire.Change) error) error
	// Audience lists who carries the record, now. For the state before a commit it
	// is asked before that is written, so with the facts of then. Whose scope
	// changes in other records than those written must be told by Engine.Touch.
	Audience(tx Tx, record *State) ([]Viewer, error)
	// Project says what the viewer sees of the record, now.
	Project(tx Tx, viewer Viewer, record *State) (Projection, error)
	// Viewer describes the person as a viewer of the record, now.
	Viewer(tx Tx, person string, record *State) (Viewer, error)
	// Tidying says whether the person's inbox is still to be brought up to what
	// they carry now. While it is, no device is compared with it.
	Tidying(tx Tx, person string) (bool, error)
	// HandOn says what the house writes when a commit is held, beside keeping it:
	// work that came too late for its author is put before somebody else.
	HandOn(tx Tx, author Author, commit wire.Commit, why *Refusal) ([]wire.Change, error)
}

// Urgency is what a Policy may also know: which records of an organisation a
// person needs first, most urgent first.
type Urgency interface {
	Urgent(tx Tx, person string) (org string, records []string, err error)
}

// Changed is one record before and after a commit. Before is nil for a new one.
type Changed struct {
	Before *State
	After  *State
}

// Refusal ends a commit without applying it.
type Refusal struct {
	Status   wire.Status // Refused or Held
	Code     string
	Sentence string
}

func (r *Refusal) Error() string { return r.Code + ": " + r.Sentence }

// ErrDiskFull is what a Store's Write returns (wrapped) when there is no room.
// The commits concerned are answered "again" and nothing of them is kept.
var ErrDiskFull = errors.New("no room on the server's disk")

// ErrDisk is what a Store returns (wrapped) when its disk fails: it could not be
// read, written or flushed. The commits concerned are answered "again" and nothing
// of them is kept.
var ErrDisk = errors.New("the server's disk fails")

// Store keeps the engine's data. One writer at a time; any number of readers.
type Store interface {
	// Write runs f in one transaction and returns when it is on disk (fsync).
	// An error from f rolls everything back.
	Write(f func(Tx) error) error
	// Read runs f on a snapshot.
	Read(f func(Tx) error) error
}

// Tx is one transaction of a Store. In a Read the writing methods fail.
type Tx interface {
	// Savepoint runs f; when f fails, what f wrote is undone and the error returned.
	Savepoint(f func() error) error

	Generation() (string, error)
	Epoch(person string) (int64, error)
	MoveEpoch(person string) error

	// RoomEpoch is the access epoch of a room; 0 for one that never shrank.
	RoomEpoch(room string) (int64, error)
	// ShutRoom moves it: what was read through the room before must not be sent
	// any more. people are those who may have devices with records of it.
	ShutRoom(room string, people []string) error
	// Shut lists what ShutRoom was told in this transaction.
	Shut() []Shut

	// Record returns nil when there is none.
	Record(org, id string) (*State, error)
	PutRecord(*State) error

	// Commit returns the receipt and payload hash of a known commit, nil when unknown.
	Commit(org, id string) (*Kept, error)
	// PutCommit keeps the receipt, the payload (sealed per root) and an audit row.
	PutCommit(*Kept) error
	// NextNumber counts receipts per person, from 1.
	NextNumber(person string) (int64, error)

	// Inbox returns the person's row for the record, zero when there is none.
	Inbox(person, org, record string) (InboxRow, error)
	// PutInbox gives the row the person's next sequence number and returns it.
	PutInbox(person string, row InboxRow) (seq int64, err error)
	// InboxAfter lists rows beyond the cursor in order, at most limit.
	InboxAfter(person string, cursor int64, limit int) ([]InboxRow, error)
	// InboxEnd is the person's last sequence number and, beyond cursor, the number of rows.
	InboxEnd(person string, cursor int64) (last, waiting int64, err error)
	// Leavings lists rows that left, beyond after and not beyond upTo, in order.
	Leavings(person string, after, upTo int64) ([]InboxRow, error)
	// LastRemoval is the highest Seq of the device's removals, 0 when it has none.
	LastRemoval(person, device string) (int64, error)
	// PutRemoval keeps a removal, in the place of an earlier one of the same record.
	PutRemoval(Removal) error
}

// Shut says that access through a room shrank, and who is concerned.
type Shut struct {
	Room   string
	Epoch  int64 // that it has now
	People []string
}

// InboxRow points at a record; it holds no content.
type InboxRow struct {
	Seq    int64
	Org    string
	Record string
	Left   bool
	Hash   wire.Sum // of the projection last announced; of a row that Left: when, see LeftAt
}

// leftRow is a record that left a person, at an instant in ms.
func leftRow(org, record string, at int64) InboxRow {
	row := InboxRow{Org: org, Record: record, Left: true}
	binary.BigEndian.PutUint64(row.Hash[:8], uint64(at))
	return row
}

// LeftAt is when the record left, ms; 0 for one that has not.
func (r InboxRow) LeftAt() int64 {
	if !r.Left {
		return 0
	}
	return int64(binary.BigEndian.Uint64(r.Hash[:8]))
}

// Removal is a device's word that it does not have a record any more.
type Removal struct {
	Person, Device string
	Org, Record    string
	Seq            int64 // of the inbox row that said it left
	At             int64 // ms
}

// Kept is a commit as the server keeps it.
type Kept struct {
	Author  Author
	Receipt wire.Receipt
	Hash    [32]byte // of the raw commit and its author
	Roots   []RootPayload
	// Match is set by a store that keeps a keyed hash in place of Hash: it says
	// whether that is the hash that was kept.
	Match func(hash [32]byte) bool
}

// Same says whether the commit was kept with that hash.
func (k *Kept) Same(hash [32]byte) bool {
	if k.Match != nil {
		return k.Match(hash)
	}
	return k.Hash == hash
}

// RootPayload is the part of a commit that belongs to one root, sealed under that root's key.
type RootPayload struct {
	Org     string
	Root    string
	Payload []byte // JSON of the changes
	Records []string
}

// Delivery tells the live side what a person got, after it is on disk.
//
// Records is nil when they must not or cannot be sent directly: the person's
// access shrank in the same transaction, or they are too many for one page. The
// device then fetches with [Engine.Page].
type Delivery struct {
	Person  string
	Epoch   int64
	Rooms   map[string]int64 // epochs of the rooms that Records were seen through
	From    int64            // the person's last sequence before; a device at From may be sent Records directly
	To      int64
	Records []json.RawMessage // shared between persons of one class; never write into it
}
