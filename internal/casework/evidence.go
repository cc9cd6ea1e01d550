package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"bokvar/sync/wire"
)

// Evidence is what the phone noted of a consent when it was given: the hash of
// everything that was on the screen and signed, and which signatures it covers.
// It proves that nothing changed since; who held the phone it does not prove.
type Evidence struct {
	Hash       string   `json:"hash"`       // SHA-256, hex
	Signatures []string `json:"signatures"` // ids, in the order in which they were given
	// Device is the phone's own signature over the text of Hash, base64url; "" when
	// it could not sign. It proves that the note was made in that browser, no more.
	Device string `json:"device,omitempty"`
}

// Signed is one record as it was signed: its id and the fields that the phone wrote.
type Signed struct {
	ID     string                     `json:"id"`
	Fields map[string]json.RawMessage `json:"fields"`
}

// EvidenceHash is the hash of a giving with its signatures: SHA-256 over their
// canonical JSON (RFC 8785). What the server wrote, the evidence itself and fields
// without a value are left out.
func EvidenceHash(giving Signed, signatures []Signed) (string, error) {
	giving.Fields = written("giving", giving.Fields)
	list := make([]Signed, len(signatures))
	for i, s := range signatures {
		list[i] = Signed{s.ID, written("signature", s.Fields)}
	}
	raw, err := json.Marshal(struct {
		Giving     Signed   `json:"giving"`
		Signatures []Signed `json:"signatures"`
	}{giving, list})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(wire.CanonicalJSON(raw))
	return hex.EncodeToString(sum[:]), nil
}

func written(kind string, fields map[string]json.RawMessage) map[string]json.RawMessage {
	out := make(map[string]json.RawMessage, len(fields))
	for name, value := range fields {
		if f := FieldOf(kind, name); f != nil && !f.House && name != "evidence" && !IsNull(value) {
			out[name] = value
		}
	}
	return out
}
