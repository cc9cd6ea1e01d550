package seal

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func open(t *testing.T, dir string) *Ring {
	t.Helper()
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func TestSealedAndOpenedAfterRestart(t *testing.T) {
	dir := t.TempDir()
	r := open(t, dir)
	sealed, err := r.Seal("org", "root", "org|id|note", []byte("hemligt"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("hemligt")) {
		t.Fatal("the text stands in clear")
	}
	if err := r.Sync(); err != nil {
		t.Fatal(err)
	}
	plain, err := open(t, dir).Open("org", "root", "org|id|note", sealed)
	if err != nil || string(plain) != "hemligt" {
		t.Fatalf("opened %q, %v", plain, err)
	}
}

func TestSealedForOnePlaceOnly(t *testing.T) {
	r := open(t, t.TempDir())
	sealed, _ := r.Seal("org", "root", "a", []byte("x"))
	if _, err := r.Seal("org", "other", "a", []byte("x")); err != nil {
		t.Fatal(err)
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for name, try := range map[string]func() ([]byte, error){
		"other aad":  func() ([]byte, error) { return r.Open("org", "root", "b", sealed) },
		"other root": func() ([]byte, error) { return r.Open("org", "other", "a", sealed) },
		"changed":    func() ([]byte, error) { return r.Open("org", "root", "a", changed) },
		"too short":  func() ([]byte, error) { return r.Open("org", "root", "a", sealed[:5]) },
	} {
		if _, err := try(); !errors.Is(err, ErrTampered) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.Open("org", "never", "a", sealed); !errors.Is(err, ErrNoKey) {
		t.Errorf("no key: %v", err)
	}
}

func TestWrongOrMissingMasterKey(t *testing.T) {
	dir := t.TempDir()
	r := open(t, dir)
	_, _ = r.Seal("org", "one", "a", nil)
	if err := r.Sync(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "master.key")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil {
		t.Error("opened without its master key")
	}
	other := t.TempDir()
	open(t, other)
	wrong, err := os.ReadFile(filepath.Join(other, "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, wrong, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); !errors.Is(err, ErrMaster) {
		t.Errorf("with another master key: %v", err)
	}
}
