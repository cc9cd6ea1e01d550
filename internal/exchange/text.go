package exchange

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	xunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// decode turns the bytes of a text file into UTF-8. It knows UTF-8 with and
// without a byte order mark, UTF-16 with one, and Windows-1252.
func decode(data []byte) (string, *Problem) {
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		data = data[3:]
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		out, err := xunicode.UTF16(xunicode.LittleEndian, xunicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil || bytes.IndexByte(out, 0) >= 0 {
			return "", notAList("")
		}
		return string(out), nil
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return "", notAList("")
	}
	if utf8.Valid(data) {
		return string(data), nil
	}
	if line := mixedLine(data); line > 0 {
		return "", troublef(CodeMixedEncodings, "Filen är sparad på två olika sätt: å, ä och ö är skrivna olika i olika rader (rad %d skiljer sig). Öppna den, spara den som Excel (.xlsx) eller CSV UTF-8 och försök igen.", line)
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil || strange(out) {
		return "", notAList("")
	}
	return string(out), nil
}

// mixedLine finds the first line that is Windows-1252 in a file where other
// lines have å, ä or ö in UTF-8; 0 when there is no such mixture.
func mixedLine(data []byte) int {
	single, double := 0, false
	for i, line := range bytes.Split(data, []byte("\n")) {
		if !utf8.Valid(line) {
			if single == 0 {
				single = i + 1
			}
			continue
		}
		double = double || bytes.ContainsAny(line, "åäöÅÄÖéÉü")
	}
	if !double {
		return 0
	}
	return single
}

// strange says whether decoded bytes hold more control characters than text does.
func strange(text []byte) bool {
	bad := 0
	for _, r := range string(text) {
		if r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			bad++
		}
	}
	return bad > 0 && bad*200 > len(text)
}

// clean makes one cell one line of plain text: composed letters, single spaces,
// nothing invisible. An apostrophe that a spreadsheet puts before a sign, and
// that [RejectedCSV] writes, is taken away.
func clean(cell string) string {
	cell = norm.NFC.String(strings.ToValidUTF8(cell, ""))
	cell = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError:
			return -1
		}
		return r
	}, cell)
	cell = strings.Join(strings.Fields(cell), " ")
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune("=+-@", rune(cell[1])) {
		cell = cell[1:]
	}
	return cell
}

// fold makes a name comparable: small letters and digits alone, without dots and rings.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}
