package account

import (
	"encoding/json"
	"fmt"
	"strconv"

	"bokvar/internal/casework"
)

// StandardLimits hold until an organisation has decided otherwise. The app knows them,
// too: static/src/core/door_open.ts and lock.ts.
var StandardLimits = casework.PhoneLimits{Lease: 7, Unused: 10, Hidden: 2}

// MostLimits is what an organisation may decide at the most; the least of each is one.
var MostLimits = casework.PhoneLimits{Lease: 60, Unused: 30, Hidden: 10}

func limitsSetting(org string) string { return "limits." + org }

// leaseSetting is where the lease alone was kept, before a lock could be decided.
func leaseSetting(org string) string { return "lease." + org }

// LimitsOf are those of the organisation's phones.
func (s *Service) LimitsOf(org string) (casework.PhoneLimits, error) {
	l := StandardLimits
	for _, each := range []struct {
		setting string
		into    any
	}{{leaseSetting(org), &l.Lease}, {limitsSetting(org), &l}} {
		raw, err := s.settings.Setting(each.setting)
		if err == nil && raw != nil {
			err = json.Unmarshal(raw, each.into)
		}
		if err != nil {
			return l, fmt.Errorf("read the limits of phones: %w", err)
		}
	}
	return l, nil
}

// SetLimits decides them. Phones hold to them from their next contact on.
func (s *Service) SetLimits(org string, l casework.PhoneLimits) error {
	if _, err := s.organisation(org); err != nil {
		return err
	}
	for _, each := range []struct {
		where, what string
		value, most int
	}{
		{"lease", "Antalet dagar utan kontakt", l.Lease, MostLimits.Lease},
		{"unused", "Antalet minuter utan att någon rör appen", l.Unused, MostLimits.Unused},
		{"hidden", "Antalet minuter utan att appen syns", l.Hidden, MostLimits.Hidden},
	} {
		if each.value < 1 || each.value > each.most {
			return &casework.Error{Code: casework.CodeInvalid, Where: each.where, Sentence: each.what + " är 1 till " + strconv.Itoa(each.most) + "."}
		}
	}
	raw, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return s.settings.PutSetting(limitsSetting(org), raw)
}
