package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"text/tabwriter"

	"bokvar/internal/office"
	"bokvar/internal/sqlite"
)

// erase is erasure on schedule (gallring). Nothing goes before an organisation has
// said how long it keeps what, and no command shows what a file holds.
func erase(_ context.Context, args []string, std stdio) error {
	return choose("erase", args, std, map[string]func([]string, stdio) error{
		"keep": eraseKeep, "plan": erasePlan, "run": eraseRun, "hold": eraseHold, "release": eraseRelease, "certificate": eraseCertificate,
	})
}

// eraseKeep sets how long an organisation keeps each kind of file.
func eraseKeep(args []string, std stdio) error {
	f := flags("erase keep", std)
	data := f.String("data", defaults().Data, "data folder")
	in := keepArgs{}
	f.StringVar(&in.Org, "org", "", "id of the organisation")
	f.IntVar(&in.Keep.Case, "case", 0, "days that a household's file is kept after its last case was closed; 0: until somebody decides")
	f.IntVar(&in.Keep.Consent, "consent", 0, "days that a consent is kept after it ended; 0: until somebody decides")
	f.IntVar(&in.Keep.Loose, "loose", 0, "days that a month's loose papers (refused work, lists that waited) are kept; 0: until somebody decides")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	_, err := perform[nothing](*data, "erase keep", in)
	return err
}

// erasePlan is the dry run.
func erasePlan(args []string, std stdio) error {
	f := flags("erase plan", std)
	data := f.String("data", defaults().Data, "data folder")
	org := f.String("org", "", "id of the organisation")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	plan, err := perform[erasurePlan](*data, "erase plan", *org)
	if err != nil {
		return err
	}
	return plan.print(std.out)
}

func (p erasurePlan) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, e := range p.Ended {
		state := "later"
		switch {
		case p.holds(e.Root):
			state = "held"
		case e.Due <= p.Today:
			state = "due"
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\tended %s\tgoes %s\n", state, e.Kind, e.Root, e.Since, e.Due)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%d are due today, %s. Nothing was changed.\n", len(p.due()), p.Today)
	return err
}

// eraseRun erases what is due, or one file at once.
func eraseRun(args []string, std stdio) error {
	f := flags("erase run", std)
	data := f.String("data", defaults().Data, "data folder")
	in := runArgs{}
	f.StringVar(&in.Org, "org", "", "id of the organisation")
	f.IntVar(&in.Count, "count", 0, "how many are due, as the plan says: with another number nothing is done")
	f.StringVar(&in.Root, "root", "", "one file, at once, whether due or not; a consent with all that hangs together with it")
	f.StringVar(&in.Why, "why", "", "with -root: the decision that says so")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	if (in.Root == "") != (in.Why == "") {
		_, _ = fmt.Fprintln(std.err, "-root and -why belong together.")
		return errUsage
	}
	done, err := perform[[]sqlite.Certificate](*data, "erase run", in)
	if err != nil {
		return err
	}
	for _, c := range done {
		if _, err := fmt.Fprintf(std.out, "certificate %d: %s, %d records. After %s nothing can open it, in any copy that Bokvar made.\n", c.Number, c.Root, c.Records, c.CopiesUntil); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(std.out, "%d files were erased. Phones that carry any of it lose it at their next contact.\n", len(done))
	return err
}

// eraseHold keeps a file from being erased.
func eraseHold(args []string, std stdio) error {
	f := flags("erase hold", std)
	data := f.String("data", defaults().Data, "data folder")
	in := runArgs{}
	f.StringVar(&in.Org, "org", "", "id of the organisation")
	f.StringVar(&in.Root, "root", "", "the file")
	f.StringVar(&in.Why, "why", "", "why it must not go")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	if in.Why == "" {
		_, _ = fmt.Fprintln(std.err, "Say why with -why.")
		return errUsage
	}
	_, err := perform[nothing](*data, "erase hold", in)
	return err
}

// eraseRelease lets it go again.
func eraseRelease(args []string, std stdio) error {
	f := flags("erase release", std)
	data := f.String("data", defaults().Data, "data folder")
	in := runArgs{}
	f.StringVar(&in.Org, "org", "", "id of the organisation")
	f.StringVar(&in.Root, "root", "", "the file")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	_, err := perform[nothing](*data, "erase release", in)
	return err
}

// eraseCertificate prints one, with the signature that anybody can check.
func eraseCertificate(args []string, std stdio) error {
	f := flags("erase certificate", std)
	data := f.String("data", defaults().Data, "data folder")
	number := f.Int64("number", 0, "which one")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	s, err := perform[sqlite.Signed](*data, "erase certificate", *number)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "%s\nEd25519 signature %s\npublic key        %s\n", s.Body,
		base64.StdEncoding.EncodeToString(s.Signature), base64.StdEncoding.EncodeToString(s.PublicKey))
	return err
}

type keepArgs struct {
	Org  string
	Keep office.Retention
}

type runArgs struct {
	Org, Root, Why string
	Count          int
	By, Device     string // who, and where; "" for a command
}

// erasurePlan is what has ended, and what of it may go.
type erasurePlan struct {
	Today string
	Ended []office.Ended
	Held  map[string]string // root, why
}

// hold notes what is held, and all that goes together with it: a withdrawal that went
// before what it ended would open that again.
func (p erasurePlan) hold(held map[string]string) {
	maps.Copy(p.Held, held)
	together := map[string]string{}
	for _, e := range p.Ended {
		if why, is := held[e.Root]; is {
			together[e.With] = why
		}
	}
	for _, e := range p.Ended {
		if why, is := together[e.With]; is && !p.holds(e.Root) {
			p.Held[e.Root] = why
		}
	}
}

func (p erasurePlan) holds(root string) bool {
	_, is := p.Held[root]
	return is
}

// due is what may go today.
func (p erasurePlan) due() (due []office.Ended) {
	for _, e := range p.Ended {
		if e.Due <= p.Today && !p.holds(e.Root) {
			due = append(due, e)
		}
	}
	return due
}

func keepSetting(org string) string { return "retention." + org }

func keep(o *core, in keepArgs) (nothing, error) {
	if _, err := o.accounts.Organisation(in.Org); err != nil {
		return nothing{}, err
	}
	if min(in.Keep.Case, in.Keep.Consent, in.Keep.Loose) < 0 {
		return nothing{}, errors.New("days cannot be fewer than none")
	}
	raw, err := json.Marshal(in.Keep)
	if err != nil {
		return nothing{}, err
	}
	what := fmt.Sprintf("kept: cases %d days, consents %d, loose papers %d", in.Keep.Case, in.Keep.Consent, in.Keep.Loose)
	return nothing{}, o.noted("administer", in.Org, what, o.db.PutSetting(keepSetting(in.Org), raw))
}
