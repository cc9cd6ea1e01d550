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
	return Wording{
		ID: id, Version: 1, Language: "sv",
		Title: "Du bestämmer vem som får prata om dig",
		Body: social + " har tystnadsplikt. De får inte berätta för någon annan vad de vet om dig. " +
			"Om du säger ja här får " + unit + " prata med dem som du kryssar för, och de får prata med dem. " +
			"De får bara prata om sådant som behövs för att du ska kunna bo kvar.\n\n" +
			"Du väljer själv vilka du vill. Du kan välja en, flera eller ingen. Du får samma hjälp vad du än svarar.",
		Withdraw: "Du kan ta tillbaka ditt ja när du vill. Ring " + phone + " eller säg det till någon där. " +
			"Då slutar det gälla direkt, och du behöver inte berätta varför.",
	}.Sealed()
}
