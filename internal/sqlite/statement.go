package sqlite

import "database/sql"

// statements are prepared once; each name says what it does.
type statements struct {
	record, putRecord, recordsOfRoot, recordsOfRootKind, recordsOfKind *sql.Stmt
	commit, putCommit, putPayload, putAudit                            *sql.Stmt
	inbox, putInbox, inboxAfter, inboxCount, inboxRecords              *sql.Stmt
	counter, putCounter                                                *sql.Stmt
	rootUnits, putRootUnit, rootsOfUnit                                *sql.Stmt
	assignments, dropAssignments, putAssignment, rootsOfPerson         *sql.Stmt
}

func (s *statements) prepare(db *sql.DB) error {
	for _, p := range []struct {
		to  **sql.Stmt
		sql string
	}{
		{&s.record, `SELECT kind, root, sealed FROM record WHERE org = ? AND id = ?`},
		{&s.putRecord, `INSERT INTO record (org, id, kind, root, sealed) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (org, id) DO UPDATE SET root = excluded.root, sealed = excluded.sealed`},
		{&s.recordsOfRoot, `SELECT id, kind, root, sealed FROM record WHERE org = ? AND root = ? ORDER BY kind, id`},
		{&s.recordsOfRootKind, `SELECT id, kind, root, sealed FROM record WHERE org = ? AND root = ? AND kind = ? ORDER BY id`},
		{&s.recordsOfKind, `SELECT id, kind, root, sealed FROM record WHERE org = ? AND kind = ? ORDER BY id`},
		{&s.commit, `SELECT person, device, hash, receipt FROM commits WHERE org = ? AND id = ?`},
		{&s.putCommit, `INSERT INTO commits (org, id, person, device, hash, receipt) VALUES (?, ?, ?, ?, ?, ?)`},
		{&s.putPayload, `INSERT INTO payload (org, id, root, records, sealed) VALUES (?, ?, ?, ?, ?)`},
		{&s.putAudit, `INSERT INTO audit (at, person, device, action, org, what, hash) VALUES (?, ?, ?, ?, ?, ?, ?)`},
		{&s.inbox, `SELECT seq, gone, hash FROM inbox WHERE person = ? AND org = ? AND record = ?`},
		{&s.putInbox, `INSERT INTO inbox (person, seq, org, record, gone, hash) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (person, org, record) DO UPDATE SET seq = excluded.seq, gone = excluded.gone, hash = excluded.hash`},
		{&s.inboxAfter, `SELECT seq, org, record, gone, hash FROM inbox WHERE person = ? AND seq > ? ORDER BY seq LIMIT ?`},
		{&s.inboxCount, `SELECT COUNT(*) FROM inbox WHERE person = ? AND seq > ?`},
		{&s.inboxRecords, `SELECT seq, org, record, gone, hash FROM inbox WHERE person = ? AND gone = 0 ORDER BY seq`},
		{&s.counter, `SELECT seq, number, epoch, scope_day FROM counter WHERE person = ?`},
		{&s.putCounter, `INSERT INTO counter (person, seq, number, epoch, scope_day) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (person) DO UPDATE SET seq = excluded.seq, number = excluded.number, epoch = excluded.epoch, scope_day = excluded.scope_day`},
		{&s.rootUnits, `SELECT record, unit, closed FROM root_unit WHERE org = ? AND root = ?`},
		{&s.putRootUnit, `INSERT INTO root_unit (org, root, record, unit, closed) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (org, root, record) DO UPDATE SET unit = excluded.unit, closed = excluded.closed`},
		{&s.rootsOfUnit, `SELECT DISTINCT root FROM root_unit WHERE org = ? AND unit = ? AND (closed = 0 OR closed > ?) ORDER BY root`},
		{&s.assignments, `SELECT contact, person, planned, until FROM assignment WHERE org = ? AND root = ?`},
		{&s.dropAssignments, `DELETE FROM assignment WHERE org = ? AND root = ? AND contact = ?`},
		{&s.putAssignment, `INSERT INTO assignment (org, root, contact, person, planned, until) VALUES (?, ?, ?, ?, ?, ?)`},
		{&s.rootsOfPerson, `SELECT DISTINCT root FROM assignment WHERE person = ? AND (planned = 0 OR planned BETWEEN ? AND ?)
			AND (until = 0 OR until >= ?) ORDER BY root`},
	} {
		stmt, err := db.Prepare(p.sql)
		if err != nil {
			return err
		}
		*p.to = stmt
	}
	return nil
}
