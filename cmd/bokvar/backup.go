package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// backup writes a copy of the database. The keys are not in it: keep the folder
// "keys" of the data folder somewhere else.
func backup(_ context.Context, args []string, std stdio) error {
	f := flags("backup", std)
	data := f.String("data", defaults().Data, "data folder")
	if err := parse(f, args, 1); err != nil {
		return err
	}
	to, err := filepath.Abs(f.Arg(0)) // the server may have another working folder
	if err != nil {
		return err
	}
	if _, err := os.Lstat(to); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is there already; a backup never overwrites", to)
	}
	if _, err := perform[nothing](*data, "backup", to); err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "The database is in %s. Without %s it cannot be read: keep a copy of that folder, in another place.\n", to, filepath.Join(*data, "keys"))
	return err
}
