package apptest

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
)

const storyKills = 30 // a round, each with a phone of its own: one in CI, ten by `make soak`

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
		for n := 0; n < storyKills || len(w.told) < storyKills/2 && n < 4*storyKills; n++ { // on a busy machine less is done before it dies
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
	typed string            // perhaps on the phone in its place
	least int               // so many things are unsent, the screen said
	whole bool              // the phone has fetched everything
	count int
}

// step is one thing that people do, and how often the browser is asked until it is
// done, and a little longer.
type step struct {
	name string
	long int
	do   func(*walk)
}

var (
	everyday = []step{
		{"note", 6, (*walk).note}, {"draft", 18, (*walk).drafts}, {"nobody home", 30, (*walk).nobodyHome}, {"met", 22, (*walk).meets},
		{"picture", 28, (*walk).photographs}, {"conflict", 22, (*walk).settles}, {"meeting", 15, (*walk).unplanned}, {"plan", 24, (*walk).plans},
	}
	storyAll = append(slices.Clone(everyday), step{"burst", 12, (*walk).burst}, step{"consent", 150, (*walk).consents}, step{"unlock", 30, (*walk).unlocks}, step{"first sync", 70, (*walk).syncs})
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
	w.isThere()
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
	var there string
	w.b.until("have the draft “"+w.draft+"” or “"+w.typed+"”", func(string) bool {
		v, err := w.b.eval(`document.querySelector('textarea').value`)
		there = v
		return err == nil && (v == w.draft || v == w.typed)
	})
	w.draft, w.typed = there, there
}
