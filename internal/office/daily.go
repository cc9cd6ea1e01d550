package office

import (
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
	return changes, nil
}
