// Package consent works out what a tenant's consent opens, and to whom.
//
// # Use
//
// [Judge] takes everything that is known of one file, each event with its place
// in the server's order, and answers how every signer of every giving stands.
// [Opens] says from that for which persons one case is open to one landlord, and
// until when. Both are pure: clocks of phones decide nothing, and the only day
// that counts is the one handed in.
//
// # The states
//
// Asked and declined open nothing. A giving is open unless it is held, waits to
// be linked to a case, has run out, or was ended. A withdrawal ends every
// earlier giving of the same person and case; so does a later no. A giving that
// did not know of the latest of those is held until the tenant has been asked
// again. Where two signers cannot be told apart, what closes counts for both.
//
// # What this is not
//
// Consent lifts secrecy. It is not the legal basis on which an organisation
// handles personal data: that is a setting of the organisation, see
// [bokvar/internal/casework].
package consent

import (
	"crypto/sha256"
	"encoding/hex"
)

// Answer is what the tenant said when asked.
type Answer string

// The closed list of answers.
const (
	Given    Answer = "given"
	Declined Answer = "declined"
	Asked    Answer = "asked" // wants to think about it
)

// Landlord is the partner that means the landlord, or whoever collects for it.
const Landlord = "landlord"

// Giving is one answer, as it was written down. It never changes.
type Giving struct {
	ID       string
	Order    int64 // place in the server's order
	Answer   Answer
	Handle   string   // the landlord's opaque name of its case
	Org      string   // which landlord the partner "landlord" means
	Partners []string // ticked
	Day      string   // on which it was given, "2026-11-24"
	Until    string   // the last day on which it is valid; "" while it is not withdrawn
	Knew     string   // the latest closing that the device knew of
	Signers  []Signer
	Wrong    []Reason // what was found wrong with the evidence
	Case     string   // social services' case that it is linked to; "" while it waits
}

// Signer is one signature on a giving.
type Signer struct {
	ID     string // of the signature
	Person string // whom it concerns, as social services know them; "" while it is not linked
}

// Closing is a withdrawal: it ends what came before it. What it does not name it
// is not limited to.
type Closing struct {
	ID        string
	Order     int64
	Handle    string // of the file
	Case      string // of social services
	Signature string // of the one who withdraws
	Person    string // the same, as social services know them

	also string // another id by which a device may know it
}

// is says whether a device that knew of the id knew of this closing.
func (c *Closing) is(id string) bool { return id != "" && (id == c.ID || id == c.also) }

// NoID is the id of the withdrawal as which a no counts that was handed in sealed,
// before anybody opens it: as random as its giving's, and always the same. The phone
// makes the same (static/src/core/outside.ts).
func NoID(giving string) string {
	sum := sha256.Sum256([]byte("no:" + giving))
	return hex.EncodeToString(sum[:16])
}

// Confirmation says that the tenant was asked again and stands by a giving.
type Confirmation struct{ Giving string }

// File is everything that belongs together through handles and cases.
type File struct {
	Givings       []Giving
	Closings      []Closing
	Confirmations []Confirmation
}

// State is how one signer of one giving stands.
type State string

// The closed list of states.
const (
	IsAsked    State = "asked"
	IsDeclined State = "declined"
	IsEnded    State = "ended"   // a later withdrawal or no
	IsExpired  State = "expired" // its last day has passed
	IsHeld     State = "held"    // opens nothing; Reasons says why
	IsWaiting  State = "waiting" // in the intake, not linked to a case and a person yet
	IsOpen     State = "open"
)

// Reason says why a giving is held.
type Reason string

// The closed list of reasons.
const (
	LaterWithdrawal Reason = "later_withdrawal" // it did not know of one
	NoPartner       Reason = "no_partner"       // nobody was ticked
	NoSigner        Reason = "no_signer"        // nobody signed or spoke
	NoWitness       Reason = "no_witness"       // nobody says that they saw or heard it
	NoOriginal      Reason = "no_original"      // nobody says where the paper lies
	UnknownWording  Reason = "unknown_wording"  // words that the agreement does not have
	Changed         Reason = "changed"          // not what was signed
	BlockedDevice   Reason = "blocked_device"   // from a device that was blocked by then
)

// Mends says whether asking the tenant again puts the reason right. What does
// not needs a new giving.
func (r Reason) Mends() bool {
	switch r {
	case LaterWithdrawal, NoWitness, NoOriginal, UnknownWording, BlockedDevice:
		return true
	}
	return false
}

// Standing is how one signer of one giving stands. Signature is "" when nobody signed.
type Standing struct {
	Giving    string   `json:"giving"`
	Signature string   `json:"signature,omitempty"`
	Person    string   `json:"person,omitempty"`
	State     State    `json:"state"`
	Reasons   []Reason `json:"reasons,omitempty"` // of being held
	By        string   `json:"by,omitempty"`      // the closing that ended it, or that it did not know of
}

