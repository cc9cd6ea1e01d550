// Pictures makes the screenshots that the README shows, and with -all every
// screen at every size, light and dark, to look at while working.
//
//	go run ./internal/apptest/pictures [-all [-only enrol]] [-dir docs/screenshots]
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bokvar/internal/apptest"
)

// shot is one screen of one person in the README.
type shot struct {
	name, person, path string
	size               apptest.Screen
}

var shots = []shot{
	{"today", "kim", "/", apptest.SmallPhone},
	{"visit", "kim", "first visit", apptest.SmallPhone},
	{"cases", "jonna", "/cases", apptest.Desk},
}

func main() {
	all := flag.Bool("all", false, "every view, at every size, light and dark")
	only := flag.String("only", "", "with -all: only views whose names begin so")
	dir := flag.String("dir", "docs/screenshots", "where to")
	flag.Parse()
	out := &apptest.Outside{}
	defer out.Close()
	if err := os.MkdirAll(*dir, 0o755); err != nil {
		out.Fatalf("%v", err)
	}
	program := apptest.Start(out, "")
	if *all {
		apptest.Views = slices.DeleteFunc(apptest.Views, func(v apptest.View) bool { return !strings.HasPrefix(v.Name, *only) })
		apptest.Album(out, program, *dir)
		return
	}
	browsers := map[string]*apptest.Browser{}
	for _, s := range shots {
		b := browsers[s.person]
		if b == nil {
			b = apptest.Open(out, program.URL, s.size)
			b.SignIn(program, s.person)
			browsers[s.person] = b
		}
		b.Go(path(b, s.path))
		b.Synced()
		file := filepath.Join(*dir, s.name+".png")
		if err := os.WriteFile(file, b.Picture(false), 0o644); err != nil {
			out.Fatalf("%v", err)
		}
		fmt.Println(file)
	}
}

// path finds the first visit by the links that the person sees.
func path(b *apptest.Browser, p string) string {
	if p != "first visit" {
		return p
	}
	b.Go("/")
	b.Synced()
	return b.Eval(`(document.querySelector('main a[href^="/visit/"]') || {}).pathname || '/'`)
}
