package exchange

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// maxAmount is the largest debt of one month that is believed, in öre.
const maxAmount = 10_000_000_00

// readAmount reads kronor as Swedish lists write them and answers öre:
// "7 840,00", "7840", "7.840,00", "7840.5", "7 840 kr". What could mean two
// things ("7.840") is not guessed. Empty is 0 and false.
func readAmount(cell string) (ore int64, given bool, reject *rejection) {
	text := strings.ReplaceAll(clean(cell), " ", "")
	for _, unit := range []string{"kronor", "kr", "SEK"} {
		if len(text) > len(unit) && strings.EqualFold(text[len(text)-len(unit):], unit) {
			text = text[:len(text)-len(unit)]
			break
		}
	}
	if text == "" {
		return 0, false, nil
	}
	text = strings.Replace(text, "−", "-", 1)
	negative := strings.HasPrefix(text, "-")
	whole, decimals, ok := splitAmount(strings.TrimPrefix(text, "-"))
	if !ok {
		whole, decimals, ok = exponent(strings.TrimPrefix(text, "-"))
	}
	if !ok {
		return 0, false, &rejection{"amount", fmt.Sprintf("Beloppet är ”%s”. %s", shortened(clean(cell), 40), amountAdvice(text))}
	}
	kronor, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || kronor > maxAmount/100 {
		return 0, false, &rejection{"amount", fmt.Sprintf("Beloppet är ”%s”. Det är för stort för en hyra.", shortened(clean(cell), 40))}
	}
	cents, _ := strconv.ParseInt((decimals + "00")[:2], 10, 64)
	ore = kronor*100 + cents
	if negative && ore != 0 {
		return 0, false, &rejection{"negative_amount", fmt.Sprintf("Beloppet är ”%s”. Ett tillgodohavande är ingen skuld.", shortened(clean(cell), 40))}
	}
	return ore, true, nil
}

// splitAmount parts whole kronor from at most two decimals, when there is one way to.
func splitAmount(text string) (whole, decimals string, ok bool) {
	cut := strings.LastIndexAny(text, ",.")
	if cut < 0 {
		return text, "", digits(text)
	}
	whole, decimals = text[:cut], text[cut+1:]
	if len(decimals) < 1 || len(decimals) > 2 || !digits(decimals) {
		return "", "", false
	}
	if text[cut] == ',' && strings.Contains(whole, ".") { // 7.840,00
		groups := strings.Split(whole, ".")
		for i, g := range groups {
			if !digits(g) || len(g) > 3 || i > 0 && len(g) != 3 {
				return "", "", false
			}
		}
		whole = strings.Join(groups, "")
	}
	return whole, decimals, digits(whole)
}

// exponent reads what a spreadsheet keeps beside a number it shows with two
// decimals: "7840.4999999999", "1.2E4".
func exponent(text string) (whole, decimals string, ok bool) {
	if strings.Contains(text, ",") || !strings.Contains(text, ".") {
		return "", "", false
	}
	dot := strings.IndexByte(text, '.')
	if long := len(text)-dot > 6; !long && !strings.ContainsAny(text, "eE") {
		return "", "", false
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(f) || f < 0 || f > maxAmount/100 {
		return "", "", false
	}
	whole, decimals, _ = strings.Cut(strconv.FormatFloat(f, 'f', 2, 64), ".")
	return whole, decimals, true
}

// amountAdvice says how the amount should be written, with its own digits when
// they leave no doubt.
func amountAdvice(text string) string {
	text = strings.TrimPrefix(text, "-")
	for _, tail := range []string{",-", ":-", ".-", ",--", "-"} {
		text = strings.TrimSuffix(text, tail)
	}
	plain := strings.NewReplacer(".", "", ",", "", "'", "").Replace(text)
	if digits(plain) && len(plain) <= 8 {
		return "Skriv " + strings.TrimLeft(plain[:len(plain)-1], "0") + plain[len(plain)-1:] + "."
	}
	return "Skriv det i kronor, bara siffror."
}

// digits says whether a text is digits and nothing else.
func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}
