package apptest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
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

// The tenant's copy comes out of the browser's printer: a page for each who signed, in
// Swedish beside the language that was read, with a code and a square of their own and
// nothing else of the screen; in the light and in the dark alike.
func TestTheTenantsCopyIsPrintedByTheBrowser(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	kim := Open(t, p.URL, SmallPhone)
	kim.SignIn(p, "kim")
	kim.Synced()
	kim.Go(kim.links("/visit/", 1)[0] + "/consent")
	kim.Tap("العربية")
	kim.Tap("Lämna över telefonen")
	kim.Gate("handed")
	kim.Tap("Jag har läst")
	kim.Tap("Vårdcentralen")
	kim.Tap("Anhörig")
	kim.Fill("Vem?", "Min syster Amal")
	kim.Tap("Gå vidare")
	kim.Fill("Namn", "Testa Provsson")
	kim.Eval(`document.querySelectorAll('.tick.is-cell input')[0].click()`)
	kim.Draw(0)
	kim.Tap("En person till skriver under")
	kim.See("Person 2")
	kim.Eval(`document.getElementById('name-1').focus()`)
	kim.Eval(`document.getElementById('name-1').select()`)
	kim.types("Olle Provsson")
	kim.Eval(`document.querySelectorAll('.tick.is-cell input')[1].click()`)
	kim.Eval(`document.querySelectorAll('input[name="how-1"]')[1].click()`)
	kim.Tap("Skriv under")
	kim.See("Tack. Du har svarat ja", "Skriv ut kopian")
	codes := strings.Fields(kim.Eval(`[...document.querySelectorAll('main p.code')].map(e => e.innerText).join(' ')`))
	phone := kim.Eval(`document.querySelector('main .banner').innerText.match(/Ring [^,]+, ([^.]+)/)[1]`)
	if len(codes) != 2 {
		t.Fatalf("two signed, and there are the codes %q", codes)
	}
	Retry(t, "the paper is ready", func() error {
		pages, err := kim.eval(`document.querySelectorAll('.paper-copy article').length`)
		if err == nil && pages != "2" {
			err = fmt.Errorf("it has %s pages", pages)
		}
		return err
	})
	for _, screen := range []Screen{SmallPhone, SmallPhone.dark()} {
		kim.Resize(screen)
		file := kim.Printed()
		pages := strings.Split(strings.TrimRight(PDFPages(t, file), "\f"), "\f")
		if len(pages) != 2 {
			t.Fatalf("two signed, and it has %d pages: %q", len(pages), pages)
		}
		for i, name := range []string{"Testa Provsson", "Olle Provsson"} {
			text := strings.Join(strings.Fields(pages[i]), " ")
			for _, want := range []string{name, codes[i], "Det här sa du ja till", "Vårdcentralen", "Anhörig: Min syster Amal", "/withdraw", phone, "Du kan ta tillbaka ditt ja när du vill"} {
				if !strings.Contains(text, want) {
					t.Errorf("page %d does not say %q: %s", i+1, want, text)
				}
			}
			for _, other := range []string{codes[1-i], "Lämna tillbaka telefonen", "På telefonen", "Psykiatrin"} {
				if strings.Contains(text, other) {
					t.Errorf("page %d says %q", i+1, other)
				}
			}
		}
	}
	if arabic := kim.Eval(`getComputedStyle(document.querySelector('.paper-copy [lang=ar]')).direction + document.querySelectorAll('.paper-copy article svg.qr path').length`); arabic != "rtl2" {
		t.Errorf("the Arabic side: %s", arabic)
	}
	kim.Tap("Lämna tillbaka telefonen")
	kim.Gate("locked")
	kim.Unlock()
	if left := kim.Eval(`document.querySelectorAll('.on-paper').length`); left != "0" {
		t.Error("the copy can still be printed after the phone was given back")
	}
}

