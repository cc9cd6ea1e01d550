package account

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"unicode/utf8"

	"github.com/google/uuid"

	"bokvar/internal/casework"
)

// Limits of what a device may say about itself.
const (
	maxWraps = 16 << 10 // bytes
	maxName  = 80       // characters
	secret   = 32       // bytes of a proof and of a verifier's secret
)

// way is one way to open a device's vault, as far as the server knows it.
type way struct {
	By         string `json:"by"`
	Credential string `json:"credential"` // base64url, of a passkey
}

// Enrol keeps the device's wrapped keys; without any, those that are there count.
// From then on its session is good only together with the proof. A way that is gone
// signs in no more; one that stays goes on signing in. origin is where the app was
// when a passkey answered.
func (s *Service) Enrol(session *casework.Session, origin string, in casework.Enrolment) error {
	if _, err := uuid.Parse(in.Locker); err != nil || len(in.Locker) != 36 {
		return errMalformed
	}
	proof, auth := bytesOf(in.Proof), bytesOf(in.Auth)
	if in.Wraps == nil && proof != nil {
		return s.bind(session, in.Locker, proof)
	}
	var ways []way
	if proof == nil || in.Auth != "" && auth == nil || len(in.Wraps) > maxWraps || json.Unmarshal(in.Wraps, &ways) != nil || len(ways) == 0 || utf8.RuneCountInString(in.Name) > maxName {
		return errMalformed
	}
	taken, err := s.store.FindLocker(in.Locker)
	if err != nil {
		return fmt.Errorf("find the locker: %w", err)
	}
	if taken != nil && (taken.Person != session.Person || taken.ID != session.Device) {
		return errMalformed
	}
	now := s.clock()
	d := casework.Device{Person: session.Person, ID: session.Device, Locker: in.Locker, Name: in.Name, Made: now, Seen: now, Wraps: in.Wraps}
	if taken != nil {
		d.Made = taken.Made
	}
	if err := s.signsInBy(&d, taken, ways, auth); err != nil {
		return err
	}
	if in.Passkey != nil {
		if err := s.addPasskey(session, &d, origin, in.Passkey); err != nil {
			return err
		}
	}
	if err := s.store.PutDevice(d); err != nil {
		return fmt.Errorf("keep the device: %w", err)
	}
	if err := s.store.SetProof(session.Hash, digest(proof)); err != nil {
		return fmt.Errorf("keep the session's proof: %w", err)
	}
	return nil
}

// signsInBy works out what signs in from now on: of what did before, that which
// still opens the vault.
func (s *Service) signsInBy(d, before *casework.Device, ways []way, auth []byte) error {
	if auth != nil {
		d.Verifier = digest(auth)
	}
	if before == nil {
		return nil
	}
	if auth == nil && slices.ContainsFunc(ways, func(w way) bool { return w.By == "passphrase" }) {
		d.Verifier = before.Verifier
	}
	keys, err := keysOf(before)
	if err != nil {
		return err
	}
	keys = slices.DeleteFunc(keys, func(k passkey) bool {
		id := base64.RawURLEncoding.EncodeToString(k.ID)
		return !slices.ContainsFunc(ways, func(w way) bool { return w.Credential == id })
	})
	return putKeys(d, keys)
}

func (s *Service) addPasskey(session *casework.Session, d *casework.Device, origin string, response []byte) error {
	made, err := s.made(session, origin, response)
	if err != nil {
		return err
	}
	keys, err := keysOf(d)
	if err != nil {
		return err
	}
	return putKeys(d, append(keys, *made))
}

func putKeys(d *casework.Device, keys []passkey) (err error) {
	d.Passkeys = nil
	if len(keys) > 0 {
		d.Passkeys, err = json.Marshal(keys)
	}
	return err
}

