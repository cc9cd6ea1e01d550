package merge

import (
	"bytes"
	"encoding/json"
	"reflect"
)

// Equal says whether two JSON values are the same: spaces and the order of keys
// do not count. A missing value is null.
func Equal(a, b json.RawMessage) bool {
	if bytes.Equal(a, b) {
		return true
	}
	if isNull(a) || isNull(b) {
		return isNull(a) && isNull(b)
	}
	// Most values are strings, numbers and booleans, whose first byte tells.
	if a[0] != b[0] && !space(a[0]) && !space(b[0]) {
		return false
	}
	x, okX := decode(a)
	y, okY := decode(b)
	return okX && okY && reflect.DeepEqual(x, y)
}

func isNull(v json.RawMessage) bool {
	return len(v) == 0 || bytes.Equal(bytes.TrimSpace(v), []byte("null"))
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// decode keeps numbers as they were written: öre must not be rounded.
func decode(v json.RawMessage) (x any, ok bool) {
	d := json.NewDecoder(bytes.NewReader(v))
	d.UseNumber()
	err := d.Decode(&x)
	return x, err == nil
}
