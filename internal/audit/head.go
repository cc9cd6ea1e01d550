package audit

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Head is the newest row of the log and its hash: what is printed once a day and
// kept where whoever can write in the database cannot.
type Head struct {
	Row  int64
	Hash Hash
}

// String is the head as a person reads it aloud: "1042 3f2a-…", sixteen groups of four.
func (h Head) String() string {
	digits := hex.EncodeToString(h.Hash[:])
	groups := make([]string, 0, len(digits)/4)
	for i := 0; i < len(digits); i += 4 {
		groups = append(groups, digits[i:i+4])
	}
	return strconv.FormatInt(h.Row, 10) + " " + strings.Join(groups, "-")
}

// ParseHead reads what String wrote; spaces, hyphens and capitals do not matter.
func ParseHead(s string) (h Head, err error) {
	row, digits, found := strings.Cut(strings.TrimSpace(s), " ")
	if h.Row, err = strconv.ParseInt(row, 10, 64); err != nil || !found || h.Row < 1 {
		return h, fmt.Errorf("audit: a head is a number and a hash, like %q", "1042 3f2a-…")
	}
	hash, err := hex.DecodeString(strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(digits)))
	if err != nil || len(hash) != len(h.Hash) {
		return h, fmt.Errorf("audit: the hash of a head has 64 digits 0–9 and a–f")
	}
	copy(h.Hash[:], hash)
	return h, nil
}
