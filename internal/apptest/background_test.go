package apptest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// With the app closed, the service worker hands in what waits as soon as there is a
// network: sealed, once, and never beside somebody who is at it. Opened again, the app
// sends the same work, and it is there once.
func TestTheServiceWorkerHandsInWhatItCannotRead(t *testing.T) {
	p := Start(t, "")
	eva, _, _ := rescuers(t, p)
	server := SignIn(t, p, "peder")
	admin := SignIn(t, p, "eva")
	visit := sharedVisit(t, server)
	link := NewLink(t, p)
	const note = "Sidensvansen satt kvar på telefonen i fickan."
	kim := Open(t, link.URL, SmallPhone)
	kim.SignIn(p, "kim")
	kim.signs()
	wake := kim.Waker("hand-in")
	link.Cut()
	kim.Walk("/visit/" + visit)
	kim.saveNote(note)
	Retry(t, "the browser was asked to wake the worker", func() error {
		tags, err := kim.eval(`navigator.serviceWorker.ready.then((r) => r.sync.getTags()).then((all) => all.join())`)
		if err == nil && tags != "hand-in" {
			err = fmt.Errorf("for %q", tags)
		}
		return err
	})

	kim.Load("/") // locked, and something else is handing in
	kim.Gate("locked")
	kim.Eval(`void navigator.locks.request('bokvar-hand-in', () => new Promise((done) => { globalThis.letGo = done; }))`)
	Retry(t, "it has what only one may have at a time", func() error { // without a network nobody keeps it long
		got, err := kim.eval(`typeof globalThis.letGo`)
		if err == nil && got != "function" {
			err = fmt.Errorf("not yet")
		}
		return err
	})
	link.Heal()
	const message = `(async () => {
		const said = new ExtendableMessageEvent('message', { data: 'hand-in' });
		let done;
		said.waitUntil = (work) => { done = work; };
		dispatchEvent(said);
		await done;
		return 'done';
	})()`
	if got := kim.InWorker(message); !strings.Contains(got, "done") {
		t.Fatalf("told by a page: %s", got)
	}
	if n := handedOf(t, admin, "kim"); n != 0 {
		t.Errorf("two are at it at once: %d", n)
	}

	kim.Eval(`globalThis.letGo()`)
	kim.call("Page.navigate", map[string]any{"url": "about:blank"})
	wake()
	Retry(t, "what waits is handed in", func() error {
		if n := handedOf(t, admin, "kim"); n != 1 {
			return fmt.Errorf("%d", n)
		}
		return nil
	})
	eva.Load("/rescue")
	eva.Unlock()
	eva.See("Kim Strandvik", "en sak, senast")
	inNoFile(t, p.Data, note)

	kim.Load("/") // nothing new waits: nothing is sent
	kim.Gate("locked")
	if got := kim.InWorker(message); !strings.Contains(got, "done") {
		t.Fatalf("told by a page: %s", got)
	}
	kim.Unlock()
	kim.Synced()
	onServer(t, server, note, "kim")
	eva.Load("/rescue")
	eva.Unlock()
	eva.See("Inget är inlämnat som väntar")
}

// handedOf counts what a person's phones have handed in that waits to be opened.
func handedOf(t *testing.T, p Person, who string) (works int) {
	t.Helper()
	var v struct {
		Waiting []struct {
			Person string
			Works  int
		}
	}
	p.request(t, http.MethodGet, "/api/rescue", "", nil, &v)
	for _, w := range v.Waiting {
		if w.Person == who {
			works += w.Works
		}
	}
	return works
}
