package sqlite

const (
	roomNames   = `id, landlord_org, landlord_root, landlord_case, social_org, social_root, social_case, notice, cover`
	roomColumns = `SELECT ` + roomNames + ` FROM room`
)

// statements are prepared once a connection; each name says what it does.
type statements struct {
	record, putRecord, recordsOfRoot, recordsOfRootKind, recordsOfKind, notes *stmt
	commit, putCommit, putPayload, putAudit                                   *stmt
	namedRoots                                                                *stmt
	putServer                                                                 *stmt
	inbox, putInbox, newInbox, inboxAfter, inboxAhead, inboxCount             *stmt
	inboxRecords, idsOfUnit                                                   *stmt
	counter, putCounter, inboxEnd, session                                    *stmt
	begin, beginWrite, commitAll, rollback                                    *stmt
	leavings, lastRemoval, putRemoval                                         *stmt
	savepoint, undo, release                                                  *stmt
	rootUnits, putRootUnit, rootsOfUnit, idsOfRoot, rootsNaming               *stmt
	assignments, dropAssignments, putAssignment, rootsOfPerson                *stmt
	protected, putProtected, dropProtected                                    *stmt
	rooms, roomsOfOrg, putRoom, roomEpoch, shutRoom, handles, putHandle       *stmt
	roomsUntold, putUntold, roomTold                                          *stmt
}

func (c *conn) prepare() error {
	for _, q := range queries(&c.statements) {
		prepared, err := c.add(q.sql)
		if err != nil {
			return err
		}
		*q.to = prepared
	}
	return nil
}

// query is the SQL of a statement, and where the statement goes.
type query struct {
	to  **stmt
	sql string
}

