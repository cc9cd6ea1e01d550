package bench

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/casework"
)

// casesPerWrite is how many cases somebody moves at once.
const casesPerWrite = 20

// W8: a unit of 10,000 cases, with a note each, changes: first the person who
// carries it moves to another unit and back, then all of the cases do. What is
// measured is the longest that one transaction keeps the writer: so long
// everybody else waits. Other programs on the machine lengthen that; the mean
// processor time of a transaction they do not.
func scope(c Config, s *sample) error {
	dir, remove, err := tempDir()
	if err != nil {
		return err
	}
	defer remove()
	seed, err := c.Seed(dir)
	if err != nil {
		return err
	}
	defer func() { _ = seed.Close() }()
	if err := seed.PutOrganisation(organisation); err != nil {
		return err
	}
	cases := min(10_000, slices.Max(c.Records)) // fewer only when fewer are asked for
	files, err := manyFiles(seed, cases, c.Note)
	if err != nil {
		return err
	}
	m := casework.Member{ID: "coordinator", Org: org, Name: "coordinator", Role: casework.Coordinator, Active: true}
	seed.Held()
	for _, unit := range []string{"unit", "another", "unit"} {
		m.Units = []string{unit}
		if err := seed.PutMember(m); err != nil {
			return err
		}
		if err := timed(s, fmt.Sprintf("%d cases, person to %s", cases, map[string]string{"unit": "the unit", "another": "another unit"}[unit]), seed, func() error { return seed.Carry(m.ID) }); err != nil {
			return err
		}
	}
	return timed(s, fmt.Sprintf("%d cases to another unit, %d at once", cases, casesPerWrite), seed, func() error {
		for len(files) > 0 {
			n := min(casesPerWrite, len(files))
			var batch []casework.HouseChange
			for _, f := range files[:n] {
				batch = append(batch, casework.HouseChange{Kind: "case", Record: f.case_, Fields: map[string]any{"unit": "another"}})
			}
			if err := seed.Write(org, "", batch); err != nil {
				return err
			}
			files = files[n:]
		}
		return nil
	})
}

// timed says how long something took in all, and how long it kept the writer at most.
func timed(s *sample, what string, seed Seeder, f func() error) error {
	began := time.Now()
	before, err := ownCPU()
	if err != nil {
		return err
	}
	if err := f(); err != nil {
		return err
	}
	after, err := ownCPU()
	longest, transactions := seed.Held()
	s.add(what+": in all", "ms", float64(time.Since(began).Milliseconds()))
	s.add(what+": one transaction, at most", "ms", float64(longest.Microseconds())/1000)
	s.add(what+": one transaction, processor time", "ms", float64((after-before).Microseconds())/1000/float64(max(1, transactions)))
	return err
}

func manyFiles(seed Seeder, cases int, note func(string)) ([]file, error) {
	var files []file
	var batch []casework.HouseChange
	for i := range cases {
		f := newFile()
		files = append(files, f)
		batch = append(batch, f.changes("unit")...)
		batch = append(batch, casework.HouseChange{Kind: "note", Record: uuid.NewString(), Fields: f.noteWithout("somebody", 1)})
		if len(batch) < 300 && i < cases-1 {
			continue
		}
		if err := seed.Write(org, "", batch); err != nil {
			return nil, err
		}
		batch = batch[:0]
		if (i+1)%2000 == 0 {
			note(fmt.Sprintf("  %d of %d cases stored", i+1, cases))
		}
	}
	return files, nil
}
