package wire

import (
	"encoding/json"
	"unicode/utf8"
)

// quick reads JSON in the shape that apps write it, once and without copies. What
// it does not expect (another key, a key twice, an escape in a name, anything that
// is not right) it leaves to encoding/json, which decides: ok is then false. The
// text must be valid UTF-8. What it reads shares the text's bytes.
type quick struct {
	b  []byte
	s  string // the same, for names and ids
	at int
}

// quickDepth is how deep values may lie in each other.
const quickDepth = 30

// quickMessage is what FromDevice answers to a right commits or have.
func quickMessage(raw []byte) (m any, ok bool) {
	q := quick{b: raw}
	var kind string
	var commits []json.RawMessage
	var cursor int64
	var seen [3]bool
	ok = q.object(func(key []byte) bool {
		switch string(key) {
		case "type":
			v, ok := q.text()
			kind = string(v)
			return ok && once(&seen[0])
		case "commits":
			return once(&seen[1]) && q.array(func() (ok bool) {
				v, ok := q.value(quickDepth)
				commits = append(commits, v)
				return ok
			})
		case "cursor":
			cursor, ok = q.whole()
			return ok && once(&seen[2])
		}
		return false
	})
	switch {
	case !ok || !q.over():
		return nil, false
	case kind == string(TypeCommits) && len(commits) > 0 && !seen[2]:
		return &Commits{Type: TypeCommits, Commits: commits}, true
	case kind == string(TypeHave) && !seen[1] && seen[2] && cursor >= 0:
		return &Have{Type: TypeHave, Cursor: cursor}, true
	}
	return nil, false
}

// quickPage is what FromServer answers to a page.
func quickPage(raw []byte) (*Page, bool) {
	q := quick{b: raw}
	var p Page
	var seen [6]bool
	ok := q.object(func(key []byte) (ok bool) {
		switch string(key) {
		case "type":
			v, ok := q.text()
			p.Type = TypePage
			return ok && string(v) == string(TypePage) && once(&seen[0])
		case "epoch":
			p.Epoch, ok = q.whole()
			return ok && once(&seen[1])
		case "from":
			p.From, ok = q.whole()
			return ok && once(&seen[2])
		case "cursor":
			p.Cursor, ok = q.whole()
			return ok && once(&seen[3])
		case "waiting":
			p.Waiting, ok = q.whole()
			return ok && once(&seen[4])
		case "records":
			p.Records = []json.RawMessage{}
			return once(&seen[5]) && q.array(func() bool {
				v, ok := q.value(quickDepth)
				p.Records = append(p.Records, v)
				return ok
			})
		}
		return false
	})
	return &p, ok && q.over() && seen[0]
}

// quickCommit is what DecodeCommit answers to a right commit, before its limits
// are looked at.
func quickCommit(raw []byte) (p Parts, ok bool) {
	q := quick{b: raw, s: string(raw)}
	var seen [5]bool
	ok = q.object(func(key []byte) (ok bool) {
		switch string(key) {
		case "id":
			p.ID, ok = q.name()
			return ok && once(&seen[0])
		case "after":
			p.After = []string{}
			return once(&seen[1]) && q.array(func() bool {
				id, ok := q.name()
				p.After = append(p.After, id)
				return ok
			})
		case "at":
			p.At, ok = q.whole()
			return ok && once(&seen[2])
		case "cursor":
			p.Cursor, ok = q.whole()
			return ok && once(&seen[3])
		case "changes":
			return once(&seen[4]) && q.array(func() bool {
				from := q.at // at the value: array has passed over the space
				c, ok := q.change()
				p.Changes, p.Raw = append(p.Changes, c), append(p.Raw, raw[from:q.at:q.at])
				return ok
			})
		}
		return false
	})
	return p, ok && q.over()
}

func (q *quick) change() (c Change, ok bool) {
	var seen [4]bool
	ok = q.object(func(key []byte) (ok bool) {
		switch string(key) {
		case "org":
			c.Org, ok = q.name()
			return ok && once(&seen[0])
		case "kind":
			c.Kind, ok = q.name()
			return ok && once(&seen[1])
		case "record":
			c.Record, ok = q.name()
			return ok && once(&seen[2])
		case "fields":
			c.Fields = map[string]Set{}
			return once(&seen[3]) && q.object(func(key []byte) bool {
				name := q.s[q.at-len(key)-2:][:len(key)] // the colon was passed over, without space: see object
				set, ok := q.set()
				_, twice := c.Fields[name]
				c.Fields[name] = set
				return ok && !twice
			})
		}
		return false
	})
	return c, ok
}

func (q *quick) set() (s Set, ok bool) {
	var seen [2]bool
	ok = q.object(func(key []byte) (ok bool) {
		switch string(key) {
		case "v":
			s.Value, ok = q.value(quickDepth)
			return ok && once(&seen[0])
		case "b":
			s.Base, ok = q.whole()
			return ok && once(&seen[1])
		}
		return false
	})
	return s, ok && seen[0]
}

func once(seen *bool) bool {
	before := *seen
	*seen = true
	return !before
}

