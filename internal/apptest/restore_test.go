package apptest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// The restore drill: the server's disk dies, and an earlier backup is restored
// beside the keys. Phones meet a new generation, fetch everything anew and bring
// back what the backup lacks: what was acknowledged since, and what was not.
func TestRestoreDrill(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	kim, alva := Open(t, link.URL, SmallPhone), Open(t, p.URL, SmallPhone)
	kim.SignIn(p, "kim")
	alva.SignIn(p, "alva")
	open := func(b *Browser) string {
		visit := b.links("/visit/", 1)[0]
		b.Walk(visit)
		return visit
	}
	open(kim)
	alvas := open(alva)
	write := func(b *Browser, note string) string {
		if !b.saveNote(note) {
			t.Fatalf("%q could not be kept", note)
		}
		return note
	}
	notes := []string{write(kim, "Kim, före säkerhetskopian.")}
	kim.Synced()
	backup := filepath.Join(t.TempDir(), "yesterday.db")
	command(t, "backup", "-data", p.Data, backup)

	notes = append(notes, write(kim, "Kim, sparad efter säkerhetskopian."), write(alva, "Alva, sparad efter säkerhetskopian."))
	kim.Synced()
	alva.Synced()
	alva.Tap("Vi träffades")
	alva.See("Du svarade")
	alva.Synced()
	link.Cut()
	notes = append(notes, write(kim, "Kim, skriven utan täckning."))

	p.Kill()
	for _, gone := range []string{"bokvar.db", "bokvar.db-wal", "bokvar.db-shm"} {
		if err := os.Remove(filepath.Join(p.Data, gone)); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	command(t, "restore", "-data", p.Data, backup)
	p.Again()
	link.Heal()
	for _, b := range []*Browser{kim, alva} {
		b.Eval(`dispatchEvent(new Event('online'))`)
		b.Synced()
	}
	server := SignIn(t, p, "jonna")
	Retry(t, "the phones bring back what the backup lacks", func() error {
		there := notesOf(t, server)
		for _, note := range notes {
			if there[note] != 1 {
				return fmt.Errorf("the server has %q %d times", note, there[note])
			}
		}
		return nil
	})
	for _, b := range []*Browser{kim, alva} {
		b.Synced()
		b.See("Sparat ")
	}
	kim.See(notes[0], notes[1], notes[3])
	alva.See("Du svarade")
	if r := carried(t, server)[filepath.Base(alvas)]; r.F["outcome"] == nil || string(r.F["outcome"]) == "null" {
		t.Error("an outcome that was acknowledged after the backup is missing")
	}
	verified(t, p)
	t.Logf("%d notes and an outcome are back", len(notes))
}

// command runs the program beside the one that serves.
func command(t *testing.T, args ...string) {
	t.Helper()
	began := time.Now()
	if out, err := exec.Command(Binary(t), args...).CombinedOutput(); err != nil {
		t.Fatalf("bokvar %s: %v\n%s", args[0], err, out)
	}
	t.Logf("bokvar %s took %s", args[0], time.Since(began).Round(time.Millisecond))
}
