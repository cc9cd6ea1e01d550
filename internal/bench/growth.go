package bench

import "fmt"

// carriedMost is how many of the stored records the reader of W6 carries: more
// than any unit has. The others are stored in the same organisation.
const carriedMost = 100_000

// W6: W1 and W3 with more and more records stored. Each size is stored once, and
// both are measured on it three times.
func growth(c Config, s *sample) error {
	for _, n := range c.Records {
		if err := grown(c, s, n, fmt.Sprintf("%d stored: ", n)); err != nil {
			return err
		}
	}
	return nil
}

func grown(c Config, s *sample, n int, label string) error {
	var w writers
	var p reconnecting
	r, done, err := prepared(c, func(seed Seeder) error {
		if err := w.seed(seed); err != nil {
			return err
		}
		if err := p.seed(seed); err != nil {
			return err
		}
		carried := min(n, carriedMost)
		if err := background(seed, "elsewhere", carried, c.Note); err != nil {
			return err
		}
		return background(seed, "faraway", n-carried, c.Note)
	})
	if err != nil {
		return err
	}
	defer done()
	for range 3 {
		if _, _, _, err := w.measure(r, s, label); err != nil {
			return err
		}
		if err := p.measure(r, s, label); err != nil {
			return err
		}
	}
	return nil
}
