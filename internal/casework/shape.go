package casework

import "encoding/json"

// Answer is how a contact went.
type Answer string

const (
	Met         Answer = "met"
	MetOther    Answer = "met_other" // nothing about the case may be said
	NobodyHome  Answer = "nobody_home"
	Refused     Answer = "refused"
	MovedOut    Answer = "moved_out"
	NoAccess    Answer = "no_access" // could not get in
	Postponed   Answer = "postponed"
	SaysPaid    Answer = "says_paid"
	NoAnswer    Answer = "no_answer"    // a call that nobody took
	LeftMessage Answer = "left_message" // a call that ended in a message to call back
)

// Answers is the closed list, in the order a person chooses from.
var Answers = []Answer{Met, MetOther, NobodyHome, Refused, MovedOut, NoAccess, Postponed, SaysPaid, NoAnswer, LeftMessage}

// Reached says whether the tenant was spoken to.
func (a Answer) Reached() bool { return a == Met || a == Refused || a == SaysPaid }

// Tried says whether the answer counts as an attempt that did not reach the tenant.
func (a Answer) Tried() bool {
	return a == NobodyHome || a == NoAccess || a == MetOther || a == NoAnswer || a == LeftMessage
}

// Outcome of a contact. It is one value because its parts are only true together.
type Outcome struct {
	Answer   Answer `json:"answer"`
	NoteLeft bool   `json:"note_left,omitempty"` // a note in the letter box
	At       int64  `json:"at"`
	By       string `json:"by"`
}

// Because is why a planned contact is not needed.
type Because string

const (
	BecausePaid    Because = "paid"
	BecauseRemoved Because = "removed" // gone from the file, without word that it was paid
	BecauseOther   Because = "other"
)

// Becauses is the closed list.
var Becauses = []Because{BecausePaid, BecauseRemoved, BecauseOther}

// Cancelled says why a contact was taken off the list.
type Cancelled struct {
	Because Because `json:"because"`
	AsOf    int64   `json:"as_of,omitempty"` // of the file that told so
	By      string  `json:"by,omitempty"`    // empty: the server, from a file
	At      int64   `json:"at"`
}

// Moved says when a contact was planned before.
type Moved struct {
	From int64  `json:"from"` // the time planned before
	By   string `json:"by"`
	At   int64  `json:"at"`
}

// Seen says who took an alert.
type Seen struct {
	By string `json:"by"`
	At int64  `json:"at"`
}

// RentState is what the newest file says of the rent.
type RentState string

const (
	RentUnpaid  RentState = "unpaid"
	RentPaid    RentState = "paid"
	RentUnknown RentState = "unknown"
)

// RentStates is the closed list.
var RentStates = []RentState{RentUnpaid, RentPaid, RentUnknown}

// Rent says whether it is paid, without a figure, and as of when.
type Rent struct {
	State RentState `json:"state"`
	AsOf  int64     `json:"as_of"`
}

// Debt is the sum of a case's open claims, in öre.
type Debt struct {
	Capital int64 `json:"capital"`
	Costs   int64 `json:"costs"`
	Months  int   `json:"months"` // rents that are unpaid
	AsOf    int64 `json:"as_of"`
}

// Reason says why a case comes early. The method profile has its words.
type Reason struct {
	ID   string `json:"id"`
	Date string `json:"date,omitempty"` // the day it is about
	N    int    `json:"n,omitempty"`    // how many
}

// LastContact is the newest contact with an outcome.
type LastContact struct {
	At     int64  `json:"at"`
	Form   string `json:"form"`
	Answer Answer `json:"answer"`
}

// Counts of a late-payer file that was taken in.
type Counts struct {
	Rows      int `json:"rows"`
	New       int `json:"new"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Gone      int `json:"gone"`
	Rejected  int `json:"rejected"`
}

// Wording is the text of a consent, as the agreement carries it.
type Wording struct {
	ID       string `json:"id"`
	Version  int    `json:"version"`
	Language string `json:"language"` // BCP 47
	Title    string `json:"title"`
	Body     string `json:"body"`
	Withdraw string `json:"withdraw"` // that and how it can be taken back
	Hash     string `json:"hash"`     // SHA-256 of title, body and withdraw, hex
}

// WordingShown says which words a giving was given to.
type WordingShown struct {
	ID       string `json:"id"`
	Version  int    `json:"version"`
	Language string `json:"language"`
	Hash     string `json:"hash"`
}

// FoundChange is one change of a commit in the lost-and-found, as its author
// wrote it.
type FoundChange struct {
	Kind   string               `json:"kind"`
	Record string               `json:"record"`
	Fields map[string]FoundWord `json:"fields"`
}

// FoundWord is a value and the version that it was written on top of.
type FoundWord struct {
	Value json.RawMessage `json:"v"`
	Base  int64           `json:"b,omitempty"`
}

// ConflictVersion is one of the values of a conflict.
type ConflictVersion struct {
	Commit string          `json:"commit"`
	Value  json.RawMessage `json:"v"`
	By     string          `json:"by"`
	At     int64           `json:"at"`
}

// NamedTenant is a tenant as a notice names them.
type NamedTenant struct {
	Name           string `json:"name"`
	PersonalNumber string `json:"personal_number,omitempty"`
}

// LinkedSigner says which person of social services made a signature.
type LinkedSigner struct {
	Signature string `json:"signature"`
	Person    string `json:"person"`
}

// ConsentStanding is how one signer of a giving stands, as package consent judged it.
type ConsentStanding struct {
	Giving    string   `json:"giving"`
	Signature string   `json:"signature,omitempty"`
	Person    string   `json:"person,omitempty"`
	State     string   `json:"state"`
	Reasons   []string `json:"reasons,omitempty"`
	By        string   `json:"by,omitempty"`
}
