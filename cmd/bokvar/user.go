package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"

	"bokvar/internal/casework"
)

// user manages people with an account.
func user(_ context.Context, args []string, std stdio) error {
	return choose("user", args, std, map[string]func([]string, stdio) error{
		"add": userAdd, "change": userChange, "list": userList, "invite": userInvite, "disable": userDisable,
	})
}

func userAdd(args []string, std stdio) error {
	f := flags("user add", std)
	data := f.String("data", defaults().Data, "data folder")
	origin := f.String("origin", "", "where the app is, for the link: https://bokvar.example")
	m := casework.Member{}
	f.StringVar(&m.ID, "id", "", "short id, like \"kim\"")
	f.StringVar(&m.Org, "org", "", "id of the organisation")
	f.StringVar(&m.Name, "name", "", "first and last name")
	f.StringVar(&m.Title, "title", "", "title")
	f.StringVar(&m.Phone, "phone", "", "telephone number")
	role := f.String("role", "", "one of "+roles())
	units := f.String("units", "", "ids of units, with commas")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	m.Role, m.Units = casework.Role(*role), unitsOf(*units)
	l, err := perform[login](*data, "user add", m)
	if err != nil {
		return err
	}
	return showLogin(std, *origin, m.ID, l)
}

// userChange gives somebody other work, other units, or none for a leave of absence.
// What is not named stays.
func userChange(args []string, std stdio) error {
	f := flags("user change", std)
	data := f.String("data", defaults().Data, "data folder")
	texts := map[string]*string{}
	for name, about := range map[string]string{"name": "first and last name", "title": "title", "phone": "telephone number", "role": "one of " + roles(), "units": "ids of units, with commas; \"\" for none, as on a leave of absence"} {
		texts[name] = f.String(name, "", about)
	}
	if err := parse(f, args, 1); err != nil {
		return err
	}
	to := changeArgs{Person: f.Arg(0)}
	f.Visit(func(given *flag.Flag) {
		switch text := texts[given.Name]; given.Name {
		case "name":
			to.Name = text
		case "title":
			to.Title = text
		case "phone":
			to.Phone = text
		case "role":
			role := casework.Role(*text)
			to.Role = &role
		case "units":
			units := unitsOf(*text)
			to.Units = &units
		}
	})
	if to == (changeArgs{Person: to.Person}) {
		return errors.New("say what is to change: -name, -title, -phone, -role or -units")
	}
	_, err := perform[nothing](*data, "user change", to)
	return err
}

// unitsOf reads a list with commas.
func unitsOf(list string) []string {
	units := []string{}
	for unit := range strings.SplitSeq(list, ",") {
		if unit = strings.TrimSpace(unit); unit != "" {
			units = append(units, unit)
		}
	}
	return units
}

func userList(args []string, std stdio) error {
	f := flags("user list", std)
	data := f.String("data", defaults().Data, "data folder")
	org := f.String("org", "", "only of this organisation")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	people, err := perform[[]casework.Member](*data, "user list", *org)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	for _, m := range people {
		state := "active"
		if !m.Active {
			state = "disabled"
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", m.ID, m.Org, m.Role, state, strings.Join(m.Units, ","), m.Name)
	}
	return w.Flush()
}

func userInvite(args []string, std stdio) error {
	f := flags("user invite", std)
	data := f.String("data", defaults().Data, "data folder")
	origin := f.String("origin", "", "where the app is, for the link: https://bokvar.example")
	if err := parse(f, args, 1); err != nil {
		return err
	}
	l, err := perform[login](*data, "user invite", f.Arg(0))
	if err != nil {
		return err
	}
	return showLogin(std, *origin, f.Arg(0), l)
}

func userDisable(args []string, std stdio) error {
	f := flags("user disable", std)
	data := f.String("data", defaults().Data, "data folder")
	anyway := f.Bool("anyway", false, "also when what is sealed for a rescue key can be opened by nobody then")
	if err := parse(f, args, 1); err != nil {
		return err
	}
	_, err := perform[nothing](*data, "user disable", disableArgs{f.Arg(0), *anyway})
	return err
}

// showLogin prints a link and a code, each good once and for a day.
func showLogin(std stdio, origin, person string, l login) error {
	_, err := fmt.Fprintf(std.out, "%s gets in once, within a day:\n  link  %s\n  code  %s\n", person, link(origin, l.Token), l.Code)
	return err
}

// link is where a token is redeemed. It stands after the #, so that it is in no log.
func link(origin, token string) string {
	if origin == "" {
		_, port, _ := strings.Cut(defaults().Addr, ":")
		origin = "http://localhost:" + port
	}
	return origin + "/in#" + token
}

func roles() string {
	var names []string
	for _, r := range casework.Roles {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}
