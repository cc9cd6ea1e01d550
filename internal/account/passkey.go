package account

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"

	"bokvar/internal/casework"
)

// ErrPasskey answers a passkey that does not let in, whatever the reason.
var ErrPasskey = &casework.Error{Code: "passkey_refused", Sentence: "Servern känner inte igen telefonens lås. Logga in med lösenfrasen eller en ny kod. Inget är borta."}

// ErrCopiedPasskey is wrapped into ErrPasskey when the passkey's counter stood still:
// two of them are in use. Whoever runs the server has to hear of it.
var ErrCopiedPasskey = errors.New("the passkey's counter did not rise: it may have been copied")

const (
	challengeLife  = 5 * time.Minute
	challengeCount = 20_000 // remembered; more begins anew
)

// passkey is what the server knows of one: enough to check its signature.
type passkey struct {
	ID     []byte `json:"id"`
	Key    []byte `json:"key"` // COSE
	Count  uint32 `json:"count"`
	Backup bool   `json:"backup,omitempty"` // it may lie in somebody's cloud: told when it was made, and must stay so
}

// challenges are what passkeys were asked to sign. Each is good once.
type challenges struct {
	clock func() time.Time
	mu    sync.Mutex
	asked map[string]challenge
}

type challenge struct {
	about   string // the session's device or the locker that it was made for
	expires time.Time
}

func (c *challenges) make(about string) string {
	now := c.clock()
	text := base64.RawURLEncoding.EncodeToString(random(32))
	c.mu.Lock()
	defer c.mu.Unlock()
	for old, each := range c.asked {
		if now.After(each.expires) {
			delete(c.asked, old)
		}
	}
	if c.asked == nil || len(c.asked) >= challengeCount {
		c.asked = map[string]challenge{}
	}
	c.asked[text] = challenge{about, now.Add(challengeLife)}
	return text
}

// take says whether the challenge was made for this, and forgets it.
func (c *challenges) take(text, about string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	each, ok := c.asked[text]
	delete(c.asked, text)
	return ok && each.about == about && !c.clock().After(each.expires)
}

// PasskeyChallenge is what a new passkey of the session's device has to sign, and
// the handle by which it knows its person; the handle tells nobody who that is.
func (s *Service) PasskeyChallenge(session *casework.Session) (text, handle string) {
	return s.challenges.make(makingOf(session)), base64.RawURLEncoding.EncodeToString(s.handle(session.Person, session.Device))
}

// SignInChallenge is what the passkey of the locker's device has to sign. One that
// nobody has gets one all the same.
func (s *Service) SignInChallenge(locker string) string {
	return s.challenges.make("sign in " + locker)
}

func makingOf(session *casework.Session) string {
	return "make " + session.Person + " " + session.Device
}

func (s *Service) handle(person, device string) []byte {
	mac := hmac.New(sha256.New, s.pepper)
	mac.Write([]byte("passkey of " + person + " " + device))
	return mac.Sum(nil)
}

// party is the server as passkeys know it: of one origin, and always with the person
// verified by the device (finger, face or code).
func party(origin string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(origin)
	if err != nil || u.Hostname() == "" {
		return nil, errMalformed
	}
	return webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: "Bokvar", RPOrigins: []string{origin}})
}

// algorithms that a passkey may sign with.
var algorithms = []protocol.CredentialParameter{
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgES256},
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgRS256},
}

// holder is a device as go-webauthn wants to see a user.
type holder struct {
	handle []byte
	keys   []passkey
}

func (h holder) WebAuthnID() []byte          { return h.handle }
func (h holder) WebAuthnName() string        { return "" }
func (h holder) WebAuthnDisplayName() string { return "" }
func (h holder) WebAuthnCredentials() (out []webauthn.Credential) {
	for _, k := range h.keys {
		out = append(out, webauthn.Credential{ID: k.ID, PublicKey: k.Key,
			Flags: webauthn.CredentialFlags{BackupEligible: k.Backup}, Authenticator: webauthn.Authenticator{SignCount: k.Count}})
	}
	return out
}

// made checks a new passkey that was made on the session's device at the origin.
func (s *Service) made(session *casework.Session, origin string, response []byte) (*passkey, error) {
	parsed, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return nil, ErrPasskey
	}
	asked := parsed.Response.CollectedClientData.Challenge
	if !s.challenges.take(asked, makingOf(session)) {
		return nil, ErrPasskey
	}
	rp, err := party(origin)
	if err != nil {
		return nil, err
	}
	user := holder{handle: s.handle(session.Person, session.Device)}
	made, err := rp.CreateCredential(user, webauthn.SessionData{
		Challenge: asked, UserID: user.handle, UserVerification: protocol.VerificationRequired, CredParams: algorithms,
	}, parsed)
	if err != nil {
		return nil, errors.Join(ErrPasskey, err)
	}
	return &passkey{ID: made.ID, Key: made.PublicKey, Count: made.Authenticator.SignCount, Backup: made.Flags.BackupEligible}, nil
}

// SignInByPasskey lets a person in on a device that has their vault, by the passkey
// that opens it: its signature, made at the origin, over a challenge of
// [Service.SignInChallenge]. Whatever does not let in is ErrPasskey; a device that
// is kept out ErrBlocked; too many tries ErrTooMany.
func (s *Service) SignInByPasskey(locker, origin string, response []byte, proof, address string) (cookie string, err error) {
	kept := bytesOf(proof)
	if kept == nil {
		return "", errMalformed
	}
	byAddress, byLocker := "address "+Network(address), "locker "+locker
	if !s.guard.allows(byAddress, perAddress) || !s.guard.allows(byLocker, MaxTries) {
		return "", ErrTooMany
	}
	d, err := s.Locker(locker)
	if err != nil {
		return "", err
	}
	if err := s.proven(d, locker, origin, response); err != nil {
		s.guard.failed(byAddress, byLocker)
		return "", err
	}
	member, err := s.store.FindMember(d.Person)
	if err != nil {
		return "", fmt.Errorf("find the person: %w", err)
	}
	if member == nil || !member.Active {
		return "", ErrPasskey
	}
	return s.begin(d.Person, d.ID, digest(kept))
}

// proven checks the signature and keeps the passkey's new counter.
func (s *Service) proven(d *casework.Device, locker, origin string, response []byte) error {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return ErrPasskey
	}
	asked := parsed.Response.CollectedClientData.Challenge
	if !s.challenges.take(asked, "sign in "+locker) || d == nil {
		return ErrPasskey
	}
	keys, err := keysOf(d)
	if err != nil {
		return err
	}
	rp, err := party(origin)
	if err != nil {
		return err
	}
	user := holder{handle: s.handle(d.Person, d.ID), keys: keys}
	used, err := rp.ValidateLogin(user, webauthn.SessionData{Challenge: asked, UserID: user.handle, UserVerification: protocol.VerificationRequired}, parsed)
	if err != nil {
		return errors.Join(ErrPasskey, err)
	}
	if used.Authenticator.CloneWarning {
		return errors.Join(ErrPasskey, ErrCopiedPasskey)
	}
	for i := range keys {
		if slices.Equal(keys[i].ID, used.ID) {
			keys[i].Count = used.Authenticator.SignCount
		}
	}
	if d.Passkeys, err = json.Marshal(keys); err != nil {
		return err
	}
	return s.store.PutDevice(*d)
}

func keysOf(d *casework.Device) (keys []passkey, err error) {
	if len(d.Passkeys) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(d.Passkeys, &keys); err != nil {
		return nil, fmt.Errorf("read the device's passkeys: %w", err)
	}
	return keys, nil
}
