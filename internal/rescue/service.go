package rescue

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// Limits.
const (
	Life       = 24 * time.Hour // of an opening that somebody began
	MaxHolders = 7              // each pair of them has its own halves
	MaxDevice  = 64 << 20       // bytes that lie there of one device
	maxKeys    = 200            // that an organisation can have had
	maxWhy     = 500            // characters
)

// Service keeps rescue keys, takes in what devices hand in, and opens it. Its
// methods may be called from any goroutine.
type Service struct {
	Store    casework.HandedStore
	Settings casework.SettingStore
	Clock    func() time.Time

	Member  func(id string) (*casework.Member, error) // nil when unknown
	Locker  func(locker string) (*casework.Device, error)
	Signed  func(person, device string, message, signature []byte) (bool, error)
	May     func(casework.Role) bool           // hold and open
	Partner func(org string) ([]string, error) // organisations that it writes for, itself not among them
	Submit  func(server.Author, []json.RawMessage) []wire.Receipt
	Picture func(home, person, id string, jpeg []byte) error
	Note    func(audit.Entry) error

	mu sync.Mutex // over the state of all organisations
}

// state is what is kept of one organisation, sealed as a setting.
type state struct {
	Holders  []holder
	Keys     []key
	Openings []opening
}

type holder struct {
	Person string
	ownKey
	Older []ownKey // of earlier codes, for as long as a half is sealed for one
}

// ownKey is a key of a holder's own.
type ownKey struct {
	Code    int // how many codes they had before
	Public  []byte
	Wrapped []byte // the private part under the code on the holder's paper
	Made    int64
}

type key struct {
	Number int
	Public []byte
	Made   int64
	By     string
	Shares []Share
}

// Share is one half of a private part, sealed for Person; With has the other half.
type Share struct {
	Person string `json:"person"`
	With   string `json:"with"`
	Sealed []byte `json:"sealed"`
	Code   int    `json:"code,omitempty"` // which of Person's codes opens it; the server's word
}

// Given is the half that whoever began an opening sealed anew for another holder.
type Given struct {
	Person string `json:"person"`
	Number int    `json:"number"`
	Sealed []byte `json:"sealed"`
}

type opening struct {
	ID, By, Why string
	Made        int64
	Given       []Given
}

var (
	errNotAllowed = &casework.Error{Code: "not_allowed", Sentence: "Det får du inte göra i din roll."}
	errMalformed  = &casework.Error{Code: "malformed", Sentence: "Servern kunde inte läsa det som skickades."}
	errTooMany    = &casework.Error{Code: "rescue_many", Sentence: "Sju personer kan dela på nyckeln. Ta bort någon först."}
	errTwo        = &casework.Error{Code: "rescue_two", Sentence: "Det behövs minst två personer med en egen kod innan nyckeln kan göras."}
	errStale      = &casework.Error{Code: "stale", Sentence: "Någon annan har ändrat det här. Hämta igen och försök en gång till."}
	errGone       = &casework.Error{Code: "not_found", Sentence: "Ingen har börjat öppna något. Börja om."}
	errSelf       = &casework.Error{Code: "rescue_self", Sentence: "Det ska vara två. Be en kollega med en egen kod att fortsätta."}
)

func setting(org string) string { return "rescue." + org }

func (s *Service) load(org string) (st state, err error) {
	raw, err := s.Settings.Setting(setting(org))
	if err != nil || raw == nil {
		return st, err
	}
	if err := json.Unmarshal(raw, &st); err != nil {
		return st, fmt.Errorf("read the rescue keys of %s: %w", org, err)
	}
	now := s.Clock().UnixMilli()
	st.Openings = slices.DeleteFunc(st.Openings, func(o opening) bool { return o.Made < now-Life.Milliseconds() })
	return st, nil
}

