package account

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"bokvar/internal/casework"
)

// Add writes down a new account. It does not invite the person.
func (s *Service) Add(m casework.Member) error {
	switch {
	case !validID(m.ID):
		return &casework.Error{Code: casework.CodeInvalid, Where: "id", Sentence: "Ett id har 1–64 tecken: små bokstäver a–z, siffror och bindestreck."}
	case strings.TrimSpace(m.Name) == "":
		return &casework.Error{Code: casework.CodeRequired, Where: "name", Sentence: "Ange personens namn."}
	}
	org, err := s.organisation(m.Org)
	if err != nil {
		return err
	}
	if !m.Role.WorksAt(org.Kind) {
		return &casework.Error{Code: casework.CodeInvalid, Where: "role", Sentence: "Den rollen finns inte i en sådan organisation."}
	}
	known, err := s.store.FindMember(m.ID)
	if err != nil {
		return fmt.Errorf("find the person: %w", err)
	}
	if known != nil {
		return &casework.Error{Code: "taken", Where: "id", Sentence: "Det finns redan ett konto med det id:t."}
	}
	m.Active = true
	return s.store.PutMember(m)
}

// Change replaces what is known of an account that exists, and leaves its id and
// organisation as they are.
func (s *Service) Change(m casework.Member) error {
	known, err := s.Person(m.ID)
	if err != nil {
		return err
	}
	org, err := s.organisation(known.Org)
	if err != nil {
		return err
	}
	if strings.TrimSpace(m.Name) == "" {
		return &casework.Error{Code: casework.CodeRequired, Where: "name", Sentence: "Ange personens namn."}
	}
	if m.Org != known.Org || !m.Role.WorksAt(org.Kind) {
		return &casework.Error{Code: casework.CodeInvalid, Where: "role", Sentence: "Den rollen finns inte i en sådan organisation."}
	}
	return s.store.PutMember(m)
}

// Disable lets nobody in as the person again: their sessions, invitations and pushes end,
// and their devices are to hand in what they have and delete everything; all of it, or
// nothing when it fails. It is logged as done by somebody on a device, once: saying it
// again does no harm. The caller ends sockets.
func (s *Service) Disable(person, by, device string) error {
	m, err := s.Person(person)
	if err != nil {
		return err
	}
	if err := s.store.EndMember(m.ID, s.clock(), by, device); err != nil {
		return fmt.Errorf("end the account: %w", err)
	}
	return nil
}

// Came says whether the person has ever had a vault on a device here.
func (s *Service) Came(m *casework.Member) (bool, error) {
	devices, err := s.store.Devices(m.Org, m.ID)
	return len(devices) > 0, err
}

// Invited tells who has an invitation that is not used, and until when it is good.
func (s *Service) Invited() (map[string]time.Time, error) { return s.store.Invited(s.clock()) }

// Uninvite ends what invitations the person has not used.
func (s *Service) Uninvite(person string) error { return s.store.DropInvitations(person) }

// Person finds an account by its id.
func (s *Service) Person(id string) (*casework.Member, error) {
	m, err := s.store.FindMember(id)
	if err != nil {
		return nil, fmt.Errorf("find the person: %w", err)
	}
	if m == nil {
		return nil, &casework.Error{Code: "not_found", Sentence: "Det finns inget konto med det id:t."}
	}
	return m, nil
}

// People lists accounts by organisation and id; org "" lists everyone.
func (s *Service) People(org string) ([]casework.Member, error) {
	people, err := s.store.AllMembers(org)
	if err != nil {
		return nil, err
	}
	people = slices.Clone(people) // what the store looks people up in is in an order of its own
	sort.SliceStable(people, func(i, j int) bool {
		if people[i].Org != people[j].Org {
			return people[i].Org < people[j].Org
		}
		return people[i].ID < people[j].ID
	})
	return people, nil
}

// Organisation finds an organisation by its id.
func (s *Service) Organisation(id string) (*casework.Organisation, error) { return s.organisation(id) }

func (s *Service) organisation(id string) (*casework.Organisation, error) {
	all, err := s.store.Organisations()
	if err != nil {
		return nil, fmt.Errorf("list the organisations: %w", err)
	}
	for _, o := range all {
		if o.ID == id {
			return &o, nil
		}
	}
	return nil, &casework.Error{Code: "not_found", Sentence: "Det finns ingen sådan organisation."}
}

func validID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for _, r := range id {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' {
			return false
		}
	}
	return true
}
