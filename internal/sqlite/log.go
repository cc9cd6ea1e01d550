package sqlite

import (
	"errors"
	"strings"

	"bokvar/internal/audit"
)

// Row is one row of the log, with its number.
type Row struct {
	Number int64
	audit.Entry
}

// LogOfCase lists what was done with a case file, newest first, at most limit
// rows before the numbered one (0: from the end).
func (db *DB) LogOfCase(org, root string, before int64, limit int) ([]Row, error) {
	return db.logRows(`SELECT row, at, person, device, action, org, root, what FROM audit
		WHERE org = ? AND root = ? AND root <> '' AND row < ? ORDER BY row DESC LIMIT ?`, org, root, upTo(before), limit)
}

// LogOfOrganisation lists what concerns no case file: sign-ins, exports,
// administration. person "" means everybody's.
func (db *DB) LogOfOrganisation(org, person string, before int64, limit int) ([]Row, error) {
	return db.logRows(`SELECT row, at, person, device, action, org, root, what FROM audit
		WHERE org = ? AND root = '' AND row < ? AND (? = '' OR person = ?) ORDER BY row DESC LIMIT ?`, org, upTo(before), person, person, limit)
}

// LogAbout lists what others did about the person, newest first: rows of the actions
// whose What is the person, or begins with them.
func (db *DB) LogAbout(org, person string, actions []string, limit int) ([]Row, error) {
	args := []any{org, person, person, person}
	for _, action := range actions {
		args = append(args, action)
	}
	return db.logRows(`SELECT row, at, person, device, action, org, root, what FROM audit
		WHERE org = ? AND root = '' AND (what = ? OR substr(what, 1, length(?) + 1) = ? || ' ')
		AND action IN (?`+strings.Repeat(", ?", len(actions)-1)+`) ORDER BY row DESC LIMIT ?`, append(args, limit)...)
}

func upTo(before int64) int64 {
	if before <= 0 {
		return 1<<63 - 1
	}
	return before
}

func (db *DB) logRows(query string, args ...any) (out []Row, err error) {
	rows, err := db.reader.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r Row
		if err := rows.Scan(&r.Number, &r.At, &r.Person, &r.Device, &r.Action, &r.Org, &r.Root, &r.What); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// Told adds what a device tells it has shown, and remembers how far it has told:
// entries up to a number that was told before are left out. numbers belong to
// entries and rise.
func (db *DB) Told(person, device string, numbers []int64, entries []audit.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.writeLocked(func(tx *Tx) error {
		told := int64(-1)
		s, err := tx.c.temporary(`SELECT seq FROM reading WHERE person = ? AND device = ?`)
		if err != nil {
			return err
		}
		if err := errors.Join(s.each(func(r row) { told = r.num(0) }, person, device), s.prepared.Close()); err != nil {
			return err
		}
		last := numbers[len(numbers)-1]
		if last <= told {
			return nil
		}
		_, err = tx.c.once(`INSERT INTO reading (person, device, seq) VALUES (?, ?, ?)
			ON CONFLICT (person, device) DO UPDATE SET seq = excluded.seq`, []any{person, device, last})
		if err != nil {
			return err
		}
		for i, e := range entries {
			if numbers[i] > told {
				tx.entries = append(tx.entries, e)
			}
		}
		return nil
	})
}
