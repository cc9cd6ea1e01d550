package office

import (
	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// tellRooms does what follows from a room that was shut, after the receipt and in
// bounded transactions: nobody waits for it, however many see the room. Until it is
// done the room stands as untold in the database, and the next AfterCommit goes on.
func (o *Office) tellRooms(engine Toucher) error {
	for o.shrank.Load() {
		if err := o.tellUntold(engine); err != nil {
			o.shrank.Store(true)
			return err
		}
	}
	return nil
}

func (o *Office) tellUntold(engine Toucher) error {
	o.telling.Add(1)
	defer o.telling.Add(-1)
	o.shrank.Store(false)
	var untold []casework.UntoldRoom
	// Asked of the writer: a commit that shuts a room says so before it is on disk.
	err := engine.Touch(func(tx server.Tx, _ func(person, org, record string) error) error {
		f, err := facts(tx)
		if err == nil {
			untold, err = f.RoomsUntold()
		}
		return err
	})
	for i := 0; i < len(untold) && err == nil; i++ {
		err = o.tellRoom(engine, untold[i])
	}
	return err
}

// tellRoom writes each side's record of the room, and has everybody inside told of
// theirs and of each entry of the other side, which they may see no longer.
func (o *Office) tellRoom(engine Toucher, room casework.UntoldRoom) error {
	var changes []wire.Change
	var moved, entries []movedRecord
	err := engine.Read(func(tx server.Tx) error {
		f, err := facts(tx)
		if err != nil {
			return err
		}
		changes = nil
		for _, side := range []casework.Side{room.Landlord, room.Social} {
			if side.Case == "" {
				continue // a notice that is linked to nothing yet
			}
			change, err := o.roomRecord(f, room.Room, side)
			if err != nil {
				return err
			}
			if len(change.Fields) > 0 {
				changes = append(changes, change)
			}
		}
		moved, entries, err = o.insiders(f, room.Room)
		return err
	})
	for _, change := range changes {
		if err == nil {
			err = engine.HouseQuietly(change.Org, "", []wire.Change{change})
		}
	}
	if err == nil {
		err = tell(engine, moved)
	}
	if err == nil {
		err = tell(engine, entries)
	}
	if err != nil {
		return err
	}
	return engine.Touch(func(tx server.Tx, _ func(person, org, record string) error) error {
		f, err := facts(tx)
		if err != nil {
			return err
		}
		return f.RoomTold(room)
	})
}

// insiders lists whom to tell of their side's record of the room, and of each entry
// that the other side wrote.
func (o *Office) insiders(f casework.Facts, room casework.Room) (ofRoom, entries []movedRecord, err error) {
	for _, side := range []casework.Side{room.Landlord, room.Social} {
		people, err := o.inside(f, side)
		if err != nil {
			return nil, nil, err
		}
		if len(people) == 0 {
			continue
		}
		_, other := room.Ends(side.Org)
		ids, err := idsFor(f, people[0], other.Org, other.Root) // alike for all of an organisation
		if err != nil {
			return nil, nil, err
		}
		for _, person := range people {
			if side.Case != "" {
				ofRoom = append(ofRoom, movedRecord{person, side.Org, roomRecordID(room, side)})
			}
			for _, id := range ids {
				entries = append(entries, movedRecord{person, other.Org, id})
			}
		}
	}
	return ofRoom, entries, nil
}
