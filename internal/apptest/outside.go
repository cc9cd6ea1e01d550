package apptest

import (
	"fmt"
	"os"
)

// Outside lets a command use the helpers that tests use: it ends the program
// where a test would fail.
type Outside struct {
	cleanups []func()
	dirs     []string
}

// Helper does nothing outside a test.
func (o *Outside) Helper() {}

// Fatalf says what went wrong, cleans up and ends the program.
func (o *Outside) Fatalf(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	o.Close()
	os.Exit(1)
}

// Logf says something on the way.
func (o *Outside) Logf(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// Cleanup runs f at Close, last first.
func (o *Outside) Cleanup(f func()) { o.cleanups = append(o.cleanups, f) }

// TempDir is a folder that goes away at Close.
func (o *Outside) TempDir() string {
	dir, err := os.MkdirTemp("", "bokvar-outside-")
	if err != nil {
		o.Fatalf("%v", err)
	}
	o.dirs = append(o.dirs, dir)
	return dir
}

// Close ends what was started and removes what was made.
func (o *Outside) Close() {
	for i := len(o.cleanups) - 1; i >= 0; i-- {
		o.cleanups[i]()
	}
	for _, dir := range o.dirs {
		_ = os.RemoveAll(dir)
	}
	EndRun()
}
