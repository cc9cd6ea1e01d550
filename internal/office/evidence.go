package office

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// asSigned says whether a giving and its signatures are what the phone noted when
// they were given. One that came without a note (from an old app, or written in
// by the unit) is taken as it is.
func asSigned(giving *server.State, signatures []*server.State) (bool, error) {
	note := object[casework.Evidence](giving.Fields["evidence"].Value)
	if note == nil {
		return casework.IsNull(giving.Fields["evidence"].Value), nil
	}
	var signed []casework.Signed
	for _, id := range note.Signatures {
		at := slices.IndexFunc(signatures, func(s *server.State) bool { return s.ID == id })
		if at < 0 {
			return false, nil
		}
		signed = append(signed, signedOf(signatures[at]))
	}
	hash, err := casework.EvidenceHash(signedOf(giving), signed)
	return hash == note.Hash, err
}

// proven says whether the phone that sent a giving has signed its evidence with the
// key that the server knows of it. One that has not, or has a new key by now, is
// not wrong for that: this is one proof more, and no condition.
func (w *work) proven(giving *server.State) (bool, error) {
	note := object[casework.Evidence](giving.Fields["evidence"].Value)
	if note == nil || note.Device == "" || w.Signed == nil {
		return false, nil
	}
	signature, err := base64.RawURLEncoding.DecodeString(note.Device)
	if err != nil {
		return false, nil
	}
	return w.Signed(w.author.Person, w.author.Device, []byte(note.Hash), signature)
}

func signedOf(record *server.State) casework.Signed {
	s := casework.Signed{ID: record.ID, Fields: map[string]json.RawMessage{}}
	for name, field := range record.Fields {
		s.Fields[name] = field.Value
	}
	return s
}

// VerifyConsents recomputes the evidence of every consent of the organisation and
// answers how many have some. The error names the first that is not what was
// signed, unless the server has held it for that since it came.
func VerifyConsents(f casework.Facts, org string) (checked int64, err error) {
	givings, err := f.RecordsOfKind(org, "giving")
	if err != nil {
		return 0, err
	}
	for _, giving := range givings {
		if casework.IsNull(giving.Fields["evidence"].Value) || has(texts(giving.Fields["wrong"].Value), "changed") {
			continue
		}
		signatures, err := f.RecordsOf(org, giving.Root, "signature")
		if err != nil {
			return checked, err
		}
		same, err := asSigned(giving, signatures)
		if err != nil {
			return checked, err
		}
		if !same {
			return checked, fmt.Errorf("the consent %s of %s is not what was signed", giving.ID, org)
		}
		if err := sameHash(f, giving); err != nil {
			return checked, err
		}
		checked++
	}
	return checked, nil
}

// sameHash says whether what eIDs signed of a giving is still what it is.
func sameHash(f casework.Facts, giving *server.State) error {
	list, err := f.RecordsOf(giving.Org, giving.Root, "eid_signature")
	if err != nil {
		return err
	}
	note := object[casework.Evidence](giving.Fields["evidence"].Value)
	for _, e := range list {
		if note == nil || text(e.Fields["hash"].Value) != note.Hash {
			return fmt.Errorf("the eID signature %s of %s is of something else than the consent %s", e.ID, giving.Org, giving.ID)
		}
	}
	return nil
}
