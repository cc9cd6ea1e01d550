package apptest

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// A whole day of a phone that two share, and of a desk: visits, notes, a consent
// signed without a network, a picture, a page that crashes while it shows a case (and
// leaves a dump of its memory), a battery that dies. Whoever then has the disks finds
// nothing of it, in whatever file of the browser, and neither in the server's log.
func TestTheProfileFolderAfterADayOfTwo(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	phone := (&Browser{Origin: link.URL, Screen: SmallPhone, Dumps: true}).open(t)
	secrets := map[string]bool{}
	keep := func(words ...string) {
		for _, w := range words {
			secrets[w] = true
		}
	}
	const exif = "tagen vid Björkgatan av Kims telefon"
	keep(exif, "Testa Provsson", "19580301-2805", "195803012805", "Lappen i brevlådan bredvid")

	phone.SignIn(p, "kim")
	kim := phone.Passphrase
	visits := phone.links("/visit/", 3)
	phone.Walk(visits[0])
	link.Cut()
	phone.Walk(visits[0] + "/consent")
	phone.Tap("Lämna över telefonen")
	phone.See("Telefonen är din nu")
	phone.Tap("Jag har läst")
	phone.Tap("Vårdcentralen")
	phone.Tap("Gå vidare")
	phone.Fill("Namn", "Testa Provsson")
	phone.Fill("Personnummer", "19580301-2805")
	phone.Draw(0)
	phone.Tap("Skriv under")
	phone.See("Samtycket är på telefonen")
	for _, code := range strings.Fields(phone.Eval(`[...document.querySelectorAll('p.code')].map(e => e.innerText).join(' ')`)) {
		keep(code, strings.ReplaceAll(code, "-", ""))
	}
	phone.Tap("Lämna tillbaka telefonen")
	phone.Unlock()
	phone.Walk(visits[1])
	phone.Upload(CameraPicture(t, exif, 2000, 1500))
	phone.Fill("Vad bilden visar", "Lappen i brevlådan bredvid")
	phone.Tap("Spara bilden")
	phone.See("Lappen i brevlådan bredvid", "På telefonen")
	phone.Walk("/")
	phone.See("Nästa besök")
	phone.Walk(visits[2])
	phone.See("Gick det på något annat sätt?")
	phone.Fill("Anteckning", "Kanariefågeln sjöng vid fönstret hela dagen.")
	phone.Tap("Spara anteckning")
	phone.See("Kanariefågeln", "På telefonen")
	keep("Kanariefågeln")
	link.Heal()
	phone.Eval(`dispatchEvent(new Event('online'))`)
	phone.Synced()
	dumped := map[string]bool{"phone": phone.crashes(t, visits[1])}
	phone.Unlock()
	phone.Walk("/more")
	phone.Tap("Logga ut")
	phone.Gate("out")

	phone.Load("/in") // the same screen: a link to it would open nothing anew
	phone.Fill("Kod", p.Login("alva").Code)
	phone.Tap("Logga in med koden")
	phone.Enrol()
	phone.Synced()
	phone.Walk(phone.links("/visit/", 1)[0])
	phone.See("Gick det på något annat sätt?")
	phone.Fill("Anteckning", "Näktergalen teg när vi ringde på.")
	phone.Tap("Spara anteckning")
	phone.See("Näktergalen")
	keep("Näktergalen", kim, phone.Passphrase, strings.Join(strings.Fields(kim), ""), strings.Join(strings.Fields(phone.Passphrase), ""))
	phone.Synced()
	phone.Kill() // unlocked, with a case on the screen
	phone.Start()
	phone.Go("/")
	phone.See("Nästa besök")
	phone.passes(11)
	phone.Gate("locked")
	phone.Quit()

	desk := (&Browser{Origin: p.URL, Screen: Desk, Dumps: true}).open(t)
	desk.SignIn(p, "jonna")
	kases := desk.deskCases()
	desk.Walk(kases[0])
	desk.See("Det här har hänt")
	dumped["desk"] = desk.crashes(t, kases[0])
	desk.Unlock()
	desk.Walk(kases[1])
	desk.Kill()

	for _, person := range []string{"kim", "jonna"} {
		p.Invite(person)
		for _, w := range carriedWords(t, SignIn(t, p, person)) {
			keep(w)
		}
	}
	if len(secrets) < 200 {
		t.Fatalf("only %d names, numbers and notes to look for", len(secrets))
	}
	examples := ownTexts(t)
	var all []string
	for w := range secrets {
		if !strings.Contains(examples, w) { // a number that the app gives as an example lies in its cache
			all = append(all, w)
		}
	}
	if len(all) < len(secrets)-3 {
		t.Fatalf("the app itself holds %d of %d words", len(secrets)-len(all), len(secrets))
	}
	for name, b := range map[string]*Browser{"phone": phone, "desk": desk} {
		switch n := dumps(t, b.Profile); {
		case !dumped[name]:
			t.Logf("%s: this Chromium leaves no dump of a crash: what else it left was searched", name)
		case n == 0:
			t.Errorf("%s: the dump of the crash is gone before it was searched", name)
		}
		for _, f := range searchFolder(t, b.Profile, all) {
			t.Errorf("%s: %s", name, f)
		}
		if found := searchFolder(t, b.Profile, []string{b.Origin}); len(found) == 0 {
			t.Errorf("%s: the search does not even find %s", name, b.Origin)
		}
	}
	log := p.Log()
	for _, w := range all {
		if strings.Contains(log, w) {
			t.Errorf("the server's log holds %q", w)
		}
	}
	t.Logf("%d words looked for", len(all))
}

