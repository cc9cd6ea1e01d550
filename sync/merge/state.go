package merge

import (
	"encoding/json"

	"bokvar/sync/rules"
)

// State is a record as the server keeps it: every field with its version.
// A State is never written into once it has been handed on: make a new one.
type State struct {
	Org    string
	ID     string
	Kind   string
	Root   string // the record that decides who carries this one; "" for the whole organisation
	Fields map[string]Field
}

// Field is a value and where it came from.
type Field struct {
	Value   json.RawMessage `json:"v"`
	Version int64           `json:"n"`            // how many times the value has changed
	By      string          `json:"by,omitempty"` // person
	At      int64           `json:"at,omitempty"` // the author's clock, corrected, ms
	Commit  string          `json:"c,omitempty"`

	// Of fields whose word merges; neither ever leaves the server.
	Wrote json.RawMessage `json:"m,omitempty"` // what the author wrote, where Value was merged from it
	Was   []Former        `json:"w,omitempty"` // values before it, newest first
}

// Former is a value that a field had before.
type Former struct {
	Version int64           `json:"n"`
	Commit  string          `json:"c,omitempty"`
	Value   json.RawMessage `json:"v"`           // as its author wrote it
	Text    json.RawMessage `json:"t,omitempty"` // as it stood, where that was merged
}

// How much of a field's past is kept to merge from. A change that is based on an
// older version is not merged.
const (
	formerCount = 8
	formerBytes = 32 << 10
)

// Succeed is next as the field's value after current: it gets the next version
// and, where the row's word merges, the values before it.
func Succeed(row *rules.Row, current, next Field) Field {
	next.Version = current.Version + 1
	if row == nil || row.Word != rules.MergeText || current.Version == 0 {
		return next
	}
	size := 0
	for _, f := range append([]Former{current.former()}, current.Was...) {
		if size += len(f.Value) + len(f.Text); len(next.Was) == formerCount || size > formerBytes {
			break
		}
		next.Was = append(next.Was, f)
	}
	return next
}

func (f Field) former() Former {
	if f.Wrote == nil {
		return Former{Version: f.Version, Commit: f.Commit, Value: f.Value}
	}
	return Former{Version: f.Version, Commit: f.Commit, Value: f.Wrote, Text: f.Value}
}

// basis is the text that an author changed who had the version base from the
// server and on top of it what they wrote in the commits own: the newest of
// those as they wrote it, else the version as it stood.
func (f Field) basis(base int64, own func(commit string) bool) (v json.RawMessage, known bool) {
	for _, was := range append([]Former{f.former()}, f.Was...) {
		switch {
		case was.Version > base && own(was.Commit):
			return was.Value, true
		case was.Version == base && was.Text != nil:
			return was.Text, true
		case was.Version == base:
			return was.Value, true
		}
	}
	return nil, base == 0 // before the first value there was none
}

// clone returns a copy whose fields may be written.
func (s *State) clone() *State {
	c := *s
	c.Fields = make(map[string]Field, len(s.Fields)+4)
	for name, f := range s.Fields {
		c.Fields[name] = f
	}
	return &c
}

// With returns a copy of s in which the field is f.
func (s *State) With(name string, f Field) *State {
	c := s.clone()
	c.Fields[name] = f
	return c
}
