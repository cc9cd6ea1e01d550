package wire_test

import (
	"encoding/json"
	"testing"

	"bokvar/sync/server/servertest"
	"bokvar/sync/wire"
)

// TestW10_Vectors runs sync/testdata/digest, which the app's tests run as well:
// both must make the same hash of the same record.
func TestW10_Vectors(t *testing.T) {
	for file, vectors := range servertest.Vectors[[]struct{ Name, Text, Hash string }](t, "../testdata/digest") {
		if len(vectors) == 0 {
			t.Errorf("%s.json is empty", file)
		}
		for _, v := range vectors {
			t.Run(v.Name, func(t *testing.T) {
				var r wire.Record
				if err := json.Unmarshal([]byte(v.Text), &r); err != nil {
					t.Fatal(err)
				}
				if got := wire.HashRecord(r.Org, r.ID, r.Kind, r.Room, r.Fields, r.Versions).String(); got != v.Hash {
					t.Errorf("the hash is %s, want %s", got, v.Hash)
				}
			})
		}
	}
}

func TestW10_WhatIsTakenInAndOutAgainLeavesTheSumAsItWas(t *testing.T) {
	var sum wire.Sum
	a, b := wire.HashBytes([]byte("a")), wire.HashBytes([]byte("b"))
	sum.Add(a)
	sum.Add(b)
	sum.Add(a)
	if sum != b || a == b {
		t.Errorf("the sum is %s, want %s", sum, b)
	}
}
