package account

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"bokvar/internal/casework"
)

// proofOf is one of several secrets.
func proofOf(n byte) string { return base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{n}, 32)) }

const (
	lockerA = "6f2c9f0e-8c5e-4f0e-9a58-0a9a0a1c2d3e"
	lockerB = "0f2c9f0e-8c5e-4f0e-9a58-0a9a0a1c2d3f"
)

func enrolment(locker string) casework.Enrolment {
	return casework.Enrolment{Locker: locker, Name: "Chromium", Wraps: json.RawMessage(`[{"by":"passphrase"}]`), Auth: proofOf(7), Proof: proofOf(1)}
}

// enrolled lets the person in on a device of its own kind and gives it a vault.
func enrolled(t *testing.T, s *Service, person, device string) (cookie string) {
	t.Helper()
	cookie = must[string](t)(s.Redeem(must[string](t)(s.InviteLink(person)), "", device, ""))
	_, session, err := s.Check(cookie, "")
	if err != nil {
		t.Fatal(err)
	}
	locker := map[string]string{"kim": lockerA, "alva": lockerB}[person]
	if err := s.Enrol(session, "http://localhost:8080", enrolment(locker)); err != nil {
		t.Fatal(err)
	}
	return cookie
}

func TestACopiedCookieOpensNothing(t *testing.T) {
	s, _, _ := service(t)
	cookie := enrolled(t, s, "kim", "d1")
	if _, _, err := s.Check(cookie, proofOf(1)); err != nil {
		t.Fatal(err)
	}
	for _, proof := range []string{"", "x", proofOf(2), proofOf(1)[:42], proofOf(1) + "A", strings.Repeat("A", 10_000)} {
		if _, _, err := s.Check(cookie, proof); err != ErrSignedOut {
			t.Errorf("with the proof %.50q: %v", proof, err)
		}
	}
	if m, _, err := s.Holder(cookie); err != nil || m.ID != "kim" { // to end it
		t.Errorf("%v %v", m, err)
	}
}

func TestAFreshSessionEndsSoon(t *testing.T) {
	s, _, c := service(t)
	fresh := must[string](t)(s.Redeem(must[string](t)(s.InviteLink("kim")), "", "d1", ""))
	kept := enrolled(t, s, "alva", "d2")
	c.move(FreshLife)
	if _, _, err := s.Check(fresh, ""); err != ErrSignedOut {
		t.Errorf("a session without a vault: %v", err)
	}
	if _, _, err := s.Check(kept, proofOf(1)); err != nil {
		t.Errorf("a session with one: %v", err)
	}
}

