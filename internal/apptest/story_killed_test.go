package apptest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
)

const storyKills = 30 // of each phone: one in CI, more by `make soak`

// The whole browser is killed (process tree, SIGKILL) at random points of the story:
// while notes are written as fast as the phone takes them, in a draft, nobody home,
// met with a tick, a consent on a phone that is handed over, a picture, a settled
// conflict, a planned visit, a meeting, in the middle of unlocking and of a first
// sync. Whatever the screen had said is on the phone is there after each restart, on
// the screen and at last with the server, once.
func TestBrowserKilledAnywhereInTheStory(t *testing.T) {
	t.Parallel()
	for range rounds(t) {
		w := newWalk(t)
		for n := range storyKills {
			w.untilKilled(n)
		}
		w.ends()
	}
}

// walk is somebody who goes through the story again and again on a phone that dies.
type walk struct {
	*testing.T
	p       *Program
	link    *Link
	b       *Browser
	random  *rand.Rand
	peder   Person
	samira  Person // reads the consents
	picture string

	deck      []step   // what is still to be killed in this turn
	visits    []string // to be made, each once
	conflicts []string // to be settled, each once
	cases     []string // to be planned, each once
	notesOn   []string
	draftOn   string

	tried map[string]bool   // what was begun, by what tells it apart
	told  map[string]string // what the screen said is kept, and the page that shows it
	shows map[string]string // the words that show it there
	draft string            // said to be on the phone
	typed string            // perhaps on the phone
	least int               // so many things are unsent, the screen said
	whole bool              // the phone has fetched everything
	count int
}

// step is one thing that people do, and about how often the browser is asked meanwhile.
type step struct {
	name string
	long int
	do   func(*walk)
}

var (
	everyday = []step{{"note", 8, (*walk).note}, {"draft", 14, (*walk).drafts}, {"nobody home", 24, (*walk).nobodyHome}, {"met", 26, (*walk).meets}, {"picture", 22, (*walk).photographs}, {"conflict", 22, (*walk).settles}, {"meeting", 18, (*walk).unplanned}, {"plan", 34, (*walk).plans}}
	storyAll = append(slices.Clone(everyday), step{"burst", 12, (*walk).burst}, step{"consent", 90, (*walk).consents}, step{"unlock", 9, (*walk).unlocks}, step{"first sync", 24, (*walk).syncs})
)

func newWalk(t *testing.T) *walk {
	t.Helper()
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	p := Start(t, "")
	w := &walk{T: t, p: p, link: NewLink(t, p), random: rand.New(rand.NewPCG(uint64(seed), 2)), peder: SignIn(t, p, "peder"), samira: SignIn(t, p, "samira"),
		picture: CameraPicture(t, "", 640, 480), tried: map[string]bool{}, told: map[string]string{}, shows: map[string]string{}}
	w.prepares()
	w.b = Open(t, w.link.URL, SmallPhone)
	w.b.SignIn(p, "jonna")
	w.b.Quit() // so that the session is on the phone's disk
	w.link.Cut()
	w.whole = true
	return w
}