// object reads an object, handing each key to member, which reads the value.
func (q *quick) object(member func(key []byte) bool) bool {
	if !q.take('{') {
		return false
	}
	if q.take('}') {
		return true
	}
	for {
		key, ok := q.text()
		if !ok || q.at >= len(q.b) || q.b[q.at] != ':' { // a space before the colon is unusual
			return false
		}
		q.at++
		if !member(key) {
			return false
		}
		if q.take(',') {
			continue
		}
		return q.take('}')
	}
}

// array reads an array, calling element at each value.
func (q *quick) array(element func() bool) bool {
	if !q.take('[') {
		return false
	}
	if q.take(']') {
		return true
	}
	for {
		q.space()
		if !element() {
			return false
		}
		if q.take(',') {
			continue
		}
		return q.take(']')
	}
}

func (q *quick) space() {
	for q.at < len(q.b) && (q.b[q.at] == ' ' || q.b[q.at] == '\n' || q.b[q.at] == '\t' || q.b[q.at] == '\r') {
		q.at++
	}
}

func (q *quick) take(c byte) bool {
	q.space()
	if q.at < len(q.b) && q.b[q.at] == c {
		q.at++
		return true
	}
	return false
}

// over says whether nothing but space is left.
func (q *quick) over() bool {
	q.space()
	return q.at == len(q.b)
}

// text reads a string without escapes.
func (q *quick) text() ([]byte, bool) {
	if !q.take('"') {
		return nil, false
	}
	for from := q.at; q.at < len(q.b); q.at++ {
		switch c := q.b[q.at]; {
		case c == '"':
			q.at++
			return q.b[from : q.at-1], true
		case c == '\\' || c < ' ':
			return nil, false
		}
	}
	return nil, false
}

// name is text that is kept.
func (q *quick) name() (string, bool) {
	v, ok := q.text()
	return q.s[q.at-1-len(v):][:len(v)], ok
}

// whole reads a whole number of at most 18 digits.
func (q *quick) whole() (n int64, ok bool) {
	q.space()
	from := q.at
	if v, ok := q.value(0); !ok || len(v) > 18 {
		return 0, false
	}
	digits := q.b[from:q.at]
	minus := digits[0] == '-'
	if minus {
		digits = digits[1:]
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if minus {
		n = -n
	}
	return n, true
}

// value passes over any value and returns its bytes.
func (q *quick) value(depth int) (json.RawMessage, bool) {
	q.space()
	from := q.at
	if from >= len(q.b) {
		return nil, false
	}
	ok := false
	switch c := q.b[from]; {
	case c == '"':
		ok = q.quoted()
	case c == '{':
		ok = depth > 0 && q.object(func([]byte) bool { _, ok := q.value(depth - 1); return ok })
	case c == '[':
		ok = depth > 0 && q.array(func() bool { _, ok := q.value(depth - 1); return ok })
	case c == 't':
		ok = q.literal("true")
	case c == 'f':
		ok = q.literal("false")
	case c == 'n':
		ok = q.literal("null")
	default:
		ok = q.number()
	}
	return q.b[from:q.at:q.at], ok
}

func (q *quick) literal(word string) bool {
	if len(q.b)-q.at < len(word) || string(q.b[q.at:q.at+len(word)]) != word {
		return false
	}
	q.at += len(word)
	return true
}

// quoted passes over a string, escapes and all.
func (q *quick) quoted() bool {
	for i := q.at + 1; i < len(q.b); i++ {
		switch c := q.b[i]; {
		case c == '"':
			q.at = i + 1
			return true
		case c < ' ':
			return false
		case c == '\\':
			if i++; i >= len(q.b) {
				return false
			}
			switch q.b[i] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			case 'u':
				for range 4 {
					if i++; i >= len(q.b) || !isHex(q.b[i]) {
						return false
					}
				}
			default:
				return false
			}
		}
	}
	return false
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// number passes over a number.
func (q *quick) number() bool {
	if q.at < len(q.b) && q.b[q.at] == '-' {
		q.at++
	}
	if q.at < len(q.b) && q.b[q.at] == '0' {
		q.at++
	} else if !q.digits() {
		return false
	}
	if q.at < len(q.b) && q.b[q.at] == '.' {
		if q.at++; !q.digits() {
			return false
		}
	}
	if q.at < len(q.b) && (q.b[q.at] == 'e' || q.b[q.at] == 'E') {
		if q.at++; q.at < len(q.b) && (q.b[q.at] == '+' || q.b[q.at] == '-') {
			q.at++
		}
		return q.digits()
	}
	return true
}

func (q *quick) digits() bool {
	from := q.at
	for q.at < len(q.b) && q.b[q.at] >= '0' && q.b[q.at] <= '9' {
		q.at++
	}
	return q.at > from
}

// Plain is the text of a JSON string that has nothing escaped; false for any other
// value, which is then to be read in full.
func Plain(v json.RawMessage) (string, bool) {
	n := len(v)
	if n < 2 || v[0] != '"' || v[n-1] != '"' {
		return "", false
	}
	for _, c := range v[1 : n-1] {
		if c == '\\' || c == '"' || c < ' ' {
			return "", false
		}
	}
	return string(v[1 : n-1]), utf8.Valid(v)
}
