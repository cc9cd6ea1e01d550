package apptest

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// layers is the import table of design section 2, lowest first. A package may
// import its own layer's packages only when the layer says so, and those below.
var layers = []struct {
	packages []string
	together bool // packages of this layer may import each other
}{
	{[]string{"bokvar/sync/wire", "bokvar/sync/rules", "bokvar/sync/merge", "bokvar/sync/server", "bokvar/sync/server/servertest", "bokvar/sync/device"}, true},
	{[]string{"bokvar/internal/casework"}, false},
	{[]string{"bokvar/internal/access", "bokvar/internal/consent", "bokvar/internal/method"}, false},
	{[]string{"bokvar/internal/office"}, false},
	{[]string{"bokvar/internal/seal", "bokvar/internal/audit"}, false},
	{[]string{"bokvar/internal/sqlite", "bokvar/internal/account", "bokvar/internal/alert", "bokvar/internal/live",
		"bokvar/internal/exchange", "bokvar/internal/photo", "bokvar/internal/rescue", "bokvar/internal/oidc", "bokvar/internal/paper", "bokvar/internal/demo", "bokvar/internal/web", "bokvar/static"}, false},
	{[]string{"bokvar/internal/bench"}, false},
	{[]string{"bokvar/cmd/bokvar"}, false},
}

// apart are programs and test helpers that stand outside the product's layers.
var apart = map[string]bool{
	"bokvar/static/bundle":              true, // imports esbuild, and no package of ours
	"bokvar/static/bundle/icons":        true,
	"bokvar/internal/casework/tsgen":    true,
	"bokvar/internal/alert/alerttest":   true, // plays a push service and its browsers, for tests alone
	"bokvar/internal/casework/eidtest":  true, // the exam of a signing service, and one that passes, for tests alone
	"bokvar/internal/oidc/oidctest":     true, // a real provider, for tests alone
	"bokvar/internal/rescue/rescuetest": true, // plays the browsers, for tests alone
	"bokvar/internal/apptest":           true,
	"bokvar/internal/apptest/firefox":   true, // a real Firefox, for tests alone
	"bokvar/internal/apptest/pictures":  true,
	"bokvar/internal/apptest/benchapp":  true,
}

// exceptions are the few imports that the table allows beyond the layers.
var exceptions = map[string]bool{}

type listed struct {
	ImportPath string
	Imports    []string
}

func TestImportsPointOneWay(t *testing.T) {
	level := map[string]int{}
	for i, layer := range layers {
		for _, p := range layer.packages {
			level[p] = i
		}
	}
	seen := 0
	for _, p := range listPackages(t) {
		if apart[p.ImportPath] {
			continue
		}
		from, known := level[p.ImportPath]
		if !known {
			t.Errorf("%s has no place in the import table: give it one in layout_test.go and in docs/ARCHITECTURE.md", p.ImportPath)
			continue
		}
		seen++
		for _, imported := range p.Imports {
			if !strings.HasPrefix(imported, "bokvar/") || exceptions[p.ImportPath+" -> "+imported] {
				continue
			}
			to, known := level[imported]
			switch {
			case !known:
				t.Errorf("%s imports %s, which stands outside the layers", p.ImportPath, imported)
			case to > from, to == from && !layers[from].together:
				t.Errorf("%s imports %s: that points the wrong way", p.ImportPath, imported)
			}
		}
	}
	if seen < 12 {
		t.Fatalf("only %d packages were looked at: is the list empty?", seen)
	}
}

// The engine stands on the standard library alone; esbuild stays out of the server.
func TestOutsideImports(t *testing.T) {
	for _, p := range listPackages(t) {
		for _, imported := range p.Imports {
			outside := strings.Contains(strings.SplitN(imported, "/", 2)[0], ".")
			if strings.HasPrefix(p.ImportPath, "bokvar/sync/") && outside {
				t.Errorf("%s imports %s: the engine uses the standard library alone", p.ImportPath, imported)
			}
			if strings.HasPrefix(imported, "github.com/evanw/esbuild") && !strings.HasPrefix(p.ImportPath, "bokvar/static/bundle") {
				t.Errorf("%s imports esbuild: only static/bundle may", p.ImportPath)
			}
			if strings.HasPrefix(imported, "github.com/mattn/go-sqlite3") && p.ImportPath != "bokvar/internal/sqlite" {
				t.Errorf("%s imports SQLite: only internal/sqlite may", p.ImportPath)
			}
		}
	}
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-tags", "sqlite_fts5", "-json=ImportPath,Imports", "bokvar/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p listed
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	return packages
}
