package apptest

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
)

// A tenant withdraws while the coordinator's phone is in a cellar. There it shows what
// it has; at its next contact what social services shared is gone from the screen, says
// why, and stays gone through another cellar and a start from what the phone keeps. What
// one's own wrote stays. The server has the phone's word that it removed it.
func TestAWithdrawalReachesALandlordsPhoneThatWasAway(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	StageWall(t, p)
	p.Invite("samira")
	samira := SignIn(t, p, "samira")
	var shared Record // what StageWall has shared
	for _, r := range carried(t, samira) {
		if r.Kind == "message" && r.Text("about") == "in_contact" {
			shared = r
		}
	}
	var whom []string
	if err := json.Unmarshal(shared.F["concerns"], &whom); err != nil || len(whom) != 1 {
		t.Fatalf("%v: %v", err, whom)
	}
	const said, own = "Hon har en tid hos oss på torsdag.", "Vi väntar med uppsägningen."
	entry, at := uuid.NewString(), time.Now().UnixMilli()
	samira.pushes(t, "message", entry, map[string]any{"household": shared.Text("household"), "case": shared.Text("case"), "by": "samira", "shared_with": "sjobergahem",
		"concerns": whom, "about": "message", "text": said, "at": at, "signed": "Samira Holmén, socialsekreterare"})
	var room Record
	p.Invite("jonna")
	for _, r := range carried(t, SignIn(t, p, "jonna")) {
		if r.Kind == "room" {
			room = r
		}
	}
	link := NewLink(t, p)
	jonna := Open(t, link.URL, SmallPhone)
	p.Invite("jonna")
	jonna.SignIn(p, "jonna")
	page := "/case/" + room.Text("case") + "/shared"
	jonna.Go(page)
	jonna.See(said, "Vi är i kontakt", "med samtycke från")
	before := jonna.copied(t)
	SignIn(t, p, "peder").pushes(t, "message", uuid.NewString(), map[string]any{"household": room.Text("household"), "case": room.Text("case"), "by": "peder", "shared_with": "sjoberga-soc",
		"about": "message", "text": own, "at": at, "signed": "Peder Sandås, bostadssocial samordnare"})
	jonna.See(own)
	jonna.Synced()
	Retry(t, "what the screen shows is on the phone's disk", func() error { // a moment later
		if at := jonna.copied(t); at == before {
			return fmt.Errorf("the copy is at %s", at)
		}
		return nil
	})

	link.Cut()
	jonna.Go(page) // from what the phone keeps
	jonna.See(said, "Vi är i kontakt", own)
	samira.pushes(t, "withdrawal", uuid.NewString(), map[string]any{"unit": "soc-vrak", "case": shared.Text("case"), "how": "phone", "at": time.Now().UnixMilli()})
	jonna.Go(page)
	jonna.See(said) // nobody can have told it

	link.Heal()
	jonna.See("Inget samtycke gäller längre", "ni ser inte deras", "Det ni själva har skrivit är kvar", own)
	jonna.NotSee(said, "Vi är i kontakt", "med samtycke från")
	p.removed(t, "jonna", entry, shared.ID)
	jonna.Walk("/cases") // the same page: what it holds in memory
	jonna.Walk(page)
	jonna.See(own)
	jonna.NotSee(said, "Vi är i kontakt")
	link.Cut()
	jonna.Go(page) // a start from what the phone keeps now
	jonna.See("Inget samtycke gäller längre", own)
	jonna.NotSee(said, "Vi är i kontakt")
	jonna.Quit()
	for _, found := range searchFolder(t, jonna.Profile, []string{said}) {
		t.Error(found)
	}
}

// copied is how far the phone's readable copy has come.
func (b *Browser) copied(t *testing.T) (cursor string) {
	t.Helper()
	return b.Eval(`new Promise((done) => {
		const asked = indexedDB.open('bokvar');
		asked.onsuccess = () => {
			const meta = asked.result.transaction('meta').objectStore('meta').get(1);
			meta.onsuccess = () => { asked.result.close(); done(String(meta.result?.cursor)); };
		};
	})`)
}
