package casework

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"strings"

	"bokvar/sync/wire"
)

// Tongue is a language in which a consent can be explained: the words of
// PlainWording, of the screens at the door and of the page on which a tenant
// withdraws. What is signed is always the Swedish text.
type Tongue struct {
	Language  string            `json:"language"` // BCP 47
	Name      string            `json:"name"`     // as its speakers write it
	Direction string            `json:"direction"`
	Wording   TongueWording     `json:"wording"`
	Partners  map[string]string `json:"partners"`
	Door      map[string]string `json:"door"`
	Page      map[string]string `json:"page"`

	Hash string `json:"-"` // SHA-256 of all the above, hex: what a review is of
}

// TongueWording is the text of a consent; {social}, {unit} and {phone} stand for
// the names and the telephone number of an agreement.
type TongueWording struct {
	Title    string `json:"title"`
	Body     string `json:"body"`
	Withdraw string `json:"withdraw"`
}

// tongueOrder is the order in which languages are offered; the signed one first.
var tongueOrder = []string{"sv", "sv-simple", "en", "ar", "so", "uk", "fi", "prs", "ti"}

//go:embed tongues/*.json
var tongueFiles embed.FS

// Tongues are all languages, Swedish first.
var Tongues = readTongues()

// TongueOf finds a language; nil when there is none.
func TongueOf(language string) *Tongue {
	for i := range Tongues {
		if Tongues[i].Language == language {
			return &Tongues[i]
		}
	}
	return nil
}

// readTongues reads the files that are part of the program. That one of them is
// wrong stops every start, and so every test.
func readTongues() []Tongue {
	var all []Tongue
	for _, language := range tongueOrder {
		raw, err := tongueFiles.ReadFile("tongues/" + language + ".json")
		if err != nil {
			panic(err)
		}
		var t Tongue
		strict := json.NewDecoder(bytes.NewReader(raw))
		strict.DisallowUnknownFields()
		if err := strict.Decode(&t); err != nil {
			panic("tongues/" + language + ".json: " + err.Error())
		}
		sum := sha256.Sum256(wire.CanonicalJSON(raw))
		t.Hash = hex.EncodeToString(sum[:])
		all = append(all, t)
	}
	return all
}

// Fill puts names in the place of {words}. From right to left each name is set
// apart, so that Swedish names and numbers do not turn the sentence around.
func (t *Tongue) Fill(text string, values map[string]string) string {
	for name, value := range values {
		if t.Direction == "rtl" && value != "" {
			value = "\u2068" + value + "\u2069"
		}
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

// OfferedTongue is a language that social services have switched on.
type OfferedTongue struct {
	Language string `json:"language"`
	Reviewed string `json:"reviewed,omitempty"` // hash of the words that somebody with the right has read and approved
}

// Reviewed says which words somebody has approved, and when.
type Reviewed struct {
	By   string `json:"by"`
	At   int64  `json:"at"`
	Hash string `json:"hash"`
}

// TranslationShown says what a tenant read beside the Swedish text.
type TranslationShown struct {
	Language string `json:"language"`
	Hash     string `json:"hash"`
	Reviewed bool   `json:"reviewed"` // as far as the phone knew
}
