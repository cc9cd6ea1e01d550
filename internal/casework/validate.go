package casework

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"bokvar/sync/wire"
)

// Limits of values whose field does not say its own.
const (
	MaxText     = 200    // runes of Text
	MaxLongText = 20_000 // runes of LongText
	MaxStrokes  = 40_000 // bytes of JSON of a signer's Strokes
	MaxID       = 64     // bytes of an id
	maxInt      = 1 << 53
	maxInstant  = 7_258_118_400_000 // the year 2200
)

// Validate judges one value as it travels in JSON. null is a field without a
// value: right unless the field is required. That ids point at something, and
// who may write, are judged elsewhere. It answers nil when the value is right.
func Validate(kind, field string, raw json.RawMessage) *Error {
	f := FieldOf(kind, field)
	if f == nil {
		return &Error{Code: CodeUnknown, Sentence: "Servern känner inte till uppgiften. Den är sparad tills servern är uppdaterad.", Where: kind + "." + field}
	}
	problem := validate(kind, f, raw)
	if problem != nil && problem.Where == "" {
		problem.Where = kind + "." + field
	}
	return problem
}

// ValidateID judges the id of a record as a device made it.
func ValidateID(id string) *Error {
	if id == "" || len(id) > MaxID {
		return invalid("Uppgiften saknar ett giltigt märke.")
	}
	for _, r := range id {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.' && r != ':' {
			return invalid("Uppgiften saknar ett giltigt märke.")
		}
	}
	return nil
}

// IsNull says whether a value is missing.
func IsNull(raw json.RawMessage) bool {
	return len(raw) == 0 || bytes.Equal(bytes.TrimSpace(raw), []byte("null"))
}

func validate(kind string, f *FieldType, raw json.RawMessage) *Error {
	if IsNull(raw) {
		if f.Required {
			return &Error{Code: CodeRequired, Sentence: "En uppgift som behövs saknas. Fyll i den och försök igen."}
		}
		return nil
	}
	switch f.Type {
	case Text, LongText:
		return validateText(f, raw)
	case Day, Month:
		return validateCalendar(f.Type, raw)
	case Instant:
		return validateWhole(raw, 1, maxInstant, "Tiden går inte att läsa. Ange datum och klockslag igen.")
	case Int:
		return validateWhole(raw, -maxInt, maxInt, "Skriv ett heltal, bara siffror.")
	case Money:
		return validateWhole(raw, 0, maxInt, "Beloppet går inte att läsa. Skriv det i kronor, bara siffror.")
	case Bool:
		var b bool
		return readable(raw, &b, "Svara ja eller nej.")
	case Choice:
		return validateChoice(f, raw)
	case Choices:
		return validateChoices(f, raw)
	case Ref, Person, Unit:
		return validateRef(f, raw)
	case People, Units:
		return validateRefs(raw)
	case Number:
		return validateNumber(raw)
	case Strokes:
		return validateStrokes(raw)
	case Object:
		return validateObject(kind+"."+f.Name, raw)
	}
	return invalid("Uppgiften går inte att läsa.")
}

func readable(raw json.RawMessage, into any, sentence string) *Error {
	if json.Unmarshal(raw, into) != nil {
		return invalid(sentence)
	}
	return nil
}

// readableText is readable for a text, most of which has nothing escaped.
func readableText(raw json.RawMessage, sentence string) (s string, problem *Error) {
	if s, plain := wire.Plain(raw); plain {
		return s, nil
	}
	problem = readable(raw, &s, sentence)
	return s, problem
}

func validateText(f *FieldType, raw json.RawMessage) *Error {
	s, problem := readableText(raw, "Texten går inte att läsa.")
	if problem != nil {
		return problem
	}
	most := f.Length()
	if n := utf8.RuneCountInString(s); n > most {
		return &Error{Code: CodeTooLong, Sentence: fmt.Sprintf("Texten är för lång. Den får ha %d tecken och har %d.", most, n)}
	}
	if f.Required && strings.TrimSpace(s) == "" {
		return &Error{Code: CodeRequired, Sentence: "Texten är tom. Skriv något och försök igen."}
	}
	for _, r := range s {
		if r != '\t' && unicode.IsControl(r) && (f.Type == Text || r != '\n' && r != '\r') {
			return invalid("Texten har ett tecken som inte går att visa. Ta bort det och försök igen.")
		}
	}
	return nil
}

// Length is how many characters a text may have; 0 for what is no text.
func (f *FieldType) Length() int {
	switch {
	case f.Type != Text && f.Type != LongText:
		return 0
	case f.Max > 0:
		return f.Max
	case f.Type == LongText:
		return MaxLongText
	}
	return MaxText
}

func validateCalendar(as Type, raw json.RawMessage) *Error {
	layout, sentence := time.DateOnly, "Datumet går inte att läsa. Skriv det som 2026-11-24."
	if as == Month {
		layout, sentence = "2006-01", "Månaden går inte att läsa. Skriv den som 2026-11."
	}
	s, problem := readableText(raw, sentence)
	if problem != nil {
		return problem
	}
	if t, err := time.Parse(layout, s); err != nil || t.Year() < 1850 || t.Year() > 2200 {
		return invalid(sentence)
	}
	return nil
}

func validateWhole(raw json.RawMessage, least, most int64, sentence string) *Error {
	var n int64
	if problem := readable(raw, &n, sentence); problem != nil {
		return problem
	}
	if n < least || n > most {
		return invalid(sentence)
	}
	return nil
}

func validateChoice(f *FieldType, raw json.RawMessage) *Error {
	s, problem := readableText(raw, "Välj ett av svaren.")
	if problem != nil {
		return problem
	}
	if !contains(f.Choices, s) {
		return invalid("Välj ett av svaren.")
	}
	return nil
}

func validateChoices(f *FieldType, raw json.RawMessage) *Error {
	var list []string
	if problem := readable(raw, &list, "Välj bland svaren."); problem != nil {
		return problem
	}
	seen := map[string]bool{}
	for _, s := range list {
		if seen[s] || !contains(f.Choices, s) {
			return invalid("Välj bland svaren, varje svar en gång.")
		}
		seen[s] = true
	}
	return nil
}

func validateRef(f *FieldType, raw json.RawMessage) *Error {
	s, problem := readableText(raw, "Det som uppgiften hör till går inte att läsa.")
	if problem != nil {
		return problem
	}
	if s == "" && !f.Required {
		return nil
	}
	return ValidateID(s)
}

func validateRefs(raw json.RawMessage) *Error {
	var list []string
	if problem := readable(raw, &list, "Listan går inte att läsa."); problem != nil {
		return problem
	}
	if len(list) > 100 {
		return &Error{Code: CodeTooLong, Sentence: "Listan är för lång. Den får ha 100 namn."}
	}
	seen := map[string]bool{}
	for _, s := range list {
		if problem := ValidateID(s); problem != nil {
			return problem
		}
		if seen[s] {
			return invalid("Samma namn står två gånger i listan.")
		}
		seen[s] = true
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, each := range list {
		if each == s {
			return true
		}
	}
	return false
}
