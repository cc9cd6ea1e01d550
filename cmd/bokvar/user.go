package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"bokvar/internal/casework"
)

// user manages people with an account.
func user(_ context.Context, args []string, std stdio) error {
	return choose("user", args, std, map[string]func([]string, stdio) error{
		"add": userAdd, "list": userList, "invite": userInvite, "disable": userDisable,
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
	m.Role = casework.Role(*role)
	for unit := range strings.SplitSeq(*units, ",") {
		if unit = strings.TrimSpace(unit); unit != "" {
			m.Units = append(m.Units, unit)
		}
	}
	l, err := perform[login](*data, "user add", m)
	if err != nil {
		return err
	}
	return showLogin(std, *origin, m.ID, l)
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
	if err := parse(f, args, 1); err != nil {
		return err
	}
	_, err := perform[nothing](*data, "user disable", f.Arg(0))
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
