package casework

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// ReadNumber reads a personal identity or coordination number as people write
// it: ten or twelve digits, with or without - before the last four, or + for
// somebody who turns 100 or more. It answers the twelve digits that are kept
// ("199006022397"). A coordination number has 60 added to the day. today
// decides the century of ten digits.
func ReadNumber(text string, today time.Time) (string, *Error) {
	digits, plus, problem := numberDigits(text)
	if problem != nil {
		return "", problem
	}
	if len(digits) == 10 {
		digits = withCentury(digits, plus, today)
	}
	if problem := checkNumber(digits); problem != nil {
		return "", problem
	}
	if born := numberBorn(digits); born > today.Format(time.DateOnly) {
		return "", &Error{Code: CodeNumberFuture, Sentence: "Födelsedagen har inte varit än. Kontrollera siffrorna."}
	}
	return digits, nil
}

// BornOf is the birth day in a number of twelve digits: "1990-06-02".
func BornOf(number string) (string, bool) {
	if checkNumber(number) != nil {
		return "", false
	}
	return numberBorn(number), true
}

// validateNumber takes what is kept: twelve digits.
func validateNumber(raw json.RawMessage) *Error {
	var s string
	if problem := readable(raw, &s, "Numret går inte att läsa."); problem != nil || s == "" {
		return problem
	}
	return checkNumber(s)
}

// numberDigits takes the digits out of what was written and says whether a + stood among them.
func numberDigits(text string) (digits string, plus bool, problem *Error) {
	text = strings.ReplaceAll(strings.TrimSpace(text), " ", "")
	if n := len(text); n > 4 && (text[n-5] == '-' || text[n-5] == '+') {
		plus = text[n-5] == '+'
		text = text[:n-5] + text[n-4:]
	}
	for _, r := range text {
		if r < '0' || r > '9' {
			return "", false, &Error{Code: CodeNumberDigits, Sentence: "Numret får bara ha siffror och ett streck före de fyra sista."}
		}
	}
	if n := len(text); n != 10 && n != 12 {
		return "", false, lengthProblem(n)
	}
	return text, plus, nil
}

func lengthProblem(n int) *Error {
	return &Error{Code: CodeNumberLength, Sentence: fmt.Sprintf("Numret ska ha tio eller tolv siffror. Nu är det %d.", n)}
}

// withCentury puts the two digits before ten: the latest birth day that has
// been, and a hundred years earlier when a + says so.
func withCentury(ten string, plus bool, today time.Time) string {
	century := today.Year() / 100
	day := fmt.Sprintf("%02d", atoi(ten[4:6])%60) // as if it were no coordination number
	if fmt.Sprintf("%02d%s%s", century, ten[:4], day) > today.Format("20060102") {
		century--
	}
	if plus {
		century--
	}
	return fmt.Sprintf("%02d%s", century, ten)
}

func checkNumber(twelve string) *Error {
	for _, r := range twelve {
		if r < '0' || r > '9' {
			return &Error{Code: CodeNumberDigits, Sentence: "Numret får bara ha siffror och ett streck före de fyra sista."}
		}
	}
	if len(twelve) != 12 {
		return lengthProblem(len(twelve))
	}
	month, day := atoi(twelve[4:6]), atoi(twelve[6:8])
	if month < 1 || month > 12 {
		return &Error{Code: CodeNumberMonth, Sentence: fmt.Sprintf("Månaden kan inte vara %s. Kontrollera siffrorna.", twelve[4:6])}
	}
	if d := plainDay(day); d < 1 || d > 31 {
		return &Error{Code: CodeNumberDay, Sentence: fmt.Sprintf("Dagen kan inte vara %s. Kontrollera siffrorna.", twelve[6:8])}
	}
	if _, err := time.Parse(time.DateOnly, numberBorn(twelve)); err != nil {
		return &Error{Code: CodeNumberDate, Sentence: fmt.Sprintf("Den %d %s finns inte det året. Kontrollera siffrorna.", plainDay(day), months[month-1])}
	}
	if luhn(twelve[2:]) != 0 {
		return &Error{Code: CodeNumberCheck, Sentence: "Siffrorna stämmer inte med varandra. Kontrollera dem, särskilt de fyra sista."}
	}
	return nil
}

var months = [...]string{"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"}

// numberBorn is the birth day of twelve digits, whether or not it exists.
func numberBorn(twelve string) string {
	return fmt.Sprintf("%s-%s-%02d", twelve[:4], twelve[4:6], plainDay(atoi(twelve[6:8])))
}

// plainDay takes the 60 of a coordination number away.
func plainDay(day int) int {
	if day > 60 {
		return day - 60
	}
	return day
}

// luhn is 0 when the last of ten digits is the right check digit.
func luhn(ten string) int {
	sum := 0
	for i, r := range ten {
		d := int(r - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum % 10
}

// atoi reads digits that were checked to be digits.
func atoi(digits string) int {
	n := 0
	for _, r := range digits {
		n = n*10 + int(r-'0')
	}
	return n
}