// prepares plans the visits that Jonna makes herself, and lets two people answer some
// of them differently.
func (w *walk) prepares() {
	w.Helper()
	c, records, err := w.peder.Dial()
	if err != nil {
		w.Fatal(err)
	}
	defer c.Close()
	maj, _, err := SignIn(w, w.p, "maj").Dial()
	if err != nil {
		w.Fatal(err)
	}
	defer maj.Close()
	var open []Record
	for _, r := range records {
		if h := records[r.Text("household")]; r.Kind == "case" && !r.Left && r.Text("status") == "open" && string(h.F["protected"]) != "true" {
			open = append(open, r)
		}
	}
	slices.SortFunc(open, func(a, b Record) int { return strings.Compare(a.ID, b.ID) })
	must := func(_ any, err error) {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
	}
	visit := func(r Record) string {
		id := uuid.NewString()
		must(c.Push("contact", id, map[string]any{"household": r.Text("household"), "case": r.ID, "form": "visit", "purpose": "home_visit",
			"planned_at": time.Now().Add(time.Hour).UnixMilli(), "people": []string{"jonna"}}))
		return id
	}
	for i, r := range open {
		switch {
		case i < 6:
			w.cases = append(w.cases, r.ID)
		case i < 14:
			id := visit(r)
			must(maj.Push("contact", id, map[string]any{"outcome": map[string]any{"answer": "met", "at": time.Now().UnixMilli(), "by": "maj"}}))
			must(c.Push("contact", id, map[string]any{"outcome": map[string]any{"answer": "nobody_home", "at": time.Now().UnixMilli(), "by": "peder"}}))
		default:
			w.visits = append(w.visits, "/visit/"+visit(r), "/visit/"+visit(r))
		}
	}
	w.notesOn, w.draftOn, w.visits = w.visits[:3], w.visits[3], w.visits[4:]
	for _, r := range carried(w.T, w.peder) {
		if r.Kind == "conflict" && r.Text("choice") == "" && r.Text("kind") == "contact" {
			w.conflicts = append(w.conflicts, r.ID)
		}
	}
	slices.Sort(w.conflicts)
	if len(w.conflicts) < 8 {
		w.Fatalf("there are %d conflicts to settle", len(w.conflicts))
	}
}

// mortal is the TB of somebody whose phone may die under their hands: what fails then
// is no failure, it ends what they were doing.
type mortal struct {
	TB
	dead atomic.Bool
	said string
}

func (m *mortal) Fatalf(format string, args ...any) {
	if !m.dead.Load() {
		m.said = fmt.Sprintf(format, args...)
	}
	runtime.Goexit()
}

// untilKilled starts the phone, sees that all is there, and goes through the story
// from a step on until the phone is killed.
func (w *walk) untilKilled(n int) {
	w.Helper()
	if len(w.deck) == 0 {
		w.deck = slices.Clone(storyAll)
		w.random.Shuffle(len(w.deck), func(i, j int) { w.deck[i], w.deck[j] = w.deck[j], w.deck[i] })
	}
	first := w.deck[0]
	w.deck = w.deck[1:]
	began := time.Now()
	w.b.Start()
	fromTheStart := first.name == "unlock" || first.name == "first sync"
	if !fromTheStart || !w.whole {
		w.isThere()
	}
	if fromTheStart {
		w.b.Kill()
		w.b.Start()
	}
	at := int64(1 + w.random.IntN(first.long))
	after := time.Duration(w.random.IntN(300)) * time.Millisecond
	person, done, reached := &mortal{TB: w.T}, make(chan bool), make(chan bool)
	var asked atomic.Int64
	w.b.asked = func() {
		if asked.Add(1) == at {
			close(reached)
		}
	}
	w.b.tb = person
	before := len(w.told)
	go func() {
		defer close(done)
		for doing := first; ; doing = everyday[w.random.IntN(len(everyday))] {
			doing.do(w)
		}
	}()
	select {
	case <-reached:
		time.Sleep(after) // any moment of what it is doing
	case <-done:
	}
	person.dead.Store(true)
	w.b.Kill()
	<-done
	w.b.tb, w.b.asked = w.T, nil
	w.link.Cut()
	if person.said != "" {
		w.Fatalf("kill %d, %s: %s", n, first.name, person.said)
	}
	w.Logf("kill %d: %s, %d things kept (%s)", n, first.name, len(w.told)-before, time.Since(began).Round(100*time.Millisecond))
}

// isThere unlocks, and sees that the draft is there and that as much waits as the
// screen had said.
func (w *walk) isThere() {
	w.Helper()
	w.b.Go(w.draftOn)
	w.b.until("have what was kept", func(string) bool {
		unsent, err := w.b.eval(`document.documentElement.dataset.unsent`)
		n, _ := strconv.Atoi(unsent)
		return err == nil && n >= w.least
	})
	if !w.whole { // a first sync was cut off: what has not come is not said to be gone
		w.b.until("say that the visit has not been fetched", func(shown string) bool {
			return strings.Contains(shown, "Besöket är inte hämtat än") || strings.Contains(shown, "Skriv det du såg och hörde")
		})
		w.link.Heal()
		w.b.Eval(`dispatchEvent(new Event('online'))`)
		w.b.Synced()
		w.link.Cut()
		w.least, w.whole = 0, true
	}
	w.b.until("have the draft “"+w.draft+"” or “"+w.typed+"”", func(string) bool {
		v, err := w.b.eval(`document.querySelector('textarea').value`)
		return err == nil && (v == w.draft || v == w.typed)
	})
}

