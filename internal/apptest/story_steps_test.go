package apptest

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"

	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// try begins something that is told apart by the key.
func (w *walk) try(key string) string {
	w.tried[key] = true
	return key
}

// keep notes that the screen has said that it is kept, and how many things wait.
func (w *walk) keep(key, page, words string) {
	w.told[key], w.shows[key] = page, words
	n, _ := strconv.Atoi(w.b.Eval(`document.documentElement.dataset.unsent`))
	w.least = n
}

// ours begins whatever is written on the phone that is killed.
const ours = "Nummer "

func (w *walk) name() string {
	w.count++
	return fmt.Sprintf(ours+"%03d", w.count)
}

// take takes one of what is to be done once; "" when there is no more.
func take(all *[]string) (one string) {
	if len(*all) > 0 {
		one, *all = (*all)[0], (*all)[1:]
	}
	return one
}

func (w *walk) note() {
	page, text := w.notesOn[w.random.IntN(len(w.notesOn))], w.name()+", en anteckning."
	w.b.Walk(page)
	w.b.See("Skriv det du såg och hörde")
	key := w.try("note " + text)
	if !w.b.saveNote(text) {
		w.b.tb.Fatalf("%q could not be kept", text)
	}
	w.keep(key, page, text)
}

func (w *walk) drafts() {
	w.b.Walk(w.draftOn)
	w.b.See("Skriv det du såg och hörde")
	w.typed = w.name() + ", halvskrivet"
	w.b.Eval(`(() => { const e = document.querySelector('textarea'); e.focus(); e.select(); })()`)
	w.b.call("Input.insertText", map[string]any{"text": w.typed})
	Retry(w.b.tb, "the draft is on the phone", func() error {
		said, err := w.b.eval(`document.querySelector('textarea').value + '|' + document.querySelector('#note-state [data-step]')?.dataset.step`)
		if err == nil && said != w.typed+"|phone" {
			err = errors.New("it says " + said)
		}
		return err
	})
	w.draft = w.typed
}

func (w *walk) nobodyHome() {
	page := take(&w.visits)
	if page == "" {
		return
	}
	id := strings.TrimPrefix(page, "/visit/")
	w.b.Walk(page)
	w.try("nobody_home " + id)
	w.b.Tap("Ingen hemma")
	w.b.See("Nästa försök", "På telefonen")
	w.keep("nobody_home "+id, page, "Du svarade")
	w.try("left " + id)
	w.b.Tap("Lapp lämnad")
	w.b.NotSee("Lapp lämnad", "Nästa försök")
	w.keep("left "+id, page, "lapp lämnad")
}

func (w *walk) meets() {
	page := take(&w.visits)
	if page == "" {
		return
	}
	id := strings.TrimPrefix(page, "/visit/")
	w.b.Walk(page)
	w.try("met " + id)
	w.b.Tap("Vi träffades")
	w.b.See("Du svarade", "På telefonen")
	w.keep("met "+id, page, "Du svarade")
	w.try("tick " + id)
	w.b.Tap("Jag har sagt vem jag är")
	Retry(w.b.tb, "the tick is on the phone", func() error {
		n, err := w.b.eval(`document.documentElement.dataset.unsent`)
		if err == nil && n != strconv.Itoa(w.least+1) {
			err = fmt.Errorf("%s things are, after %d", n, w.least)
		}
		return err
	})
	w.keep("tick "+id, page, "Du svarade")
}

func (w *walk) photographs() {
	page, caption := w.notesOn[w.random.IntN(len(w.notesOn))], w.name()+" på bild"
	w.b.Walk(page)
	w.b.See("Ta en")
	w.b.Upload(w.picture)
	w.b.Fill("Vad bilden visar", caption)
	key := w.try("photo " + caption)
	w.b.Tap("Spara bilden")
	w.b.See(caption)
	w.b.NotSee("Spara bilden")
	w.keep(key, page, caption)
}

func (w *walk) settles() {
	id := take(&w.conflicts)
	if id == "" {
		return
	}
	w.b.Walk("/conflict/" + id)
	w.b.See("Vilket svar stämmer?")
	w.b.Tap("Ingen hemma")
	w.try("chosen " + id)
	w.b.Tap("Spara valet")
	w.b.See("Du valde", "På telefonen")
	w.keep("chosen "+id, "/conflict/"+id, "Du valde")
}

