package apptest

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// A long fetch on a slow network says how far it is: in records and in bytes,
// never backwards, whole only when nothing waits. Cut off in the middle, it goes
// on where it was, also when the app is started anew.
func TestAFirstSyncSaysHowFarItIs(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	writeLongNotes(t, SignIn(t, p, "jonna"), strings.TrimPrefix(b.links("/visit/", 1)[0], "/visit/"), 250)
	b.Synced()
	b.Quit()
	b.Start()
	b.ForgetCopy()
	link.Change(Weather{Rate: 48 << 10})
	b.watchesTheFetch()
	b.Go("/")

	var first, second []told
	Retry(t, "a part has come", func() error {
		first = b.toldOfTheFetch()
		if n := len(first); n == 0 || first[n-1].Share < 0.2 {
			return fmt.Errorf("so far it said %v", first)
		}
		return nil
	})
	link.Cut()
	b.Quit()
	b.Start()
	b.watchesTheFetch()
	link.Heal()
	b.Go("/")
	b.Synced()
	second = b.toldOfTheFetch()
	if len(second) < 2 {
		t.Fatalf("after the interruption it said only %v", second)
	}
	forwards(t, "before the interruption", first)
	forwards(t, "after it", second)
	if last := first[len(first)-1]; second[0].Done < last.Done || second[0].Share < last.Share {
		t.Errorf("it had come to %+v, and went on at %+v", last, second[0])
	}
	b.NotSee("Hämtar dina ärenden")
}

// told is what the screen said of the fetch at one moment.
type told struct {
	Share           float64
	Done, Total, KB int
}

func forwards(t *testing.T, when string, all []told) {
	t.Helper()
	for i, now := range all {
		if now.Share >= 1 || now.Done >= now.Total {
			t.Errorf("%s: it called itself whole while something waited: %+v", when, now)
		}
		if i == 0 {
			continue
		}
		if before := all[i-1]; now.Share < before.Share || now.Done < before.Done || now.KB < before.KB {
			t.Errorf("%s: it went backwards from %+v to %+v", when, before, now)
		}
	}
}

// watchesTheFetch notes whatever the next pages say of a fetch.
func (b *Browser) watchesTheFetch() {
	b.tb.Helper()
	b.call("Page.addScriptToEvaluateOnNewDocument", map[string]any{"source": `(() => {
  const all = globalThis.toldOfTheFetch = [];
  const look = () => {
    const bar = document.querySelector('progress[aria-labelledby=fetch]');
    if (!bar) return;
    const [done, total, kb] = bar.parentElement.innerText.replace(/(\d)[\s\u00a0](?=\d)/g, '$1').match(/(\d+) av (\d+), (\d+) kB/).slice(1).map(Number);
    const now = { share: bar.value, done, total, kb };
    if (JSON.stringify(all.at(-1)) !== JSON.stringify(now)) all.push(now);
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
})()`})
}

func (b *Browser) toldOfTheFetch() (all []told) {
	b.tb.Helper()
	if err := json.Unmarshal([]byte(b.Eval(`JSON.stringify(globalThis.toldOfTheFetch)`)), &all); err != nil {
		b.tb.Fatalf("%v", err)
	}
	return all
}

// writeLongNotes gives everybody who carries the visit that much more to fetch; it
// cannot be compressed to less than half.
func writeLongNotes(t *testing.T, who Person, visit string, count int) {
	t.Helper()
	c, records, err := who.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	household, case_ := records[visit].Text("household"), records[visit].Text("case")
	for i := range count {
		_, err := c.Push("note", fmt.Sprintf("long-%d", i), map[string]any{"household": household, "case": case_, "contact": visit, "text": noise(), "at": 1, "by": who.ID})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// noise is a long text that cannot be compressed to less than half.
func noise() string {
	bytes := make([]byte, 4000)
	_, _ = rand.Read(bytes)
	return hex.EncodeToString(bytes)
}
