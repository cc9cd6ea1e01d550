package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// A tenant's copy of a consent carries a code to type and may carry a longer
// secret to scan. The phone makes both, without a network; the server keeps only
// hashes, and whoever has either can withdraw.
const (
	CopyCode   = 10 // characters that are typed: 50 bits, guarded by a limit of wrong tries
	CopySecret = 26 // characters that are scanned: 128 bits
)

// copyLetters has no I, L, O or U, which people mix up.
const copyLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// ReadCopy takes a code or secret as people write it, in small letters, with
// spaces or strokes, O for 0 and I or L for 1. false: it cannot be one.
func ReadCopy(text string) (string, bool) {
	var b strings.Builder
	for _, r := range strings.ToUpper(text) {
		switch {
		case r == ' ' || r == '-' || r == '\t':
			continue
		case r == 'O':
			r = '0'
		case r == 'I' || r == 'L':
			r = '1'
		}
		if !strings.ContainsRune(copyLetters, r) || b.Len() > CopySecret {
			return "", false
		}
		b.WriteRune(r)
	}
	return b.String(), b.Len() == CopyCode || b.Len() == CopySecret
}

// CopyHash is what is kept of a code or secret, as ReadCopy answers it.
func CopyHash(read string) string {
	sum := sha256.Sum256([]byte("bokvar copy " + read))
	return hex.EncodeToString(sum[:])
}
