package account

import (
	"fmt"
	"strconv"

	"bokvar/internal/casework"
)

// Lease is how many days a phone opens without having met the server, unless its
// organisation has chosen otherwise.
const Lease = 7

// MaxLease is the most that an organisation may choose, in days.
const MaxLease = 60

func leaseSetting(org string) string { return "lease." + org }

// LeaseOf is how many days a phone of the organisation opens without contact.
func (s *Service) LeaseOf(org string) (int, error) {
	raw, err := s.settings.Setting(leaseSetting(org))
	if err != nil || raw == nil {
		return Lease, err
	}
	days, err := strconv.Atoi(string(raw))
	if err != nil {
		return 0, fmt.Errorf("read the lease: %w", err)
	}
	return days, nil
}

// SetLease chooses it. Phones hold to it from their next contact on.
func (s *Service) SetLease(org string, days int) error {
	if _, err := s.organisation(org); err != nil {
		return err
	}
	if days < 1 || days > MaxLease {
		return &casework.Error{Code: casework.CodeInvalid, Where: "days", Sentence: "Antalet dagar är 1 till " + strconv.Itoa(MaxLease) + "."}
	}
	return s.settings.PutSetting(leaseSetting(org), []byte(strconv.Itoa(days)))
}

// Turned takes the number that the session's device brings back at an unlocking, and
// gives it the next. rolled: it brought an older one than before, so what lies on it
// is as it was on an earlier day, or lies on two devices.
func (s *Service) Turned(session *casework.Session, brought int64) (next int64, rolled bool, err error) {
	if brought < 0 {
		return 0, false, errMalformed
	}
	return s.store.Turn(session.Person, session.Device, brought, s.clock())
}