// A consent on paper: the picture is taken without coverage, goes to the unit that owns
// it when there is a way, to the byte that the evidence names, and nothing of it stays on
// the landlord's phone.
func TestAConsentOnPaperBringsItsPicture(t *testing.T) {
	t.Parallel()
	axe := axeSource(t)
	p := Start(t, "")
	link := NewLink(t, p)
	kim := Open(t, link.URL, SmallPhone)
	kim.SignIn(p, "kim")
	kim.Synced()
	kim.Go(kim.links("/visit/", 1)[0] + "/consent/own")
	kim.See("Du bestämmer vem")
	link.Cut()
	kim.Tap("Jag har läst")
	kim.Tap("Vårdcentralen")
	kim.Tap("Gå vidare")
	kim.Fill("Namn", "Testa Provsson")
	kim.Eval(`document.querySelectorAll('.tick.is-cell input')[0].click()`)
	kim.Tap("Gör på ett annat sätt")
	kim.Tap("Skriva under på papper")
	kim.Tap("Skriv under")
	kim.See("Skriv var pappret finns")
	kim.Fill("Var finns pappret?", "Pärmen på Storgatan 1")
	kim.Upload(CameraPicture(t, "taken at Stigen 3", 2400, 1800))
	kim.See("Ta en bild till")
	kim.inspect(View{Name: "consent-own-paper", Route: "/visit/:id/consent/own", Visit: true}, axe)
	kim.Tap("Skriv under")
	kim.See("Tack. Du har svarat ja", "Samtycket är på telefonen")
	waiting := func() (string, error) {
		return kim.eval(`(async () => { const root = await navigator.storage.getDirectory(); let n = 0; const walk = async (d) => { for await (const [name, h] of d.entries()) { if (h.kind === 'directory') await walk(h); else if (/photo/.test(name)) n++; } }; await walk(root); return String(n); })()`)
	}
	if n, err := waiting(); err != nil || n != "1" {
		t.Fatalf("%s pictures lie on the phone, %v", n, err)
	}
	link.Heal()
	kim.Eval(`dispatchEvent(new Event('online'))`)
	kim.Synced()
	Retry(t, "the picture leaves the phone", func() error {
		n, err := waiting()
		if err == nil && n != "0" {
			err = fmt.Errorf("%s are there", n)
		}
		return err
	})
	for _, r := range carried(t, SignIn(t, p, "kim")) {
		if r.Kind == "paper_photo" || r.Kind == "giving" {
			t.Errorf("the landlord's phone is told of a %s", r.Kind)
		}
	}
	samira := Open(t, p.URL, Desk)
	samira.SignIn(p, "samira")
	received("Testa Provsson")(samira)
	samira.See("Pärmen på Storgatan 1", "Bilder av pappret")
	samira.Tap("Visa bild 1")
	Retry(t, "the picture is shown", func() error {
		wide, err := samira.eval(`String(document.querySelector('main img.photo')?.naturalWidth)`)
		if err == nil && wide != "1600" {
			err = fmt.Errorf("it is %s pixels wide", wide)
		}
		return err
	})
	samira.inspect(View{Name: "received-paper", Route: "/received/:id"}, axe)
	hands := SignIn(t, p, "samira")
	var hashes []string
	var picture string
	for id, r := range carried(t, hands) {
		if r.Kind == "paper_photo" {
			picture = id
		}
		if r.Kind == "giving" && r.Text("original") == "Pärmen på Storgatan 1" {
			_ = json.Unmarshal(r.F["photos"], &hashes)
		}
	}
	stored := hands.fetch(t, "/api/photos/"+picture)
	if sum := sha256.Sum256(stored); len(hashes) != 1 || hex.EncodeToString(sum[:]) != hashes[0] || bytes.Contains(stored, []byte("Stigen")) {
		t.Errorf("the evidence names %q, and what is stored is %x (%d bytes)", hashes, sum, len(stored))
	}
	text := strings.Join(strings.Fields(kimsPaper(t, hands)), " ")
	if !strings.Contains(text, "Pärmen på Storgatan 1. Det finns en bild av det") {
		t.Errorf("the printed consent does not say where the paper lies: %s", text)
	}

	// With a protected identity the picture goes, and comes back for a reason alone.
	SignIn(t, p, "jonna").protects(t)
	samira.See("Visa uppgifterna")
	samira.NotSee("Testa Provsson", "Bilder av pappret")
	samira.Tap("Visa uppgifterna")
	samira.Fill("Varför behöver du dem nu?", reason)
	samira.Tap("Visa uppgifterna")
	samira.See("Testa Provsson", "Bild 1 av pappret")
	samira.Tap("Visa bilden")
	Retry(t, "the picture is shown for a reason", func() error {
		wide, err := samira.eval(`String(document.querySelector('main img.photo')?.naturalWidth)`)
		if err == nil && wide != "1600" {
			err = fmt.Errorf("it is %s pixels wide", wide)
		}
		return err
	})
	samira.inspect(View{Name: "protected-picture", Route: "/protected/:root", Visit: true}, axe)
	samira.Tap("Dölj uppgifterna")
	samira.See("Uppgifterna är dolda")
	if left := samira.Eval(`String(document.querySelectorAll('img').length)`); left != "0" {
		t.Error("the picture stays when the details are hidden")
	}
}

