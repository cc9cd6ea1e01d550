package sqlite

import (
	"crypto/hmac"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/seal"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// loose is the scope of what belongs to no case file (a refused commit, a list
// that waits for a yes): one key a month, so that it can be forgotten in time.
// No record's id begins with a tilde.
func loose(ms int64) string {
	return "~" + time.UnixMilli(ms).In(casework.Zone).Format("2006-01")
}

// Commit returns the receipt and payload hash of a known commit, nil when unknown.
func (tx *Tx) Commit(org, id string) (*server.Kept, error) {
	k := &server.Kept{Author: server.Author{Org: org}}
	var receipt, root string
	var hash []byte
	found, err := tx.one(tx.c.commit, func(r row) {
		k.Author.Person, k.Author.Device, hash, receipt, root = r.text(0), r.text(1), r.blob(2), r.text(3), r.text(4)
	}, org, id)
	if err != nil || !found {
		return nil, err
	}
	if err := json.Unmarshal([]byte(receipt), &k.Receipt); err != nil {
		return nil, err
	}
	if root == "" {
		root = loose(k.Receipt.At)
	}
	k.Match = func(h [32]byte) bool {
		sum, err := tx.db.keys.Recompute(org, root, keyedHash(id, h))
		if errors.Is(err, seal.ErrNoKey) {
			return true // erased: whatever it was, it was judged, and this is its receipt
		}
		return err == nil && hmac.Equal(sum[:], hash)
	}
	return k, nil
}

// keyedHash is what is hashed under the case's key in place of the payload's own
// hash, which somebody who guesses the payload could try out.
func keyedHash(commit string, hash [32]byte) []byte {
	return audit.Blob(audit.Text(nil, "payload hash "+commit), hash[:])
}

// PutCommit keeps the receipt, the payload (sealed per root) and an audit row for each root.
func (tx *Tx) PutCommit(k *server.Kept) error {
	if !tx.writes {
		return errReadOnly
	}
	receipt, err := json.Marshal(k.Receipt)
	if err != nil {
		return err
	}
	c := commitRow{org: k.Author.Org, id: k.Receipt.Commit, person: k.Author.Person, device: k.Author.Device, receipt: string(receipt)}
	scope, further := loose(k.Receipt.At), k.Roots
	if len(k.Roots) > 0 && k.Roots[0].Org == k.Author.Org {
		first := k.Roots[0]
		further = k.Roots[1:]
		if c.sealed, scope, err = tx.sealPayload(k, first); err != nil {
			return err
		}
		c.root, c.records = scope, strings.Join(first.Records, " ")
	}
	hash, err := tx.db.keys.MAC(c.org, scope, keyedHash(c.id, k.Hash))
	if err != nil {
		return err
	}
	c.hash = hash[:]
	evidence, err := tx.db.keys.MAC(c.org, scope, c.message())
	if err != nil {
		return err
	}
	if err := tx.exec(tx.c.putCommit, c.org, c.id, c.person, c.device, c.hash, c.receipt, null(c.root), null(c.records), c.sealed); err != nil {
		return err
	}
	tx.note(k, actionOf(k.Receipt.Status), c.org, c.root, evidence)
	for _, p := range further {
		if err := tx.putPart(k, p); err != nil {
			return err
		}
	}
	return nil
}

// putPart keeps what belongs to a further root.
func (tx *Tx) putPart(k *server.Kept, p server.RootPayload) error {
	part := partRow{org: p.Org, id: k.Receipt.Commit, records: strings.Join(p.Records, " ")}
	var err error
	if part.sealed, part.root, err = tx.sealPayload(k, p); err != nil {
		return err
	}
	evidence, err := tx.db.keys.MAC(part.org, part.root, part.message())
	if err != nil {
		return err
	}
	if err := tx.exec(tx.c.putPayload, part.org, part.id, part.root, part.records, part.sealed); err != nil {
		return err
	}
	tx.note(k, audit.Part, part.org, part.root, evidence)
	return nil
}

func (tx *Tx) note(k *server.Kept, action, org, root string, evidence [32]byte) {
	if strings.HasPrefix(root, "~") {
		root = "" // no case file
	}
	tx.entries = append(tx.entries, audit.Entry{At: k.Receipt.At, Person: k.Author.Person, Device: k.Author.Device,
		Action: action, Org: org, Root: root, What: k.Receipt.Commit, Evidence: evidence[:]})
}

func (tx *Tx) sealPayload(k *server.Kept, p server.RootPayload) (sealed []byte, scope string, err error) {
	if scope = p.Root; scope == "" {
		scope = loose(k.Receipt.At)
	}
	sealed, err = tx.db.keys.Seal(p.Org, scope, aad(p.Org, k.Receipt.Commit, "commit"), p.Payload)
	return sealed, scope, err
}

func actionOf(s wire.Status) string {
	switch s {
	case wire.Held:
		return audit.CommitHeld
	case wire.Refused:
		return audit.CommitRefused
	}
	return audit.Commit
}

// commitRow is a row of commits; root, records and sealed are empty when nothing
// in it belongs to the author's organisation.
type commitRow struct {
	org, id, person, device, receipt, root, records string
	hash, sealed                                    []byte
}

// message is what the evidence of a commit covers: every column.
func (c *commitRow) message() []byte {
	b := audit.Text(make([]byte, 0, len(c.sealed)+1024), "commit")
	for _, s := range []string{c.org, c.id, c.person, c.device, c.receipt, c.root, c.records} {
		b = audit.Text(b, s)
	}
	return audit.Blob(audit.Blob(b, c.hash), c.sealed)
}

// partRow is a row of payload.
type partRow struct {
	org, id, root, records string
	sealed                 []byte
}

func (p *partRow) message() []byte {
	b := audit.Text(make([]byte, 0, len(p.sealed)+512), "part")
	for _, s := range []string{p.org, p.id, p.root, p.records} {
		b = audit.Text(b, s)
	}
	return audit.Blob(b, p.sealed)
}

// null is NULL for an empty text.
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}
