package sqlite

import (
	"bytes"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Bare measures the ceiling for `bokvar bench`: the very rows that commits of one
// note of a kilobyte leave behind (record, commit, payload, two inbox rows, audit,
// and the counters once a transaction), with the same file, options and
// statements, and nothing around them: no engine, no sealing, no savepoints.
func Bare(dir string, commits, perBatch int) (time.Duration, error) {
	db, err := Open(Options{Dir: dir})
	if err != nil {
		return 0, err
	}
	defer db.Close()
	note := bytes.Repeat([]byte("a"), 1400) // a sealed note with its other fields
	began := time.Now()
	for done := 0; done < commits; done += perBatch {
		tx, err := db.writer.Begin()
		if err != nil {
			return 0, err
		}
		for i := done; i < min(done+perBatch, commits); i++ {
			if err := db.bareCommit(tx, i, note); err != nil {
				_ = tx.Rollback()
				return 0, err
			}
		}
		for _, person := range []string{"author", "reader"} {
			if _, err := tx.Stmt(db.write.putCounter).Exec(person, done, done, 0, ""); err != nil {
				_ = tx.Rollback()
				return 0, err
			}
		}
		if err := tx.Commit(); err != nil {
			return 0, err
		}
	}
	return time.Since(began), nil
}

func (db *DB) bareCommit(tx *sql.Tx, i int, note []byte) error {
	record, commit, hash := uuid.NewString(), uuid.NewString(), note[:32]
	for _, row := range []struct {
		stmt *sql.Stmt
		args []any
	}{
		{db.write.putRecord, []any{"bench", record, "note", "root", note}},
		{db.write.putCommit, []any{"bench", commit, "author", "device", hash, fmt.Sprintf(`{"type":"receipt","commit":%q,"status":"saved"}`, commit)}},
		{db.write.putPayload, []any{"bench", commit, "root", record, note}},
		{db.write.putInbox, []any{"author", i + 1, "bench", record, false, hash[:16]}},
		{db.write.putInbox, []any{"reader", i + 1, "bench", record, false, hash[:16]}},
		{db.write.putAudit, []any{i, "author", "device", "commit", "bench", commit, hash}},
	} {
		if _, err := tx.Stmt(row.stmt).Exec(row.args...); err != nil {
			return err
		}
	}
	return nil
}
