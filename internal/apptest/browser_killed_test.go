package apptest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

const browserKills = 50 // in CI; more by `make soak`

// The whole browser is killed (process tree, SIGKILL) while notes are being
// written, fifty times, and once its IndexedDB is thrown away: every note that
// said "on this phone" is there, and reaches the server once.
func TestBrowserKilledWhileWriting(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	visit := b.Eval(`document.querySelector('main a[href^="/visit/"]').pathname`)
	b.Quit()
	link.Cut()

	seed := time.Now().UnixNano()
	random := rand.New(rand.NewPCG(uint64(seed), 2))
	t.Logf("seed %d", seed)
	var said []string
	kills := browserKills * rounds(t)
	for round := range kills {
		b.Start()
		b.Go(visit)
		b.See("Skriv det du såg och hörde")
		said = append(said, b.writesUntilKilled(round, time.Duration(random.IntN(500))*time.Millisecond)...)
	}
	if len(said) < kills {
		t.Fatalf("only %d notes said that they were on the phone in %d rounds: nothing was tried", len(said), kills)
	}
	t.Logf("%d notes said “På telefonen” over %d kills", len(said), kills)

	b.Start()
	b.Go(visit)
	for _, note := range said {
		b.See(note)
	}
	b.call("Storage.clearDataForOrigin", map[string]any{"origin": b.Origin, "storageTypes": "indexeddb"})
	b.Kill()
	b.Start()
	link.Heal()
	b.Go("/")
	b.Synced()
	once(t, p, said)
}

// writesUntilKilled saves one note after the other as a person would, only
// faster, and kills the browser some time after the first was on the phone. It
// returns what the screen had said was on the phone by then.
func (b *Browser) writesUntilKilled(round int, after time.Duration) []string {
	b.tb.Helper()
	ctx, cancel := context.WithCancel(b.ctx)
	defer cancel()
	events := chromedp.Events(ctx, runtime.ConsoleAPICalled)
	var mu sync.Mutex
	var said []string
	first := make(chan bool, 1)
	go func() {
		for e, err := range events {
			if err != nil {
				return
			}
			var line string
			if len(e.Args) == 0 || json.Unmarshal(e.Args[0].Value, &line) != nil {
				continue
			}
			if note, ok := strings.CutPrefix(line, "ON PHONE "); ok {
				mu.Lock()
				said = append(said, note)
				mu.Unlock()
				select {
				case first <- true:
				default:
				}
			}
		}
	}()
	b.Eval(fmt.Sprintf(`void (async () => {
  const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set;
  const until = async (f) => { for (;;) { const v = f(); if (v) return v; await new Promise(done => setTimeout(done, 5)); } };
  for (let i = 0; ; i++) {
    const note = 'Omgång %d, anteckning ' + i + '. ' + 'ö'.repeat(60);
    const field = await until(() => document.querySelector('textarea'));
    set.call(field, note);
    field.dispatchEvent(new Event('input', { bubbles: true }));
    (await until(() => [...document.querySelectorAll('button')].find(e => e.innerText.trim() === 'Spara anteckning'))).click();
    await until(() => [...document.querySelectorAll('article')].some(e => e.innerText.includes(note) && e.innerText.includes('På telefonen')));
    console.log('ON PHONE ' + note);
  }
})()`, round))
	select {
	case <-first:
	case <-time.After(Patience):
		b.tb.Fatalf("round %d: no note came to the phone; the screen says: %.800s", round, b.Text())
	}
	time.Sleep(after)
	b.Kill()
	mu.Lock()
	defer mu.Unlock()
	return said
}

// once checks that the server has each note exactly once.
func once(t *testing.T, p *Program, notes []string) {
	t.Helper()
	count := notesOf(t, SignIn(t, p, "jonna"))
	for _, note := range notes {
		if count[note] != 1 {
			t.Errorf("the server has %.30q %d times", note, count[note])
		}
	}
}
