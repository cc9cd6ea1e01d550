// Package static holds the app as it is sent to phones and desks.
//
// The files under dist are made by the bundle tool and are not committed. The
// package compiles without them; [Ready] tells what to run then.
package static

import (
	"embed"
	"errors"
	"io/fs"
)

//go:generate go run ./bundle

//go:embed all:dist
var dist embed.FS

// Files is the bundled app: index.html, sw.js, manifest.webmanifest, assets/
// (names carry a hash of the content, so they may be kept for ever) and icons/.
// Beside what can be compressed lies the same with .br and .gz added to its name.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil { // only an invalid name fails, and "dist" is valid
		panic(err)
	}
	return files
}

// Vendor lists what of others is inside the app: name, version, licence and hash of
// each module, as JSON.
//
//go:embed vendor/VENDOR.json
var Vendor []byte

// Ready is nil when the app has been bundled, and otherwise says what to run.
func Ready() error {
	if _, err := fs.Stat(dist, "dist/index.html"); err != nil {
		return errors.New("the app is not bundled: run `go generate ./static` (or `make build`) and build again")
	}
	return nil
}
