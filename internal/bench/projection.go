package bench

import "fmt"

// W9: what of a first sync (W2, one device) is spent on deciding who sees what: the
// processor time of working out, for each of its records, how its reader stands to it
// and what of it they are shown. It is measured in this process, without what the
// server remembers of it for the next device.
func projection(c Config, s *sample) error {
	var town firstSyncTown
	const later = 10 // devices after the first: the clock of processes counts hundredths of a second
	var records int
	var each float64 // µs
	r, done, err := prepared(c, func(seed Seeder) (err error) {
		if err := town.seed(seed, 1+later); err != nil {
			return err
		}
		before, err := ownCPU()
		if err != nil {
			return err
		}
		const times = 20
		if records, err = seed.Project("coordinator-0", times); err != nil {
			return err
		}
		after, err := ownCPU()
		each = perRecord(after-before, records*times)
		return err
	})
	if err != nil {
		return err
	}
	defer done()
	if records < w2Cases*2+w2Notes {
		return fmt.Errorf("only %d records were projected", records)
	}
	if _, _, err := town.first(r, 0); err != nil { // the first one reads the files from the disk as well
		return err
	}
	before, err := r.cpu()
	if err != nil {
		return err
	}
	for device := range later {
		if _, _, err := town.first(r, 1+device); err != nil {
			return err
		}
	}
	after, err := r.cpu()
	if err != nil {
		return err
	}
	whole := float64((after - before).Microseconds()) / later
	s.add("projection, a record", "µs", each)
	s.add("first sync, a record", "µs", whole/float64(records))
	s.add("projection / first sync, by processor time", "ratio", each*float64(records)/whole)
	return nil
}
