package rescue

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/google/uuid"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// View is how the organisation's rescue key stands, for one of those who may hold it.
type View struct {
	Holders []HolderView `json:"holders"`
	Mine    *Mine        `json:"mine"` // nil: the asker has no code
	Key     *KeyView     `json:"key"`  // nil: there is none yet
	Next    int          `json:"next"` // number of the key that would be made now
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
	Public  []byte `json:"public"`
	Wrapped []byte `json:"wrapped"`
}

// KeyView is the key that is in use.
type KeyView struct {
	Number int    `json:"number"`
	Made   int64  `json:"made"`
	By     string `json:"by"`
}

// MyShare is the asker's half of a key, together with somebody.
type MyShare struct {
	Number int    `json:"number"`
	With   string `json:"with"`
	Sealed []byte `json:"sealed"`
}

// Waiting is what of one author's device waits to be opened.
type Waiting struct {
	Person  string `json:"person"`
	Home    string `json:"home"`
	Works   int    `json:"works"` // commits and pictures
	First   int64  `json:"first"` // received, ms
	Last    int64  `json:"last"`
	Numbers []int  `json:"numbers"` // of the keys that open it
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
	st, err := s.load(by.Org)
	if err != nil {
		return nil, err
	}
	holders, err := s.active(by.Org, &st)
	if err != nil {
		return nil, err
	}
	v := &View{Holders: []HolderView{}, Next: next(&st), Shares: []MyShare{}, Waiting: []Waiting{}}
	if n := len(st.Keys); n > 0 {
		k := st.Keys[n-1]
		v.Key = &KeyView{k.Number, k.Made, k.By}
	}
	for _, h := range holders {
		holds := v.Key != nil && slices.ContainsFunc(st.Keys[len(st.Keys)-1].Shares, func(sh Share) bool { return sh.Person == h.Person })
		v.Holders = append(v.Holders, HolderView{h.Person, h.Public, h.Made, holds})
		if h.Person == by.ID {
			v.Mine = &Mine{h.Public, h.Wrapped}
		}
	}
	for _, k := range st.Keys {
		for _, sh := range k.Shares {
			if sh.Person == by.ID {
				v.Shares = append(v.Shares, MyShare{k.Number, sh.With, sh.Sealed})
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
	return v, err
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
// finishes the opening must not be who began it.
func (s *Service) Open(by *casework.Member, id string, keys []Opened) (*Result, error) {
	if len(keys) > lockedAtOnce {
		return nil, errMalformed
	}
	if err := s.second(by, id); err != nil {
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

// work is one piece that was opened.
type work struct {
	casework.Handed
	head  head
	plain []byte
}

// compare: commits before pictures, each device's in the order written.
func (w work) compare(o work) int {
	if w.head.Type != o.head.Type {
		if w.head.Type == "commit" {
			return -1
		}
		return 1
	}
	return int(min(max(w.head.Order-o.head.Order, -1), 1))
}

// open is nil for what is not there, or not whole.
func (s *Service) open(org string, k Opened) (*work, error) {
	parts, err := s.Store.FindHanded(org, k.Person, k.Device, k.ID)
	if err != nil || len(parts) == 0 || len(parts) != parts[0].Parts {
		return nil, err
	}
	w := &work{Handed: parts[0]}
	var sealed []byte
	for _, p := range parts {
		sealed = append(sealed, p.Sealed...)
	}
	if w.plain, err = openContent(k.Key, w.Head, sealed); err != nil {
		return nil, err
	}
	if json.Unmarshal([]byte(w.Head), &w.head) != nil {
		return nil, errDoesNotOpen
	}
	return w, nil
}

// settle hands an opened piece to where it belongs.
func (s *Service) settle(w work, r *Result) error {
	if w.head.Type == "photo" {
		err := s.Picture(w.Home, w.Person, w.ID, w.plain)
		var known *casework.Error
		if errors.As(err, &known) {
			r.Nowhere++
			return nil
		}
		if err == nil {
			r.Saved++
		}
		return err
	}
	var line struct {
		E struct {
			Raw string `json:"raw"`
		} `json:"e"`
	}
	var id struct{ ID string }
	if json.Unmarshal(w.plain, &line) != nil || json.Unmarshal([]byte(line.E.Raw), &id) != nil || id.ID != w.ID {
		r.Unopened++ // not what its head says: somebody made it by hand
		return nil
	}
	author := server.Author{Person: w.Person, Org: w.Home, Device: w.Device, HandedIn: true}
	receipt := s.Submit(author, []json.RawMessage{json.RawMessage(line.E.Raw)})[0]
	switch {
	case receipt.Status == wire.Again:
		return fmt.Errorf("the commit %s could not be judged: %s", w.ID, receipt.Code)
	case receipt.Status == wire.Saved:
		r.Saved++
	case receipt.Code == wire.CodeHandedIn:
		r.Found++
	default:
		r.Nowhere++
	}
	return nil
}
