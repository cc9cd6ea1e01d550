package office

import (
	"bokvar/internal/casework"
	"bokvar/internal/consent"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// Names under which a tenant's copy is found, and a withdrawal that came before
// its consent.
func byCopy(hash string) string  { return "copy:" + hash }
func pending(hash string) string { return "pending:" + hash }

// Copy is what the page without sign-in knows of a consent: no name, nothing of a
// case.
type Copy struct {
	Org, Giving, Signature string // not shown
	Born                   string // not shown: the signer's birth day, "1990-06-02"; "" when it is not known

	// For whoever has the code or secret.
	Day     string // on which it was given
	Phone   string // whom to call
	InForce bool   // it opens something now
	Ended   bool   // withdrawn, by whatever way

	// For who knows the birth day as well.
	Until    string // its last day; "" while it is not withdrawn
	Partners []string
	Unit     string
}

// FindCopy looks for a consent by the hash of a code or secret; nil when there is none.
func (o *Office) FindCopy(f casework.Facts, organisations []casework.Organisation, hash string) (*Copy, error) {
	for _, org := range organisations {
		if org.Kind != casework.SocialServices {
			continue
		}
		found, err := f.Handles(org.ID, byCopy(hash))
		if err != nil {
			return nil, err
		}
		for _, h := range found {
			giving, err := f.Record(org.ID, h.Root)
			if err != nil {
				return nil, err
			}
			if giving != nil && giving.Kind == "giving" {
				return o.copyOf(f, giving, h.Record)
			}
		}
	}
	return nil, nil
}

func (o *Office) copyOf(f casework.Facts, giving *server.State, signature string) (*Copy, error) {
	c := &Copy{Org: giving.Org, Giving: giving.ID, Signature: signature, Day: text(giving.Fields["day"].Value),
		Until: text(giving.Fields["valid_until"].Value), Partners: texts(giving.Fields["partners"].Value)}
	signed, err := f.Record(giving.Org, signature)
	if err != nil {
		return nil, err
	}
	if signed != nil {
		c.Born, _ = casework.BornOf(text(signed.Fields["personal_number"].Value))
	}
	unit, err := f.Record(giving.Org, text(giving.Fields["unit"].Value))
	if err != nil {
		return nil, err
	}
	if unit != nil {
		c.Unit, c.Phone = text(unit.Fields["name"].Value), text(unit.Fields["phone"].Value)
	}
	state, err := f.Record(giving.Org, derivedID("consent_state", giving.ID))
	if err != nil || state == nil {
		return c, err
	}
	if standings := object[[]consent.Standing](state.Fields["standings"].Value); standings != nil {
		for _, s := range *standings {
			if s.Signature == signature {
				c.Ended, c.InForce = s.State == consent.IsEnded, s.State == consent.IsOpen
			}
		}
	}
	return c, nil
}

// CopyWithdrawal is the withdrawal of whoever holds the copy, for the engine's
// House. Doing it again changes nothing.
func (o *Office) CopyWithdrawal(f casework.Facts, c *Copy) (wire.Change, error) {
	giving, err := f.Record(c.Org, c.Giving)
	if err != nil || giving == nil {
		return wire.Change{}, err
	}
	return Change(c.Org, "withdrawal", CopyWithdrawalID(c), copyFields(giving, c.Signature, o.now()))
}

// CopyWithdrawalID is the id of that withdrawal: one for each signature.
func CopyWithdrawalID(c *Copy) string { return derivedID("withdrawal by copy", c.Signature) }

func copyFields(giving *server.State, signature string, now int64) map[string]any {
	return map[string]any{
		"unit": text(giving.Fields["unit"].Value), "handle": text(giving.Fields["handle"].Value), "signature": signature, "how": "copy", "at": now,
	}
}

// PutPending keeps a withdrawal whose consent has not come yet. It applies at
// once when that comes.
func PutPending(tx server.Tx, hash string) error {
	f, err := facts(tx)
	if err != nil {
		return err
	}
	return f.PutHandle(casework.Handle{Handle: pending(hash), Record: hash})
}

// copies keeps how a signature's copies are found, and withdraws at once what the
// tenant has withdrawn before it came.
func (w *work) copies(c server.Changed) error {
	if c.Before != nil {
		return nil
	}
	s := c.After
	for _, hash := range texts(s.Fields["copies"].Value) {
		if err := w.f.PutHandle(casework.Handle{Org: s.Org, Handle: byCopy(hash), Root: s.Root, Record: s.ID}); err != nil {
			return err
		}
		waiting, err := w.f.Handles("", pending(hash))
		if err != nil {
			return err
		}
		if len(waiting) == 0 {
			continue
		}
		if err := w.withdrawNow(s); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) withdrawNow(s *server.State) error {
	giving, err := w.f.Record(s.Org, s.Root)
	if err != nil || giving == nil {
		return err
	}
	id := derivedID("withdrawal by copy", s.ID)
	if known, err := w.f.Record(s.Org, id); err != nil || known != nil {
		return err
	}
	if err := w.set(s.Org, "withdrawal", id, nil, copyFields(giving, s.ID, w.now)); err != nil {
		return err
	}
	made, err := w.f.Record(s.Org, id)
	if err != nil || made == nil {
		return err
	}
	return w.consentFollows(server.Changed{After: made})
}
