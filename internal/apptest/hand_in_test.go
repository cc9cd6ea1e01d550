package apptest

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A phone that nobody unlocks hands in what waits on it, and so does one that was
// blocked. The server cannot read it; two people at work open it together, and it
// gets into the case: all of it, and nothing twice, whatever the phones send later.
func TestLockedAndBlockedPhonesHandTheirWorkIn(t *testing.T) {
	p := Start(t, "")
	eva, rolf, codes := rescuers(t, p)

	server := SignIn(t, p, "peder")
	shared := sharedVisit(t, server)
	link := NewLink(t, p)
	const locked, blocked = "Rödhaken satt kvar på den låsta telefonen.", "Tofsvipan satt kvar på den spärrade telefonen."
	kim := Open(t, link.URL, SmallPhone)
	alva := Open(t, link.URL, SmallPhone)
	for _, b := range []*Browser{kim, alva} {
		b.SignIn(p, map[*Browser]string{kim: "kim", alva: "alva"}[b])
		b.signs()
	}
	link.Cut()
	kim.Walk("/visit/" + shared)
	kim.saveNote(locked)
	alva.Walk("/visit/" + shared)
	alva.saveNote(blocked)
	for _, b := range []*Browser{kim, alva} {
		b.Load("/")
		b.Gate("locked")
	}
	link.Heal()
	SignIn(t, p, "eva").blocks(t, "alva")
	kim.See("En sak väntar på att skickas")
	kim.Tap("Kan du inte låsa upp?")
	for range 2 { // the second time changes nothing
		kim.Tap("Lämna in det som väntar")
		kim.See("En sak är inlämnad och ligger låst på din arbetsplats.")
	}
	alva.Eval(`dispatchEvent(new Event('online'))`) // a blocked phone does it by itself
	alva.See("Telefonen är spärrad", "inlämnat")
	for _, secret := range []string{locked, blocked} {
		inNoFile(t, p.Data, secret)
	}

	eva.Go("/rescue")
	eva.See("Kim Strandvik", "Alva Lindroos", "Väntar på att öppnas")
	eva.Fill("Varför öppnar ni det?", "Alvas telefon är stulen")
	eva.Fill("Din kod", "2222 2222 2222 2222 2222")
	eva.Tap("Börja öppna")
	eva.See("Koden stämmer inte")
	eva.Fill("Din kod", strings.ToLower(codes[eva]))
	eva.Tap("Börja öppna")
	eva.See("Be en kollega med en egen kod")
	rolf.Go("/rescue")
	rolf.See("Eva Brink har börjat öppna", "Alvas telefon är stulen")
	rolf.Fill("Din kod", codes[rolf])
	rolf.Tap("Öppna tillsammans")
	rolf.See("2 saker ligger nu bland det upphittade", "Inget är inlämnat som väntar")

	jonna := Open(t, p.URL, SmallPhone)
	jonna.SignIn(p, "jonna")
	jonna.Go("/found")
	jonna.attaches(2, "satt kvar på den")
	jonna.Synced()
	jonna.NotSee("satt kvar på den")
	onServer(t, server, locked, "kim")
	onServer(t, server, blocked, "alva")

	// Kim finds the passphrase after all: the phone is told, and nothing is there twice.
	kim.Unlock()
	kim.Synced()
	kim.Walk("/tray")
	kim.See("har öppnats på din arbetsplats")
	onServer(t, server, locked, "kim")
}

// rescuers are two people at their desks who hold the landlord's rescue key.
func rescuers(t *testing.T, p *Program) (eva, rolf *Browser, codes map[*Browser]string) {
	t.Helper()
	eva, rolf = Open(t, p.URL, Desk), Open(t, p.URL, Desk)
	eva.SignIn(p, "eva")
	rolf.SignIn(p, "rolf")
	codes = map[*Browser]string{eva: eva.makesCode(), rolf: rolf.makesCode()}
	rolf.Tap("Gör nyckeln")
	rolf.See("Nyckel 1, gjord", "har sin del av nyckeln")
	return eva, rolf, codes
}

// makesCode gives the person a code of their own, and answers it.
func (b *Browser) makesCode() string {
	b.tb.Helper()
	b.Go("/rescue")
	b.Tap("Gör en kod åt mig")
	b.See("Skriv upp koden på papper")
	return b.Eval(`document.querySelector('[data-code]').dataset.code`)
}

// signs waits until the server knows the phone's own key.
func (b *Browser) signs() {
	b.tb.Helper()
	Retry(b.tb, "the server knows the phone's key", func() error {
		told, err := b.eval(`indexedDB.databases().then((all) => all.some((d) => d.name === 'bokvar-signing') && new Promise((done) => {
			const asked = indexedDB.open('bokvar-signing');
			asked.onsuccess = () => {
				const all = asked.result.transaction('keys').objectStore('keys').getAll();
				all.onsuccess = () => { asked.result.close(); done(all.result.some((k) => k.told)); };
			};
		}))`)
		if err == nil && told != "true" {
			err = fmt.Errorf("told: %s", told)
		}
		return err
	})
}

