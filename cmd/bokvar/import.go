package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"bokvar/internal/exchange"
)

// importFile leaves a late-payer file as a proposal.
func importFile(_ context.Context, args []string, std stdio) error {
	f := flags("import", std)
	data := f.String("data", defaults().Data, "data folder")
	in := importArgs{}
	f.StringVar(&in.Org, "org", "", "id of the landlord")
	f.StringVar(&in.By, "by", "", "id of the coordinator in whose name it waits (default the first)")
	f.BoolVar(&in.Partial, "partial", false, "the file does not hold everyone who is late")
	if err := parse(f, args, 1); err != nil {
		return err
	}
	file, err := os.Open(f.Arg(0))
	if err != nil {
		return fmt.Errorf("the file cannot be read: %w", err)
	}
	defer func() { _ = file.Close() }()
	if in.Content, err = io.ReadAll(io.LimitReader(file, exchange.MaxFile+1)); err != nil {
		return fmt.Errorf("the file cannot be read: %w", err)
	}
	if len(in.Content) > exchange.MaxFile {
		return errors.New(exchange.TooBig(int64(len(in.Content))).Sentence)
	}
	in.Name = filepath.Base(f.Arg(0))
	waiting, err := perform[exchange.Waiting](*data, "import", in)
	if err != nil {
		return err
	}
	c := waiting.Counts
	_, err = fmt.Fprintf(std.out, "Proposal %s waits for a coordinator: %d rows, %d new, %d changed, %d unchanged, %d gone, %d rejected. Nothing is written yet.\n",
		waiting.ID, c.Rows, c.New, c.Changed, c.Unchanged, c.Gone, c.Rejected)
	return err
}
