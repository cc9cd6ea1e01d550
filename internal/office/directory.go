package office

import (
	"bokvar/internal/casework"
	"bokvar/sync/wire"
)

// Directory lists the records that tell colleagues of a member. Write them by
// the engine's House whenever the account was made or changed.
func Directory(m casework.Member) ([]wire.Change, error) {
	units := m.Units
	if units == nil {
		units = []string{}
	}
	change, err := Change(m.Org, "colleague", m.ID, map[string]any{
		"name": m.Name, "title": m.Title, "phone": m.Phone, "role": m.Role, "units": units, "active": m.Active,
	})
	return []wire.Change{change}, err
}

// UnitRecord is the record of a unit; its id is the unit's.
func UnitRecord(org, unit, name, phone string) (wire.Change, error) {
	return Change(org, "unit", unit, map[string]any{"name": name, "phone": phone})
}

// Agreement is what a landlord and social services have agreed.
type Agreement struct {
	ID                               string
	Landlord, Social                 casework.Organisation
	Unit, UnitName, UnitPhone        string // of social services; owns consents
	EmergencyPhone, InterpreterPhone string
	Place                            string
	Wording                          casework.Wording
}

// Records are the agreement as each of the two organisations carries it: the
// first is the landlord's.
func (a Agreement) Records() ([]wire.Change, error) {
	var changes []wire.Change
	for _, org := range []string{a.Landlord.ID, a.Social.ID} {
		change, err := Change(org, "agreement", a.ID, map[string]any{
			"landlord_org": a.Landlord.ID, "landlord_name": a.Landlord.Name,
			"social_org": a.Social.ID, "social_name": a.Social.Name,
			"unit": a.Unit, "unit_name": a.UnitName, "unit_phone": a.UnitPhone,
			"emergency_phone": a.EmergencyPhone, "interpreter_phone": a.InterpreterPhone,
			"place": a.Place, "wording": a.Wording,
		})
		if err != nil {
			return nil, err
		}
		changes = append(changes, change)
	}
	return changes, nil
}
