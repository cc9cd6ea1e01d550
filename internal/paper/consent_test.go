package paper

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bokvar/internal/casework"
)

func example() *Consent {
	words := casework.PlainWording("w", "Socialtjänsten i Sjöberga", "Vräkningsförebyggande enheten", "010-555 01 20")
	return &Consent{
		ID: "0193b0de-1111-7aaa-8bbb-000000000001", Social: "Socialtjänsten i Sjöberga", Unit: "Vräkningsförebyggande enheten", UnitPhone: "010-555 01 20",
		Landlord: "Sjöbergahem", Wording: &words, Shown: &casework.WordingShown{Hash: words.Hash},
		Partners: []string{"landlord", "relatives"}, Relatives: "systern Åsa Öhrnell", Place: "Rönnbärsgatan 5", Day: "2026-11-24", Until: "2027-05-31",
		Witness: "Jonna Ekered", Original: "Pärmen på Storgatan 1", Photos: 2, Collected: "Kim Strandvik och Jonna Ekered, Sjöbergahem",
		Translation: &casework.TranslationShown{Language: "ar", Hash: "x"},
		Signers: []Signer{
			{Name: "Mirja Källbro", Number: "199006022397", How: "drawn", At: 1795527400000, Strokes: curve()},
			{Name: "Nguyễn Văn Đức", How: "typed", At: 1795527460000},
			{Name: "Mirja Källbro", Child: "Ture Källbro", How: "oral", At: 1795527470000},
		},
		Hash: strings.Repeat("0123456789abcdef", 4), Noted: true, Same: true, Proven: true,
	}
}

// curve is something that looks like a name written with a finger.
func curve() (strokes [][][]float64) {
	for s := range 3 {
		var stroke [][]float64
		for i := range 60 {
			t := float64(i) / 10
			stroke = append(stroke, []float64{60 + float64(s)*280 + t*40 + 30*math.Sin(3*t), 150 + 70*math.Sin(2*t+float64(s)), t * 100, 0.5})
		}
		strokes = append(strokes, stroke)
	}
	return strokes
}

