package casework

import (
	"encoding/json"
	"os"
	"testing"
)

// The vectors were made by neither of the two programs that must pass them.
func TestEvidenceHash(t *testing.T) {
	file, err := os.ReadFile("testdata/evidence.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		Name       string
		Giving     Signed
		Signatures []Signed
		Hash       string
	}
	if err := json.Unmarshal(file, &vectors); err != nil || len(vectors) == 0 {
		t.Fatalf("%d vectors: %v", len(vectors), err)
	}
	for _, v := range vectors {
		got, err := EvidenceHash(v.Giving, v.Signatures)
		if err != nil || got != v.Hash {
			t.Errorf("%s: %s, want %s (%v)", v.Name, got, v.Hash, err)
		}
		v.Giving.Fields["order"], v.Giving.Fields["wrong"] = json.RawMessage("7"), json.RawMessage(`["changed"]`)
		v.Giving.Fields["evidence"], v.Giving.Fields["relatives"] = json.RawMessage(`{"hash":""}`), json.RawMessage("null")
		if again, _ := EvidenceHash(v.Giving, v.Signatures); again != v.Hash {
			t.Errorf("%s: what the server wrote counts", v.Name)
		}
		for name := range v.Giving.Fields {
			if f := FieldOf("giving", name); f.House || name == "evidence" || name == "relatives" {
				continue
			}
			kept := v.Giving.Fields[name]
			v.Giving.Fields[name] = json.RawMessage(`"changed"`)
			if changed, _ := EvidenceHash(v.Giving, v.Signatures); changed == v.Hash {
				t.Errorf("%s: %s can be changed", v.Name, name)
			}
			v.Giving.Fields[name] = kept
		}
	}
}
