package merge

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"bokvar/sync/rules"
	"bokvar/sync/wire"
)

// mergeText joins what two people did to one text, when they did it in different
// places (M18). Whatever it cannot join is left to a person.
func (m *merging) mergeText(row *rules.Row, current Field, set wire.Set) decision {
	choose := decision{loser: true, open: true}
	was, known := current.basis(set.Base, m.own)
	if !known {
		return choose
	}
	base, okBase := asText(was)
	ours, okOurs := asText(current.Value)
	theirs, okTheirs := asText(set.Value)
	if !okBase || !okOurs || !okTheirs {
		return choose
	}
	text, ok := threeWay(base, ours, theirs)
	if !ok || utf8.RuneCountInString(text) > row.Limit {
		return choose
	}
	merged := json.RawMessage("null")
	if text != "" {
		merged = quote(text)
	}
	if Equal(merged, current.Value) {
		return decision{loser: true} // there is nothing in it that is not there
	}
	return decision{wins: true, loser: true, merged: merged}
}

// quote writes a string as JSON, with < > & as they are.
func quote(s string) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil { // a string always can be written
		panic(err)
	}
	return bytes.TrimSpace(b.Bytes())
}

// asText reads a JSON string; null is the empty one.
func asText(v json.RawMessage) (s string, ok bool) {
	return s, isNull(v) || json.Unmarshal(v, &s) == nil
}

// maxPieces bounds the work of comparing: a text of more is not merged.
const maxPieces = 2000

// threeWay merges two texts that both came from base, sentence by sentence. It
// fails where both changed the same sentence, or sentences side by side.
func threeWay(base, ours, theirs string) (merged string, ok bool) {
	b, o, t := pieces(base), pieces(ours), pieces(theirs)
	if max(len(b), len(o), len(t)) > maxPieces {
		return "", false
	}
	inOurs, inTheirs := match(b, o), match(b, t)
	var out []string
	var atB, atO, atT int
	for i := 0; i <= len(b); i++ {
		endO, endT := len(o), len(t)
		if i < len(b) {
			if endO, endT = inOurs[i], inTheirs[i]; endO < 0 || endT < 0 {
				continue // not in all three: part of a stretch that somebody changed
			}
		}
		stretch, ok := join(b[atB:i], o[atO:endO], t[atT:endT])
		if !ok {
			return "", false
		}
		out = append(out, stretch...)
		if i < len(b) {
			out = append(out, b[i])
		}
		atB, atO, atT = i+1, endO+1, endT+1
	}
	return strings.Join(out, ""), true
}

// join decides about a stretch between two pieces that all three have.
func join(base, ours, theirs []string) ([]string, bool) {
	switch {
	case slices.Equal(ours, theirs), slices.Equal(theirs, base):
		return ours, true
	case slices.Equal(ours, base):
		return theirs, true
	case len(base) == 0: // both added something here
		both := slices.Clone(ours)
		if !spaced(both[len(both)-1]) && !spaced(theirs[0]) {
			both = append(both, "\n")
		}
		return append(both, theirs...), true
	}
	return nil, false
}

func spaced(piece string) bool { return strings.TrimSpace(piece) == "" }

// pieces cuts a text into sentences and the white space between them. Together
// they are the text.
func pieces(text string) []string {
	var out []string
	start, space := 0, false
	ends := false // the last character may end a sentence
	for i, r := range text {
		switch {
		case space && !unicode.IsSpace(r):
			out, start, space = append(out, text[start:i]), i, false
		case !space && (r == '\n' || ends && unicode.IsSpace(r)):
			if i > start {
				out = append(out, text[start:i])
			}
			start, space = i, true
		}
		ends = r == '.' || r == '!' || r == '?'
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

// match finds the longest run of pieces that two texts have in common, and says
// for each of a's where it is in b, or -1.
func match(a, b []string) []int {
	at := make([]int, len(a))
	for i := range at {
		at[i] = -1
	}
	// What begins and ends alike needs no table.
	first := 0
	for first < len(a) && first < len(b) && a[first] == b[first] {
		at[first] = first
		first++
	}
	lastA, lastB := len(a), len(b)
	for lastA > first && lastB > first && a[lastA-1] == b[lastB-1] {
		lastA, lastB = lastA-1, lastB-1
		at[lastA] = lastB
	}
	a, b = a[first:lastA], b[first:lastB]
	width := len(b) + 1
	longest := make([]uint16, (len(a)+1)*width) // common pieces of a[i:] and b[j:]; at most maxPieces
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				longest[i*width+j] = longest[(i+1)*width+j+1] + 1
			} else {
				longest[i*width+j] = max(longest[(i+1)*width+j], longest[i*width+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			at[first+i] = first + j
			i, j = i+1, j+1
		case longest[(i+1)*width+j] >= longest[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return at
}
