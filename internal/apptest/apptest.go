// Package apptest runs the real program and a real browser for tests, the
// pictures of the README and the phone's figures.
//
// Nothing here pretends: the server is the built binary as a process of its own,
// the browser is Chromium, and "no coverage" is a TCP proxy that closes its door
// ([Link.Cut]). A missing browser is a failure, never a skip.
package apptest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// TB is what the helpers need of a test, so that commands can use them too.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
	Cleanup(func())
	TempDir() string
}

// Patience is how long a person would wait before something is called broken.
// Nothing is asserted about speed: it only ends a wait that will never succeed.
const Patience = 45 * time.Second

// Retry calls f until it returns nil, and fails with the last reason when
// Patience is over.
func Retry(tb TB, what string, f func() error) {
	tb.Helper()
	if err := RetryFor(Patience, f); err != nil {
		tb.Fatalf("%s: %v", what, err)
	}
}

// RetryFor is Retry with an end of its own, and the reason as an error.
func RetryFor(limit time.Duration, f func() error) error {
	deadline := time.Now().Add(limit)
	for {
		err := f()
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("still not after %s: %w", limit, err)
		}
		time.Sleep(40 * time.Millisecond)
	}
}

var build struct {
	sync.Once
	path string
	err  error
}

// ofRun are the folders that outlive a test, and go with the run.
var ofRun struct {
	sync.Mutex
	folders []string
}

// folderOfRun makes one.
func folderOfRun(prefix string) (string, error) {
	dir, err := os.MkdirTemp("", prefix)
	if err == nil {
		ofRun.Lock()
		defer ofRun.Unlock()
		ofRun.folders = append(ofRun.folders, dir)
	}
	return dir, err
}

// EndRun removes what tests have shared; nothing can be started after it.
func EndRun() {
	ofRun.Lock()
	defer ofRun.Unlock()
	for _, dir := range ofRun.folders {
		_ = os.RemoveAll(dir)
	}
}

// Binary builds the program once per run, with the app inside, and returns its path.
// BOKVAR_BINARY names one that is built already.
func Binary(tb TB) string {
	tb.Helper()
	build.Do(func() {
		if build.path = os.Getenv("BOKVAR_BINARY"); build.path != "" {
			return
		}
		root, err := Root()
		if err != nil {
			build.err = err
			return
		}
		dir, err := folderOfRun("bokvar-binary-")
		if err != nil {
			build.err = err
			return
		}
		build.path = filepath.Join(dir, "bokvar")
		for _, args := range [][]string{
			{"generate", "./static"},
			{"build", "-tags", "sqlite_fts5", "-o", build.path, "./cmd/bokvar"},
		} {
			cmd := exec.Command("go", args...)
			cmd.Dir = root
			if out, err := cmd.CombinedOutput(); err != nil {
				build.err = fmt.Errorf("go %s: %w\n%s", args[0], err, out)
				return
			}
		}
	})
	if build.err != nil {
		tb.Fatalf("%v", build.err)
	}
	return build.path
}

// Root is the folder of go.mod.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the working folder")
		}
		dir = parent
	}
}