// try begins something that is told apart by the key.
func (w *walk) try(key string) string {
	w.tried[key] = true
	return key
}

// keep notes that the screen has said that it is kept, and how many things wait.
func (w *walk) keep(key, page, words string) {
	w.told[key], w.shows[key] = page, words
	n, _ := strconv.Atoi(w.b.Eval(`document.documentElement.dataset.unsent`))
	w.least = n
}

func (w *walk) name() string {
	w.count++
	return fmt.Sprintf("Nummer %03d", w.count)
}

// take takes one of what is to be done once; "" when there is no more.
func take(all *[]string) (one string) {
	if len(*all) > 0 {
		one, *all = (*all)[0], (*all)[1:]
	}
	return one
}

func (w *walk) note() {
	page, text := w.notesOn[w.random.IntN(len(w.notesOn))], w.name()+", en anteckning."
	w.b.Walk(page)
	w.b.See("Skriv det du såg och hörde")
	key := w.try("note " + text)
	if !w.b.saveNote(text) {
		w.b.tb.Fatalf("%q could not be kept", text)
	}
	w.keep(key, page, text)
}

func (w *walk) drafts() {
	w.b.Walk(w.draftOn)
	w.b.See("Skriv det du såg och hörde")
	w.typed = w.name() + ", halvskrivet"
	w.b.Eval(`(() => { const e = document.querySelector('textarea'); e.focus(); e.select(); })()`)
	w.b.call("Input.insertText", map[string]any{"text": w.typed})
	Retry(w.b.tb, "the draft is on the phone", func() error {
		said, err := w.b.eval(`document.querySelector('textarea').value + '|' + document.querySelector('#note-state [data-step]')?.dataset.step`)
		if err == nil && said != w.typed+"|phone" {
			err = errors.New("it says " + said)
		}
		return err
	})
	w.draft = w.typed
}

func (w *walk) nobodyHome() {
	page := take(&w.visits)
	if page == "" {
		return
	}
	id := strings.TrimPrefix(page, "/visit/")
	w.b.Walk(page)
	w.try("nobody_home " + id)
	w.b.Tap("Ingen hemma")
	w.b.See("Nästa försök", "På telefonen")
	w.keep("nobody_home "+id, page, "Du svarade")
	w.try("left " + id)
	w.b.Tap("Lapp lämnad")
	w.b.NotSee("Lapp lämnad", "Nästa försök")
	w.keep("left "+id, page, "lapp lämnad")
}

func (w *walk) meets() {
	page := take(&w.visits)
	if page == "" {
		return
	}
	id := strings.TrimPrefix(page, "/visit/")
	w.b.Walk(page)
	w.try("met " + id)
	w.b.Tap("Vi träffades")
	w.b.See("Du svarade", "På telefonen")
	w.keep("met "+id, page, "Du svarade")
	w.try("tick " + id)
	w.b.Tap("Jag har sagt vem jag är")
	Retry(w.b.tb, "the tick is on the phone", func() error {
		n, err := w.b.eval(`document.documentElement.dataset.unsent`)
		if err == nil && n != strconv.Itoa(w.least+1) {
			err = fmt.Errorf("%s things are, after %d", n, w.least)
		}
		return err
	})
	w.keep("tick "+id, page, "Du svarade")
}

func (w *walk) photographs() {
	page, caption := w.notesOn[w.random.IntN(len(w.notesOn))], w.name()+" på bild"
	w.b.Walk(page)
	w.b.See("Ta en")
	w.b.Upload(w.picture)
	w.b.Fill("Vad bilden visar", caption)
	key := w.try("photo " + caption)
	w.b.Tap("Spara bilden")
	w.b.See(caption)
	w.b.NotSee("Spara bilden")
	w.keep(key, page, caption)
}

