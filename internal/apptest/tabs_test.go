package apptest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Two tabs of one phone: one of them sends for both, and both show everything as
// it happens. When the sender is frozen, what the other one writes goes up all
// the same, and the frozen one catches up when it is looked at again.
func TestTwoTabsAndAFrozenOne(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	first := Open(t, p.URL, SmallPhone)
	first.SignIn(p, "kim")
	server := SignIn(t, p, "jonna")
	visit := first.links("/visit/", 1)[0]
	first.Walk(visit)
	second := first.Tab()
	second.Load(visit)
	second.Gate("in") // the first tab hands its key over
	second.Synced()

	first.saveNote("Skriven i den första fliken.")
	second.See("Skriven i den första fliken.")
	second.saveNote("Skriven i den andra fliken.")
	first.See("Skriven i den andra fliken.")
	first.Synced()

	first.Freeze()
	second.saveNote("Skriven medan den första fliken var frusen.")
	Retry(t, "the frozen sender is replaced", func() error {
		if n := notesOf(t, server)["Skriven medan den första fliken var frusen."]; n != 1 {
			return fmt.Errorf("the server has the note %d times; the second tab says: %.300s", n, second.Text())
		}
		return nil
	})
	second.Synced()
	first.Thaw()
	first.See("Skriven medan den första fliken var frusen.")
	first.saveNote("Skriven i den första fliken igen.")
	second.See("Skriven i den första fliken igen.")
	first.Synced()
	for _, note := range []string{"Skriven i den första fliken.", "Skriven i den andra fliken.", "Skriven i den första fliken igen."} {
		if n := notesOf(t, server)[note]; n != 1 {
			t.Errorf("the server has %q %d times", note, n)
		}
	}
}

// A sender can answer that it is there and be frozen in the next moment; a tab can
// be frozen between its journal and its word to the others; and words between tabs
// can be lost. What was written goes up all the same, and every tab hears of it.
func TestWordsBetweenTabsAreLost(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	first := Open(t, p.URL, SmallPhone)
	first.SignIn(p, "kim")
	server := SignIn(t, p, "jonna")
	visit := first.links("/visit/", 1)[0]
	first.Walk(visit)
	second := first.Tab()
	second.Load(visit)
	second.Gate("in")
	second.Synced()

	up := func(note string) {
		t.Helper()
		Retry(t, "it goes up: "+note, func() error {
			if n := notesOf(t, server)[note]; n != 1 {
				return fmt.Errorf("the server has the note %d times; the second tab says: %.300s", n, second.Text())
			}
			return nil
		})
	}
	second.loses("wrote", "waits")
	second.saveNote("Den här hörde ingen annan flik om.")
	up("Den här hörde ingen annan flik om.") // its journal tells it
	second.Synced()

	first.loses("settled")
	second.saveNote("Kvittot på den här kom bort mellan flikarna.")
	up("Kvittot på den här kom bort mellan flikarna.")
	second.Synced()

	second.Eval(`(() => { const word = new BroadcastChannel('bokvar');
		word.onmessage = (e) => { if (e.data.t === 'ping') { word.onmessage = null; word.postMessage({ t: 'pong', state: {} }); } }; })()`)
	first.Freeze()
	second.saveNote("Avsändaren svarade och frös.")
	up("Avsändaren svarade och frös.")
	second.Synced()
	first.Thaw()
	first.See("Avsändaren svarade och frös.")
	first.Synced()
}

// Who looks at the app is shown what others write, though the tab that fetches it is frozen.
func TestAFrozenTabHoldsNoNewsBack(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	colleague := Open(t, p.URL, Desk)
	colleague.SignIn(p, "jonna")
	first := Open(t, p.URL, SmallPhone)
	first.SignIn(p, "kim")
	visit := first.links("/visit/", 1)[0]
	second := first.Tab()
	second.Load(visit)
	second.Gate("in")
	second.Synced()
	first.Freeze()
	colleague.Walk(visit)
	colleague.saveNote("Skriven av en kollega.")
	second.See("Skriven av en kollega.")
	first.Thaw()
	first.Synced()
}

