package main

import (
	"bytes"
	"os"
	"testing"
)

func TestTheCommittedTypesAreThoseOfTheSchema(t *testing.T) {
	schema, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string][]byte{"schema.gen.ts": schema, "tongues.gen.ts": generateTongues(), "grounds.gen.ts": generateGrounds()} {
		got, err := os.ReadFile("../../../static/src/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("static/src/%s is not what the schema says: run go generate ./internal/casework", file)
		}
	}
}
