package apptest

import (
	"fmt"
	"strings"
	"testing"
)

// The phone runs out of room in the middle of a first sync, and in the middle of
// sending an outbox: it says so; what has come is shown and what is sent is saved all
// the same, nothing is half written, and with room again both go on where they were.
func TestPhoneFillsUpInTheMiddleOfASync(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := (&Browser{Origin: link.URL, Screen: SmallPhone, Unkept: true}).open(t)
	b.SignIn(p, "kim")
	visits := b.links("/visit/", 2)
	visit, long := visits[0], visits[1]
	jonna := SignIn(t, p, "jonna")
	b.carriesLongNotes(t, jonna, long)
	b.Quit() // so that the session is on the phone's disk
	b.Start()
	b.ForgetCopy()
	f := &faulty{T: t, b: b, link: link, server: jonna}

	b.hasRoomFor(550 << 10) // for a part of it
	link.Change(Weather{Rate: 64 << 10})
	b.watchesTheFetch()
	b.Go("/")
	before := b.fetchedAPart()
	b.See("Telefonen är full")
	link.Change(Weather{})
	b.Synced() // it goes on, in memory
	b.hasLongNotes(long, "on a full phone")
	b.inTray("Telefonen är full")

	b.Kill()
	link.Cut()
	b.Start()
	b.hasRoomFor(1)
	b.Go(visit)
	b.Walk(long)
	b.until("say what there is", func(shown string) bool {
		return strings.Contains(shown, "Besöket är inte hämtat än") || strings.Contains(shown, "Skriv det du såg och hörde")
	})
	kept := b.longNotes()
	t.Logf("it was full after %+v; %d of %d long notes had been kept", before, kept, longNotes)
	if kept == 0 || kept == longNotes {
		t.Errorf("%d of %d long notes are kept: it was not in the middle", kept, longNotes)
	}
	b.quota(0)
	link.Change(Weather{Rate: 64 << 10})
	link.Heal()
	b.watchesTheFetch()
	b.Eval(`dispatchEvent(new Event('online'))`)
	b.Synced()
	b.hasLongNotes(long, "with room again")
	b.Walk("/")
	b.NotSee("Telefonen är full")
	b.Kill()
	link.Cut()
	b.Start()
	b.hasRoomFor(3 << 20) // files take room by the megabyte
	b.Go(visit)
	b.hasLongNotes(long, "kept, without a network")
	b.Walk(visit)
	Retry(t, "the other visit", func() error {
		if n := b.longNotes(); n > 0 {
			return fmt.Errorf("%d long notes are on the screen", n)
		}
		return nil
	})

	f.writesMuch("skriven utan nät", 8)
	lost := f.writesUntilFull()
	f.goesUpSlowly(6 << 10)
	f.truthful("full while the outbox goes up")
	b.somethingUnsent()
	link.Change(Weather{})
	b.Synced() // that it arrives counts more than that the phone can keep the receipt
	f.truthful("full, and all is up")
	f.onceEach()
	b.Kill()
	b.Start()
	b.quota(1)
	b.Go(visit)
	b.Synced() // what it could not keep the receipt of it has asked for again
	b.See(f.written[0])
	f.truthful("full, and started again")
	f.onceEach()
	if n := notesOf(t, jonna)[lost]; n != 0 {
		t.Errorf("the note that could not be kept is there %d times", n)
	}
	b.quota(0)
	f.writesMuch("skriven när det finns plats", 1)
	b.Synced()
	f.truthful("with room again")
	f.onceEach()
	b.Walk("/")
	b.NotSee("Telefonen är full")
	verified(t, p)
}

// hasRoomFor lets the app store so many bytes more than it does, from the next page on:
// the browser keeps in mind how much room a page had when it was opened. After a restart
// Chromium counts the files of OPFS wrong (often as 4 GiB), so it is asked itself.
func (b *Browser) hasRoomFor(bytes int) {
	b.tb.Helper()
	b.Load("/")
	b.Gate("locked")
	var used int
	_, _ = fmt.Sscan(b.Eval(`navigator.storage.estimate().then(e => String(e.usage))`), &used)
	b.quota(used + bytes)
}

// writesUntilFull writes until a note cannot be kept, and answers that one.
func (f *faulty) writesUntilFull() (lost string) {
	f.Helper()
	for range 400 {
		note := fmt.Sprintf("Anteckning %d fyller telefonen.%s", len(f.written), padding)
		if !f.b.saveNote(note) {
			f.b.See("Telefonen är full. Vi kan inte spara mer än det du redan har skrivit.")
			f.Logf("it was full after %d notes", len(f.written))
			return note
		}
		f.written = append(f.written, note)
	}
	f.Fatal("400 notes of 16,000 characters found room on a full phone")
	return ""
}
