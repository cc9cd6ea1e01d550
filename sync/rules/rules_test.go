package rules_test

import (
	"errors"
	"strings"
	"testing"

	"bokvar/sync/rules"
)

const head = "# x\n\n\n| word | means |\n| --- | --- |\n"

func document(rows string) string {
	var b strings.Builder
	b.WriteString(head)
	for _, w := range rules.Words() {
		b.WriteString("| " + string(w) + " | means |\n")
	}
	return b.String() + "\n| id | kind | field | word | who wins |\n| --- | --- | --- | --- | --- |\n" + rows
}

func TestR1_TheTableThatIsCompiledInIsRight(t *testing.T) {
	table, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	if r := table.Row("contact", "outcome"); r == nil || r.Word != rules.Ask || r.Wins == "" {
		t.Errorf("contact.outcome has the row %+v", r)
	}
	if r := table.Row("case", "stage"); r.Rank("reminder") != 0 || r.Rank("authority") != 4 || r.Rank("moon") != -1 {
		t.Errorf("the order of case.stage is %v", r.Order)
	}
	used := map[rules.Word]bool{}
	for _, r := range table.Rows() {
		used[r.Word] = true
	}
	for _, w := range rules.Words() {
		if !used[w] || table.Meaning(w) == "" {
			t.Errorf("the word %q is used: %v, explained: %q", w, used[w], table.Meaning(w))
		}
	}
	if !strings.Contains(table.Markdown(), "Vem vinner") {
		t.Error("the document is not there to be shown")
	}
}

func TestR2_WhatIsNotUnderstoodIsAnErrorWithItsLine(t *testing.T) {
	const good = "| a | item | title | latest | x |\n" // line 21
	for _, c := range []struct{ name, rows, want string }{
		{"unknown word", "| a | item | title | newest | x |\n", `doc:21: unknown word "newest"`},
		{"double id", good + "| a | item | phone | latest | x |\n", `doc:22: the id "a" stands on line 21 already`},
		{"field with two rows", good + "| b | item | phone, title | latest | x |\n", `doc:22: the field "title" of the kind "item" has a row on line 21`},
		{"missing cell", "| a | item | title | latest |\n", "doc:21: a row needs 5 cells"},
		{"empty cell", "| a | item | title | latest | |\n", `doc:21: the cell "who wins" is empty`},
		{"open row", "| a | item | title | latest | x\n", "doc:21: a row must begin and end with |"},
		{"parameter where there is none", "| a | item | title | latest(x) | x |\n", `doc:21: the word "latest" takes nothing in parentheses`},
		{"no parameter", "| a | item | title | furthest | x |\n", `doc:21: the word "furthest" needs something in parentheses`},
		{"open parenthesis", "| a | item | title | furthest(a<b | x |\n", `doc:21: the parenthesis of "furthest(a<b" is not closed`},
		{"value twice", "| a | item | title | furthest(a<a) | x |\n", "doc:21: the order"},
		{"no number", "| a | item | title | merge-text(long) | x |\n", `doc:21: "long" is no number from 1`},
		{"no room", "| a | item | title | merge-text(0) | x |\n", `doc:21: "0" is no number from 1`},
		{"one value", "| a | item | title | furthest(a) | x |\n", "doc:21: an order needs two values"},
		{"empty field", "| a | item | title, | latest | x |\n", "doc:21: an empty field name"},
		{"no row", "", "doc:20: there is no row"},
		{"another table", good + "\n| a | b |\n| --- | --- |\n", "doc:23: unknown table"},
		{"the table twice", good + "\n| id | kind | field | word | who wins |\n| --- | --- | --- | --- | --- |\n", "doc:23: this table stands here twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := rules.Parse("doc", []byte(document(c.rows)))
			var at *rules.Error
			if !errors.As(err, &at) || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got %v, want %s…", err, c.want)
			}
		})
	}
}

func TestR3_EveryWordIsExplainedOnce(t *testing.T) {
	rows := "| a | item | title | latest | x |\n"
	for _, c := range []struct{ from, to, want string }{
		{"| ask | means |\n", "", `doc:20: the word "ask" is not explained`},
		{"| ask | means |\n", "| ask | means |\n| ask | means |\n", `doc:12: the word "ask" is explained twice`},
		{"| ask | means |\n", "| asks | means |\n", `doc:11: unknown word "asks"`},
	} {
		text := strings.Replace(document(rows), c.from, c.to, 1)
		if _, err := rules.Parse("doc", []byte(text)); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestR4_TheTableIsComparedWithTheKinds(t *testing.T) {
	kinds := []rules.KindFields{{Kind: "item", Fields: []string{"title", "stage", "as_of"}, Choices: map[string][]string{"stage": {"a", "b"}}, Lengths: map[string]int{"title": 200}}}
	const rest = "| s | item | stage | furthest(a<b) | x |\n| t | item | as_of | latest | x |\n"
	for _, c := range []struct {
		name, rows, want string
		appendOnly       bool
	}{
		{"right", "| a | item | title | latest | x |\n" + rest, "", false},
		{"missing row", rest, `doc:22: no row for the field "title" of the kind "item"`, false},
		{"unknown field", "| a | item | title, colour | latest | x |\n" + rest, `doc:21: there is no field "colour" of the kind "item"`, false},
		{"unknown kind", "| a | item | title | latest | x |\n" + rest + "| z | moon | title | latest | x |\n", `doc:24: there is no field "title" of the kind "moon"`, false},
		{"unknown field in parentheses", "| a | item | title | latest-import(when) | x |\n" + rest, `doc:21: there is no field "when" of the kind "item"`, false},
		{"merged longer than written", "| a | item | title | merge-text(300) | x |\n" + rest, `doc:21: a merged "title" may have as many characters as a written one: 200 (0: it is no text)`, false},
		{"merging what is no text", "| a | item | title | latest | x |\n" + strings.Replace(rest, "| latest |", "| merge-text(5) |", 1), `doc:23: a merged "as_of" may have as many characters as a written one: 0 (0: it is no text)`, false},
		{"append-only", "| a | item | title | latest | x |\n" + rest, `doc:21: the kind "item" is append-only: its word must be locked or hold`, true},
		{"order of other values", "| a | item | title | latest | x |\n" + strings.Replace(rest, "a<b", "a<c", 1), `doc:22: the order of "stage" must name each of its choices once: [a b]`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := rules.Parse("doc", []byte(document(c.rows)))
			if err != nil {
				t.Fatal(err)
			}
			kinds[0].AppendOnly = c.appendOnly
			got := ""
			if err := table.Check(kinds); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
