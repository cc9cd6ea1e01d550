package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"time"
)

// healthy asks a running server how it is: for a container's HEALTHCHECK, which
// has no shell and no curl.
func healthy(ctx context.Context, args []string, std stdio) error {
	flags := flag.NewFlagSet("bokvar healthy", flag.ContinueOnError)
	flags.SetOutput(std.err)
	addr := flags.String("addr", defaults().Addr, "where the server listens")
	if err := flags.Parse(args); err != nil {
		return errUsage
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+*addr+"/readyz", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("no server answers at %s: %w", *addr, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the server at %s is not ready: %s", *addr, resp.Status)
	}
	fmt.Fprintln(std.out, "ready")
	return nil
}
