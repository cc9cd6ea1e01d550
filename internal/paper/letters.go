package paper

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// faces are the two cuts of the typeface, to ask which letters they have: Latin with
// all its marks, Greek, Cyrillic and Hebrew.
var faces = func() (all []*sfnt.Font) {
	for _, ttf := range [][]byte{liberationsansregular.TTF, liberationsansbold.TTF} {
		font, err := sfnt.Parse(ttf)
		if err != nil {
			panic("paper: the typeface is unreadable: " + err.Error()) // cannot happen: it is compiled in
		}
		all = append(all, font)
	}
	return all
}()

// writable is a text in letters that the typeface has. One that it lacks stands there
// as its number, "[U+0645]": a name in another script is then not pretty, but whole,
// and [Consent] says what the numbers mean. Marks that no eye sees are left out.
func writable(text string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "\uFFFD")) {
		switch {
		case r == '\n':
			b.WriteRune(r)
		case r == '\t' || unicode.Is(unicode.Zs, r) && r != '\u00A0':
			b.WriteRune(' ')
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		case has(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "[U+%04X]", r)
		}
	}
	return b.String()
}

// allWritable says whether the typeface has every letter of the texts.
func allWritable(texts ...string) bool {
	for _, text := range texts {
		if strings.Contains(writable(text), "[U+") && !strings.Contains(text, "[U+") {
			return false
		}
	}
	return true
}

func has(r rune) bool {
	if r > 0xFFFF {
		return false // the PDF library numbers glyphs by sixteen bits
	}
	var buffer sfnt.Buffer
	for _, face := range faces {
		if glyph, err := face.GlyphIndex(&buffer, r); err != nil || glyph == 0 {
			return false
		}
	}
	return true
}
