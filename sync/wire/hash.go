package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Sum is the hash of a record, or of many: the XOR of theirs (W10).
type Sum [16]byte

// Add takes a record's hash into the sum, or out of it again.
func (s *Sum) Add(of Sum) {
	for i, b := range of {
		s[i] ^= b
	}
}

func (s Sum) String() string { return hex.EncodeToString(s[:]) }

// HashRecord is the hash of a record as a person sees it (W10). Devices work it
// out from what they keep, in whatever language, so it is made of the record's
// canonical form and not of the bytes that travelled.
func HashRecord(org, id, kind, room string, fields map[string]json.RawMessage, versions map[string]int64) (hash Sum) {
	b := appendText(append(make([]byte, 0, 512), `{"org":`...), org)
	b = appendText(append(b, `,"id":`...), id)
	b = appendText(append(b, `,"kind":`...), kind)
	if room != "" {
		b = appendText(append(b, `,"room":`...), room)
	}
	b = append(b, `,"f":`...)
	b = appendObject(b, fields)
	b = append(b, `,"n":{`...)
	for i, name := range slices.SortedFunc(maps.Keys(versions), byUnits) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendText(b, name), ':')
		b = strconv.AppendInt(b, versions[name], 10)
	}
	return HashBytes(append(b, "}}"...))
}

// HashBytes is the hash of a canonical form.
func HashBytes(canonical []byte) (hash Sum) {
	sum := sha256.Sum256(canonical)
	copy(hash[:], sum[:])
	return hash
}

// Canonical says whether a JSON value is surely in canonical form as it stands.
// A false answer says nothing: it is quick, and looks at no object or list.
func Canonical(v json.RawMessage) bool {
	switch {
	case len(v) == 0:
		return false
	case v[0] == '"':
		return !slices.Contains(v, '\\')
	case v[0] >= '1' && v[0] <= '9' && len(v) < 16:
		return !slices.ContainsFunc(v, func(c byte) bool { return c < '0' || c > '9' })
	}
	return string(v) == "null" || string(v) == "true" || string(v) == "false" || string(v) == "0"
}

// appendCanonical writes a valid JSON value as ECMAScript would write it, with
// the keys of objects sorted.
func appendCanonical(b []byte, v json.RawMessage) []byte {
	if Canonical(v) {
		return append(b, v...)
	}
	switch first(v) {
	case '{':
		var object map[string]json.RawMessage
		_ = json.Unmarshal(v, &object) // it was read as JSON before
		return appendObject(b, object)
	case '[':
		var list []json.RawMessage
		_ = json.Unmarshal(v, &list)
		b = append(b, '[')
		for i, each := range list {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendCanonical(b, each)
		}
		return append(b, ']')
	case '"':
		return appendQuoted(b, v)
	case 't', 'f', 'n':
		return append(b, trimmed(v)...)
	}
	return appendNumber(b, string(trimmed(v)))
}

func appendObject(b []byte, object map[string]json.RawMessage) []byte {
	b = append(b, '{')
	n := 0
	for _, name := range slices.SortedFunc(maps.Keys(object), byUnits) {
		if len(object[name]) == 0 {
			continue
		}
		if n++; n > 1 {
			b = append(b, ',')
		}
		b = append(appendText(b, name), ':')
		b = appendCanonical(b, object[name])
	}
	return append(b, '}')
}

// byUnits orders strings as ECMAScript does: by UTF-16 units.
func byUnits(a, b string) int {
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

func first(v json.RawMessage) byte {
	if v = trimmed(v); len(v) > 0 {
		return v[0]
	}
	return 'n'
}

func trimmed(v json.RawMessage) json.RawMessage {
	for len(v) > 0 && (v[0] == ' ' || v[0] == '\t' || v[0] == '\r' || v[0] == '\n') {
		v = v[1:]
	}
	for n := len(v); n > 0 && (v[n-1] == ' ' || v[n-1] == '\t' || v[n-1] == '\r' || v[n-1] == '\n'); n = len(v) {
		v = v[:n-1]
	}
	return v
}

// appendNumber writes a number as the nearest double, as ECMAScript does.
func appendNumber(b []byte, s string) []byte {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) {
		return append(b, "null"...) // what JSON.stringify makes of Infinity
	}
	raw, _ := json.Marshal(f + 0) // encoding/json follows ECMAScript
	if f == 0 {
		raw = []byte("0") // also -0
	}
	return append(b, raw...)
}

// appendText quotes a string that Go holds.
func appendText(b []byte, s string) []byte {
	if s == "" || ValidID(s) {
		return append(append(append(b, '"'), s...), '"')
	}
	raw, _ := json.Marshal(s)
	return appendQuoted(b, raw)
}

// appendQuoted writes a quoted JSON string with only the escapes that ECMAScript
// writes. It works on the units of the text, because half of a surrogate pair
// (an emoji cut in two) is something that Go's strings cannot hold.
func appendQuoted(b []byte, v json.RawMessage) []byte {
	v = trimmed(v)
	v = v[1 : len(v)-1]
	b = append(b, '"')
	for len(v) > 0 {
		if v[0] != '\\' {
			b, v = append(b, v[0]), v[1:]
			continue
		}
		r, size := escaped(v)
		v = v[size:]
		if utf16.IsSurrogate(r) {
			if low, more := escaped(v); more == 6 && utf16.DecodeRune(r, low) != utf8.RuneError {
				r, v = utf16.DecodeRune(r, low), v[more:]
			}
		}
		b = appendRune(b, r)
	}
	return append(b, '"')
}

// escaped reads the escape at the beginning of v; size 0 when there is none.
func escaped(v []byte) (r rune, size int) {
	if len(v) < 2 || v[0] != '\\' {
		return 0, 0
	}
	switch v[1] {
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		if len(v) < 6 {
			return 0, 0
		}
		n, _ := strconv.ParseUint(string(v[2:6]), 16, 32)
		return rune(n), 6
	}
	return rune(v[1]), 2
}

func appendRune(b []byte, r rune) []byte {
	switch {
	case r == '"' || r == '\\':
		return append(b, '\\', byte(r))
	case r < ' ':
		if at := slices.Index([]rune{'\b', '\f', '\n', '\r', '\t'}, r); at >= 0 {
			return append(b, '\\', "bfnrt"[at])
		}
		return append(b, `\u00`+hex.EncodeToString([]byte{byte(r)})...)
	case utf16.IsSurrogate(r):
		return append(b, `\u`+strconv.FormatInt(int64(r), 16)...)
	}
	return utf8.AppendRune(b, r)
}

// CanonicalJSON is a valid JSON value in the canonical form of RFC 8785: no spaces,
// the keys of objects in the order of their UTF-16 units, strings and numbers as
// ECMAScript writes them. Keys without a value are left out.
func CanonicalJSON(v json.RawMessage) []byte { return appendCanonical(nil, v) }
