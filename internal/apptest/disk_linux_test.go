package apptest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/uuid"
)

// The server's disk is really full (a file system of its own, and small): the
// phone says so in plain words and keeps the text; nothing is half written; when
// there is room again the work goes on by itself.
func TestServerDiskFull(t *testing.T) {
	t.Parallel()
	if !mayMount(t) {
		return
	}
	disk := smallDisk(t, 96<<20)
	p := Start(t, filepath.Join(disk, "data"))
	b := Open(t, p.URL, SmallPhone)
	b.SignIn(p, "kim")
	peder := SignIn(t, p, "peder")
	ballast := fillDisk(t, disk)

	visit := b.links("/visit/", 1)[0]
	b.Walk(visit)
	var notes []string
	for field, waits := "Anteckning", false; !waits; field = "Skriv mer" {
		if len(notes) == 5 {
			t.Fatal("five notes found room on a full disk")
		}
		fillLog(t, peder)
		note := fmt.Sprintf("Skrivet medan serverns disk var full, %d.", len(notes))
		notes = append(notes, note)
		b.Fill(field, note)
		b.Tap("Spara anteckning")
		b.See(note)
		b.Walk("/tray")
		b.until("say that there is no room, or that SQLite had begun its log anew and found some", func(shown string) bool {
			waits = strings.Contains(shown, "Servern har inte plats just nu")
			return waits || b.Eval(`document.documentElement.dataset.unsent`) == "0"
		})
		if !waits {
			b.Walk(visit)
		}
	}
	b.See("Servern har inte plats just nu. Vi försöker igen. Texten är kvar på telefonen.", "1 på telefonen")
	status, answer := peder.Upload(t, "/api/imports?partial=0", "late-payers.csv", list(t, p))
	if status != 507 || !strings.Contains(answer, `"disk_full"`) || !strings.Contains(answer, "Inget har sparats") {
		t.Errorf("an import on a full disk is answered with %d %s", status, answer)
	}

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	b.Synced()
	b.NotSee("Servern har inte plats")
	b.See("Sparat hos servern", notes[len(notes)-1])
	once(t, p, notes)
	if status, answer := peder.Upload(t, "/api/imports?partial=0", "late-payers.csv", list(t, p)); status != 200 {
		t.Errorf("with room again an import is answered with %d %s", status, answer)
	}
	verified(t, p)
}

// fillLog writes notes until SQLite's log, which has room of its own from before, is full too.
func fillLog(t *testing.T, who Person) {
	t.Helper()
	household, case_ := anyCase(t, who)
	c, _, err := who.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	full := 0
	for i := 0; full < 3; i++ {
		_, err := c.Push("note", uuid.NewString(), map[string]any{"household": household, "case": case_, "text": strings.Repeat("å", 9000), "at": 1, "by": who.ID})
		switch {
		case err == nil && i > 2000:
			t.Fatal("2000 notes found room on a full disk")
		case err == nil:
			full = 0
		case strings.Contains(err.Error(), "again disk_full"):
			full++
		default:
			t.Fatalf("a full disk is answered with %v", err)
		}
	}
}

// smallDisk is a file system of so many bytes that goes away with the test.
func smallDisk(t *testing.T, bytes int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", bytes)); err != nil {
		t.Fatalf("a small file system: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// fillDisk takes every byte that is left, and answers the file that holds them.
func fillDisk(t *testing.T, disk string) string {
	t.Helper()
	ballast := filepath.Join(disk, "ballast")
	f, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for size := 1 << 20; size > 0; {
		if _, err := f.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else if err != nil {
			t.Fatal(err)
		}
	}
	return ballast
}

// mayMount says whether this process may mount a file system. Where only root
// may, it runs the test again as root of a user namespace of its own.
func mayMount(t *testing.T) bool {
	t.Helper()
	if os.Geteuid() == 0 {
		return true
	}
	again := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	again.Env = append(os.Environ(), "BOKVAR_BINARY="+Binary(t))
	again.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}},
	}
	out, err := again.CombinedOutput()
	if err != nil {
		t.Errorf("in a namespace of its own: %v\n%s", err, out)
	}
	return false
}

// list is the demo's list of late payers.
func list(t *testing.T, p *Program) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(p.Data, "late-payers", "late-payers.csv"))
	if err != nil {
		found, _ := filepath.Glob(filepath.Join(p.Data, "late-payers", "*"))
		t.Fatalf("%v; there is %v", err, found)
	}
	return content
}

// verified stops the program and lets `bokvar verify` look at what it left.
func verified(t *testing.T, p *Program) {
	t.Helper()
	if err := p.Stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	if out, err := exec.Command(Binary(t), "verify", "-data", p.Data).CombinedOutput(); err != nil {
		t.Errorf("bokvar verify: %v\n%s", err, out)
	}
}
