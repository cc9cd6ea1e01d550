package wire

import (
	"bytes"
	"encoding/json"
)

// Sentences are the Swedish texts that go with the codes, for devices that do
// not know a code. Every code of this package has one.
var Sentences = map[string]string{
	CodeCommitReused:    "Samma nummer har redan använts för något annat. Det du skrev ligger kvar på din telefon.",
	CodeMalformed:       "Servern kunde inte läsa det som skickades.",
	CodeTooBig:          "Det som skickades är för stort.",
	CodeNotFound:        "Det finns inte, eller så är det inte ditt.",
	CodeNotAllowed:      "Du får läsa det här men inte ändra det.",
	CodeInvalid:         "Ett värde stämmer inte.",
	CodeLocked:          "Det här är låst. Skriv en rättelse i stället.",
	CodeServerTooOld:    "Servern känner inte till det här ännu. Det är bevarat och väntar.",
	CodeUnknownGiving:   "Samtycket har återkallats i ett läge som du inte kände till. Det är bevarat, men öppnar ingenting förrän det har bekräftats.",
	CodePredecessor:     "Det här bygger på något annat som inte är sparat.",
	CodeScopeEnded:      "Du har inte längre det här. Det du skrev är bevarat på din arbetsplats, och någon där tar hand om det.",
	CodeHandedIn:        "Det här lämnades in låst och har öppnats på din arbetsplats. Någon där tar hand om det.",
	CodeDiskFull:        "Servern har ont om plats. Det du skrev ligger kvar på din telefon och skickas igen.",
	CodeUnknownMessage:  "Servern känner inte till den sortens meddelande.",
	CodeSignedOut:       "Du är utloggad.",
	CodeHelloFirst:      "Samtalet måste börja med en hälsning.",
	CodeNoCommonVersion: "Appen och servern har ingen version gemensamt. Uppdatera appen.",
	CodeTryAgain:        "Det gick inte just nu. Försök igen.",
}

// closes lists the problems after which the server ends the conversation.
var closes = map[string]bool{CodeSignedOut: true, CodeHelloFirst: true, CodeNoCommonVersion: true}

// NewProblem makes the problem of a code, with its sentence.
func NewProblem(code string) *Problem {
	return &Problem{Type: TypeProblem, Code: code, Sentence: Sentences[code], Close: closes[code]}
}

// NewCommits packs commits, in their order, into as few messages as MaxMessage
// allows. A commit over MaxCommit gets a message of its own.
func NewCommits(commits []json.RawMessage) []Commits {
	const frame = len(`{"type":"commits","commits":[]}`)
	var out []Commits
	size := 0
	for _, c := range commits {
		if len(out) == 0 || size+len(c)+1 > MaxMessage {
			out = append(out, Commits{Type: TypeCommits})
			size = frame
		}
		last := &out[len(out)-1]
		last.Commits = append(last.Commits, c)
		size += len(c) + 1
	}
	return out
}

// Encode is the page as JSON. Its records go in as they are: they are written once
// by the engine, and reading them again for each device is most of what encoding
// would cost.
func (p Page) Encode() ([]byte, error) {
	records := p.Records
	p.Records = []json.RawMessage{}
	b, err := json.Marshal(p)
	if err != nil || len(records) == 0 {
		return b, err
	}
	const empty = `"records":[]`
	at := bytes.Index(b, []byte(empty)) // a text in it would have its quotes escaped
	size := len(b) + len(records)
	for _, r := range records {
		size += len(r)
	}
	out := append(make([]byte, 0, size), b[:at+len(empty)-1]...)
	for i, r := range records {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, r...)
	}
	return append(out, b[at+len(empty)-1:]...), nil
}

// CommonVersion is the newest version that both sides speak, 0 when there is none.
func CommonVersion(theirs []int) int {
	best := 0
	for _, v := range theirs {
		if v >= 1 && v <= Version && v > best {
			best = v
		}
	}
	return best
}
