package apptest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// A picture that is taken without coverage survives the browser's death, follows
// its text when there is a way, and is seen by the desk; only its pixels are. While its
// text is with the server and it is not, no tab calls it saved, also after a restart.
func TestAPictureFollowsItsText(t *testing.T) {
	t.Parallel()
	const secret = "taken at Stigen 3 by Kim's phone"
	p := Start(t, "")
	link := NewLink(t, p)
	kim := Open(t, link.URL, SmallPhone)
	kim.SignIn(p, "kim")
	kim.Synced()
	kim.Quit() // the cookie is on disk
	kim.Start()
	kim.Go("/")
	visit := kim.links("/visit/", 1)[0]
	kim.Walk(visit)
	kim.See("Ta en bild")
	link.Cut()

	kim.Upload(CameraPicture(t, secret, 2400, 1800))
	kim.Fill("Vad bilden visar", "Lappen i brevlådan")
	kim.Tap("Spara bilden")
	kim.See("Du tog bilden", "Lappen i brevlådan", "På telefonen")
	kim.Kill()
	kim.Start()
	kim.Before(noPictures)
	kim.Go(visit)
	kim.See("Lappen i brevlådan", "På telefonen")
	kim.Tap("Lappen i brevlådan. Visa stor")
	Retry(t, "the picture is shown whole without a network", func() error {
		wide, err := kim.eval(`String(document.querySelector('dialog img')?.naturalWidth)`)
		if err == nil && wide != "1600" {
			err = fmt.Errorf("it is %s pixels wide", wide)
		}
		return err
	})
	kim.Tap("Stäng")

	link.Heal()
	kim.Synced()
	kim.See("skickas efter texten")
	link.Cut()
	kim.Kill()
	kim.Start()
	kim.Go(visit)
	kim.See("skickas efter texten")
	other := kim.Tab()
	other.joins(visit)
	other.See("skickas efter texten")
	link.Heal()
	kim.NotSee("skickas efter texten")
	kim.See("Sparat")
	other.NotSee("skickas efter texten")
	jonna := Open(t, p.URL, Desk)
	jonna.SignIn(p, "jonna")
	jonna.Go("/cases")
	jonna.Walk(jonna.links("/case/", 1)[0]) // the first is Nadia Hassan's, whom Kim visits first
	jonna.See("Lappen i brevlådan")
	jonna.Tap("Lappen i brevlådan. Visa stor")
	Retry(t, "the desk sees the whole picture", func() error {
		address, err := jonna.eval(`(document.querySelector('dialog img')?.naturalWidth === 1600 && document.querySelector('dialog img').src) || ''`)
		if err == nil && !strings.HasPrefix(address, "blob:") {
			err = fmt.Errorf("its address is %q", address)
		}
		return err
	})
	peder := SignIn(t, p, "peder")
	looked := 0
	for id, r := range carried(t, peder) {
		if r.Kind != "photo" || r.Text("caption") != "Lappen i brevlådan" {
			continue
		}
		looked++
		if stored := peder.fetch(t, "/api/photos/"+id); len(stored) < 10_000 || bytes.Contains(stored, []byte("Stigen")) {
			t.Errorf("of %d bytes: what the camera wrote beside the picture has come along", len(stored))
		}
	}
	if looked != 1 {
		t.Errorf("the file has the picture %d times", looked)
	}
}

// noPictures is a network that lets texts through and no pictures.
const noPictures = `(() => {
  const ask = fetch;
  globalThis.fetch = (to, how) => (String(to).includes('/api/photos/') ? Promise.reject(new TypeError('cut')) : ask(to, how));
})()`
