// Package rescuetest does in Go what the browsers of phones and of the two people who
// open do in TypeScript (static/src/core/seal_twice.ts, static/src/screens/rescue).
package rescuetest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/rand"
	"crypto/subtle"
	"crypto/x509"
	"encoding/json"
	"fmt"

	"bokvar/internal/rescue"
	"bokvar/sync/wire"
)

// TB is what is needed of a test.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
}

// ShareInfo and GivenInfo bind the halves of a private part to those they are for.
func ShareInfo(number int, person, with string) []byte {
	return rescue.Info(fmt.Sprintf("share|%d|%s|%s", number, person, with))
}

// GivenInfo is for the half that is handed to the one who finishes.
func GivenInfo(number int, from, to string) []byte {
	return rescue.Info(fmt.Sprintf("given|%d|%s|%s", number, from, to))
}

// Split makes the halves of a private part for each pair of the holders.
func Split(tb TB, pkcs8 []byte, number int, holders []rescue.HolderView) (public []byte, shares []rescue.Share) {
	tb.Helper()
	public = private(tb, pkcs8).PublicKey().Bytes()
	for i, a := range holders {
		for _, b := range holders[i+1:] {
			one := make([]byte, len(pkcs8))
			_, _ = rand.Read(one)
			other := make([]byte, len(pkcs8))
			subtle.XORBytes(other, one, pkcs8)
			shares = append(shares,
				rescue.Share{Person: a.Person, With: b.Person, Sealed: seal(tb, a.Public, ShareInfo(number, a.Person, b.Person), one)},
				rescue.Share{Person: b.Person, With: a.Person, Sealed: seal(tb, b.Public, ShareInfo(number, b.Person, a.Person), other)})
		}
	}
	return public, shares
}

// Give opens a holder's halves and seals each for the one it belongs together with.
func Give(tb TB, own *ecdh.PrivateKey, v rescue.View) (given []rescue.Given) {
	tb.Helper()
	me := mine(v)
	for _, s := range v.Shares {
		if s.Code != v.Mine.Code {
			continue // another code opens it
		}
		for _, h := range v.Holders {
			if h.Person == s.With {
				half := open(tb, own, ShareInfo(s.Number, me, s.With), s.Sealed)
				given = append(given, rescue.Given{Person: s.With, Number: s.Number, Sealed: seal(tb, h.Public, GivenInfo(s.Number, me, s.With), half)})
			}
		}
	}
	return given
}

// Move opens the halves that lie under one of a holder's codes and seals them for
// the key of another one.
func Move(tb TB, from *ecdh.PrivateKey, code int, v rescue.View, to []byte) (moved []rescue.Moved) {
	tb.Helper()
	me := mine(v)
	for _, s := range v.Shares {
		if s.Code == code {
			about := ShareInfo(s.Number, me, s.With)
			moved = append(moved, rescue.Moved{Number: s.Number, With: s.With, Sealed: seal(tb, to, about, open(tb, from, about, s.Sealed))})
		}
	}
	return moved
}

// Unlock puts two halves together and opens the keys of what waits.
func Unlock(tb TB, own *ecdh.PrivateKey, v rescue.View, locked []rescue.Locked) (keys []rescue.Opened) {
	tb.Helper()
	me, rescueKeys := mine(v), map[int]*ecdh.PrivateKey{}
	for _, g := range v.Opening.Given {
		for _, s := range v.Shares {
			if s.Number == g.Number && s.With == v.Opening.By && s.Code == v.Mine.Code {
				one := open(tb, own, GivenInfo(g.Number, v.Opening.By, me), g.Sealed)
				other := open(tb, own, ShareInfo(s.Number, me, s.With), s.Sealed)
				whole := make([]byte, len(one))
				subtle.XORBytes(whole, one, other)
				rescueKeys[g.Number] = private(tb, whole)
			}
		}
	}
	for _, l := range locked {
		if rescueKeys[l.Number] == nil {
			continue
		}
		key := open(tb, rescueKeys[l.Number], rescue.Info(l.Head), l.Wrap)
		keys = append(keys, rescue.Opened{Person: l.Person, Device: l.Device, ID: l.ID, Key: key})
	}
	return keys
}

