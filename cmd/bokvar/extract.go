package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"bokvar/internal/access"
	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// extract writes what a file holds, and who has opened it, as a person can read
// it: for somebody who asks what is written about them. It shows what the account
// named may see; whoever hands it over judges what the law keeps back. Protected
// details are in it only when -reason says why: it is paper then, and they are the
// registered person's own.
func extract(_ context.Context, args []string, std stdio) error {
	f := flags("extract", std)
	data := f.String("data", defaults().Data, "data folder")
	in := extractArgs{}
	f.StringVar(&in.Org, "org", "", "id of the organisation")
	f.StringVar(&in.Root, "root", "", "the file")
	f.StringVar(&in.As, "as", "", "id of the person who hands it over, whose access decides what is in it")
	f.StringVar(&in.Reason, "reason", "", "why protected details are to be in it; kept, and shown in the log")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	text, err := perform[string](*data, "extract", in)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(std.out, text)
	return err
}

type extractArgs struct{ Org, Root, As, Reason string }

// extractFile makes the text. Who has read the file is part of it, so the reader
// must be one whom access.md shows the log.
func extractFile(o *core, in extractArgs) (string, error) {
	by, err := o.accounts.Person(in.As)
	if err != nil {
		return "", err
	}
	may, err := o.mayRead(by, in.Root, "log")
	if err == nil && (by.Org != in.Org || !may) {
		err = errors.New("the organisation has no such file, or that person may not see who has opened it")
	}
	if n := utf8.RuneCountInString(in.Reason); err == nil && in.Reason != "" && (n < casework.MinReason || n > casework.MaxReason) {
		err = fmt.Errorf("a reason has %d to %d characters", casework.MinReason, casework.MaxReason)
	}
	if err != nil {
		return "", err
	}
	return o.extractFor(by, consoleDevice, in.Root, in.Reason)
}

// errReasonNeeded tells nobody anything: whoever gets it sees that the file is protected.
var errReasonNeeded = &casework.Error{Code: "reason_needed", Sentence: "Uppgifterna är skyddade. Skriv varför utdraget ska göras."}

// Extract makes the text for the screen. A file that is not there and one that is
// not the asker's are one answer. One of a protected identity takes a reason, which
// is kept like that of any other fetch: the text is on its way to paper, and without
// what protection closes it would be no answer to the person it is about.
func (b *book) Extract(by *casework.Member, device, root, reason string) (string, error) {
	may, err := b.core.mayRead(by, root, "log")
	if err == nil && !may {
		err = errNoSuchFile
	}
	if err != nil {
		return "", err
	}
	var protected bool
	err = b.core.db.Facts(func(f casework.Facts) (err error) {
		protected, err = f.Protected(by.Org, root)
		return err
	})
	switch {
	case err != nil:
		return "", err
	case protected && reason == "":
		return "", errReasonNeeded
	case !protected:
		reason = "" // nothing is fetched
	}
	return b.core.extractFor(by, device, root, reason)
}

// extractFor writes the text, with what protection closes when a reason is given,
// and into the log that it was written.
func (o *core) extractFor(by *casework.Member, device, root, reason string) (string, error) {
	x := extraction{core: o, by: by, root: root, names: map[string]string{}}
	if reason != "" {
		if _, err := o.fetchProtected(by, device, root, reason); err != nil {
			return "", err
		}
		x.fetched = true
	}
	people, err := o.accounts.People(by.Org)
	if err != nil {
		return "", err
	}
	for _, m := range people {
		x.names[m.ID] = m.Name
	}
	if x.orgs, err = o.db.Organisations(); err != nil {
		return "", err
	}
	for _, org := range x.orgs {
		x.names[org.ID] = org.Name
	}
	if err := x.write(); err != nil {
		return "", err
	}
	return x.out.String(), o.wasRead(by, device, audit.Export, root, "extract")
}

// extraction is one extract being written.
type extraction struct {
	*core
	by    *casework.Member
	root  string
	names map[string]string // of colleagues, organisations, and those whom the file is about
	orgs  []casework.Organisation
	out   strings.Builder

	fetched bool // what a protected identity closes is to be in it
}

