package rescue

import (
	"slices"

	"bokvar/internal/casework"
)

// View is how the organisation's rescue key stands, for one of those who may hold it.
type View struct {
	Holders []HolderView `json:"holders"`
	Mine    *Mine        `json:"mine"` // nil: the asker has no code
	Key     *KeyView     `json:"key"`  // nil: there is none yet
	Next    int          `json:"next"` // number of the key that would be made now
	Keys    []KeyReach   `json:"keys"` // all that were made, the oldest first
	Shares  []MyShare    `json:"shares"`
	Waiting []Waiting    `json:"waiting"`
	Opening *OpeningView `json:"opening"`
}

// HolderView is one who holds, and their public key.
type HolderView struct {
	Person string `json:"person"`
	Public []byte `json:"public"`
	Made   int64  `json:"made"`
	Holds  bool   `json:"holds"` // the key that is in use now
}

// Mine is the asker's own key; a code opens Wrapped.
type Mine struct {
	OwnKey
	Older  []OwnKey `json:"older"`  // of earlier codes, that open halves still
	Needed []int    `json:"needed"` // rescue keys that nobody can open without the asker's halves
}

// OwnKey is a holder's own key, as their browser gets it.
type OwnKey struct {
	Code    int    `json:"code"`
	Public  []byte `json:"public"`
	Wrapped []byte `json:"wrapped"`
	Made    int64  `json:"made"`
}

// KeyView is the key that is in use.
type KeyView struct {
	Number int    `json:"number"`
	Made   int64  `json:"made"`
	By     string `json:"by"`
}

// KeyReach is how a rescue key can be opened. What was sealed for an older one can come
// at any time, from a phone that lay in a drawer.
type KeyReach struct {
	Number  int         `json:"number"`
	Reach   Reach       `json:"reach"`
	Hangs   []string    `json:"hangs"`   // people: without each of them nobody could open it
	Missing [][2]string `json:"missing"` // pairs of holders without halves under the codes that they have now
}

// MyShare is the asker's half of a key, together with somebody.
type MyShare struct {
	Number int    `json:"number"`
	With   string `json:"with"`
	Sealed []byte `json:"sealed"`
	Code   int    `json:"code"` // which of the asker's codes opens it
}

// Waiting is what of one author's device waits to be opened.
type Waiting struct {
	Person  string `json:"person"`
	Home    string `json:"home"`
	Works   int    `json:"works"` // commits and pictures
	First   int64  `json:"first"` // received, ms
	Last    int64  `json:"last"`
	Numbers []int  `json:"numbers"` // of the keys that open it
	Reach   Reach  `json:"reach"`   // of the one that is hardest to open
}

// OpeningView is an opening that somebody began.
type OpeningView struct {
	ID    string  `json:"id"`
	By    string  `json:"by"`
	Why   string  `json:"why"`
	At    int64   `json:"at"`
	Given []Given `json:"given"` // for the asker
}

// View answers how it stands.
func (s *Service) View(by *casework.Member) (*View, error) {
	if !s.May(by.Role) {
		return nil, errNotAllowed
	}
	if err := s.Store.TidyHanded(by.Org); err != nil {
		return nil, err
	}
	st, holders, err := s.held(by.Org)
	if err != nil {
		return nil, err
	}
	v := &View{Holders: []HolderView{}, Next: next(&st), Keys: []KeyReach{}, Shares: []MyShare{}, Waiting: []Waiting{}}
	if n := len(st.Keys); n > 0 {
		k := st.Keys[n-1]
		v.Key = &KeyView{k.Number, k.Made, k.By}
	}
	for _, h := range holders {
		holds := v.Key != nil && slices.ContainsFunc(st.Keys[len(st.Keys)-1].Shares, func(sh Share) bool { return sh.Person == h.Person && sh.Code == h.Code })
		v.Holders = append(v.Holders, HolderView{h.Person, h.Public, h.Made, holds})
		if h.Person == by.ID {
			v.Mine = mineOf(&st, h, holders)
		}
	}
	for _, k := range st.Keys {
		v.Keys = append(v.Keys, st.reachOf(k.Number, holders))
		for _, sh := range k.Shares {
			if sh.Person == by.ID {
				v.Shares = append(v.Shares, MyShare{k.Number, sh.With, sh.Sealed, sh.Code})
			}
		}
	}
	for _, o := range st.Openings {
		v.Opening = &OpeningView{o.ID, o.By, o.Why, o.Made, []Given{}}
		for _, g := range o.Given {
			if g.Person == by.ID {
				v.Opening.Given = append(v.Opening.Given, g)
			}
		}
	}
	handed, err := s.Store.HandedTo(by.Org)
	v.Waiting = append(v.Waiting, waiting(handed)...)
	for i := range v.Waiting {
		w := &v.Waiting[i]
		for _, number := range w.Numbers {
			if r := st.reach(number, holders, ""); w.Reach == Ready || r == Nobody {
				w.Reach = r
			}
		}
	}
	return v, err
}

func mineOf(st *state, h holder, holders []holder) *Mine {
	shown := func(k ownKey) OwnKey { return OwnKey(k) }
	m := &Mine{OwnKey: shown(h.ownKey), Older: []OwnKey{}, Needed: []int{}}
	for _, o := range h.Older {
		m.Older = append(m.Older, shown(o))
	}
	for _, k := range st.Keys {
		if st.reach(k.Number, holders, "") == Ready && st.reach(k.Number, holders, h.Person) != Ready {
			m.Needed = append(m.Needed, k.Number)
		}
	}
	return m
}

func (st *state) reachOf(number int, holders []holder) KeyReach {
	k := KeyReach{Number: number, Reach: st.reach(number, holders, ""), Hangs: []string{}, Missing: st.missing(number, holders)}
	for _, h := range holders {
		if k.Reach != Nobody && st.reach(number, holders, h.Person) == Nobody {
			k.Hangs = append(k.Hangs, h.Person)
		}
	}
	return k
}

// HangsOn lists the organisation's rescue keys that nobody could open without the person.
func (s *Service) HangsOn(org, person string) (numbers []int, err error) {
	st, holders, err := s.held(org)
	for _, k := range st.Keys {
		if slices.Contains(st.reachOf(k.Number, holders).Hangs, person) {
			numbers = append(numbers, k.Number)
		}
	}
	return numbers, err
}

func waiting(handed []casework.Handed) (out []Waiting) {
	at := map[[2]string]int{}
	for _, h := range handed {
		if h.Part > 0 {
			continue
		}
		who := [2]string{h.Person, h.Device}
		i, there := at[who]
		if !there {
			i = len(out)
			at[who] = i
			out = append(out, Waiting{Person: h.Person, Home: h.Home, First: h.Received})
		}
		w := &out[i]
		w.Last = h.Received
		w.Works++
		if !slices.Contains(w.Numbers, h.Number) {
			w.Numbers = append(w.Numbers, h.Number)
		}
	}
	return out
}
