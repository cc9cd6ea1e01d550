package apptest

import (
	"fmt"
	"strings"
	"testing"
)

// Community Health Toolkit #8303, FHIR Core #2916: "everything is here" was said when it
// was not. A row of the phone's readable copy is lost, and one holds another row's bytes: the
// phone finds out, fetches anew, tells the server without a word of whom or what, and shows
// everything.
func TestCHT8303_FHIRCore2916_ACopyThatWasHarmedIsFoundOut(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	kim := Open(t, link.URL, SmallPhone)
	kim.SignIn(p, "kim")
	visits := kim.links("/visit/", 3)
	jonna := SignIn(t, p, "jonna")
	records := carried(t, SignIn(t, p, "kim"))
	const late = "Ring på hos grannen, klockan är trasig."
	visit := strings.TrimPrefix(visits[1], "/visit/")
	kim.copies(func() {
		jonna.pushes(t, "contact", visit, map[string]any{"message": late}) // a row of its own
		kim.Walk("/visit/" + visit)
		kim.See(late)
		kim.Synced()
	})

	t.Run("a row is lost", func(t *testing.T) {
		kim.harms(`rows.delete(keys.at(-1))`)
		link.Cut()
		kim.Go("/visit/" + visit)
		kim.See("Anteckning")
		if strings.Contains(kim.Text(), late) {
			t.Fatal("the row is there still: nothing was harmed")
		}
		link.Heal()
		kim.Eval(`dispatchEvent(new Event('online'))`)
		kim.See(late) // by itself
		kim.Synced()
		Retry(t, "the server is told", func() error {
			if !strings.Contains(p.Log(), "differ at cursor") {
				return fmt.Errorf("its log says nothing of it")
			}
			return nil
		})
		for _, line := range strings.Split(p.Log(), "\n") {
			if !strings.Contains(line, "differ at cursor") {
				continue
			}
			if !strings.Contains(line, "contact") {
				t.Errorf("it does not say which kind differs: %s", line)
			}
			for id, r := range records {
				for _, word := range []string{id, r.Text("name"), r.Text("street"), r.Text("text"), late, "kim", "Kim"} {
					if word != "" && len(word) > 2 && strings.Contains(line, word) && r.Kind != "unit" {
						t.Fatalf("the report tells of %q: %s", word, line)
					}
				}
			}
		}
		kim.Go("/visit/" + visit) // what was repaired is on the disk
		kim.See(late)
	})
	t.Run("a row holds another's bytes", func(t *testing.T) {
		kim.copies(func() {
			jonna.pushes(t, "contact", visit, map[string]any{"message": late + " Kom tidigt."}) // two rows at least
			kim.See("Kom tidigt.")
			kim.Synced()
		})
		kim.harms(`rows.put(await value(keys[0]), keys.at(-1))`)
		link.Cut()
		kim.Go("/visit/" + visit)
		if strings.Contains(kim.Text(), "Kom tidigt.") {
			t.Fatal("it is shown still: nothing was harmed")
		}
		link.Heal() // a row opens in its own place alone: it is found out without the server
		kim.Eval(`dispatchEvent(new Event('online'))`)
		kim.See("Kom tidigt.")
		kim.Synced()
		Retry(t, "what was repaired is on the disk", func() error {
			link.Cut()
			defer link.Heal()
			kim.Go("/visit/" + visit)
			return RetryFor(Patience/9, func() error { // it may not be drawn yet
				if shown := kim.Text(); !strings.Contains(shown, "Kom tidigt.") {
					return fmt.Errorf("the screen says: %.200s", shown)
				}
				return nil
			})
		})
		kim.Synced()
		kim.Walk("/")
		kim.links("/visit/", len(visits))
	})
}

// copies does something that brings a page, and waits until it lies in the readable copy:
// that is a moment after it is shown.
func (b *Browser) copies(something func()) {
	b.tb.Helper()
	const last = `(async () => {
  const of = (ask) => new Promise((done, failed) => { ask.onsuccess = () => done(ask.result); ask.onerror = () => failed(ask.error); });
  const db = await of(indexedDB.open('bokvar'));
  const keys = await of(db.transaction('chunks').objectStore('chunks').getAllKeys());
  db.close();
  return String(keys.at(-1));
})()`
	before := b.Eval(last)
	something()
	Retry(b.tb, "it lies in the copy", func() error {
		now, err := b.eval(last)
		if err == nil && now == before {
			err = fmt.Errorf("the last row is %s still", now)
		}
		return err
	})
}

// harms changes the sealed rows of the phone's readable copy: `rows` is the store, `keys`
// its keys, and `value` reads one.
func (b *Browser) harms(how string) {
	b.tb.Helper()
	n := b.Eval(`(async () => {
  const of = (ask) => new Promise((done, failed) => { ask.onsuccess = () => done(ask.result); ask.onerror = () => failed(ask.error); });
  const db = await of(indexedDB.open('bokvar'));
  const store = () => db.transaction('chunks', 'readwrite').objectStore('chunks');
  const keys = await of(store().getAllKeys());
  const value = (key) => of(store().get(key));
  const rows = { delete: (key) => of(store().delete(key)), put: (bytes, key) => of(store().put(bytes, key)) };
  await ` + how + `;
  db.close();
  return String(keys.length);
})()`)
	if n == "0" || n == "1" {
		b.tb.Fatalf("the copy has %s rows", n)
	}
}
