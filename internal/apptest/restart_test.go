package apptest

import (
	"strings"
	"testing"
)

// What the screen offers and says is as true after a restart as before: what has
// not left the phone can be taken back, and what was saved is called saved.
func TestUndoAndBadgeAfterARestart(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	b.See("Hämtat ") // nothing of hers was saved yet, but she is up to date
	visits := b.links("/visit/", 2)
	b.Walk(visits[0])
	b.Tap("Vi träffades")
	b.Synced()
	b.See("Sparat ")
	b.Quit()
	b.Start()
	link.Cut()

	b.Go(visits[1])
	b.See("Varför det här besöket")
	if said := b.Text(); strings.Contains(said, "Inget sparat än") {
		t.Errorf("after a restart the badge has forgotten what was saved: %.200s", said)
	}
	b.Tap("Ingen hemma")
	b.See("Ångra", "1 på telefonen")
	b.Kill()
	b.Start()
	b.Go(visits[1] + "/nobody-home")
	b.Tap("Ångra")
	b.See("Gick det på något annat sätt?")
	b.NotSee("1 på telefonen")

	b.Kill() // and it stays taken back
	b.Start()
	link.Heal()
	b.Go(visits[1])
	b.Synced()
	b.See("Gick det på något annat sätt?", "Sparat ")
	id := strings.TrimPrefix(visits[1], "/visit/")
	if r := carried(t, SignIn(t, p, "jonna"))[id]; len(r.F["outcome"]) > 0 && string(r.F["outcome"]) != "null" {
		t.Errorf("what was taken back has reached the server: %s", r.F["outcome"])
	}
}
