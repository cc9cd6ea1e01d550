package office

import (
	"encoding/base64"
	"fmt"

	"bokvar/internal/casework"
	"bokvar/sync/wire"
)

// AttachEID makes the record of an eID signature that came afterwards to one of a
// giving's signatures. What was signed must be the giving's evidence as it stands,
// and the proof the service's own. It changes nothing of what the giving opens: a
// simple signature is as good for that. The changes are for the engine's House.
func AttachEID(f casework.Facts, service casework.SigningService, org, signature string, e casework.EIDSignature) ([]wire.Change, error) {
	signed, err := f.Record(org, signature)
	if err != nil {
		return nil, err
	}
	if signed == nil || signed.Kind != "signature" {
		return nil, notFound()
	}
	giving, err := f.Record(org, signed.Root)
	if err != nil {
		return nil, err
	}
	if giving == nil || giving.Kind != "giving" {
		return nil, notFound()
	}
	note := object[casework.Evidence](giving.Fields["evidence"].Value)
	if note == nil || note.Hash != e.Hash || !has(note.Signatures, signature) || has(texts(giving.Fields["wrong"].Value), "changed") {
		return nil, refuse(wire.CodeInvalid, "Det som skrevs under är inte samtycket som det står. Inget är sparat.")
	}
	if err := service.Verify(e); err != nil {
		return nil, fmt.Errorf("eid signature by %s: %w", e.Provider, err)
	}
	change, err := Change(org, "eid_signature", derivedID("eid", signature+"/"+e.Provider), map[string]any{
		"giving": giving.ID, "signature": signature, "provider": e.Provider, "at": e.At.UnixMilli(), "hash": e.Hash, "proof": base64.StdEncoding.EncodeToString(e.Proof),
	})
	return []wire.Change{change}, err
}
