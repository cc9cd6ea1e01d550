package sqlite

import (
	"errors"
	"slices"
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

// LogQuery is what is searched for in a log: of a case file (Root), or of what concerns
// none. What is empty says nothing.
type LogQuery struct {
	Org, Root string
	Person    string   // who did it
	Actions   []string // one of these
	From, To  int64    // ms: from the one on, and before the other
	Before    int64    // row of this log after which to go on, towards what is older; any other: nothing is found
}

// LogFound is what a search has found, newest first. Next is where it goes on; 0: there is no more.
type LogFound struct {
	Rows []Row
	Next int64
}

// logLooked bounds how many rows one search looks at: an index brings it to the day, and
// somebody who searches for what is seldom goes on from where it stopped.
const logLooked = 20_000

// SearchLog finds rows of a log, at most limit of them.
func (db *DB) SearchLog(q LogQuery, limit int) (found LogFound, err error) {
	query, args := q.statement()
	rows, err := db.reader.Query(query, args...)
	if err != nil {
		return found, err
	}
	defer rows.Close()
	looked := 0
	for rows.Next() {
		var r Row
		if err := rows.Scan(&r.Number, &r.At, &r.Person, &r.Device, &r.Action, &r.Org, &r.Root, &r.What); err != nil {
			return found, err
		}
		looked++
		if (q.Person == "" || q.Person == r.Person) && (len(q.Actions) == 0 || slices.Contains(q.Actions, r.Action)) {
			found.Rows = append(found.Rows, r)
		}
		if len(found.Rows) == limit || looked == logLooked {
			found.Next = r.Number
			break
		}
	}
	return found, errors.Join(rows.Err(), rows.Close())
}

func (q LogQuery) statement() (query string, args []any) {
	log, of := `org = ? AND root = ''`, []any{q.Org}
	if q.Root != "" {
		log, of = `org = ? AND root = ? AND root <> ''`, append(of, q.Root)
	}
	if q.To <= 0 {
		q.To = 1<<63 - 1
	}
	args = append(slices.Clone(of), q.From, q.To)
	before := ``
	if q.Before > 0 { // a row of another log would tell where in time that one stands
		before = ` AND (at, row) < (SELECT at, row FROM audit WHERE row = ? AND ` + log + `)`
		args = append(append(args, q.Before), of...)
	}
	return `SELECT row, at, person, device, action, org, root, what FROM audit
		WHERE ` + log + ` AND at >= ? AND at < ?` + before + ` ORDER BY at DESC, row DESC LIMIT ?`, append(args, logLooked)
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
// entries up to a number that was told before are left out. Each entry has its number;
// they rise, and those of one reading are equal.
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