// crashes lets the process of the app's pages die while one shows the path, and starts
// a page anew. It says whether that has left a dump: not every Chromium writes one.
func (b *Browser) crashes(t *testing.T, path string) (dumped bool) {
	t.Helper()
	before := dumps(t, b.Profile)
	tab := b.Tab()
	tab.joins(path)
	go func() { // nobody is left to answer it
		_, _ = chromedp.Call(tab.ctx, cdp.Command[map[string]any, cdp.Empty]{Method: "Page.crash"}, map[string]any{})
	}()
	Retry(t, "the page's process dies", func() error {
		if !tab.died.Load() {
			return errors.New("it lives")
		}
		return nil
	})
	dumped = RetryFor(dumpPatience, func() error {
		if dumps(t, b.Profile) == before {
			return fs.ErrNotExist
		}
		return nil
	}) == nil
	tab.stop()
	b.Load(path)
	return dumped
}

// dumpPatience is how long a browser that writes dumps may take for one.
const dumpPatience = 20 * time.Second

// ownTexts are the texts of the app.
func ownTexts(t *testing.T) string {
	t.Helper()
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, "static", "src", "text", "*.ts"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files with texts: %v", len(files), err)
	}
	var all strings.Builder
	for _, path := range files {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(content)
	}
	return all.String()
}

// dumps counts the dumps of crashes in a profile, which hold the memory of a process.
func dumps(t *testing.T, profile string) (n int) {
	t.Helper()
	err := filepath.WalkDir(profile, func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".dmp") {
			if content, err := os.ReadFile(path); err == nil && bytes.HasPrefix(content, []byte("MDMP")) {
				n++
			}
		}
		return nil // files come and go
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// deskCases are the first cases of a desk's list.
func (b *Browser) deskCases() []string {
	b.tb.Helper()
	b.Walk("/cases")
	return b.links("/case/", 2)
}

// carriedWords are the names, streets, numbers and notes that a person carries.
func carriedWords(t *testing.T, who Person) (all []string) {
	t.Helper()
	c, records, err := who.Dial()
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	fields := map[string][]string{"person": {"name", "phone", "personal_number", "email"}, "household": {"street", "door_code", "safety"}, "note": {"text"}, "concern": {"text"}}
	for _, r := range records {
		for _, field := range fields[r.Kind] {
			if v := r.Text(field); len([]rune(v)) > 5 {
				all = append(all, v)
			}
		}
	}
	return all
}
