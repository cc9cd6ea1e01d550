package main

import (
	"bytes"
	"encoding/json"
	"image/png"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

func bundled(t *testing.T) *app {
	t.Helper()
	t.Chdir("..")
	a, err := bundleApp(false)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// The app is fetched on bad networks. What a person waits for is the first screen;
// the rest comes in the background, for offline work.
func TestSizes(t *testing.T) {
	w := bundled(t).sizes()
	t.Log(w)
	if w.phone > 60_000 || w.desk > 60_000 {
		t.Errorf("the first screen needs %d bytes on a phone, %d at a desk; 60,000 are allowed", w.phone, w.desk)
	}
	if w.all > 260_000 {
		t.Errorf("everything is %d bytes; 260,000 are allowed", w.all)
	}
}

// On a slow phone every file costs, even from its own cache. What several files
// share is one file (gather.go); without that it was a dozen.
func TestTheFirstScreenIsFewFiles(t *testing.T) {
	a := bundled(t)
	if len(a.initial) > 3 {
		t.Errorf("the first screen starts with %q", a.initial)
	}
	if phone := a.needs("src/areas/phone.ts"); len(phone) > 8 {
		t.Errorf("the phone's day needs %q", phone)
	}
}

func TestTheSameSourcesMakeTheSameFiles(t *testing.T) {
	a := bundled(t)
	b, err := bundleApp(false)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(b.names(), "\n"), strings.Join(a.names(), "\n"); got != want {
		t.Fatalf("other files:\n%s\nbefore:\n%s", got, want)
	}
	for _, name := range a.names() {
		if !bytes.Equal(a.files[name], b.files[name]) {
			t.Errorf("%s differs", name)
		}
	}
}

// The content policy forbids whatever is inline.
func TestThePageHasNothingInline(t *testing.T) {
	page := string(bundled(t).files["index.html"])
	for _, inline := range []string{"<style", "style=", "javascript:", "%S", "%P", "%V"} {
		if strings.Contains(page, inline) {
			t.Errorf("index.html has %q", inline)
		}
	}
	if regexp.MustCompile(`<script[^>]*>[^<]`).MatchString(page) || regexp.MustCompile(`\son\w+=`).MatchString(page) {
		t.Error("index.html has an inline script")
	}
	if !strings.Contains(page, `<symbol id="i-home"`) {
		t.Error("index.html has no icons")
	}
}

func TestTheShellIsTheWholeApp(t *testing.T) {
	a := bundled(t)
	worker := string(a.files["sw.js"])
	for _, name := range a.names() {
		if name == "sw.js" || name == "index.html" || strings.HasPrefix(name, "assets/licences-") {
			continue
		}
		if !strings.Contains(worker, `"/`+name+`"`) {
			t.Errorf("the service worker does not keep %s: it would be missing offline", name)
		}
	}
	for name := range a.files {
		if strings.Contains(string(a.files[name]), "Made-up records for the dev page") {
			t.Errorf("%s holds the dev page's town", name)
		}
	}
}

func TestManifest(t *testing.T) {
	a := bundled(t)
	var manifest struct {
		Name    string `json:"name"`
		Lang    string `json:"lang"`
		Start   string `json:"start_url"`
		Display string `json:"display"`
		Icons   []struct{ Src, Sizes, Type, Purpose string }
	}
	if err := json.Unmarshal(a.files["manifest.webmanifest"], &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest.Name != "Bokvar" || manifest.Lang != "sv" || manifest.Start != "/" || manifest.Display != "standalone" {
		t.Errorf("the manifest says %+v", manifest)
	}
	have := map[string]bool{}
	for _, icon := range manifest.Icons {
		have[icon.Purpose+icon.Sizes] = true
		content := a.files[strings.TrimPrefix(icon.Src, "/")]
		if icon.Type != "image/png" {
			if len(content) == 0 {
				t.Errorf("%s is missing", icon.Src)
			}
			continue
		}
		config, err := png.DecodeConfig(bytes.NewReader(content))
		if err != nil {
			t.Errorf("%s: %v", icon.Src, err)
			continue
		}
		if size, _, _ := strings.Cut(icon.Sizes, "x"); size != itoa(config.Width) || config.Width != config.Height {
			t.Errorf("%s is %dx%d, the manifest says %s", icon.Src, config.Width, config.Height, icon.Sizes)
		}
	}
	for _, needed := range []string{"any192x192", "any512x512", "maskable512x512"} {
		if !have[needed] {
			t.Errorf("no icon for %s", needed)
		}
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

// Building needs no Node, so the vendored files must be those that the type
// check, which does use npm, looks at.
func TestVendoredVersionsAreThoseOfTheLock(t *testing.T) {
	t.Chdir("..")
	list, err := readVendor()
	if err != nil || len(list) == 0 {
		t.Fatalf("%d modules, %v", len(list), err)
	}
	if err := checkVendor(list); err != nil {
		t.Error(err)
	}
	var wanted struct{ DevDependencies map[string]string }
	var lock struct {
		Packages map[string]struct{ Version, Integrity, Resolved string }
	}
	read(t, "package.json", &wanted)
	read(t, "package-lock.json", &lock)
	for _, v := range list {
		if got := wanted.DevDependencies[v.Module]; got != v.Version {
			t.Errorf("package.json has %s %q, vendor/ has %q", v.Module, got, v.Version)
		}
		locked := lock.Packages["node_modules/"+v.Module]
		if locked.Version != v.Version || locked.Integrity == "" {
			t.Errorf("package-lock.json has %s %+v, vendor/ has %q", v.Module, locked, v.Version)
		}
		if v.Licence == "" || v.SHA256["LICENSE"] == "" {
			t.Errorf("%s has no licence", v.Module)
		}
	}
	for name, p := range lock.Packages {
		if p.Resolved != "" {
			t.Errorf("package-lock.json names the registry of %s: see .npmrc", name)
		}
	}
}

func read(t *testing.T, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func TestTheDevPageBundles(t *testing.T) {
	t.Chdir("..")
	if _, err := bundleApp(true); err != nil {
		t.Fatal(err)
	}
}

func TestWriteKeepsTheFolderAndNothingOld(t *testing.T) {
	a := bundled(t)
	dir := t.TempDir()
	for _, old := range []string{".gitkeep", "old.js"} {
		if err := os.WriteFile(path.Join(dir, old), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.write(dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{".gitkeep": true, "old.js": false, "index.html": true, "index.html.br": true, "sw.js.gz": true, "icons/icon-192.png": true, "icons/icon-192.png.br": false} {
		if _, err := os.Stat(path.Join(dir, name)); (err == nil) != want {
			t.Errorf("%s: there=%v, want %v", name, err == nil, want)
		}
	}
}
