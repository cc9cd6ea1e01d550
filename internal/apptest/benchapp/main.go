// Benchapp measures the app on a phone slowed four times, without coverage:
// from the start of the navigation until a list of fifty visits is on the
// screen. It prints the median of five starts of the whole browser.
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

	var took []int
	for range starts {
		kim.Start()
		kim.Slow(slow)
		kim.Go("/")
		ms, err := strconv.Atoi(kim.Eval(fmt.Sprintf(`new Promise(done => { const look = () =>
  document.querySelectorAll('main a[href^="/visit/"]').length >= %d ? done(Math.round(performance.now())) : requestAnimationFrame(look); look(); })`, planned)))
		if err != nil {
			out.Fatalf("%v", err)
		}
		took = append(took, ms)
		kim.Quit()
	}
	slices.Sort(took)
	fmt.Printf("offline start to a visible list of %d visits, phone slowed %d times: median %d ms (%d–%d) of %d\n",
		planned, slow, took[starts/2], took[0], took[starts-1], starts)
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