func (w *walk) unplanned() {
	w.b.Walk("/unplanned")
	w.b.See("Vem träffade du?")
	w.b.Eval(`document.querySelector('ul.rows button.row').click()`)
	w.b.See("Du svarade", "På telefonen")
	page := w.b.Eval(`location.pathname`)
	key := w.try("met " + strings.TrimPrefix(page, "/visit/"))
	w.keep(key, page, "Du svarade")
}

func (w *walk) plans() {
	kase := take(&w.cases)
	if kase == "" {
		return
	}
	message := w.name() + " planerades på telefonen"
	w.b.Walk("/plan?case=" + kase)
	w.b.Tap("Alva Lindroos")
	w.b.Fill("Hälsning", message)
	key := w.try("plan " + message)
	w.b.Tap("Planera 1 besök")
	w.b.See("1 besök är planerat")
	w.keep(key, "/case/"+kase, message)
}

// consents hands the phone over, lets the tenant sign, and takes it back.
func (w *walk) consents() {
	page := take(&w.visits)
	if page == "" {
		return
	}
	w.count++
	name := "Testa Provsson " + string(rune('A'+w.count/26)) + string(rune('a'+w.count%26))
	w.b.Walk(page + "/consent")
	w.b.Tap("Lämna över telefonen")
	w.b.See("Telefonen är din nu")
	w.b.Tap("Jag har läst")
	w.b.Tap("Vårdcentralen")
	w.b.Tap("Gå vidare")
	w.b.Fill("Namn", name)
	w.b.Fill("Personnummer", "19900602-2397")
	w.b.Draw(0)
	w.try("consent " + name)
	w.b.Tap("Skriv under")
	w.b.See("Samtycket är på telefonen")
	w.told["consent "+name], w.shows["consent "+name] = page, "Samtycke är inhämtat"
	w.b.Tap("Lämna tillbaka telefonen")
	w.b.Unlock()
	w.b.See("Samtycke är inhämtat")
	w.keep("consent "+name, page, "Samtycke är inhämtat")
}

func (w *walk) unlocks() {
	w.b.Load(w.draftOn)
	w.b.Unlock()
	w.b.See("Skriv det du såg och hörde")
}

// syncs finds a network, and fetches everything anew while what waits goes up.
func (w *walk) syncs() {
	w.least, w.whole = 0, false // before: it can be killed within
	w.b.ForgetCopy()
	w.b.Load(w.draftOn)
	w.link.Heal()
	w.b.Unlock()
	w.b.Synced()
	w.link.Cut()
	w.whole = true
}

// burst writes notes as fast as the phone takes them, until it is killed.
func (w *walk) burst() {
	page, round := w.notesOn[w.random.IntN(len(w.notesOn))], w.name()
	w.b.Walk(page)
	w.b.See("Skriv det du såg och hörde")
	for _, note := range w.b.writesUntilGone(round) {
		w.told["note "+note], w.shows["note "+note] = page, note
	}
	runtime.Goexit()
}

// writesUntilGone writes notes one after the other inside the page, each as soon as the
// one before said that it is on the phone, and returns those when the browser has gone.
func (b *Browser) writesUntilGone(round string) (said []string) {
	b.tb.Helper()
	events := chromedp.Events(b.ctx, cdpruntime.ConsoleAPICalled)
	b.Eval(writing(round))
	for e, err := range events {
		if err != nil {
			return said
		}
		var line string
		if len(e.Args) == 0 || json.Unmarshal(e.Args[0].Value, &line) != nil {
			continue
		}
		if note, ok := strings.CutPrefix(line, onPhone); ok {
			said = append(said, note)
			b.isAsked()
		}
	}
	return said
}

const onPhone = "ON PHONE " // before the note, on the console

// writing is a script that writes notes for ever, and says of each that the screen
// called it kept.
func writing(round string) string {
	return fmt.Sprintf(`void (async () => {
  const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set;
  const until = async (f) => { for (;;) { const v = f(); if (v) return v; await new Promise(done => setTimeout(done, 5)); } };
  for (let i = 0; ; i++) {
    const note = '%s, anteckning ' + i + ' av många. ' + 'ö'.repeat(60);
    const field = await until(() => document.querySelector('textarea'));
    set.call(field, note);
    field.dispatchEvent(new Event('input', { bubbles: true }));
    (await until(() => [...document.querySelectorAll('button')].find(e => e.innerText.trim() === 'Spara anteckning'))).click();
    await until(() => [...document.querySelectorAll('article')].some(e => e.innerText.includes(note) && e.innerText.includes('På telefonen')));
    console.log('%s' + note);
  }
})()`, round, onPhone)
}
