package exchange

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

const plainList = "Kontraktsnummer;Hyresgäst;Gatuadress;Förfallodatum;Kapital\n1042-07;Åsa Öberg;Björkgatan 7;2026-10-30;7 840,00\n"

func TestSameListInEveryForm(t *testing.T) {
	latin, err := charmap.Windows1252.NewEncoder().String(plainList)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(plainList)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"UTF-8": plainList, "UTF-8 with BOM": "\ufeff" + plainList, "Windows-1252": latin, "UTF-16": wide,
		"CRLF": strings.ReplaceAll(plainList, "\n", "\r\n"), "old Mac": strings.ReplaceAll(plainList, "\n", "\r"),
		"tabs": strings.ReplaceAll(plainList, ";", "\t"), "commas": strings.ReplaceAll(strings.ReplaceAll(plainList, ",00", ""), ";", ","),
		"quoted":                                `"Avtalsnr";"Namn";"Adress";"Förfallodag";"Hyra"` + "\n" + `"1042-07";"Åsa Öberg";"Björkgatan 7";"20261030";"7840"` + "\n",
		"a title, Excel's hint and empty lines": "sep=;\n\nSjöbergahem AB\n;;\n" + plainList + "\n;;;;\n",
	} {
		e := mustParse(t, data).Entries
		if len(e) != 1 || e[0].Contract != "1042-07" || e[0].Name != "Åsa Öberg" || e[0].Capital != 784000 || e[0].DueMonth != "2026-11" || e[0].Due != "2026-10-30" {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestAsOf(t *testing.T) {
	for head, want := range map[string]string{
		"Utskriven 2026-11-18 07:10\n":          "18 nov 07:10",
		"Obetalda hyror;Per 2026-11-17\n":       "17 nov 00:00",
		"Utskriven;2026-11-18 kl. 06.05\n":      "18 nov 06:05",
		"Utskriven av Jonna, 2026-11-18 7:05\n": "18 nov 07:05",
		"":                                      "18 nov 08:00", // when it came
	} {
		list := mustParse(t, head+plainList)
		if got := say(list.AsOf); got != want || list.Dated != (head != "") {
			t.Errorf("%q is as of %s (dated %v), want %s", head, got, list.Dated, want)
		}
	}
	column := "Kontrakt;Namn;Adress;Period;Belopp;Saldo per\n1;A B;C 1;2026-11;100;2026-11-17 10:00\n2;A B;C 1;2026-11;100;2026-11-18 06:00\n"
	if got := say(mustParse(t, column).AsOf); got != "18 nov 06:00" {
		t.Errorf("the column says %s", got)
	}
	if _, problem := Parse("x.csv", []byte("Utskriven 2026-11-19 07:10\n"+plainList), now); problem == nil || problem.Code != CodeFutureList {
		t.Errorf("tomorrow's list: %v", problem)
	}
}

func TestFilesThatAreNoList(t *testing.T) {
	mixed := []byte("Kontraktsnummer;Hyresgäst;Gatuadress;Förfallodatum;Kapital\n1;Åsa;Björkgatan;2026-10-30;1\n2;\xc5sa;Bj\xf6rkgatan;2026-10-30;1\n")
	locked := append([]byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")...)
	for _, c := range []struct{ name, data, code, says string }{
		{"empty", " \n", CodeNoRows, "Filen är tom."},
		{"PDF", "%PDF-1.7 ...", CodeNotAList, "en PDF"},
		{"picture", "\x89PNG\r\n\x1a\n", CodeNotAList, "en bild"},
		{"web page", "<!doctype html><table>", CodeNotAList, "en webbsida"},
		{"bytes", "\x00\x01\x02\x03", CodeNotAList, "varken CSV eller Excel"},
		{"old Excel", string(locked[:8]) + "Workbook", CodeNotAList, "äldre Excelfil"},
		{"locked", string(locked), CodeLocked, "lösenord"},
		{"torn", "PK\x03\x04 and no more", CodeCorrupt, "skadad"},
		{"zip", zipOf(t, "readme.txt", "hej"), CodeNotAList, "zip-arkiv"},
		{"not a workbook", zipOf(t, "xl/workbook.xml", "hej"), CodeCorrupt, "skadad"},
		{"mixed", string(mixed), CodeMixedEncodings, "rad 3"},
		{"prose", "Hej Jonna,\nhär kommer listan.\n", CodeNoHeader, "Hej Jonna"},
		{"no contract", strings.Replace(plainList, "Kontraktsnummer", "Radnr", 1), CodeMissingColumn, "Kolumnen Kontraktsnummer saknas. Filen har kolumnerna Radnr, Hyresgäst, Gatuadress, Förfallodatum och Kapital."},
		{"no due", strings.Replace(plainList, "Förfallodatum", "X", 1), CodeMissingColumn, "Kolumnen Förfallodatum eller Avser månad saknas."},
		{"twice", strings.Replace(plainList, "Gatuadress", "Namn", 1), CodeTwiceColumn, "Kolumnerna Hyresgäst och Namn betyder samma sak."},
		{"header alone", strings.SplitAfter(plainList, "\n")[0], CodeNoRows, "inga rader"},
		{"open quote", plainList + "2;\"Eva;B 1;2026-10-30;1\n" + strings.Repeat("3;A;B;2026-10-30;1\n", 40), CodeOpenQuote, "Rad 3"},
	} {
		_, problem := Parse(c.name, []byte(c.data), now)
		if problem == nil || problem.Code != c.code || !strings.Contains(problem.Sentence, c.says) {
			t.Errorf("%s: %v, want %s …%s…", c.name, problem, c.code, c.says)
		}
	}
}

func TestTooBigSaysSizeAndLimit(t *testing.T) {
	o := newOffice()
	_, err := o.service().Propose(jonna, "stor.csv", bytes.NewReader(make([]byte, 50<<20)), false)
	if code(err) != CodeTooBig || !strings.Contains(err.Error(), "Filen är 50 MB. Gränsen är 20 MB.") || len(o.proposals) != 0 {
		t.Errorf("50 MB: %v", err)
	}
}

// smallWorkbook has its list on the second sheet, and numbers as a spreadsheet keeps them.
func smallWorkbook(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	rows := [][]any{
		{"Obetalda hyror"}, {"Utskriven", "2026-11-18 07:10"}, {},
		{"Kontraktsnr", "Namn", "Personnr", "Adress", "Förfallodatum", "Hyra", "Mobil", "Barn"},
		{104207, "Åsa Öberg", 199006022397.0, "Björkgatan 7", now, 7840.5, 701740605, true},
	}
	if _, err := f.NewSheet("Blad2"); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if err := f.SetSheetRow("Blad2", "A"+string(rune('1'+i)), &row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWorkbook(t *testing.T) {
	list := mustParse(t, string(smallWorkbook(t)))
	if len(list.Entries) != 1 || say(list.AsOf) != "18 nov 07:10" {
		t.Fatalf("%+v", list)
	}
	e := list.Entries[0]
	if e.Number != 5 || e.Contract != "104207" || e.ID != "199006022397" || e.Capital != 784050 || e.Phone != "0701740605" || e.Children == nil || !*e.Children {
		t.Errorf("%+v", e)
	}
}

// A workbook that unfolds to more than the limit is answered before it is unfolded.
func TestWorkbookBomb(t *testing.T) {
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	if _, err := z.CreateRaw(&zip.FileHeader{Name: "xl/workbook.xml", UncompressedSize64: maxUnzipped + 1}); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, problem := Parse("bomb.xlsx", bomb.Bytes(), now)
	if problem == nil || problem.Code != CodeTooBig {
		t.Errorf("%v", problem)
	}
}

func TestRowsThatAreRejected(t *testing.T) {
	head := "Kontrakt;Namn;Personnummer;Adress;Förfallodatum;Belopp;Avgifter;Barn;Skyddad\n"
	for row, want := range map[string]string{
		";Ulf;;B 1;2026-10-30;1;;;":                             "no_contract: Kontraktet saknar nummer.",
		"1;;;B 1;2026-10-30;1;;;":                               "no_name: Namnet saknas.",
		"1;Ulf;;;2026-10-30;1;;;":                               "no_street: Adressen saknas.",
		"1;Ulf;;B 1;2026-02-30;1;;;":                            "date: Förfallodatum är ”2026-02-30”. Det datumet finns inte. Skriv som 2026-11-30.",
		"1;Ulf;;B 1;;1;;;":                                      "date: Det står inte när hyran skulle betalas.",
		"1;Ulf;;B 1;2026-10-30;;;;":                             "no_amount: Beloppet saknas.",
		"1;Ulf;;B 1;2026-10-30;0,00;;;":                         "nothing_owed: Beloppet är 0 kronor. Då finns ingen skuld att ta in.",
		"1;Ulf;;B 1;2026-10-30;100;x;;":                         "amount: Beloppet är ”x”. Skriv det i kronor, bara siffror.",
		"1;Ulf;19900602-2396;B 1;2026-10-30;1;;;":               "personal_number: Personnumret stämmer inte. Siffrorna stämmer inte med varandra. Kontrollera dem, särskilt de fyra sista.",
		"1;Ulf;;B 1;2026-10-30;1;;kanske;":                      "yes_no: Kolumnen Barn har ”kanske”. Skriv ja eller nej.",
		"1;" + strings.Repeat("u", 201) + ";;B;2026-10-30;1;;;": "too_long: Texten i kolumnen Namn är längre än 200 tecken.",
	} {
		list := mustParse(t, head+row+"\n")
		if len(list.Rejected) != 1 || list.Rejected[0].Code+": "+list.Rejected[0].Reason != want || list.Rejected[0].Row != 2 {
			t.Errorf("%s: %+v, want %s", row, list.Rejected, want)
		}
	}
	list := mustParse(t, head+"1;Ulf;;B 1;2026-10-30;1;;;ja\n2;Skyddad identitet;;;2026-10-30;1;;;\n3;Eva;;B 1;2026-10-30;1;;;nej\n")
	if e := list.Entries; len(e) != 3 || !e[0].Protected || e[0].Name != protectedName || !e[1].Protected || e[2].Protected {
		t.Errorf("%+v", list)
	}
}

func zipOf(t *testing.T, name, content string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
