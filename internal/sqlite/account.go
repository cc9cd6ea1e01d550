package sqlite

import (
	"encoding/json"
	"errors"
	"time"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
)

// put runs one statement as a transaction of its own.
func (db *DB) put(query string, args ...any) error {
	_, err := db.change(query, args...)
	return err
}

// change is put, and says how many rows there were.
func (db *DB) change(query string, args ...any) (rows int64, err error) {
	defer db.sessions.forget() // it may concern sessions or their devices; also when it failed: perhaps it is on disk
	db.mu.Lock()
	defer db.mu.Unlock()
	err = db.writeLocked(func(tx *Tx) error {
		rows, err = tx.c.once(query, args)
		return err
	})
	return rows, err
}

// Head is where the log ends on disk.
func (db *DB) Head() (h audit.Head, err error) {
	var hash []byte
	err = db.reader.QueryRow(`SELECT row, hash FROM audit ORDER BY row DESC LIMIT 1`).Scan(&h.Row, &hash)
	copy(h.Hash[:], hash)
	return h, err
}

// Audit adds rows about something that is no commit (a sign-in, a read): all, or none.
func (db *DB) Audit(rows ...audit.Entry) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.writeLocked(func(tx *Tx) error {
		tx.entries = append(tx.entries, rows...)
		return nil
	})
}

