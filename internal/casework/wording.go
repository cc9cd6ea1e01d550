package casework

import (
	"crypto/sha256"
	"encoding/hex"
)

// Sealed gives a wording the hash of its words: SHA-256 over title, body and
// withdrawal, each on lines of its own.
func (w Wording) Sealed() Wording {
	h := sha256.Sum256([]byte(w.Title + "\n" + w.Body + "\n" + w.Withdraw))
	w.Hash = hex.EncodeToString(h[:])
	return w
}

// PlainWording is the Swedish text that a tenant answers, in plain words, for a
// unit of social services with this name and telephone number. It is a first
// version: an organisation has it read by its own lawyers, or brings its own.
func PlainWording(id, social, unit, phone string) Wording {
	sv := &Tongues[0]
	names := map[string]string{"social": social, "unit": unit, "phone": phone}
	return Wording{
		ID: id, Version: 1, Language: sv.Language,
		Title: sv.Fill(sv.Wording.Title, names), Body: sv.Fill(sv.Wording.Body, names), Withdraw: sv.Fill(sv.Wording.Withdraw, names),
	}.Sealed()
}
