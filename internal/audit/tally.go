package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
)

// Sum counts the rows of a table as a set: the sum, modulo 2^256, of a keyed
// hash of each row. It is kept up to date row by row, whatever the order, and a
// row that was changed, added, taken out or put back behind the program's back
// makes it wrong. Keep it sealed: who sees sums come and go learns row hashes.
type Sum [4]uint64

// Add counts a row.
func (s *Sum) Add(row Sum) {
	var carry uint64
	for i := range s {
		s[i], carry = bits.Add64(s[i], row[i], carry)
	}
}

// Take uncounts a row.
func (s *Sum) Take(row Sum) {
	var borrow uint64
	for i := range s {
		s[i], borrow = bits.Sub64(s[i], row[i], borrow)
	}
}

// Tally hashes rows under a secret key.
type Tally struct{ Key [32]byte }

// Row hashes one row of a table; see [Text] for the encoding.
func (t *Tally) Row(table string, values ...any) Sum {
	var stack [512]byte
	b := t.Begin(stack[:0], table)
	for _, v := range values {
		b = Value(b, v)
	}
	return t.End(b)
}

// Begin starts the hash of a row in b; follow it with its values and End.
func (t *Tally) Begin(b []byte, table string) []byte { return Text(append(b, t.Key[:]...), table) }

// End is the hash of what was begun.
func (t *Tally) End(b []byte) Sum {
	h := sha256.Sum256(b)
	var s Sum
	for i := range s {
		s[i] = binary.LittleEndian.Uint64(h[8*i:])
	}
	return s
}

// Text, Blob, Int and Value append one value, with its type and length, so that
// two lists of values have equal bytes only when they are equal.
func Text(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint64(append(b, 's'), uint64(len(s))), s...)
}

// Blob appends bytes; nil is a value of its own.
func Blob(b, v []byte) []byte {
	if v == nil {
		return append(b, 'n')
	}
	return append(binary.BigEndian.AppendUint64(append(b, 'b'), uint64(len(v))), v...)
}

// Int appends a number.
func Int(b []byte, n int64) []byte { return binary.BigEndian.AppendUint64(append(b, 'i'), uint64(n)) }

// Value appends what a column of SQLite can hold.
func Value(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, 'n')
	case int64:
		return Int(b, v)
	case float64:
		return binary.BigEndian.AppendUint64(append(b, 'f'), math.Float64bits(v))
	case string:
		return Text(b, v)
	case []byte:
		return Blob(b, v)
	}
	panic(fmt.Sprintf("audit: a column holds a %T", v)) // cannot happen: all tables are STRICT
}
