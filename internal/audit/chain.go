// Package audit computes the chain of the audit log. Pure: rows are kept elsewhere.
//
// Every row's hash covers the row and the hash before it, so that a row cannot
// be changed, moved or taken out without every later hash being wrong. Cutting
// off the end is found only by comparing the head with one noted elsewhere.
package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// Entry is who did what to what. It holds no content.
type Entry struct {
	At     int64 // ms, the server's clock
	Person string
	Device string
	Action string // "commit", "read", "sign_in", …
	Org    string
	What   string // id of a commit or record
}

// Hash is one link of the chain.
type Hash [sha256.Size]byte

// Next is the hash of the row that follows prev.
func Next(prev Hash, e Entry) Hash {
	h := sha256.New()
	h.Write(prev[:])
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(e.At))
	h.Write(n[:])
	for _, s := range []string{e.Person, e.Device, e.Action, e.Org, e.What} {
		binary.BigEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	var out Hash
	h.Sum(out[:0])
	return out
}

// Chain checks rows one by one, in order.
type Chain struct {
	Head Hash
	Rows int64
}

// Check takes the next row with the hash it was kept with.
func (c *Chain) Check(e Entry, kept Hash) error {
	c.Rows++
	if next := Next(c.Head, e); next != kept {
		return fmt.Errorf("audit: row %d is not what was written, or a row before it is missing", c.Rows)
	}
	c.Head = kept
	return nil
}
