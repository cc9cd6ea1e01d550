package sqlite

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"bokvar/internal/casework"
)

// content is what of a handed part lies sealed.
type handedContent struct {
	Head   string `json:"head"`
	Wrap   []byte `json:"wrap"`
	Sealed []byte `json:"sealed"`
}

func handedAAD(h casework.Handed) string {
	return aad(h.Person, h.Device+"|"+h.ID, fmt.Sprintf("handed %d", h.Part))
}

// PutHanded keeps parts, but not of what the server has as a commit.
func (db *DB) PutHanded(parts []casework.Handed) (known []string, err error) {
	sealed := make([][]byte, len(parts))
	for i, h := range parts {
		plain, err := json.Marshal(handedContent{h.Head, h.Wrap, h.Sealed})
		if err != nil {
			return nil, err
		}
		if sealed[i], err = db.keys.Seal(h.Org, loose(h.Received), handedAAD(h), plain); err != nil {
			return nil, err
		}
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	err = db.writeLocked(func(tx *Tx) error {
		known = nil
		for i, h := range parts {
			kept, err := tx.Commit(h.Home, h.ID)
			if err != nil {
				return err
			}
			if kept != nil {
				known = append(known, h.ID)
				continue
			}
			if _, err := tx.once(`INSERT INTO handed (person, device, id, part, parts, home, org, root, number, received, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
				h.Person, h.Device, h.ID, h.Part, h.Parts, h.Home, h.Org, loose(h.Received), h.Number, h.Received, sealed[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return known, err
}

// HandedSize is how much lies there of a device, in bytes.
func (db *DB) HandedSize(person, device string) (size int64, err error) {
	err = db.reader.QueryRow(`SELECT COALESCE(SUM(LENGTH(sealed)), 0) FROM handed WHERE person = ? AND device = ?`, person, device).Scan(&size)
	return size, err
}

// TidyHanded drops what has come by itself meanwhile.
func (db *DB) TidyHanded(org string) error {
	var there bool
	const come = `FROM handed WHERE org = ? AND (EXISTS (SELECT 1 FROM commits c WHERE c.org = handed.home AND c.id = handed.id)
		OR EXISTS (SELECT 1 FROM photo p WHERE p.org = handed.home AND p.id = handed.id AND p.part = -1))`
	if err := db.reader.QueryRow(`SELECT EXISTS (SELECT 1 `+come+`)`, org).Scan(&there); err != nil || !there {
		return err
	}
	return db.put(`DELETE `+come, org)
}

// HandedTo lists what an organisation's rescue key opens, without its content.
func (db *DB) HandedTo(org string) (all []casework.Handed, err error) {
	rows, err := db.reader.Query(`SELECT person, device, id, part, parts, home, org, number, received FROM handed WHERE org = ? ORDER BY received, person, device, id, part`, org)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var h casework.Handed
		if err := rows.Scan(&h.Person, &h.Device, &h.ID, &h.Part, &h.Parts, &h.Home, &h.Org, &h.Number, &h.Received); err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, rows.Err()
}

// FindHanded reads all parts that have come, in order.
func (db *DB) FindHanded(org, person, device, id string) (all []casework.Handed, err error) {
	rows, err := db.reader.Query(`SELECT person, device, id, part, parts, home, org, number, received, root, sealed FROM handed
		WHERE org = ? AND person = ? AND device = ? AND id = ? ORDER BY part`, org, person, device, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var h casework.Handed
		var root string
		var sealed []byte
		if err := rows.Scan(&h.Person, &h.Device, &h.ID, &h.Part, &h.Parts, &h.Home, &h.Org, &h.Number, &h.Received, &root, &sealed); err != nil {
			return nil, err
		}
		plain, err := db.keys.Open(h.Org, root, handedAAD(h), sealed)
		if err != nil {
			return nil, err
		}
		var c handedContent
		if err := json.Unmarshal(plain, &c); err != nil {
			return nil, err
		}
		h.Head, h.Wrap, h.Sealed = c.Head, c.Wrap, c.Sealed
		all = append(all, h)
	}
	return all, rows.Err()
}

// DropHanded forgets it.
func (db *DB) DropHanded(org, person, device, id string) error {
	return db.put(`DELETE FROM handed WHERE org = ? AND person = ? AND device = ? AND id = ?`, org, person, device, id)
}