// Judge answers for every signer of every giving, in the order given. today is
// the calendar day in the office's zone.
func Judge(f File, today string) []Standing {
	j := judging{File: f, people: map[string]string{}, cases: map[string][]string{}}
	for _, g := range f.Givings {
		if g.Case != "" && g.Handle != "" {
			j.cases[g.Handle] = append(j.cases[g.Handle], g.Case)
		}
		for _, s := range g.Signers {
			j.people[s.ID] = s.Person
		}
		if g.Answer == Declined {
			j.no(g)
		}
	}
	var out []Standing
	for _, g := range f.Givings {
		signers := g.Signers
		if len(signers) == 0 {
			signers = []Signer{{}}
		}
		for _, s := range signers {
			out = append(out, j.one(g, s, today))
		}
	}
	return out
}

// no adds what a no closes. One that was handed in sealed has closed as a withdrawal
// already: the two are one, in the place of whichever came first.
func (j *judging) no(g Giving) {
	c := Closing{ID: g.ID, Order: g.Order, Handle: g.Handle, Case: g.Case, Person: onlyPerson(g), also: NoID(g.ID)}
	all := make([]Closing, 0, len(j.Closings)+1)
	for _, each := range j.Closings {
		if each.ID == c.also {
			c.Order = min(c.Order, each.Order)
			continue
		}
		all = append(all, each)
	}
	j.Closings = append(all, c)
}

// onlyPerson is who said no, when exactly one person is known to have.
func onlyPerson(g Giving) string {
	if len(g.Signers) == 1 {
		return g.Signers[0].Person
	}
	return ""
}

type judging struct {
	File
	people map[string]string   // signature, person
	cases  map[string][]string // handle, the cases that its givings are linked to
}

func (j *judging) one(g Giving, s Signer, today string) Standing {
	out := Standing{Giving: g.ID, Signature: s.ID, Person: s.Person}
	switch g.Answer {
	case Asked:
		out.State = IsAsked
		return out
	case Declined:
		out.State = IsDeclined
		return out
	}
	before, after := j.closings(g, s)
	switch {
	case after != nil:
		out.State, out.By = IsEnded, after.ID
		return out
	case g.Until != "" && g.Until < today:
		out.State = IsExpired
		return out
	}
	out.Reasons = j.wrong(g, s, before)
	switch {
	case len(out.Reasons) > 0:
		out.State = IsHeld
		if before != nil && !before.is(g.Knew) {
			out.By = before.ID
		}
	case g.Case == "" || s.Person == "":
		out.State = IsWaiting
	default:
		out.State = IsOpen
	}
	return out
}

// wrong lists what keeps a giving from opening anything.
func (j *judging) wrong(g Giving, s Signer, before *Closing) []Reason {
	var found []Reason
	if before != nil && !before.is(g.Knew) {
		found = append(found, LaterWithdrawal)
	}
	if len(g.Partners) == 0 {
		found = append(found, NoPartner)
	}
	if s.ID == "" {
		found = append(found, NoSigner)
	}
	found = append(found, g.Wrong...)
	if !j.confirmed(g.ID) {
		return found
	}
	var stays []Reason
	for _, r := range found {
		if !r.Mends() {
			stays = append(stays, r)
		}
	}
	return stays
}

func (j *judging) confirmed(giving string) bool {
	for _, c := range j.Confirmations {
		if c.Giving == giving {
			return true
		}
	}
	return false
}

// closings finds the latest one before the giving, and the first one after it,
// that concern the signer.
func (j *judging) closings(g Giving, s Signer) (before, after *Closing) {
	for i := range j.Closings {
		c := &j.Closings[i]
		if c.ID == g.ID || !j.concerns(c, g, s) {
			continue
		}
		if c.Order < g.Order {
			if before == nil || c.Order > before.Order {
				before = c
			}
		} else if after == nil || c.Order < after.Order {
			after = c
		}
	}
	return before, after
}

// concerns says whether a closing is of the giving's file and signer.
func (j *judging) concerns(c *Closing, g Giving, s Signer) bool {
	if !j.sameFile(c, g) {
		return false
	}
	if c.Signature == "" && c.Person == "" || s.ID != "" && c.Signature == s.ID {
		return true
	}
	person := c.Person
	if person == "" {
		person = j.people[c.Signature]
	}
	if person == "" || s.Person == "" {
		return c.Signature == "" || !j.beside(c.Signature, g) // cannot be told apart
	}
	return person == s.Person
}

// beside says whether the signature is another one on the same giving: two who
// sign side by side are two people.
func (j *judging) beside(signature string, g Giving) bool {
	for _, s := range g.Signers {
		if s.ID == signature {
			return true
		}
	}
	return false
}

func (j *judging) sameFile(c *Closing, g Giving) bool {
	if c.Handle != "" && c.Handle == g.Handle || c.Case != "" && c.Case == g.Case {
		return true
	}
	if c.Handle != "" && g.Case != "" {
		for _, linked := range j.cases[c.Handle] {
			if linked == g.Case {
				return true
			}
		}
	}
	if c.Case != "" && g.Handle != "" && g.Case == "" {
		for _, linked := range j.cases[g.Handle] {
			if linked == c.Case {
				return true
			}
		}
	}
	return false
}
