package account

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"bokvar/internal/casework"
)

const here = "http://localhost:8080"

// authenticator is a phone's lock, in Go: it signs what it is told to, also what no
// honest one would.
type authenticator struct {
	t      *testing.T
	id     []byte
	key    *ecdsa.PrivateKey
	count  uint32
	party  string // of which it makes and uses the passkey
	flags  byte   // present and verified
	handle []byte
}

func newAuthenticator(t *testing.T) *authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &authenticator{t: t, id: random(16), key: key, party: "localhost", flags: 0x05}
}

func (a *authenticator) client(kind, challenge, origin string) []byte {
	raw, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false})
	if err != nil {
		a.t.Fatal(err)
	}
	return raw
}

func (a *authenticator) data(flags byte) []byte {
	a.count++
	party := sha256.Sum256([]byte(a.party))
	return binary.BigEndian.AppendUint32(append(party[:], flags), a.count)
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// make answers as navigator.credentials.create does.
func (a *authenticator) make(challenge, origin string) json.RawMessage {
	point, err := a.key.PublicKey.Bytes()
	if err != nil {
		a.t.Fatal(err)
	}
	cose := append([]byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20}, point[1:33]...) // EC2, ES256, P-256
	cose = append(append(cose, 0x22, 0x58, 0x20), point[33:]...)
	data := append(a.data(a.flags|0x40), make([]byte, 16)...)
	data = append(append(binary.BigEndian.AppendUint16(data, uint16(len(a.id))), a.id...), cose...)
	object := append([]byte{0xa3}, "\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"...)
	object = append(append(object, byte(len(data))), data...)
	return a.answer(map[string]string{"clientDataJSON": encode(a.client("webauthn.create", challenge, origin)), "attestationObject": encode(object)})
}

