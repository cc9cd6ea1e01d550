package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"bokvar/internal/bench"
	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/internal/office"
	"bokvar/internal/sqlite"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// benchmark measures this very binary, as a server of its own, on this machine.
func benchmark(ctx context.Context, args []string, std stdio) error {
	f := flags("bench", std)
	asJSON := f.Bool("json", false, "print JSON instead of a table")
	peers := f.String("compare", "", "figures of peers from the same sitting (lines of JSON), for the ratios")
	only := f.String("only", "", "only these workloads: W1,W3")
	runs := f.Int("runs", 3, "runs of each workload; the median is printed")
	records := f.String("records", "", "records stored in W6 (default 1000,100000,1000000)")
	largest := f.Bool("largest", false, "W10 with 2,000 people and 10,000 entries at once, too: minutes of seeding and some gigabytes on the disk")
	relay := f.String("relay", "", "measure nothing, but serve the bare relay that W4 is measured beside, at this address")
	table := f.String("table", "", "measure nothing, but print what -json wrote to this file")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	if *table != "" {
		report, err := readReport(*table)
		if err != nil {
			return err
		}
		return printReport(std.out, report, *asJSON, *peers)
	}
	if *relay != "" {
		return bench.Relay(*relay)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	sizes, err := numbers(*records)
	if err != nil {
		return err
	}
	report, err := bench.Run(bench.Config{
		Serve: func(data, addr, metrics string) *exec.Cmd {
			return childProcess(ctx, self, "serve", "-data", data, "-addr", addr, "-metrics", metrics)
		},
		Relay: func(addr string) *exec.Cmd { return childProcess(ctx, self, "bench", "-relay", addr) },
		Seed:  func(data string) (bench.Seeder, error) { return openSeeder(ctx, data) },
		Bare:  sqlite.Bare, Verify: sqlite.MeasureVerify,
		Runs: *runs, Only: words(*only), Records: sizes, Largest: *largest,
		Note: func(what string) { _, _ = fmt.Fprintln(std.err, what) },
	})
	if err != nil {
		return err
	}
	return printReport(std.out, report, *asJSON, *peers)
}

func readReport(path string) (report bench.Report, err error) {
	raw, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(raw, &report)
	}
	return report, err
}

func printReport(out io.Writer, report bench.Report, asJSON bool, peers string) error {
	if peers != "" {
		file, err := os.Open(peers)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		if err := report.Beside(file); err != nil {
			return err
		}
	}
	if asJSON {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(report)
	}
	return report.Print(out)
}

// childProcess is this executable at other work. It ends with the bench, however that ends.
func childProcess(ctx context.Context, self string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// seeder fills a data folder through the core, the way real work does.
type seeder struct {
	*core
	house houseWriter
	ctx   context.Context // of the command: seeding takes minutes, and must be possible to break off
}

func openSeeder(ctx context.Context, data string) (bench.Seeder, error) {
	c := defaults()
	c.Data = data
	o, err := openCore(c)
	if err != nil {
		return nil, err
	}
	return seeder{o, houseWriter{o.engine}, ctx}, nil
}

func (s seeder) PutOrganisation(o casework.Organisation) error { return s.db.PutOrganisation(o) }

func (s seeder) PutMember(m casework.Member) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	return s.db.PutMember(m)
}

func (s seeder) Write(org, person string, changes []casework.HouseChange) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	return s.house.Write(org, person, changes)
}

// Carry works out anew what the person carries.
func (s seeder) Carry(person string) error {
	if err := s.office.Reset(s.engine, person); err != nil {
		return err
	}
	return s.office.Rescope(s.engine, person)
}

// Project is what an inbox's reader costs in decisions, and nothing around it.
func (s seeder) Project(person string, times int) (records int, err error) {
	err = s.db.Facts(func(f casework.Facts) error {
		rows, err := f.InboxRecords(person)
		if err != nil {
			return err
		}
		var all []*server.State
		for _, row := range rows {
			record, err := f.Record(row.Org, row.Record)
			if err != nil {
				return err
			}
			all = append(all, record)
		}
		records = len(all)
		for range times {
			for _, record := range all {
				viewer, err := s.office.Viewer(f, person, record)
				if err == nil {
					_, err = s.office.Project(f, viewer, record)
				}
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	return records, err
}

func (s seeder) Agree(landlord, social casework.Organisation, unit string) error {
	if err := s.db.PutOrganisation(social); err != nil {
		return err
	}
	changes, err := office.Agreement{ID: "agreement", Landlord: landlord, Social: social, Unit: unit, UnitName: "Provenheten", UnitPhone: "08-465 004 91", Wording: demo.Wording}.Records()
	if err != nil {
		return err
	}
	for _, change := range changes {
		if err := s.engine.House(change.Org, "", []wire.Change{change}); err != nil {
			return err
		}
	}
	return nil
}

func (s seeder) Wording(string) (any, error) {
	return casework.WordingShown{ID: demo.Wording.ID, Version: demo.Wording.Version, Language: demo.Wording.Language, Hash: demo.Wording.Hash}, nil
}

func (s seeder) Place(person string) (place bench.Place, err error) {
	err = s.db.Read(func(tx server.Tx) error {
		if place.Generation, err = tx.Generation(); err != nil {
			return err
		}
		place.Cursor, _, err = tx.InboxEnd(person, 0)
		return err
	})
	return place, err
}

func (s seeder) CopyInbox(person string, others []string) error {
	return s.db.CopyInbox(person, others)
}

func (s seeder) Invite(person string) (link, code string, err error) {
	if link, err = s.accounts.InviteLink(person); err == nil {
		code, err = s.accounts.InviteCode(person)
	}
	return link, code, err
}

func (s seeder) Held() (time.Duration, int64) { return s.engine.Held() }

// Cookie lets the person in by a link, as anybody gets in.
func (s seeder) Cookie(person, device string) (string, error) {
	token, err := s.accounts.InviteLink(person)
	if err != nil {
		return "", err
	}
	return s.accounts.Redeem(token, "", device, "127.0.0.1")
}

func (s seeder) Close() error { return s.close() }

// words are what stands between commas.
func words(list string) []string {
	var out []string
	for word := range strings.SplitSeq(list, ",") {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

func numbers(list string) ([]int, error) {
	var out []int
	for _, word := range words(list) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is no number of records", word)
		}
		out = append(out, n)
	}
	return out, nil
}
