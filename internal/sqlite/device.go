package sqlite

import (
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"bokvar/internal/casework"
	"bokvar/internal/seal"
)

// wrapped is what of a device lies sealed.
type wrapped struct {
	Wraps    json.RawMessage `json:"wraps"`
	Verifier []byte          `json:"verifier,omitempty"`
}

func wrappedAt(person, id string) string { return aad("device", person, id) }

// PutDevice keeps a device; its signing key stays.
func (db *DB) PutDevice(d casework.Device) error {
	plain, err := json.Marshal(wrapped{d.Wraps, d.Verifier})
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

const deviceColumns = `SELECT person, id, locker, name, made, seen, signing, sealed FROM device `

// FindDevice is nil when unknown.
func (db *DB) FindDevice(person, id string) (*casework.Device, error) {
	return db.device(db.reader.QueryRow(deviceColumns+`WHERE person = ? AND id = ?`, person, id))
}

// FindLocker is nil when unknown.
func (db *DB) FindLocker(locker string) (*casework.Device, error) {
	return db.device(db.reader.QueryRow(deviceColumns+`WHERE locker = ?`, locker))
}

func (db *DB) device(found interface{ Scan(...any) error }) (*casework.Device, error) {
	var d casework.Device
	var made, seen int64
	var sealed []byte
	err := found.Scan(&d.Person, &d.ID, &d.Locker, &d.Name, &made, &seen, &d.Signing, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	d.Made, d.Seen = time.UnixMilli(made), time.UnixMilli(seen)
	if len(d.Signing) == 0 {
		d.Signing = nil
	}
	plain, err := db.keys.Open("", seal.Server, wrappedAt(d.Person, d.ID), sealed)
	if err != nil {
		return nil, err
	}
	var w wrapped
	if err := json.Unmarshal(plain, &w); err != nil {
		return nil, err
	}
	d.Wraps, d.Verifier = w.Wraps, w.Verifier
	return &d, nil
}

// SetSigning keeps the public key of a device.
func (db *DB) SetSigning(person, id string, key []byte) error {
	return db.put(`UPDATE device SET signing = ? WHERE person = ? AND id = ?`, key, person, id)
}
