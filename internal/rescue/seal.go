// Package rescue lets two people of an organisation, and only two together, open
// work that a phone could hand in but not send: because it is locked, because its
// lease is over, because it was blocked.
//
// # Keys
//
// Each organisation has a rescue key, a P-256 pair. The public part is on every phone
// that writes for it. The private part exists nowhere whole: for each pair of those
// who hold it, it is the sum (XOR) of two random-looking halves, one sealed for each
// of the two. A holder's own key opens with a code on a paper that the server never
// sees. A new key takes the old one's place; the old one's halves stay for what was
// sealed before.
//
// # Opening
//
// One holder begins: their browser opens their halves and seals each anew for the
// holder it belongs together with. Another one finishes: their browser puts two halves
// together, opens with the result the key of each piece of work, and tells the server
// those keys, and no other. The server opens the work itself, so that nobody can put
// words into an author's mouth, and hands it to the engine; neither of the two reads
// a word of it, unless access.md lets them.
//
// # What this is not
//
// It does not decide who may (access.md), nor what becomes of the work (the
// lost-and-found). Sealing is HPKE (RFC 9180: DHKEM P-256, HKDF-SHA-256, AES-256-GCM).
package rescue

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hpke"
	"errors"
)

// Sizes in bytes.
const (
	publicSize  = 65 // an uncompressed point
	contentKey  = 32
	wrapSize    = publicSize + contentKey + 16
	nonceSize   = 12
	shareLimit  = 512 // a half of a private key as PKCS #8, sealed
	holderLimit = 512 // a holder's private key, wrapped
)

var (
	kem  = hpke.DHKEM(ecdh.P256())
	kdf  = hpke.HKDFSHA256()
	aead = hpke.AES256GCM()
)

// Info binds what is sealed to its use: a head as it lies in clear on the device.
func Info(head string) []byte { return []byte("bokvar rescue 1\n" + head) }

// Seal seals for a public key (an uncompressed point). Phones do the same in
// static/src/core/hpke.ts.
func Seal(public, info, plain []byte) ([]byte, error) {
	k, err := kem.NewPublicKey(public)
	if err != nil {
		return nil, err
	}
	return hpke.Seal(k, kdf, aead, info, plain)
}

// Open opens what was sealed for the key. The server never does: it has none. Tests
// and the demo play the people who do.
func Open(private *ecdh.PrivateKey, info, sealed []byte) ([]byte, error) {
	k, err := hpke.NewDHKEMPrivateKey(private)
	if err != nil {
		return nil, err
	}
	return hpke.Open(k, kdf, aead, info, sealed)
}

func isPublic(b []byte) bool {
	_, err := ecdh.P256().NewPublicKey(b)
	return err == nil && len(b) == publicSize
}

var errDoesNotOpen = errors.New("it does not open with this key")

// openContent opens what lies under a content key: a nonce, and what AES-256-GCM
// made with the head as additional data.
func openContent(key []byte, head string, sealed []byte) ([]byte, error) {
	if len(key) != contentKey || len(sealed) < nonceSize {
		return nil, errDoesNotOpen
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	plain, err := gcm.Open(nil, sealed[:nonceSize], sealed[nonceSize:], place(head))
	if err != nil {
		return nil, errDoesNotOpen
	}
	return plain, nil
}

// place is where the content belongs, as the phone's vault binds it.
func place(head string) []byte { return []byte("twice|" + head + "|3") }
