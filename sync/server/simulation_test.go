package server_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strconv"
	"sync"
	"testing"
	"time"

	"bokvar/sync/device"
	"bokvar/sync/server"
	"bokvar/sync/server/servertest"
)

// TestS12_Simulation lets 3 to 12 devices of six people work over a network that
// loses, repeats and reorders messages and falls into parts; devices and the
// server restart anywhere, clocks are off by up to a year and jump, the disk runs
// full, old backups are put back, people go on leave, scopes move and consent is
// withdrawn. The invariants of S12 are looked at after every operation; after
// quiet every queue is empty and every device equals the server.
//
// BOKVAR_SEEDS sets how many seeds are run, BOKVAR_SEED which one alone.
func TestS12_Simulation(t *testing.T) {
	first, seeds := 1, 1000
	if raceEnabled {
		seeds = 100 // the whole is run without as well
	}
	if n, err := strconv.Atoi(os.Getenv("BOKVAR_SEEDS")); err == nil {
		seeds = n
	}
	if n, err := strconv.Atoi(os.Getenv("BOKVAR_SEED")); err == nil {
		first, seeds = n, 1
	}
	var total tally
	for seed := first; seed < first+seeds; seed++ {
		total.add(simulate(t, uint64(seed), 200))
		if t.Failed() {
			t.Fatalf("run again with BOKVAR_SEED=%d", seed)
		}
	}
	t.Logf("%d seeds: %+v", seeds, total)
	if seeds >= 1000 {
		total.mustShowSomething(t)
	}
}

func simulate(t *testing.T, seed uint64, operations int) tally {
	w := newWorld(t, seed)
	defer w.stop()
	for range operations {
		p := w.operate()
		w.invariants(p)
		if t.Failed() {
			break
		}
	}
	w.quiet()
	w.examine()
	return w.tally
}

// tally counts what happened, so that a simulation in which nothing happens fails.
type tally struct {
	Devices, Saved, Held, Refused, Conflicts, Pages, Records, Restores, Restarts, Lost, Merged, Withdrawn, Shut, Again, Synced int
}

func (t *tally) add(o tally) {
	a, b := reflect.ValueOf(t).Elem(), reflect.ValueOf(o)
	for i := range a.NumField() {
		a.Field(i).SetInt(a.Field(i).Int() + b.Field(i).Int())
	}
}

func (t tally) mustShowSomething(tt *testing.T) {
	v := reflect.ValueOf(t)
	for i := range v.NumField() {
		if v.Field(i).Int() == 0 {
			tt.Errorf("no %s in the whole simulation: it shows little", v.Type().Field(i).Name)
		}
	}
}

// world is everything that a simulation holds.
type world struct {
	t        *testing.T
	seed     uint64
	rand     *rand.Rand
	now      int64 // ms, true time
	store    *servertest.Memory
	backup   *servertest.Memory
	engine   *server.Engine
	policy   *simPolicy
	told     chan []server.Delivery
	peers    []*peer
	full     bool // the server's disk
	restores bool // backups are put back in this seed
	era      int  // counts generations
	ids      int
	tally    tally
	jumped   bool            // some clock has jumped: what devices keep may be less than its time
	applied  map[string]bool // era, record, field and commit or version

	mu      sync.Mutex
	changed []seenChange
	looked  int // of changed, by the invariants
}

// peer is a device with its person and its line to the server.
type peer struct {
	author    server.Author
	device    *device.Device
	copy      []byte // of the device, as its database has it; the journal is newer
	skew      int64  // of its clock, ms
	online    bool
	cutOff    bool             // in a part of the network without the server
	position  int64            // what the server believes the device has
	up, down  []any            // on the line
	confirmed int64            // cursor of its last word
	knows     map[string]int64 // rooms that it was told are shut, at these epochs

	acknowledged map[string]acknowledged // commit
}

const year = int64(365 * 24 * time.Hour / time.Millisecond)

func newWorld(t *testing.T, seed uint64) *world {
	r := rand.New(rand.NewPCG(seed, 7))
	w := &world{t: t, seed: seed, rand: r, now: 1_700_000_000_000, restores: r.IntN(3) == 0, applied: map[string]bool{},
		policy: &simPolicy{testPolicy: &testPolicy{}, away: map[string]bool{}, untidy: map[string]bool{}}}
	w.use(servertest.NewMemory("g0"))
	persons := []string{"boss", "kim", partner, "alva", "kim", partner, "maj", "rolf"}
	for i := range 3 + r.IntN(10) {
		person := persons[i%len(persons)]
		if i >= len(persons) {
			person = persons[r.IntN(len(persons))]
		}
		a := server.Author{Person: person, Org: "org", Device: fmt.Sprint("device-", i)}
		w.peers = append(w.peers, &peer{author: a, device: device.New(a.Device, a.Org), skew: w.skew(), acknowledged: map[string]acknowledged{}})
	}
	w.tally.Devices = len(w.peers)
	return w
}

// skew is how far a clock is off: mostly little, now and then up to a year.
func (w *world) skew() int64 {
	if w.rand.IntN(3) == 0 {
		return w.rand.Int64N(2*year) - year
	}
	return w.rand.Int64N(600_000) - 300_000
}

