package office

import (
	"encoding/json"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// Narrowing names what the method takes away from what crosses the wall: equal for
// methods that take the same.
func (o *Office) Narrowing() []byte {
	type row struct{ Closes, While string }
	rows := []row{}
	for _, n := range o.profile.Narrows {
		rows = append(rows, row{n.Closes, string(n.While)})
	}
	raw, _ := json.Marshal(rows) // of plain words: it cannot fail
	return raw
}

// NarrowedAnew shuts every room that the landlord may know of, for a server that starts
// with another method than it had: what crosses now is announced anew, and what does not
// leaves each device at its next contact. AfterCommit tells those inside.
func (o *Office) NarrowedAnew(tx server.Tx, organisations []casework.Organisation) error {
	f, err := facts(tx)
	if err != nil {
		return err
	}
	w := &work{Office: o, f: f}
	for _, org := range organisations {
		if org.Kind != casework.Landlord {
			continue // each room has one landlord
		}
		rooms, err := f.Rooms(org.ID, "")
		if err != nil {
			return err
		}
		for _, room := range rooms {
			known, err := o.known(f, room)
			if err != nil {
				return err
			}
			if !known {
				continue
			}
			if err := w.shut(room); err != nil {
				return err
			}
		}
	}
	return nil
}
