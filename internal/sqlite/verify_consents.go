package sqlite

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"bokvar/internal/casework"
	"bokvar/internal/seal"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// sent is what phones sent of the records of consents, as far as the log has walked:
// those never change, so each must still be what the commit says that made it. It
// finds what somebody writes who has the keys and uses the program's own code, as long
// as they do not write the log anew too.
type sent struct {
	roots   map[seal.Scope]bool
	records map[sentKey]map[string][sha256.Size]byte // by field
	saved   bool                                     // the commit whose parts come now
	all     bool                                     // the log proves all commits, from the first one on
}

type sentKey struct{ org, id string }

// consentRoots finds the files whose commits are to be read.
func (x *verification) consentRoots() error {
	x.sent = sent{roots: map[seal.Scope]bool{}, records: map[sentKey]map[string][sha256.Size]byte{}, all: true}
	return x.each(`SELECT org, kind, root FROM record WHERE kind IN ('giving', 'signature', 'withdrawal')`, func(r row) error {
		x.sent.roots[seal.Scope{Org: r.text(0), Root: r.text(2)}] = casework.Collectable(r.text(1))
		return nil
	})
}

// note reads a commit's part that belongs to a consent.
func (x *verification) note(org, root, commit string, sealed []byte) error {
	if !x.sent.saved || !x.sent.roots[seal.Scope{Org: org, Root: root}] || len(sealed) == 0 {
		return nil
	}
	raw, err := x.db.keys.Open(org, root, aad(org, commit, "commit"), sealed)
	if err != nil {
		return err
	}
	var changes []wire.Change
	if err := json.Unmarshal(raw, &changes); err != nil {
		return fmt.Errorf("the commit %s cannot be read: %w", commit, err)
	}
	for _, c := range changes {
		key := sentKey{org, c.Record}
		if !casework.Collectable(c.Kind) || x.sent.records[key] != nil {
			continue // sent again, as it was
		}
		fields := map[string][sha256.Size]byte{}
		for name, set := range c.Fields {
			if !casework.IsNull(set.Value) {
				fields[name] = sha256.Sum256(wire.CanonicalJSON(set.Value))
			}
		}
		x.sent.records[key] = fields
	}
	return nil
}

// asSent compares a stored record with what was sent. What the server itself wrote is
// covered by the row's seal and the table's sum.
func (x *verification) asSent(s *server.State) error {
	if !casework.Collectable(s.Kind) {
		return nil
	}
	fields, known := x.sent.records[sentKey{s.Org, s.ID}]
	if !known {
		if x.sent.all {
			return fmt.Errorf("broken here: no commit of the log has made the %s %s of %s", s.Kind, s.ID, s.Org)
		}
		return nil // from before the log proved what was stored
	}
	for _, f := range casework.KindOf(s.Kind).Fields {
		was, given := fields[f.Name]
		now := s.Fields[f.Name].Value
		if !f.House && (given == casework.IsNull(now) || given && was != sha256.Sum256(wire.CanonicalJSON(now))) {
			return fmt.Errorf("broken here: %s of the %s %s of %s (file %s) is not what was sent", f.Name, s.Kind, s.ID, s.Org, s.Root)
		}
	}
	return nil
}
