// Benchapp measures the app on a phone slowed four times. Without coverage: from the
// start of the navigation until the lock can be opened, and from the moment the key is
// there until a list of fifty visits, and one of five hundred cases, is on the screen.
// With coverage: the first sync of those cases, and what of it is sealing. It prints
// the medians of five starts of the whole browser.
package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/apptest"
	"bokvar/internal/demo"
)

const (
	visits = 50
	cases  = 500
	starts = 5
	slow   = 4

	sinceKey = `(performance.now() - performance.getEntriesByName('key').at(-1).startTime)`
)

func main() {
	out := &apptest.Outside{}
	defer out.Close()
	program := apptest.Start(out, "")
	link := apptest.NewLink(out, program)
	desk := apptest.SignIn(out, program, "jonna") // without a browser
	planned := plan(out, desk)
	kim := apptest.Open(out, link.URL, apptest.SmallPhone)
	kim.SignIn(program, "kim")
	kim.Quit()
	link.Cut()

	var lock, list []int
	for range starts {
		kim.Start()
		kim.Slow(slow)
		kim.Load("/")
		lock = append(lock, until(out, kim, `document.querySelector('form input') !== null`, `performance.now()`))
		kim.Unlock()
		rows := fmt.Sprintf(`document.querySelectorAll('main a[href^="/visit/"]').length >= %d`, planned)
		list = append(list, until(out, kim, rows, sinceKey))
		kim.Quit()
	}
	tell("offline start until it can be unlocked", lock)
	tell(fmt.Sprintf("from the key to a visible list of %d visits", planned), list)
	link.Heal()
	file(out, desk)
	many(out, program, link)
}

// many measures somebody who carries five hundred cases.
func many(out *apptest.Outside, program *apptest.Program, link *apptest.Link) {
	jonna := apptest.Open(out, link.URL, apptest.SmallPhone)
	jonna.SignIn(program, "jonna")
	jonna.Quit()
	shown := fmt.Sprintf(`Number(document.querySelector('.filters .num')?.textContent.replace(/\D/g, '')) >= %d && document.querySelector('main section button.is-quiet') !== null`, cases)
	fetched := `document.documentElement.dataset.syncPhase === 'live' && ` + shown

	var list []int
	link.Cut()
	for range starts {
		jonna.Start()
		jonna.Slow(slow)
		jonna.Load("/cases")
		jonna.Unlock()
		list = append(list, until(out, jonna, shown, sinceKey))
		jonna.Quit()
	}
	link.Heal()
	tell(fmt.Sprintf("from the key to a visible list of %d cases", cases), list)

	first := map[bool][]int{}
	for range starts {
		for _, sealed := range []bool{true, false} {
			jonna.Start()
			jonna.ForgetCopy()
			if !sealed {
				jonna.Before(unsealed)
			}
			jonna.Slow(slow)
			jonna.Load("/cases")
			jonna.Unlock()
			first[sealed] = append(first[sealed], until(out, jonna, fetched, sinceKey))
			jonna.Quit()
		}
	}
	tell("first sync of them, from the key on", first[true])
	tell("the same, were nothing sealed", first[false])
	with, without := median(first[true]), median(first[false])
	fmt.Printf("sealing, as a part of a first sync: %.0f %%\n", 100*float64(with-without)/float64(with))
}

// unsealed lets what is fetched lie as it is, to see what sealing it costs.
const unsealed = `(() => {
  const seal = crypto.subtle.encrypt.bind(crypto.subtle), text = new TextDecoder();
  crypto.subtle.encrypt = (how, key, plain) => {
    if (!how.additionalData || !text.decode(how.additionalData).startsWith('records|')) return seal(how, key, plain);
    const out = new Uint8Array(plain.byteLength + 16);
    out.set(plain);
    return Promise.resolve(out.buffer);
  };
})()`

func median(took []int) int {
	sorted := slices.Sorted(slices.Values(took))
	return sorted[len(sorted)/2]
}

// file gives Jonna's unit five hundred more cases.
func file(out *apptest.Outside, desk apptest.Person) {
	c, _, err := desk.Dial()
	if err != nil {
		out.Fatalf("%v", err)
	}
	defer c.Close()
	for i := range cases {
		household := uuid.NewString()
		_, err := c.Push("household", household, map[string]any{"street": fmt.Sprintf("Provgatan %d", i+1), "city": "Sjöberga", "floor": "2 tr"})
		if err == nil {
			_, err = c.Push("case", uuid.NewString(), map[string]any{"household": household, "unit": demo.UnitNorth, "reason": "arrears", "status": "open"})
		}
		if err != nil {
			out.Fatalf("file a case: %v", err)
		}
	}
}

// until waits in the page for each frame until the condition holds, and returns the time, ms.
func until(out *apptest.Outside, b *apptest.Browser, condition, took string) int {
	ms, err := strconv.Atoi(b.Eval(fmt.Sprintf(`new Promise(done => { const look = () => (%s) ? done(Math.round(%s)) : requestAnimationFrame(look); look(); })`, condition, took)))
	if err != nil {
		out.Fatalf("%v", err)
	}
	return ms
}

func tell(what string, took []int) {
	slices.Sort(took)
	fmt.Printf("%s, phone slowed %d times: median %d ms (%d–%d) of %d\n", what, slow, took[len(took)/2], took[0], took[len(took)-1], len(took))
}

// plan gives Kim fifty visits today and returns how many there are to see.
func plan(out *apptest.Outside, desk apptest.Person) int {
	c, records, err := desk.Dial()
	if err != nil {
		out.Fatalf("%v", err)
	}
	defer c.Close()
	var cases []apptest.Record
	for _, r := range records {
		if r.Kind == "case" && r.Text("status") == "open" {
			cases = append(cases, r)
		}
	}
	at := time.Now().Add(time.Minute)
	for i := range visits {
		of := cases[i%len(cases)]
		_, err := c.Push("contact", uuid.NewString(), map[string]any{
			"household": json.RawMessage(of.F["household"]), "case": of.ID, "form": "visit", "purpose": "home_visit",
			"planned_at": at.Add(time.Duration(i) * time.Second).UnixMilli(), "people": []string{"kim"},
		})
		if err != nil {
			out.Fatalf("plan a visit: %v", err)
		}
	}
	return visits
}
