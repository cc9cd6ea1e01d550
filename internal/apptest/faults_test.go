package apptest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// rounds is how often each fault happens: once in CI, as often as wanted by
// `make soak`.
func rounds(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("BOKVAR_ROUNDS"))
	if err != nil && os.Getenv("BOKVAR_ROUNDS") != "" {
		t.Fatal(err)
	}
	return max(1, n)
}

// fault is one thing that networks do.
type fault struct {
	name    string
	weather func(*rand.Rand) Weather
	before  bool // it is so already when the notes are written; otherwise it comes in the middle
	cut     bool
	deliver bool // what was kept arrives afterwards
}

func between(r *rand.Rand, least, most int64) int64 { return least + r.Int64N(most-least) }

var faults = []fault{
	{name: "cut", cut: true},
	{name: "delay", before: true, weather: func(*rand.Rand) Weather { return Weather{Delay: 300 * time.Millisecond} }},
	{name: "64 kB a second", before: true, weather: func(*rand.Rand) Weather { return Weather{Rate: 64 << 10} }},
	{name: "cut in the middle of a frame to the phone", weather: func(r *rand.Rand) Weather { return Weather{Ends: 3, ToDevice: between(r, 1, 600)} }, cut: true},
	{name: "cut in the middle of a frame to the server", weather: func(r *rand.Rand) Weather { return Weather{Ends: 3, ToHost: between(r, 1, 1200)} }, cut: true},
	{name: "truncated, and properly ended", weather: func(r *rand.Rand) Weather { return Weather{Ends: 3, ToDevice: between(r, 1, 600), Quietly: true} }, cut: true},
	{name: "noise to the phone", weather: func(r *rand.Rand) Weather { return Weather{Ends: 2, ToDevice: between(r, 100, 600), Garbage: true} }, cut: true},
	{name: "noise to the server", weather: func(r *rand.Rand) Weather { return Weather{Ends: 2, ToHost: between(r, 100, 1200), Garbage: true} }, cut: true},
	{name: "said twice", before: true, weather: func(*rand.Rand) Weather { return Weather{Record: true} }, deliver: true},
	{name: "said late, after what was said later", before: true, weather: func(*rand.Rand) Weather { return Weather{Record: true, Late: true} }, deliver: true},
	{name: "half open", before: true, weather: func(*rand.Rand) Weather { return Weather{HalfOpen: true} }},
	{name: "black hole", before: true, weather: func(*rand.Rand) Weather { return Weather{BlackHole: true} }},
}

// The real app and the real server on networks that do what networks do. Each
// time: nothing is lost, nothing is there twice, what the screen calls saved is
// on the server at that moment, and once the network heals everything drains.
func TestNetworkFaults(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	b.Go(b.links("/visit/", 1)[0])
	f := faulty{T: t, b: b, link: link, server: SignIn(t, p, "jonna")}
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(uint64(seed), 4))
	for range rounds(t) {
		for _, each := range faults {
			began := time.Now()
			b.Eval(`dispatchEvent(new Event('pointerdown'))`) // somebody holds the phone: it does not lock itself
			f.happens(each, random)
			t.Logf("%s: %d notes so far, all there once (%s)", each.name, len(f.written), time.Since(began).Round(100*time.Millisecond))
		}
	}
	f.onceEach()
	verified(t, p)
}

type faulty struct {
	*testing.T
	b       *Browser
	link    *Link
	server  Person
	written []string
}

func (f *faulty) happens(each fault, random *rand.Rand) {
	f.Helper()
	var w Weather
	if each.weather != nil {
		w = each.weather(random)
	}
	if each.deliver { // what is to be said again is kept from the first byte of its connection
		f.link.Change(Weather{Record: true})
		f.link.Cut()
		f.link.Heal()
		f.b.Eval(`dispatchEvent(new Event('online'))`)
		f.b.Synced()
	}
	if each.before {
		f.link.Change(w)
	}
	f.writes(each.name, 3)
	if !each.before {
		f.link.Change(w)
	}
	if each.cut && !each.before {
		f.link.Cut() // what is open breaks; the next ways are in the weather
		if each.weather != nil {
			f.link.Heal()
			f.b.Eval(`dispatchEvent(new Event('online'))`)
		}
	}
	f.writes(each.name, 3)
	f.truthful(each.name)
	if w.Ends > 0 {
		Retry(f.T, each.name+" really happens", func() error {
			if f.link.Broken() == 0 {
				return errors.New("no connection has come to the point yet")
			}
			return nil
		})
	}
	if each.deliver {
		f.link.Cut()
		f.link.Heal()
	}
	f.link.Change(Weather{})
	if each.cut && each.weather == nil {
		f.link.Heal()
	}
	f.b.Eval(`dispatchEvent(new Event('online'))`)
	f.b.Synced()
	if each.deliver && f.link.Deliver() == 0 {
		f.Fatalf("%s: nothing was kept to be said again", each.name)
	}
	f.truthful(each.name + ", healed")
	f.onceEach()
}

// writes saves notes as a person would; each is on the phone before the next.
func (f *faulty) writes(about string, n int) {
	f.Helper()
	for range n {
		note := fmt.Sprintf("Anteckning %d: %s.", len(f.written), about)
		if !f.b.saveNote(note) {
			f.Fatalf("%q could not be kept", note)
		}
		f.written = append(f.written, note)
	}
}

// truthful: whatever the screen calls saved is on the server, and the screen
// knows of everything that was written.
func (f *faulty) truthful(when string) {
	f.Helper()
	var shown []struct{ Text, Step string }
	said := f.b.Eval(`JSON.stringify([...document.querySelectorAll('article')].map(a => ({ text: a.innerText, step: (a.querySelector('[data-step]') || { dataset: {} }).dataset.step || '' })))`)
	if err := json.Unmarshal([]byte(said), &shown); err != nil {
		f.Fatalf("%v in %.200s", err, said)
	}
	there := notesOf(f.T, f.server) // after the screen was read: it may only know less
	for _, note := range f.written {
		step, found := "", false
		for _, s := range shown {
			if strings.Contains(s.Text, note) {
				step, found = s.Step, true
			}
		}
		switch {
		case !found:
			f.Errorf("%s: %q is not on the screen", when, note)
		case step == "saved" && there[note] == 0:
			f.Errorf("%s: %q is called saved and is not on the server", when, note)
		case step != "saved" && step != "sent" && step != "phone":
			f.Errorf("%s: %q stands on the rung %q", when, note, step)
		}
	}
}

func (f *faulty) onceEach() {
	f.Helper()
	there := notesOf(f.T, f.server)
	for _, note := range f.written {
		if there[note] != 1 {
			f.Errorf("the server has %q %d times", note, there[note])
		}
	}
}
