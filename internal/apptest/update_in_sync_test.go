package apptest

import (
	"errors"
	"fmt"
	"testing"
)

// A new version of the app comes while a long first sync is under way, and then while
// work is unsent: it waits for both, and comes when they are done. One that is
// withdrawn in the middle of a first sync goes at once, and the sync goes on where it
// was. Nothing is lost, nothing is there twice.
func TestUpdateInTheMiddleOfASync(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	good := version(t, p)
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	visits := b.links("/visit/", 2)
	visit, long := visits[0], visits[1]
	b.carriesLongNotes(t, SignIn(t, p, "jonna"), long)
	b.Quit() // so that the session is on the phone's disk
	newer, newVersion := newerApp(t, good)

	b.Start()
	b.beginsTheFetch(link)
	p.Kill()
	p.UseBinary(newer)
	p.Again()
	f := &faulty{T: t, b: b, link: link, server: SignIn(t, p, "jonna")}
	b.running(good)
	b.asksForUpdate()
	b.putAway()
	b.stays(good) // a reload would lock it, and the fetch would stand still until somebody unlocks
	b.stillFetches()
	link.Cut()
	b.Walk(visit)
	b.until("stand still", func(string) bool {
		phase, _ := b.eval(`document.documentElement.dataset.syncPhase`)
		return phase != "fetching"
	})
	f.writes("skriven medan en ny version väntar", 2)
	b.putAway()
	b.stays(good) // something is unsent
	b.somethingUnsent()
	link.Change(Weather{})
	link.Heal()
	b.Eval(`dispatchEvent(new Event('online'))`)
	b.Synced()
	f.onceEach()
	b.running(newVersion) // it was put away all the time
	b.Kill()
	b.Start()
	b.Go(visit)
	b.running(newVersion)
	b.Synced()
	b.hasLongNotes(long, "in the new version")
	b.Walk(visit)
	b.See(f.written...)
	f.truthful("in the new version")

	b.Quit()
	b.Start()
	b.beginsTheFetch(link)
	before := b.toldOfTheFetch()
	b.running(newVersion)
	p.Kill()
	p.UseBinary("") // the good one again, and the newer is withdrawn
	p.Again("-withdrawn", newVersion)
	f.server = SignIn(t, p, "jonna")
	b.Walk(visit)
	b.Fill("Skriv mer", "Halvskrivet när versionen drogs tillbaka")
	b.See("På telefonen")
	b.Eval(`void navigator.serviceWorker.getRegistration().then(r => r.update()).catch(() => 0)`) // as the browser does on its own
	b.running(good)
	b.Unlock()
	Retry(t, "it goes on", func() error {
		all := b.toldOfTheFetch()
		if len(all) == 0 {
			return errors.New("it says nothing of the fetch yet")
		}
		if was := before[len(before)-1]; all[0].Done < was.Done {
			t.Fatalf("it had come to %+v, and went on at %+v", was, all[0])
		}
		return nil
	})
	link.Change(Weather{})
	b.Synced()
	b.hasLongNotes(long, "after the withdrawal")
	b.Walk(visit)
	b.See(f.written...)
	f.truthful("after the withdrawal")
	b.until("find the draft again", func(string) bool {
		v, _ := b.eval(`document.querySelector('textarea').value`)
		return v == "Halvskrivet när versionen drogs tillbaka"
	})
	f.onceEach()
	verified(t, p)
}

// beginsTheFetch begins a first sync on a slow network, and returns in the middle of it.
func (b *Browser) beginsTheFetch(link *Link) {
	b.tb.Helper()
	b.ForgetCopy()
	link.Change(Weather{Rate: 12 << 10})
	b.watchesTheFetch()
	b.Go("/")
	b.fetchedAPart()
}

// stillFetches sees that the fetch is not over, and goes on as soon as the server is found again.
func (b *Browser) stillFetches() {
	b.tb.Helper()
	Retry(b.tb, "it goes on fetching", func() error {
		phase, err := b.eval(`document.documentElement.dataset.syncPhase`)
		if phase == "live" {
			b.tb.Fatalf("it was not in the middle; the fetch said %s", fmt.Sprint(b.toldOfTheFetch()))
		}
		if err == nil && phase != "fetching" {
			err = errors.New("the phase is " + phase)
		}
		return err
	})
}
