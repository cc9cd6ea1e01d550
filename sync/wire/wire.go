// Package wire holds the messages that devices and the server exchange, and the
// limits both keep.
//
// # Shape
//
// Every message is one JSON object with a "type". A device sends [Hello],
// [Commits], [Have] and [Check]; the server sends [Welcome], [Receipt], [Page],
// [Checked], [Shut] and [Problem]. The same messages travel as text frames on the socket (GET /sync)
// and, several at a time, in the body of POST /sync (see [Batch]).
//
// # What this is not
//
// The package knows nothing of the product's kinds and fields, does no I/O, and
// has no clock.
package wire

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Version is the newest version of the protocol spoken here. What each has added:
//
//	1: hello, commits, have; welcome, receipt, page, problem
//	2: check; checked
const Version = 2

// Versions lists those that are spoken here, oldest first.
var Versions = []int{1, 2}

// Limits that both sides keep. They relate: a commit, wrapped in its message,
// must fit in a frame.
const (
	MaxMessage = 256 << 10 // bytes of one message, either way
	MaxCommit  = 180 << 10 // bytes of one commit; must be less than MaxMessage
	PageBytes  = 192 << 10 // a page is closed when it has grown past this; must be less than MaxMessage
	PageRows   = 500       // records in one page at most
	PageWindow = 2         // pages that may be on their way before a Have is needed
	NewsBytes  = 8 << 10   // a page of what has just happened that is not larger is small
	NewsWindow = 16        // small ones that may be on their way beside; devices let at most half as many wait for a Have
)

// Type names a message.
type Type string

// The closed list of messages. Any other is answered with Problem unknown_message.
const (
	TypeHello   Type = "hello"
	TypeCommits Type = "commits"
	TypeHave    Type = "have"
	TypeCheck   Type = "check"
	TypeWelcome Type = "welcome"
	TypeReceipt Type = "receipt"
	TypePage    Type = "page"
	TypeChecked Type = "checked"
	TypeProblem Type = "problem"
	TypeShut    Type = "shut"
)

// Hello opens a conversation. Nothing else is answered before it.
type Hello struct {
	Type       Type   `json:"type"`
	Versions   []int  `json:"versions"`             // protocol versions the device speaks
	Device     string `json:"device"`               // random id made on the device
	App        string `json:"app,omitempty"`        // version of the app, for support
	Generation string `json:"generation,omitempty"` // of the database that the cursor belongs to; empty at first
	Cursor     int64  `json:"cursor"`               // last page applied; 0 at first
	Clock      int64  `json:"clock"`                // the device's clock, ms since 1970
	Unsent     int    `json:"unsent"`               // commits without a receipt
	Lost       int    `json:"lost,omitempty"`       // the browser has emptied what was kept: 1 and so many things that were unsent
}

// Welcome answers Hello.
type Welcome struct {
	Type       Type     `json:"type"`
	Version    int      `json:"version"`
	Person     string   `json:"person"`
	Org        string   `json:"org"`
	Role       string   `json:"role"`
	Units      []string `json:"units"`
	Generation string   `json:"generation"`     // differs from the device's: start over at cursor 0, keep unsent work
	Epoch      int64    `json:"epoch"`          // the person's access epoch
	Clock      int64    `json:"clock"`          // the server's clock, ms since 1970
	Waiting    int64    `json:"waiting"`        // inbox rows beyond the device's cursor
	Shut       []string `json:"shut,omitempty"` // as in Shut: rooms that were shut at some time
}

// Commits brings work. Commits of one device come in the order they were made.
type Commits struct {
	Type    Type              `json:"type"`
	Commits []json.RawMessage `json:"commits"` // each a Commit, at most MaxCommit bytes; raw so that one bad commit harms no other
}

// Commit is a few changes that hold together: all of them or none.
type Commit struct {
	ID      string   `json:"id"`              // UUID made on the device
	After   []string `json:"after,omitempty"` // commits of this device that must be settled first
	At      int64    `json:"at"`              // the device's clock, ms since 1970; shown, never trusted
	Cursor  int64    `json:"cursor"`          // the device's cursor when this was written
	Changes []Change `json:"changes"`
}

// Change sets fields of one record. A record that does not exist yet is made.
type Change struct {
	Org    string         `json:"org,omitempty"` // organisation that owns the record; empty: the author's own
	Kind   string         `json:"kind"`
	Record string         `json:"record"` // random id
	Fields map[string]Set `json:"fields"`
}

// Set is a new value and the version of the field it was based on (0: none seen).
type Set struct {
	Value json.RawMessage `json:"v"`
	Base  int64           `json:"b,omitempty"`
}

// Status of a commit.
type Status string

const (
	Saved   Status = "saved"   // applied and on disk
	Held    Status = "held"    // kept by the server, opens nothing, see Code
	Refused Status = "refused" // can never be right, see Code; stays with the sender
	Again   Status = "again"   // not judged (a predecessor is missing, the disk is full): send it again later; not final
)

// Receipt says what the server did with a commit. The same commit gets the same
// receipt for ever (Again excepted, which settles nothing).
type Receipt struct {
	Type     Type   `json:"type"`
	Commit   string `json:"commit"`
	Status   Status `json:"status"`
	Number   int64  `json:"number,omitempty"` // counted per person, from 1
	At       int64  `json:"at,omitempty"`     // the server's clock, ms since 1970
	Cursor   int64  `json:"cursor,omitempty"` // once the device is at this cursor its own change is in the records
	Code     string `json:"code,omitempty"`   // why held, refused or again; see Codes
	Sentence string `json:"sentence,omitempty"`
	Conflict bool   `json:"conflict,omitempty"` // saved, and a conflict was opened beside it
}

