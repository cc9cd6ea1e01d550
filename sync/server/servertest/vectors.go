package servertest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"bokvar/sync/rules"
	"bokvar/sync/wire"
)

// Vectors reads every *.json file of a folder. None at all is a failure.
func Vectors[T any](t *testing.T, folder string) map[string]T {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors in %s (%v)", folder, err)
	}
	out := map[string]T{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var v T
		d := json.NewDecoder(strings.NewReader(string(raw)))
		d.DisallowUnknownFields()
		if err := d.Decode(&v); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out[strings.TrimSuffix(filepath.Base(file), ".json")] = v
	}
	return out
}

// MergeFile is one file of sync/testdata/merge: what a word makes of two commits
// a and b that arrive in either order, in every field of its rows.
type MergeFile struct {
	Word  rules.Word  `json:"word"`
	Rows  []string    `json:"rows"`
	Cases []MergeCase `json:"cases"`
}

// MergeCase is one story. Start is the field's value before, at version 1; no
// start means that the record is not there. "<least>" and "<most>" stand for the
// first and the last value of the row's order.
type MergeCase struct {
	Name      string          `json:"name"`
	Start     json.RawMessage `json:"start"`
	StartAsOf int64           `json:"start_as_of"`
	A         MergeStep       `json:"a"`
	B         MergeStep       `json:"b"`
	AB        MergeResult     `json:"ab"`
	BA        MergeResult     `json:"ba"`
}

// MergeStep is one commit: At is ms on a common clock, AsOf goes into the field
// that the row's word names.
type MergeStep struct {
	Value json.RawMessage `json:"v"`
	Base  int64           `json:"base"`
	At    int64           `json:"at"`
	AsOf  int64           `json:"as_of"`
}

// MergeResult is what holds in the end: the value, and the one that was Lost and
// kept As "kept" or "open"; or which commit was turned Down, with which Status.
type MergeResult struct {
	Value  json.RawMessage `json:"v"`
	Lost   json.RawMessage `json:"lost"`
	As     string          `json:"as"`
	Down   string          `json:"down"`
	Status string          `json:"status"`
}

// In puts a row's own values into the case.
func (c MergeCase) In(row *rules.Row) MergeCase {
	for _, v := range []*json.RawMessage{&c.Start, &c.A.Value, &c.B.Value, &c.AB.Value, &c.AB.Lost, &c.BA.Value, &c.BA.Lost} {
		if len(row.Order) > 0 {
			*v = place(*v, `"<least>"`, row.Order[0])
			*v = place(*v, `"<most>"`, row.Order[len(row.Order)-1])
		}
	}
	return c
}

func place(v json.RawMessage, name, value string) json.RawMessage {
	if string(v) != name {
		return v
	}
	if _, err := strconv.ParseBool(value); err == nil {
		return json.RawMessage(value)
	}
	return json.RawMessage(strconv.Quote(value))
}

// MergeVectors reads the merge vectors and checks that together they exercise
// every row of the table, each under its own word.
func MergeVectors(t *testing.T, folder string, table *rules.Table) map[*rules.Row][]MergeCase {
	t.Helper()
	byID := map[string]*rules.Row{}
	for _, r := range table.Rows() {
		byID[r.ID] = r
	}
	out := map[*rules.Row][]MergeCase{}
	for name, file := range Vectors[MergeFile](t, folder) {
		if len(file.Rows) == 0 || len(file.Cases) == 0 {
			t.Errorf("%s.json exercises nothing", name)
		}
		for _, id := range file.Rows {
			row := byID[id]
			if row == nil || row.Word != file.Word {
				t.Errorf("%s.json: rules.md has no row %q with the word %q", name, id, file.Word)
				continue
			}
			for _, c := range file.Cases {
				out[row] = append(out[row], c.In(row))
			}
		}
	}
	for _, r := range table.Rows() {
		if len(out[r]) == 0 {
			t.Errorf("no merge vector exercises the row %q", r.ID)
		}
	}
	return out
}

// HashOf is the hash of a record as a device keeps it.
func HashOf(r wire.Record) wire.Sum {
	return wire.HashRecord(r.Org, r.ID, r.Kind, r.Room, r.Fields, r.Versions)
}
