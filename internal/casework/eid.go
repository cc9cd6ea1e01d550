package casework

import (
	"context"
	"time"
)

// MaxProof is the length of a signing service's proof, in base64.
const MaxProof = 60_000

// SigningService lets somebody sign a hash with an eID: BankID, Freja, or an
// authority's own service. It needs a network, and comes on top of what was signed
// at the door, never instead. No implementation is part of the product; each must
// pass eidtest.Exam.
type SigningService interface {
	// Name is what a person calls it, and stands on the signature.
	Name() string
	// Begin asks for a signature on the hash (SHA-256, hex). text is what the signer
	// is shown: nothing of the case. It answers the order's id and where to sign.
	Begin(ctx context.Context, hash, text string) (order, address string, err error)
	// Collect answers what was signed; nil while nobody has, ErrNotSigned when
	// nobody will: refused, or too late.
	Collect(ctx context.Context, order string) (*EIDSignature, error)
	// Verify answers nil when the proof is this service's, over what s says.
	Verify(s EIDSignature) error
}

// EIDSignature is one signature as the service gave it.
type EIDSignature struct {
	Provider string
	Hash     string // SHA-256, hex
	At       time.Time
	Proof    []byte // opaque: only the service reads it
}

// ErrNotSigned: the order is over and there is no signature.
var ErrNotSigned = &Error{Code: "not_signed", Sentence: "Ingen skrev under. Det som redan är underskrivet gäller."}
