package sqlite

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Bare measures the ceiling for `bokvar bench`: the very rows that commits of one
// note of a kilobyte leave behind (record, commit with payload, two inbox rows,
// audit, and the counters once a transaction), with the same file, options and
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
		err := db.on(db.writer, func(c *conn) error { return c.bareGroup(done, min(done+perBatch, commits), note) })
		if err != nil {
			return 0, err
		}
	}
	return time.Since(began), nil
}

// bareGroup writes the rows of one group commit. Every commit has another author,
// as when every device waits for its receipt.
func (c *conn) bareGroup(from, to int, note []byte) error {
	if err := c.beginWrite.exec(); err != nil {
		return err
	}
	for i := from; i < to; i++ {
		if err := c.bareCommit(i, fmt.Sprint("author-", i-from), note); err != nil {
			_ = c.rollback.exec()
			return err
		}
	}
	return c.commitAll.exec()
}

func (c *conn) bareCommit(i int, author string, note []byte) error {
	record, commit, hash := uuid.NewString(), uuid.NewString(), note[:32]
	receipt := fmt.Sprintf(`{"type":"receipt","commit":%q,"status":"saved"}`, commit)
	for _, one := range []struct {
		s    *stmt
		args []any
	}{
		{c.putRecord, []any{"bench", record, "note", "root-" + author, note}},
		{c.putCommit, []any{"bench", commit, author, "device", hash, receipt, "root-" + author, record, note}},
		{c.putInbox, []any{"bench", record, author, i + 1, false, hash[:16]}},
		{c.putInbox, []any{"bench", record, "reader", i + 1, false, hash[:16]}},
		{c.putAudit, []any{i, author, "device", "commit", "bench", commit, "root-" + author, hash, hash}},
		{c.putCounter, []any{author, i, 0, ""}},
	} {
		if err := one.s.exec(one.args...); err != nil {
			return err
		}
	}
	return nil
}

// CopyInbox gives others the very inbox of a person, as if everything had come to each of
// them as well, for a bench that cannot wait for twenty million rows to be written one by
// one. Verify would find them: nobody has signed for them.
func (db *DB) CopyInbox(person string, others []string) error {
	names, err := json.Marshal(others)
	if err != nil {
		return err
	}
	return db.on(db.writer, func(c *conn) error {
		for _, step := range []struct {
			query string
			args  []any
		}{
			{`DROP INDEX inbox_seq`, nil}, // made anew at the end, in order
			{`INSERT INTO inbox SELECT i.org, i.record, n.value, i.seq, i.gone, i.hash FROM inbox i CROSS JOIN json_each(?) n WHERE i.person = ? ORDER BY i.org, i.record, n.value`, []any{string(names), person}},
			{`CREATE INDEX inbox_seq ON inbox (person, seq, gone, hash)`, nil},
			{`INSERT OR REPLACE INTO counter SELECT n.value, c.number, c.epoch, c.scope_day FROM counter c CROSS JOIN json_each(?) n WHERE c.person = ?`, []any{string(names), person}}, // what they carry was worked out today
		} {
			if _, err := c.once(step.query, step.args); err != nil {
				return err
			}
		}
		return nil
	})
}
