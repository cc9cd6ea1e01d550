package casework

import (
	"encoding/json"
	"time"
)

// DeviceState says whether a device is let in.
type DeviceState string

// The closed list of states. A device that is not active gets nothing by any way;
// it may only hand in what it has written, and ask what it is to do.
const (
	DeviceActive  DeviceState = "active"
	DeviceBlocked DeviceState = "blocked"  // until somebody lets it in again
	DeviceWipe    DeviceState = "wipe"     // deletes everything at its next contact, after handing in
	DeviceWipeAll DeviceState = "wipe_all" // the same, and what cannot be handed in is deleted with the rest
	DeviceWiped   DeviceState = "wiped"    // it has said that it did; for ever
)

// Device is one person's phone or computer. Two people who share one are two devices.
type Device struct {
	Person, ID string
	Locker     string // random; names the device for somebody who is not signed in
	Name       string // as the device describes itself, "Chromium, Android"
	Made, Seen time.Time

	State  DeviceState
	Since  time.Time // when the state began; zero: with the device
	App    string    // version of the app, as last told
	Unsent int       // commits that only the device has, as last told

	Rollback time.Time // when it came back as it was on an earlier day; zero: never

	Wraps    []byte // wrapped copies of the data key, JSON; sealed at rest
	Verifier []byte // SHA-256 of what a passphrase gives for signing in; nil when there is none
	Passkeys []byte // those that sign in on the device, JSON; nil when there are none
	Signing  []byte // public part of the key that signs on the device, SPKI; nil when there is none
}

// Enrolment is what a device tells when its vault was made or changed. The server
// never gets the data key, nor anything that opens it.
type Enrolment struct {
	Locker string          `json:"locker"` // random UUID, made on the device
	Name   string          `json:"name"`
	Wraps  json.RawMessage `json:"wraps"` // wrapped copies of the data key; none: the session is bound to the vault that is there
	Auth   string          `json:"auth"`  // base64url; what the passphrase gives for signing in; "": as it was, or none without a passphrase
	Proof  string          `json:"proof"` // base64url; lies sealed in the vault

	Passkey json.RawMessage `json:"passkey"` // what a new passkey answered, to sign in with it; none: those that are there
}

// PhoneLimits are what an organisation has decided for its phones.
type PhoneLimits struct {
	Lease  int `json:"lease"`  // days without contact; then the vault asks the server before it opens
	Unused int `json:"unused"` // minutes without a touch; then it locks
	Hidden int `json:"hidden"` // minutes out of sight; then it locks
}

// Contact is what a device told when it was last heard of.
type Contact struct {
	Person, Device string
	At             time.Time
	App            string
	Unsent         int
}

// DeviceStore keeps devices.
type DeviceStore interface {
	// PutDevice replaces the one of the same Person and ID, but for its signing key,
	// its state, and what it told at its last contact. A new one is active.
	PutDevice(Device) error
	FindDevice(person, id string) (*Device, error)
	FindLocker(locker string) (*Device, error) // nil when unknown
	// SetSigning keeps the public key of a device that exists; of another it is no error.
	SetSigning(person, id string, key []byte) error
	// Devices lists those of a person, or of everybody in the organisation when
	// person is "", without what is wrapped.
	Devices(org, person string) ([]Device, error)
	// SetDeviceState moves a device that is in one of the states from. False: it is not.
	SetDeviceState(person, id string, to DeviceState, at time.Time, from ...DeviceState) (bool, error)
	// ForgetWraps throws away what could open the device's vault, or sign in on it.
	ForgetWraps(person, id string) error
	// Turn takes the number that a device brings back at an unlocking, and gives the
	// next. rolled: it was an older one than the device has brought before.
	Turn(person, id string, brought int64, at time.Time) (next int64, rolled bool, err error)
	// NoteContacts keeps what devices told, all in one transaction. Those that are
	// unknown are left out.
	NoteContacts([]Contact) error
}
