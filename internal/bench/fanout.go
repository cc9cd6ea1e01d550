package bench

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/casework"
)

// W4: 2,000 idle devices, one change visible to all.
func fanOut(c Config, s *sample) error {
	var cookies, writer []string
	f := newFile()
	r, done, err := prepared(c, func(seed Seeder) (err error) {
		if cookies, err = people(seed, "coordinator", w4Devices, casework.Coordinator, "unit"); err != nil {
			return err
		}
		if writer, err = people(seed, "writer", 1, casework.Coordinator, "unit"); err != nil {
			return err
		}
		return seed.Write(org, "", f.changes("unit"))
	})
	if err != nil {
		return err
	}
	defer done()

	before, err := r.memory()
	if err != nil {
		return err
	}
	arrived := make(chan time.Time, w4Devices)
	for i, cookie := range cookies {
		cl, err := caughtUp(r.addr, fmt.Sprintf("coordinator-%d", i), cookie)
		if err != nil {
			return fmt.Errorf("device %d: %w", i, err)
		}
		defer cl.Close()
		go note(cl, arrived)
	}
	idle, err := r.memory()
	if err != nil {
		return err
	}
	s.add("memory per idle device", "kB", (idle-before)/w4Devices)

	w, err := caughtUp(r.addr, "writer-0", writer[0])
	if err != nil {
		return err
	}
	defer w.Close()
	used, err := r.cpu()
	if err != nil {
		return err
	}
	each, last, err := tellAll(func() error {
		_, err := w.Push("note", uuid.NewString(), f.noteWithout("writer-0", 1))
		return err
	}, arrived)
	if err != nil {
		return err
	}
	time.Sleep(haveWithin) // so that what the devices answer is counted
	after, err := r.cpu()
	if err != nil {
		return err
	}
	slices.Sort(each)
	slices.Sort(last)
	s.add("each has it, p50", "ms", quantile(each, .5))
	s.add("each has it, p99", "ms", quantile(each, .99))
	s.add("all have it, p50", "ms", quantile(last, .5))
	s.add("processor time a write", "ms", float64((after-used).Milliseconds())/w4Writes)
	if c.Relay == nil {
		return nil
	}
	done() // the machine is the relay's now
	return besideRelay(c, s, each)
}

// tellAll writes again and again and waits until every device has it.
func tellAll(write func() error, arrived <-chan time.Time) (each, last []time.Duration, err error) {
	for range w4Writes {
		began := time.Now()
		if err := write(); err != nil {
			return nil, nil, err
		}
		for range w4Devices {
			select {
			case at := <-arrived:
				each = append(each, at.Sub(began))
			case <-time.After(30 * time.Second):
				return nil, nil, fmt.Errorf("after 30 s not all devices have the change")
			}
		}
		last = append(last, each[len(each)-1])
	}
	return each, last, nil
}

// note says when records arrive at a device, until its socket ends.
func note(cl *Client, arrived chan<- time.Time) {
	for {
		m, err := cl.Next()
		if err != nil {
			return
		}
		if len(m.Records) > 0 {
			arrived <- time.Now()
		}
	}
}