// inNoFile: whoever has the server's disk does not find the words.
func inNoFile(t *testing.T, dir, words string) {
	t.Helper()
	looked := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			return nil // the server works on, and has put it away
		}
		looked++
		if strings.Contains(string(content), words) {
			t.Errorf("%s holds %q", path, words)
		}
		return err
	})
	if err != nil || looked < 3 {
		t.Errorf("%d files: %v", looked, err)
	}
}

// blocks the person's phones, as an administrator does.
func (p Person) blocks(t *testing.T, person string) {
	t.Helper()
	var all struct {
		People []struct {
			ID      string
			Devices []struct{ ID string }
		}
	}
	p.request(t, http.MethodGet, "/api/devices", "", nil, &all)
	for _, owner := range all.People {
		for _, device := range owner.Devices {
			if owner.ID == person {
				p.request(t, http.MethodPost, "/api/devices/"+person+"/"+device.ID+"/block", "", nil, nil)
				return
			}
		}
	}
	t.Fatalf("%s has no phone", person)
}

// A locked file from the tray needs no code where two people can open it: it holds
// what the phone would hand in, pictures too, and any colleague can bring it.
func TestALockedFileForTwo(t *testing.T) {
	p := Start(t, "")
	eva, rolf, codes := rescuers(t, p)
	server := SignIn(t, p, "peder")
	link := NewLink(t, p)
	kim := Open(t, link.URL, SmallPhone)
	downloads := kim.downloads()
	kim.SignIn(p, "kim")
	kim.signs()
	link.Cut()
	const note = "Steglitsen sjöng för den som inte kunde skicka."
	visit := sharedVisit(t, server)
	household := carried(t, server)[visit].Text("household")
	kim.Walk("/visit/" + visit)
	kim.saveNote(note)
	kim.Upload(CameraPicture(t, "", 640, 480))
	kim.See("Din bild")
	kim.Tap("Spara bilden")
	kim.See("Du tog bilden")
	kim.Walk("/tray")
	kim.Tap("Spara i en låst fil")
	kim.See("så den har ingen kod")
	file := downloaded(t, downloads, ".bokvar")
	if content, err := os.ReadFile(file); err != nil || strings.Contains(string(content), note) {
		t.Errorf("the file is readable (%v)", err)
	}

	alva := Open(t, p.URL, SmallPhone)
	alva.SignIn(p, "alva")
	alva.takesIn(file, "", "3 saker är inlämnade låsta.")
	eva.Load("/rescue")
	eva.Unlock()
	eva.See("3 saker, senast")
	opensTogether(eva, rolf, codes, "Kims telefon kan inte skicka")
	rolf.See("2 saker ligger nu bland det upphittade", "En är sparad där den hör hemma")

	link.Heal() // the phone can send after all: it is the same work, and waits for Jonna
	kim.Eval(`dispatchEvent(new Event('online'))`)
	kim.Synced()
	jonna := Open(t, p.URL, SmallPhone)
	jonna.SignIn(p, "jonna")
	jonna.Go("/found")
	jonna.attaches(2, "Kim Strandvik")
	jonna.Synced()
	onServer(t, server, note, "kim")
	pictures := 0
	for id, r := range carried(t, server) {
		if r.Kind == "photo" && r.Text("household") == household && r.Text("by") == "kim" {
			pictures++
			if status := server.status(t, "/api/photos/"+id); status != http.StatusOK {
				t.Errorf("the picture: %d", status)
			}
		}
	}
	if pictures != 1 {
		t.Errorf("%d pictures are in the file", pictures)
	}
}

// attaches adds so many things in the lost-and-found that say the words to their files.
func (b *Browser) attaches(n int, words string) {
	b.tb.Helper()
	articles := fmt.Sprintf(`[...document.querySelectorAll('main article')].filter((a) => a.innerText.includes(%q))`, words)
	for left := n; left > 0; left-- {
		Retry(b.tb, fmt.Sprint(left, " lie in the lost-and-found"), func() error {
			there, err := b.eval(articles + ".length")
			if err == nil && there != fmt.Sprint(left) {
				err = fmt.Errorf("%s do", there)
			}
			return err
		})
		b.Eval(articles + "[0].querySelector('button').click()")
	}
	Retry(b.tb, "the last of them is away", func() error { // and so it counts as unsent
		there, err := b.eval(articles + ".length")
		if err == nil && there != "0" {
			err = fmt.Errorf("%s lie there", there)
		}
		return err
	})
}

func (p Person) status(t *testing.T, path string) int {
	t.Helper()
	resp, err := p.do(http.MethodGet, path, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// opensTogether opens what is sealed for the rescue key: the first, who looks at it, says
// why, and the second one joins in. Each types a code of their own.
func opensTogether(first, second *Browser, codes map[*Browser]string, why string) {
	first.tb.Helper()
	first.Fill("Varför öppnar ni det?", why)
	first.Fill("Din kod", codes[first])
	first.Tap("Börja öppna")
	first.See("Be en kollega med en egen kod")
	second.Go("/rescue")
	second.Fill("Din kod", codes[second])
	second.Tap("Öppna tillsammans")
}
