// Tsgen writes the app's types from casework's Schema and shapes, so that the
// app and the server cannot mean different things. Run it by
// `go generate ./internal/casework`; a test says when that was forgotten.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("out", "", "file to write; empty: standard output")
	tongues := flag.String("tongues", "", "file to write with the languages of a consent")
	grounds := flag.String("grounds", "", "file to write with the grounds of a disclosure")
	flag.Parse()
	source, err := generate()
	if err == nil {
		if *out == "" {
			_, err = os.Stdout.Write(source)
		} else {
			err = os.WriteFile(*out, source, 0o644)
		}
	}
	if err == nil && *tongues != "" {
		err = os.WriteFile(*tongues, generateTongues(), 0o644)
	}
	if err == nil && *grounds != "" {
		err = os.WriteFile(*grounds, generateGrounds(), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "tsgen:", err)
		os.Exit(1)
	}
}
