// Benchapp measures the app on a phone slowed four times, without coverage: from
// the start of the navigation until the lock can be opened, and from the moment
// the key is there until a list of fifty visits is on the screen. It prints the
// medians of five starts of the whole browser.
package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/apptest"
)

const (
	visits = 50
	starts = 5
	slow   = 4
)

func main() {
	out := &apptest.Outside{}
	defer out.Close()
	program := apptest.Start(out, "")
	link := apptest.NewLink(out, program)
	planned := plan(out, program)
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
		list = append(list, until(out, kim, rows, `(performance.now() - performance.getEntriesByName('key').at(-1).startTime)`))
		kim.Quit()
	}
	tell("offline start until it can be unlocked", lock)
	tell(fmt.Sprintf("from the key to a visible list of %d visits", planned), list)
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
func plan(out *apptest.Outside, program *apptest.Program) int {
	c, records, err := apptest.SignIn(out, program, "jonna").Dial()
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
