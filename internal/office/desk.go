package office

import (
	"bokvar/internal/casework"
	"bokvar/sync/wire"
)

// Houser is the engine as far as writing by the house needs it.
type Houser interface {
	House(org, person string, changes []wire.Change) error
}

// Desk writes for handlers and imports, by way of the engine.
type Desk struct{ Engine Houser }

var _ casework.Office = Desk{}

// Write applies the changes as one commit by the house on behalf of the person.
func (d Desk) Write(org, person string, changes []casework.HouseChange) error {
	list := make([]wire.Change, len(changes))
	for i, c := range changes {
		change, err := Change(org, c.Kind, c.Record, c.Fields)
		if err != nil {
			return err
		}
		list[i] = change
	}
	return d.Engine.House(org, person, list)
}
