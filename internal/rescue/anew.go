package rescue

import (
	"fmt"
	"slices"

	"bokvar/internal/casework"
)

// Anew are halves of a key that is there already, for the pairs of holders that have
// none under the codes that they have now: who became a holder later, or lost their
// paper. Whoever finishes an opening has that key whole in their browser and makes them.
type Anew struct {
	Number int     `json:"number"`
	Shares []Share `json:"shares"`
}

// renew takes them: of keys that the two of the opening have together, for the pairs
// that lack halves, and for no other. Whether a half is right nobody can see here.
func (s *Service) renew(by *casework.Member, id string, anew []Anew) error {
	if len(anew) == 0 {
		return nil
	}
	err := s.change(by.Org, func(st *state) error {
		holders, err := s.active(by.Org, st)
		if err != nil {
			return err
		}
		for _, a := range anew {
			if !st.opens(id, by.ID, a.Number) || !complete(st.missing(a.Number, holders), a.Shares) {
				return errStale // somebody became a holder, or has another code, meanwhile
			}
			st.put(a.Number, st.coded(a.Shares))
		}
		for i := range st.Holders {
			st.forget(&st.Holders[i])
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, a := range anew {
		if err := s.note(by, fmt.Sprint("rescue key ", a.Number, ": halves for who had none")); err != nil {
			return err
		}
	}
	return nil
}

// opens says whether the opening gives who finishes it that key.
func (st *state) opens(id, by string, number int) bool {
	return slices.ContainsFunc(st.Openings, func(o opening) bool {
		return o.ID == id && st.has(number, o.By, by) && st.has(number, by, o.By) &&
			slices.ContainsFunc(o.Given, func(g Given) bool { return g.Person == by && g.Number == number })
	})
}

// has says whether a person's half, together with somebody's, lies under the code that
// the person has now.
func (st *state) has(number int, person, with string) bool {
	at, half := st.holder(person), st.share(number, person, with)
	return at >= 0 && half != nil && half.Code == st.Holders[at].Code
}

// missing are the pairs of holders that cannot put the key together with the codes
// that they have now.
func (st *state) missing(number int, holders []holder) [][2]string {
	return slices.DeleteFunc(pairs(holders), func(p [2]string) bool { return st.has(number, p[0], p[1]) && st.has(number, p[1], p[0]) })
}

// put keeps halves of a key, each in the place of the one that its holder had.
func (st *state) put(number int, shares []Share) {
	at := slices.IndexFunc(st.Keys, func(k key) bool { return k.Number == number })
	for _, sh := range shares {
		if had := st.share(number, sh.Person, sh.With); had != nil {
			*had = sh
		} else {
			st.Keys[at].Shares = append(st.Keys[at].Shares, sh)
		}
	}
}