// queries are all of them. A plus before what a result is ordered by keeps SQLite
// from reading all of an organisation in that order instead of using the index.
func queries(s *statements) []query {
	return []query{
		{&s.record, `SELECT kind, root, sealed FROM record WHERE org = ? AND id = ?`},
		{&s.putRecord, `INSERT INTO record (org, id, kind, root, sealed) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (org, id) DO UPDATE SET root = excluded.root, sealed = excluded.sealed`},
		{&s.recordsOfRoot, `SELECT id, kind, root, sealed FROM record WHERE org = ? AND root = ? ORDER BY kind, id`},
		{&s.idsOfRoot, `SELECT id FROM record WHERE org = ? AND root = ? ORDER BY kind, id`},
		{&s.recordsOfRootKind, `SELECT id, kind, root, sealed FROM record WHERE org = ? AND root = ? AND kind = ? ORDER BY +id`},
		{&s.recordsOfKind, `SELECT id, kind, root, sealed FROM record WHERE org = ? AND kind = ? AND kind <> 'note' ORDER BY +id`},
		{&s.notes, `SELECT id, kind, root, sealed FROM record WHERE org = ? AND kind = 'note' ORDER BY +id`},
		{&s.commit, `SELECT person, device, hash, receipt, root FROM commits WHERE org = ? AND id = ?`},
		{&s.putCommit, `INSERT INTO commits (org, id, person, device, hash, receipt, root, records, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&s.putPayload, `INSERT INTO payload (org, id, root, records, sealed) VALUES (?, ?, ?, ?, ?)`},
		{&s.putAudit, `INSERT INTO audit (at, person, device, action, org, what, root, evidence, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&s.namedRoots, `SELECT root FROM record INDEXED BY record_kind WHERE org = ? AND kind = ? AND kind <> 'note'`},
		{&s.putServer, `INSERT INTO server (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`},
		{&s.inbox, `SELECT seq, gone, hash FROM inbox WHERE org = ? AND record = ? AND person = ?`},
		{&s.putInbox, `INSERT INTO inbox (org, record, person, seq, gone, hash) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (org, record, person) DO UPDATE SET seq = excluded.seq, gone = excluded.gone, hash = excluded.hash`},
		{&s.newInbox, `INSERT INTO inbox (org, record, person, seq, gone, hash) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (org, record, person) DO NOTHING`},
		{&s.inboxAfter, `SELECT seq, org, record, gone, hash FROM inbox WHERE person = ? AND seq > ? ORDER BY seq LIMIT ?`},
		{&s.inboxAhead, `SELECT i.seq, i.org, i.record, i.gone, i.hash, r.kind, r.root, r.sealed FROM inbox i
			LEFT JOIN record r ON r.org = i.org AND r.id = i.record AND i.gone = 0 WHERE i.person = ? AND i.seq > ? ORDER BY i.seq LIMIT ?`},
		{&s.inboxCount, `SELECT COUNT(*) FROM inbox WHERE person = ? AND seq > ?`},
		{&s.inboxRecords, `SELECT org, record FROM inbox WHERE person = ? AND gone = 0 ORDER BY seq`},
		{&s.leavings, `SELECT seq, org, record, gone, hash FROM inbox WHERE person = ? AND seq > ? AND seq <= ? AND gone = 1 ORDER BY seq`},
		{&s.lastRemoval, `SELECT seq FROM removal WHERE person = ? AND device = ? ORDER BY seq DESC LIMIT 1`},
		{&s.putRemoval, `INSERT INTO removal (person, device, org, record, seq, at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (person, device, org, record) DO UPDATE SET seq = excluded.seq, at = excluded.at`},
		{&s.inboxEnd, `SELECT seq FROM inbox WHERE person = ? ORDER BY seq DESC LIMIT 1`},
		{&s.counter, `SELECT number, epoch, scope_day FROM counter WHERE person = ?`},
		{&s.putCounter, `INSERT INTO counter (person, number, epoch, scope_day) VALUES (?, ?, ?, ?)
			ON CONFLICT (person) DO UPDATE SET number = excluded.number, epoch = excluded.epoch, scope_day = excluded.scope_day`},
		{&s.session, `SELECT s.person, s.device, s.made, s.seen, s.expires, s.proof, COALESCE(d.state, ''), s.number, s.since, s.newer
			FROM session s LEFT JOIN device d ON d.person = s.person AND d.id = s.device WHERE s.hash = ?`},
		{&s.begin, `BEGIN`}, {&s.beginWrite, `BEGIN IMMEDIATE`}, {&s.commitAll, `COMMIT`}, {&s.rollback, `ROLLBACK`},
		{&s.savepoint, `SAVEPOINT one`}, {&s.undo, `ROLLBACK TO one`}, {&s.release, `RELEASE one`},
		{&s.rootUnits, `SELECT record, unit, closed FROM root_unit WHERE org = ? AND root = ?`},
		{&s.putRootUnit, `INSERT INTO root_unit (org, root, record, unit, closed) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (org, root, record) DO UPDATE SET unit = excluded.unit, closed = excluded.closed`},
		{&s.rootsOfUnit, `SELECT DISTINCT root FROM root_unit WHERE org = ? AND unit = ? AND (closed = 0 OR closed > ?) ORDER BY +root`},
		{&s.idsOfUnit, `SELECT u.root, (SELECT group_concat(id, ' ') FROM record WHERE org = u.org AND root = u.root) FROM root_unit u
			WHERE u.org = ? AND u.unit = ? AND (u.closed = 0 OR u.closed > ?)`},
		{&s.protected, `SELECT org, root FROM protected`},
		{&s.putProtected, `INSERT INTO protected (org, root) VALUES (?, ?) ON CONFLICT DO NOTHING`},
		{&s.dropProtected, `DELETE FROM protected WHERE org = ? AND root = ?`},
		{&s.assignments, `SELECT contact, person, planned, until FROM assignment WHERE org = ? AND root = ?`},
		{&s.dropAssignments, `DELETE FROM assignment WHERE org = ? AND root = ? AND contact = ?`},
		{&s.putAssignment, `INSERT INTO assignment (org, root, contact, person, planned, until) VALUES (?, ?, ?, ?, ?, ?)`},
		{&s.rootsOfPerson, `SELECT DISTINCT root FROM assignment WHERE person = ? AND (planned = 0 OR planned BETWEEN ? AND ?)
			AND (until = 0 OR until >= ?) ORDER BY +root`},
		{&s.rootsNaming, `SELECT DISTINCT root FROM assignment WHERE person = ? ORDER BY +root`},
		{&s.rooms, roomColumns + ` WHERE landlord_org = ? AND landlord_root = ? UNION ALL ` + roomColumns + ` WHERE social_org = ? AND social_root = ?`},
		{&s.roomsOfOrg, roomColumns + ` WHERE landlord_org = ? UNION ALL ` + roomColumns + ` WHERE social_org = ? ORDER BY 1`},
		{&s.putRoom, `INSERT INTO room (id, landlord_org, landlord_root, landlord_case, social_org, social_root, social_case, notice, cover)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET social_root = excluded.social_root, social_case = excluded.social_case,
			notice = excluded.notice, cover = excluded.cover`},
		{&s.roomEpoch, `SELECT epoch FROM room_epoch WHERE room = ?`},
		{&s.shutRoom, `INSERT INTO room_epoch (room, epoch) VALUES (?, 1) ON CONFLICT (room) DO UPDATE SET epoch = epoch + 1`},
		{&s.roomsUntold, `SELECT ` + roomNames + `, epoch FROM room_untold JOIN room ON id = room ORDER BY room`},
		{&s.putUntold, `INSERT INTO room_untold (room, epoch) VALUES (?, ?) ON CONFLICT (room) DO UPDATE SET epoch = excluded.epoch`},
		{&s.roomTold, `DELETE FROM room_untold WHERE room = ? AND epoch <= ?`},
		{&s.handles, `SELECT root, record FROM handle WHERE org = ? AND handle = ? ORDER BY root, record`},
		{&s.putHandle, `INSERT INTO handle (org, handle, root, record) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`},
	}
}
