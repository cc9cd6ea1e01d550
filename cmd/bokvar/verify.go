package main

import (
	"context"
	"fmt"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/office"
	"bokvar/internal/sqlite"
)

// verify checks the database file, the audit chain with the commits it speaks
// of, that every record opens with its key, that no table holds anything that
// Bokvar did not write, that every consent is what was signed and every picture what came.
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
	_, err := fmt.Fprintf(std.out, "ok: %d records, %d commits, %d rows of the audit chain, %d consents as they were signed, %d pictures as they came; %d commits and pictures erased, each by a certificate.\nhead %s\n",
		v.Records, v.Commits, v.AuditRows, v.Consents, v.Pictures, v.Erased, v.Head)
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
	v, err := o.db.Verify(heads...)
	if err != nil {
		return v, err
	}
	organisations, err := o.db.Organisations()
	if err != nil {
		return v, err
	}
	err = o.db.Facts(func(f casework.Facts) error {
		for _, org := range organisations {
			n, err := office.VerifyConsents(f, org.ID)
			v.Consents += n
			if err != nil {
				return err
			}
		}
		return nil
	})
	return v, err
}
