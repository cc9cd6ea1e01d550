package exchange

import (
	"strconv"
	"strings"
)

// readYes reads a yes or no as lists write it; a number is yes when it is above
// 0 ("Antal barn"). known is false for an empty cell, ok for an unreadable one.
func readYes(cell string) (yes, known, ok bool) {
	text := strings.ToLower(strings.TrimSpace(cell))
	switch text {
	case "":
		return false, false, true
	case "ja", "j", "x", "yes", "y", "true", "sant", "ok", "ett":
		return true, true, true
	case "nej", "n", "no", "false", "falskt", "-", "inga", "ingen", "inget":
		return false, true, true
	}
	n, err := strconv.Atoi(text)
	return n > 0, true, err == nil && n >= 0 && n < 30
}

// languages maps Swedish names to BCP 47. Swedish itself is the empty language.
var languages = map[string]string{
	"svenska": "", "sv": "", "arabiska": "ar", "somaliska": "so", "finska": "fi", "ukrainska": "uk", "engelska": "en",
	"persiska": "fa", "farsi": "fa", "dari": "prs", "pashto": "ps", "polska": "pl", "ryska": "ru", "tigrinska": "ti", "tigrinja": "ti",
	"amhariska": "am", "turkiska": "tr", "kurdiska": "ku", "sorani": "ckb", "kurmanji": "kmr", "nordkurdiska": "kmr", "centralkurdiska": "ckb",
	"spanska": "es", "franska": "fr", "tyska": "de", "bosniska": "bs", "kroatiska": "hr", "serbiska": "sr", "albanska": "sq", "rumänska": "ro",
	"thailändska": "th", "thai": "th", "vietnamesiska": "vi", "kinesiska": "zh", "mandarin": "zh", "urdu": "ur", "bengali": "bn", "hindi": "hi",
	"portugisiska": "pt", "italienska": "it", "grekiska": "el", "ungerska": "hu", "bulgariska": "bg", "swahili": "sw", "oromo": "om",
	"estniska": "et", "lettiska": "lv", "litauiska": "lt", "samiska": "se", "nordsamiska": "se", "meänkieli": "fit", "romani": "rom", "romska": "rom",
	"norska": "nb", "danska": "da", "isländska": "is", "nederländska": "nl", "armeniska": "hy", "georgiska": "ka", "uzbekiska": "uz", "mongoliska": "mn",
	"tagalog": "tl", "filippinska": "fil", "tamil": "ta", "lingala": "ln", "teckenspråk": "swl", "svenskt teckenspråk": "swl",
}

// readLanguage answers a language's code, and false when the list does not know the word.
func readLanguage(cell string) (code string, ok bool) {
	text := strings.ToLower(strings.TrimSpace(cell))
	if text == "" {
		return "", true
	}
	if code, ok := languages[text]; ok {
		return code, true
	}
	for _, code := range languages {
		if code != "" && code == text {
			return code, true
		}
	}
	return "", false
}

// readPhone gives a telephone number back the 0 that a spreadsheet took.
func readPhone(cell string) string {
	if digits(cell) && len(cell) >= 8 && len(cell) <= 9 && cell[0] != '0' {
		return "0" + cell
	}
	return cell
}

// readFloor writes a floor as people say it: "2 tr", "nb".
func readFloor(cell string) string {
	text := strings.ToLower(strings.TrimSpace(cell))
	switch text {
	case "0", "bv", "nb", "botten", "bottenvåning", "bottenvåningen", "0 tr":
		return "nb"
	}
	if digits(text) && len(text) <= 2 {
		return strings.TrimLeft(text, "0") + " tr"
	}
	return cell
}
