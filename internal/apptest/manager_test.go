package apptest

import (
	"fmt"
	"testing"
)

// A manager reads the cases of their units while they are online, in every tab,
// and nothing of them is left behind.
func TestAManagerReadsOnlineAndKeepsNothing(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	b := Open(t, p.URL, Desk)
	b.SignIn(p, "rolf")
	b.Go("/cases")
	b.See("Nadia Hassan", "Björkgatan 7")

	b.Eval(`window.second = window.open('/cases'), 'opened'`)
	Retry(t, "a second tab shows the cases", func() error {
		shown, err := b.eval(`second.document.body.innerText.includes('Nadia Hassan')`)
		if err == nil && shown != "true" {
			err = fmt.Errorf("it does not")
		}
		return err
	})
	kept := b.Eval(`(async () => {
		let n = 0;
		for (const { name } of await indexedDB.databases()) {
			if (name === 'bokvar-signing') continue; // the phone's own key, and nothing of a case
			const db = await new Promise((done, failed) => { const r = indexedDB.open(name); r.onsuccess = () => done(r.result); r.onerror = failed; });
			for (const store of db.objectStoreNames) n += await new Promise((done) => { db.transaction(store).objectStore(store).count().onsuccess = (e) => done(e.target.result); });
			db.close();
		}
		return String(n);
	})()`)
	if kept != "0" {
		t.Errorf("%s rows are kept in IndexedDB", kept)
	}

	b.Eval(`second.close(), 'closed'`) // it would lend what it has
	p.Kill()
	b.Go("/cases")
	b.See("Ärenden")
	b.NotSee("Nadia Hassan")
	p.Again()
	b.See("Nadia Hassan")
}
