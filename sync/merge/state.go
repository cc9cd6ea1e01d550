package merge

import "encoding/json"

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
