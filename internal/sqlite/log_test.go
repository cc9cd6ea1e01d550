package sqlite

import (
	"strings"
	"testing"

	"bokvar/internal/audit"
)

// A search looks at so many rows and no more, by an index, however long the log is; what
// lies beyond that comes when it goes on.
func TestASearchOfTheLogIsBounded(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	town(t, db)
	numbers, rows := make([]int64, logLooked+5), make([]audit.Entry, logLooked+5)
	for i := range rows {
		numbers[i], rows[i] = int64(i+1), audit.Entry{At: int64(1_000_000 + i), Person: "kim", Action: audit.Denied, Org: "hem"}
	}
	rows[0].Action = audit.Export
	must(t, db.Told("kim", "phone", numbers, rows))
	q := LogQuery{Org: "hem", Actions: []string{audit.Export}, To: 2_000_000}
	found, err := db.SearchLog(q, 10)
	if err != nil || len(found.Rows) != 0 || found.Next == 0 {
		t.Fatalf("%+v %v", found, err)
	}
	q.Before = found.Next
	if found, err = db.SearchLog(q, 10); err != nil || len(found.Rows) != 1 || found.Next != 0 {
		t.Errorf("going on: %+v %v", found, err)
	}
	for _, q := range []LogQuery{q, {Org: "hem"}, {Org: "hem", Root: "h1", From: 5, Before: 7}} {
		query, args := q.statement()
		asked, err := db.reader.Query("EXPLAIN QUERY PLAN "+query, args...)
		must(t, err)
		steps := strings.Join(plan(t, asked), "; ")
		if want := map[bool]string{true: "audit_org_at", false: "audit_root_at"}[q.Root == ""]; !strings.Contains(steps, want) || strings.Contains(steps, "TEMP B-TREE") {
			t.Errorf("%+v is found by %s", q, steps)
		}
	}
}
