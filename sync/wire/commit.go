package wire

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// Limits of one commit's parts, beside MaxCommit.
const (
	MaxID      = 64  // bytes of the id of a commit, record, organisation or device
	MaxName    = 40  // bytes of the name of a kind or field
	MaxChanges = 200 // changes of one commit
	MaxFields  = 100 // fields of one change
	MaxAfter   = 200 // predecessors of one commit
)

// Parts is a commit read once: its changes also as they came, so that they can
// be kept without being written anew.
type Parts struct {
	Commit
	Raw []json.RawMessage // of each change
}

// DecodeCommit reads one commit of a device. The code is "" when it is right,
// else malformed or too_big; the ID is then set as far as it could be read, and
// a commit without a readable ID cannot be answered for ever.
func DecodeCommit(raw []byte) (p Parts, code string) {
	if len(raw) > MaxCommit {
		return Parts{Commit: Commit{ID: idOf(raw)}}, CodeTooBig
	}
	if utf8.Valid(raw) {
		if p, ok := quickCommit(raw); ok && p.right() {
			return p, ""
		}
	}
	return commitInFull(raw)
}

// commitInFull is DecodeCommit for any commit.
func commitInFull(raw []byte) (p Parts, code string) {
	var c struct {
		ID      string            `json:"id"`
		After   []string          `json:"after"`
		At      int64             `json:"at"`
		Cursor  int64             `json:"cursor"`
		Changes []json.RawMessage `json:"changes"`
	}
	if !utf8.Valid(raw) || json.Unmarshal(raw, &c) != nil || !ValidID(c.ID) {
		return Parts{Commit: Commit{ID: idOf(raw)}}, CodeMalformed
	}
	p = Parts{Commit: Commit{ID: c.ID, After: c.After, At: c.At, Cursor: c.Cursor}, Raw: c.Changes}
	if len(c.Changes) == 0 || len(c.Changes) > MaxChanges {
		return p, CodeMalformed
	}
	p.Changes = make([]Change, len(c.Changes))
	for i, r := range c.Changes {
		if json.Unmarshal(r, &p.Changes[i]) != nil {
			return p, CodeMalformed
		}
	}
	if !p.right() {
		return p, CodeMalformed
	}
	return p, ""
}

// right says whether a commit that was read keeps what W4 asks.
func (p *Parts) right() bool {
	if !ValidID(p.ID) || len(p.Changes) == 0 || len(p.Changes) > MaxChanges || len(p.After) > MaxAfter || p.At < 0 || p.Cursor < 0 {
		return false
	}
	for _, id := range p.After {
		if !ValidID(id) || id == p.ID {
			return false
		}
	}
	for i := range p.Changes {
		if !validChange(&p.Changes[i]) {
			return false
		}
	}
	return true
}

func validChange(c *Change) bool {
	if !ValidID(c.Record) || !ValidName(c.Kind) || (c.Org != "" && !ValidID(c.Org)) {
		return false
	}
	if len(c.Fields) == 0 || len(c.Fields) > MaxFields {
		return false
	}
	for name, set := range c.Fields {
		if !ValidName(name) || len(set.Value) == 0 || set.Base < 0 {
			return false
		}
	}
	return true
}

// ValidID says whether s can be an id: 1 to MaxID letters, digits and "-_.:".
func ValidID(s string) bool {
	if len(s) == 0 || len(s) > MaxID {
		return false
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.', c == ':':
		default:
			return false
		}
	}
	return true
}

// ValidName says whether s can name a kind or a field: a small letter, then
// small letters, digits and "_".
func ValidName(s string) bool {
	if len(s) == 0 || len(s) > MaxName || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '_':
		default:
			return false
		}
	}
	return true
}

// idOf finds the id of a commit that is otherwise not readable, "" when there
// is none to be found.
func idOf(raw []byte) string {
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return ""
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return ""
		}
		var v json.RawMessage
		if d.Decode(&v) != nil {
			return ""
		}
		if id := ""; key == "id" && json.Unmarshal(v, &id) == nil && ValidID(id) {
			return id
		}
	}
	return ""
}