// protects protects the household where the consent on paper was collected.
func (p Person) protects(t *testing.T) {
	t.Helper()
	c, records, err := p.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, r := range records {
		if r.Kind == "consent_mark" {
			if _, err := c.Push("household", r.Text("household"), map[string]any{"protected": true}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// kimsPaper is the text of the consent that was given on paper, printed.
func kimsPaper(t *testing.T, who Person) string {
	t.Helper()
	for id, r := range carried(t, who) {
		if r.Kind == "giving" && r.Text("original") != "" {
			file := filepath.Join(t.TempDir(), "paper.pdf")
			if err := os.WriteFile(file, who.fetch(t, "/api/consents/"+id+"/paper.pdf"), 0o600); err != nil {
				t.Fatal(err)
			}
			return PDFText(t, file)
		}
	}
	t.Fatal("there is no consent on paper")
	return ""
}

// fetch reads what lies at a path, as the person.
func (p Person) fetch(tb TB, path string) []byte {
	tb.Helper()
	req, err := http.NewRequest(http.MethodGet, "http://"+p.addr+path, nil)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	req.Header.Set("Cookie", "bokvar="+p.Cookie)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	defer func() { _ = resp.Body.Close() }()
	content, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		tb.Fatalf("%s: %s %v %.200s", path, resp.Status, err, content)
	}
	return content
}

// Printed is what the browser's printer makes of the page.
func (b *Browser) Printed() (file string) {
	b.tb.Helper()
	said := b.ask("Page.printToPDF", map[string]any{"preferCSSPageSize": true})
	data, _ := said["data"].(string)
	pdf, err := base64.StdEncoding.DecodeString(data)
	if err != nil || len(pdf) == 0 {
		b.tb.Fatalf("nothing is printed: %v", err)
	}
	file = filepath.Join(b.tb.TempDir(), "printed.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		b.tb.Fatalf("%v", err)
	}
	return file
}

// PDFPages is the text of a PDF, a form feed after each page.
func PDFPages(tb TB, file string) string {
	tb.Helper()
	out, err := exec.Command("pdftotext", "-raw", "-enc", "UTF-8", file, "-").Output()
	if err != nil {
		tb.Fatalf("pdftotext (install poppler-utils, as .ci/tools does): %v", err)
	}
	return string(out)
}

// PDFText is what a reader takes out of a PDF, with single spaces.
func PDFText(tb TB, file string) string {
	tb.Helper()
	return strings.Join(strings.Fields(PDFPages(tb, file)), " ")
}
