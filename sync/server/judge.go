package server

import (
	"errors"
	"slices"

	"bokvar/sync/merge"
	"bokvar/sync/wire"
)

// judge decides one commit and sets its receipt. An error means that it was not
// judged, unless it isFatal.
func (t *turn) judge(c *prepared) error {
	if c.house() {
		return t.judgeHouse(c)
	}
	done, err := t.known(c)
	if done || err != nil {
		return err
	}
	if c.code != "" {
		return t.turnDown(c, &Refusal{Status: wire.Refused, Code: c.code}, nil)
	}
	var refusal *Refusal
	var missing bool
	if !c.author.HandedIn {
		refusal, missing, err = t.predecessors(c)
	}
	switch {
	case err != nil:
		return err
	case missing:
		c.receipt = again(c.commit.ID, wire.CodePredecessor)
		return nil
	case refusal != nil:
		return t.turnDown(c, refusal, nil)
	}
	w := newWork(t, c)
	if err = t.savepoint(w.save); err == nil {
		return w.publish()
	}
	if isFatal(err) {
		return err
	}
	if errors.As(err, &refusal) {
		return t.turnDown(c, refusal, w.roots)
	}
	return err
}

// judgeHouse applies what the server itself writes; turned down it leaves nothing.
func (t *turn) judgeHouse(c *prepared) error {
	w := newWork(t, c)
	err := t.savepoint(w.save)
	if err == nil {
		return w.publish()
	}
	if isFatal(err) {
		return err
	}
	c.err = err
	return nil
}

// known answers a commit that was judged before: the same receipt for ever, and
// commit_reused for other content under the same id (S2).
func (t *turn) known(c *prepared) (done bool, err error) {
	if c.commit.ID == "" { // nothing to remember it by
		c.receipt = wire.Receipt{Type: wire.TypeReceipt, Status: wire.Refused, Code: c.code, Sentence: wire.Sentences[c.code]}
		return true, nil
	}
	kept, err := t.tx.Commit(c.author.Org, c.commit.ID)
	if err != nil || kept == nil {
		return false, err
	}
	if kept.Same(c.hash) {
		c.receipt = kept.Receipt
		return true, nil
	}
	c.receipt = wire.Receipt{Type: wire.TypeReceipt, Commit: c.commit.ID, Status: wire.Refused,
		Code: wire.CodeCommitReused, Sentence: wire.Sentences[wire.CodeCommitReused]}
	return true, nil
}

// predecessors looks at the commits that c builds on (S3): missing when one is
// not known yet, a refusal when one was not saved.
func (t *turn) predecessors(c *prepared) (refusal *Refusal, missing bool, err error) {
	for _, id := range c.commit.After {
		kept, err := t.tx.Commit(c.author.Org, id)
		if err != nil {
			return nil, false, err
		}
		if kept == nil || kept.Author.Person != c.author.Person {
			return nil, true, nil
		}
		if kept.Receipt.Status != wire.Saved {
			refusal = &Refusal{Status: wire.Held, Code: wire.CodePredecessor}
		}
	}
	return refusal, false, nil
}

// turnDown keeps a refused or held commit with its receipt. What belongs to a
// root that is known is kept there, the rest with the author's organisation.
func (t *turn) turnDown(c *prepared, r *Refusal, roots []string) error {
	var handed *work
	err := t.savepoint(func() (err error) {
		rc := wire.Receipt{Type: wire.TypeReceipt, Commit: c.commit.ID, Status: r.Status, Code: r.Code, Sentence: r.Sentence, At: t.e.clock().UnixMilli()}
		if rc.Sentence == "" {
			rc.Sentence = wire.Sentences[r.Code]
		}
		if rc.Number, err = t.tx.NextNumber(c.author.Person); err != nil {
			return err
		}
		if r.Status == wire.Refused {
			roots = ownRoots(c, roots) // it opens nothing anywhere: it stays with its author's organisation
		}
		c.receipt = rc
		if err = t.tx.PutCommit(&Kept{Author: c.author, Receipt: rc, Hash: c.hash, Roots: payloads(c, roots)}); err == nil && r.Status == wire.Held {
			handed, err = t.handOn(c, r)
		}
		return err
	})
	if err != nil || handed == nil {
		return err
	}
	return handed.publish()
}

// handOn writes what the policy makes of a held commit, nil when that is nothing.
func (t *turn) handOn(c *prepared, r *Refusal) (*work, error) {
	changes, err := t.e.policy.HandOn(t.tx, c.author, c.commit, r)
	if err != nil || len(changes) == 0 {
		return nil, err
	}
	now := t.e.clock().UnixMilli()
	house := Author{Person: c.author.Person, Org: c.author.Org, Device: House}
	w := newWork(t, &prepared{author: house, commit: wire.Commit{ID: c.commit.ID}})
	for _, change := range changes {
		if change.Org == "" {
			change.Org = house.Org
		}
		if _, err := w.apply(house, change, merge.Interval{From: now, To: now, At: now}); err != nil {
			return nil, err
		}
	}
	for i := 0; i < len(w.records); i++ {
		if err := w.announce(w.records[i]); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// ownRoots keeps the roots that belong to the author's organisation, so that what
// was refused is erased with the case that it was about.
func ownRoots(c *prepared, roots []string) []string {
	for i := range roots {
		if c.commit.Changes[i].Org != c.author.Org {
			return roots[:i]
		}
	}
	return roots
}

// payloads groups a commit's changes by the root they belong to. roots holds
// those of the first changes; the others are kept with the author's organisation.
func payloads(c *prepared, roots []string) []RootPayload {
	var out []RootPayload
	for i, raw := range c.raw {
		org, root, record := c.author.Org, "", ""
		if i < len(c.commit.Changes) {
			record = c.commit.Changes[i].Record
		}
		if i < len(roots) {
			org, root = c.commit.Changes[i].Org, roots[i]
		}
		at := slices.IndexFunc(out, func(p RootPayload) bool { return p.Org == org && p.Root == root })
		if at < 0 {
			at = len(out)
			out = append(out, RootPayload{Org: org, Root: root, Payload: []byte{'['}})
		}
		p := &out[at]
		if len(p.Payload) > 1 {
			p.Payload = append(p.Payload, ',')
		}
		p.Payload = append(p.Payload, raw...)
		if record != "" && !slices.Contains(p.Records, record) {
			p.Records = append(p.Records, record)
		}
	}
	for i := range out {
		out[i].Payload = append(out[i].Payload, ']')
	}
	return out
}
