package account

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/casework"
)

// Recovery is that somebody is to be let in anew who has lost what they had: one
// person asks for it, and another one, who knows them, agrees. Whoever may do either
// is decided by access.md, by the caller.
type Recovery struct {
	ID     string    `json:"id"`
	Person string    `json:"person"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// RecoveryLife is how long a request waits for the second person.
const RecoveryLife = 24 * time.Hour

var (
	errNoRecovery  = &casework.Error{Code: "not_found", Sentence: "Det finns ingen sådan begäran. Den kan vara för gammal eller redan avgjord."}
	errSecondPair  = &casework.Error{Code: "second_pair", Sentence: "Det behövs två olika personer. Be en kollega att godkänna."}
	errNotOneself  = &casework.Error{Code: "not_oneself", Sentence: "Det gäller dig själv. Be två kollegor om det."}
	errNobodyThere = &casework.Error{Code: "not_found", Sentence: "Det finns ingen sådan person i din organisation."}
)

// recoveries are kept as one setting per organisation: there are seldom any.
type recoveries struct{ mu sync.Mutex }

func recoverySetting(org string) string { return "recovery." + org }

func (s *Service) loadRecoveries(org string) (all []Recovery, err error) {
	raw, err := s.settings.Setting(recoverySetting(org))
	if err != nil || raw == nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, fmt.Errorf("read the recoveries: %w", err)
	}
	return slices.DeleteFunc(all, func(r Recovery) bool { return s.clock().Sub(r.At) >= RecoveryLife }), nil
}

func (s *Service) keepRecoveries(org string, all []Recovery) error {
	raw, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return s.settings.PutSetting(recoverySetting(org), raw)
}

// Recoveries lists those of the organisation that wait for a second person.
func (s *Service) Recoveries(org string) ([]Recovery, error) {
	s.recoveries.mu.Lock()
	defer s.recoveries.mu.Unlock()
	return s.loadRecoveries(org)
}

// AskRecovery begins to let somebody of the same organisation in anew. Nothing
// changes for them until a second person agrees. A request from before is replaced.
func (s *Service) AskRecovery(by *casework.Member, person string) (*Recovery, error) {
	if person == by.ID {
		return nil, errNotOneself
	}
	m, err := s.store.FindMember(person)
	if err != nil {
		return nil, fmt.Errorf("find the person: %w", err)
	}
	if m == nil || m.Org != by.Org || !m.Active {
		return nil, errNobodyThere
	}
	s.recoveries.mu.Lock()
	defer s.recoveries.mu.Unlock()
	all, err := s.loadRecoveries(by.Org)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(r Recovery) bool { return r.Person == person })
	r := Recovery{ID: uuid.NewString(), Person: person, By: by.ID, At: s.clock()}
	return &r, s.keepRecoveries(by.Org, append(all, r))
}

// AgreeRecovery makes the code that lets the person in, once. Whoever agrees is
// neither the person nor the one who asked, who must still be there.
func (s *Service) AgreeRecovery(by *casework.Member, id string) (r *Recovery, code string, err error) {
	r, err = s.takeRecovery(by.Org, id, func(r *Recovery) error {
		if r.Person == by.ID {
			return errNotOneself
		}
		if r.By == by.ID {
			return errSecondPair
		}
		for _, each := range []string{r.By, r.Person} {
			m, err := s.store.FindMember(each)
			if err != nil {
				return fmt.Errorf("find the person: %w", err)
			}
			if m == nil || !m.Active {
				return errNoRecovery
			}
		}
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	code, err = s.InviteCode(r.Person)
	return r, code, err
}

// DropRecovery takes a request back, or turns it down.
func (s *Service) DropRecovery(org, id string) (*Recovery, error) {
	return s.takeRecovery(org, id, func(*Recovery) error { return nil })
}

func (s *Service) takeRecovery(org, id string, may func(*Recovery) error) (*Recovery, error) {
	s.recoveries.mu.Lock()
	defer s.recoveries.mu.Unlock()
	all, err := s.loadRecoveries(org)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(all, func(r Recovery) bool { return r.ID == id })
	if at < 0 {
		return nil, errNoRecovery
	}
	r := all[at]
	if err := may(&r); err != nil {
		return nil, err
	}
	return &r, s.keepRecoveries(org, slices.Delete(all, at, at+1))
}
