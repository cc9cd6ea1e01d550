package office

import (
	"testing"

	"bokvar/internal/casework"
	"bokvar/sync/rules"
)

// rules.md has a row for every field of every kind, and no other.
func TestEveryFieldHasItsRule(t *testing.T) {
	table, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range casework.Schema {
		for _, f := range k.Fields {
			if table.Row(k.Name, f.Name) == nil {
				t.Errorf("rules.md has no row for %s.%s", k.Name, f.Name)
			}
		}
	}
}
