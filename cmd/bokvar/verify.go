package main

import (
	"context"
	"fmt"

	"bokvar/internal/sqlite"
)

// verify checks the database file, the audit chain, and that every record opens with its key.
func verify(_ context.Context, args []string, std stdio) error {
	f := flags("verify", std)
	data := f.String("data", defaults().Data, "data folder")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	v, err := perform[sqlite.Verified](*data, "verify", nothing{})
	if err != nil {
		return err
	}
	return showVerified(std, v)
}

func showVerified(std stdio, v sqlite.Verified) error {
	_, err := fmt.Fprintf(std.out, "ok: %d records, %d commits, %d rows of the audit chain.\n", v.Records, v.Commits, v.AuditRows)
	return err
}
