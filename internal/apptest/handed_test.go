package apptest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// In a basement without a network: a phone that is handed over has one consent and one key: the data key has left
// memory in all tabs, reloading, going back and another window find the lock, and
// what was filled in is there again after the worker's unlock.
func TestThePhoneIsHandedOverForOneConsent(t *testing.T) {
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	b.Synced()
	other := b.Tab()
	other.Load("/cases")
	other.Gate("in")
	visit := "/visit/" + sharedVisit(t, SignIn(t, p, "peder"))
	b.Go(visit)
	link.Cut()
	b.Go(visit + "/consent")
	b.Tap("Alva Lindroos") // who was to come along, and is not here
	b.Tap("Lämna över telefonen")
	b.Gate("handed")
	b.See("Telefonen är din nu")
	b.focusIsOnHeading() // of a page that is a new one to the tenant

	other.Gate("locked")
	for name, tab := range map[string]*Browser{"the page that is handed over": b, "the other window": other} {
		if keys := tab.dataKeys(); keys > 1 || tab == other && keys > 0 {
			t.Errorf("%s holds %d keys that open something", name, keys)
		}
	}
	if links := b.Eval(`document.querySelectorAll('a[href]').length`); links != "0" {
		t.Errorf("the tenant finds %s ways out", links)
	}
	b.Tap("Jag har läst")
	b.Tap("Vårdcentralen")
	b.Tap("Gå vidare")
	b.See("Skriv under", "Kim Strandvik, Sjöbergahem")
	b.focusIsOnHeading()
	b.NotSee("Alva Lindroos")
	draft := b.path()

	b.Load(draft) // the same as reloading
	b.Gate("locked")
	b.Unlock()
	b.See("Varför det här besöket") // the visit
	b.handsOver(visit)
	b.See("Vårdcentralen", "Plats och dag") // where the tenant was

	b.Eval(`setTimeout(() => history.back())`)
	b.Gate("locked")
	b.Unlock()
	b.handsOver(visit)

	if keys := b.dataKeys(); keys > 1 {
		t.Errorf("the page that is handed over again holds %d keys", keys)
	}
	third := b.Tab()
	third.Load("/")
	third.Gate("locked")
	third.Passphrase = b.Passphrase
	third.Unlock() // the worker, elsewhere: the tenant's page learns nothing of it
	third.Gate("in")
	b.Gate("handed")
	if keys := b.dataKeys(); keys > 1 {
		t.Errorf("the key of a window that was unlocked has come: %d keys", keys)
	}
	b.NotSee("Ärenden")

	b.Fill("Namn", "Testa Provsson")
	b.Fill("Personnummer", "19900602-2397")
	b.Draw(0)
	b.Tap("En person till skriver under") // who types, and has no Swedish number
	b.See("Person 2")
	b.Eval(`document.getElementById('name-1').focus()`)
	b.Eval(`document.getElementById('name-1').select()`)
	b.types("Olle Provsson")
	b.Eval(`document.querySelectorAll('.tick.is-cell input')[1].click()`)
	b.Eval(`document.querySelectorAll('input[name="how-1"]')[1].click()`)
	b.See("Vem såg att namnet skrevs?")
	b.Tap("Skriv under")
	b.See("Tack. Du har svarat ja", "Samtycket är på telefonen", "Olle Provsson")
	var codes []string
	_ = json.Unmarshal([]byte(b.Eval(`JSON.stringify([...document.querySelectorAll('p.code')].filter(e => e.getClientRects().length).map(e => e.innerText))`)), &codes)
	if len(codes) != 2 || codes[0] == codes[1] || b.Eval(`[...document.querySelectorAll('svg.qr path')].filter(e => e.getClientRects().length).length`) != "2" { // those for printing are not seen
		t.Fatalf("each signer has a code and a square of their own, not %v", codes)
	}
	b.Tap("Lämna tillbaka telefonen")
	b.Gate("locked")
	b.Unlock()
	b.See("Samtycke är inhämtat") // a second time it is not asked for
	link.Heal()
	b.Synced()
	b.See("Samtycke är inhämtat")
	p.hasConsents(t, "Testa Provsson", "Olle Provsson")

	tenant := Open(t, p.URL, SmallPhone)
	tenant.Load("/withdraw?lang=sv#" + strings.ReplaceAll(codes[1], "-", "")) // as a link that was sent on
	tenant.Tap("Gå vidare")
	tenant.See("Du sa ja den", "Ring numret på din kopia") // the second has no number
	tenant.NotSee("Provsson", "Vårdcentralen", "Ditt födelsedatum")
	first := Open(t, p.URL, SmallPhone)
	first.Load("/withdraw?lang=sv")
	first.Fill("Koden på din kopia", codes[0])
	first.Tap("Gå vidare")
	first.See("Du sa ja den", "Ta tillbaka mitt ja")
	first.NotSee("Provsson", "Vårdcentralen")
	first.Fill("Ditt födelsedatum", "19900603")
	first.Tap("Visa")
	first.See("Det är inte det födelsedatum", "Ta tillbaka mitt ja")
	first.NotSee("Provsson", "Vårdcentralen")
	first.Fill("Ditt födelsedatum", "1990-06-02")
	first.Tap("Visa")
	first.See("Det här sa du ja till", "Vårdcentralen", "Ta tillbaka mitt ja")
	first.NotSee("Provsson")
	tenant.Tap("Ta tillbaka mitt ja")
	tenant.See("Ditt ja är taget tillbaka")
}

// handsOver opens the visit's consent and gives the phone away.
func (b *Browser) handsOver(visit string) {
	b.tb.Helper()
	b.Go(visit + "/consent")
	b.Tap("Lämna över telefonen")
	b.Gate("handed")
}

// dataKeys counts the AES keys that the page's memory holds, after the rubbish went.
func (b *Browser) dataKeys() int {
	b.tb.Helper()
	said := b.ask("Runtime.evaluate", map[string]any{"expression": "CryptoKey.prototype"})
	of, _ := said["result"].(map[string]any)
	all := b.ask("Runtime.queryObjects", map[string]any{"prototypeObjectId": of["objectId"]})
	objects, _ := all["objects"].(map[string]any)
	count := b.ask("Runtime.callFunctionOn", map[string]any{
		"objectId": objects["objectId"], "returnByValue": true,
		"functionDeclaration": `function () { return this.filter((k) => k.algorithm.name === 'AES-GCM').length }`,
	})
	result, _ := count["result"].(map[string]any)
	n, ok := result["value"].(float64)
	if !ok {
		b.tb.Fatalf("the browser does not count keys: %v", count)
	}
	return int(n)
}

// hasConsents waits until the unit has a consent that each of the names has signed.
func (p *Program) hasConsents(t *testing.T, names ...string) {
	t.Helper()
	unit := SignIn(t, p, "samira")
	Retry(t, "the unit has the consent of "+strings.Join(names, " and "), func() error {
		samira, records, err := unit.Dial()
		if err != nil {
			return err
		}
		defer samira.Close()
		byGiving := map[string]string{}
		for _, r := range records {
			if r.Kind == "signature" {
				byGiving[r.Text("giving")] += "|" + r.Text("name")
			}
		}
	next:
		for _, signed := range byGiving {
			for _, name := range names {
				if !strings.Contains(signed, name) {
					continue next
				}
			}
			return nil
		}
		return fmt.Errorf("there are %v", byGiving)
	})
}