// use answers as navigator.credentials.get does.
func (a *authenticator) use(challenge, origin string) json.RawMessage {
	client, data := a.client("webauthn.get", challenge, origin), a.data(a.flags)
	hashed := sha256.Sum256(client)
	sum := sha256.Sum256(append(bytes.Clone(data), hashed[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, sum[:])
	if err != nil {
		a.t.Fatal(err)
	}
	return a.answer(map[string]string{"clientDataJSON": encode(client), "authenticatorData": encode(data), "signature": encode(signature), "userHandle": encode(a.handle)})
}

func (a *authenticator) answer(response map[string]string) json.RawMessage {
	raw, err := json.Marshal(map[string]any{"id": encode(a.id), "rawId": encode(a.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{}})
	if err != nil {
		a.t.Fatal(err)
	}
	return raw
}

func (a *authenticator) wraps(more ...string) json.RawMessage {
	all := append([]string{`{"by":"passkey","credential":"` + encode(a.id) + `"}`}, more...)
	return json.RawMessage("[" + strings.Join(all, ",") + "]")
}

// withPasskey enrols Kim's phone with a passkey that signs in.
func withPasskey(t *testing.T) (*Service, *authenticator, *casework.Session) {
	t.Helper()
	s, _, _ := service(t)
	_, session, err := s.Check(must[string](t)(s.Redeem(must[string](t)(s.InviteLink("kim")), "", "d1", "")), "")
	if err != nil {
		t.Fatal(err)
	}
	a := newAuthenticator(t)
	challenge, handle := s.PasskeyChallenge(session)
	if a.handle, err = base64.RawURLEncoding.DecodeString(handle); err != nil || bytes.Contains(a.handle, []byte("kim")) {
		t.Fatalf("the handle %q: %v", handle, err)
	}
	e := casework.Enrolment{Locker: lockerA, Name: "Chromium", Wraps: a.wraps(), Proof: proofOf(1), Passkey: a.make(challenge, here)}
	if err := s.Enrol(session, here, e); err != nil {
		t.Fatal(err)
	}
	return s, a, session
}

func TestAPasskeySignsIn(t *testing.T) {
	s, a, _ := withPasskey(t)
	for range 2 {
		cookie, err := s.SignInByPasskey(lockerA, here, a.use(s.SignInChallenge(lockerA), here), proofOf(2), "")
		if err != nil {
			t.Fatal(err)
		}
		if m, session, err := s.Check(cookie, proofOf(2)); err != nil || m.ID != "kim" || session.Device != "d1" {
			t.Errorf("%v %v %v", m, session, err)
		}
		if _, _, err := s.Check(cookie, ""); err != ErrSignedOut {
			t.Errorf("without the proof: %v", err)
		}
	}
}

// Whatever is wrong with a passkey's answer, it lets nobody in, and all of it is one
// answer: a phishing site's origin, another party, a person who was not verified, a
// challenge that was used, is old, made up or another's, a counter that stands still.
func TestPasskeysThatDoNotLetIn(t *testing.T) {
	for name, spoil := range map[string]func(s *Service, a *authenticator) json.RawMessage{
		"another origin": func(s *Service, a *authenticator) json.RawMessage {
			return a.use(s.SignInChallenge(lockerA), "https://evil.example")
		},
		"another port": func(s *Service, a *authenticator) json.RawMessage {
			return a.use(s.SignInChallenge(lockerA), "http://localhost:8081")
		},
		"another party": func(s *Service, a *authenticator) json.RawMessage {
			a.party = "evil.example"
			return a.use(s.SignInChallenge(lockerA), here)
		},
		"not verified": func(s *Service, a *authenticator) json.RawMessage {
			a.flags = 0x01
			return a.use(s.SignInChallenge(lockerA), here)
		},
		"another key": func(s *Service, a *authenticator) json.RawMessage {
			a.key = newAuthenticator(a.t).key
			return a.use(s.SignInChallenge(lockerA), here)
		},
		"another passkey": func(s *Service, a *authenticator) json.RawMessage {
			return newAuthenticator(a.t).use(s.SignInChallenge(lockerA), here)
		},
		"another person's handle": func(s *Service, a *authenticator) json.RawMessage {
			a.handle = random(32)
			return a.use(s.SignInChallenge(lockerA), here)
		},
		"a used challenge": func(s *Service, a *authenticator) json.RawMessage {
			answer := a.use(s.SignInChallenge(lockerA), here)
			if _, err := s.SignInByPasskey(lockerA, here, answer, proofOf(2), ""); err != nil {
				a.t.Fatal(err)
			}
			return answer
		},
		"a made-up challenge": func(s *Service, a *authenticator) json.RawMessage { return a.use(encode(random(32)), here) },
		"another locker's challenge": func(s *Service, a *authenticator) json.RawMessage {
			return a.use(s.SignInChallenge(lockerB), here)
		},
		"a challenge for making one": func(s *Service, a *authenticator) json.RawMessage {
			challenge, _ := s.PasskeyChallenge(&casework.Session{Person: "kim", Device: "d1"})
			return a.use(challenge, here)
		},
		"an old challenge": func(s *Service, a *authenticator) json.RawMessage {
			answer := a.use(s.SignInChallenge(lockerA), here)
			old := s.clock().Add(2 * challengeLife)
			s.challenges.clock = func() time.Time { return old }
			return answer
		},
		"a counter that stands still": func(s *Service, a *authenticator) json.RawMessage {
			a.count = 0
			return a.use(s.SignInChallenge(lockerA), here)
		},
		"an answer to making one": func(s *Service, a *authenticator) json.RawMessage { return a.make(s.SignInChallenge(lockerA), here) },
		"nonsense":                func(s *Service, a *authenticator) json.RawMessage { return json.RawMessage(`{"id":"x"}`) },
	} {
		s, a, _ := withPasskey(t)
		cookie, err := s.SignInByPasskey(lockerA, here, spoil(s, a), proofOf(3), "")
		var known *casework.Error
		if cookie != "" || !errors.As(err, &known) || known != ErrPasskey {
			t.Errorf("%s: %q %v", name, cookie, err)
		}
		if copied := errors.Is(err, ErrCopiedPasskey); copied != (name == "a counter that stands still") {
			t.Errorf("%s: a copy: %v", name, copied)
		}
	}
}

// A passkey that is gone from the ways to unlock signs in no more; one that is added
// leaves the passphrase as it was; and none is taken that was made elsewhere.
func TestWaysToSignInFollowTheWaysToUnlock(t *testing.T) {
	s, a, session := withPasskey(t)
	in := func(a *authenticator) error {
		_, err := s.SignInByPasskey(lockerA, here, a.use(s.SignInChallenge(lockerA), here), proofOf(2), "")
		return err
	}
	phrase := `{"by":"passphrase"}`
	change := func(e casework.Enrolment) {
		t.Helper()
		e.Locker, e.Proof = lockerA, proofOf(1)
		if err := s.Enrol(session, here, e); err != nil {
			t.Fatal(err)
		}
	}
	again := func() error { _, err := s.SignInAgain(lockerA, proofOf(7), proofOf(2), ""); return err }
	change(casework.Enrolment{Wraps: a.wraps(phrase), Auth: proofOf(7)})
	if err := errors.Join(in(a), again()); err != nil {
		t.Errorf("with both: %v", err)
	}
	second := newAuthenticator(t)
	second.handle = a.handle
	challenge, _ := s.PasskeyChallenge(session)
	change(casework.Enrolment{Wraps: second.wraps(phrase), Passkey: second.make(challenge, here)})
	if err := errors.Join(in(second), again()); err != nil {
		t.Errorf("with another passkey: %v", err)
	}
	if err := in(a); err == nil {
		t.Error("a passkey that was replaced signs in")
	}
	change(casework.Enrolment{Wraps: json.RawMessage("[" + phrase + "]")})
	if err := in(second); err == nil {
		t.Error("a passkey that was removed signs in")
	}
	if err := again(); err != nil {
		t.Errorf("with the passphrase that is left: %v", err)
	}
	change(casework.Enrolment{Wraps: second.wraps()})
	if err := again(); err != ErrWrongPassphrase {
		t.Errorf("with the passphrase that was removed: %v", err)
	}
	for name, spoil := range map[string]func(challenge string) json.RawMessage{
		"elsewhere": func(c string) json.RawMessage { return a.make(c, "https://evil.example") },
		"not verified": func(c string) json.RawMessage {
			a.flags = 0x01
			defer func() { a.flags = 0x05 }()
			return a.make(c, here)
		},
		"for another": func(string) json.RawMessage {
			c, _ := s.PasskeyChallenge(&casework.Session{Person: "alva", Device: "d1"})
			return a.make(c, here)
		},
	} {
		challenge, _ := s.PasskeyChallenge(session)
		err := s.Enrol(session, here, casework.Enrolment{Locker: lockerA, Proof: proofOf(1), Wraps: a.wraps(), Passkey: spoil(challenge)})
		var known *casework.Error
		if !errors.As(err, &known) || known != ErrPasskey {
			t.Errorf("made %s: %v", name, err)
		}
	}
}
