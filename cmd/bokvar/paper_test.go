package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/demo"
)

// paperOf asks for the consent on paper as a person would, "" for nobody.
func (w *wallTown) paperOf(cookie, giving string) (status int, body []byte, header http.Header) {
	w.t.Helper()
	req, err := http.NewRequest("GET", w.URL+"/api/consents/"+giving+"/paper.pdf", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if cookie != "" {
		req.Header.Set("Cookie", "bokvar="+cookie)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, b.Bytes(), resp.Header
}

// wordsOf is the text of a PDF.
func wordsOf(t *testing.T, pdf []byte) string {
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

// Every state of a consent, every person of both organisations and somebody who has not
// signed in: the paper is where the consent itself may be read, and nowhere else.
func TestAConsentOnPaperIsForThoseWhoMayReadIt(t *testing.T) {
	w := newWallTown(t)
	cookies := map[string]string{}
	for _, m := range demo.Members {
		cookies[m.ID] = w.enter(m.ID).cookie
	}
	nothing, _, _ := w.paperOf(w.samira.cookie, "there-is-none")
	printed, refused := 0, 0
	for _, state := range wallStates {
		w := w.another()
		state.make(w)
		if w.giving == "" {
			continue
		}
		if status, body, _ := w.paperOf("", w.giving); status != 401 || bytes.Contains(body, []byte("Tova")) {
			t.Errorf("%s: a stranger: %d %s", state.name, status, body)
		}
		signed := state.is != "asked" && state.is != "declined"
		var first []byte
		for _, m := range demo.Members {
			status, body, header := w.paperOf(cookies[m.ID], w.giving)
			reads := m.Org == demo.Social && m.WorksIn(demo.UnitEviction) && m.Role != casework.Administrator
			switch {
			case !reads && (status != nothing || !bytes.Contains(body, []byte(errNoConsent.Sentence))):
				t.Errorf("%s: %s is told more than of what is not there: %d %s", state.name, m.ID, status, body)
			case reads && !signed && (status != 422 || !bytes.Contains(body, []byte(errNotSigned.Code))):
				t.Errorf("%s: %s: nothing was signed: %d %s", state.name, m.ID, status, body)
			case reads && signed && (status != 200 || header.Get("Cache-Control") != "no-store"):
				t.Errorf("%s: %s: %d %v", state.name, m.ID, status, header)
			case reads && signed:
				printed++
				if first == nil {
					first = body
				}
				if !bytes.Equal(first, body) {
					t.Errorf("%s: %s gets other bytes", state.name, m.ID)
				}
			default:
				refused++
			}
		}
	}
	if printed < 20 || refused < 100 {
		t.Fatalf("%d papers, %d refusals: the test proves nothing", printed, refused)
	}
}

func TestAConsentOnPaperIsWhatWasSigned(t *testing.T) {
	w := newWallTown(t)
	w.collect("given", map[string]any{"place": "Björkgatan 7", "collected_by": "Kim Strandvik, Sjöbergahem"})
	w.link()
	status, pdf, _ := w.paperOf(w.samira.cookie, w.giving)
	if status != 200 {
		t.Fatalf("%d %s", status, pdf)
	}
	text := wordsOf(t, pdf)
	for _, want := range []string{demo.Wording.Title, demo.Wording.Withdraw, "Ja: Hyresvärden eller inkasso: Sjöbergahem", "Nej: Psykiatrin", "Tova Test", "Sa ja muntligt",
		"Björkgatan 7", "Kim Strandvik", "Telefonen noterade ingen", w.giving} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper does not say %q: %s", want, text)
		}
	}
	w.withdraw()
	if _, after, _ := w.paperOf(w.samira.cookie, w.giving); !bytes.Equal(pdf, after) {
		t.Error("a withdrawal changed what was signed")
	}
	rows, err := w.core.db.LogOfCase(demo.Social, w.giving, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	took := 0
	for _, row := range rows {
		if row.Action == audit.Export && row.What == "paper; ground own-unit" && row.Person == "samira" {
			took++
		}
	}
	if took != 2 {
		t.Errorf("it was taken out twice, and the log says %s", fmt.Sprint(rows))
	}
}
