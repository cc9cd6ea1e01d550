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

	"bokvar/internal/consent"
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
	for i, a := range holders {
		for _, b := range holders[i+1:] {
			shares = append(shares, halve(tb, pkcs8, number, a, b)...)
		}
	}
	return private(tb, pkcs8).PublicKey().Bytes(), shares
}

func halve(tb TB, pkcs8 []byte, number int, a, b rescue.HolderView) []rescue.Share {
	tb.Helper()
	one, other := make([]byte, len(pkcs8)), make([]byte, len(pkcs8))
	_, _ = rand.Read(one)
	subtle.XORBytes(other, one, pkcs8)
	return []rescue.Share{
		{Person: a.Person, With: b.Person, Sealed: seal(tb, a.Public, ShareInfo(number, a.Person, b.Person), one)},
		{Person: b.Person, With: a.Person, Sealed: seal(tb, b.Public, ShareInfo(number, b.Person, a.Person), other)},
	}
}

// Renew makes halves of the keys that the opening puts together, for the pairs that
// have none.
func Renew(tb TB, own *ecdh.PrivateKey, v rescue.View) (anew []rescue.Anew) {
	tb.Helper()
	holders := map[string]rescue.HolderView{}
	for _, h := range v.Holders {
		holders[h.Person] = h
	}
	whole := wholes(tb, own, v)
	for _, k := range v.Keys {
		if whole[k.Number] == nil || len(k.Missing) == 0 {
			continue
		}
		a := rescue.Anew{Number: k.Number}
		for _, pair := range k.Missing {
			a.Shares = append(a.Shares, halve(tb, whole[k.Number], k.Number, holders[pair[0]], holders[pair[1]])...)
		}
		anew = append(anew, a)
	}
	return anew
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
	rescueKeys := map[int]*ecdh.PrivateKey{}
	for number, pkcs8 := range wholes(tb, own, v) {
		rescueKeys[number] = private(tb, pkcs8)
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

// wholes are the private parts that the opening gives who finishes it, by number.
func wholes(tb TB, own *ecdh.PrivateKey, v rescue.View) map[int][]byte {
	tb.Helper()
	me, out := mine(v), map[int][]byte{}
	for _, g := range v.Opening.Given {
		for _, s := range v.Shares {
			if s.Number == g.Number && s.With == v.Opening.By && s.Code == v.Mine.Code {
				one := open(tb, own, GivenInfo(g.Number, v.Opening.By, me), g.Sealed)
				other := open(tb, own, ShareInfo(s.Number, me, s.With), s.Sealed)
				whole := make([]byte, len(one))
				subtle.XORBytes(whole, one, other)
				out[g.Number] = whole
			}
		}
	}
	return out
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

// Head is what of a commit's line lies in clear, withdrawals and noes among it.
func Head(c wire.Commit, order int, rest string) string {
	head := fmt.Sprintf(`{"t":"commit","o":%d,"c":%q`, order, c.ID)
	var outside []map[string]any
	for _, change := range c.Changes {
		no := change.Kind == "giving" && string(change.Fields["answer"].Value) == `"declined"`
		if change.Kind != "withdrawal" && !no {
			continue
		}
		record, fields := change.Record, map[string]json.RawMessage{}
		for name, set := range change.Fields {
			fields[name] = set.Value
		}
		if no {
			record = consent.NoID(record)
			fields = map[string]json.RawMessage{"unit": fields["unit"], "handle": fields["handle"], "at": json.RawMessage(fmt.Sprint(c.At))}
		}
		w := map[string]any{"r": record, "f": fields}
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
