package apptest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// Primero: logging out deleted what was not sent. Work that cannot be sent from a phone is not stuck there: signing out refuses
// to leave it behind and says what to do; a locked file takes it to another phone
// of the same person, or to a colleague who takes over; nobody else can read it.
func TestPrimero_WorkLeavesAPhoneThatCannotSend(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	server := SignIn(t, p, "peder")
	shared := sharedVisit(t, server)
	first := Open(t, link.URL, SmallPhone)
	downloads := first.downloads()
	first.SignIn(p, "kim")
	link.Cut()
	first.Walk("/visit/" + shared)
	const note = "Skrivet på en telefon som inte kan skicka."
	first.saveNote(note)
	first.Tap("Vi träffades")
	first.See("Du svarade")

	first.Walk("/more")
	first.Tap("Logga ut")
	first.See("Du kan inte logga ut än", "2 saker finns bara på telefonen")
	first.Tap("Spara eller lämna över")
	first.See("Bara på telefonen (2)", "Senaste kontakt med servern")
	first.Tap("Spara i en låst fil")
	first.See("Skriv upp koden")
	code := first.Eval(`document.querySelector('[data-code]').dataset.code`)
	file := downloaded(t, downloads, ".bokvar")
	if content, err := os.ReadFile(file); err != nil || strings.Contains(string(content), note) || strings.Contains(string(content), code) {
		t.Errorf("the file is readable without its code (%v)", err)
	}

	t.Run("on another phone of her own", func(t *testing.T) {
		second := Open(t, p.URL, SmallPhone)
		p.Invite("kim")
		second.SignIn(p, "kim")
		second.takesIn(file, "AAAA BBBB CCCC DDDD", "Koden passar inte till filen")
		second.takesIn(file, code, "2 saker är intagna och skickas.")
		second.Synced()
		second.takesIn(file, code, "Allt i filen finns redan här.")
		onServer(t, server, note, "kim")
		if r := carried(t, server)[shared]; !strings.Contains(string(r.F["outcome"]), `"met"`) {
			t.Errorf("the outcome is %s", r.F["outcome"])
		}
	})
	t.Run("with a colleague", func(t *testing.T) {
		alva := Open(t, p.URL, SmallPhone)
		alva.SignIn(p, "alva")
		alva.takesIn(file, code, "En anteckning från Kim Strandvik är intagen i ditt namn. En sak i filen kan bara Kim Strandvik skicka.")
		alva.Synced()
		Retry(t, "the note is there in Alva's name", func() error {
			for _, r := range carried(t, server) {
				if text := r.Text("text"); r.Kind == "note" && r.Text("by") == "alva" && strings.HasPrefix(text, "Kim Strandvik skrev ") && strings.HasSuffix(text, note) {
					return nil
				}
			}
			return fmt.Errorf("not yet; the screen says: %.400s", alva.Text())
		})
	})
	t.Run("in another organisation", func(t *testing.T) {
		samira := Open(t, p.URL, SmallPhone)
		samira.SignIn(p, "samira")
		samira.takesIn(file, code, "Filen är från en annan organisation.")
	})

	link.Heal() // the first phone can send after all: nothing is there twice
	first.Eval(`dispatchEvent(new Event('online'))`)
	first.Synced()
	onServer(t, server, note, "kim")
	first.Walk("/tray")
	first.See("Sparat hos servern", note)
}

func (b *Browser) takesIn(file, code, says string) {
	b.tb.Helper()
	b.Go("/tray")
	b.Synced()
	b.Tap("Ta in en fil från en annan telefon")
	b.Upload(file)
	b.Fill("Filens kod", code)
	b.Tap("Ta in filen")
	b.See(says)
}

// onServer: the note is there once under its own words, by its writer.
func onServer(t *testing.T, who Person, note, by string) {
	t.Helper()
	n := 0
	for _, r := range carried(t, who) {
		if r.Kind == "note" && r.Text("text") == note {
			n++
			if r.Text("by") != by {
				t.Errorf("%q is by %s", note, r.Text("by"))
			}
		}
	}
	if n != 1 {
		t.Errorf("the server has %q %d times", note, n)
	}
}

// sharedVisit is the visit that Kim and Alva make together.
func sharedVisit(t *testing.T, who Person) string {
	t.Helper()
	for id, r := range carried(t, who) {
		var people []string
		_ = json.Unmarshal(r.F["people"], &people)
		if r.Kind == "contact" && len(people) == 2 && slices.Contains(people, "kim") && slices.Contains(people, "alva") && r.F["outcome"] == nil {
			return id
		}
	}
	t.Fatal("Kim and Alva share no visit")
	return ""
}

// downloads lets the browser save files, and answers where.
func (b *Browser) downloads() string {
	b.tb.Helper()
	dir := b.tb.TempDir()
	_, err := chromedp.CallBrowser(b.ctx, cdp.Command[map[string]any, cdp.Empty]{Method: "Browser.setDownloadBehavior"},
		map[string]any{"behavior": "allow", "downloadPath": dir})
	if err != nil {
		b.tb.Fatalf("downloads: %v", err)
	}
	return dir
}

func downloaded(t *testing.T, dir, ending string) (file string) {
	t.Helper()
	Retry(t, "the file is saved", func() error {
		found, err := filepath.Glob(filepath.Join(dir, "*"+ending))
		if err != nil || len(found) != 1 {
			return fmt.Errorf("%v (%v)", found, err)
		}
		file = found[0]
		return nil
	})
	return file
}
