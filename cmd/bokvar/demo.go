package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"bokvar/internal/account"
	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/internal/exchange"
)

// demoTown runs a server with a fictional town.
func demoTown(ctx context.Context, args []string, std stdio) (err error) {
	c := defaults()
	f := flags("demo", std)
	f.StringVar(&c.Addr, "addr", c.Addr, "where to listen, on this machine")
	f.StringVar(&c.Data, "data", "", "data folder (default a temporary one, gone afterwards)")
	f.StringVar(&c.Push.Local, "push-local", "", "for tests: origin on this machine that plays push service")
	f.Func("withdrawn", "for tests: a version of the app that phones leave at once", func(v string) error {
		c.Withdrawn = append(c.Withdrawn, v)
		return nil
	})
	renew := f.Duration("renew", account.RenewEvery, "for tests: how often the cookies of sessions change")
	seed := f.Uint64("seed", 1, "another number, another town")
	empty := f.Bool("empty", false, "begin without households: everything comes with the first list")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	if c.Data == "" {
		if c.Data, err = os.MkdirTemp("", "bokvar-demo-"); err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(c.Data) }()
	}
	c.demo = true
	c.Log.Level = slog.LevelWarn
	p, err := New(c, logger(std.err, c.Log.Level))
	if err != nil {
		return err
	}
	p.core.accounts.RenewEvery, p.core.accounts.RenewOverlap = *renew, min(10**renew, account.RenewOverlap)
	if err := p.showTown(std.out, demo.NewTown(*seed), *empty); err != nil {
		_ = p.Close()
		return err
	}
	return p.Run(ctx)
}

// showTown puts the town into a new database and says how to get in.
func (p *Program) showTown(out io.Writer, town *demo.Town, empty bool) error {
	known, err := p.core.db.Organisations()
	if err != nil {
		return err
	}
	if len(known) == 0 {
		if err := p.core.seed(town, empty); err != nil {
			return err
		}
	}
	lists := filepath.Join(p.config.Data, "late-payers")
	if err := os.MkdirAll(lists, 0o700); err != nil {
		return err
	}
	if _, err := town.WriteFiles(lists, p.core.clock()); err != nil {
		return err
	}
	return p.printTown(out, lists)
}

func (p *Program) printTown(out io.Writer, lists string) error {
	_, _ = fmt.Fprintf(out, "Sjöberga, a fictional town, is at %s\n", p.URL)
	_, _ = fmt.Fprintf(out, "Lists of unpaid rents to import are in %s\n", lists)
	_, _ = fmt.Fprint(out, "Each link and each code lets one person in once; start again for new ones.\n\n")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, m := range demo.Members {
		org, err := p.core.accounts.Organisation(m.Org)
		if err != nil {
			return err
		}
		l, err := p.core.invite(m.ID)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s, %s\t%s\t%s\n", m.ID, m.Name, m.Title, org.Name, l.Code, link(p.URL, l.Token))
	}
	return w.Flush()
}

// seed puts the town into a new database.
func (o *core) seed(town *demo.Town, empty bool) error {
	return town.Seed(demo.Stores{
		Accounts: o.db, Office: houseWriter{o.engine}, Read: o.db.Facts, TakeIn: o.takeIn,
	}, demo.Options{Now: o.clock(), Empty: empty})
}

// takeIn reads and confirms a list as if the member had done so at the instant.
func (o *core) takeIn(m casework.Member, fileName string, file io.Reader, at time.Time) error {
	then := &exchange.Service{Imports: o.db, Office: houseWriter{o.engine}, Read: o.db.Facts, Clock: func() time.Time { return at }}
	proposal, err := then.Propose(m, fileName, file, false)
	if err != nil {
		return err
	}
	_, err = then.Confirm(m, proposal.ID, nil)
	return err
}