func TestWhatADeviceMayTell(t *testing.T) {
	s, _, _ := service(t)
	_, session, err := s.Check(must[string](t)(s.Redeem(must[string](t)(s.InviteLink("kim")), "", "d1", "")), "")
	if err != nil {
		t.Fatal(err)
	}
	enrolled(t, s, "alva", "d2")
	for what, change := range map[string]func(*casework.Enrolment){
		"no locker":          func(e *casework.Enrolment) { e.Locker = "" },
		"another's locker":   func(e *casework.Enrolment) { e.Locker = lockerB },
		"nothing to bind to": func(e *casework.Enrolment) { e.Wraps = nil },
		"no wraps":           func(e *casework.Enrolment) { e.Wraps = json.RawMessage(`[]`) },
		"wraps of no list":   func(e *casework.Enrolment) { e.Wraps = json.RawMessage(`{}`) },
		"huge wraps": func(e *casework.Enrolment) {
			e.Wraps = json.RawMessage(`[{"a":"` + strings.Repeat("a", maxWraps) + `"}]`)
		},
		"no proof":    func(e *casework.Enrolment) { e.Proof = "" },
		"short proof": func(e *casework.Enrolment) { e.Proof = "AAAA" },
		"short auth":  func(e *casework.Enrolment) { e.Auth = "AAAA" },
		"long name":   func(e *casework.Enrolment) { e.Name = strings.Repeat("ö", maxName+1) },
	} {
		e := enrolment(lockerA)
		change(&e)
		var wrong *casework.Error
		if err := s.Enrol(session, "http://localhost:8080", e); !errors.As(err, &wrong) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if d, err := s.Device(session); d != nil || err != nil {
		t.Errorf("something was kept: %v %v", d, err)
	}
}

func TestASessionIsBoundToAVaultThatIsThere(t *testing.T) {
	s, _, _ := service(t)
	enrolled(t, s, "kim", "d1")
	cookie := must[string](t)(s.Redeem(must[string](t)(s.InviteLink("kim")), "", "d1", "")) // a new invitation, the same phone
	_, session, err := s.Check(cookie, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Enrol(session, "http://localhost:8080", casework.Enrolment{Locker: lockerB, Proof: proofOf(5)}); err == nil {
		t.Error("bound to a locker that is not the device's")
	}
	if err := s.Enrol(session, "http://localhost:8080", casework.Enrolment{Locker: lockerA, Proof: proofOf(5)}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Check(cookie, proofOf(5)); err != nil {
		t.Error(err)
	}
	if d, err := s.Device(session); err != nil || string(d.Wraps) != `[{"by":"passphrase"}]` || d.Verifier == nil {
		t.Errorf("the vault was changed: %+v %v", d, err)
	}
}

func TestSigningInAgain(t *testing.T) {
	s, _, _ := service(t)
	first := enrolled(t, s, "kim", "d1")
	cookie := must[string](t)(s.SignInAgain(lockerA, proofOf(7), proofOf(2), "192.0.2.1"))
	if m, session, err := s.Check(cookie, proofOf(2)); err != nil || m.ID != "kim" || session.Device != "d1" {
		t.Fatalf("%v %v %v", m, session, err)
	}
	if _, _, err := s.Check(cookie, proofOf(1)); err != ErrSignedOut {
		t.Errorf("with the proof of the session before: %v", err)
	}
	if _, _, err := s.Check(first, proofOf(1)); err != nil {
		t.Errorf("the session before: %v", err)
	}
	if err := s.Disable("kim", "", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SignInAgain(lockerA, proofOf(7), proofOf(2), "192.0.2.1"); err != ErrWrongPassphrase {
		t.Errorf("somebody who has left: %v", err)
	}
}

// Ten thousand wrong passphrases, and as many of devices that do not exist: one
// answer, then another one, the same for both, and nobody else notices.
func TestTenThousandWrongPassphrases(t *testing.T) {
	s, st, c := service(t)
	enrolled(t, s, "kim", "d1")
	enrolled(t, s, "alva", "d2")
	unknown := "ffffffff-8c5e-4f0e-9a58-0a9a0a1c2d3e"
	said := map[string][]string{}
	for i := range 10_000 {
		for _, locker := range []string{lockerA, unknown} {
			_, err := s.SignInAgain(locker, proofOf(byte(8+i%200)), proofOf(3), fmt.Sprintf("198.51.%d.%d", i%250, i%100))
			if err == nil {
				t.Fatal("a wrong passphrase let somebody in")
			}
			said[locker] = append(said[locker], err.Error())
		}
		if i%1000 == 999 {
			c.move(guardWindow)
		}
	}
	if strings.Join(said[lockerA], "\n") != strings.Join(said[unknown], "\n") {
		t.Error("a device that exists is answered in another way than one that does not")
	}
	wrong := strings.Count(strings.Join(said[lockerA], "\n"), ErrWrongPassphrase.Error())
	if wrong != 10*MaxTries {
		t.Errorf("%d of 10,000 were judged; %d are allowed in ten windows", wrong, 10*MaxTries)
	}
	if len(st.sessions) != 2 {
		t.Errorf("%d sessions", len(st.sessions))
	}
	if _, err := s.SignInAgain(lockerB, proofOf(7), proofOf(3), "203.0.113.9"); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	c.move(guardWindow)
	if _, err := s.SignInAgain(lockerA, proofOf(7), proofOf(3), "203.0.113.9"); err != nil {
		t.Errorf("the owner, after the wait: %v", err)
	}
}

func TestADevicesSignature(t *testing.T) {
	s, _, _ := service(t)
	_, session, err := s.Check(enrolled(t, s, "kim", "d1"), proofOf(1))
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	spki, _ := x509.MarshalPKIXPublicKey(&key.PublicKey)
	sign := func(message string) []byte {
		sum := sha256.Sum256([]byte(message))
		r, v, err := ecdsa.Sign(rand.Reader, key, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return append(r.FillBytes(make([]byte, 32)), v.FillBytes(make([]byte, 32))...)
	}
	signed := func(person, device, message string, signature []byte) bool {
		return must[bool](t)(s.Verify(person, device, []byte(message), signature))
	}
	if signed("kim", "d1", "ja", sign("ja")) {
		t.Error("a device without a key signed something")
	}
	if err := s.SetSigning(session, spki); err != nil {
		t.Fatal(err)
	}
	if !signed("kim", "d1", "ja", sign("ja")) {
		t.Error("a right signature is not known")
	}
	s2 := sign("ja")
	s2[40] ^= 1
	for what, ok := range map[string]bool{
		"another message": signed("kim", "d1", "nej", sign("ja")),
		"another device":  signed("kim", "d2", "ja", sign("ja")),
		"another person":  signed("alva", "d1", "ja", sign("ja")),
		"a changed byte":  signed("kim", "d1", "ja", s2),
		"a short one":     signed("kim", "d1", "ja", sign("ja")[:63]),
		"none":            signed("kim", "d1", "ja", nil),
	} {
		if ok {
			t.Errorf("%s is taken for a signature", what)
		}
	}
	foreign, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	p384, _ := x509.MarshalPKIXPublicKey(&foreign.PublicKey)
	big, _ := rsa.GenerateKey(rand.Reader, 2048)
	rsaKey, _ := x509.MarshalPKIXPublicKey(&big.PublicKey)
	for what, bad := range map[string][]byte{"P-384": p384, "RSA": rsaKey, "nothing": nil, "noise": spki[:50], "much": bytes.Repeat(spki, 10)} {
		if err := s.SetSigning(session, bad); err == nil {
			t.Errorf("%s is taken for a key", what)
		}
	}
	if !signed("kim", "d1", "ja", sign("ja")) {
		t.Error("a key that was turned down replaced the right one")
	}
}
