package apptest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"bokvar/internal/apptest/firefox"
)

const firefoxKills = 10 // a round: one in CI, ten by `make soak`

// A whole Firefox is killed (process tree, SIGKILL) while notes are being written:
// every note that said "on this phone" is there after the restart and the unlocking,
// and reaches the server once.
func TestFirefoxKilledWhileWriting(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	f := &fox{Firefox: firefox.Open(t, nil), t: t}
	f.Visit(link.URL + "/in#" + strings.SplitN(p.Login("kim").Link, "#", 2)[1])
	f.tap("Logga in")
	f.see("Skriv de fyra orden")
	passphrase := f.Eval(`document.querySelector('.words').innerText`)
	f.fill(passphrase)
	f.tap("Använd lösenfrasen")
	f.data("gate", "in")
	f.data("syncPhase", "live")
	f.see("Nästa besök")
	visit := f.Eval(`document.querySelector('main a[href^="/visit/"]').pathname`)
	firefox.Eventually(t, "the app is on the phone", func() error {
		state, err := f.TryEval(`navigator.serviceWorker.getRegistration().then((r) => r?.active ? 'active' : 'no worker is active')`)
		if err == nil && state != "active" {
			err = errors.New(state)
		}
		return err
	})
	f.Quit() // so that the session is on the phone's disk
	link.Cut()

	seed := time.Now().UnixNano()
	random := rand.New(rand.NewPCG(uint64(seed), 5))
	t.Logf("seed %d", seed)
	var said []string
	opens := func() {
		t.Helper()
		f.Start()
		f.Visit(link.URL + visit)
		f.data("gate", "locked")
		f.fill(passphrase)
		f.tap("Lås upp")
		f.data("gate", "in")
		f.see("Skriv det du såg och hörde")
		f.see(said...)
		firefox.Eventually(t, "nothing of it is called sent", func() error {
			n, err := f.TryEval(`String([...document.querySelectorAll('article')].filter(e => e.querySelector('[data-step=phone]')).length)`)
			if shown, _ := strconv.Atoi(n); err == nil && shown < len(said) {
				err = fmt.Errorf("%s of %d notes are said to be on the phone", n, len(said))
			}
			return err
		})
	}
	kills := firefoxKills * rounds(t)
	for round := range kills {
		began := time.Now()
		opens()
		more := f.writesUntilKilled(round, time.Duration(random.IntN(500))*time.Millisecond)
		said = append(said, more...)
		t.Logf("kill %d: %d notes (%s)", round, len(more), time.Since(began).Round(100*time.Millisecond))
	}
	if len(said) < kills {
		t.Fatalf("only %d notes said that they were on the phone in %d rounds: nothing was tried", len(said), kills)
	}
	t.Logf("%d notes said “På telefonen” over %d kills", len(said), kills)
	opens()
	link.Heal()
	f.Eval(`String(dispatchEvent(new Event('online')))`)
	f.data("unsent", "0")
	f.Kill()
	once(t, p, said)
	verified(t, p)
}

// fox is one person's Firefox.
type fox struct {
	*firefox.Firefox
	t *testing.T
}

// see waits until all of the words stand on the screen.
func (f *fox) see(words ...string) {
	f.t.Helper()
	firefox.Eventually(f.t, "see "+strings.Join(words, ", "), func() error {
		shown, err := f.TryEval(text)
		if err != nil {
			return err
		}
		for _, w := range words {
			if !strings.Contains(shown, w) {
				return fmt.Errorf("%q is not on the screen, which says: %.800s", w, shown)
			}
		}
		return nil
	})
}

// data waits until the page says so of itself.
func (f *fox) data(name, want string) {
	f.t.Helper()
	firefox.Eventually(f.t, name+" is "+want, func() error {
		is, err := f.TryEval(`String(document.documentElement.dataset['` + name + `'])`)
		if err == nil && is != want {
			shown, _ := f.TryEval(text)
			err = fmt.Errorf("it is %s; the screen says: %.800s", is, shown)
		}
		return err
	})
}

func (f *fox) tap(name string) {
	f.t.Helper()
	firefox.Eventually(f.t, "tap "+name, func() error {
		tapped, err := f.TryEval(`(() => { const e = [...document.querySelectorAll('button,a')].find(e => e.innerText.trim() === ` + quote(name) + ` && e.getAttribute('aria-disabled') !== 'true'); e?.click(); return String(!!e); })()`)
		if err == nil && tapped != "true" {
			shown, _ := f.TryEval(text)
			err = errors.New("nothing is called so; the screen says: " + shown)
		}
		return err
	})
}

// fill types into the only field that there is.
func (f *fox) fill(value string) {
	f.t.Helper()
	firefox.Eventually(f.t, "a field", func() error {
		there, err := f.TryEval(`(() => { const e = document.querySelector('input[type=text],input[type=password],input:not([type])'); if (!e) return 'none';
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(e, ` + quote(value) + `); e.dispatchEvent(new Event('input', { bubbles: true })); return 'there'; })()`)
		if err == nil && there != "there" {
			err = errors.New("there is none")
		}
		return err
	})
}

// writesUntilKilled writes notes as fast as the phone takes them, and returns those that
// said that they are on it.
func (f *fox) writesUntilKilled(round int, after time.Duration) []string {
	f.t.Helper()
	var mu sync.Mutex
	var said []string
	first := make(chan bool, 1)
	f.Console(func(line string) {
		note, ok := strings.CutPrefix(line, onPhone)
		if !ok {
			return
		}
		mu.Lock()
		said = append(said, note)
		mu.Unlock()
		select {
		case first <- true:
		default:
		}
	})
	f.Eval(writing(fmt.Sprintf("Omgång %d", round)))
	select {
	case <-first:
	case <-time.After(Patience):
		shown, _ := f.TryEval(text)
		f.t.Fatalf("round %d: no note came to the phone; the screen says: %.800s", round, shown)
	}
	time.Sleep(after) // any moment of what it is doing
	f.Kill()
	mu.Lock()
	defer mu.Unlock()
	return said
}