// use starts a server on a store; lines to the old one are cut.
func (w *world) use(store *servertest.Memory) {
	w.stop()
	w.store = store
	store.Before = func(operation string) error {
		if w.full && operation == "sync" {
			return fmt.Errorf("%w: on purpose", server.ErrDiskFull)
		}
		return nil
	}
	era, told := w.era, make(chan []server.Delivery, 1000)
	w.told = told
	w.engine = server.New(server.Options{
		Store: store, Policy: w.policy, Rules: loadTestRules(w.t),
		Clock:   func() time.Time { return time.UnixMilli(w.now) },
		Deliver: func(ds []server.Delivery) { told <- ds },
		Shut:    w.shut,
		After: func(changed []server.Changed) {
			w.mu.Lock()
			for _, c := range changed {
				w.changed = append(w.changed, seenChange{c, era})
			}
			w.mu.Unlock()
		},
	})
	for _, p := range w.peers {
		p.cut()
	}
}

func (w *world) stop() {
	if w.engine != nil {
		w.engine.Close()
	}
}

func (p *peer) cut() { p.online, p.up, p.down, p.confirmed, p.knows = false, nil, nil, 0, nil }

func (w *world) failf(format string, args ...any) {
	w.t.Helper()
	w.t.Errorf("seed %d: %s", w.seed, fmt.Sprintf(format, args...))
}

func (w *world) newID(kind string) string {
	w.ids++
	return fmt.Sprintf("%s-%d-%d", kind, w.seed, w.ids)
}

// operate does one random thing, and says to which device.
func (w *world) operate() *peer {
	w.now += w.rand.Int64N(5000)
	p := w.peers[w.rand.IntN(len(w.peers))]
	switch n := w.rand.IntN(226); {
	case n < 50:
		w.edit(p)
	case n < 60 || !p.online:
		w.connect(p)
	case n < 90:
		w.send(p)
	case n < 135:
		w.some(1, func() { w.serve(p, w.take(p, &p.up)) })
	case n < 180:
		w.some(2, func() { w.receive(p, w.take(p, &p.down)) })
	case n < 184:
		p.cut()
	case n < 188:
		w.restart(p)
	case n < 191:
		w.use(w.store)
	case n < 195:
		w.full = !w.full
	case n < 199:
		w.rescope()
	case n < 204:
		w.part()
	case n < 208:
		w.leave()
	case n < 211:
		p.skew, w.jumped = w.skew(), true
	case n < 214:
		w.now += w.rand.Int64N(20 * 24 * 3_600_000) // a long while
	case n < 220:
		w.withdraw(p)
	default:
		w.restore()
	}
	return p
}

// part cuts some devices off, or heals the network.
func (w *world) part() {
	heal := w.rand.IntN(2) == 0
	for _, p := range w.peers {
		p.cutOff = !heal && w.rand.IntN(2) == 0
	}
}

// some does something a few times.
func (w *world) some(least int, f func()) {
	for range least + w.rand.IntN(3) {
		f()
	}
}

// restore keeps a backup, or puts the one that is kept back.
func (w *world) restore() {
	switch {
	case !w.restores:
	case w.backup == nil:
		w.backup = w.store.Backup(fmt.Sprint("g", w.era+1))
	default:
		w.era++
		w.tally.Restores++
		store := w.backup
		w.backup = nil
		w.use(store)
		for _, p := range w.peers { // what moved scopes since is not in the backup
			w.policy.untidy[p.author.Person] = true
		}
	}
}

// restart starts a device anew, from what it keeps: its journal to the last
// line, and its records as of any earlier moment.
func (w *world) restart(p *peer) {
	w.tally.Restarts++
	raw, err := p.device.Snapshot()
	if err == nil && p.copy != nil && w.rand.IntN(2) == 0 {
		raw, err = withRecordsOf(raw, p.copy)
	}
	if err == nil {
		p.device, err = device.Restore(raw)
	}
	if err != nil {
		w.failf("restart: %v", err)
	}
	p.cut()
}

// withRecordsOf puts the records and the cursor of an older snapshot into a newer one.
func withRecordsOf(newer, older []byte) ([]byte, error) {
	var a, b map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(newer, &a), json.Unmarshal(older, &b)); err != nil {
		return nil, err
	}
	for _, name := range []string{"Records", "Cursor", "Epoch", "Generation"} {
		a[name] = b[name]
	}
	return json.Marshal(a)
}

// rescope tells everyone anew who carries what hangs on an item: what the
// product does when a scope changes otherwise than by the record itself.
func (w *world) rescope() {
	w.listen(func() {
		err := w.engine.Touch(func(_ server.Tx, touch func(person, org, record string) error) error {
			for _, s := range w.store.Records() {
				for _, person := range []string{"boss", "kim", "alva", "maj", "rolf", partner} {
					if err := touch(person, s.Org, s.ID); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err == nil {
			clear(w.policy.untidy)
		} else if !errors.Is(err, server.ErrDiskFull) {
			w.failf("touch: %v", err)
		}
	})
}
