package office

import (
	"bokvar/internal/casework"
	"bokvar/internal/consent"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// Daily lists the changes that a new day brings to an organisation's open cases:
// ranks and reasons that depend on the date. Hand them to the engine's House, in
// as many commits as wanted; with nothing to change the list is empty.
func (o *Office) Daily(tx server.Tx, org string) ([]wire.Change, error) {
	f, err := facts(tx)
	if err != nil {
		return nil, err
	}
	cases, err := f.RecordsOfKind(org, "case")
	if err != nil {
		return nil, err
	}
	var changes []wire.Change
	for _, c := range cases {
		if text(c.Fields["status"].Value) != "open" {
			continue
		}
		p, err := readPicture(f, org, c.Root)
		if err != nil {
			return nil, err
		}
		if p.household == nil {
			continue
		}
		change, err := changeOf(c, o.derived(p, c, o.today()))
		if err != nil {
			return nil, err
		}
		if len(change.Fields) > 0 {
			changes = append(changes, change)
		}
	}
	beyond, err := o.dailyConsents(f, org)
	return append(changes, beyond...), err
}

// dailyConsents is what ran out with the day: consents, and the rooms they opened.
func (o *Office) dailyConsents(f casework.Facts, org string) (changes []wire.Change, err error) {
	rooms, err := f.Rooms(org, "")
	if err != nil {
		return nil, err
	}
	for _, room := range rooms {
		own, _ := room.Ends(org)
		record, err := f.Record(org, roomRecordID(room, own))
		if err != nil {
			return nil, err
		}
		if record == nil {
			continue // nobody is told of it
		}
		change, err := o.roomRecord(f, room, own)
		if err != nil {
			return nil, err
		}
		if len(change.Fields) > 0 {
			changes = append(changes, change)
		}
	}
	states, err := f.RecordsOfKind(org, "consent_state")
	if err != nil {
		return nil, err
	}
	for _, state := range states {
		fields, err := o.ranOut(f, state, o.today())
		if err != nil {
			return nil, err
		}
		change, err := changeOf(state, fields)
		if err != nil {
			return nil, err
		}
		if len(change.Fields) > 0 {
			changes = append(changes, change)
		}
	}
	return changes, nil
}

// ranOut says how a giving stands whose last day has passed.
func (o *Office) ranOut(f casework.Facts, state *server.State, today string) (map[string]any, error) {
	giving, err := f.Record(state.Org, text(state.Fields["giving"].Value))
	if err != nil || giving == nil {
		return map[string]any{}, err
	}
	until := text(giving.Fields["valid_until"].Value)
	standings := object[[]consent.Standing](state.Fields["standings"].Value)
	if until == "" || until >= today || standings == nil {
		return map[string]any{}, nil
	}
	for i, s := range *standings {
		if s.State == consent.IsOpen || s.State == consent.IsWaiting || s.State == consent.IsHeld {
			(*standings)[i] = consent.Standing{Giving: s.Giving, Signature: s.Signature, Person: s.Person, State: consent.IsExpired}
		}
	}
	return map[string]any{"standings": *standings}, nil
}
