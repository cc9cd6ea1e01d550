package exchange

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"bokvar/internal/casework"

	"github.com/xuri/excelize/v2"
)

var dayLayouts = []string{"2006-01-02", "20060102", "2006-1-2", "2006/01/02", "2006.01.02", "02/01/2006", "2/1 2006", "02.01.2006", "2.1.2006", "060102"}

// readDay reads a day as lists write it: "2026-11-30", "20261130", "261130",
// "30/11/2026", and in a workbook the number a spreadsheet keeps.
func readDay(cell string, as calendar) (string, bool) {
	text := strings.TrimSpace(cell)
	if t, ok := serialTime(text, as); ok {
		return t.Format(time.DateOnly), true
	}
	if len(text) > 10 && (text[10] == ' ' || text[10] == 'T') { // a time of day behind it
		text = text[:10]
	}
	for _, layout := range dayLayouts {
		if t, err := time.Parse(layout, text); err == nil && believable(t) {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}

// calendar is how a file may count days as numbers.
type calendar int

const (
	written   calendar = iota // not at all: a text file
	since1900                 // a workbook
	since1904                 // a workbook from an old Mac
)

// serialTime reads days the way a spreadsheet counts them.
func serialTime(text string, as calendar) (time.Time, bool) {
	f, err := strconv.ParseFloat(text, 64)
	if as == written || err != nil || f < 20_000 || f > 80_000 { // 1954 to 2119
		return time.Time{}, false
	}
	t, err := excelize.ExcelDateToTime(f, as == since1904)
	return t, err == nil
}

func believable(t time.Time) bool { return t.Year() >= 1950 && t.Year() < 2120 }

var (
	monthDigits = regexp.MustCompile(`^(\d{4})[-/. ]?(\d{2})$`)
	monthWords  = regexp.MustCompile(`^([a-zåäö]{3,9})\.? (\d{4})$`)
	monthNames  = []string{"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"}
)

// readMonth reads "2026-11", "202611", "november 2026", "nov 2026", or a day in the month.
func readMonth(cell string, as calendar) (string, bool) {
	text := strings.ToLower(strings.TrimSpace(cell))
	if m := monthDigits.FindStringSubmatch(text); m != nil {
		t, err := time.Parse("2006-01", m[1]+"-"+m[2])
		return m[1] + "-" + m[2], err == nil && believable(t)
	}
	if m := monthWords.FindStringSubmatch(text); m != nil {
		for i, name := range monthNames {
			if name == m[1] || name[:3] == m[1] {
				t, err := time.Parse("2006-1", m[2]+"-"+strconv.Itoa(i+1))
				return t.Format("2006-01"), err == nil && believable(t)
			}
		}
		return "", false
	}
	day, ok := readDay(text, as)
	if !ok {
		return "", false
	}
	return day[:7], true
}

// monthOf is the month that rent due on the day is for: rent is paid in advance.
func monthOf(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	if t.Day() >= 20 {
		t = t.AddDate(0, 0, 20) // into the next month, whatever the length of this one
	}
	return t.Format("2006-01")
}

// dueOf is the day when a month's rent is due: the last weekday before the month begins.
func dueOf(month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return ""
	}
	for t = t.AddDate(0, 0, -1); t.Weekday() == time.Saturday || t.Weekday() == time.Sunday; {
		t = t.AddDate(0, 0, -1)
	}
	return t.Format(time.DateOnly)
}

var stamp = regexp.MustCompile(`(\d{4}-\d{2}-\d{2})(?:[T,]?\s*(?:kl\.?\s*)?(\d{1,2})[:.](\d{2}))?`)

// readStamp finds a day and perhaps a time of day in a text: "Utskriven
// 2026-11-18 07:10". It answers ms since 1970; 0 when there is none.
func readStamp(text string) int64 {
	m := stamp.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	clock := "00:00"
	if m[2] != "" {
		clock = m[2] + ":" + m[3]
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", m[1]+" "+clock, casework.Zone)
	if err != nil || !believable(t) {
		return 0
	}
	return t.UnixMilli()
}

// stampOf reads an instant out of a cell, in a workbook also as a number.
func stampOf(cell string, as calendar) int64 {
	if t, ok := serialTime(strings.TrimSpace(cell), as); ok {
		y, mo, d := t.Date()
		return time.Date(y, mo, d, t.Hour(), t.Minute(), 0, 0, casework.Zone).UnixMilli()
	}
	return readStamp(cell)
}
