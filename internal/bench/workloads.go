package bench

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/casework"
)

var organisation = casework.Organisation{ID: org, Name: "Provbolaget", Kind: casework.Landlord}

const (
	w1Sockets, w1Notes  = 50, 200
	w2Cases, w2Notes    = 500, 2000
	w3Stored, w3New     = 100_000, 10
	w4Devices, w4Writes = 2000, 10
)

// W1 ingest: 50 sockets, each pushing 200 notes of 1 kB as single commits, receipts awaited.
func ingest(c Config, s *sample) error {
	var w writers
	r, done, err := prepared(c, func(seed Seeder) error { return w.seed(seed) })
	if err != nil {
		return err
	}
	defer done()
	before, err := r.transactions()
	if err != nil {
		return err
	}
	rate, each, n, err := w.measure(r, s, "")
	if err != nil || c.Bare == nil {
		return err
	}
	after, err := r.transactions()
	if err != nil {
		return err
	}
	group := max(1, n/int(max(1, after-before)))
	s.add("records in one transaction", "", float64(group))
	return beside(c, s, rate, each, n, group)
}

// writers are caretakers, each with a visit of their own to write notes about.
type writers struct {
	cookies []string
	files   []file
}

func (w *writers) seed(seed Seeder) (err error) {
	if w.cookies, err = people(seed, "caretaker", w1Sockets, casework.Caretaker, "unit"); err != nil {
		return err
	}
	if _, err = people(seed, "coordinator", 1, casework.Coordinator, "unit"); err != nil {
		return err
	}
	w.files = make([]file, w1Sockets)
	var all []casework.HouseChange
	for i := range w.files {
		w.files[i] = newFile()
		all = append(all, w.files[i].changes("unit", fmt.Sprintf("caretaker-%d", i))...)
	}
	return seed.Write(org, "", all)
}

// measure lets all of them push, and answers records a second, processor time a
// record in µs, and how many records it was.
func (w *writers) measure(r *running, s *sample, label string) (rate, each float64, n int, err error) {
	took, wall, used, err := pushAll(r, w.cookies, w.files)
	if err != nil {
		return 0, 0, 0, err
	}
	rate, each = float64(len(took))/wall.Seconds(), perRecord(used, len(took))
	s.add(label+"records/s", "1/s", rate)
	s.add(label+"receipt p50", "ms", quantile(took, .5))
	s.add(label+"receipt p99", "ms", quantile(took, .99))
	s.add(label+"processor time a record", "µs", each)
	return rate, each, len(took), nil
}

// beside measures bare SQLite writing the same rows in group commits of the same size.
func beside(c Config, s *sample, rate, each float64, commits, group int) error {
	dir, remove, err := tempDir()
	if err != nil {
		return err
	}
	defer remove()
	before, err := ownCPU()
	if err != nil {
		return err
	}
	took, err := c.Bare(dir, commits, group)
	if err != nil {
		return err
	}
	after, err := ownCPU()
	bare, bareEach := float64(commits)/took.Seconds(), perRecord(after-before, commits)
	s.add("bare SQLite, same rows", "1/s", bare)
	s.add("bare SQLite, processor time a record", "µs", bareEach)
	s.add("ours / bare SQLite", "ratio", rate/bare)
	s.add("ours / bare SQLite, by processor time", "ratio", bareEach/each)
	return err
}

func perRecord(used time.Duration, records int) float64 {
	return float64(used.Microseconds()) / float64(records)
}

// pushAll lets every socket push its notes and returns all latencies, sorted, the
// whole time, and the processor time that the server used.
func pushAll(r *running, cookies []string, files []file) (all []time.Duration, wall, used time.Duration, err error) {
	clients := make([]*Client, len(cookies))
	for i, cookie := range cookies {
		cl, err := caughtUp(r.addr, fmt.Sprintf("caretaker-%d", i), cookie)
		if err != nil {
			return nil, 0, 0, err
		}
		defer cl.Close()
		clients[i] = cl
	}
	before, err := r.cpu()
	if err != nil {
		return nil, 0, 0, err
	}
	took := make([][]time.Duration, len(clients))
	errs := make([]error, len(clients))
	var working sync.WaitGroup
	began := time.Now()
	for i, cl := range clients {
		working.Go(func() { took[i], errs[i] = pushNotes(cl, files[i]) })
	}
	working.Wait()
	wall = time.Since(began)
	if err := errors.Join(errs...); err != nil {
		return nil, 0, 0, err
	}
	after, err := r.cpu()
	all = slices.Concat(took...)
	slices.Sort(all)
	return all, wall, after - before, err
}

