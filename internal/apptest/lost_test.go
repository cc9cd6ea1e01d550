package apptest

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lose has the coordinator say that the person's phone is lost, on a screen of their own.
func lose(t *testing.T, p *Program, by *Browser, person string, taps ...string) {
	t.Helper()
	by.Walk("/devices")
	by.See("Kollegornas")
	by.Fill("Sök på namn", person)
	by.Tap(person)
	for _, name := range taps {
		by.Tap(name)
	}
	by.Tap("Stäng")
}

// A phone that was blocked closes at once, in front of whoever holds it; it opens no
// more, with the right passphrase and without a network too; what was written on it
// stays and goes up when it was found and let in again.
func TestALostPhoneIsBlocked(t *testing.T) {
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	desk := Open(t, p.URL, Desk)
	desk.SignIn(p, "jonna")
	visit := b.links("/visit/", 1)[0]
	b.Walk(visit)
	link.Cut()
	b.saveNote("Skriven innan telefonen försvann.")
	desk.Walk("/devices")
	desk.Fill("Sök på namn", "Kim")
	desk.See("Kim Strandvik", "Senaste kontakt")
	lose(t, p, desk, "Kim Strandvik", "Spärra")
	desk.See("Spärrad")
	link.Heal()
	b.Eval(`dispatchEvent(new Event('online'))`)
	b.Gate("barred")
	b.See("Telefonen är spärrad", "En sak finns bara på den här telefonen")
	if shown := b.Text(); strings.Contains(shown, "gatan") || strings.Contains(shown, "Kim") {
		t.Errorf("it says %s", shown)
	}
	link.Cut()
	b.Load("/")
	b.Gate("barred")
	link.Heal()

	lose(t, p, desk, "Kim Strandvik", "Släpp in igen")
	desk.NotSee("Spärrad")
	b.Load("/")
	b.Unlock()
	b.See("Du är utloggad") // its sessions had ended
	b.Walk("/in")
	b.Fill("Lösenfras", b.Passphrase)
	b.Tap("Logga in")
	b.Synced()
	if n := notesOf(t, SignIn(t, p, "jonna"))["Skriven innan telefonen försvann."]; n != 1 {
		t.Errorf("the server has the note %d times", n)
	}
}

// A phone that is to be wiped deletes everything when it has contact, though it is
// locked and nobody is at it, in every tab; the server has the receipt.
func TestALostPhoneIsWiped(t *testing.T) {
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	desk := Open(t, p.URL, Desk)
	desk.SignIn(p, "jonna")
	second := b.Tab()
	second.Load("/more")
	second.Gate("in")
	link.Cut()
	b.Load("/")
	b.Gate("in") // the other tab has it open
	lose(t, p, desk, "Kim Strandvik", "Rensa", "Ja, rensa den")
	desk.See("Rensas vid nästa kontakt")
	link.Heal()
	b.Eval(`dispatchEvent(new Event('online'))`)
	b.Gate("barred")
	b.See("Telefonen är rensad")
	second.See("Telefonen är rensad")
	Retry(t, "the receipt", func() error {
		desk.Load("/devices")
		desk.Unlock()
		desk.See("Kollegornas")
		if shown := desk.Text(); !strings.Contains(shown, "Rensad") {
			return fmt.Errorf("the list says %s", shown)
		}
		return nil
	})
	left := b.Eval(`(async () => {
  const files = [];
  for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name);
  return JSON.stringify([files, (await indexedDB.databases()).map(d => d.name), await caches.keys(), Object.keys(localStorage).filter(k => k !== 'seen' && k !== 'used'), document.cookie]);
})()`)
	if left != `[[],[],[],[],""]` {
		t.Errorf("left on the phone: %s", left)
	}
	b.Tap("Börja om")
	b.Gate("out")
	b.NotSee("Logga in igen") // nobody is known here
	b.Quit()
	_ = filepath.WalkDir(b.Profile, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if content, err := os.ReadFile(path); err == nil && strings.Contains(path, "File System") && strings.Contains(string(content), "argon") {
			t.Errorf("%s still holds a wrapped key", path)
		}
		return nil
	})
	b.Start()
	b.SignIn(p, "alva") // it is a phone like any other again
	b.See("Nästa besök")
}

// Two share a phone: wiping what one had there leaves the other's work alone.
func TestWipingLeavesTheOthersVault(t *testing.T) {
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "alva")
	b.Walk("/more")
	b.Tap("Logga ut")
	b.Gate("out")
	b.Fill("Kod", p.Invite("kim").Code)
	b.Tap("Logga in med koden")
	b.Enrol()
	b.Synced()
	visit := b.links("/visit/", 1)[0]
	b.Quit()
	b.Start()
	link.Cut()
	b.Go(visit)
	b.saveNote("Kims anteckning på en delad telefon.")
	desk := Open(t, p.URL, Desk)
	desk.SignIn(p, "jonna")
	lose(t, p, desk, "Alva", "Rensa", "Ja, rensa den")
	desk.See("Rensas vid nästa kontakt")
	link.Heal()
	b.Load("/")
	b.Unlock()
	b.Synced()
	b.See("Nästa besök")
	Retry(t, "Alva's vault is gone", func() error {
		desk.Walk("/more")
		desk.Walk("/devices")
		desk.See("Kollegornas")
		if shown := desk.Text(); !strings.Contains(shown, "Rensad") {
			b.Load("/") // the next contact
			b.Gate("locked")
			return fmt.Errorf("the list says %s", shown)
		}
		return nil
	})
	b.Go("/")
	b.See("Nästa besök")
	if n := notesOf(t, SignIn(t, p, "jonna"))["Kims anteckning på en delad telefon."]; n != 1 {
		t.Errorf("the server has the note %d times", n)
	}
}

// Where nothing can be handed in, a phone that is to be wiped waits with it and says
// what for. Whoever sees to it is told what is lost, and chooses that once more.
func TestAWipeWaitsUntilWhatItLosesIsGivenUp(t *testing.T) {
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	b.signs()
	desk := Open(t, p.URL, Desk)
	desk.SignIn(p, "jonna")
	visit := b.links("/visit/", 1)[0]
	b.Walk(visit)
	link.Cut()
	b.saveNote("Skriven innan det fanns någon nyckel.")
	b.Load("/")
	b.Gate("locked")
	lose(t, p, desk, "Kim Strandvik", "Rensa", "Ja, rensa den")
	link.Heal()
	b.Eval(`dispatchEvent(new Event('online'))`)
	b.Gate("barred")
	b.See("Telefonen är spärrad", "En sak finns bara på den här telefonen")
	told := SignIn(t, p, "jonna")
	Retry(t, "the phone says what it waits for", func() error {
		var all struct {
			People []struct {
				ID      string
				Devices []struct{ Unsent int }
			}
		}
		told.request(t, http.MethodGet, "/api/devices", "", nil, &all)
		for _, owner := range all.People {
			for _, d := range owner.Devices {
				if owner.ID == "kim" && d.Unsent == 1 {
					return nil
				}
			}
		}
		return fmt.Errorf("%+v", all)
	})
	desk.Load("/devices")
	desk.Unlock()
	desk.Fill("Sök på namn", "Kim")
	desk.Tap("Kim Strandvik")
	desk.See("en sak på den kan ännu inte lämnas in")
	desk.Tap("Rensa ändå")
	desk.See("går förlorad, ingen kan få tillbaka den")
	desk.Tap("Ja, rensa och förlora det")
	desk.See("Rensas vid nästa kontakt, med det som inte kan lämnas in")
	b.Eval(`dispatchEvent(new Event('online'))`)
	b.See("Telefonen är rensad")
}
