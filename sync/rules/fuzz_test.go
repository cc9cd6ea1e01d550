package rules_test

import (
	"errors"
	"testing"

	"bokvar/sync/rules"
)

// FuzzParse: whatever stands in the document, it is obeyed or refused with file
// and line, and a table that was taken says of each of its fields who wins.
func FuzzParse(f *testing.F) {
	table, err := rules.Load()
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(table.Markdown()))
	f.Add([]byte(document("| a | item | title | latest | x |\n")))
	f.Add([]byte(document("| a | item | stage, more | furthest(a<b<c) | x |\n| b | item | text | merge-text(10) | x |\n")))
	f.Fuzz(func(t *testing.T, text []byte) {
		table, err := rules.Parse("doc", text)
		if err != nil {
			var at *rules.Error
			if !errors.As(err, &at) || at.Line < 1 || at.File != "doc" || at.Sentence == "" {
				t.Fatalf("the mistake is %#v", err)
			}
			return
		}
		if table.Markdown() != string(text) || len(table.Rows()) == 0 {
			t.Fatal("the document is not the table")
		}
		for _, r := range table.Rows() {
			for _, field := range r.Fields {
				if table.Row(r.Kind, field) != r || table.Meaning(r.Word) == "" {
					t.Fatalf("%s.%s has no row of its own: %+v", r.Kind, field, r)
				}
			}
			for i, v := range r.Order {
				if r.Rank(v) != i {
					t.Fatalf("%s: %q has rank %d", r.ID, v, r.Rank(v))
				}
			}
		}
	})
}
