package sqlite

import (
	"bytes"
	"sync"
	"time"

	"bokvar/internal/casework"
)

// sessionCount bounds the sessions that are kept in memory; more begin anew.
const sessionCount = 1024

// sessions are those that were looked up lately: a device's is looked at before
// each of its messages. Every statement that may change one, or the state of its
// device, forgets all of them, when it is on disk and before its caller is told so
// (DB.change).
type sessions struct {
	mu      sync.Mutex
	known   map[string]casework.Session // by hash
	changes int64
}

// find is nil when the session is not known here; changes is then for keep.
func (s *sessions) find(hash []byte) (found *casework.Session, changes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.known[string(hash)]; ok {
		return &known, s.changes
	}
	return nil, s.changes
}

// keep remembers what was read, unless some session has changed since.
func (s *sessions) keep(found casework.Session, changes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changes != changes {
		return
	}
	if s.known == nil || len(s.known) >= sessionCount {
		s.known = map[string]casework.Session{}
	}
	s.known[string(found.Hash)] = found
}

func (s *sessions) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known, s.changes = nil, s.changes+1
}

// PutSession keeps a session.
func (db *DB) PutSession(s casework.Session) error {
	return db.put(`INSERT INTO session (hash, person, device, made, seen, expires, proof) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		s.Hash, s.Person, s.Device, s.Made.UnixMilli(), s.Seen.UnixMilli(), s.Expires.UnixMilli(), s.Proof)
}

// FindSession is nil when there is none. Never write into its bytes.
func (db *DB) FindSession(hash []byte) (found *casework.Session, err error) {
	found, changes := db.sessions.find(hash)
	if found != nil {
		return found, nil
	}
	err = db.on(db.reader, func(c *conn) error {
		return c.session.each(func(r row) {
			found = &casework.Session{Hash: bytes.Clone(hash), Person: r.text(0), Device: r.text(1),
				Made: time.UnixMilli(r.num(2)), Seen: time.UnixMilli(r.num(3)), Expires: time.UnixMilli(r.num(4)), Proof: bytes.Clone(r.blob(5)), State: casework.DeviceState(r.text(6)),
				Number: r.num(7), Since: moment(r.num(8)), Newer: moment(r.num(9))}
		}, hash)
	})
	if err != nil || found == nil {
		return nil, err
	}
	db.sessions.keep(*found, changes)
	return found, nil
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// UseSession notes that it was used, and moves its cookie on where the value from still
// counts: somebody else who uses it may have done so first, or marked the next one.
func (db *DB) UseSession(s casework.Session, from int64) error {
	at := func(t time.Time) int64 {
		if t.IsZero() {
			return 0
		}
		return t.UnixMilli()
	}
	return db.put(`UPDATE session SET expires = MAX(expires, expires + ?6 - seen), seen = MAX(seen, ?6),
		newer = CASE WHEN number <> ?2 THEN newer WHEN number = ?3 THEN MAX(newer, ?5) ELSE ?5 END,
		since = CASE number WHEN ?2 THEN ?4 ELSE since END, number = CASE number WHEN ?2 THEN ?3 ELSE number END
		WHERE hash = ?1`, s.Hash, from, s.Number, at(s.Since), at(s.Newer), s.Seen.UnixMilli())
}

// SetProof keeps what the session must show from now on.
func (db *DB) SetProof(hash, proof []byte) error {
	return db.put(`UPDATE session SET proof = ? WHERE hash = ?`, proof, hash)
}

// EndSession ends one.
func (db *DB) EndSession(hash []byte) error {
	return db.put(`DELETE FROM session WHERE hash = ?`, hash)
}

// EndSessionsOf ends all of a person's.
func (db *DB) EndSessionsOf(person string) error {
	return db.put(`DELETE FROM session WHERE person = ?`, person)
}

// EndSessionsBut ends all of a person's but the one, and says how many there were.
func (db *DB) EndSessionsBut(person string, hash []byte) (ended int, err error) {
	rows, err := db.change(`DELETE FROM session WHERE person = ? AND hash <> ?`, person, hash)
	return int(rows), err
}

// EndSessionsOn ends those of a person on one device.
func (db *DB) EndSessionsOn(person, device string) error {
	return db.put(`DELETE FROM session WHERE person = ? AND device = ?`, person, device)
}
