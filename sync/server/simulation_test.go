package server_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"bokvar/sync/device"
	"bokvar/sync/server"
	"bokvar/sync/server/servertest"
	"bokvar/sync/wire"
)

// TestS12_Simulation lets random peers work over a network that loses, repeats and
// reorders messages, restarts devices and the server, fills the disk, and puts
// an old backup back. After quiet every device equals the server for its scope,
// and nothing acknowledged is lost (S12, D8).
//
// BOKVAR_SEEDS sets how many seeds are run, BOKVAR_SEED which one alone.
func TestS12_Simulation(t *testing.T) {
	first, seeds := 1, 200
	if n, err := strconv.Atoi(os.Getenv("BOKVAR_SEEDS")); err == nil {
		seeds = n
	}
	if n, err := strconv.Atoi(os.Getenv("BOKVAR_SEED")); err == nil {
		first, seeds = n, 1
	}
	for seed := first; seed < first+seeds; seed++ {
		simulate(t, uint64(seed), 100)
		if t.Failed() {
			t.Fatalf("run again with BOKVAR_SEED=%d", seed)
		}
	}
}

func simulate(t *testing.T, seed uint64, operations int) {
	w := newWorld(t, seed)
	defer w.stop()
	for range operations {
		w.operate()
	}
	w.quiet()
	w.examine()
}

// world is everything that a simulation holds.
type world struct {
	t      *testing.T
	seed   uint64
	rand   *rand.Rand
	now    int64 // ms, true time
	store  *servertest.Memory
	backup *servertest.Memory
	engine *server.Engine
	policy *testPolicy
	told   chan []server.Delivery
	peers  []*peer
	full   bool // the server's disk
	ids    int

	mu      sync.Mutex
	changed []server.Changed
}

