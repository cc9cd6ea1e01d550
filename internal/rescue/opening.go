package rescue

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/google/uuid"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
)

// Begin starts an opening: the asker's halves, each sealed for the holder that it
// belongs together with. It takes the place of one that was begun before.
func (s *Service) Begin(by *casework.Member, why string, given []Given) (*OpeningView, error) {
	if !s.May(by.Role) {
		return nil, errNotAllowed
	}
	if n := utf8.RuneCountInString(why); n < 3 || n > maxWhy || len(given) == 0 || len(given) > maxKeys*MaxHolders {
		return nil, errMalformed
	}
	o := opening{ID: uuid.NewString(), By: by.ID, Why: why, Made: s.Clock().UnixMilli(), Given: given}
	err := s.change(by.Org, func(st *state) error {
		for _, g := range given {
			if len(g.Sealed) == 0 || len(g.Sealed) > shareLimit || !hasShare(st, g.Number, by.ID, g.Person) {
				return errStale
			}
		}
		st.Openings = []opening{o}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &OpeningView{o.ID, o.By, o.Why, o.Made, []Given{}}, s.Note(s.entry(by, "opening begun: "+o.ID))
}

// hasShare says whether the two have halves of that key together.
func hasShare(st *state, number int, person, with string) bool {
	for _, k := range st.Keys {
		if k.Number == number {
			return slices.ContainsFunc(k.Shares, func(sh Share) bool { return sh.Person == person && sh.With == with })
		}
	}
	return false
}

func (s *Service) entry(by *casework.Member, what string) audit.Entry {
	return audit.Entry{At: s.Clock().UnixMilli(), Person: by.ID, Action: audit.OpenHanded, Org: by.Org, What: what}
}

// Stop ends an opening that was begun; anybody who may hold may.
func (s *Service) Stop(by *casework.Member, id string) error {
	if !s.May(by.Role) {
		return errNotAllowed
	}
	if err := s.change(by.Org, func(st *state) error { return st.end(id) }); err != nil {
		return err
	}
	return s.Note(s.entry(by, "opening stopped: "+id))
}

func (st *state) end(id string) error {
	before := len(st.Openings)
	if st.Openings = slices.DeleteFunc(st.Openings, func(o opening) bool { return o.ID == id }); len(st.Openings) == before {
		return errGone
	}
	return nil
}

// second looks whether the asker may finish the opening: a holder, not who began it.
func (s *Service) second(by *casework.Member, id string) error {
	if !s.May(by.Role) {
		return errNotAllowed
	}
	st, err := s.load(by.Org)
	if err != nil {
		return err
	}
	for _, o := range st.Openings {
		switch {
		case o.ID != id:
		case o.By == by.ID:
			return errSelf
		case slices.ContainsFunc(o.Given, func(g Given) bool { return g.Person == by.ID }):
			return nil
		}
	}
	return errGone
}

// Locked is one piece of work whose key is to be opened.
type Locked struct {
	Person string `json:"person"`
	Device string `json:"device"`
	ID     string `json:"id"`
	Number int    `json:"number"`
	Head   string `json:"head"`
	Wrap   []byte `json:"wrap"`
}

const lockedAtOnce = 200

// Locked lists what waits, the oldest first, for who finishes the opening. The
// content is not among it.
func (s *Service) Locked(by *casework.Member, id string) ([]Locked, error) {
	if err := s.second(by, id); err != nil {
		return nil, err
	}
	handed, err := s.Store.HandedTo(by.Org)
	if err != nil {
		return nil, err
	}
	out := []Locked{}
	for _, h := range handed {
		if h.Part > 0 || len(out) >= lockedAtOnce {
			continue
		}
		all, err := s.Store.FindHanded(by.Org, h.Person, h.Device, h.ID)
		if err != nil {
			return nil, err
		}
		if len(all) == h.Parts {
			out = append(out, Locked{h.Person, h.Device, h.ID, h.Number, all[0].Head, all[0].Wrap})
		}
	}
	return out, nil
}

// Opened is the key of one piece of work.
type Opened struct {
	Person string `json:"person"`
	Device string `json:"device"`
	ID     string `json:"id"`
	Key    []byte `json:"key"`
}

// Result counts what became of what was opened.
type Result struct {
	Found    int `json:"found"`    // lies in the lost-and-found
	Saved    int `json:"saved"`    // went where it belongs: a consent, a picture
	Known    int `json:"known"`    // had come by itself
	Nowhere  int `json:"nowhere"`  // kept, but about no case file that is there
	Unopened int `json:"unopened"` // the key did not fit
	Left     int `json:"left"`     // still waits
}

// Open opens what the keys fit and hands it to the engine, the oldest first. Who
// finishes the opening must not be who began it. Before that it takes the halves that
// they made anew of the keys that they put together.
func (s *Service) Open(by *casework.Member, id string, keys []Opened, anew []Anew) (*Result, error) {
	if len(keys) > lockedAtOnce {
		return nil, errMalformed
	}
	if err := s.second(by, id); err != nil {
		return nil, err
	}
	if err := s.renew(by, id, anew); err != nil {
		return nil, err
	}
	var works []work
	r := &Result{}
	for _, k := range keys {
		w, err := s.open(by.Org, k)
		switch {
		case errors.Is(err, errDoesNotOpen):
			r.Unopened++
		case err != nil:
			return nil, err
		case w != nil:
			works = append(works, *w)
		}
	}
	slices.SortStableFunc(works, func(a, b work) int { return a.compare(b) })
	for _, w := range works {
		if err := s.settle(w, r); err != nil {
			return r, err
		}
		if err := s.Store.DropHanded(by.Org, w.Person, w.Device, w.ID); err != nil {
			return r, err
		}
	}
	left, err := s.Store.HandedTo(by.Org)
	if err != nil {
		return r, err
	}
	for _, h := range left {
		if h.Part == 0 {
			r.Left++
		}
	}
	if r.Left == 0 {
		if err := s.change(by.Org, func(st *state) error { return st.end(id) }); err != nil {
			return r, err
		}
	}
	return r, s.Note(s.entry(by, fmt.Sprintf("opening %s: %d opened", id, len(works))))
}