func (x *extraction) write() error {
	org, err := x.accounts.Organisation(x.by.Org)
	if err != nil {
		return err
	}
	fmt.Fprintf(&x.out, "Utdrag ur akt %s hos %s\nUttaget %s av %s. Det innehåller det som %s får läsa.\n", x.root, org.Name, x.when(x.clock().UnixMilli()), x.by.Name, x.by.Name)
	err = x.db.Facts(func(f casework.Facts) error {
		protected, err := f.Protected(x.by.Org, x.root)
		if err != nil {
			return err
		}
		if protected && !x.fetched {
			x.out.WriteString("Uppgifterna är skyddade: namn, adress, telefon och nummer står inte här. Ska de lämnas till den som de gäller, ta ut det igen med -reason.\n")
		}
		if err := x.nameThem(f); err != nil {
			return err
		}
		for _, kind := range casework.Schema {
			if err := x.kind(f, kind); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return x.log()
}

// kind writes the file's records of one kind, in the order of the schema's fields.
func (x *extraction) kind(f casework.Facts, kind casework.Kind) error {
	records, err := f.RecordsOf(x.by.Org, x.root, kind.Name)
	if err != nil {
		return err
	}
	for _, record := range records {
		seen, err := x.seen(f, record)
		if err != nil {
			return err
		}
		if !seen.Visible {
			continue
		}
		heading := ""
		for _, field := range kind.Fields {
			value := x.value(field, seen.Fields[field.Name])
			if value == "" {
				continue
			}
			if words := x.words(field.Group); words != heading {
				heading = words
				fmt.Fprintf(&x.out, "\n%s\n", strings.ToUpper(words[:1])+words[1:])
			}
			fmt.Fprintf(&x.out, "  %s: %s\n", cmp.Or(labels[kind.Name+"."+field.Name], swedish[field.Name], field.Name), value)
		}
	}
	return nil
}

// elsewhere is where somebody works who is no colleague: who brought a consent is
// named there, by the name that they gave.
func (x *extraction) elsewhere(person string) string {
	m, err := x.accounts.Person(person)
	if err != nil || m == nil || x.names[m.Org] == "" {
		return ""
	}
	return "någon hos " + x.names[m.Org]
}

// nameThem learns the names of units and of those whom the file is about, as far as
// they are in the extract, for records that only have their ids.
func (x *extraction) nameThem(f casework.Facts) error {
	for _, org := range x.orgs {
		units, err := f.RecordsOfKind(org.ID, "unit")
		if err != nil {
			return err
		}
		for _, unit := range units {
			x.names[unit.ID] = word(unit, "name")
		}
	}
	for _, kind := range []string{"person", "signature"} {
		records, err := f.RecordsOf(x.by.Org, x.root, kind)
		if err != nil {
			return err
		}
		for _, record := range records {
			seen, err := x.seen(f, record)
			if err != nil {
				return err
			}
			if name := of[string](seen.Fields, "name"); name != "" {
				x.names[record.ID] = name
			}
		}
	}
	return nil
}

// seen is what the account may see of a record, and what it fetched.
func (x *extraction) seen(f casework.Facts, record *server.State) (server.Projection, error) {
	seen, err := x.office.See(f, x.by.ID, record)
	if err != nil || !x.fetched {
		return seen, err
	}
	fetched, err := x.office.Fetch(f, x.by, record)
	if err != nil || !fetched.Visible {
		return seen, err
	}
	maps.Copy(fetched.Fields, seen.Fields)
	return fetched, nil
}

// words are those of access.md.
func (x *extraction) words(group string) string {
	rows := x.office.Access().Rows
	if at := slices.IndexFunc(rows, func(r access.Row) bool { return r.Group == group }); at >= 0 {
		return rows[at].Swedish
	}
	return group
}

func (x *extraction) when(ms int64) string {
	return time.UnixMilli(ms).In(casework.Zone).Format("2006-01-02 15:04")
}

// log tells who has opened and written in the file.
func (x *extraction) log() error {
	x.out.WriteString("\nVem som har öppnat och skrivit i akten\n")
	for before := int64(0); ; {
		rows, err := x.db.LogOfCase(x.by.Org, x.root, before, logPage)
		if err != nil {
			return err
		}
		for _, r := range rows {
			other, err := x.otherOrg(r.What)
			if err != nil {
				return err
			}
			who := cmp.Or(x.names[r.Person], other, x.elsewhere(r.Person), r.Person, "servern")
			fmt.Fprintf(&x.out, "  %s  %s  %s%s\n", x.when(r.At), who, cmp.Or(swedish[r.Action], r.Action), groundOf(r.What))
			before = r.Number
		}
		if len(rows) < logPage {
			return nil
		}
	}
}