// Page brings the state of records, to be applied atomically with the cursor.
type Page struct {
	Type    Type              `json:"type"`
	Epoch   int64             `json:"epoch"`
	From    int64             `json:"from,omitempty"` // the cursor that this page follows; a device that has not come so far leaves the page
	Cursor  int64             `json:"cursor"`
	Waiting int64             `json:"waiting"` // rows beyond this page
	Records []json.RawMessage `json:"records"` // each a Record

	// Rooms are the epochs of the rooms that the records were seen through. They
	// decide whether the page may still be sent, and stay on the server.
	Rooms map[string]int64 `json:"-"`
}

// Shut says that less is seen through a room than before: the device forgets at
// once what came through it at any other epoch than this one. What may still be
// seen comes again by pages.
type Shut struct {
	Type Type   `json:"type"`
	Room string `json:"room"` // with its epoch, as in Record: "id.3"
}

// RoomAt is how records and devices name a room at one of its epochs.
func RoomAt(room string, epoch int64) string { return room + "." + strconv.FormatInt(epoch, 10) }

// RoomOf is what RoomAt put together; epoch -1 for what it did not.
func RoomOf(named string) (room string, epoch int64) {
	at := strings.LastIndexByte(named, '.')
	if at < 0 {
		return named, -1
	}
	epoch, err := strconv.ParseInt(named[at+1:], 10, 64)
	if err != nil || epoch < 0 {
		return named, -1
	}
	return named[:at], epoch
}

// Record is what a viewer may see of a record.
type Record struct {
	Org      string                     `json:"org"`
	ID       string                     `json:"id"`
	Kind     string                     `json:"kind"`
	Room     string                     `json:"room,omitempty"` // that a record of another organisation is seen through, with its epoch
	Left     bool                       `json:"left,omitempty"` // no longer the person's: forget it, after unsent work went up
	Fields   map[string]json.RawMessage `json:"f,omitempty"`
	Versions map[string]int64           `json:"n,omitempty"`
}

// Have says which page was applied, and lets the next one come.
type Have struct {
	Type   Type  `json:"type"`
	Cursor int64 `json:"cursor"`
}

// Check asks whether the device, which has all of its person's inbox up to the
// cursor, has what it should. Sent only in a conversation of version 2 or newer.
type Check struct {
	Type   Type               `json:"type"`
	Cursor int64              `json:"cursor"`
	Count  int64              `json:"count"` // records on the device
	Sum    string             `json:"sum"`   // of them, hex
	Kinds  map[string]Counted `json:"kinds"` // the same by kind, to find where a difference is
}

// Counted is how many records there are, and their sum.
type Counted struct {
	Count int64  `json:"count"`
	Sum   string `json:"sum"`
}

// Checked answers Check.
type Checked struct {
	Type   Type   `json:"type"`
	Cursor int64  `json:"cursor"` // of the check
	Result Result `json:"result"`
}

// Result of a check.
type Result string

const (
	Equal     Result = "equal"
	Different Result = "different" // the device fetches everything anew
	Later     Result = "later"     // cannot be said now: there is news, or the inbox is being tidied
)

// Problem says why a message was not taken.
type Problem struct {
	Type     Type   `json:"type"`
	Code     string `json:"code"`
	Sentence string `json:"sentence"`
	Close    bool   `json:"close,omitempty"` // the server closes the conversation after this
}

// Batch is the body of POST /sync and of its answer.
type Batch struct {
	Messages []json.RawMessage `json:"messages"`
}

// Codes of receipts and problems. The app has a sentence for each in each language;
// the Sentence on the wire is Swedish and for devices that do not know the code.
const (
	CodeCommitReused    = "commit_reused"     // refused: the id was used for other content
	CodeMalformed       = "malformed"         // refused or problem: not readable as what it should be
	CodeTooBig          = "too_big"           // refused or problem: over the limit
	CodeNotFound        = "not_found"         // refused: not there, or not yours: one answer
	CodeNotAllowed      = "not_allowed"       // refused: you see it but may not write it
	CodeInvalid         = "invalid"           // refused: a value that cannot be right
	CodeLocked          = "locked"            // refused: signed or closed; write a correction
	CodeServerTooOld    = "server_too_old"    // held: unknown kind or field
	CodeUnknownGiving   = "later_withdrawal"  // held: a withdrawal that the giving did not know of
	CodePredecessor     = "predecessor"       // again: a commit it builds on is missing; held: it was not saved
	CodeScopeEnded      = "scope_ended"       // held: it came after the author's access had ended; somebody else sees to it
	CodeHandedIn        = "handed_in"         // held: it was handed in for its author and opened by others; somebody sees to it
	CodeDiskFull        = "disk_full"         // again: the server has no room
	CodeUnknownMessage  = "unknown_message"   // problem
	CodeSignedOut       = "signed_out"        // problem, closes
	CodeHelloFirst      = "hello_first"       // problem, closes
	CodeNoCommonVersion = "no_common_version" // problem, closes
	CodeTryAgain        = "try_again"         // again or problem: the server's own fault
)
