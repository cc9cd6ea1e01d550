package main

import (
	"bytes"
	"os"
	"testing"
)

func TestTheCommittedTypesAreThoseOfTheSchema(t *testing.T) {
	want, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../../static/src/schema.gen.ts")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("static/src/schema.gen.ts is not what the schema says: run go generate ./internal/casework")
	}
}
