package apptest

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/mattn/go-sqlite3"

	"bokvar/internal/bench"
	"bokvar/internal/demo"
)

// Community Health Toolkit #5701 and #11306, Aam Digital #3711: a changed assignment
// stranded notes that were not sent yet. A visit is given to a colleague while the phone
// that has a note, an answer and a picture of it is out of reach: all of it goes up, the
// visit goes, the server has the phone's word that it is gone, and the screen says so.
func TestCHT5701_CHT11306_Aam3711_AVisitIsGivenAwayWhileItsNoteWaits(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	server := SignIn(t, p, "peder")
	visit := server.visitOfKimAlone(t)
	link := NewLink(t, p)
	kim := Open(t, link.URL, SmallPhone)
	kim.SignIn(p, "kim")
	link.Cut()
	kim.Walk("/visit/" + visit.ID)
	const note = "Skrivet innan Alva fick besöket."
	kim.saveNote(note)
	kim.Upload(CameraPicture(t, "", 640, 480))
	kim.See("Din bild")
	kim.Tap("Spara bilden")
	kim.See("Du tog bilden")
	kim.Tap("Vi träffades")
	kim.See("Du svarade", "På telefonen")

	server.pushes(t, "contact", visit.ID, map[string]any{"people": []string{"alva"}})
	link.Heal()
	kim.Eval(`dispatchEvent(new Event('online'))`)
	kim.Synced()
	kim.See("inte ditt längre")
	p.removed(t, "kim", visit.ID, visit.Text("household"))

	onServer(t, server, note, "kim")
	onServer(t, SignIn(t, p, "alva"), note, "kim")
	Retry(t, "the answer and the picture are in the file", func() error {
		all := carried(t, server)
		if outcome := string(all[visit.ID].F["outcome"]); !strings.Contains(outcome, `"met"`) {
			return fmt.Errorf("the outcome is %s", outcome)
		}
		for id, r := range all {
			if r.Kind == "photo" && r.Text("contact") == visit.ID {
				if status := server.status(t, "/api/photos/"+id); status != http.StatusOK {
					return fmt.Errorf("the picture: %d", status)
				}
				return nil
			}
		}
		return fmt.Errorf("no picture")
	})
	kim.Walk("/tray")
	kim.See("Sparat hos servern", note)
	kim.NotSee("att titta på", "Bara på telefonen")
	kim.Walk("/")
	kim.NotSee("Sparat hos servern") // the tray has links to visits, too
	kim.links("/visit/", 1)
	if left := kim.Eval(`document.querySelectorAll('a[href="/visit/` + visit.ID + `"]').length`); left != "0" {
		t.Error("the day still has the visit")
	}
}

// Half a note is typed when the visit goes to a colleague, before the eyes of whoever
// types: it is there still, also after the app was started anew, and is handed in with one
// tap. It lies in the lost-and-found then.
func TestCHT11306_HalfANoteIsThereWhenTheVisitHasGone(t *testing.T) {
	t.Parallel()
	const half = "Hon sa att pengarna kommer på fredag, och att"
	p := Start(t, "")
	server := SignIn(t, p, "peder")
	visit := server.visitOfKimAlone(t)
	kim := Open(t, p.URL, SmallPhone)
	kim.SignIn(p, "kim")
	kim.Walk("/visit/" + visit.ID)
	kim.Fill("Anteckning", half)
	kim.See("På telefonen")
	server.pushes(t, "contact", visit.ID, map[string]any{"people": []string{"alva"}})
	kim.See("inte ditt längre", "Du hade börjat skriva", half)
	kim.NotSee("Vi träffades")
	kim.Go("/tray")
	kim.See("Du hade börjat skriva", half, "Det är inte sparat än")
	kim.Tap("Lämna in det")
	kim.See("någon på din arbetsplats tar hand om det")
	kim.Synced()
	kim.NotSee("Du hade börjat skriva")
	server.hasFound(t, half, "open", "", "")
	kim.Go("/tray") // once is enough
	kim.See("Sparat, men väntar på någon annan (1)", half)
	kim.NotSee("Du hade börjat skriva")
}

