package apptest

import (
	"fmt"
	"strings"
	"testing"
)

// Aam Digital #4178: the browser threw away the store. The browser throws away what the app kept, as browsers do when a phone is full
// and nothing was promised: the app notices at the start, says what may be gone,
// tells the server, and fetches the rest again after a new sign-in.
func TestAam4178_StorageEmptiedByTheBrowser(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	visit := b.links("/visit/", 1)[0]
	b.Walk("/more")
	b.See("Telefonen har lovat att behålla det du skriver.") // what persist() was answered
	b.Walk(visit)
	b.saveNote("Den här är sparad hos servern.")
	b.Synced()
	link.Cut()
	b.saveNote("Den här är osänd när telefonen töms.")
	b.See("1 på telefonen")
	b.Quit()

	b.Start()
	b.call("Storage.clearDataForOrigin", map[string]any{"origin": b.Origin, "storageTypes": "file_systems,indexeddb,service_workers,cache_storage"})
	link.Heal()
	b.Go(visit)
	b.See("Telefonen har tömt det som var sparat här", "En sak var inte skickad och kan vara borta")
	b.Fill("Kod", p.Invite("kim").Code) // the key to what was here is gone with it: she begins anew
	b.Tap("Logga in med koden")
	b.Enrol()
	b.Synced()
	b.Walk(visit)
	b.See("Telefonen har tömt det som var sparat här", "Den här är sparad hos servern.")
	if log := p.Log(); !strings.Contains(log, "emptied") {
		t.Errorf("the server was not told: %.500s", log)
	}
	b.Tap("Jag har sett det")
	b.NotSee("Telefonen har tömt")
	b.Quit()
	b.Start()
	b.Go("/")
	b.Synced()
	b.NotSee("Telefonen har tömt")
}

// Little room is said before it is gone. (The browser's estimate does not follow
// the bound that the tests can set, so here the estimate itself is set.)
func TestStorageNearlyFull(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	b := (&Browser{Origin: p.URL, Screen: SmallPhone, Unkept: true}).open(t)
	b.SignIn(p, "kim")
	b.Walk("/more")
	b.See("Telefonen kan rensa sparade sidor när den blir full.")
	b.estimates(8 << 20)
	b.Go("/")
	b.See("Telefonen börjar bli full. Skicka det du har skrivit")
	b.Walk(b.links("/visit/", 1)[0])
	if !b.saveNote("Det finns plats än.") {
		t.Error("with a little room left a note could not be kept")
	}
	b.Synced()
	b.estimates(8 << 30)
	b.Go("/")
	b.Synced()
	b.NotSee("Telefonen börjar bli full")
}

// estimates lets the browser answer that so many bytes are free, from the next page on.
func (b *Browser) estimates(free int64) {
	b.tb.Helper()
	b.call("Page.addScriptToEvaluateOnNewDocument", map[string]any{
		"source": fmt.Sprintf(`StorageManager.prototype.estimate = async () => ({ quota: %d, usage: 1000 })`, free)})
}
