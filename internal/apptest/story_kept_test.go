package apptest

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strings"
)

// ends looks at all that was told: without a network, and when everything is up.
func (w *walk) ends() {
	w.Helper()
	w.Logf("kept over %d kills: %s", storyKills, w.kinds())
	if len(w.told) < storyKills/2 {
		w.Fatalf("only %d things were said to be on the phone in %d rounds: nothing was tried", len(w.told), storyKills)
	}
	w.b.Start()
	w.isThere()
	w.showsAll()
	if unsent := w.b.Eval(`document.documentElement.dataset.unsent`); unsent != "0" {
		w.b.inTray("Bara på telefonen (" + unsent + ")")
	}
	w.b.ForgetCopy()
	w.b.Kill()
	w.b.Start()
	w.link.Heal()
	w.b.Go("/")
	w.b.Synced()
	there := map[string]int64{}
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
			w.Errorf("%s was applied %d times", key, n)
		}
	}
	w.showsAll()
	w.b.Kill()
	verified(w.T, w.p)
}

// showsAll sees that every page shows what it was said to have kept, and calls nothing
// saved that is not with the server.
func (w *walk) showsAll() {
	w.Helper()
	pages := map[string][]string{}
	for key, page := range w.told {
		pages[page] = append(pages[page], w.shows[key])
	}
	var saved []string
	for page, words := range pages {
		w.b.Walk(page)
		w.b.See(words...)
		var here []string
		_ = json.Unmarshal([]byte(w.b.Eval(`JSON.stringify([...document.querySelectorAll('article')].filter(e => e.querySelector('[data-step=saved]')).map(e => e.querySelector('.written')?.textContent))`)), &here)
		saved = append(saved, here...)
	}
	there := w.there() // after the screens were read: they may only know less
	for _, text := range saved {
		for _, key := range []string{"note " + text, "photo " + text} {
			if w.told[key] != "" && there[key] == 0 {
				w.Errorf("%s is called saved and is not with the server", key)
			}
		}
	}
}

func (w *walk) kinds() string {
	kinds := map[string]int{}
	for key := range w.told {
		kinds[strings.Fields(key)[0]]++
	}
	out, _ := json.Marshal(kinds)
	return string(out)
}

// there is how often the server has applied each thing, by what tells it apart.
func (w *walk) there() map[string]int64 {
	w.Helper()
	found := map[string]int64{}
	for _, r := range carried(w.T, w.peder) {
		switch r.Kind {
		case "note":
			found["note "+r.Text("text")] += r.N["text"]
		case "photo":
			if w.hasPicture(r.ID) {
				found["photo "+r.Text("caption")] += r.N["caption"]
			}
		case "conflict":
			found["chosen "+r.ID] = r.N["choice"]
		case "contact":
			var o struct {
				Answer   string
				NoteLeft bool `json:"note_left"`
			}
			_ = json.Unmarshal(r.F["outcome"], &o)
			found[o.Answer+" "+r.ID] = 1
			if o.NoteLeft {
				found["left "+r.ID] = 1
			}
			found["tick "+r.ID] = r.N["tick_presented"]
			found["plan "+r.Text("message")] += r.N["message"]
		}
	}
	for _, r := range carried(w.T, w.samira) {
		if r.Kind == "signature" {
			found["consent "+r.Text("name")] += r.N["name"]
		}
	}
	maps.DeleteFunc(found, func(key string, _ int64) bool { return !w.tried[key] && !strings.Contains(key, " "+ours) })
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
