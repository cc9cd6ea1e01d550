package apptest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/bench"
	"bokvar/internal/demo"
	"bokvar/sync/wire"
)

const (
	databaseFile = "bokvar.db"
	logFile      = "bokvar.db-wal"
	keysFile     = "roots.keys"
)

// The server's disk fails while somebody writes a note at a door: the phone says
// that it is not saved, the server says that it is not ready and why, and when the
// disk works again the note is saved, and is really on the disk.
func TestServerDiskFails(t *testing.T) {
	t.Parallel()
	d := newFailingDisk(t)
	p := d.Start()
	b := Open(t, p.URL, SmallPhone)
	b.SignIn(p, "kim")
	visit := b.links("/visit/", 1)[0]
	b.Walk(visit)
	b.Synced()

	d.Fail(breakage{diskFlush, logFile})
	const note = "Skrivet medan serverns disk gjorde fel."
	b.Fill("Anteckning", note)
	b.Tap("Spara anteckning")
	b.See("Skickat")
	b.NotSee("Sparat hos servern")
	b.Walk("/tray")
	b.See("Servern kan inte ta emot just nu. Vi försöker igen. Texten är kvar på telefonen.", "1 på telefonen")
	unready(t, p)
	logSays(t, p, "the disk fails, and nothing is called saved that is not on it")

	Retry(t, "it is tried again", func() error {
		if n := d.Failed(); n < 2 {
			return fmt.Errorf("%d flushes failed", n)
		}
		return nil
	})
	d.Works()
	b.Synced()
	b.See("Sparat hos servern", note)
	logSays(t, p, "the disk works again")
	d.PowerCut(p)
	p.Again()
	once(t, p, []string{note})
	verified(t, p)
}

// Each file of the server fails in each way, while phones and the desk write:
// nothing is answered as saved that a power cut takes away, what was not saved
// goes again, and everything is there once at the end.
func TestServerDiskFailsAnywhere(t *testing.T) {
	t.Parallel()
	d := newFailingDisk(t)
	p := d.Start()
	notes, files := newDiskWriter(t, p), newFileOpener(t, p)
	for _, broken := range []breakage{
		{diskFlush, logFile}, {diskWrite, logFile},
		{diskFlush, keysFile}, {diskWrite, keysFile},
		{diskFlush, ""}, {diskWrite, ""},
	} {
		name := broken.operation + " of " + broken.file
		w := notes
		if broken.file == keysFile { // notes of a known case need no new key
			w = files
		}
		w.writes(name+" before", 3)
		w.drains(name + " before")
		d.Fail(broken)
		w.writes(name, 3)
		saved := len(w.saved)
		w.tries()
		if len(w.saved) != saved {
			t.Fatalf("%s: %d notes were answered as saved while nothing could be", name, len(w.saved)-saved)
		}
		unready(t, p)
		if broken.file != keysFile { // the key of this month's lists is there
			status, answer := notes.desk.Upload(t, "/api/imports?partial=0", "late-payers.csv", list(t, p))
			if status != http.StatusServiceUnavailable || !strings.Contains(answer, "Inget har sparats") {
				t.Errorf("%s: a list is answered with %d %s", name, status, answer)
			}
		}
		if d.Works() == 0 {
			t.Fatalf("%s never happened", name)
		}
		w.drains(name)
		d.PowerCut(p)
		p.Again()
		notes.there(name)
		files.there(name)
	}
	verified(t, p)
}

// A flush fails once, and the server is killed before it writes again: the page
// cache still shows what is not on the disk, and the next flush would not take it
// there. Whoever sends it again is not told that it is saved before it is.
func TestAFlushThatFailedIsNotTakenForDone(t *testing.T) {
	t.Parallel()
	d := newFailingDisk(t)
	p := d.Start()
	w := newDiskWriter(t, p)
	w.writes("first", 2)
	w.drains("first")

	d.FailOnce(breakage{diskFlush, logFile})
	w.writes("failed", 1)
	w.tries()
	if n := d.Works(); n != 1 || len(w.unsaved) != 1 {
		t.Fatalf("%d flushes failed, and %d notes are not saved; want one of each", n, len(w.unsaved))
	}
	p.Kill() // the machine goes on, and its page cache
	p.Again()
	w.drains("again")
	w.writes("after", 2)
	w.drains("after")
	d.PowerCut(p)
	p.Again()
	w.there("after the power cut")
	verified(t, p)
}

