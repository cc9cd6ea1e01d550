package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"bokvar/internal/account"
	"bokvar/internal/casework"
)

// org manages organisations and their units.
func org(_ context.Context, args []string, std stdio) error {
	return choose("org", args, std, map[string]func([]string, stdio) error{"add": orgAdd, "unit": orgUnit, "list": orgList, "lease": orgLease})
}

// choose runs the named one of a command's parts.
func choose(name string, args []string, std stdio, parts map[string]func([]string, stdio) error) error {
	if len(args) > 0 {
		if part := parts[args[0]]; part != nil {
			return part(args[1:], std)
		}
	}
	for _, c := range commands() {
		if c.name == name {
			_, _ = fmt.Fprintln(std.err, "Use: bokvar "+c.usage)
		}
	}
	return errUsage
}

func orgAdd(args []string, std stdio) error {
	f := flags("org add", std)
	data := f.String("data", defaults().Data, "data folder")
	id := f.String("id", "", "short id, like \"sjobergahem\"")
	name := f.String("name", "", "name as people know it")
	kind := f.String("kind", "", "landlord, social_services or operator")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	_, err := perform[nothing](*data, "org add", casework.Organisation{ID: *id, Name: *name, Kind: casework.OrgKind(*kind)})
	return err
}

func orgUnit(args []string, std stdio) error {
	f := flags("org unit", std)
	data := f.String("data", defaults().Data, "data folder")
	u := unitArgs{}
	f.StringVar(&u.Org, "org", "", "id of the organisation")
	f.StringVar(&u.ID, "id", "", "short id, like \"hem-norr\"")
	f.StringVar(&u.Name, "name", "", "name as people know it")
	f.StringVar(&u.Phone, "phone", "", "telephone number")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	_, err := perform[nothing](*data, "org unit", u)
	return err
}

func orgLease(args []string, std stdio) error {
	f := flags("org lease", std)
	data := f.String("data", defaults().Data, "data folder")
	l := leaseArgs{}
	f.StringVar(&l.Org, "org", "", "id of the organisation")
	f.IntVar(&l.Days, "days", account.StandardLimits.Lease, "how many days its phones open without having met the server")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	_, err := perform[nothing](*data, "org lease", l)
	return err
}

func orgList(args []string, std stdio) error {
	f := flags("org list", std)
	data := f.String("data", defaults().Data, "data folder")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	all, err := perform[[]casework.Organisation](*data, "org list", nothing{})
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	for _, o := range all {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\n", o.ID, o.Kind, o.Name)
	}
	return w.Flush()
}
