package apptest

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/google/uuid"
)

// Two people answer the same visits differently while one of them is out of reach.
// One conflict is settled with the other's answer, one with both: each is settled on
// both screens and at the server. (The story settles one with one's own.)
func TestAConflictIsSettledWithTheirsAndWithBoth(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	visits := SignIn(t, p, "jonna").plansForTwo(t, 2)
	office := SignIn(t, p, "peder")
	kim, alva := Open(t, link.URL, SmallPhone), Open(t, p.URL, SmallPhone)
	kim.SignIn(p, "kim")
	alva.SignIn(p, "alva")
	for _, b := range []*Browser{kim, alva} {
		b.Synced()
	}
	link.Cut()
	for i, visit := range visits {
		alva.Walk("/visit/" + visit)
		alva.Tap("Vi träffades")
		alva.See("Du svarade")
		kim.Walk("/visit/" + visit)
		kim.Tap("Ingen hemma")
		kim.See(fmt.Sprintf("%d på telefonen", i+1))
	}
	alva.Synced()
	link.Heal()
	kim.Eval(`dispatchEvent(new Event('online'))`)
	kim.Synced()
	theirs, both := office.conflictOn(t, visits[0]), office.conflictOn(t, visits[1])

	kim.Walk("/conflict/" + theirs)
	kim.See("Du och Alva svarade olika", "Vilket svar stämmer?")
	alva.Walk("/conflict/" + theirs)
	alva.See("Du och Kim svarade olika", "Gäller nu", "Kim Strandvik skrev")
	alva.Tap("Ingen hemma") // Kim's; Alva's own came first and counts until now
	alva.See("Besöket får svaret Ingen hemma.")
	alva.Tap("Spara valet")
	alva.See("Du valde", "Sparat")
	kim.See("Alva Lindroos valde", "Ingen hemma") // the screen was open all the time
	office.settled(t, theirs, visits[0], "nobody_home")

	alva.Walk("/conflict/" + both)
	kim.Walk("/conflict/" + both)
	kim.Tap("Båda stämmer")
	kim.See("Båda svaren står kvar. Träffade hyresgästen fortsätter att gälla")
	kim.Tap("Spara valet")
	kim.See("Du valde", "Båda stämmer", "Sparat")
	alva.See("Kim Strandvik valde", "Båda stämmer")
	office.settled(t, both, visits[1], "met")

	for _, b := range []*Browser{kim, alva} {
		b.Walk("/visit/" + visits[0])
		b.until("read the answer that was chosen", nobodyHome.MatchString)
		b.Walk("/inbox")
		b.See("Inkorg")
		b.NotSee("Välj vilket svar som stämmer")
	}
}

var nobodyHome = regexp.MustCompile(`svarade \d\d:\d\d Ingen hemma`)

// plansForTwo plans visits today for Kim and Alva together, in as many cases.
func (p Person) plansForTwo(t *testing.T, n int) (visits []string) {
	t.Helper()
	c, held, err := p.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, r := range held {
		if r.Kind != "case" || r.Text("status") != "open" || len(visits) == n {
			continue
		}
		id := uuid.NewString()
		_, err := c.Push("contact", id, map[string]any{
			"household": r.Text("household"), "case": r.ID, "form": "visit", "purpose": "home_visit",
			"planned_at": time.Now().Add(time.Hour).UnixMilli(), "people": []string{"kim", "alva"},
		})
		if err != nil {
			t.Fatal(err)
		}
		visits = append(visits, id)
	}
	if len(visits) != n {
		t.Fatalf("%d visits are planned, not %d", len(visits), n)
	}
	return visits
}

// conflictOn waits for the conflict about the visit, and answers its id.
func (p Person) conflictOn(t *testing.T, visit string) (id string) {
	t.Helper()
	p.carries(t, func(held map[string]Record) error {
		for _, r := range held {
			if r.Kind == "conflict" && r.Text("record") == visit {
				id = r.ID
				return nil
			}
		}
		return errors.New("there is no conflict about " + visit)
	})
	return id
}

// settled waits until the conflict is, with this answer on the visit and both kept.
func (p Person) settled(t *testing.T, conflict, visit, answer string) {
	t.Helper()
	p.carries(t, func(held map[string]Record) error {
		var outcome struct{ Answer string }
		var versions []json.RawMessage
		_ = json.Unmarshal(held[visit].F["outcome"], &outcome)
		_ = json.Unmarshal(held[conflict].F["versions"], &versions)
		if state := held[conflict].Text("state"); state == "open" || outcome.Answer != answer || len(versions) != 2 {
			return fmt.Errorf("the conflict is %q with %d versions, and the answer %q", state, len(versions), outcome.Answer)
		}
		return nil
	})
}
