package apptest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A picture that is on its way over a slow network when the network is gone, and the
// phone dies: it goes on with the parts that the server does not have, none of the others
// is sent again, and it arrives once and whole.
func TestAPictureThatWasCutOffGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	server := SignIn(t, p, "peder")
	link := NewLink(t, p)
	kim := Open(t, link.URL, SmallPhone)
	kim.SignIn(p, "kim")
	hers := SignIn(t, p, "kim")
	kim.Quit() // the cookie is on disk
	kim.Start()
	visit := server.visitOfKimAlone(t).ID
	kim.Go("/visit/" + visit)
	kim.Synced()
	link.Change(Weather{Rate: 80_000})
	kim.Upload(noisyPicture(t, 1100, 900))
	kim.See("Din bild")
	kim.Tap("Spara bilden")
	kim.See("Du tog bilden")

	var id string
	Retry(t, "the picture's text is with the server", func() error {
		for each, r := range carried(t, server) {
			if r.Kind == "photo" && r.Text("contact") == visit {
				id = each
				return nil
			}
		}
		return fmt.Errorf("not yet")
	})
	all := len(hers.missing(t, id))
	if all < 4 {
		t.Fatalf("the picture has %d parts: too few to be cut off between them", all)
	}
	Retry(t, "some of it has come, and some has not", func() error {
		if left := len(hers.missing(t, id)); left > all-2 {
			return fmt.Errorf("%d of %d parts are missing", left, all)
		}
		return nil
	})
	link.Cut()
	kim.Kill()
	link.Change(Weather{})
	left := hers.missing(t, id)
	if len(left) == 0 || len(left) == all {
		t.Fatalf("%d of %d parts are missing: it was not cut off in between", len(left), all)
	}
	if status := server.status(t, "/api/photos/"+id); status == http.StatusOK {
		t.Error("a part of a picture is shown as the picture")
	}

	kim.Start()
	kim.Go("/visit/" + visit)
	kim.See("skickas efter texten")
	link.Heal()
	kim.Eval(`dispatchEvent(new Event('online'))`)
	kim.Synced()
	kim.NotSee("skickas efter texten")
	var sent []int
	if err := json.Unmarshal([]byte(kim.Eval(`JSON.stringify(performance.getEntriesByType('resource').filter((e) => e.responseStatus === 200 || e.responseStatus === 204).map((e) => /\/parts\/(\d+)$/.exec(e.name)).filter(Boolean).map((m) => Number(m[1])))`)), &sent); err != nil {
		t.Fatal(err)
	}
	slices.Sort(sent)
	if !slices.Equal(sent, left) { // a part whose answer was lost is asked for, not sent blindly: each was taken once
		t.Errorf("the parts %v were missing, and %v were taken", left, sent)
	}
	stored := server.fetch(t, "/api/photos/"+id) // written anew from what has the hash of what was taken
	if m, err := jpeg.Decode(bytes.NewReader(stored)); err != nil || m.Bounds().Dx() != 1100 || !bytes.HasSuffix(stored, []byte{0xff, 0xd9}) {
		t.Errorf("it is no whole picture: %v", err)
	}
	pictures := 0
	for _, r := range carried(t, server) {
		if r.Kind == "photo" && r.Text("contact") == visit {
			pictures++
		}
	}
	if pictures != 1 {
		t.Errorf("the file has %d pictures", pictures)
	}
	if journal := kim.Eval(`(async () => { const root = await navigator.storage.getDirectory(); let n = 0; const walk = async (d) => { for await (const [name, h] of d.entries()) { if (h.kind === 'directory') await walk(h); else if (/photo/.test(name)) n++; } }; await walk(root); return String(n); })()`); journal != "0" {
		t.Errorf("%s pictures lie on the phone still", journal)
	}
}

// missing are the parts of the picture that the server does not have.
func (p Person) missing(t *testing.T, id string) []int {
	t.Helper()
	var state struct{ Missing []int }
	p.request(t, http.MethodGet, "/api/photos/"+id+"/parts", "", strings.NewReader(""), &state)
	return state.Missing
}

// noisyPicture is one that cannot be made small.
func noisyPicture(tb TB, width, height int) string {
	tb.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.Set(x, y, color.RGBA{byte(random.Uint32()), byte(random.Uint32()), byte(random.Uint32()), 255})
		}
	}
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, m, &jpeg.Options{Quality: 90}); err != nil {
		tb.Fatalf("%v", err)
	}
	path := filepath.Join(tb.TempDir(), "IMG_0002.jpg")
	if err := os.WriteFile(path, jpg.Bytes(), 0o600); err != nil {
		tb.Fatalf("%v", err)
	}
	return path
}