// bind ties a session to a vault that the device has already.
func (s *Service) bind(session *casework.Session, locker string, proof []byte) error {
	d, err := s.store.FindDevice(session.Person, session.Device)
	if err != nil {
		return fmt.Errorf("find the device: %w", err)
	}
	if d == nil || d.Locker != locker {
		return errMalformed
	}
	return s.store.SetProof(session.Hash, digest(proof))
}

// Device is the device of a session; nil before it was enrolled.
func (s *Service) Device(session *casework.Session) (*casework.Device, error) {
	return s.store.FindDevice(session.Person, session.Device)
}

// SignInAgain lets a person in on a device that was enrolled with a passphrase.
// auth is what the passphrase gives for signing in, proof what the new session
// must show. It answers ErrWrongPassphrase for whatever does not let in, ErrBlocked
// for a device that is kept out, and ErrTooMany while the device or the address has
// failed too often.
func (s *Service) SignInAgain(locker, auth, proof, address string) (cookie string, err error) {
	if _, err := uuid.Parse(locker); err != nil || len(locker) != 36 {
		return "", errMalformed
	}
	given, kept := bytesOf(auth), bytesOf(proof)
	if given == nil || kept == nil {
		return "", errMalformed
	}
	// The locker's number is random and lies on that device alone, so that a limit of
	// its own locks nobody else out.
	byAddress, byLocker := "address "+Network(address), "locker "+locker
	if !s.guard.allows(byAddress, perAddress) || !s.guard.allows(byLocker, MaxTries) {
		return "", ErrTooMany
	}
	d, err := s.store.FindLocker(locker)
	if err != nil {
		return "", fmt.Errorf("find the locker: %w", err)
	}
	verifier := make([]byte, sha256.Size) // nobody's: no secret is known that gives zeros
	if d != nil && d.Verifier != nil {
		verifier = d.Verifier
	}
	if subtle.ConstantTimeCompare(verifier, digest(given)) != 1 {
		s.guard.failed(byAddress, byLocker)
		return "", ErrWrongPassphrase
	}
	member, err := s.store.FindMember(d.Person)
	if err != nil {
		return "", fmt.Errorf("find the person: %w", err)
	}
	if member == nil || !member.Active {
		return "", ErrWrongPassphrase
	}
	return s.begin(d.Person, d.ID, digest(kept))
}

// SetSigning keeps the public part of the key that signs on the session's device:
// ECDSA on P-256, as SPKI.
func (s *Service) SetSigning(session *casework.Session, spki []byte) error {
	if _, err := signingKey(spki); err != nil {
		return errMalformed
	}
	return s.store.SetSigning(session.Person, session.Device, spki)
}

// Verify says whether the person's device signed the message: ECDSA P-256 with
// SHA-256, the signature as WebCrypto writes it (r and s, 32 bytes each). A device
// that is unknown or has no key has signed nothing.
func (s *Service) Verify(person, device string, message, signature []byte) (bool, error) {
	d, err := s.store.FindDevice(person, device)
	if err != nil {
		return false, fmt.Errorf("find the device: %w", err)
	}
	if d == nil || d.Signing == nil {
		return false, nil
	}
	key, err := signingKey(d.Signing)
	if err != nil {
		return false, err
	}
	return verify(key, message, signature), nil
}

func verify(key *ecdsa.PublicKey, message, signature []byte) bool {
	if len(signature) != 64 {
		return false
	}
	sum := sha256.Sum256(message)
	return ecdsa.Verify(key, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
}

func signingKey(spki []byte) (*ecdsa.PublicKey, error) {
	if len(spki) > 256 {
		return nil, errMalformed
	}
	parsed, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return nil, fmt.Errorf("read the public key: %w", err)
	}
	key, ok := parsed.(*ecdsa.PublicKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, errMalformed
	}
	return key, nil
}

// bytesOf reads a secret of the right length; nil for anything else.
func bytesOf(base64url string) []byte {
	b, err := base64.RawURLEncoding.DecodeString(base64url)
	if err != nil || len(b) != secret {
		return nil
	}
	return b
}
