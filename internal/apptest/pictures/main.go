// Pictures makes the screenshots that the README shows, and with -all every
// screen at every size, light and dark, to look at while working.
//
//	go run ./internal/apptest/pictures [-all] [-dir docs/screenshots]
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"bokvar/internal/apptest"
)

// shot is one screen of one person.
type shot struct {
	name, person, path string
	readme             bool
	size               apptest.Screen
}

var shots = []shot{
	{"today", "kim", "/", true, apptest.SmallPhone},
	{"visit", "kim", "first visit", true, apptest.SmallPhone},
	{"inbox", "kim", "/inbox", false, apptest.SmallPhone},
	{"acute", "kim", "/acute", false, apptest.SmallPhone},
	{"more", "kim", "/more", false, apptest.SmallPhone},
	{"tray", "kim", "/tray", false, apptest.SmallPhone},
	{"unplanned", "kim", "/unplanned", false, apptest.SmallPhone},
	{"consent", "kim", "first consent", false, apptest.SmallPhone},
	{"cases", "jonna", "/cases", true, apptest.Desk},
	{"case", "jonna", "first case", false, apptest.Desk},
	{"import", "jonna", "/import", false, apptest.Desk},
	{"plan", "jonna", "/plan", false, apptest.Desk},
	{"inbox-desk", "jonna", "/inbox", false, apptest.Desk},
	{"why-rules", "jonna", "/why/rules", false, apptest.Desk},
	{"cases-social", "samira", "/cases", false, apptest.Desk},
	{"notice", "samira", "/notice/new", false, apptest.Desk},
}

func main() {
	all := flag.Bool("all", false, "every screen, at every size, light and dark")
	dir := flag.String("dir", "docs/screenshots", "where to")
	flag.Parse()
	out := &apptest.Outside{}
	if err := os.MkdirAll(*dir, 0o755); err != nil {
		out.Fatalf("%v", err)
	}
	program := apptest.Start(out, "")
	browsers := map[string]*apptest.Browser{}
	for _, s := range shots {
		if !s.readme && !*all {
			continue
		}
		b := browsers[s.person]
		if b == nil {
			b = apptest.Open(out, program.URL, s.size)
			b.SignIn(program, s.person)
			browsers[s.person] = b
		}
		take(b, s, *dir, *all)
	}
	out.Close()
}

func take(b *apptest.Browser, s shot, dir string, all bool) {
	sizes := map[string]apptest.Screen{"": s.size}
	if all {
		phone, phoneDark, desk, deskDark := apptest.SmallPhone, apptest.SmallPhone, apptest.Desk, apptest.Desk
		phoneDark.Dark, deskDark.Dark = true, true
		sizes = map[string]apptest.Screen{"-360": phone, "-360-dark": phoneDark, "-1280": desk, "-1280-dark": deskDark}
	}
	for suffix, size := range sizes {
		b.Resize(size)
		b.Go(path(b, s.path))
		b.Synced()
		file := filepath.Join(dir, s.name+suffix+".png")
		if err := os.WriteFile(file, b.Picture(all), 0o644); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(file)
	}
}

// path finds the first thing of a kind by the links that the person sees.
func path(b *apptest.Browser, p string) string {
	find := func(list, selector string) string {
		b.Go(list)
		b.Synced()
		return b.Eval(`(document.querySelector(` + selector + `) || {}).pathname || '/'`)
	}
	switch p {
	case "first visit":
		return find("/", `'main a[href^="/visit/"]'`)
	case "first consent":
		return find("/", `'main a[href^="/visit/"]'`) + "/consent"
	case "first case":
		return find("/cases", `'main a[href^="/case/"]'`)
	}
	return p
}