func printed(t *testing.T, c *Consent) []byte {
	t.Helper()
	pdf, err := c.Print()
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// read is what a reader takes out of a PDF, in the order in which it is set.
func read(t *testing.T, pdf []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", "-enc", "UTF-8", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (install poppler-utils, as .ci/tools does): %v", err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

func TestAConsentOnPaperSaysAllThatWasSigned(t *testing.T) {
	c := example()
	text := read(t, printed(t, c))
	for _, want := range []string{
		c.Wording.Title, c.Wording.Withdraw, "Ja: Hyresvärden eller inkasso: Sjöbergahem", "Nej: Psykiatrin", "Ja: Anhörig: systern Åsa Öhrnell",
		"Rönnbärsgatan 5, 24 november 2026", "till och med 31 maj 2027", "Kim Strandvik och Jonna Ekered, Sjöbergahem", "Vem var med Jonna Ekered", "Pappret Pärmen på Storgatan 1. Det finns 2 bilder",
		"Mirja Källbro", "Personnummer 19900602-2397", "Skrev under på skärmen, 24 november 2026 kl. ", "Nguyễn Văn Đức", "För barnet Ture Källbro", "Sa ja muntligt",
		"arabiska (översättningen var inte granskad)", "01234567 89abcdef", "enkel elektronisk underskrift", "inget har ändrats", c.ID, "sida 1 av 2", "010-555 01 20",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper does not say %q", want)
		}
	}
	for _, paragraph := range strings.Split(c.Wording.Body, "\n\n") {
		if !strings.Contains(text, paragraph) {
			t.Errorf("the paper does not have the paragraph %q to the letter", paragraph)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

const again = "BOKVAR_PRINT_AGAIN"

func TestThePaperIsTheSameBytesInAnotherProcess(t *testing.T) {
	pdf := printed(t, example())
	if file := os.Getenv(again); file != "" { // the other process
		if err := os.WriteFile(file, pdf, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(pdf, printed(t, example())) {
		t.Fatal("twice in one process: different bytes")
	}
	file := filepath.Join(t.TempDir(), "again.pdf")
	cmd := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), again+"="+file, "TZ=Pacific/Auckland", "LANG=ar_EG.UTF-8")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	other, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(pdf, other) {
		t.Fatal("in another process: different bytes")
	}
	changed := example()
	changed.Signers[0].Name = "Mirja Kallbro"
	if bytes.Equal(pdf, printed(t, changed)) {
		t.Fatal("another name gave the same bytes: nothing is compared")
	}
}

func TestThePDFHasATitleALanguageAndItsOwnTime(t *testing.T) {
	pdf := string(printed(t, example()))
	for _, want := range []string{"/Lang (sv-SE)", "/Title", "/CreationDate (D:20261124"} {
		if !strings.Contains(pdf, want) {
			t.Errorf("the PDF lacks %q", want)
		}
	}
	if regexp.MustCompile(`/JavaScript|/OpenAction <<|/URI|/EmbeddedFile `).MatchString(pdf) {
		t.Error("the PDF does something")
	}
}

func TestLettersThatTheTypefaceLacksAreTold(t *testing.T) {
	c := example()
	c.Signers = []Signer{{Name: "مريم 😀 \u2068Berg\u2069", How: "typed"}}
	text := read(t, printed(t, c))
	for _, want := range []string{"[U+0645][U+0631][U+064A][U+0645] [U+1F600] Berg", "som sina nummer"} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper does not say %q", want)
		}
	}
	if strings.Contains(read(t, printed(t, example())), "som sina nummer") {
		t.Error("numbers are explained where there are none")
	}
	for _, name := range []string{"Ștefănescu Țiriac", "Łukasz Żółć", "Nguyễn Thị Hường", "Дмитро Їжак", "Þórður Æsir", "A\u030Asa", "Şükrü Iğdır"} {
		if !allWritable(name) {
			t.Errorf("%q is written as numbers", writable(name))
		}
	}
	if writable("A\u030Asa\u00AD") != "Åsa" {
		t.Errorf("a letter and its ring are not one: %q", writable("A\u030Asa\u00AD"))
	}
}

func TestWhateverWasSignedCanBePrinted(t *testing.T) {
	dot := [][][]float64{{{1, 2}}, {}, {{math.MaxFloat64, -math.MaxFloat64}, {math.Inf(1), 0}}, {{5}}, {{math.NaN(), 3}}}
	long := strings.Repeat("å", 200)
	many := make([]Signer, 6)
	for i := range many {
		many[i] = Signer{Name: long, Child: long, How: "drawn", Strokes: dot}
	}
	words := casework.Wording{Title: long, Body: strings.Repeat("ord ", 5000), Withdraw: strings.Repeat("x", 3000), Language: "tlh"}
	for name, c := range map[string]*Consent{
		"nothing":       {},
		"no words":      {ID: "a", Shown: &casework.WordingShown{Hash: "ab"}, Day: "not a day"},
		"a high pad":    {Signers: []Signer{{How: "drawn", Strokes: [][][]float64{{{0, 0}, {10, 3900}}}}}},
		"odd strokes":   {Signers: []Signer{{How: "drawn", Strokes: dot}}},
		"everything":    {Wording: &words, Signers: many, Partners: partnerOrder, Relatives: long, Other: long, Place: long, Witness: long, Collected: long},
		"changed since": {Hash: "00", Noted: true, Signers: []Signer{{Name: "a\x00\xff\tb", How: "unknown"}}},
	} {
		pdf := printed(t, c)
		if !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) > 1<<20 {
			t.Errorf("%s: %d bytes, %q", name, len(pdf), pdf[:8])
		}
		if text := read(t, pdf); !strings.Contains(text, "Bevis") {
			t.Errorf("%s: the end is missing: %s", name, text)
		}
		if regexp.MustCompile(`(NaN|[+-]Inf) `).Match(pdf) {
			t.Errorf("%s: a number is none", name)
		}
	}
	if text := read(t, printed(t, &Consent{Hash: "00", Noted: true})); !strings.Contains(text, "något är ändrat") {
		t.Error("a consent that is not what was signed does not say so")
	}
}

func TestEveryLanguageHasASwedishName(t *testing.T) {
	for _, tongue := range casework.Tongues {
		if languageNames[tongue.Language] == "" {
			t.Errorf("%s has no name", tongue.Language)
		}
	}
	for id := range casework.Tongues[0].Partners {
		if !slices.Contains(partnerOrder, id) {
			t.Errorf("partner %s is not on the paper", id)
		}
	}
}