func pushNotes(cl *Client, f file) ([]time.Duration, error) {
	took := make([]time.Duration, 0, w1Notes)
	for range w1Notes {
		d, err := cl.Push("note", uuid.NewString(), f.note(cl.person, time.Now().UnixMilli()))
		if err != nil {
			return took, err
		}
		took = append(took, d)
	}
	return took, nil
}

// caughtUp is a device that has everything.
func caughtUp(addr, person, cookie string) (*Client, error) {
	cl, err := Dial(addr, person, cookie, false)
	if err != nil {
		return nil, err
	}
	w, err := cl.Hello(0, "")
	if err == nil {
		_, err = cl.CatchUp(w)
	}
	if err != nil {
		cl.Close()
		return nil, err
	}
	return cl, nil
}

// firstSyncTown is a unit of 500 cases and 2,000 notes, and people who carry all of it.
type firstSyncTown struct{ cookies []string }

func (f *firstSyncTown) seed(seed Seeder, devices int) (err error) {
	if f.cookies, err = people(seed, "coordinator", devices, casework.Coordinator, "unit"); err != nil {
		return err
	}
	for range w2Cases / 100 {
		var batch []casework.HouseChange
		for range 100 {
			f := newFile()
			batch = append(batch, f.changes("unit")...)
			for range w2Notes / w2Cases {
				batch = append(batch, casework.HouseChange{Kind: "note", Record: uuid.NewString(), Fields: f.noteWithout("coordinator-0", 1)})
			}
		}
		if err := seed.Write(org, "", batch); err != nil {
			return err
		}
	}
	return nil
}

// first is the first sync of one of them.
func (f *firstSyncTown) first(r *running, i int) (time.Duration, *Client, error) {
	began := time.Now()
	cl, err := Dial(r.addr, fmt.Sprintf("coordinator-%d", i), f.cookies[i], true)
	if err != nil {
		return 0, nil, err
	}
	defer cl.Close()
	w, err := cl.Hello(0, "")
	if err == nil {
		var n int
		if n, err = cl.CatchUp(w); err == nil && n < w2Cases*2+w2Notes {
			err = fmt.Errorf("only %d records came", n)
		}
	}
	return time.Since(began), cl, err
}

// W2 first sync of 500 cases and 2,000 notes: one device, then 20 at once.
func firstSync(c Config, s *sample) error {
	var town firstSyncTown
	r, done, err := prepared(c, func(seed Seeder) error { return town.seed(seed, 21) })
	if err != nil {
		return err
	}
	defer done()
	first := func(i int) (time.Duration, *Client, error) { return town.first(r, i) }
	used, err := r.cpu()
	if err != nil {
		return err
	}
	d, cl, err := first(0)
	if err != nil {
		return err
	}
	one, err := r.cpu()
	if err != nil {
		return err
	}
	s.add("one device", "ms", float64(d.Milliseconds()))
	s.add("one device, server's processor time", "ms", float64((one - used).Milliseconds()))
	s.add("bytes on the wire, down", "B", float64(cl.in.read.Load()))
	s.add("bytes on the wire, up", "B", float64(cl.in.written.Load()))

	var all sync.WaitGroup
	errs := make([]error, 20)
	began := time.Now()
	for i := range errs {
		all.Go(func() { _, _, errs[i] = first(i + 1) })
	}
	all.Wait()
	s.add("20 devices at once, all", "ms", float64(time.Since(began).Milliseconds()))
	twenty, err := r.cpu()
	s.add("20 devices at once, server's processor time each", "ms", float64((twenty-one).Milliseconds())/20)
	return errors.Join(append(errs, err)...)
}

