package sqlite

import (
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"bokvar/internal/casework"
	"bokvar/internal/seal"
)

// wrapped is what of a device lies sealed.
type wrapped struct {
	Wraps    json.RawMessage `json:"wraps"`
	Verifier []byte          `json:"verifier,omitempty"`
	Passkeys json.RawMessage `json:"passkeys,omitempty"`
}

func wrappedAt(person, id string) string { return aad("device", person, id) }

// PutDevice keeps a device; its signing key and its state stay.
func (db *DB) PutDevice(d casework.Device) error {
	plain, err := json.Marshal(wrapped{d.Wraps, d.Verifier, d.Passkeys})
	if err != nil {
		return err
	}
	sealed, err := db.keys.Seal("", seal.Server, wrappedAt(d.Person, d.ID), plain)
	if err != nil {
		return err
	}
	return db.put(`INSERT INTO device (person, id, locker, name, made, seen, signing, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (person, id) DO UPDATE SET locker = excluded.locker, name = excluded.name, seen = excluded.seen, sealed = excluded.sealed`,
		d.Person, d.ID, d.Locker, d.Name, d.Made.UnixMilli(), d.Seen.UnixMilli(), notNil(d.Signing), sealed)
}

const deviceFacts = `d.person, d.id, d.locker, d.name, d.made, d.seen, d.signing, d.state, d.since, d.app, d.unsent, d.rollback`

const deviceColumns = `SELECT ` + deviceFacts + `, d.sealed FROM device d `

// FindDevice is nil when unknown.
func (db *DB) FindDevice(person, id string) (*casework.Device, error) {
	return db.device(db.reader.QueryRow(deviceColumns+`WHERE person = ? AND id = ?`, person, id))
}

// FindLocker is nil when unknown.
func (db *DB) FindLocker(locker string) (*casework.Device, error) {
	return db.device(db.reader.QueryRow(deviceColumns+`WHERE locker = ?`, locker))
}

func (db *DB) device(found interface{ Scan(...any) error }) (*casework.Device, error) {
	var sealed []byte
	d, err := factsOf(found, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	plain, err := db.keys.Open("", seal.Server, wrappedAt(d.Person, d.ID), sealed)
	if err != nil {
		return nil, err
	}
	var w wrapped
	if err := json.Unmarshal(plain, &w); err != nil {
		return nil, err
	}
	d.Wraps, d.Verifier, d.Passkeys = w.Wraps, w.Verifier, w.Passkeys
	return d, nil
}

func factsOf(found interface{ Scan(...any) error }, more ...any) (*casework.Device, error) {
	var d casework.Device
	var made, seen, since, rollback int64
	into := []any{&d.Person, &d.ID, &d.Locker, &d.Name, &made, &seen, &d.Signing, &d.State, &since, &d.App, &d.Unsent, &rollback}
	if err := found.Scan(append(into, more...)...); err != nil {
		return nil, err
	}
	d.Made, d.Seen = time.UnixMilli(made), time.UnixMilli(seen)
	if since != 0 {
		d.Since = time.UnixMilli(since)
	}
	if rollback != 0 {
		d.Rollback = time.UnixMilli(rollback)
	}
	if len(d.Signing) == 0 {
		d.Signing = nil
	}
	return &d, nil
}

// Devices lists a person's, or those of all people of the organisation.
func (db *DB) Devices(org, person string) (out []casework.Device, err error) {
	rows, err := db.reader.Query(`SELECT `+deviceFacts+` FROM device d JOIN member m ON m.id = d.person
		WHERE m.org = ? AND (? = '' OR d.person = ?) ORDER BY d.person, d.made, d.id`, org, person, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		d, err := factsOf(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, *d)
	}
	return out, rows.Err()
}

// SetDeviceState moves a device from one of the states.
func (db *DB) SetDeviceState(person, id string, to casework.DeviceState, at time.Time, from ...casework.DeviceState) (bool, error) {
	args := []any{string(to), at.UnixMilli(), person, id}
	for _, state := range from {
		args = append(args, string(state))
	}
	rows, err := db.change(`UPDATE device SET state = ?, since = ? WHERE person = ? AND id = ? AND state IN (?`+strings.Repeat(", ?", len(from)-1)+`)`, args...)
	return rows > 0, err
}

// ForgetWraps leaves nothing that opens the device's vault, or signs in on it.
func (db *DB) ForgetWraps(person, id string) error {
	plain, err := json.Marshal(wrapped{Wraps: json.RawMessage(`[]`)})
	if err != nil {
		return err
	}
	sealed, err := db.keys.Seal("", seal.Server, wrappedAt(person, id), plain)
	if err != nil {
		return err
	}
	return db.put(`UPDATE device SET sealed = ?, signing = x'' WHERE person = ? AND id = ?`, sealed, person, id)
}

// Turn moves on when the device brings what it was given last. What it brought before
// is taken once more: the answer may have been lost. One that the server has not given
// yet comes after a backup was restored here.
func (db *DB) Turn(person, id string, brought int64, at time.Time) (next int64, rolled bool, err error) {
	moved, err := db.change(`UPDATE device SET turn = ?, offered = ? + 1, turned = ? WHERE person = ? AND id = ? AND offered <= ?`,
		brought, brought, at.UnixMilli(), person, id, brought)
	if err != nil || moved > 0 {
		return brought + 1, false, err
	}
	var turn int64
	err = db.reader.QueryRow(`SELECT turn, offered FROM device WHERE person = ? AND id = ?`, person, id).Scan(&turn, &next)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil || brought == 0 || brought >= turn { // 0: the browser has forgotten it
		return next, false, err
	}
	return next, true, db.put(`UPDATE device SET rollback = ? WHERE person = ? AND id = ?`, at.UnixMilli(), person, id)
}

// NoteContacts keeps what devices told.
func (db *DB) NoteContacts(contacts []casework.Contact) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.writeLocked(func(tx *Tx) error {
		for _, c := range contacts {
			_, err := tx.c.once(`UPDATE device SET seen = ?, app = ?, unsent = ? WHERE person = ? AND id = ?`,
				[]any{c.At.UnixMilli(), c.App, c.Unsent, c.Person, c.Device})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// SetSigning keeps the public key of a device.
func (db *DB) SetSigning(person, id string, key []byte) error {
	return db.put(`UPDATE device SET signing = ? WHERE person = ? AND id = ?`, key, person, id)
}
