package apptest

import (
	"fmt"
	"strings"
	"testing"
)

// A picture that is taken without coverage survives the browser's death, follows
// its text when there is a way, and is seen by the desk; only its pixels are.
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
	kim.See("Sparat")
	kim.NotSee("skickas efter texten")
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
	found := jonna.Eval(`(async () => {
		const address = performance.getEntriesByType('resource').map((e) => e.name).find((n) => /\/api\/photos\/[^/]+$/.test(n));
		const bytes = await (await fetch(address)).arrayBuffer();
		return String(bytes.byteLength > 10000 && new TextDecoder('latin1').decode(bytes).includes('Stigen'));
	})()`)
	if found != "false" {
		t.Error("what the camera wrote beside the picture has come along")
	}
}
