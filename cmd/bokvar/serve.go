package main

import (
	"context"
	"flag"
	"io"
	"log/slog"
)

// serve runs the server until it is told to stop.
func serve(ctx context.Context, args []string, std stdio) error {
	f := flags("serve", std)
	file := f.String("config", "", "file with settings (YAML); what the command line says comes first")
	addr := f.String("addr", "", "where to listen (default "+defaults().Addr+", or :443 with -domain)")
	data := f.String("data", "", "folder of database and keys (default \""+defaults().Data+"\")")
	domain := f.String("domain", "", "get an own certificate for this name")
	metrics := f.String("metrics", "", "where /metrics listens, on an address of its own (default nowhere)")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	c := defaults()
	if *file != "" {
		var err error
		if c, err = readConfig(*file); err != nil {
			return err
		}
	}
	for name, to := range map[string]struct{ value, field *string }{
		"addr": {addr, &c.Addr}, "data": {data, &c.Data}, "domain": {domain, &c.Domain}, "metrics": {metrics, &c.Metrics},
	} {
		if given(f, name) {
			*to.field = *to.value
		}
	}
	p, err := New(c, logger(std.err, c.Log.Level))
	if err != nil {
		return err
	}
	return p.Run(ctx)
}

// given says whether the flag stands on the command line.
func given(f *flag.FlagSet, name string) (yes bool) {
	f.Visit(func(one *flag.Flag) { yes = yes || one.Name == name })
	return yes
}

// logger writes lines of JSON. What it is given never holds personal data.
func logger(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
}
