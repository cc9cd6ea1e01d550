package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// showVersion says which version this is and what built it.
func showVersion(_ context.Context, args []string, std stdio) error {
	if err := parse(flags("version", std), args, 0); err != nil {
		return err
	}
	revision := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				revision = " (" + s.Value[:12] + ")"
			}
		}
	}
	_, err := fmt.Fprintf(std.out, "bokvar %s%s, %s\n", version, revision, runtime.Version())
	return err
}
