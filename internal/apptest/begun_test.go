package apptest

import (
	"fmt"
	"testing"
)

// Whoever takes a picture leaves the page for the camera, and whoever fills in a form
// looks something up in another app: a new version that waits is let in under neither,
// in this tab or in another one, and comes when the picture is kept or dropped and
// nothing stands in a field any more.
func TestANewVersionWaitsForAPictureAndForWhatIsTyped(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	good := version(t, p)
	b := Open(t, p.URL, SmallPhone)
	b.SignIn(p, "kim")
	b.Walk(b.links("/visit/", 1)[0])
	b.See("Ta en bild", "Välj en bild som finns")
	newer, newVersion := newerApp(t, good)
	p.Kill()
	p.UseBinary(newer)
	p.Again()
	b.Synced()
	b.asksForUpdate()

	b.call("Page.setInterceptFileChooserDialog", map[string]any{"enabled": true}) // the camera is open, and answers later
	b.Tap("Ta en bild")
	b.putAway()
	b.stays(good)
	b.Upload(CameraPicture(t, "", 800, 600))
	b.shows(true)
	b.putAway()
	b.stays(good)

	other := b.Tab()
	other.Go("/tray")
	other.Tap("Ta in en fil från en annan telefon")
	other.Fill("Filens kod", "K7HP")
	b.Eval(`[...document.querySelectorAll('dialog button')].find(e => e.textContent.trim() === 'Släng').click()`)
	b.shows(false)
	b.putAway()
	b.stays(good) // a code is half typed in the other tab
	other.Fill("Filens kod", "")
	b.putAway()
	b.running(newVersion)
}

// shows waits until the picture that was chosen is shown, or no more; of a page that
// is put away nothing is drawn that one could read.
func (b *Browser) shows(picture bool) {
	b.tb.Helper()
	Retry(b.tb, fmt.Sprintf("a chosen picture is shown: %v", picture), func() error {
		shown, err := b.eval(`String(!!document.querySelector('dialog[open] img.photo'))`)
		if err == nil && shown != fmt.Sprint(picture) {
			err = fmt.Errorf("it is %s", shown)
		}
		return err
	})
}

// Half a notice and half a message are there again after the phone was locked, and after
// the browser was killed: also what was chosen, and nothing of them once they are sent.
func TestHalfAFormIsThereAfterTheLockAndAfterADeath(t *testing.T) {
	t.Parallel()
	const message, street = "Vi har pratat med hyresgästen om en plan som", "Halva vägen 7"
	p := Start(t, "")
	StageWall(t, p)
	b := Open(t, p.URL, Desk)
	b.SignIn(p, "samira")
	b.Quit() // the cookie is on disk
	b.Start()
	do(received("Mirja Korhonen"), tap("Kopplat till"), tap("Delat med Sjöbergahem"))(b)
	room := b.path()
	b.Tap("En plan")
	b.Fill("Skriv", message)
	b.See("På telefonen")
	b.Walk("/notice/new")
	b.Fill("Namn", "Petra Halvdan")
	b.Fill("Gata och nummer", street)
	b.Fill("Kom in", "2026-01-05")
	b.See("På telefonen")

	b.skips(11) // unused for longer than a phone stays open
	b.Unlock()
	b.holds("name", "Petra Halvdan")
	b.holds("street", street)
	b.holds("received", "2026-01-05")
	b.Fill("Ort", "Sjöberga")
	b.See("På telefonen")
	b.Kill()
	b.Start()
	b.Go("/notice/new")
	b.holds("city", "Sjöberga")
	b.holds("street", street)
	b.Tap("Avbryt")
	b.Walk("/notice/new")
	b.holds("street", "")

	b.Walk(room)
	b.See("Vem gäller det?") // it is a plan still
	b.holds("text-", message)
	b.Tap("Dela med Sjöbergahem")
	b.Synced()
	b.See(message)
	b.Go(room)
	b.See("Vad vill du dela?")
	b.NotSee("Vem gäller det?")
}

// holds waits until the field whose id begins so holds the text.
func (b *Browser) holds(id, text string) {
	b.tb.Helper()
	Retry(b.tb, "the field "+id+" holds "+text, func() error {
		v, err := b.eval(`document.querySelector('main [id^="` + id + `"]:is(input,textarea)')?.value ?? 'no field'`)
		if err == nil && v != text {
			err = fmt.Errorf("it holds %q", v)
		}
		return err
	})
}
