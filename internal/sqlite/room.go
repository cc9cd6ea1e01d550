package sqlite

import (
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// RoomEpoch is a room's access epoch; 0 for one that never shrank.
func (tx *Tx) RoomEpoch(room string) (epoch int64, err error) {
	_, err = tx.one(tx.c.roomEpoch, func(r row) { epoch = r.num(0) }, room)
	return epoch, err
}

// ShutRoom moves it, and remembers whom to tell.
func (tx *Tx) ShutRoom(room string, people []string) error {
	if err := tx.exec(tx.c.shutRoom, room); err != nil {
		return err
	}
	epoch, err := tx.RoomEpoch(room)
	if err == nil {
		err = tx.exec(tx.c.putUntold, room, epoch)
	}
	if err == nil {
		tx.shut = append(tx.shut, server.Shut{Room: room, Epoch: epoch, People: people})
	}
	return err
}

// Shut lists what ShutRoom was told in this transaction.
func (tx *Tx) Shut() []server.Shut { return tx.shut }

// Rooms lists those that the root is a side of; all of the organisation's when
// root is "". Never write into the list.
func (tx *Tx) Rooms(org, root string) (out []casework.Room, err error) {
	take := func(r row) {
		room, e := readRoom(r)
		if e != nil && err == nil {
			err = e
		}
		out = append(out, room)
	}
	if root == "" {
		return out, errors.Join(tx.c.roomsOfOrg.each(take, org, org), err)
	}
	key := rootKey{org, root}
	if known, ok := tx.rooms[key]; ok { // a page asks for each of its records
		return known, nil
	}
	if e := tx.c.rooms.each(take, org, root, org, root); e != nil {
		return nil, e
	}
	if tx.rooms == nil {
		tx.rooms = map[rootKey][]casework.Room{}
	}
	tx.rooms[key] = slices.Clip(out)
	return tx.rooms[key], err
}

func readRoom(r row) (casework.Room, error) {
	room := casework.Room{ID: r.text(0), Notice: r.num(7) != 0}
	room.Landlord = casework.Side{Org: r.text(1), Root: r.text(2), Case: r.text(3)}
	room.Social = casework.Side{Org: r.text(4), Root: r.text(5), Case: r.text(6)}
	return room, json.Unmarshal([]byte(r.text(8)), &room.Cover)
}

// RoomsUntold lists rooms that were shut and whose people wait to be told.
func (tx *Tx) RoomsUntold() (out []casework.UntoldRoom, err error) {
	e := tx.c.roomsUntold.each(func(r row) {
		room, e := readRoom(r)
		if e != nil && err == nil {
			err = e
		}
		out = append(out, casework.UntoldRoom{Room: room, Epoch: r.num(9)})
	})
	return out, errors.Join(err, e)
}

// RoomTold ends that, unless the room was shut again.
func (tx *Tx) RoomTold(u casework.UntoldRoom) error {
	return tx.exec(tx.c.roomTold, u.ID, u.Epoch)
}

// PutRoom keeps a room, replacing the one of the same id.
func (tx *Tx) PutRoom(room casework.Room) error {
	cover, err := json.Marshal(room.Cover)
	if err != nil {
		return err
	}
	tx.rooms = nil
	l, s := room.Landlord, room.Social
	return tx.exec(tx.c.putRoom, room.ID, l.Org, l.Root, l.Case, s.Org, s.Root, s.Case, room.Notice, string(cover))
}

// Handles lists what goes by the name in the organisation.
func (tx *Tx) Handles(org, handle string) (out []casework.Handle, err error) {
	err = tx.c.handles.each(func(r row) {
		out = append(out, casework.Handle{Org: org, Handle: handle, Root: r.text(0), Record: r.text(1)})
	}, org, handle)
	return out, err
}

// PutHandle keeps that a record goes by the name.
func (tx *Tx) PutHandle(h casework.Handle) error {
	return tx.exec(tx.c.putHandle, h.Org, h.Handle, h.Root, h.Record)
}

// rooms is where room epochs stand on disk, as far as the writer has moved them.
type rooms struct {
	mu     sync.RWMutex
	epochs map[string]int64
}

func (r *rooms) of(room string) (int64, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	epoch, ok := r.epochs[room]
	return epoch, ok
}

// keep takes over what a transaction shut that is on disk.
func (r *rooms) keep(shut []server.Shut) {
	if len(shut) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.epochs == nil {
		r.epochs = map[string]int64{}
	}
	for _, s := range shut {
		r.epochs[s.Room] = s.Epoch
	}
}

// RoomEpoch is the room's epoch on disk, without a transaction when it is known.
func (db *DB) RoomEpoch(room string) (epoch int64, err error) {
	if known, ok := db.rooms.of(room); ok {
		return known, nil
	}
	err = db.Read(func(tx server.Tx) error {
		epoch, err = tx.RoomEpoch(room)
		return err
	})
	return epoch, err
}
