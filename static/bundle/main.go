// Command bundle makes static/dist from the app's sources, with esbuild.
//
// # Use
//
// `go generate ./static` runs it in static/. It fails on the first error of any
// file and prints what a phone must fetch. Flags for developers:
//
//	-out DIR              write there instead of dist
//	-dev ADDR             serve the dev page (made-up records, no server), bundled anew at every load
//	-test DIR             bundle src/**/*.test.ts for `node --test` into DIR
//	-vendor NODE_MODULES  take the vendored modules anew from an npm install
//
// # What this is not
//
// It is no part of the server: this is the only package that imports esbuild.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("out", "dist", "folder to write")
	dev := flag.String("dev", "", "serve the dev page on this address")
	test := flag.String("test", "", "bundle the tests into this folder")
	modules := flag.String("vendor", "", "take the vendored modules from this node_modules")
	flag.Parse()
	if err := run(*out, *dev, *test, *modules); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

func run(out, dev, test, modules string) error {
	switch {
	case modules != "":
		return takeVendor(modules)
	case dev != "":
		return serveDev(dev)
	case test != "":
		return bundleTests(test)
	}
	app, err := bundleApp(false)
	if err != nil {
		return err
	}
	if err := app.write(out); err != nil {
		return err
	}
	fmt.Println(app.sizes())
	return nil
}
