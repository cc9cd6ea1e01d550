package sqlite

import (
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"bokvar/internal/casework"
	"bokvar/internal/seal"
)

// PutSubscription keeps where a device wants its push; the same endpoint moves to its newest owner.
func (db *DB) PutSubscription(s casework.Subscription) error {
	plain, err := json.Marshal([]string{s.P256dh, s.Auth})
	if err != nil {
		return err
	}
	sealed, err := db.keys.Seal("", seal.Server, aad("push", s.Endpoint, s.Person), plain)
	if err != nil {
		return err
	}
	return db.put(`INSERT INTO subscription (endpoint, person, device, sealed, made) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (endpoint) DO UPDATE SET person = excluded.person, device = excluded.device, sealed = excluded.sealed, made = excluded.made`,
		s.Endpoint, s.Person, s.Device, sealed, s.Made.UnixMilli())
}

// DropSubscription forgets one.
func (db *DB) DropSubscription(endpoint string) error {
	return db.put(`DELETE FROM subscription WHERE endpoint = ?`, endpoint)
}

// SubscriptionsOf lists a person's.
func (db *DB) SubscriptionsOf(person string) (out []casework.Subscription, err error) {
	rows, err := db.reader.Query(`SELECT endpoint, device, sealed, made FROM subscription WHERE person = ? ORDER BY made`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		s := casework.Subscription{Person: person}
		var sealed []byte
		var made int64
		if err := rows.Scan(&s.Endpoint, &s.Device, &sealed, &made); err != nil {
			return nil, err
		}
		plain, err := db.keys.Open("", seal.Server, aad("push", s.Endpoint, person), sealed)
		if err != nil {
			return nil, err
		}
		var pair [2]string
		if err := json.Unmarshal(plain, &pair); err != nil {
			return nil, err
		}
		s.P256dh, s.Auth, s.Made = pair[0], pair[1], time.UnixMilli(made)
		out = append(out, s)
	}
	return out, rows.Err()
}

// PutPush queues; an (alert, person) that exists already stays as it is.
func (db *DB) PutPush(alert, org, person string, due time.Time) error {
	return db.put(`INSERT INTO push (alert, person, org, due) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, alert, person, org, due.UnixMilli())
}

// PendingPushes lists what has no outcome yet, oldest first.
func (db *DB) PendingPushes() (out []casework.Push, err error) {
	rows, err := db.reader.Query(`SELECT alert, org, person, due FROM push WHERE outcome = '' ORDER BY due`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p casework.Push
		var due int64
		if err := rows.Scan(&p.Alert, &p.Org, &p.Person, &due); err != nil {
			return nil, err
		}
		p.Due = time.UnixMilli(due)
		out = append(out, p)
	}
	return out, rows.Err()
}

// EndPush keeps how it went; the first outcome stays.
func (db *DB) EndPush(alert, person, outcome string) error {
	return db.put(`UPDATE push SET outcome = ? WHERE alert = ? AND person = ? AND outcome = ''`, outcome, alert, person)
}

// PutProposal keeps an import that waits for a person's yes.
func (db *DB) PutProposal(id, org, by string, made time.Time, body []byte) error {
	sealed, err := db.keys.Seal(org, loose(made.UnixMilli()), aad(org, id, "proposal"), body)
	if err != nil {
		return err
	}
	return db.put(`INSERT INTO proposal (id, org, person, made, sealed) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (org, id) DO UPDATE SET sealed = excluded.sealed`, id, org, by, made.UnixMilli(), sealed)
}

// Proposal is nil when there is none.
func (db *DB) Proposal(id, org string) ([]byte, error) {
	var sealed []byte
	var made int64
	err := db.reader.QueryRow(`SELECT sealed, made FROM proposal WHERE org = ? AND id = ?`, org, id).Scan(&sealed, &made)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return db.keys.Open(org, loose(made), aad(org, id, "proposal"), sealed)
}

// Proposals lists ids, newest first.
func (db *DB) Proposals(org string) (out []string, err error) {
	rows, err := db.reader.Query(`SELECT id FROM proposal WHERE org = ? ORDER BY made DESC, id`, org)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// DropProposal forgets one.
func (db *DB) DropProposal(id, org string) error {
	return db.put(`DELETE FROM proposal WHERE org = ? AND id = ?`, org, id)
}

// Setting is nil when unset.
func (db *DB) Setting(name string) ([]byte, error) {
	var sealed []byte
	err := db.reader.QueryRow(`SELECT value FROM server WHERE name = ?`, "setting."+name).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return db.keys.Open("", seal.Server, aad("setting", name, ""), sealed)
}

// PutSetting keeps it, sealed.
func (db *DB) PutSetting(name string, value []byte) error {
	sealed, err := db.keys.Seal("", seal.Server, aad("setting", name, ""), value)
	if err != nil {
		return err
	}
	return db.put(`INSERT INTO server (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, "setting."+name, sealed)
}
