package apptest

import (
	"fmt"
	"strings"
	"testing"
)

// What somebody has half typed at the desk stands there again after the lock and after a
// death, in the form that was open; given up or sent, it is gone. A value that nobody
// typed over follows what a colleague writes, and is not written back.
func TestHalfAPlanIsThereAfterTheLockAndAfterADeath(t *testing.T) {
	t.Parallel()
	const greeting, advice = "Vi ses utanför porten, jag har", "Ring på två gånger och"
	p := Start(t, "")
	b := Open(t, p.URL, Desk)
	b.SignIn(p, "jonna")
	b.Quit() // the cookie is on disk
	b.Start()
	b.Go("/cases")
	peder, held, err := SignIn(t, p, "peder").Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer peder.Close()
	kase, household := "", ""
	for _, link := range b.links("/case/", 1) { // where nobody has written of an interpreter
		household = held[strings.TrimPrefix(link, "/case/")].Text("household")
		if h := held[household]; h.Kind != "" && h.Text("interpreter") == "" && string(h.F["protected"]) != "true" {
			kase = link
			break
		}
	}
	b.Walk(kase)
	b.Tap("Planera besök eller samtal")
	b.Fill("Hälsning till den som går", greeting)
	b.See("På telefonen")
	b.skips(11) // unused for longer than a phone stays open
	b.Unlock()
	b.holds("message", greeting)
	b.Kill()
	b.Start()
	b.Go(kase)
	b.holds("message", greeting)
	b.Tap("Avbryt")
	b.Tap("Planera besök eller samtal")
	b.holds("message", "")
	b.Tap("Avbryt")

	b.Tap("Ändra språk och väg in")
	b.Fill("Tänk på säkerheten", advice)
	b.See("På telefonen")
	if _, err := peder.Push("household", household, map[string]any{"interpreter": "Tolk på tigrinja"}); err != nil {
		t.Fatal(err)
	}
	b.holds("interpreter", "Tolk på tigrinja") // while the form is open
	b.Load(kase)
	b.Unlock()
	b.holds("safety", advice)
	b.holds("interpreter", "Tolk på tigrinja")
	b.Fill("Tänk på säkerheten", advice+" vänta.")
	b.Tap("Spara")
	b.Synced()
	b.See(advice+" vänta.", "Tolk på tigrinja")

	b.Walk("/plan")
	b.Tap("Välj de 12 första")
	b.Fill("Hälsning till den som går", greeting)
	b.See("12 hushåll är valda", "På telefonen")
	b.Load("/plan")
	b.Unlock()
	b.holds("greeting", greeting)
	b.See("12 hushåll är valda")
}

// The organisation's legal basis is written with a lawyer on the telephone: the lock does
// not take it.
func TestHalfALegalBasisIsThereAfterTheLock(t *testing.T) {
	t.Parallel()
	const words = "Hyresavtalet, och vår avvägning av"
	p := Start(t, "")
	b := Open(t, p.URL, Desk)
	b.SignIn(p, "rolf")
	b.Walk("/organisation")
	b.Tap("grunden")
	b.Fill("Med egna ord", words)
	b.See("På telefonen")
	b.Load("/organisation")
	b.Unlock()
	b.holds("basis-text", words)
	b.Tap("Avbryt")
	b.skips(11) // the lock waits for what is being written: that this is given up
	b.Unlock()
	b.See("grunden")
	b.NotSee("Med egna ord")
}

