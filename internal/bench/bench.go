// Package bench holds the workloads of `bokvar bench`.
//
// The server runs as a process of its own, on the same machine as the load
// generator; figures are therefore to be read as ratios within one run. Each
// workload runs three times on a fresh data folder and the median is printed,
// with the least and the greatest. Nothing is asserted about time.
package bench

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"

	"bokvar/internal/casework"
)

// Seeder fills a data folder before the server starts on it.
type Seeder interface {
	PutOrganisation(casework.Organisation) error
	PutMember(casework.Member) error
	casework.Office
	// Cookie signs the person in on a device and returns the session cookie's value.
	Cookie(person, device string) (string, error)
	// Carry works out anew what the person carries, as after a change of their
	// account, and Held says how long a transaction kept the writer at most since
	// it was asked last, and how many there were.
	Carry(person string) error
	Held() (longest time.Duration, transactions int64)
	// Project works out so often, for each record that the person carries, how they
	// stand to it and what of it they are shown; it answers how many records there are.
	Project(person string, times int) (records int, err error)
	// Agree writes down that a landlord and a unit of social services work together,
	// and Wording is what a consent of theirs says, as a giving names it.
	Agree(landlord, social casework.Organisation, unit string) error
	Wording(social string) (any, error)
	// Place is where the person's inbox ends: a device that says so has everything.
	Place(person string) (Place, error)
	// CopyInbox gives others what the person carries, as if it had come to them too.
	CopyInbox(person string, others []string) error
	// Invite makes a link's token and a code for the person.
	Invite(person string) (link, code string, err error)
	Close() error
}

// Place is a position in a person's inbox.
type Place struct {
	Cursor     int64
	Generation string
}

// Config says how to reach what is measured.
type Config struct {
	Serve   func(data, addr, metrics string) *exec.Cmd                      // the server process, not started
	Relay   func(addr string) *exec.Cmd                                     // a process that runs Relay, not started; nil: W4 stands alone
	Seed    func(data string) (Seeder, error)                               // opens a data folder for seeding
	Bare    func(data string, commits, perBatch int) (time.Duration, error) // the rows of our commits in bare SQLite
	Verify  func(data string, rows int) (time.Duration, int64, error)       // verifies a log of so many rows; also the database's bytes
	Runs    int                                                             // 3 unless told
	Only    []string                                                        // names of workloads; empty: all
	Records []int                                                           // sizes for W6
	Largest bool                                                            // W10 with many people and very much at once, too
	Note    func(string)                                                    // progress
}

// Figure is one measured thing: median, least and greatest of the runs.
type Figure struct {
	Workload string  `json:"workload"`
	Name     string  `json:"name"`
	Unit     string  `json:"unit"`
	Median   float64 `json:"median"`
	Least    float64 `json:"least"`
	Greatest float64 `json:"greatest"`
	Runs     int     `json:"runs"`
}

// Report is what a run of the bench found.
type Report struct {
	Machine string   `json:"machine"`
	Setting string   `json:"setting"`
	Figures []Figure `json:"figures"`
	Peers   []Ratio  `json:"peers,omitempty"`
}

// sample collects the values of one run by name, keeping the order of first mention.
type sample struct {
	order  []string
	units  map[string]string
	values map[string][]float64
}

func newSample() *sample {
	return &sample{units: map[string]string{}, values: map[string][]float64{}}
}

func (s *sample) add(name, unit string, v float64) {
	if _, known := s.values[name]; !known {
		s.order = append(s.order, name)
		s.units[name] = unit
	}
	s.values[name] = append(s.values[name], v)
}

func (s *sample) figures(workload string) []Figure {
	var out []Figure
	for _, name := range s.order {
		v := slices.Clone(s.values[name])
		slices.Sort(v)
		out = append(out, Figure{Workload: workload, Name: name, Unit: s.units[name],
			Median: v[len(v)/2], Least: v[0], Greatest: v[len(v)-1], Runs: len(v)})
	}
	return out
}

// workload is one of W1 to W11; it adds its figures to the sample, once per run.
type workload struct {
	name string
	run  func(c Config, s *sample) error
}

var workloads = []workload{{"W1", ingest}, {"W2", firstSync}, {"W3", reconnect}, {"W4", fanOut}, {"W5", start}, {"W6", growth}, {"W7", verification}, {"W8", scope},
	{"W9", projection}, {"W10", withdrawal}, {"W11", login}}

// Run measures what the configuration asks for.
func Run(c Config) (Report, error) {
	if c.Runs == 0 {
		c.Runs = 3
	}
	if c.Note == nil {
		c.Note = func(string) {}
	}
	if len(c.Records) == 0 {
		c.Records = []int{1_000, 100_000, 1_000_000}
	}
	report := Report{
		Machine: fmt.Sprintf("%d cores, %s/%s, %s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version()),
		Setting: "load generator and server are separate processes on this one machine, over loopback; medians of " + fmt.Sprint(c.Runs),
	}
	for _, name := range c.Only {
		if !slices.ContainsFunc(workloads, func(w workload) bool { return w.name == name }) {
			return report, fmt.Errorf("there is no workload %s; they are W1 to W11", name)
		}
	}
	for _, w := range workloads {
		if len(c.Only) > 0 && !slices.Contains(c.Only, w.name) {
			continue
		}
		runs := c.Runs
		if w.name == "W6" || w.name == "W7" || w.name == "W10" {
			runs = 1 // each size is seeded for minutes; its inner figures are medians of three
		}
		s := newSample()
		for i := range runs {
			c.Note(fmt.Sprintf("%s, run %d of %d", w.name, i+1, runs))
			if err := w.run(c, s); err != nil {
				return report, fmt.Errorf("%s: %w", w.name, err)
			}
		}
		report.Figures = append(report.Figures, s.figures(w.name)...)
	}
	return report, nil
}

// Print writes the table that a person reads.
func (r Report) Print(w io.Writer) error {
	fmt.Fprintf(w, "%s\n%s\n\n", r.Machine, r.Setting)
	t := tabwriter.NewWriter(w, 2, 0, 2, ' ', 0)
	fmt.Fprintln(t, "workload\tfigure\tmedian\tleast–greatest\tunit")
	for _, f := range r.Figures {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s–%s\t%s\n", f.Workload, f.Name, short(f.Median), short(f.Least), short(f.Greatest), f.Unit)
	}
	if err := t.Flush(); err != nil || len(r.Peers) == 0 {
		return err
	}
	return r.printPeers(w)
}

func short(v float64) string {
	switch {
	case v >= 1000:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

func (r Report) find(workload, name string) *Figure {
	for i, f := range r.Figures {
		if f.Workload == workload && f.Name == name {
			return &r.Figures[i]
		}
	}
	return nil
}

// quantile of sorted durations in milliseconds.
func quantile(sorted []time.Duration, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	i := min(int(q*float64(len(sorted))), len(sorted)-1)
	return float64(sorted[i].Microseconds()) / 1000
}

// tempDir is a data folder that goes away.
func tempDir() (string, func(), error) {
	dir, err := os.MkdirTemp("", "bokvar-bench-")
	return dir, func() { _ = os.RemoveAll(dir) }, err
}
