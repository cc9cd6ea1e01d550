package main

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

var compressible = map[string]bool{".js": true, ".css": true, ".html": true, ".svg": true, ".webmanifest": true, ".txt": true}

// write replaces the content of the folder (but .gitkeep) by the app, with
// .br and .gz beside what can be compressed.
func (a *app) write(dir string) error {
	if err := empty(dir); err != nil {
		return err
	}
	for _, name := range a.names() {
		content := a.files[name]
		if err := put(dir, name, content); err != nil {
			return err
		}
		if !compressible[path.Ext(name)] {
			continue
		}
		if err := put(dir, name+".br", brotlied(content)); err != nil {
			return err
		}
		if err := put(dir, name+".gz", gzipped(content)); err != nil {
			return err
		}
	}
	return nil
}

func empty(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == ".gitkeep" {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

func put(dir, name string, content []byte) error {
	to := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o644)
}

func brotlied(content []byte) []byte {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, brotli.BestCompression)
	_, _ = w.Write(content) // a buffer takes everything
	_ = w.Close()
	return out.Bytes()
}

func gzipped(content []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is valid
	_, _ = w.Write(content)
	_ = w.Close()
	return out.Bytes()
}

// weight is what is fetched, in bytes of JS and CSS after brotli.
type weight struct {
	phone int // until a caretaker sees the day, in one language
	desk  int // until a coordinator sees the cases
	all   int // all screens in all languages, kept for offline work in the background
}

func (w weight) String() string {
	kB := func(n int) float64 { return float64(n) / 1000 }
	return fmt.Sprintf("JS and CSS, brotli: %.1f kB until a phone shows the day, %.1f kB until a desk shows the cases, %.1f kB in all", kB(w.phone), kB(w.desk), kB(w.all))
}

var (
	phoneFirst = []string{"src/areas/phone.ts", "src/text/phone.sv.ts"}
	deskFirst  = []string{"src/areas/desk.ts", "src/text/phone.sv.ts", "src/text/desk.sv.ts"}
)

func (a *app) sizes() weight {
	var w weight
	phone, desk := a.needs(phoneFirst...), a.needs(deskFirst...)
	for _, name := range a.names() {
		if ext := path.Ext(name); ext != ".js" && ext != ".css" {
			continue
		}
		n := len(brotlied(a.files[name]))
		w.all += n
		always := slices.Contains(a.initial, name) || strings.HasPrefix(name, "assets/journal.worker-")
		if always || slices.Contains(phone, name) {
			w.phone += n
		}
		if always || slices.Contains(desk, name) {
			w.desk += n
		}
	}
	return w
}