// The log cannot be folded into the database, which SQLite tells nobody: the server
// says so, goes on saving what it can vouch for, and folds when it can.
func TestALogThatCannotBeFoldedIsSaid(t *testing.T) {
	t.Parallel()
	d := newFailingDisk(t)
	p := d.Start()
	w := newDiskWriter(t, p)
	d.Fail(breakage{diskFlush, databaseFile}, breakage{diskWrite, databaseFile})
	w.writes("while it cannot be folded", 3)
	w.drains("while it cannot be folded")
	if err := RetryFor(2*time.Minute, func() error { return isUnready(p) }); err != nil { // it is folded once a minute
		t.Fatal(err)
	}
	logSays(t, p, "the disk fails, and nothing is called saved that is not on it")
	d.PowerCut(p)
	d.Works()
	p.Again()
	w.there("after the power cut")
	verified(t, p)
}

// Nothing can be read: nobody is told that what is there is not, and a start says
// what is wrong and leaves everything as it is.
func TestAServerDiskThatCannotBeRead(t *testing.T) {
	t.Parallel()
	d := newFailingDisk(t)
	p := d.Start()
	w := newDiskWriter(t, p)
	w.writes("before", 3)
	w.drains("before")
	if err := p.Stop(); err != nil { // the log is folded: what is read comes from the database
		t.Fatal(err)
	}

	d.Fail(breakage{diskRead, databaseFile})
	cannot := exec.Command(Binary(t), "serve", "-addr", "127.0.0.1:0", "-data", d.folder)
	d.stand(cannot)
	if out, err := cannot.CombinedOutput(); err == nil || !strings.Contains(string(out), "disk") {
		t.Errorf("a start on a disk that cannot be read: %v\n%s", err, out)
	}
	d.Works()
	p.Again()
	w.writes("with a cold cache", 1)
	d.Fail(breakage{diskRead, databaseFile}, breakage{diskRead, logFile})
	w.tries() // whatever is not in memory cannot be judged
	if _, records, err := w.people[0].Dial(); err == nil {
		for id, text := range w.saved {
			if records[id].Text("text") != text {
				t.Errorf("a hello that was answered lacks the note %q", text)
			}
		}
	}
	if d.Works() == 0 {
		t.Fatal("nothing was read from the disk: nothing was tried")
	}
	w.drains("readable again")
	w.there("readable again")
	verified(t, p)
}

// Power cuts, kills and single faults at random points of bursts: what was
// acknowledged is on the disk, once, whatever happened.
func TestPowerCutsWithAFailingDisk(t *testing.T) {
	t.Parallel()
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(uint64(seed), 9))
	d := newFailingDisk(t)
	p := d.Start()
	w, files := newDiskWriter(t, p), newFileOpener(t, p)
	kinds := []breakage{{diskFlush, logFile}, {diskWrite, logFile}, {diskFlush, databaseFile}, {diskWrite, databaseFile}, {diskFlush, keysFile}, {diskRead, databaseFile}}
	cuts, faults := 8*rounds(t), 0
	for round := range cuts {
		name := fmt.Sprintf("round %d", round)
		w.writes(name, 12)
		files.writes(name, 6)
		var bursts sync.WaitGroup
		bursts.Go(w.tries)
		bursts.Go(files.tries)
		time.Sleep(time.Duration(random.IntN(40_000)) * time.Microsecond) // any point of a burst
		if random.IntN(3) > 0 {
			d.FailOnce(kinds[random.IntN(len(kinds))])
		}
		time.Sleep(time.Duration(random.IntN(60_000)) * time.Microsecond)
		if random.IntN(2) == 0 {
			p.Kill()
		} else {
			d.PowerCut(p)
		}
		bursts.Wait()
		faults += d.Works()
		p.Again()
		if round%4 == 3 {
			w.there(name)
			files.there(name)
		}
	}
	w.drains("at the end")
	files.drains("at the end")
	d.PowerCut(p)
	p.Again()
	w.there("at the end")
	files.there("at the end")
	t.Logf("%d notes and %d files over %d cuts and kills, and %d faults", len(w.saved), len(files.saved), cuts, faults)
	verified(t, p)
}

// diskWriter writes notes as phones do: the same commit again until it has a
// receipt, and never after.
type diskWriter struct {
	*testing.T
	p               *Program
	people          []Person
	desk            Person
	household, kase string // "": each note opens a file of its own, with a new key
	unsaved         []unsaved
	saved           map[string]string // note → its text, by its receipt
}

type unsaved struct {
	id, note, text string
	commit         json.RawMessage
}

func newDiskWriter(t *testing.T, p *Program) *diskWriter {
	t.Helper()
	w := &diskWriter{T: t, p: p, people: []Person{SignIn(t, p, "maj"), SignIn(t, p, "peder")}, saved: map[string]string{}}
	w.desk = w.people[1]
	w.household, w.kase = anyCase(t, w.desk)
	return w
}

// newFileOpener writes notes each of which opens a file, as social services do.
func newFileOpener(t *testing.T, p *Program) *diskWriter {
	t.Helper()
	return &diskWriter{T: t, p: p, desk: SignIn(t, p, "samira"), saved: map[string]string{}}
}