// A picture that was taken and not yet saved lies sealed on the phone: after a death, and
// after the lock, it is shown again with what was written of it, and can be saved or
// dropped; nothing of it stays afterwards. The same of a paper that was signed.
func TestAPictureThatIsNotSavedIsThereAfterTheLock(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	b.Synced()
	b.Quit() // the cookie is on disk
	b.Start()
	b.Go("/")
	visit := b.links("/visit/", 1)[0]
	b.Walk(visit)
	b.See("Ta en bild")
	link.Cut()
	b.Upload(CameraPicture(t, "", 2400, 1800))
	b.Fill("Vad bilden visar", "Lappen i brev")
	b.See("På telefonen")
	b.Kill()
	b.Start()
	b.Go(visit)
	b.pictureIs("dialog[open] img.photo", 1600)
	if words := b.Eval(`document.querySelector('#caption').value`); words != "Lappen i brev" {
		t.Errorf("what was written of it is %q", words)
	}
	b.Fill("Vad bilden visar", "Lappen i brevlådan")
	b.Tap("Spara bilden")
	b.See("Du tog bilden", "Lappen i brevlådan", "På telefonen")
	b.shows(false) // it is closed when nothing is left of what was not saved
	b.Load(visit)
	b.Unlock()
	b.See("Du tog bilden")
	b.shows(false) // it is saved, and asked for no more
	b.Upload(CameraPicture(t, "", 800, 600))
	b.shows(true)
	b.See("På telefonen")
	b.Eval(`[...document.querySelectorAll('dialog button')].find(e => e.textContent.trim() === 'Släng').click()`)
	b.shows(false)
	b.Load(visit)
	b.Unlock()
	b.See("Du tog bilden")
	b.shows(false)

	b.Go(visit + "/consent/own")
	b.Tap("Jag har läst")
	b.Tap("Vårdcentralen")
	b.Tap("Gå vidare")
	b.Tap("Gör på ett annat sätt")
	b.Tap("Skriva under på papper")
	b.Upload(CameraPicture(t, "", 1200, 900))
	b.pictureIs("main img.photo", 1200)
	b.Fill("Var finns pappret?", "I pärmen på kontoret")
	b.unsaved(1)
	b.Load(visit + "/consent/own")
	b.Unlock()
	b.pictureIs("main img.photo", 1200)
	b.Tap("Jag har inget svenskt personnummer")
	b.Tap("Skriv under")
	b.See("Tack. Du har svarat ja", "Samtycket är på telefonen")
	b.unsaved(0)
	link.Heal()
	b.Eval(`dispatchEvent(new Event('online'))`)
	b.Synced()
	SignIn(t, p, "samira").carries(t, func(held map[string]Record) error {
		for _, r := range held {
			if r.Kind == "paper_photo" {
				return nil
			}
		}
		return fmt.Errorf("social services have no picture of the paper")
	})
}

// Who asks whether the app can be removed is told of what is begun and not saved.
func TestRemovingTellsOfWhatIsBegun(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	b := Open(t, p.URL, SmallPhone)
	b.SignIn(p, "kim")
	visit := b.links("/visit/", 1)[0]
	b.Walk(visit)
	b.Fill("Anteckning", "Halvt skriven")
	b.See("På telefonen")
	b.Walk("/more")
	b.See("En sak är påbörjad och inte sparad")
	b.NotSee("Allt är skickat")
	b.Walk(visit)
	b.Fill("Anteckning", "")
	b.Walk("/more")
	b.See("Allt är skickat") // also when the last of it is written down a moment later
}

// pictureIs waits until a picture of that width is shown.
func (b *Browser) pictureIs(where string, wide int) {
	b.tb.Helper()
	Retry(b.tb, fmt.Sprintf("a picture is shown, %d pixels wide", wide), func() error {
		found, err := b.eval(`String(document.querySelector(` + quote(where) + `)?.naturalWidth)`)
		if err == nil && found != fmt.Sprint(wide) {
			err = fmt.Errorf("it is %s pixels wide", found)
		}
		return err
	})
}

// unsaved waits until so many pictures lie on the phone that nobody has saved.
func (b *Browser) unsaved(count int) {
	b.tb.Helper()
	Retry(b.tb, fmt.Sprintf("%d pictures are not saved", count), func() error {
		found, err := b.eval(`(async () => { let n = 0; const dir = await (await navigator.storage.getDirectory()).getDirectoryHandle('bokvar'); for await (const name of dir.keys()) if (name.startsWith('unsaved-')) n++; return String(n); })()`)
		if err == nil && found != fmt.Sprint(count) {
			err = fmt.Errorf("there are %s", found)
		}
		return err
	})
}
