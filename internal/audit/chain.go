// Package audit computes the chain of the audit log. Pure: rows are kept elsewhere.
//
// Every row's hash covers the row and the hash before it, so that a row cannot
// be changed, moved or taken out without every later hash being wrong. The head,
// the newest hash, is what to print or send away: who holds an old one can prove
// that nothing before it was touched since.
//
// # Nothing personal
//
// A row says who did what to which id, and when. Evidence is a keyed hash over
// what was stored, under the key of the case that it belongs to: when the case is
// erased its key is gone, and the hash tells nothing.
package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// Entry is who did what to what. It holds no content.
type Entry struct {
	At       int64 // ms, the server's clock
	Person   string
	Device   string // where it was done: a device's id, "house" for the server itself, "console" for a command
	Action   string // one of the words below
	Org      string
	Root     string // the case file that it concerns; "" for none
	What     string // id of a commit, record or person
	Evidence []byte // keyed hash of what was stored; nil for what left nothing behind
}

// The words for what was done. Commit, Part and Picture carry evidence.
const (
	Commit        = "commit"         // a commit was saved; held and refused ones have words of their own
	CommitHeld    = "commit_held"    //
	CommitRefused = "commit_refused" //
	Part          = "commit_part"    // what belongs to a further case file of the commit before
	Picture       = "picture"        // a picture came whole; What is its record, and the evidence covers its bytes

	Read          = "read"           // a case file was opened, online; beside files: the log
	ReadOffline   = "read_offline"   // it was opened on a device without a network, and told later
	ReadProtected = "read_protected" // protected details were fetched; What is the record that says why
	Search        = "search"         // somebody searched; for what is not kept
	Monthly       = "monthly"        // the list of a month's notices was read; What is the month, and in a file that it names the ground too
	Export        = "export"
	ImportRead    = "import_read" // a late-payer file was looked at before it was taken in

	SignIn        = "sign_in"
	SignOut       = "sign_out"
	SessionsEnded = "sessions_ended"  // somebody ended all their sessions but the one that asked
	Replayed      = "cookie_replayed" // a session's cookie came back that had been followed by another: it was ended; What is the person and the device
	Denied        = "denied"          // a sign-in that failed, or something that the role may not do

	DeviceEnrolled = "device_enrolled" // a vault was made there, or a session bound to it
	DeviceWays     = "device_ways"     // what unlocks the vault was changed
	DeviceBlocked  = "device_blocked"  // What is the person and the device
	DeviceAllowed  = "device_allowed"  // it was let in again
	DeviceWipe     = "device_wipe"     // it is to delete everything at its next contact
	DeviceWiped    = "device_wiped"    // it has said that it did

	WrongPassphrase = "wrong_passphrase" // so many on a device, told at its next contact
	DeviceRollback  = "device_rollback"  // it came back as it was on an earlier day

	RecoveryAsked   = "recovery_asked"   // What is the person who is to be let in anew
	RecoveryAgreed  = "recovery_agreed"  // by a second person
	RecoveryDropped = "recovery_dropped" // taken back, or turned down

	Administer = "administer" // an account, unit or organisation was made or changed
	Operate    = "operate"    // backup, restore, keys, verification: nothing of any case was shown
	Counted    = "counted"    // the tables were counted anew, after a migration or on demand
	Erase      = "erase"      // a case file was erased; What is the certificate
	Hold       = "hold"       // an erasure was put off, or the hold was lifted
	HandIn     = "hand_in"    // a device that could not send handed sealed work in
	OpenHanded = "open"       // two people opened it, or one of them began or stopped
)

// Hash is one link of the chain.
type Hash [sha256.Size]byte

// Next is the hash of the row that follows prev.
func Next(prev Hash, e Entry) Hash {
	var stack [512]byte
	b := append(stack[:0], prev[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(e.At))
	for _, s := range []string{e.Person, e.Device, e.Action, e.Org, e.What} {
		b = binary.BigEndian.AppendUint64(b, uint64(len(s)))
		b = append(b, s...)
	}
	if e.Root != "" || len(e.Evidence) > 0 {
		b = binary.BigEndian.AppendUint64(b, uint64(len(e.Root)))
		b = append(b, e.Root...)
		b = binary.BigEndian.AppendUint64(b, uint64(len(e.Evidence)))
		b = append(b, e.Evidence...)
	}
	return sha256.Sum256(b)
}

// Stored says whether the action left something behind that its evidence covers.
func (e Entry) Stored() bool {
	switch e.Action {
	case Commit, CommitHeld, CommitRefused, Part:
		return true
	}
	return false
}

// Chain checks rows one by one, in order.
type Chain struct {
	Head Hash
	Rows int64
}

// Check takes the next row with the hash it was kept with.
func (c *Chain) Check(e Entry, kept Hash) error {
	c.Rows++
	if next := Next(c.Head, e); next != kept {
		return fmt.Errorf("audit: row %d is not what was written, or a row before it is missing", c.Rows)
	}
	c.Head = kept
	return nil
}
