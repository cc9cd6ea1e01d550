package main

import (
	"context"
	"fmt"
	"os"

	"bokvar/internal/seal"
	"bokvar/internal/sqlite"
)

// restore begins a data folder from a copy. The folder may hold keys, and no
// database. Devices notice the new generation, fetch everything anew, and send
// again what the copy lacks.
func restore(_ context.Context, args []string, std stdio) error {
	f := flags("restore", std)
	data := f.String("data", defaults().Data, "data folder")
	if err := parse(f, args, 1); err != nil {
		return err
	}
	lock, err := lockFolder(*data)
	if err != nil {
		return err
	}
	master, err := seal.Master(os.Getenv)
	if err == nil {
		err = sqlite.Restore(f.Arg(0), *data, master)
	}
	if closed := lock.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	v, err := perform[sqlite.Verified](*data, "verify", []string{})
	if err != nil {
		return fmt.Errorf("the copy is in place, but does not hold: %w", err)
	}
	return showVerified(std, v)
}
