package casework

import (
	"encoding/json"
	"time"
)

// Device is one person's phone or computer. Two people who share one are two devices.
type Device struct {
	Person, ID string
	Locker     string // random; names the device for somebody who is not signed in
	Name       string // as the device describes itself, "Chromium, Android"
	Made, Seen time.Time

	Wraps    []byte // wrapped copies of the data key, JSON; sealed at rest
	Verifier []byte // SHA-256 of what a passphrase gives for signing in; nil when there is none
	Signing  []byte // public part of the key that signs on the device, SPKI; nil when there is none
}

// Enrolment is what a device tells when its vault was made or changed. The server
// never gets the data key, nor anything that opens it.
type Enrolment struct {
	Locker string          `json:"locker"` // random UUID, made on the device
	Name   string          `json:"name"`
	Wraps  json.RawMessage `json:"wraps"` // wrapped copies of the data key; none: the session is bound to the vault that is there
	Auth   string          `json:"auth"`  // base64url; what the passphrase gives for signing in; "" without a passphrase
	Proof  string          `json:"proof"` // base64url; lies sealed in the vault
}

// DeviceStore keeps devices.
type DeviceStore interface {
	PutDevice(Device) error // replaces the one of the same Person and ID
	FindDevice(person, id string) (*Device, error)
	FindLocker(locker string) (*Device, error) // nil when unknown
	// SetSigning keeps the public key of a device that exists; of another it is no error.
	SetSigning(person, id string, key []byte) error
}