// visitOfKimAlone is a visit that Kim is to make without a colleague, to a household
// that she has nothing else to do with.
func (p Person) visitOfKimAlone(t *testing.T) Record {
	t.Helper()
	all := carried(t, p)
	named := map[string]int{} // how often Kim is named, by household
	for _, r := range all {
		if slices.Contains(r.people(), "kim") {
			named[r.Text("household")]++
		}
	}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		r := all[id]
		household := all[r.Text("household")]
		if r.Kind == "contact" && r.Text("form") == "visit" && len(r.people()) == 1 && named[r.Text("household")] == 1 && r.people()[0] == "kim" &&
			r.F["outcome"] == nil && r.F["cancelled"] == nil && string(household.F["protected"]) != "true" {
			return r
		}
	}
	t.Fatal("Kim has no visit of her own")
	return Record{}
}

func (r Record) people() (people []string) {
	_ = json.Unmarshal(r.F["people"], &people)
	return people
}

// pushes writes one change, from a device of its own.
func (p Person) pushes(t *testing.T, kind, record string, fields map[string]any) {
	t.Helper()
	c, _, err := p.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Push(kind, record, fields); err != nil {
		t.Fatalf("%s writes a %s: %v", p.ID, kind, err)
	}
}

// removed waits until the server has the word of the person's phone that the records are
// gone from it (SPEC S18).
func (p *Program) removed(t *testing.T, person string, records ...string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(p.Data, "bokvar.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, record := range records {
		Retry(t, "the server has the word of "+person+"'s phone that "+record+" is gone", func() error {
			var n int
			err := db.QueryRow(`SELECT count(*) FROM removal WHERE person = ? AND record = ? AND device <> ?`, person, record, bench.Device(person)).Scan(&n)
			if err == nil && n != 1 {
				err = fmt.Errorf("it has %d", n)
			}
			return err
		})
	}
}

// A unit that hands a case over, and somebody who goes on leave: their phone is out of
// reach and has notes of both cases. The notes go up and are with those who have the
// cases now; the cases leave the phone, and the server has the phone's word of it.
func TestCHT5701_AUnitChangeAndALeaveOfAbsenceWhileNotesWait(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	tove := SignIn(t, p, "tove")
	moved, kept := tove.opens(t, "Tallvägen 7"), tove.opens(t, "Granvägen 9")
	link := NewLink(t, p)
	samira := Open(t, link.URL, SmallPhone)
	samira.SignIn(p, "samira")
	link.Cut()
	notes := map[string]string{moved.ID: "Skrivet innan vuxenenheten tog över.", kept.ID: "Skrivet innan ledigheten började."}
	for id, note := range notes {
		samira.Walk("/case/" + id)
		samira.Fill("Anteckning", note)
		samira.Tap("Spara anteckning")
		samira.See(note, "På telefonen")
	}

	tove.pushes(t, "case", moved.ID, map[string]any{"unit": demo.UnitAdults})
	command(t, "user", "change", "-data", p.Data, "-units", "", "samira")
	link.Heal()
	samira.Eval(`dispatchEvent(new Event('online'))`)
	samira.Synced()
	samira.See("inte ditt längre")
	p.removed(t, "samira", moved.ID, moved.Text("household"), kept.ID, kept.Text("household"))
	onServer(t, SignIn(t, p, "nils"), notes[moved.ID], "samira")
	onServer(t, tove, notes[kept.ID], "samira")
	if n := notesOf(t, tove)[notes[moved.ID]]; n != 0 {
		t.Error("the unit that gave the case away still sees what is written in it")
	}
	samira.Walk("/cases")
	samira.See("Inga ärenden än")
	samira.Walk("/tray")
	samira.See("Sparat hos servern", notes[moved.ID], notes[kept.ID])
	samira.NotSee("att titta på", "Bara på telefonen")

	command(t, "user", "change", "-data", p.Data, "-units", demo.UnitEviction, "samira") // back again
	samira.Walk("/case/" + kept.ID)
	samira.See(notes[kept.ID])
}

// opens begins a case of a household in the unit for eviction prevention.
func (p Person) opens(t *testing.T, street string) Record {
	t.Helper()
	household, id := uuid.NewString(), uuid.NewString()
	p.pushes(t, "household", household, map[string]any{"street": street, "floor": "1 tr"})
	p.pushes(t, "case", id, map[string]any{"household": household, "unit": demo.UnitEviction, "reason": "arrears", "status": "open"})
	return carried(t, p)[id]
}

