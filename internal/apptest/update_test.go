package apptest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// A new version of the app waits while something is begun in any tab, and comes
// by itself when the app is put away; one that turns out broken (it does not even
// start) is withdrawn by the server, and the phone is well again at the next look,
// with everything that was written on it.
func TestAppUpdatesAndWithdrawal(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	good := version(t, p)
	b := Open(t, p.URL, SmallPhone)
	b.SignIn(p, "kim")
	visits := b.links("/visit/", 2)
	visit := visits[0]
	b.Walk(visit)
	b.running(good)
	const draft = "Halvskrivet när den nya versionen kom."
	b.Fill("Anteckning", draft)
	b.See("På telefonen")
	other := b.Tab()
	other.joins(visits[1])
	other.Fill("Anteckning", "Halvskrivet i den andra fliken.")
	other.See("På telefonen")

	newer, newVersion := newerApp(t, good)
	p.Kill()
	p.UseBinary(newer)
	p.Again()
	b.asksForUpdate()
	b.putAway()
	b.stays(good) // a note is half written in it
	b.Eval(`[...document.querySelectorAll('button')].find(e => e.innerText.trim() === 'Spara anteckning').click()`)
	b.Synced()
	b.putAway()
	b.stays(good) // a note is half written in the other tab
	other.Walk("/more")
	other.See("En ny version väntar")
	other.Walk(visits[1])
	other.Fill("Anteckning", "")
	b.putAway()
	b.running(newVersion)
	b.See(draft)
	other.joins("/more")
	other.running(newVersion)

	broken, brokenVersion := variant(t, good, true)
	p.Kill()
	p.UseBinary(broken)
	p.Again()
	b.asksForUpdate()
	b.putAway()
	Retry(t, "the broken version has come", func() error {
		shown, err := b.eval(text) // the page is replaced meanwhile: it may not answer
		if err == nil && shown != "" {
			err = fmt.Errorf("the screen still says %.80s", shown)
		}
		return err
	})

	p.Kill()
	p.UseBinary(newer)
	p.Again("-withdrawn", brokenVersion)
	b.Load(visit) // the person opens the app again: nothing else is needed
	b.running(newVersion)
	other.Passphrase = b.Passphrase
	other.Go(visit) // the tab in front: one that is put away draws nothing
	other.running(newVersion)
	other.Synced()
	other.See(draft)

	p.Kill() // who serves what is withdrawn is told so
	out, err := exec.Command(broken, "demo", "-addr", "127.0.0.1:0", "-data", t.TempDir(), "-withdrawn", brokenVersion).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "is withdrawn") {
		t.Errorf("a program that serves a withdrawn app says %v %s", err, out)
	}
}

// asksForUpdate makes the browser look for a new version, as it does now and then.
func (b *Browser) asksForUpdate() {
	b.tb.Helper()
	b.Eval(`navigator.serviceWorker.getRegistration().then(r => r.update()).then(() => 0, () => 0)`)
	Retry(b.tb, "a new version waits", func() error {
		waits, err := b.eval(`navigator.serviceWorker.getRegistration().then(r => !!r.waiting)`)
		if err == nil && waits != "true" {
			err = fmt.Errorf("not yet")
		}
		return err
	})
}

// putAway is what happens when a person goes to another app.
func (b *Browser) putAway() {
	b.tb.Helper()
	b.Freeze()
	b.Thaw()
	Retry(b.tb, "the app is put away", func() error {
		if v, err := b.eval(`document.visibilityState`); err != nil || v != "hidden" {
			return fmt.Errorf("it is %s (%v)", v, err)
		}
		return nil
	})
	b.Eval(`document.dispatchEvent(new Event('visibilitychange'))`) // one that came while it stood still is lost
}

// stays gives the page more time than it needs to look around, and sees that it
// is still of the version.
func (b *Browser) stays(version string) {
	b.tb.Helper()
	b.Eval(`new Promise(done => setTimeout(done, 2000))`)
	b.running(version)
}

// running waits until the page that is open is of the version.
func (b *Browser) running(version string) {
	b.tb.Helper()
	Retry(b.tb, "version "+version+" runs", func() error {
		v, err := b.evalWithin(Patience/10, `(document.querySelector('meta[name=version]') || {}).content || ''`)
		if err == nil && v != version {
			err = fmt.Errorf("it is %s", v)
		}
		return err
	})
}

var versionMeta = regexp.MustCompile(`<meta name="version" content="([^"]+)">`)

func version(t *testing.T, p *Program) string {
	t.Helper()
	resp, err := http.Get(p.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	out, err := io.ReadAll(resp.Body)
	found := versionMeta.FindSubmatch(out)
	if err != nil || found == nil {
		t.Fatalf("the page says no version (%v): %.200s", err, out)
	}
	return string(found[1])
}

var newer struct {
	sync.Mutex
	path, version string
}

// newerApp is the program with a newer version of the app, built once a run.
func newerApp(t *testing.T, good string) (binary, version string) {
	t.Helper()
	newer.Lock()
	defer newer.Unlock()
	if newer.path != "" {
		return newer.path, newer.version
	}
	path, version := variant(t, good, false)
	dir, err := folderOfRun("bokvar-newer-") // the first test's own folder goes with it
	if err == nil {
		err = os.Rename(path, filepath.Join(dir, "bokvar"))
	}
	if err != nil {
		t.Fatal(err)
	}
	newer.path, newer.version = filepath.Join(dir, "bokvar"), version
	return newer.path, newer.version
}

// variant builds the program with another version of the app: the same one under
// another name, or one whose page never starts.
func variant(t *testing.T, good string, broken bool) (binary, version string) {
	t.Helper()
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	version = "newer" + good[:7]
	if broken {
		version = "broken" + good[:6]
	}
	replace := map[string]string{}
	for _, name := range []string{"index.html", "sw.js"} {
		content, err := os.ReadFile(filepath.Join(root, "static", "dist", name))
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.ReplaceAll(string(content), good, version)
		if broken && name == "index.html" {
			changed = regexp.MustCompile(`<script[^>]*></script>`).ReplaceAllString(changed, "")
		}
		if changed == string(content) {
			t.Fatalf("%s does not name the version %s", name, good)
		}
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(root, "static", "dist", name)] = file
		for _, twin := range []string{".br", ".gz"} {
			if _, err := os.Stat(filepath.Join(root, "static", "dist", name+twin)); err == nil {
				replace[filepath.Join(root, "static", "dist", name+twin)] = ""
			}
		}
	}
	overlay := filepath.Join(dir, "overlay.json")
	encoded, _ := json.Marshal(map[string]any{"Replace": replace})
	if err := os.WriteFile(overlay, encoded, 0o600); err != nil {
		t.Fatal(err)
	}
	binary = filepath.Join(dir, "bokvar")
	build := exec.Command("go", "build", "-tags", "sqlite_fts5", "-overlay", overlay, "-o", binary, "./cmd/bokvar")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", version, err, out)
	}
	return binary, version
}
