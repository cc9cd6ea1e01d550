package sqlite

import (
	"encoding/json"
	"reflect"
	"testing"

	"bokvar/sync/merge"
)

var someFields = map[string]merge.Field{
	"street":   {Value: json.RawMessage(`"Åkargatan 3"`), Version: 2, By: "jonna", At: 1_795_438_475_905, Commit: "019a-b"},
	"children": {Value: json.RawMessage(`true`), Version: 1},
	"text":     {Value: json.RawMessage(`null`), Version: 1 << 40, At: -5},
	"unset":    {Version: 3},
}

func TestFieldsComeBack(t *testing.T) {
	for _, fields := range []map[string]merge.Field{{}, someFields} {
		got, err := readFields(appendFields(nil, fields))
		if err != nil || !reflect.DeepEqual(got, fields) {
			t.Errorf("%v came back as %v, %v", fields, got, err)
		}
	}
	asJSON, err := json.Marshal(someFields)
	if err != nil {
		t.Fatal(err)
	}
	got, err := readFields(asJSON)
	if err != nil || len(got) != len(someFields) || string(got["street"].Value) != `"Åkargatan 3"` {
		t.Errorf("JSON came back as %v, %v", got, err)
	}
}

func TestFieldsThatAreCutAreRefused(t *testing.T) {
	whole := appendFields(nil, someFields)
	for n := range whole {
		if got, err := readFields(whole[:n]); err == nil {
			t.Errorf("%d of %d bytes were read as %v", n, len(whole), got)
		}
	}
	if _, err := readFields(append(whole, 0)); err == nil {
		t.Error("a byte too many was read over")
	}
}

func FuzzReadFields(f *testing.F) {
	f.Add(appendFields(nil, someFields))
	f.Add([]byte(`{"a":{"v":1,"n":2}}`))
	f.Fuzz(func(t *testing.T, plain []byte) {
		fields, err := readFields(plain)
		if err != nil {
			return
		}
		again, err := readFields(appendFields(nil, fields))
		if err != nil || len(again) != len(fields) {
			t.Errorf("%v came back as %v, %v", fields, again, err)
		}
	})
}
