package apptest

import (
	"fmt"
	"strings"
	"testing"
)

// In a plain Safari tab, where a phone may throw away what is written, the app says how
// to get to the home screen before anybody signs in, and turns down work without a network instead of
// losing it: what was typed stays in its field.
func TestAnIPhoneIsToldToInstall(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	kim := Open(t, link.URL, SmallPhone)
	kim.call("Emulation.setUserAgentOverride", map[string]any{"userAgent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1"})
	kim.Load("/in")
	kim.See("Lägg Bokvar på hemskärmen", "Tryck på Dela", "Logga sedan in i den nya appen")
	kim.SignIn(p, "kim")
	visit := kim.links("/visit/", 1)[0]
	kim.Walk("/more")
	kim.See("Lägg Bokvar på hemskärmen", "Lägg Bokvar på hemskärmen först, sedan kan du få notiser.")
	kim.Walk(visit)
	kim.Fill("Anteckning", "Skriven med nät.")
	kim.Tap("Spara anteckning")
	kim.See("Skriven med nät.", "nummer") // of its receipt

	link.Cut()
	Retry(t, "the phone notices", func() error {
		if phase := kim.Eval(`document.documentElement.dataset.syncPhase`); phase != "offline" {
			return fmt.Errorf("it is %s", phase)
		}
		return nil
	})
	const note = "Skriven utan nät i en vanlig flik."
	kim.Fill("Skriv mer", note)
	kim.Tap("Spara anteckning")
	kim.See("I Safari kan telefonen annars slänga det du skriver")
	kim.holds("note", note)
	if unsent := kim.Eval(`document.documentElement.dataset.unsent`); unsent != "0" {
		t.Errorf("%s things wait where they may be thrown away", unsent)
	}
	link.Heal()
	kim.Eval(`dispatchEvent(new Event('online'))`)
	kim.Synced()
	kim.Tap("Spara anteckning")
	kim.NotSee("I Safari kan telefonen")
	kim.holds("note", "")
	kim.Synced()
	onServer(t, SignIn(t, p, "peder"), note, "kim")
}

// Where the browser can install the app, More offers it until it is done. Whoever wants to
// remove it is told what would go with it, and is led to where that is sent or handed over.
func TestInstallingAndRemovingTheApp(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	kim := Open(t, link.URL, SmallPhone)
	kim.SignIn(p, "kim")
	kim.Walk("/more")
	kim.See("Vill du ta bort Bokvar från telefonen?", "Allt är skickat")
	kim.NotSee("Installera")
	kim.Eval(`(() => { const offer = new Event('beforeinstallprompt', { cancelable: true }); offer.prompt = async () => { globalThis.prompted = true; }; dispatchEvent(offer); globalThis.held = offer.defaultPrevented; })()`)
	if held := kim.Eval(`String(globalThis.held)`); held != "true" {
		t.Error("the browser asks by itself, in the middle of work")
	}
	kim.Tap("Installera")
	Retry(t, "the browser is asked", func() error {
		prompted, err := kim.eval(`String(globalThis.prompted)`)
		if err == nil && prompted != "true" {
			err = fmt.Errorf("nothing is asked")
		}
		return err
	})
	kim.Eval(`dispatchEvent(new Event('appinstalled'))`)
	kim.NotSee("Installera")

	link.Cut()
	kim.Walk(kim.visitFromDay())
	kim.saveNote("Osänd när någon vill ta bort appen.")
	kim.Walk("/more")
	kim.See("En sak finns bara på telefonen och försvinner om du tar bort Bokvar")
	if strings.Contains(kim.Text(), "Allt är skickat") {
		t.Error("it is said that everything is sent")
	}
	kim.Tap("Skicka eller lämna över först")
	kim.See("Bara på telefonen (1)", "Spara i en låst fil")
	link.Heal()
	kim.Eval(`dispatchEvent(new Event('online'))`)
	kim.Synced()
	kim.Walk("/more")
	kim.See("Allt är skickat")
}

// visitFromDay is the path of the first visit of the day.
func (b *Browser) visitFromDay() string {
	b.tb.Helper()
	b.Walk("/")
	return b.links("/visit/", 1)[0]
}
