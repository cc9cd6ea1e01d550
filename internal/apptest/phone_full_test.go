package apptest

import (
	"fmt"
	"strings"
	"testing"
)

// The phone is full: the note says that it could not be kept, the draft says so
// too, nothing is half written, what was safe stays safe over a dead battery, and
// with room again the same tap saves the note.
func TestPhoneFull(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := (&Browser{Origin: link.URL, Screen: SmallPhone, Unkept: true}).open(t)
	b.SignIn(p, "kim")
	visit := b.links("/visit/", 1)[0]
	b.Quit() // so that the sign-in is on the phone's disk
	b.Start()
	link.Cut()
	b.Go(visit)
	safe := b.writeNote(0)

	b.quota(1)
	var lost string
	for i := 1; ; i++ {
		if i > 400 {
			t.Fatal("400 notes of 20,000 characters found room on a full phone")
		}
		note, ok := b.tryNote(i)
		if !ok {
			lost = note
			break
		}
		safe = note
	}
	for i := 0; b.saveNote(fmt.Sprintf("Liten anteckning %d.", i)); i++ { // the last small corner, too
		if i > 400 {
			t.Fatal("400 small notes found room on a full phone")
		}
	}
	b.See("Telefonen är full. Vi kan inte spara mer än det du redan har skrivit.")
	b.Walk("/tray")
	b.See("Telefonen är full", "Bara på telefonen")
	b.Walk("/")
	b.See("Telefonen är full")

	b.Kill()
	b.Start()
	b.Load(visit)
	b.quota(1)
	b.Unlock() // a full phone keeps nobody from the work that fills it
	b.See(safe)
	if shown := b.Eval(`document.body.innerText`); strings.Contains(shown, lost) {
		t.Error("a note that could not be kept is among the notes after a restart")
	}
	b.quota(0)
	again := b.writeNote(1000)
	link.Heal()
	b.Eval(`dispatchEvent(new Event('online'))`)
	b.Synced()
	once(t, p, []string{safe + padding, again + padding})
}

var padding = strings.Repeat(" och mer", 2000)

// writeNote saves a long note, and answers its beginning when it is on the phone.
func (b *Browser) writeNote(n int) string {
	b.tb.Helper()
	note, ok := b.tryNote(n)
	if !ok {
		b.tb.Fatalf("note %d could not be kept; the screen says: %.600s", n, b.Text())
	}
	return note
}

// tryNote writes a numbered, long note.
func (b *Browser) tryNote(n int) (note string, ok bool) {
	b.tb.Helper()
	note = fmt.Sprintf("Anteckning nummer %d.", n)
	return note, b.saveNote(note + padding)
}

// saveNote writes a note on the visit that is open, and tells whether it came
// among the notes that are safe, or the screen said that it could not be kept.
func (b *Browser) saveNote(note string) bool {
	b.tb.Helper()
	said := b.Eval(fmt.Sprintf(`(async () => {
  const note = %s;
  const until = async (f) => { for (;;) { const v = f(); if (v) return v; await new Promise(done => setTimeout(done, 10)); } };
  const field = await until(() => document.querySelector('textarea'));
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(field, note);
  field.dispatchEvent(new Event('input', { bubbles: true }));
  const before = document.querySelector('[role=alert]'); // one from before may stand there yet
  (await until(() => [...document.querySelectorAll('button')].find(e => e.innerText.trim() === 'Spara anteckning'))).click();
  const safe = (e) => ['phone', 'sent', 'saved'].includes((e.querySelector('[data-step]') || { dataset: {} }).dataset.step);
  return until(() => ([...document.querySelectorAll('article')].some(e => e.innerText.includes(note.slice(0, 200)) && safe(e)) && 'kept')
    || (document.querySelector('[role=alert]') && document.querySelector('[role=alert]') !== before && 'full'));
})()`, quote(note)))
	return said == "kept"
}

// quota bounds what the browser stores for the app, in bytes; 0 lifts the bound.
func (b *Browser) quota(bytes int) {
	b.tb.Helper()
	params := map[string]any{"origin": b.Origin}
	if bytes > 0 {
		params["quotaSize"] = bytes
	}
	b.call("Storage.overrideQuotaForOrigin", params)
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