func (db *DB) loadPeople() error {
	d := &directory{byOrg: map[string][]casework.Member{}}
	rows, err := db.writer.Query(`SELECT id, name, kind FROM organisation ORDER BY id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var o casework.Organisation
		if err := rows.Scan(&o.ID, &o.Name, &o.Kind); err != nil {
			return err
		}
		d.organisations = append(d.organisations, o)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	if rows, err = db.writer.Query(`SELECT id, org, name, title, phone, role, units, active FROM member ORDER BY id`); err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var m casework.Member
		var units []byte
		if err := rows.Scan(&m.ID, &m.Org, &m.Name, &m.Title, &m.Phone, &m.Role, &units, &m.Active); err != nil {
			return err
		}
		if err := json.Unmarshal(units, &m.Units); err != nil {
			return err
		}
		d.all = append(d.all, m)
		d.byOrg[m.Org] = append(d.byOrg[m.Org], m)
	}
	db.people.Store(d)
	return rows.Err()
}

// PutOrganisation makes or renames one.
func (db *DB) PutOrganisation(o casework.Organisation) error {
	err := db.put(`INSERT INTO organisation (id, name, kind) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name`, o.ID, o.Name, o.Kind)
	if err != nil {
		return err
	}
	return db.reloadPeople()
}

// Organisations lists all.
func (db *DB) Organisations() ([]casework.Organisation, error) {
	return db.people.Load().organisations, nil
}

// PutMember makes or changes one.
func (db *DB) PutMember(m casework.Member) error {
	units, err := json.Marshal(append([]string{}, m.Units...))
	if err != nil {
		return err
	}
	err = db.put(`INSERT INTO member (id, org, name, title, phone, role, units, active) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, title = excluded.title, phone = excluded.phone, role = excluded.role, units = excluded.units, active = excluded.active`,
		m.ID, m.Org, m.Name, m.Title, m.Phone, m.Role, string(units), m.Active)
	if err != nil {
		return err
	}
	return db.reloadPeople()
}

// EndMember ends an account and all that lets somebody in as its person, in one transaction.
func (db *DB) EndMember(person string, at time.Time, by, device string) error {
	m, err := db.FindMember(person)
	if err != nil || m == nil {
		return err
	}
	err = db.endMember(m, at, by, device)
	return errors.Join(err, db.reloadPeople())
}

func (db *DB) endMember(m *casework.Member, at time.Time, by, device string) error {
	defer db.sessions.forget()
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.writeLocked(func(tx *Tx) error {
		ended, err := tx.c.once(`UPDATE member SET active = 0 WHERE id = ? AND active = 1`, []any{m.ID})
		if err != nil {
			return err
		}
		if ended > 0 {
			tx.entries = append(tx.entries, audit.Entry{At: at.UnixMilli(), Person: by, Device: device, Action: audit.Administer, Org: m.Org, What: "end of account " + m.ID})
		}
		_, err = tx.c.once(`UPDATE device SET state = ?, since = ? WHERE person = ? AND state IN (?, ?)`,
			[]any{string(casework.DeviceWipe), at.UnixMilli(), m.ID, string(casework.DeviceActive), string(casework.DeviceBlocked)})
		for _, ends := range []string{
			`DELETE FROM invitation WHERE person = ? AND used = 0`, `DELETE FROM session WHERE person = ?`, `DELETE FROM subscription WHERE person = ?`,
		} {
			if err == nil {
				_, err = tx.c.once(ends, []any{m.ID})
			}
		}
		return err
	})
}

func (db *DB) reloadPeople() error {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.loadPeople()
}

// AllMembers lists an organisation's people; org "" lists everyone.
func (db *DB) AllMembers(org string) ([]casework.Member, error) {
	if org == "" {
		return db.people.Load().all, nil
	}
	return db.people.Load().byOrg[org], nil
}

// FindMember is nil when unknown.
func (db *DB) FindMember(id string) (*casework.Member, error) {
	return db.people.Load().member(id), nil
}

// PutInvitation keeps an invitation.
func (db *DB) PutInvitation(i casework.Invitation) error {
	kept, err := db.change(`INSERT INTO invitation (kind, handle, salt, hash, person, made, expires, tries) VALUES (?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (kind, handle) DO NOTHING`,
		i.Kind, i.Handle, notNil(i.Salt), i.Hash, i.Person, i.Made.UnixMilli(), i.Expires.UnixMilli())
	if err == nil && kept == 0 {
		return casework.ErrHandleTaken
	}
	return err
}

func notNil(b []byte) []byte { return append([]byte{}, b...) }

const maxTries = 10 // wrong secrets, then the invitation is dead

// TakeInvitation marks it used and returns it, once; nil when unknown, used,
// expired, tried too often, or when verify says no. A try is counted before it is
// judged, so that many at once are no way around the limit.
func (db *DB) TakeInvitation(kind, handle string, verify func(casework.Invitation) bool, now time.Time) (*casework.Invitation, error) {
	counted, err := db.change(`UPDATE invitation SET tries = tries + 1 WHERE kind = ? AND handle = ? AND used = 0 AND tries < ? AND expires > ?`,
		kind, handle, maxTries, now.UnixMilli())
	if err != nil || counted == 0 {
		return nil, err
	}
	i := casework.Invitation{Kind: kind, Handle: handle}
	var made, expires int64
	err = db.reader.QueryRow(`SELECT salt, hash, person, made, expires, tries - 1 FROM invitation WHERE kind = ? AND handle = ?`, kind, handle).
		Scan(&i.Salt, &i.Hash, &i.Person, &made, &expires, &i.Tries)
	if err != nil {
		return nil, err
	}
	i.Made, i.Expires = time.UnixMilli(made), time.UnixMilli(expires)
	if !verify(i) { // slow by design, so outside the writer's lock
		return nil, nil
	}
	taken, err := db.change(`UPDATE invitation SET used = 1 WHERE kind = ? AND handle = ? AND used = 0`, kind, handle)
	if err != nil || taken == 0 {
		return nil, err
	}
	return &i, nil
}

// Invited tells who has an invitation that is not used, and until when the last of them is good.
func (db *DB) Invited(now time.Time) (map[string]time.Time, error) {
	rows, err := db.reader.Query(`SELECT person, MAX(expires) FROM invitation WHERE used = 0 AND expires > ? GROUP BY person`, now.UnixMilli())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]time.Time{}
	for rows.Next() {
		var person string
		var expires int64
		if err := rows.Scan(&person, &expires); err != nil {
			return nil, err
		}
		out[person] = time.UnixMilli(expires)
	}
	return out, rows.Err()
}

// DropInvitations ends all that the person has not used.
func (db *DB) DropInvitations(person string) error {
	return db.put(`DELETE FROM invitation WHERE person = ? AND used = 0`, person)
}
