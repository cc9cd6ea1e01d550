package apptest

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

const serverKills = 30 // a round: one in CI, ten by `make soak`

// The server is killed (SIGKILL) in the middle of a burst of pushes, again
// and again on the same data: no acknowledged commit is missing afterwards, none was
// applied twice, and the database is whole.
func TestServerKilledInABurst(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	pushers := []string{"jonna", "peder", "maj"}
	people := map[string]Person{}
	for _, id := range pushers {
		people[id] = SignIn(t, p, id)
	}
	acked := map[string]string{} // note id → its text, by its receipt
	household, case_ := anyCase(t, people["jonna"])

	seed := time.Now().UnixNano()
	random := rand.New(rand.NewPCG(uint64(seed), 1))
	t.Logf("seed %d", seed)
	kills := serverKills * rounds(t)
	for range kills {
		var mu sync.Mutex
		var all sync.WaitGroup
		begun := make(chan bool, 2*len(pushers)) // the first receipt of each
		for _, id := range pushers {
			all.Go(func() { burst(people[id], household, case_, &mu, acked, begun) })
		}
		for range 2 { // on a slow disk, too, something is there that must not be lost
			<-begun
		}
		time.Sleep(time.Duration(random.IntN(100_000)) * time.Microsecond) // any point of a burst
		p.Kill()
		all.Wait()
		p.Again()
	}
	if len(acked) < 2*kills {
		t.Fatalf("only %d commits were acknowledged in %d bursts: nothing was tried", len(acked), kills)
	}
	t.Logf("%d commits acknowledged over %d kills", len(acked), kills)

	_, records, err := people["jonna"].Dial()
	if err != nil {
		t.Fatal(err)
	}
	for id, text := range acked {
		r, there := records[id]
		switch {
		case !there:
			t.Errorf("note %s was acknowledged and is gone", id)
		case r.Text("text") != text:
			t.Errorf("note %s says %q, not %q", id, r.Text("text"), text)
		case r.N["text"] != 1:
			t.Errorf("note %s was applied %d times", id, r.N["text"])
		}
	}
	if err := p.Stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	out, err := exec.Command(Binary(t), "verify", "-data", p.Data).CombinedOutput()
	if err != nil {
		t.Errorf("bokvar verify: %v\n%s", err, out)
	}
}

// burst pushes notes, one after the other, until the server is gone.
func burst(who Person, household, case_ string, mu *sync.Mutex, acked map[string]string, begun chan<- bool) {
	defer func() { begun <- true }()
	c, _, err := who.Dial()
	if err != nil {
		return // killed before it could answer
	}
	defer c.Close()
	for i := 0; ; i++ {
		id, text := uuid.NewString(), fmt.Sprintf("%s %d %s", who.ID, i, strings.Repeat("å", 200))
		_, err := c.Push("note", id, map[string]any{"household": household, "case": case_, "text": text, "at": time.Now().UnixMilli(), "by": who.ID})
		if err != nil {
			return
		}
		mu.Lock()
		acked[id] = text
		mu.Unlock()
		if i == 0 {
			begun <- true
		}
	}
}

// anyCase is an open case that the person carries.
func anyCase(t *testing.T, who Person) (household, case_ string) {
	t.Helper()
	c, records, err := who.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, r := range records {
		if r.Kind == "case" && r.Text("status") == "open" {
			return r.Text("household"), r.ID
		}
	}
	t.Fatal("the town has no open case")
	return "", ""
}
