package bench

import "fmt"

// auditRows is how long a log W7 verifies, when a million records are asked for in W6 too.
const auditRows = 1_000_000

// verification (W7) is how long `bokvar verify` takes: integrity of the file, the
// audit chain with the evidence of each commit, every record opened with its key,
// every table counted.
func verification(c Config, s *sample) error {
	dir, done, err := tempDir()
	if err != nil {
		return err
	}
	defer done()
	rows := min(auditRows, c.Records[len(c.Records)-1])
	took, size, err := c.Verify(dir, rows)
	if err != nil {
		return err
	}
	s.add(fmt.Sprintf("verify, %d audit rows, half of them commits", rows), "s", took.Seconds())
	s.add("the database that was verified", "MB", float64(size)/1e6)
	return nil
}
