package sqlite

import (
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"

	"bokvar/internal/audit"
)

// Pictures lie beside their records, sealed under the key of the same root, so
// that a backup holds them and an erasure closes them.

func photoAAD(org, id string, n int) string { return aad(org, id, fmt.Sprintf("photo %d", n)) }

const wholePhoto = -1 // the number of a picture that is complete

// PutPhotoPart keeps a part of a picture.
func (db *DB) PutPhotoPart(org, root, id string, n int, part []byte) error {
	sealed, err := db.keys.Seal(org, root, photoAAD(org, id, n), part)
	if err != nil {
		return err
	}
	return db.put(`INSERT INTO photo (org, id, part, sealed) VALUES (?, ?, ?, ?) ON CONFLICT (org, id, part) DO UPDATE SET sealed = excluded.sealed`, org, id, n, sealed)
}

// PhotoParts are those that have come, by number.
func (db *DB) PhotoParts(org, root, id string) (map[int][]byte, error) {
	rows, err := db.reader.Query(`SELECT part, sealed FROM photo WHERE org = ? AND id = ? AND part >= 0`, org, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	parts := map[int][]byte{}
	for rows.Next() {
		var n int
		var sealed []byte
		if err := rows.Scan(&n, &sealed); err != nil {
			return nil, err
		}
		if parts[n], err = db.keys.Open(org, root, photoAAD(org, id, n), sealed); err != nil {
			return nil, err
		}
	}
	return parts, rows.Err()
}

// DropPhotoParts forgets them.
func (db *DB) DropPhotoParts(org, id string) error {
	return db.put(`DELETE FROM photo WHERE org = ? AND id = ? AND part >= 0`, org, id)
}

// keyedPicture is what the log's evidence of a picture is a keyed hash of.
func keyedPicture(id string, picture []byte) []byte {
	sum := sha256.Sum256(picture)
	return audit.Blob(audit.Text([]byte("picture "), id), sum[:])
}

// PutPhoto keeps a complete picture in the place of its parts, and writes into the log
// that it came: one that is missing later is told from one that never came.
func (db *DB) PutPhoto(org, root, id, by string, picture []byte) error {
	sealed, err := db.keys.Seal(org, root, photoAAD(org, id, wholePhoto), picture)
	if err != nil {
		return err
	}
	evidence, err := db.keys.MAC(org, root, keyedPicture(id, picture))
	if err != nil {
		return err
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.writeLocked(func(tx *Tx) error {
		came, err := tx.c.once(`INSERT INTO photo (org, id, part, sealed) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, []any{org, id, wholePhoto, sealed})
		if err != nil {
			return err
		}
		if came > 0 {
			tx.entries = append(tx.entries, audit.Entry{At: db.clock().UnixMilli(), Person: by, Action: audit.Picture, Org: org, Root: root, What: id, Evidence: evidence[:]})
		}
		_, err = tx.c.once(`DELETE FROM photo WHERE org = ? AND id = ? AND part >= 0`, []any{org, id})
		return err
	})
}

// HasPhoto says whether the picture is complete.
func (db *DB) HasPhoto(org, id string) (there bool, err error) {
	err = db.reader.QueryRow(`SELECT EXISTS (SELECT 1 FROM photo WHERE org = ? AND id = ? AND part = ?)`, org, id, wholePhoto).Scan(&there)
	return there, err
}

// Photo is nil when it is not complete.
func (db *DB) Photo(org, root, id string) ([]byte, error) {
	var sealed []byte
	err := db.reader.QueryRow(`SELECT sealed FROM photo WHERE org = ? AND id = ? AND part = ?`, org, id, wholePhoto).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return db.keys.Open(org, root, photoAAD(org, id, wholePhoto), sealed)
}