func (w *walk) settles() {
	id := take(&w.conflicts)
	if id == "" {
		return
	}
	w.b.Walk("/conflict/" + id)
	w.b.See("Vilket svar stämmer?")
	w.b.Tap("Ingen hemma")
	w.try("chosen " + id)
	w.b.Tap("Spara valet")
	w.b.See("Du valde", "På telefonen")
	w.keep("chosen "+id, "/conflict/"+id, "Du valde")
}

func (w *walk) unplanned() {
	w.b.Walk("/unplanned")
	w.b.See("Vem träffade du?")
	w.b.Eval(`document.querySelector('ul.rows button.row').click()`)
	w.b.See("Du svarade", "På telefonen")
	page := w.b.path()
	key := w.try("met " + strings.TrimPrefix(page, "/visit/"))
	w.keep(key, page, "Du svarade")
}

func (w *walk) plans() {
	kase := take(&w.cases)
	if kase == "" {
		return
	}
	message := w.name() + " planerades på telefonen"
	w.b.Walk("/plan?case=" + kase)
	w.b.Tap("Alva Lindroos")
	w.b.Fill("Hälsning", message)
	key := w.try("plan " + message)
	w.b.Tap("Planera 1 besök")
	w.b.See("1 besök är planerat")
	w.keep(key, "/case/"+kase, message)
}

// consents hands the phone over, lets the tenant sign, and takes it back.
func (w *walk) consents() {
	page := take(&w.visits)
	if page == "" {
		return
	}
	w.count++
	name := "Testa Provsson " + string(rune('A'+w.count/26)) + string(rune('a'+w.count%26))
	w.b.Walk(page + "/consent")
	w.b.Tap("Lämna över telefonen")
	w.b.See("Telefonen är din nu")
	w.b.Tap("Jag har läst")
	w.b.Tap("Vårdcentralen")
	w.b.Tap("Gå vidare")
	w.b.Fill("Namn", name)
	w.b.Fill("Personnummer", "19900602-2397")
	w.b.Draw(0)
	w.try("consent " + name)
	w.b.Tap("Skriv under")
	w.b.See("Samtycket är på telefonen")
	w.told["consent "+name], w.shows["consent "+name] = page, "Samtycke är inhämtat"
	w.b.Tap("Lämna tillbaka telefonen")
	w.b.Unlock()
	w.b.See("Samtycke är inhämtat")
	w.keep("consent "+name, page, "Samtycke är inhämtat")
}

func (w *walk) unlocks() {
	w.b.Load(w.draftOn)
	w.b.Unlock()
	w.b.See("Skriv det du såg och hörde")
}

// syncs finds a network, and fetches everything anew while what waits goes up.
func (w *walk) syncs() {
	w.b.call("Storage.clearDataForOrigin", map[string]any{"origin": w.b.Origin, "storageTypes": "indexeddb"})
	w.least, w.whole = 0, false
	w.link.Heal()
	w.b.Load(w.draftOn)
	w.b.Unlock()
	w.b.Synced()
	w.whole = true
}

// burst writes notes as fast as the phone takes them, until it is killed.
func (w *walk) burst() {
	page, round := w.notesOn[w.random.IntN(len(w.notesOn))], w.name()
	w.b.Walk(page)
	w.b.See("Skriv det du såg och hörde")
	for _, note := range w.b.writesUntilGone(round) {
		w.told["note "+note], w.shows["note "+note] = page, note
	}
	runtime.Goexit()
}

