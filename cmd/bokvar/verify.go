package main

import (
	"context"
	"fmt"

	"bokvar/internal/audit"
	"bokvar/internal/sqlite"
)

// verify checks the database file, the audit chain with the commits it speaks
// of, that every record opens with its key, and that no table holds anything that
// Bokvar did not write.
func verify(_ context.Context, args []string, std stdio) error {
	f := flags("verify", std)
	data := f.String("data", defaults().Data, "data folder")
	var heads []string
	f.Func("head", "a head of the log that was printed earlier; can be given several times", func(s string) error {
		if _, err := audit.ParseHead(s); err != nil {
			return err
		}
		heads = append(heads, s)
		return nil
	})
	if err := parse(f, args, 0); err != nil {
		return err
	}
	v, err := perform[sqlite.Verified](*data, "verify", heads)
	if err != nil {
		return err
	}
	return showVerified(std, v)
}

func showVerified(std stdio, v sqlite.Verified) error {
	_, err := fmt.Fprintf(std.out, "ok: %d records, %d commits, %d rows of the audit chain.\nhead %s\n", v.Records, v.Commits, v.AuditRows, v.Head)
	return err
}

func verifyAll(o *core, printed []string) (sqlite.Verified, error) {
	var heads []audit.Head
	for _, s := range printed {
		h, err := audit.ParseHead(s)
		if err != nil {
			return sqlite.Verified{}, err
		}
		heads = append(heads, h)
	}
	return o.db.Verify(heads...)
}
