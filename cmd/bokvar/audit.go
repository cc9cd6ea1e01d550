package main

import (
	"context"
	"fmt"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
)

// auditLog is about the log of who did what. It shows no content of any case.
func auditLog(_ context.Context, args []string, std stdio) error {
	return choose("audit", args, std, map[string]func([]string, stdio) error{"head": auditHead, "recount": auditRecount})
}

// auditHead prints where the log ends: to keep on paper, or to send away.
func auditHead(args []string, std stdio) error {
	f := flags("audit head", std)
	data := f.String("data", defaults().Data, "data folder")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	h, err := perform[headOfDay](*data, "audit head", nothing{})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "%s\n%s\n", h.Day, h.Head)
	return err
}

// auditRecount counts the tables anew: for an operator who knows why they are
// not what verify expects. That it was done, and why, stays in the log.
func auditRecount(args []string, std stdio) error {
	f := flags("audit recount", std)
	data := f.String("data", defaults().Data, "data folder")
	why := f.String("why", "", "the reason, for the log")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	if *why == "" {
		_, _ = fmt.Fprintln(std.err, "Say why with -why.")
		return errUsage
	}
	_, err := perform[nothing](*data, "audit recount", *why)
	return err
}

// headOfDay is the log's end and the day it was looked at.
type headOfDay struct{ Day, Head string }

func lastHead(o *core, _ nothing) (headOfDay, error) {
	h, err := o.db.Head()
	return headOfDay{casework.DayOf(o.clock().UnixMilli()), h.String()}, err
}

func recount(o *core, why string) (nothing, error) { return nothing{}, o.db.Recount(why) }

// consoleDevice is where commands are given.
const consoleDevice = "console"

// noted writes down what a command did, after it went well.
func (o *core) noted(action, org, what string, err error) error {
	if err != nil {
		return err
	}
	return o.db.Audit(audit.Entry{At: o.clock().UnixMilli(), Device: consoleDevice, Action: action, Org: org, What: what})
}