// ends looks at all that was told: without a network, and when everything is up.
func (w *walk) ends() {
	w.Helper()
	w.Logf("kept over %d kills: %s", storyKills, w.kinds())
	if len(w.told) < storyKills {
		w.Fatalf("only %d things were said to be on the phone in %d rounds: nothing was tried", len(w.told), storyKills)
	}
	w.b.Start()
	w.isThere()
	pages := map[string][]string{}
	for key, page := range w.told {
		pages[page] = append(pages[page], w.shows[key])
	}
	for page, words := range pages {
		w.b.Walk(page)
		w.b.See(words...)
	}
	w.b.call("Storage.clearDataForOrigin", map[string]any{"origin": w.b.Origin, "storageTypes": "indexeddb"})
	w.b.Kill()
	w.b.Start()
	w.link.Heal()
	w.b.Go("/")
	w.b.Synced()
	there := map[string]int{}
	Retry(w, "everything that was kept is with the server", func() error {
		there = w.there()
		for key := range w.told {
			if there[key] == 0 {
				return errors.New(key + " is not")
			}
		}
		return nil
	})
	for key, n := range there {
		if n > 1 {
			w.Errorf("%s is there %d times", key, n)
		}
	}
	w.b.Kill()
	verified(w.T, w.p)
}

func (w *walk) kinds() string {
	kinds := map[string]int{}
	for key := range w.told {
		kinds[strings.Fields(key)[0]]++
	}
	out, _ := json.Marshal(kinds)
	return string(out)
}

// there counts what the server has, by what tells it apart.
func (w *walk) there() map[string]int {
	w.Helper()
	found := map[string]int{}
	for _, r := range carried(w.T, w.peder) {
		switch r.Kind {
		case "note":
			found["note "+r.Text("text")]++
		case "photo":
			if w.hasPicture(r.ID) {
				found["photo "+r.Text("caption")]++
			}
		case "conflict":
			if r.Text("choice") != "" {
				found["chosen "+r.ID]++
			}
		case "contact":
			var o struct {
				Answer   string
				NoteLeft bool `json:"note_left"`
			}
			_ = json.Unmarshal(r.F["outcome"], &o)
			found[o.Answer+" "+r.ID]++
			if o.NoteLeft {
				found["left "+r.ID]++
			}
			if string(r.F["tick_presented"]) == "true" {
				found["tick "+r.ID]++
			}
			if m := r.Text("message"); m != "" && w.tried["plan "+m] {
				found["plan "+m]++
			}
		}
	}
	for _, r := range carried(w.T, w.samira) {
		if r.Kind == "signature" {
			found["consent "+r.Text("name")]++
		}
	}
	return found
}

func (w *walk) hasPicture(id string) bool {
	resp, err := w.peder.do(http.MethodGet, "/api/photos/"+id, "", nil)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// writesUntilGone writes notes one after the other inside the page, each as soon as the
// one before said that it is on the phone, and returns those when the browser has gone.
func (b *Browser) writesUntilGone(round string) (said []string) {
	b.tb.Helper()
	events := chromedp.Events(b.ctx, cdpruntime.ConsoleAPICalled)
	b.Eval(writing(round))
	for e, err := range events {
		if err != nil {
			return said
		}
		var line string
		if len(e.Args) == 0 || json.Unmarshal(e.Args[0].Value, &line) != nil {
			continue
		}
		if note, ok := strings.CutPrefix(line, onPhone); ok {
			said = append(said, note)
			b.isAsked()
		}
	}
	return said
}

const onPhone = "ON PHONE " // before the note, on the console

// writing is a script that writes notes for ever, and says of each that the screen
// called it kept.
func writing(round string) string {
	return fmt.Sprintf(`void (async () => {
  const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set;
  const until = async (f) => { for (;;) { const v = f(); if (v) return v; await new Promise(done => setTimeout(done, 5)); } };
  for (let i = 0; ; i++) {
    const note = '%s, anteckning ' + i + ' av många. ' + 'ö'.repeat(60);
    const field = await until(() => document.querySelector('textarea'));
    set.call(field, note);
    field.dispatchEvent(new Event('input', { bubbles: true }));
    (await until(() => [...document.querySelectorAll('button')].find(e => e.innerText.trim() === 'Spara anteckning'))).click();
    await until(() => [...document.querySelectorAll('article')].some(e => e.innerText.includes(note) && e.innerText.includes('På telefonen')));
    console.log('%s' + note);
  }
})()`, round, onPhone)
}
