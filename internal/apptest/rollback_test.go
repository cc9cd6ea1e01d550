package apptest

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

// A copy of the phone's disk, unlocked later with the right passphrase, is found at
// its first contact and shown; wrong passphrases before that are told as well. The
// number of days that a phone opens alone is the organisation's to choose.
func TestACopiedDiskIsFound(t *testing.T) {
	p := Start(t, "")
	link := NewLink(t, p)
	if out, err := exec.Command(Binary(t), "org", "lease", "-data", p.Data, "-org", "sjobergahem", "-days", "3").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	metServer(b)
	b.Quit()
	image := t.TempDir()
	if err := os.CopyFS(image, os.DirFS(b.Profile)); err != nil {
		t.Fatal(err)
	}
	b.Start()
	for range 2 {
		b.Load("/")
		b.Gate("locked")
		b.Fill("Lösenfras", "fel ord helt och hållet")
		b.Tap("Lås upp")
		b.See("Lösenfrasen stämmer inte")
		b.Unlock()
		metServer(b)
	}
	b.Walk("/devices")
	b.See("Fel lösenfras skrevs på en av dina telefoner")
	b.NotSee("Kan vara kopierad")
	b.Quit()

	thief := &Browser{Origin: b.Origin, Screen: SmallPhone, Passphrase: b.Passphrase}
	thief.tb, thief.Profile = t, image
	thief.Start()
	t.Cleanup(thief.Kill)
	thief.Load("/")
	thief.Unlock()
	thief.Synced()
	b.Start()
	b.Go("/devices")
	b.See("Kan vara kopierad")

	link.Cut()
	b.Clock(4 * 24 * time.Hour)
	b.Load("/")
	b.Gate("locked")
	b.Fill("Lösenfras", b.Passphrase)
	b.Tap("Lås upp")
	b.See("Telefonen har inte haft kontakt med servern på länge")
}