// peer is a device with its person and its line to the server.
type peer struct {
	author   server.Author
	device   *device.Device
	skew     int64 // of its clock, ms
	online   bool
	position int64 // what the server believes the device has
	up, down []any // on the line
}

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{t: t, seed: seed, rand: rand.New(rand.NewPCG(seed, 7)), now: 1_700_000_000_000, policy: &testPolicy{}}
	w.use(servertest.NewMemory("g1"))
	for i, person := range []string{"boss", "kim", "kim", "alva", "maj", "rolf"} {
		a := server.Author{Person: person, Org: "org", Device: fmt.Sprint("device-", i)}
		w.peers = append(w.peers, &peer{author: a, device: device.New(a.Device, a.Org), skew: w.rand.Int64N(600_000) - 300_000})
	}
	return w
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
	told := make(chan []server.Delivery, 1000)
	w.told = told
	w.engine = server.New(server.Options{
		Store: store, Policy: w.policy, Rules: loadTestRules(w.t),
		Clock:   func() time.Time { return time.UnixMilli(w.now) },
		Deliver: func(ds []server.Delivery) { told <- ds },
		After: func(changed []server.Changed) {
			w.mu.Lock()
			w.changed = append(w.changed, changed...)
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

func (p *peer) cut() { p.online, p.up, p.down = false, nil, nil }

func (w *world) failf(format string, args ...any) {
	w.t.Helper()
	w.t.Errorf("seed %d: %s", w.seed, fmt.Sprintf(format, args...))
}

func (w *world) newID(kind string) string {
	w.ids++
	return fmt.Sprintf("%s-%d-%d", kind, w.seed, w.ids)
}

// operate does one random thing.
func (w *world) operate() {
	w.now += w.rand.Int64N(5000)
	p := w.peers[w.rand.IntN(len(w.peers))]
	switch n := w.rand.IntN(200); {
	case n < 50:
		w.edit(p)
	case n < 60 || !p.online:
		w.connect(p)
	case n < 90:
		w.send(p)
	case n < 135:
		w.some(1, func() { w.serve(p, w.take(&p.up)) })
	case n < 180:
		w.some(2, func() { w.receive(p, w.take(&p.down)) })
	case n < 184:
		p.cut()
	case n < 187:
		w.restart(p)
	case n < 189:
		w.use(w.store)
	case n < 193:
		w.full = !w.full
	case n < 196:
		w.rescope()
	default:
		w.restore()
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
	if w.backup == nil {
		w.backup = w.store.Backup("g2")
	} else if w.store != w.backup {
		w.use(w.backup)
	}
}

func (w *world) restart(p *peer) {
	raw, err := p.device.Snapshot()
	if err == nil {
		p.device, err = device.Restore(raw)
	}
	if err != nil {
		w.failf("restart: %v", err)
	}
	p.cut()
}

// rescope tells everyone anew who carries what hangs on an item: what the
// product does when a scope changes otherwise than by the record itself.
func (w *world) rescope() {
	w.listen(func() {
		err := w.engine.Touch(func(_ server.Tx, touch func(person, org, record string) error) error {
			for _, s := range w.store.Records() {
				if s.Kind == "item" { // who carries it stands in the item itself: the engine knows
					continue
				}
				for _, person := range []string{"boss", "kim", "alva", "maj", "rolf"} {
					if err := touch(person, s.Org, s.ID); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, server.ErrDiskFull) {
			w.failf("touch: %v", err)
		}
	})
}

// listen runs something that may write, and takes the deliveries that follow.
func (w *world) listen(f func()) {
	before := w.ends()
	f()
	for waiting := w.ends(); ; {
		behind := false
		for person, end := range waiting {
			behind = behind || before[person] < end
		}
		if !behind {
			return
		}
		for _, d := range <-w.told {
			before[d.Person] = d.To
			w.push(d)
		}
	}
}

func (w *world) ends() map[string]int64 {
	ends := map[string]int64{}
	err := w.store.Read(func(tx server.Tx) error {
		for _, p := range w.peers {
			last, _, err := tx.InboxEnd(p.author.Person, 0)
			if err != nil {
				return err
			}
			ends[p.author.Person] = last
		}
		return nil
	})
	if err != nil {
		w.failf("reading: %v", err)
	}
	return ends
}

// push does what the live side does: a device that is at From gets the records
// directly, another one a page when it asks.
func (w *world) push(d server.Delivery) {
	for _, p := range w.peers {
		if p.online && p.author.Person == d.Person && p.position == d.From && d.Records != nil {
			p.down = append(p.down, server.PageOf(d))
			p.position = d.To
		}
	}
}

func raw(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// connect opens a conversation; an earlier one is cut.
func (w *world) connect(p *peer) {
	p.cut()
	welcome, problem := w.engine.Hello(p.author, p.device.Hello(w.now+p.skew))
	if problem != nil {
		w.failf("hello: %v", problem)
		return
	}
	p.device.Welcome(welcome, w.now+p.skew)
	p.online, p.position = true, p.device.Cursor()
	p.up = append(p.up, p.device.Have())
}

// send puts what is unsent on the line: all or some of it, in any order, some twice.
func (w *world) send(p *peer) {
	if !p.online {
		return
	}
	unsent := p.device.Unsent()
	if w.rand.IntN(2) == 0 {
		w.rand.Shuffle(len(unsent), func(i, j int) { unsent[i], unsent[j] = unsent[j], unsent[i] })
	}
	var raws []json.RawMessage
	for _, e := range unsent {
		for n := w.rand.IntN(10); n > 0; n -= 8 {
			raws = append(raws, e.Raw)
		}
	}
	for _, m := range wire.NewCommits(raws) {
		p.up = append(p.up, m)
	}
	p.up = append(p.up, p.device.Have())
}

// take removes one message from a line: mostly the next, sometimes any other;
// some are lost on the way and some come twice.
func (w *world) take(line *[]any) (message any) {
	if len(*line) == 0 {
		return nil
	}
	i := 0
	if w.rand.IntN(4) == 0 {
		i = w.rand.IntN(len(*line))
	}
	message = (*line)[i]
	if w.rand.IntN(8) != 0 {
		*line = append((*line)[:i:i], (*line)[i+1:]...)
	}
	if w.rand.IntN(10) == 0 {
		return nil
	}
	return message
}

// serve is the server's side of the line.
func (w *world) serve(p *peer, message any) {
	switch m := message.(type) {
	case wire.Commits:
		w.listen(func() {
			for _, r := range w.engine.Submit(p.author, m.Commits) {
				p.down = append(p.down, r)
			}
		})
	case wire.Have:
		w.listen(func() { // a page may tidy the inbox
			page, err := w.engine.Page(p.author.Person, m.Cursor)
			if err != nil {
				w.failf("page: %v", err)
			}
			p.down = append(p.down, page)
			p.position = page.Cursor
		})
	}
}

// receive is the device's side of the line.
func (w *world) receive(p *peer, message any) {
	switch m := message.(type) {
	case wire.Receipt:
		p.device.Receipt(m, w.now+p.skew)
	case wire.Page:
		if _, err := p.device.Page(m); err != nil {
			w.failf("page: %v", err)
		}
	}
}
