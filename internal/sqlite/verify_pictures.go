package sqlite

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"bokvar/internal/audit"
	"bokvar/internal/seal"
	"bokvar/sync/server"
)

// Pictures are looked at one at a time, so that however many there are, one is in memory.

// sealedPicture is nil when there is none.
func (x *verification) sealedPicture(org, id string) (sealed []byte, err error) {
	err = x.whole.each(func(r row) { sealed = append([]byte(nil), r.blob(0)...) }, org, id)
	return sealed, err
}

// picture looks for one that the log says came: it is there as it was, or erased by a
// certificate, or it is broken here.
func (w *walk) picture(e audit.Entry) error {
	broken := func(what string) error {
		return fmt.Errorf("broken here: the picture %s of %s (file %s), which came by audit row %d, %s", e.What, e.Org, e.Root, w.chain.Rows, what)
	}
	sealed, err := w.sealedPicture(e.Org, e.What)
	if err != nil {
		return err
	}
	if c, certified := w.gone[seal.Scope{Org: e.Org, Root: e.Root}]; certified && w.chain.Rows <= c.UpTo && (sealed == nil || !w.db.keys.Has(e.Org, e.Root)) {
		w.v.Erased++
		return nil
	}
	if sealed == nil {
		return broken("is missing")
	}
	plain, err := w.db.keys.Open(e.Org, e.Root, photoAAD(e.Org, e.What, wholePhoto), sealed)
	switch {
	case errors.Is(err, seal.ErrNoKey):
		return broken("has no key any more, and no certificate says why")
	case errors.Is(err, seal.ErrTampered):
		return broken("was changed")
	case err != nil:
		return err
	}
	sum, err := w.db.keys.Recompute(e.Org, e.Root, keyedPicture(e.What, plain))
	if err == nil && string(sum[:]) != string(e.Evidence) {
		return broken("is another one now")
	}
	w.v.Pictures++
	return err
}

// paper compares the picture of a paper that was signed with what its record says,
// which the evidence of the consent covers. One that has not come yet holds nothing.
func (x *verification) paper(s *server.State) error {
	sealed, err := x.sealedPicture(s.Org, s.ID)
	if err != nil || sealed == nil {
		return err
	}
	plain, err := x.db.keys.Open(s.Org, s.Root, photoAAD(s.Org, s.ID, wholePhoto), sealed)
	if err != nil {
		return fmt.Errorf("broken here: the picture %s of a paper (%s, file %s) does not open: %w", s.ID, s.Org, s.Root, err)
	}
	var named string
	_ = json.Unmarshal(s.Fields["hash"].Value, &named) // no text is no hash of anything
	if sum := sha256.Sum256(plain); hex.EncodeToString(sum[:]) != named {
		return fmt.Errorf("broken here: the picture %s of a paper (%s, file %s) is not the one that its record names", s.ID, s.Org, s.Root)
	}
	return nil
}