// What came too late to be taken in lies with those who have the case now: one of them
// takes it over, adds it to the case as it was written, or leaves it out with a reason.
func TestTheLostAndFoundIsTakenOverAttachedOrDismissed(t *testing.T) {
	t.Parallel()
	const taken, added, left = "Grannen sa att hon är hemma efter fem.", "Mötte henne i trapphuset.", "Skrivet i fel ärende."
	p := Start(t, "")
	peder := SignIn(t, p, "peder")
	visit := peder.visitOfKimAlone(t)
	kim := SignIn(t, p, "kim")
	if carried(t, kim)[visit.ID].Kind == "" {
		t.Fatal("Kim does not have the visit")
	}
	peder.pushes(t, "contact", visit.ID, map[string]any{"people": []string{"alva"}})
	told, _, err := kim.Dial() // her phone knows that it is not hers any more
	if err != nil {
		t.Fatal(err)
	}
	defer told.Close()
	for _, text := range []string{taken, added, left} {
		fields := map[string]any{"household": visit.Text("household"), "case": visit.Text("case"), "contact": visit.ID, "text": text, "at": time.Now().UnixMilli(), "by": "kim"}
		if _, err := told.Push("note", uuid.NewString(), fields); err == nil || !strings.HasPrefix(err.Error(), "held scope_ended") {
			t.Fatalf("work that comes too late: %v", err)
		}
	}
	if n := notesOf(t, peder); n[taken]+n[added]+n[left] != 0 {
		t.Fatal("it is in the case before anybody has looked at it")
	}

	jonna := Open(t, p.URL, SmallPhone)
	jonna.SignIn(p, "jonna")
	jonna.Walk("/inbox")
	jonna.Tap("Kom in för sent")
	jonna.See("Ingen har lagt till det än", taken, added, left, "Kim Strandvik")

	jonna.tapsIn(taken, "Jag tar hand om det")
	jonna.See("Du tar hand om det")
	peder.hasFound(t, taken, "taken", "jonna", "")
	jonna.tapsIn(taken, "Lägg till i ärendet")
	jonna.NotSee(taken)
	peder.hasFound(t, taken, "attached", "jonna", "")
	jonna.tapsIn(added, "Lägg till i ärendet")
	jonna.NotSee(added)
	peder.hasFound(t, added, "attached", "jonna", "")
	onServer(t, peder, taken, "kim")
	onServer(t, peder, added, "kim")

	jonna.tapsIn(left, "Lägg inte till")
	jonna.Fill("Varför ska det inte läggas till?", "Det gäller grannen.")
	jonna.See("På telefonen") // half a reason is a draft
	jonna.Tap("Spara skälet")
	jonna.NotSee(left)
	peder.hasFound(t, left, "dismissed", "jonna", "Det gäller grannen.")
	if n := notesOf(t, peder)[left]; n != 0 {
		t.Error("what was left out is in the case")
	}
	jonna.Synced()
	if trouble := jonna.Text(); strings.Contains(trouble, "att titta på") {
		t.Errorf("something of it was turned down: %.300s", trouble)
	}
	onServer(t, SignIn(t, p, "alva"), added, "kim") // who has the visit now
	if n := notesOf(t, SignIn(t, p, "maj")); n[left] != 0 {
		t.Error("what was left out is shown to a colleague")
	}
}

// tapsIn presses the button in the article that says the words.
func (b *Browser) tapsIn(words, button string) {
	b.tb.Helper()
	Retry(b.tb, fmt.Sprintf("“%s” in what says “%s”", button, words), func() error {
		hit, err := b.eval(fmt.Sprintf(`(() => {
  const button = [...document.querySelectorAll('main article')].filter((a) => a.innerText.includes(%s)).flatMap((a) => [...a.querySelectorAll('button')]).find((e) => e.innerText.includes(%s));
  button?.click();
  return String(!!button);
})()`, quote(words), quote(button)))
		if err == nil && hit != "true" {
			err = fmt.Errorf("it is not there; the screen says: %.900s", b.Text())
		}
		return err
	})
}

// hasFound waits until what was written lies in the lost-and-found so.
func (p Person) hasFound(t *testing.T, words, state, by, reason string) {
	t.Helper()
	Retry(t, "“"+words+"” is "+state, func() error {
		for _, r := range carried(t, p) {
			if r.Kind != "found" || !strings.Contains(string(r.F["changes"]), words) {
				continue
			}
			var settled struct{ By string }
			_ = json.Unmarshal(r.F["settled"], &settled)
			if r.Text("state") == state && settled.By == by && r.Text("reason") == reason {
				return nil
			}
			return fmt.Errorf("it is %s by %q: %q", r.Text("state"), settled.By, r.Text("reason"))
		}
		return fmt.Errorf("it is not there")
	})
}
