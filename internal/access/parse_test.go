package access

import (
	"fmt"
	"strings"
	"testing"

	"bokvar/internal/casework"
)

func load(t *testing.T) *Table {
	t.Helper()
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestEveryGroupHasARowWithEveryColumn(t *testing.T) {
	table := load(t)
	if len(table.Rows) != len(casework.Groups()) {
		t.Errorf("%d rows for %d groups", len(table.Rows), len(casework.Groups()))
	}
	for _, row := range table.Rows {
		if len(row.Cells) != len(Columns) {
			t.Errorf("%s: %d cells", row.Group, len(row.Cells))
		}
	}
}

// Each change spoils the page in one way; the error must name the line.
func TestParseIsStrict(t *testing.T) {
	lines := strings.Split(Markdown, "\n")
	at := func(start string) int {
		for i, line := range lines {
			if strings.HasPrefix(line, start) {
				return i
			}
		}
		t.Fatalf("no line begins with %q", start)
		return 0
	}
	note, giving, colleague, rent, monthly := at("| note "), at("| giving "), at("| colleague "), at("| case.rent "), at("| monthly ")
	for name, c := range map[string]struct {
		line     int
		from, to string
		says     string
	}{
		"unknown word":             {note, "assigned/append", "sometimes/append", "sometimes"},
		"unknown word to write":    {note, "assigned/append", "assigned/erase", "erase"},
		"empty word to write":      {note, "assigned/append", "assigned/", "slash"},
		"across, first":            {note, "assigned/append", "consent/append", "stands after a plus sign"},
		"across, unshared kind":    {note, "assigned/append", "assigned+consent/append", "cannot be marked as shared"},
		"across, unknown word":     {note, "assigned/append", "assigned+often/append", "across the wall"},
		"counted without number":   {monthly, "yes+counted:5", "yes+counted", "with the least number"},
		"counted from one on":      {monthly, "yes+counted:5", "yes+counted:1", "with the least number"},
		"counted twice":            {monthly, "yes+counted:5", "yes+counted:5+counted:5", "once"},
		"two numbers that are few": {monthly, "yes+counted:5", "yes+counted:6", "one number on the page"},
		"numbers by consent":       {monthly, "yes+counted:5", "yes+consent", "cross as numbers"},
		"counted by nobody":        {monthly, "yes+counted:5", "never+counted:5", "yes"},
		"a note as a number":       {note, "own-unit/append", "own-unit+counted:5/append", "stored nowhere"},
		"a word with a number":     {note, "own-unit/append", "own-unit+consent:5/append", "takes no number"},
		"across, twice":            {note, "assigned/append", "assigned+notice+notice/append", "twice"},
		"write without read":       {note, "assigned/append", "never/append", "cannot read"},
		"change of what is kept":   {note, "assigned/append", "assigned/write", "append"},
		"collect elsewhere":        {note, "assigned/append", "never/collect", "collect"},
		"the server's field":       {rent, "assigned", "assigned/write", "the server alone"},
		"a unit for all":           {colleague, "yes", "own-unit", "no household"},
		"a group of nothing":       {note, "| note ", "| knot ", "knot"},
		"the same group again":     {giving, "| giving ", "| note   ", "already"},
		"a cell too few":           {note, "assigned/append", "|", "cells"},
		"unknown word to close":    {note, "shown", "hidden", "hidden"},
		"closed, nobody's":         {colleague, "shown", "fetched", "no household"},
		"closed, and crosses":      {at("| message  "), "shown", "fetched", "crosses to nobody"},
		"a column of another name": {at("| group "), "caretaker", "janitor", "columns"},
	} {
		spoiled := append([]string{}, lines...)
		spoiled[c.line] = strings.Replace(spoiled[c.line], c.from, c.to, 1)
		if c.to == "|" {
			spoiled[c.line] = "| note | a | b |"
		}
		_, err := Parse("access.md", strings.Join(spoiled, "\n"))
		want := fmt.Sprintf("access.md:%d: ", c.line+1)
		if err == nil || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %s… %s", name, err, want, c.says)
		}
	}
	without := append(append([]string{}, lines[:note]...), lines[note+1:]...)
	if _, err := Parse("access.md", strings.Join(without, "\n")); err == nil || !strings.Contains(err.Error(), `"note" has no row`) {
		t.Errorf("a missing row: got %v", err)
	}
	if _, err := Parse("access.md", "# Nothing\n"); err == nil {
		t.Error("a page without a table was taken")
	}
	if _, err := Parse("access.md", Markdown+"\n"+lines[note]+"\n"); err == nil {
		t.Error("a second table was taken")
	}
}