// joins opens a path in a tab whose phone is unlocked in another one, which hands its key
// over. On a busy machine that may come after the lock was shown for a moment.
func (b *Browser) joins(path string) {
	b.tb.Helper()
	b.Load(path)
	b.Gate("in")
}

// loses swallows the next word of each kind that the tab says to the others.
func (b *Browser) loses(kinds ...string) {
	b.tb.Helper()
	list, _ := json.Marshal(kinds)
	b.Eval(fmt.Sprintf(`(() => { const lost = %s, say = BroadcastChannel.prototype.postMessage;
	BroadcastChannel.prototype.postMessage = function (word) {
		const at = lost.indexOf(word.t);
		if (at < 0) return say.call(this, word);
		lost.splice(at, 1);
	}; })()`, list))
}

// Two people on one phone: the second sees nothing of the first, on the screen or
// on the disk; what the first had not sent waits, sealed, until she is back.
func TestTwoPeopleOnOnePhone(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	b.Walk(b.links("/visit/", 1)[0])
	const note = "Det här har bara Kim skrivit, och det är osänt."
	b.Eval(`fetch('/api/session', { method: 'DELETE', headers: { 'X-Bokvar': '1' } }).then(r => r.status)`)
	b.See("Du är utloggad")
	b.saveNote(note)
	b.See("1 på telefonen")

	b.Walk("/in")
	b.Fill("Kod", p.Login("alva").Code)
	b.Tap("Logga in med koden")
	kims := b.Passphrase
	b.Enrol()
	b.Synced()
	b.Walk("/tray")
	b.NotSee(note)
	b.Quit() // everything that the browser holds is on the disk now
	onDisk(t, b.Profile, note)
	b.Start()
	b.Go("/")
	b.Synced()
	server := SignIn(t, p, "jonna")
	if n := notesOf(t, server)[note]; n != 0 {
		t.Errorf("Kim's note went up in Alva's name %d times", n)
	}

	b.Eval(`fetch('/api/session', { method: 'DELETE', headers: { 'X-Bokvar': '1' } }).then(r => r.status)`)
	b.Walk("/in")
	b.Fill("Kod", p.Invite("kim").Code)
	b.Tap("Logga in med koden")
	b.See("Du har redan ett lås på den här telefonen")
	b.Fill("Lösenfras", kims)
	b.Tap("Lås upp")
	b.Synced()
	Retry(t, "Kim's note goes up when she is back", func() error {
		for _, r := range carried(t, server) {
			if r.Kind == "note" && r.Text("text") == note && r.Text("by") == "kim" {
				return nil
			}
		}
		b.Walk("/tray")
		return fmt.Errorf("the tray says: %s", b.Text())
	})
}