// W3 reconnect when nothing is new, and with 10 new among 100,000.
func reconnect(c Config, s *sample) error {
	var p reconnecting
	r, done, err := prepared(c, func(seed Seeder) error {
		if err := p.seed(seed); err != nil {
			return err
		}
		return background(seed, "elsewhere", w3Stored, c.Note)
	})
	if err != nil {
		return err
	}
	defer done()
	return p.measure(r, s, "")
}

// reconnecting is one who reads and one who writes, in the same unit.
type reconnecting struct {
	reader, writer []string
	f              file
}

func (p *reconnecting) seed(seed Seeder) (err error) {
	if p.reader, err = people(seed, "reader", 1, casework.Coordinator, "elsewhere"); err != nil {
		return err
	}
	if p.writer, err = people(seed, "writer", 1, casework.Coordinator, "elsewhere"); err != nil {
		return err
	}
	p.f = newFile()
	return seed.Write(org, "", p.f.changes("elsewhere"))
}

// visit is one reconnect of the reader's.
type visit struct {
	took       time.Duration
	asked      time.Duration // of that, from the hello on a socket that is open until everything is there
	records    int
	bytes      int64
	cursor     int64
	generation string
}

func (p *reconnecting) visit(r *running, cursor int64, generation string) (v visit, err error) {
	began := time.Now()
	cl, err := Dial(r.addr, "reader-0", p.reader[0], true)
	if err != nil {
		return v, err
	}
	defer cl.Close()
	open := time.Now()
	w, err := cl.Hello(cursor, generation)
	if err != nil {
		return v, err
	}
	n, err := cl.CatchUp(w)
	return visit{time.Since(began), time.Since(open), n, cl.in.read.Load() + cl.in.written.Load(), cl.Cursor, w.Generation}, err
}

func (p *reconnecting) measure(r *running, s *sample, label string) error {
	first, err := p.visit(r, 0, "")
	if err != nil {
		return err
	}
	w, err := caughtUp(r.addr, "writer-0", p.writer[0]) // else what it fetches itself would be measured
	if err != nil {
		return err
	}
	defer w.Close()
	var none, asked, some []time.Duration
	var last, lastSome visit
	cursor := first.cursor
	for range 20 {
		if last, err = p.visit(r, cursor, first.generation); err != nil {
			return err
		}
		none, asked = append(none, last.took), append(asked, last.asked)
	}
	for range 20 {
		for range w3New {
			if _, err := w.Push("note", uuid.NewString(), p.f.noteWithout("writer-0", 1)); err != nil {
				return err
			}
		}
		if lastSome, err = p.visit(r, cursor, first.generation); err != nil {
			return err
		}
		if lastSome.records < w3New {
			return fmt.Errorf("%d new records came instead of %d", lastSome.records, w3New)
		}
		cursor = lastSome.cursor
		some = append(some, lastSome.took)
	}
	slices.Sort(none)
	slices.Sort(asked)
	slices.Sort(some)
	s.add(label+"nothing new, p50", "ms", quantile(none, .5))
	s.add(label+"nothing new, on a socket that is open, p50", "ms", quantile(asked, .5))
	s.add(label+"nothing new, bytes", "B", float64(last.bytes))
	s.add(label+fmt.Sprintf("%d new, p50", w3New), "ms", quantile(some, .5))
	s.add(label+fmt.Sprintf("%d new, bytes", w3New), "B", float64(lastSome.bytes))
	return nil
}

// W5: start until the first answer, idle memory, size of the binary.
func start(c Config, s *sample) error {
	dir, remove, err := tempDir()
	if err != nil {
		return err
	}
	defer remove()
	for _, which := range []string{"first start", "second start"} {
		r, err := serve(c, dir)
		if err != nil {
			return err
		}
		s.add(which, "ms", float64(r.ready.Microseconds())/1000)
		if which == "second start" {
			time.Sleep(2 * time.Second) // idle, as the peers were measured
			kB, err := r.memory()
			if err != nil {
				r.stop()
				return err
			}
			s.add("idle memory", "MB", kB/1000)
		}
		r.stop()
	}
	info, err := os.Stat(c.Serve(dir, "", "").Path)
	if err != nil {
		return err
	}
	s.add("binary", "MB", float64(info.Size())/1e6)
	return nil
}
