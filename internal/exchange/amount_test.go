package exchange

import "testing"

func TestReadAmount(t *testing.T) {
	for text, want := range map[string]int64{
		"7 840,00": 784000, "7\u00a0840,00": 784000, "7\u202f840,00": 784000, "7840": 784000, "7840,5": 784050, "7.840,00": 784000,
		"12.345.678,90": -1, "1.234.567,90": 123456790, "7840.50": 784050, "7840.4999999999": 784050, "7 840 kr": 784000, "7840 SEK": 784000, "0": 0, "0,00": 0,
		"-0,00": 0, "7.84E3": 784000,
		"7.840,-": -1, "7.840": -1, "7,840": -1, "7840:-": -1, "abc": -1, "-500,00": -1, "−500": -1, "99999999999": -1, "7.84.0,00": -1, "1e400": -1, "NaN": -1, "Inf": -1,
	} {
		got, _, reject := readAmount(text)
		if reject != nil {
			got = -1
		}
		if got != want {
			t.Errorf("%q reads %d, want %d", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"7.840,-": "Beloppet är ”7.840,-”. Skriv 7840.",
		"7840:-":  "Beloppet är ”7840:-”. Skriv 7840.",
		"se bil.": "Beloppet är ”se bil.”. Skriv det i kronor, bara siffror.",
		"-500,00": "Beloppet är ”-500,00”. Ett tillgodohavande är ingen skuld.",
	} {
		if _, _, reject := readAmount(text); reject == nil || reject.sentence != want {
			t.Errorf("%q: %v, want %q", text, reject, want)
		}
	}
}

func TestReadDayAndMonth(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-30": "2026-11-30", "20261130": "2026-11-30", "261130": "2026-11-30", "30/11/2026": "2026-11-30", "30.11.2026": "2026-11-30",
		"2026-11-30 00:00:00": "2026-11-30", "2026-02-30": "", "2026-13-01": "", "snart": "", "0001-01-01": "",
	} {
		if got, ok := readDay(text, written); got != want || ok != (want != "") {
			t.Errorf("%q reads %q %v, want %q", text, got, ok, want)
		}
	}
	if got, _ := readDay("46356", since1900); got != "2026-11-30" {
		t.Errorf("a spreadsheet's day reads %q", got)
	}
	if got, _ := readDay("44894", since1904); got != "2026-11-30" {
		t.Errorf("an old Mac's day reads %q", got)
	}
	for text, want := range map[string]string{
		"2026-11": "2026-11", "202611": "2026-11", "november 2026": "2026-11", "Nov 2026": "2026-11", "2026-11-01": "2026-11", "2026-13": "", "juli": "",
	} {
		if got, _ := readMonth(text, written); got != want && (want != "" || got == "2026-11") {
			t.Errorf("%q reads %q, want %q", text, got, want)
		}
	}
	for day, want := range map[string]string{"2026-10-30": "2026-11", "2026-12-31": "2027-01", "2026-11-02": "2026-11", "2026-01-30": "2026-02"} {
		if got := monthOf(day); got != want {
			t.Errorf("rent due %s is for %s, want %s", day, got, want)
		}
	}
	if got := dueOf("2026-11"); got != "2026-10-30" {
		t.Errorf("November's rent is due %s", got)
	}
}
