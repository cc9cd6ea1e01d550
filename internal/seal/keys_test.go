package seal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func mustOpen(t testing.TB, dir string) *Ring {
	t.Helper()
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func mustSeal(t testing.TB, r *Ring, org, root, text string) []byte {
	t.Helper()
	b, err := r.Seal(org, root, root, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func wantOpen(t testing.TB, r *Ring, org, root string, sealed []byte, text string) {
	t.Helper()
	got, err := r.Open(org, root, root, sealed)
	if err != nil || string(got) != text {
		t.Fatalf("%s/%s opens as %q, %v; want %q", org, root, got, err, text)
	}
}

func wantErr(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error is %v; want %v", err, want)
	}
}

func TestSealedContentOpensAfterARestart(t *testing.T) {
	dir := t.TempDir()
	r := mustOpen(t, dir)
	a := mustSeal(t, r, "o", "root", "one")
	b := mustSeal(t, r, "o", "", "two")
	c := mustSeal(t, r, Server, "", "three")
	if err := r.Sync(); err != nil {
		t.Fatal(err)
	}
	id := r.ID()
	r.Close()

	r = mustOpen(t, dir)
	wantOpen(t, r, "o", "root", a, "one")
	wantOpen(t, r, "o", "", b, "two")
	wantOpen(t, r, Server, "", c, "three")
	if r.ID() != id || r.Len() != 3 {
		t.Fatalf("ring %s with %d keys; want %s with 3", r.ID(), r.Len(), id)
	}
	for _, file := range []string{masterFile, keyFile} {
		info, err := os.Stat(filepath.Join(dir, file))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("%s: %v, %v; want it readable by its owner only", file, info.Mode(), err)
		}
	}
}

func TestSealIsBoundToScopeAndData(t *testing.T) {
	r := mustOpen(t, t.TempDir())
	sealed := mustSeal(t, r, "o", "a", "text")
	mustSeal(t, r, "o", "b", "other")

	_, err := r.Open("o", "b", "a", sealed)
	wantErr(t, err, ErrTampered)
	_, err = r.Open("o", "a", "elsewhere", sealed)
	wantErr(t, err, ErrTampered)
	_, err = r.Open("o", "never seen", "", sealed)
	wantErr(t, err, ErrNoKey)
	for i := range sealed {
		spoilt := bytes.Clone(sealed)
		spoilt[i] ^= 1
		_, err := r.Open("o", "a", "a", spoilt)
		wantErr(t, err, ErrTampered)
	}
	for n := range sealed {
		_, err := r.Open("o", "a", "a", sealed[:n])
		wantErr(t, err, ErrTampered)
	}
	if bytes.Equal(sealed, mustSeal(t, r, "o", "a", "text")) {
		t.Fatal("the same text was sealed to the same bytes twice")
	}
}

func TestKeysAreForgottenWithoutSync(t *testing.T) {
	dir := t.TempDir()
	r := mustOpen(t, dir)
	sealed := mustSeal(t, r, "o", "a", "text")
	r.Close()
	_, err := mustOpen(t, dir).Open("o", "a", "a", sealed)
	wantErr(t, err, ErrNoKey)
}

func TestMissingAndWrongFiles(t *testing.T) {
	dir := t.TempDir()
	master, keys := filepath.Join(dir, masterFile), filepath.Join(dir, keyFile)
	mustOpen(t, dir).Close()
	other := t.TempDir()
	mustOpen(t, other).Close()

	swap := func(path string, b []byte, want error) {
		t.Helper()
		was, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		os.Remove(path)
		if b != nil {
			os.WriteFile(path, b, 0o600)
		}
		_, err = Open(dir)
		wantErr(t, err, want)
		os.WriteFile(path, was, 0o600)
	}
	otherMaster, err := os.ReadFile(filepath.Join(other, masterFile))
	if err != nil {
		t.Fatal(err)
	}
	swap(master, nil, ErrNoMaster)
	swap(keys, nil, ErrNoKeys)
	swap(master, otherMaster, ErrMaster)
	swap(master, []byte("short"), ErrMaster)
	swap(keys, []byte{}, ErrDamaged)
	swap(keys, bytes.Repeat([]byte("x"), 300), ErrDamaged)
	mustOpen(t, dir)

	_, err = OpenWith(dir, otherMaster)
	wantErr(t, err, ErrMaster)
}

func TestMasterKeyFromElsewhere(t *testing.T) {
	dir, master := t.TempDir(), bytes.Repeat([]byte{7}, 32)
	r, err := OpenWith(dir, master)
	if err != nil {
		t.Fatal(err)
	}
	sealed := mustSeal(t, r, "o", "a", "text")
	if err := r.Sync(); err != nil {
		t.Fatal(err)
	}
	r.Close()
	if r, err = OpenWith(dir, master); err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	wantOpen(t, r, "o", "a", sealed, "text")
	if _, err := os.Stat(filepath.Join(dir, masterFile)); err == nil {
		t.Fatal("a master key from elsewhere was written to the folder")
	}
}

func TestFirstStartThatWasCutShort(t *testing.T) {
	dir := t.TempDir()
	mustOpen(t, dir).Close()
	master := filepath.Join(dir, masterFile)
	if err := os.Rename(master, master+".new"); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, dir)
}

func TestMACIsStableAndKeyed(t *testing.T) {
	dir := t.TempDir()
	r := mustOpen(t, dir)
	a, err := r.MAC("o", "", []byte("message"))
	if err != nil {
		t.Fatal(err)
	}
	b, _ := r.MAC("p", "", []byte("message"))
	c, _ := r.MAC("o", "", []byte("massage"))
	if a == b || a == c {
		t.Fatal("different scopes or messages have equal hashes")
	}
	if err := r.Sync(); err != nil {
		t.Fatal(err)
	}
	r.Close()
	if again, _ := mustOpen(t, dir).MAC("o", "", []byte("message")); again != a {
		t.Fatal("the hash changed over a restart")
	}
}

func TestManyAtOnce(t *testing.T) {
	r := mustOpen(t, t.TempDir())
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range cacheSize {
				root := fmt.Sprint("root", (i*7+g)%(cacheSize+100)) // more than are cached
				sealed := mustSeal(t, r, "o", root, root)
				if got, err := r.Open("o", root, root, sealed); err != nil || string(got) != root {
					t.Errorf("%s opens as %q, %v", root, got, err)
				}
				if i%200 == 0 {
					if err := r.Sync(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	if len(r.ready) > cacheSize {
		t.Fatalf("%d ciphers are kept; want at most %d", len(r.ready), cacheSize)
	}
}

func BenchmarkSeal(b *testing.B) {
	r := mustOpen(b, b.TempDir())
	plain, aad := make([]byte, 1024), "o|id|note"
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Seal("o", "root", aad, plain); err != nil {
			b.Fatal(err)
		}
	}
}
