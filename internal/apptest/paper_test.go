package apptest

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// A social worker takes a signed consent out as a PDF, from its own screen; the second
// one is the first, byte for byte.
func TestASocialWorkerPrintsASignedConsent(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	samira := Open(t, p.URL, Desk)
	samira.SignIn(p, "samira")
	var papers [][]byte
	for range 2 {
		dir := samira.downloads()
		received("Mirja Korhonen")(samira)
		samira.Tap("Skriv ut eller spara som PDF")
		samira.See("Filen heter samtycke.pdf")
		file := downloaded(t, dir, ".pdf")
		pdf, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		papers = append(papers, pdf)
		text := PDFText(t, file)
		for _, want := range []string{"Du bestämmer vem som får prata om dig", "Mirja Korhonen", "Ja: Hyresvärden eller inkasso", "Kontrollsumma (SHA-256)"} {
			if !strings.Contains(text, want) {
				t.Errorf("the paper does not say %q: %s", want, text)
			}
		}
	}
	if !bytes.Equal(papers[0], papers[1]) {
		t.Error("the same consent gave two papers")
	}
}

// PDFText is what a reader takes out of a PDF, with single spaces.
func PDFText(tb TB, file string) string {
	tb.Helper()
	out, err := exec.Command("pdftotext", "-raw", "-enc", "UTF-8", file, "-").Output()
	if err != nil {
		tb.Fatalf("pdftotext (install poppler-utils, as .ci/tools does): %v", err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}
