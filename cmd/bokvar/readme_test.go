package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Each bokvar command in the README is run, in a folder of its own, as it stands there.
func TestReadmeCommands(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`(?m)^\./bin/bokvar (.+)$`).FindAllStringSubmatch(string(readme), -1)
	if len(lines) < 4 {
		t.Fatalf("only %d commands in the README", len(lines))
	}
	dir := t.TempDir()
	for _, line := range lines {
		args := shellWords(line[1])
		for i := range args {
			args[i] = strings.ReplaceAll(args[i], "/var/lib/bokvar", filepath.Join(dir, "data"))
			args[i] = strings.ReplaceAll(args[i], "/var/backups", dir)
		}
		serving := args[0] == "serve"
		if serving { // the real one listens on :443 of a name; here it only has to start
			args = []string{"serve", "-data", filepath.Join(dir, "data"), "-addr", "127.0.0.1:0"}
		}
		ctx, cancel := context.WithCancel(context.Background())
		var out bytes.Buffer
		if serving {
			ctx, cancel = context.WithTimeout(context.Background(), time.Second)
		}
		if code := run(ctx, args, stdio{&out, &out}); code != 0 {
			t.Errorf("bokvar %s: exit %d\n%s", strings.Join(args, " "), code, out.String())
		}
		cancel()
	}
}

// shellWords splits a command line as a shell would, quotes only.
func shellWords(line string) []string {
	var out []string
	for _, m := range regexp.MustCompile(`"([^"]*)"|(\S+)`).FindAllStringSubmatch(line, -1) {
		out = append(out, m[1]+m[2])
	}
	return out
}

func TestMakefileHasTheTwoCommands(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join("..", "..", "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"demo:", "test:", "build:", "bench:", "bench-app:", "soak:"} {
		if !strings.Contains(string(makefile), "\n"+target) {
			t.Errorf("the Makefile has no %s", target)
		}
	}
}