// Somebody else signs in on the phone while a page of the one before is still open, in
// another tab: what she wrote does not go up in the other's name, and is not turned down
// for it; her page closes; and both find their locks here afterwards.
func TestAPageStaysOpenWhileSomebodyElseArrives(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	first := Open(t, p.URL, SmallPhone)
	first.SignIn(p, "kim")
	first.Walk(first.links("/visit/", 1)[0])
	second := first.Tab()
	second.Load("/")
	second.Gate("in")
	second.Synced()
	const over = `fetch('/api/session', { method: 'DELETE', headers: { 'X-Bokvar': '1' } }).then(r => r.status)`
	const note = "Kim skrev det här innan Alva tog telefonen."
	first.Eval(over)
	first.See("Du är utloggad")
	first.saveNote(note)
	first.See("1 på telefonen")

	// The browser has Alva's session now, and the page's vault is Kim's.
	first.Eval(`(() => { window.closed = 0; const Socket = WebSocket;
		window.WebSocket = class extends Socket { constructor(...how) { super(...how); this.addEventListener('close', () => window.closed++); } }; })()`)
	body, _ := json.Marshal(map[string]string{"code": p.Login("alva").Code, "device": "6f2c9f0e-8c5e-4f0e-9a58-0a9a0a1c2d3e"})
	if got := first.Eval(fmt.Sprintf(`fetch('/api/session', { method: 'POST', headers: { 'X-Bokvar': '1', 'Content-Type': 'application/json' }, body: %q }).then(r => String(r.status))`, body)); got != "200" {
		t.Fatalf("Alva signs in: %s", got)
	}
	Retry(t, "Kim's page is told that nobody of hers is signed in", func() error {
		first.Eval(`dispatchEvent(new Event('online'))`)
		if shown := first.Text(); strings.Contains(shown, "att titta på") {
			t.Fatalf("Kim's note was turned down in Alva's name: %.300s", shown)
		}
		if first.Eval(`String(window.closed)`) == "0" {
			return fmt.Errorf("no socket was closed: %.200s", first.Text())
		}
		return nil
	})
	first.See("1 på telefonen")

	kims := first.Passphrase
	second.Walk("/in")
	second.Fill("Kod", p.Invite("alva").Code)
	second.Tap("Logga in med koden")
	second.Enrol()
	second.Synced()
	alvas := second.Passphrase
	first.Gate("in") // as Alva, like every tab of this phone
	first.Walk("/tray")
	first.Synced()
	first.NotSee(note)

	back := func(person, words string) {
		t.Helper()
		second.Eval(over)
		second.Walk("/in")
		second.Fill("Kod", p.Invite(person).Code)
		second.Tap("Logga in med koden")
		second.See("Du har redan ett lås på den här telefonen")
		second.Fill("Lösenfras", words)
		second.Tap("Lås upp")
		second.Gate("in")
		second.Synced()
	}
	back("kim", kims)
	jonna := SignIn(t, p, "jonna")
	Retry(t, "Kim's note goes up when she is back", func() error {
		if n := notesOf(t, jonna)[note]; n != 1 {
			return fmt.Errorf("the server has it %d times; the screen says: %.300s", n, second.Text())
		}
		return nil
	})
	back("alva", alvas)
}

// onDisk looks for words in every file of the browser's profile.
func onDisk(t *testing.T, profile, words string) {
	t.Helper()
	wide := make([]byte, 0, 2*len(words)) // as Chromium keeps text beyond Latin 1
	for _, r := range words {
		wide = append(wide, byte(r), byte(r>>8))
	}
	files := 0
	err := filepath.WalkDir(profile, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		files++
		if s := string(content); strings.Contains(s, words) || strings.Contains(s, string(wide)) {
			t.Errorf("%s holds %q", strings.TrimPrefix(path, profile), words)
		}
		return nil
	})
	if err != nil || files < 20 {
		t.Fatalf("%d files of the profile were looked at (%v)", files, err)
	}
}

// Actual: a wrong clock stopped everything. A phone whose clock is off by ten years, either way, works as well as any.
func TestActual_ClocksOffByTenYears(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	server := SignIn(t, p, "jonna")
	b := Open(t, p.URL, SmallPhone)
	b.SignIn(p, "kim")
	visit := b.links("/visit/", 1)[0]
	const years = 10 * 365 * 24 * time.Hour
	for i, off := range []time.Duration{years, -2 * years, 0} { // each on top of the one before
		b.Clock(off)
		b.Go(visit)
		b.Synced()
		note := fmt.Sprintf("Skriven när klockan gick fel, %d.", i)
		b.saveNote(note)
		b.Synced()
		b.See(note, "Sparat")
		if n := notesOf(t, server)[note]; n != 1 {
			t.Errorf("with the clock off by %s the server has the note %d times", off, n)
		}
		b.Walk("/tray")
		b.See("Sparat hos servern", note)
	}
}
