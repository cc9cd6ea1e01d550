package sqlite

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"slices"

	"bokvar/sync/merge"
)

// A record's fields are sealed as bytes that are quick to read: most of what the
// server does is reading records. The first byte names the layout; one that was
// sealed as JSON begins with a brace.
const fieldsLayout = 1

var errFields = errors.New("sqlite: the fields of a record cannot be read")

// appendFields writes the fields in the order of their names: for each its name,
// value, version, author, time and commit; texts with their length before them.
func appendFields(b []byte, fields map[string]merge.Field) []byte {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	b = append(b, fieldsLayout)
	b = binary.AppendUvarint(b, uint64(len(names)))
	for _, name := range names {
		f := fields[name]
		b = appendSized(b, name)
		b = appendSized(b, f.Value)
		b = binary.AppendVarint(b, f.Version)
		b = appendSized(b, f.By)
		b = binary.AppendVarint(b, f.At)
		b = appendSized(b, f.Commit)
	}
	return b
}

func appendSized[T string | json.RawMessage](b []byte, s T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// readFields is the way back. The values share plain; nobody writes into them.
func readFields(plain []byte) (map[string]merge.Field, error) {
	if len(plain) > 0 && plain[0] == '{' {
		var fields map[string]merge.Field
		return fields, json.Unmarshal(plain, &fields)
	}
	if len(plain) == 0 || plain[0] != fieldsLayout {
		return nil, errFields
	}
	r := fieldReader{bytes: plain, text: string(plain), at: 1}
	n := r.size()
	fields := make(map[string]merge.Field, n)
	for range n {
		name, _ := r.sized()
		var f merge.Field
		_, f.Value = r.sized()
		f.Version = r.number()
		f.By, _ = r.sized()
		f.At = r.number()
		f.Commit, _ = r.sized()
		fields[name] = f
	}
	if r.bad || r.at != len(plain) || len(fields) != n {
		return nil, errFields
	}
	return fields, nil
}

// fieldReader reads forward. What is not there makes it bad, and zero.
type fieldReader struct {
	bytes []byte
	text  string // the same, so that texts need no copies of their own
	at    int
	bad   bool
}

// size is a number of things that come, each of at least one byte.
func (r *fieldReader) size() int {
	v, n := binary.Uvarint(r.bytes[r.at:])
	if n <= 0 || v > uint64(len(r.bytes)-r.at-n) {
		r.bad, r.at = true, len(r.bytes)
		return 0
	}
	r.at += n
	return int(v)
}

func (r *fieldReader) number() int64 {
	v, n := binary.Varint(r.bytes[r.at:])
	if n <= 0 {
		r.bad, r.at = true, len(r.bytes)
		return 0
	}
	r.at += n
	return v
}

// sized is a text, also as bytes; nil when it is empty.
func (r *fieldReader) sized() (string, []byte) {
	n := r.size()
	if n == 0 {
		return "", nil
	}
	from := r.at
	r.at += n
	return r.text[from:r.at], r.bytes[from:r.at:r.at]
}
