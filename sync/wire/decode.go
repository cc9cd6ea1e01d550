package wire

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// FromDevice reads one message of a device: a *Hello, *Commits, *Have or *Check. A
// message over MaxMessage, that is no JSON object of its type's shape, or of a
// type that devices do not send comes back as a *Problem with too_big,
// malformed or unknown_message, and harms nothing else. Keys that this version
// does not know are passed over.
func FromDevice(raw []byte) (any, *Problem) {
	if len(raw) <= MaxMessage && utf8.Valid(raw) {
		if m, ok := quickMessage(raw); ok {
			return m, nil
		}
	}
	return inFull(raw)
}

// inFull is FromDevice for any message.
func inFull(raw []byte) (any, *Problem) {
	// One shape for those that can be long, so that they are read once.
	var m struct {
		Type Type `json:"type"`
		Hello
		Commits []json.RawMessage `json:"commits"`
	}
	if p := read(raw, &m); p != nil {
		return nil, typeOf(raw, p, TypeHello, TypeCommits, TypeHave, TypeCheck)
	}
	switch m.Type {
	case TypeHello:
		m.Hello.Type = TypeHello
		return &m.Hello, checkHello(&m.Hello)
	case TypeCommits:
		if len(m.Commits) == 0 {
			return nil, NewProblem(CodeMalformed)
		}
		return &Commits{Type: TypeCommits, Commits: m.Commits}, nil
	case TypeHave:
		if m.Cursor < 0 {
			return nil, NewProblem(CodeMalformed)
		}
		return &Have{Type: TypeHave, Cursor: m.Cursor}, nil
	case TypeCheck:
		return readCheck(raw)
	}
	return nil, NewProblem(CodeUnknownMessage)
}

// maxKinds is how many kinds a check may name.
const maxKinds = 200

func readCheck(raw []byte) (any, *Problem) {
	var c Check
	if json.Unmarshal(raw, &c) != nil || c.Cursor < 0 || c.Count < 0 || !validSum(c.Sum) || len(c.Kinds) > maxKinds {
		return nil, NewProblem(CodeMalformed)
	}
	for kind, of := range c.Kinds {
		if !ValidName(kind) || of.Count < 0 || !validSum(of.Sum) {
			return nil, NewProblem(CodeMalformed)
		}
	}
	c.Type = TypeCheck
	return &c, nil
}

// validSum says whether s is a Sum in small hex digits.
func validSum(s string) bool {
	return len(s) == 2*len(Sum{}) && strings.Trim(s, "0123456789abcdef") == ""
}

// FromServer reads one message of the server: a *Welcome, *Receipt, *Page,
// *Checked, *Shut or *Problem. The second result is as for FromDevice.
func FromServer(raw []byte) (any, *Problem) {
	if len(raw) <= MaxMessage && utf8.Valid(raw) {
		if page, ok := quickPage(raw); ok {
			return page, nil
		}
	}
	return fromServerInFull(raw)
}

// fromServerInFull is FromServer for any message.
func fromServerInFull(raw []byte) (any, *Problem) {
	var head struct {
		Type Type `json:"type"`
	}
	if p := read(raw, &head); p != nil {
		return nil, p
	}
	var m any
	switch head.Type {
	case TypeWelcome:
		m = new(Welcome)
	case TypeReceipt:
		m = new(Receipt)
	case TypePage:
		m = new(Page)
	case TypeChecked:
		m = new(Checked)
	case TypeProblem:
		m = new(Problem)
	case TypeShut:
		m = new(Shut)
	default:
		return nil, NewProblem(CodeUnknownMessage)
	}
	if err := json.Unmarshal(raw, m); err != nil {
		return nil, NewProblem(CodeMalformed)
	}
	return m, nil
}

// DecodeBatch reads the body of POST /sync. Each message in it is to be read by
// FromDevice. The body as a whole may not be larger than limit bytes.
func DecodeBatch(raw []byte, limit int) (*Batch, *Problem) {
	var b Batch
	switch {
	case len(raw) > limit:
		return nil, NewProblem(CodeTooBig)
	case !utf8.Valid(raw) || !isObject(raw) || json.Unmarshal(raw, &b) != nil:
		return nil, NewProblem(CodeMalformed)
	}
	return &b, nil
}

// read decodes a whole message into v.
func read(raw []byte, v any) *Problem {
	switch {
	case len(raw) > MaxMessage:
		return NewProblem(CodeTooBig)
	case !utf8.Valid(raw) || !isObject(raw):
		return NewProblem(CodeMalformed)
	case json.Unmarshal(raw, v) != nil:
		return NewProblem(CodeMalformed)
	}
	return nil
}

// typeOf gives an unknown message the answer unknown_message even where its
// other keys are shaped differently from those we know.
func typeOf(raw []byte, p *Problem, known ...Type) *Problem {
	if p.Code != CodeMalformed {
		return p
	}
	var head struct {
		Type Type `json:"type"`
	}
	if json.Unmarshal(raw, &head) != nil || head.Type == "" {
		return p
	}
	for _, t := range known {
		if head.Type == t {
			return p
		}
	}
	return NewProblem(CodeUnknownMessage)
}

func isObject(raw []byte) bool {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	return len(raw) > 0 && raw[0] == '{'
}

func checkHello(h *Hello) *Problem {
	if len(h.Versions) == 0 || len(h.Versions) > 100 || !ValidID(h.Device) || h.Cursor < 0 || h.Unsent < 0 {
		return NewProblem(CodeMalformed)
	}
	return nil
}
