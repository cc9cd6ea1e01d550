package rescue

import (
	"slices"

	"bokvar/internal/casework"
)

// Moved is a half that its holder opened with an earlier code and sealed for the key
// that the new one opens.
type Moved struct {
	Number int    `json:"number"`
	With   string `json:"with"`
	Sealed []byte `json:"sealed"`
}

// Hold makes the member a holder: public is their own key, wrapped its private part
// under a code that they alone have. Somebody who holds already gets a new code. No
// half is dropped by that: moved are those that they opened with the old code and
// sealed for the new key, and the others stay under the old one, with the key that it
// opens, in case the paper turns up.
func (s *Service) Hold(by *casework.Member, public, wrapped []byte, moved []Moved) error {
	if !s.May(by.Role) {
		return errNotAllowed
	}
	if !isPublic(public) || len(wrapped) == 0 || len(wrapped) > holderLimit {
		return errMalformed
	}
	err := s.change(by.Org, func(st *state) error {
		fresh := holder{Person: by.ID, ownKey: ownKey{Public: public, Wrapped: wrapped, Made: s.Clock().UnixMilli()}}
		if i := st.holder(by.ID); i >= 0 {
			before := st.Holders[i]
			fresh.Code, fresh.Older = before.Code+1, append(before.Older, before.ownKey)
			st.Holders = slices.Delete(st.Holders, i, i+1)
		}
		holders, err := s.active(by.Org, st)
		if err != nil {
			return err
		}
		if len(holders) >= MaxHolders {
			return errTooMany
		}
		st.Openings = nil // what was given was sealed for the key before
		st.Holders = append(st.Holders, fresh)
		return st.move(by.ID, moved)
	})
	if err != nil {
		return err
	}
	return s.note(by, "rescue code of "+by.ID)
}

// Move takes halves that the member opened with an earlier code and sealed for the key
// that their code opens now.
func (s *Service) Move(by *casework.Member, moved []Moved) error {
	if !s.May(by.Role) {
		return errNotAllowed
	}
	if len(moved) == 0 {
		return errMalformed
	}
	if err := s.change(by.Org, func(st *state) error { return st.move(by.ID, moved) }); err != nil {
		return err
	}
	return s.note(by, "rescue halves moved to the code of "+by.ID)
}

func (st *state) holder(person string) int {
	return slices.IndexFunc(st.Holders, func(h holder) bool { return h.Person == person })
}

// move puts halves under the holder's code of now.
func (st *state) move(person string, moved []Moved) error {
	at := st.holder(person)
	if at < 0 {
		return errStale
	}
	for _, m := range moved {
		share := st.share(m.Number, person, m.With)
		if share == nil || len(m.Sealed) == 0 || len(m.Sealed) > shareLimit {
			return errStale
		}
		share.Sealed, share.Code = m.Sealed, st.Holders[at].Code
	}
	st.forget(&st.Holders[at])
	return nil
}

// forget drops the keys of a holder's earlier codes that open nothing any more.
func (st *state) forget(h *holder) {
	h.Older = slices.DeleteFunc(h.Older, func(o ownKey) bool {
		return !slices.ContainsFunc(st.Keys, func(k key) bool {
			return slices.ContainsFunc(k.Shares, func(s Share) bool { return s.Person == h.Person && s.Code == o.Code })
		})
	})
}

func (st *state) share(number int, person, with string) *Share {
	for i := range st.Keys {
		if st.Keys[i].Number != number {
			continue
		}
		for j := range st.Keys[i].Shares {
			if s := &st.Keys[i].Shares[j]; s.Person == person && s.With == with {
				return s
			}
		}
	}
	return nil
}

// Reach says how a rescue key can be opened.
type Reach string

// The closed list.
const (
	Ready   Reach = ""      // two people have it under the codes that they have now
	OldCode Reach = "old"   // two have it, but one of them under an earlier code only
	Nobody  Reach = "never" // no two people who hold now have it
)

// reach looks at the halves of those who hold now, with one of them left out if named.
func (st *state) reach(number int, holders []holder, without string) Reach {
	best := Nobody
	for _, a := range holders {
		for _, b := range holders {
			one, other := st.share(number, a.Person, b.Person), st.share(number, b.Person, a.Person)
			switch {
			case a.Person >= b.Person || one == nil || other == nil || a.Person == without || b.Person == without:
			case one.Code == a.Code && other.Code == b.Code:
				return Ready
			default:
				best = OldCode
			}
		}
	}
	return best
}
