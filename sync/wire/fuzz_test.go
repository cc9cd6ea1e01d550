package wire_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"unicode/utf8"

	"bokvar/sync/server/servertest"
	"bokvar/sync/wire"
)

// vectorsInto gives a fuzz target every text of a file of sync/testdata/wire.
func vectorsInto(f *testing.F, file string) {
	raw, err := os.ReadFile("../testdata/wire/" + file)
	if err != nil {
		f.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(raw, &vectors); err != nil || len(vectors) == 0 {
		f.Fatalf("%s: %d vectors, %v", file, len(vectors), err)
	}
	for _, v := range vectors {
		f.Add([]byte(v.Text))
	}
}

// known says that the answer to what cannot be read is one that every device can
// show.
func known(t *testing.T, p *wire.Problem) {
	t.Helper()
	if p.Type != wire.TypeProblem || wire.Sentences[p.Code] == "" || p.Sentence != wire.Sentences[p.Code] {
		t.Fatalf("the problem is %+v", p)
	}
}

// again says that what was read, written and read again is the same.
func again(t *testing.T, m any, read func([]byte) (any, *wire.Problem)) {
	t.Helper()
	first, err := json.Marshal(m)
	if err != nil {
		t.Fatalf("%+v cannot be written: %v", m, err)
	}
	if len(first) > wire.MaxMessage {
		return // bytes that were escaped take more room
	}
	back, p := read(first)
	if p != nil {
		t.Fatalf("%s was read once and not again: %+v", first, p)
	}
	if second, _ := json.Marshal(back); !bytes.Equal(first, second) {
		t.Fatalf("read\n%s and then\n%s", first, second)
	}
}

// FuzzFromDevice: whatever a device sends is read or answered with a problem.
func FuzzFromDevice(f *testing.F) {
	vectorsInto(f, "from_device.json")
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, p := wire.FromDevice(raw)
		if p != nil {
			known(t, p)
			return
		}
		again(t, m, wire.FromDevice)
	})
}

// FuzzFromServer: the same for what a server sends.
func FuzzFromServer(f *testing.F) {
	vectorsInto(f, "from_server.json")
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, p := wire.FromServer(raw)
		if p != nil {
			known(t, p)
			return
		}
		if _, isProblem := m.(*wire.Problem); !isProblem {
			again(t, m, wire.FromServer)
		}
	})
}

// FuzzDecodeCommit: a commit is right or it is not; its parts are within limits,
// and what it says as a whole is what its changes say one by one.
func FuzzDecodeCommit(f *testing.F) {
	vectorsInto(f, "commits.json")
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, code := wire.DecodeCommit(raw)
		if code != "" {
			if code != wire.CodeMalformed && code != wire.CodeTooBig {
				t.Fatalf("the code is %q", code)
			}
			if p.ID != "" && !wire.ValidID(p.ID) {
				t.Fatalf("the id is %q", p.ID)
			}
			return
		}
		if !utf8.Valid(raw) || !wire.ValidID(p.ID) || len(p.Changes) == 0 || len(p.Changes) != len(p.Raw) || p.Cursor < 0 || p.At < 0 {
			t.Fatalf("taken as right: %+v", p)
		}
		for i, c := range p.Changes {
			var one wire.Change
			if err := json.Unmarshal(p.Raw[i], &one); err != nil || one.Record != c.Record || len(one.Fields) != len(c.Fields) {
				t.Fatalf("change %d is %+v and as it came %s (%v)", i, c, p.Raw[i], err)
			}
			for name, set := range c.Fields {
				if set.Base < 0 || !json.Valid(set.Value) || !wire.ValidName(name) {
					t.Fatalf("change %d sets %s to %s on %d", i, name, set.Value, set.Base)
				}
			}
		}
	})
}

// FuzzDecodeBatch: the body of a request.
func FuzzDecodeBatch(f *testing.F) {
	f.Add([]byte(`{"messages":[{"type":"have","cursor":1},5]}`))
	f.Add([]byte(`{"messages":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, p := wire.DecodeBatch(raw, 1<<16)
		if p != nil {
			known(t, p)
			return
		}
		for _, m := range b.Messages {
			if _, p := wire.FromDevice(m); p != nil {
				known(t, p)
			}
		}
	})
}

// FuzzHashRecord: the hash of a record does not depend on how its JSON was
// written: another order of keys, spaces, or escapes.
func FuzzHashRecord(f *testing.F) {
	raw, err := os.ReadFile("../testdata/digest/records.json")
	if err != nil {
		f.Fatal(err)
	}
	var vectors []struct{ Text string }
	if err := json.Unmarshal(raw, &vectors); err != nil || len(vectors) == 0 {
		f.Fatal(len(vectors), err)
	}
	for _, v := range vectors {
		f.Add([]byte(v.Text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var r wire.Record
		if !utf8.Valid(raw) || json.Unmarshal(raw, &r) != nil {
			return
		}
		var spaced bytes.Buffer
		fields, err := json.Marshal(r.Fields) // also escapes < > & anew
		if err != nil || json.Indent(&spaced, fields, " ", "\t") != nil {
			t.Fatalf("%s: %v", fields, err)
		}
		var other map[string]json.RawMessage
		if err := json.Unmarshal(spaced.Bytes(), &other); err != nil {
			t.Fatal(err)
		}
		if a, b := servertest.HashOf(r), servertest.HashOf(wire.Record{Org: r.Org, ID: r.ID, Kind: r.Kind, Room: r.Room, Fields: other, Versions: r.Versions}); a != b {
			t.Fatalf("%s: %s, with spaces %s", raw, a, b)
		}
	})
}
