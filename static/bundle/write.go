package main

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"

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

// weight is what a phone fetches, in bytes after brotli.
type weight struct{ initial, all int }

func (w weight) String() string {
	return fmt.Sprintf("JS and CSS, brotli: first screen %.1f kB, everything %.1f kB", float64(w.initial)/1000, float64(w.all)/1000)
}

func (a *app) sizes() weight {
	var w weight
	for _, name := range a.names() {
		if ext := path.Ext(name); ext != ".js" && ext != ".css" {
			continue
		}
		n := len(brotlied(a.files[name]))
		w.all += n
		if slices.Contains(a.initial, name) {
			w.initial += n
		}
	}
	return w
}
