// Command bokvar is the server, and what its operator does with it.
//
// Exit codes: 0 it went well, 1 it did not (a sentence on standard error says
// why), 2 the command line could not be understood.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"bokvar/internal/casework"
)

// version is set when the binary is built (-ldflags "-X main.version=…").
var version = "dev"

// command is one subcommand.
type command struct {
	name  string
	usage string
	run   func(ctx context.Context, args []string, std stdio) error
}

// stdio is where a command reads and writes.
type stdio struct {
	out, err io.Writer
}

func commands() []command {
	return []command{
		{"serve", "serve [-config FILE] [-addr ADDR] [-data DIR] [-domain NAME]   run the server", serve},
		{"demo", "demo [-addr ADDR] [-data DIR] [-seed N]   a fictional town, ready to use", demoTown},
		{"org", "org add|unit|list|lease   organisations, their units, and how long phones open without contact", org},
		{"agreement", "agreement add|list   what a landlord and social services have agreed", agreement},
		{"user", "user add|change|list|invite|disable   people with an account", user},
		{"import", "import -org ID FILE   leave a late-payer file for a coordinator to confirm", importFile},
		{"export", "export -org ID [-as PERSON]   an organisation's records as lines of JSON", export},
		{"backup", "backup FILE   a copy of the database, also while the server runs", backup},
		{"restore", "restore FILE   begin a data folder from a copy", restore},
		{"verify", "verify [-head HEAD]   check the database, the audit chain and the keys", verify},
		{"extract", "extract -org ID -root FILE -as PERSON   what a file holds and who opened it, for the person it is about", extract},
		{"erase", "erase keep|plan|run|hold|release|certificate   what an organisation keeps no longer (gallring)", erase},
		{"keys", "keys rotate [-to FILE]|copy   a new master key; a copy of the key file", keysCommand},
		{"audit", "audit head|recount   where the log of who did what ends, to be printed", auditLog},
		{"healthy", "healthy [-addr ADDR]   ask a running server whether it is ready", healthy},
		{"bench", "bench [-json] [-compare FILE] [-only W1,W3] [-runs N] [-records N,N] [-table FILE]   measure this binary on this machine", benchmark},
		{"sbom", "sbom   what of others is inside this binary, as CycloneDX", sbom},
		{"version", "version   say which version this is", showVersion},
	}
}

// errUsage says that the command line could not be understood; the reason has been printed.
var errUsage = errors.New("usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], stdio{os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// run is main without the process around it.
func run(ctx context.Context, args []string, std stdio) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "-help" || args[0] == "--help" {
		overview(std.err)
		return 2
	}
	for _, c := range commands() {
		if c.name != args[0] {
			continue
		}
		err := c.run(ctx, args[1:], std)
		switch {
		case err == nil:
			return 0
		case errors.Is(err, errUsage), errors.Is(err, flag.ErrHelp):
			return 2
		}
		_, _ = fmt.Fprintln(std.err, "bokvar "+c.name+": "+sentence(err))
		return 1
	}
	_, _ = fmt.Fprintf(std.err, "bokvar has no command %q.\n\n", args[0])
	overview(std.err)
	return 2
}

func overview(w io.Writer) {
	_, _ = fmt.Fprintln(w, "Use: bokvar COMMAND. The commands are:")
	for _, c := range commands() {
		_, _ = fmt.Fprintln(w, "  bokvar "+c.usage)
	}
}

// sentence is what a person is told of an error.
func sentence(err error) string {
	var known *casework.Error
	if errors.As(err, &known) {
		return known.Sentence
	}
	return err.Error()
}

// flags makes a flag set that prints to standard error.
func flags(name string, std stdio) *flag.FlagSet {
	f := flag.NewFlagSet("bokvar "+name, flag.ContinueOnError)
	f.SetOutput(std.err)
	return f
}

// parse reads the flags and wants exactly n words after them.
func parse(f *flag.FlagSet, args []string, n int) error {
	if err := f.Parse(args); err != nil {
		return errUsage
	}
	if f.NArg() != n {
		_, _ = fmt.Fprintf(f.Output(), "%s wants %d words after its flags and got %d.\n", f.Name(), n, f.NArg())
		f.Usage()
		return errUsage
	}
	return nil
}
