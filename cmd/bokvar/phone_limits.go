package main

import (
	"fmt"

	"bokvar/internal/account"
	"bokvar/internal/audit"
	"bokvar/internal/casework"
)

// phoneLimitsDoor is what an organisation decides for its phones, as package web knows
// it: access.md's row `phone_limits` says who does.
type phoneLimitsDoor struct{ core *core }

type phoneLimitsAnswer struct {
	Limits casework.PhoneLimits `json:"limits"`
	Most   casework.PhoneLimits `json:"most"`
}

func (d phoneLimitsDoor) sees(by *casework.Member) error {
	if d.core.office.Access().Cell("phone_limits", by.Role).Read == "never" {
		return errNotInRole
	}
	return nil
}

func (d phoneLimitsDoor) Show(by *casework.Member) (any, error) {
	if err := d.sees(by); err != nil {
		return nil, err
	}
	limits, err := d.core.accounts.LimitsOf(by.Org)
	return phoneLimitsAnswer{limits, account.MostLimits}, err
}

func (d phoneLimitsDoor) Decide(by *casework.Member, device string, l casework.PhoneLimits) error {
	if err := d.sees(by); err != nil {
		return err
	}
	if err := d.core.accounts.SetLimits(by.Org, l); err != nil {
		return err
	}
	return d.core.db.Audit(audit.Entry{At: d.core.clock().UnixMilli(), Person: by.ID, Device: device, Action: audit.Administer, Org: by.Org, What: limitsWords(l)})
}

// limitsWords are what the log says of a decision.
func limitsWords(l casework.PhoneLimits) string {
	return fmt.Sprintf("phones open %d days without contact, lock after %d minutes unused, %d hidden", l.Lease, l.Unused, l.Hidden)
}
