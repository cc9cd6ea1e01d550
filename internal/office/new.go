package office

import (
	"fmt"
	"time"

	"bokvar/internal/access"
	"bokvar/internal/casework"
	"bokvar/internal/method"
	"bokvar/sync/rules"
)

// New makes the policy of a server. It parses access.md and compares rules.md
// with the list of kinds; a mistake in either is an error with file and line,
// and the program must not start.
func New(table *rules.Table, profile *method.Profile, clock func() time.Time) (*Office, error) {
	if err := table.Check(KindFields()); err != nil {
		return nil, err
	}
	sees, err := access.Load()
	if err != nil {
		return nil, err
	}
	if profile == nil || clock == nil {
		return nil, fmt.Errorf("office: a method profile and a clock are needed")
	}
	o := &Office{access: sees, profile: profile, clock: clock, shifted: map[shift]bool{}, days: map[string]string{}}
	o.shrank.Store(true) // the last run may have left rooms to be told of
	return o, nil
}

// KindFields is the list of kinds as rules.md is compared with it.
func KindFields() []rules.KindFields {
	var kinds []rules.KindFields
	for _, kind := range casework.Schema {
		k := rules.KindFields{Kind: kind.Name, AppendOnly: kind.AppendOnly, Choices: map[string][]string{}, Lengths: map[string]int{}}
		for _, field := range kind.Fields {
			k.Fields = append(k.Fields, field.Name)
			if field.Type == casework.Choice {
				k.Choices[field.Name] = field.Choices
			}
			if n := field.Length(); n > 0 {
				k.Lengths[field.Name] = n
			}
		}
		kinds = append(kinds, k)
	}
	return kinds
}
