package sqlite

import (
	"database/sql"
	"strings"
	"testing"
)

// TestNoStatementReadsAWholeTable asks SQLite how it would answer each prepared
// statement: what is stored must not slow down what is asked.
func TestNoStatementReadsAWholeTable(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	looked := 0
	for _, q := range queries(&statements{}) {
		if strings.Contains(q.sql, "kind = 'note'") || !strings.Contains(q.sql, "WHERE") || strings.HasPrefix(q.sql, "INSERT") {
			continue // the notes of a whole organisation are read for an export alone
		}
		args := make([]any, strings.Count(q.sql, "?"))
		rows, err := db.writer.Query("EXPLAIN QUERY PLAN "+q.sql, args...)
		must(t, err)
		for _, step := range plan(t, rows) {
			looked++
			if strings.HasPrefix(step, "SCAN") || strings.Contains(step, "(org=?)") {
				t.Errorf("%s\n\treads a whole table: %s", q.sql, step)
			}
		}
	}
	if looked < 10 {
		t.Fatalf("only %d steps were looked at", looked)
	}
}

func plan(t *testing.T, rows *sql.Rows) (steps []string) {
	t.Helper()
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var step string
		must(t, rows.Scan(&id, &parent, &unused, &step))
		steps = append(steps, step)
	}
	must(t, rows.Err())
	return steps
}