// change loads, changes and keeps an organisation's state, alone.
func (s *Service) change(org string, f func(*state) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.load(org)
	if err != nil {
		return err
	}
	if err := f(&st); err != nil {
		return err
	}
	raw, err := json.Marshal(st)
	if err != nil {
		return err
	}
	return s.Settings.PutSetting(setting(org), raw)
}

func (s *Service) note(by *casework.Member, what string) error {
	return s.Note(audit.Entry{At: s.Clock().UnixMilli(), Person: by.ID, Action: audit.Administer, Org: by.Org, What: what})
}

// Public is a rescue key as phones have it.
type Public struct {
	Org    string `json:"org"`
	Number int    `json:"number"`
	Key    []byte `json:"key"`
}

// Keys are those that phones of the organisation seal for: its own newest, and
// those of the organisations that it collects consents for. One that no two people
// can open any more is not among them.
func (s *Service) Keys(org string) ([]Public, error) {
	partners, err := s.Partner(org)
	if err != nil {
		return nil, err
	}
	out := []Public{}
	for _, each := range append([]string{org}, partners...) {
		st, holders, err := s.held(each)
		if err != nil {
			return nil, err
		}
		if n := len(st.Keys); n > 0 && st.reach(st.Keys[n-1].Number, holders, "") != Nobody {
			out = append(out, Public{each, st.Keys[n-1].Number, st.Keys[n-1].Public})
		}
	}
	return out, nil
}

// held is an organisation's state, and those who hold now.
func (s *Service) held(org string) (st state, holders []holder, err error) {
	if st, err = s.load(org); err == nil {
		holders, err = s.active(org, &st)
	}
	return st, holders, err
}

// Make takes a new rescue key into use: its public part, and for each pair of today's
// holders both halves. The old key's halves stay.
func (s *Service) Make(by *casework.Member, number int, public []byte, shares []Share) error {
	if !s.May(by.Role) {
		return errNotAllowed
	}
	if !isPublic(public) {
		return errMalformed
	}
	err := s.change(by.Org, func(st *state) error {
		holders, err := s.active(by.Org, st)
		switch {
		case err != nil:
			return err
		case len(holders) < 2:
			return errTwo
		case number != next(st) || number > maxKeys:
			return errStale
		case !complete(pairs(holders), shares):
			return errStale // somebody became a holder meanwhile
		}
		st.Keys = append(st.Keys, key{number, public, s.Clock().UnixMilli(), by.ID, st.coded(shares)})
		return nil
	})
	if err != nil {
		return err
	}
	return s.note(by, fmt.Sprint("rescue key ", number))
}

func next(st *state) int {
	if n := len(st.Keys); n > 0 {
		return st.Keys[n-1].Number + 1
	}
	return 1
}

// active are the holders whose account still holds.
func (s *Service) active(org string, st *state) (out []holder, err error) {
	for _, h := range st.Holders {
		m, err := s.Member(h.Person)
		if err != nil {
			return nil, err
		}
		if m != nil && m.Active && m.Org == org && s.May(m.Role) {
			out = append(out, h)
		}
	}
	return out, nil
}

// pairs are each two of the holders.
func pairs(holders []holder) [][2]string {
	out := [][2]string{}
	for i, a := range holders {
		for _, b := range holders[i+1:] {
			out = append(out, [2]string{a.Person, b.Person})
		}
	}
	return out
}

// complete says whether there are exactly the two halves of each pair.
func complete(pairs [][2]string, shares []Share) bool {
	want := map[[2]string]bool{}
	for _, p := range pairs {
		want[p], want[[2]string{p[1], p[0]}] = true, true
	}
	for _, sh := range shares {
		at := [2]string{sh.Person, sh.With}
		if !want[at] || len(sh.Sealed) == 0 || len(sh.Sealed) > shareLimit {
			return false
		}
		delete(want, at)
	}
	return len(want) == 0
}

// coded marks each half with the code that opens it: its holder's of now.
func (st *state) coded(shares []Share) []Share {
	for i := range shares {
		shares[i].Code = st.Holders[st.holder(shares[i].Person)].Code
	}
	return shares
}