func mine(v rescue.View) string {
	for _, h := range v.Holders {
		if v.Mine != nil && string(h.Public) == string(v.Mine.Public) {
			return h.Person
		}
	}
	return ""
}

// Seal makes of a commit what lies in a phone's journal, as far as it is handed in.
func Seal(tb TB, keys []rescue.Public, org string, c wire.Commit, order int) (rescue.Entry, json.RawMessage) {
	tb.Helper()
	raw, err := json.Marshal(c)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	line, _ := json.Marshal(map[string]any{"t": "commit", "o": order, "e": map[string]any{"id": c.ID, "raw": string(raw)}})
	return twice(tb, keys, org, func(k rescue.Public) string {
		return Head(c, order, fmt.Sprintf(`,"k":%d,"g":%q}`, k.Number, org))
	}, line), raw
}

// Head is what of a commit's line lies in clear, withdrawals among it.
func Head(c wire.Commit, order int, rest string) string {
	head := fmt.Sprintf(`{"t":"commit","o":%d,"c":%q`, order, c.ID)
	var outside []map[string]any
	for _, change := range c.Changes {
		if change.Kind != "withdrawal" {
			continue
		}
		fields := map[string]json.RawMessage{}
		for name, set := range change.Fields {
			fields[name] = set.Value
		}
		w := map[string]any{"r": change.Record, "f": fields}
		if change.Org != "" {
			w["g"] = change.Org
		}
		outside = append(outside, w)
	}
	if len(outside) > 0 {
		said, _ := json.Marshal(outside)
		head += `,"w":` + string(said)
	}
	return head + rest
}

// SealPicture makes of a picture what lies beside a phone's journal, in one part.
func SealPicture(tb TB, keys []rescue.Public, org, id string, jpeg []byte) rescue.Entry {
	tb.Helper()
	return twice(tb, keys, org, func(k rescue.Public) string {
		return fmt.Sprintf(`{"t":"photo","c":%q,"k":%d,"g":%q}`, id, k.Number, org)
	}, jpeg)
}

func twice(tb TB, keys []rescue.Public, org string, headOf func(rescue.Public) string, plain []byte) rescue.Entry {
	tb.Helper()
	for _, k := range keys {
		if k.Org != org {
			continue
		}
		head, content := headOf(k), make([]byte, 32)
		_, _ = rand.Read(content)
		return rescue.Entry{Head: head, Wrap: seal(tb, k.Key, rescue.Info(head), content), Sealed: under(tb, content, head, plain)}
	}
	tb.Fatalf("there is no rescue key of %s among %d", org, len(keys))
	return rescue.Entry{}
}

func under(tb TB, key []byte, head string, plain []byte) []byte {
	tb.Helper()
	block, err := aes.NewCipher(key)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	return gcm.Seal(nil, nil, plain, []byte("twice|"+head+"|3"))
}

func seal(tb TB, public, info, plain []byte) []byte {
	tb.Helper()
	sealed, err := rescue.Seal(public, info, plain)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	return sealed
}

func open(tb TB, own *ecdh.PrivateKey, info, sealed []byte) []byte {
	tb.Helper()
	if own == nil {
		tb.Fatalf("there is no key")
	}
	plain, err := rescue.Open(own, info, sealed)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	return plain
}

func private(tb TB, pkcs8 []byte) *ecdh.PrivateKey {
	tb.Helper()
	parsed, err := x509.ParsePKCS8PrivateKey(pkcs8)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	with, ok := parsed.(interface {
		ECDH() (*ecdh.PrivateKey, error)
	})
	if !ok {
		tb.Fatalf("%T has no ECDH", parsed)
	}
	key, err := with.ECDH()
	if err != nil {
		tb.Fatalf("%v", err)
	}
	return key
}