// writes makes notes, which are sent by tries and drains.
func (w *diskWriter) writes(what string, n int) {
	w.Helper()
	for i := range n {
		u := unsaved{id: uuid.NewString(), note: uuid.NewString(), text: fmt.Sprintf("%s, %d %s", what, i, strings.Repeat("å", 200))}
		household, kase := w.household, w.kase
		var changes []wire.Change
		if household == "" {
			household, kase = uuid.NewString(), uuid.NewString()
			changes = append(changes,
				fresh("", "household", household, map[string]any{"street": "Björkgatan 7"}),
				fresh("", "case", kase, map[string]any{"household": household, "unit": demo.UnitEviction, "reason": "arrears", "status": "open"}))
		}
		changes = append(changes, fresh("", "note", u.note, map[string]any{"household": household, "case": kase, "text": u.text, "at": 1, "by": w.desk.ID}))
		raw, err := json.Marshal(wire.Commit{ID: u.id, At: time.Now().UnixMilli(), Changes: changes})
		if err != nil {
			w.Fatal(err)
		}
		u.commit = raw
		w.unsaved = append(w.unsaved, u)
	}
}

// tries sends each once, and keeps those that have no receipt.
func (w *diskWriter) tries() {
	w.unsaved = slices.DeleteFunc(w.unsaved, func(u unsaved) bool {
		receipts, err := w.desk.commits(u.commit)
		return err == nil && w.taken(u, receipts)
	})
}

func (w *diskWriter) taken(u unsaved, receipts map[string]wire.Receipt) bool {
	switch r := receipts[u.id]; r.Status {
	case wire.Saved:
		w.saved[u.note] = u.text
		return true
	case wire.Again:
	default:
		w.Errorf("a note is answered with %q %s", r.Status, r.Code)
	}
	return false
}

func (w *diskWriter) drains(when string) {
	w.Helper()
	Retry(w.T, when+": everything goes up", func() error {
		if w.tries(); len(w.unsaved) > 0 {
			return fmt.Errorf("%d notes are not saved", len(w.unsaved))
		}
		return nil
	})
}

// there says whether all that was acknowledged is there, once.
func (w *diskWriter) there(when string) {
	w.Helper()
	c, records, err := w.desk.Dial()
	if err != nil {
		w.Fatalf("%s: %v", when, err)
	}
	c.Close()
	for id, text := range w.saved {
		switch r, there := records[id]; {
		case !there:
			w.Errorf("%s: the note %.40q was acknowledged and is gone", when, text)
		case r.Text("text") != text || r.N["text"] != 1:
			w.Errorf("%s: the note %.40q is %.40q, applied %d times", when, text, r.Text("text"), r.N["text"])
		}
	}
}

// commits sends commits by POST /sync and reads their receipts, by commit.
func (p Person) commits(commits ...json.RawMessage) (map[string]wire.Receipt, error) {
	hello, err := json.Marshal(wire.Hello{Type: wire.TypeHello, Versions: []int{wire.Version}, Device: bench.Device(p.ID), Clock: time.Now().UnixMilli()})
	if err != nil {
		return nil, err
	}
	message, err := json.Marshal(wire.Commits{Type: wire.TypeCommits, Commits: commits})
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(wire.Batch{Messages: []json.RawMessage{hello, message}})
	if err != nil {
		return nil, err
	}
	resp, err := p.do(http.MethodPost, "/sync", "application/json", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var answers wire.Batch
	if err := json.NewDecoder(resp.Body).Decode(&answers); err != nil {
		return nil, err
	}
	receipts := map[string]wire.Receipt{}
	for _, raw := range answers.Messages {
		var r wire.Receipt
		if json.Unmarshal(raw, &r) == nil && r.Type == wire.TypeReceipt {
			receipts[r.Commit] = r
		}
	}
	if len(receipts) != len(commits) {
		return nil, fmt.Errorf("%s: %d receipts for %d commits in %.300s", resp.Status, len(receipts), len(commits), answers.Messages)
	}
	return receipts, nil
}

// unready waits until the server says that it is not ready.
func unready(t *testing.T, p *Program) {
	t.Helper()
	Retry(t, "the server says that it is not ready", func() error { return isUnready(p) })
}

func isUnready(p *Program) error {
	resp, err := http.Get(p.URL + "/readyz")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusServiceUnavailable {
		return fmt.Errorf("/readyz answers %s", resp.Status)
	}
	return nil
}

// logSays waits until the server's log has the words.
func logSays(t *testing.T, p *Program, words string) {
	t.Helper()
	Retry(t, "the log says "+words, func() error {
		if log := p.Log(); !strings.Contains(log, words) {
			return fmt.Errorf("it says %s", log[max(0, len(log)-1500):])
		}
		return nil
	})
}
