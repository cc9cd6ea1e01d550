package seal

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// After a key was forgotten neither the ring, nor the file, nor what the file's
// bytes were before opens what was sealed with it; everything else opens.
func TestForgottenKeyIsGoneFromTheFile(t *testing.T) {
	dir := t.TempDir()
	r := mustOpen(t, dir)
	gone, stays := mustSeal(t, r, "o", "gone", "secret"), mustSeal(t, r, "o", "stays", "text")
	if err := r.Sync(); err != nil {
		t.Fatal(err)
	}
	id, before := r.ID(), keyBytes(r, "o", "gone")
	old, err := os.Open(filepath.Join(dir, keyFile)) // as an undelete tool would hold on to it
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	if err := r.Forget(Scope{"o", "gone"}, Scope{"o", "never was"}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err := r.Open("o", "gone", "gone", gone)
		wantErr(t, err, ErrNoKey)
		_, err = r.Recompute("o", "gone", nil)
		wantErr(t, err, ErrNoKey)
		wantOpen(t, r, "o", "stays", stays, "text")
		if !r.Forgotten("o", "gone") || r.Forgotten("o", "stays") || r.Forgotten("o", "never was") {
			t.Error("the ring does not remember what was forgotten")
		}
		if r.ID() != id || r.Made() != 2 || r.Len() != 1 {
			t.Fatalf("ring %s made %d, has %d; want %s, 2, 1", r.ID(), r.Made(), r.Len(), id)
		}
		r.Close()
		r = mustOpen(t, dir)
	}
	left := make([]byte, 4096)
	n, _ := old.ReadAt(left, 0)
	if len(bytes.Trim(left[:n], "\x00")) != 0 {
		t.Error("the old key file still holds something")
	}
	if k := keyBytes(r, "o", "gone"); k != nil || before == nil {
		t.Errorf("the key was %x and is %x", before, k)
	}
	// The scope can be used again, with another key.
	again := mustSeal(t, r, "o", "gone", "new")
	if err := r.Sync(); err != nil {
		t.Fatal(err)
	}
	wantOpen(t, mustOpen(t, dir), "o", "gone", again, "new")
	_, err = r.Open("o", "gone", "gone", gone)
	wantErr(t, err, ErrTampered)
}

func keyBytes(r *Ring, org, root string) []byte {
	if k, ok := r.keys[scope(org, root)]; ok {
		return k[:]
	}
	return nil
}

// Each dangerous operation of a rotation and of a forgetting fails once; a start
// afterwards finds everything, under the old master key or the new one.
func TestRotationAndForgettingCutShortAnywhere(t *testing.T) {
	for _, action := range []string{"rotate", "forget"} {
		cut := 0
		for n := 1; ; n++ {
			dir := t.TempDir()
			r := mustOpen(t, dir)
			stays, gone := mustSeal(t, r, "o", "stays", "text"), mustSeal(t, r, "o", "gone", "text")
			if err := r.Sync(); err != nil {
				t.Fatal(err)
			}
			left, stop := n, errors.New("cut short")
			r.Before = func(string) error {
				if left--; left == 0 {
					return stop
				}
				return nil
			}
			var err error
			if action == "rotate" {
				err = r.Rotate(nil)
			} else {
				err = r.Forget(Scope{"o", "gone"})
			}
			r.Before = nil
			later := mustSeal(t, r, "o", "later", "text") // the ring goes on, whatever failed
			if err := r.Sync(); err != nil {
				t.Fatal(err)
			}
			r.Close()
			again := mustOpen(t, dir)
			wantOpen(t, again, "o", "stays", stays, "text")
			wantOpen(t, again, "o", "later", later, "text")
			if action == "rotate" {
				wantOpen(t, again, "o", "gone", gone, "text")
			}
			again.Close()
			wantOpen(t, mustOpen(t, dir), "o", "stays", stays, "text")
			if err == nil {
				break
			}
			wantErr(t, err, stop)
			cut++
		}
		if cut < 3 {
			t.Errorf("%s was cut short only %d times", action, cut)
		}
	}
}

func TestRotatedMasterKey(t *testing.T) {
	dir := t.TempDir()
	r := mustOpen(t, dir)
	old, err := os.ReadFile(filepath.Join(dir, masterFile))
	if err != nil {
		t.Fatal(err)
	}
	sealed := mustSeal(t, r, "o", "a", "text")
	if err := errors.Join(r.Sync(), r.Rotate(nil)); err != nil {
		t.Fatal(err)
	}
	later := mustSeal(t, r, "o", "b", "later") // the ring goes on
	if err := r.Sync(); err != nil {
		t.Fatal(err)
	}
	again := mustOpen(t, dir)
	wantOpen(t, again, "o", "a", sealed, "text")
	wantOpen(t, again, "o", "b", later, "later")
	_, err = OpenWith(dir, old)
	wantErr(t, err, ErrMaster)
	if err := r.Rotate(bytes.Repeat([]byte{1}, 32)); err == nil {
		t.Error("a folder's own master key was replaced by one from elsewhere")
	}

	outside, first, next := t.TempDir(), bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	o, err := OpenWith(outside, first)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	sealed = mustSeal(t, o, "o", "a", "text")
	if err := o.Sync(); err != nil {
		t.Fatal(err)
	}
	if err := o.Rotate(nil); err == nil {
		t.Error("a master key from elsewhere was replaced by one in the folder")
	}
	if err := o.Rotate(next); err != nil {
		t.Fatal(err)
	}
	_, err = OpenExisting(outside, first)
	wantErr(t, err, ErrMaster)
	o2, err := OpenExisting(outside, next)
	if err != nil {
		t.Fatal(err)
	}
	defer o2.Close()
	wantOpen(t, o2, "o", "a", sealed, "text")
}

// Rotation and forgetting while others seal, open and sync.
func TestRotationUnderLoad(t *testing.T) {
	dir := t.TempDir()
	r := mustOpen(t, dir)
	var wg sync.WaitGroup
	var mu sync.Mutex
	kept := map[string][]byte{}
	stop := make(chan struct{})
	for g := range 3 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				root := fmt.Sprint("root-", g, "-", i)
				sealed, err := r.Seal("o", root, root, []byte(root))
				if err == nil {
					err = r.Sync()
				}
				if err == nil {
					_, err = r.Open("o", root, root, sealed)
				}
				if err != nil {
					t.Errorf("%s: %v", root, err)
					return
				}
				mu.Lock()
				kept[root] = sealed
				mu.Unlock()
			}
		})
	}
	for i := range 10 {
		if err := errors.Join(r.Rotate(nil), r.Forget(Scope{"o", fmt.Sprint("other-", i)})); err != nil {
			t.Error(err)
		}
		mustSeal(t, r, "o", fmt.Sprint("other-", i+1), "x")
		for { // until the others have made some more
			mu.Lock()
			n := len(kept)
			mu.Unlock()
			if n > i*5 || t.Failed() {
				break
			}
		}
	}
	close(stop)
	wg.Wait()
	again := mustOpen(t, dir)
	for root, sealed := range kept {
		wantOpen(t, again, "o", root, sealed, root)
	}
}

// A ring that another process has written anew is read anew.
func TestAnotherProcessHasRewritten(t *testing.T) {
	dir := t.TempDir()
	one, two := mustOpen(t, dir), mustOpen(t, dir)
	a, b := mustSeal(t, one, "o", "a", "text"), mustSeal(t, one, "o", "b", "text")
	if err := errors.Join(one.Sync(), two.Refresh(), one.Forget(Scope{"o", "a"})); err != nil {
		t.Fatal(err)
	}
	if err := two.Refresh(); err != nil {
		t.Fatal(err)
	}
	_, err := two.Open("o", "a", "a", a)
	wantErr(t, err, ErrNoKey)
	wantOpen(t, two, "o", "b", b, "text")
	c := mustSeal(t, two, "o", "c", "text")
	if err := errors.Join(two.Sync(), one.Refresh()); err != nil {
		t.Fatal(err)
	}
	wantOpen(t, one, "o", "c", c, "text")
	if err := one.Rotate(nil); err != nil {
		t.Fatal(err)
	}
	wantErr(t, two.Refresh(), ErrMaster)
}

func TestCopiesAreShortLived(t *testing.T) {
	dir, folder := t.TempDir(), filepath.Join(t.TempDir(), "copies")
	r := mustOpen(t, dir)
	sealed := mustSeal(t, r, "o", "a", "text")
	if err := r.Sync(); err != nil {
		t.Fatal(err)
	}
	if last, err := CopiesUntil(folder); last != "" || err != nil {
		t.Errorf("without copies the last day is %q, %v", last, err)
	}
	for _, day := range []string{"2026-11-20", "2026-11-21", "2026-11-21", "2026-12-04"} {
		if err := r.Copy(folder, day, 14); err != nil {
			t.Fatal(err)
		}
	}
	names := func() (out []string) {
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			out = append(out, e.Name())
		}
		return out
	}
	if got := fmt.Sprint(names()); got != "[roots-2026-11-20-until-2026-12-04.keys roots-2026-11-21-until-2026-12-05.keys roots-2026-12-04-until-2026-12-18.keys]" {
		t.Error(got)
	}
	if last, err := CopiesUntil(folder); last != "2026-12-18" || err != nil {
		t.Errorf("the last day is %q, %v", last, err)
	}
	if err := DropExpired(folder, "2026-12-05"); err != nil || len(names()) != 2 {
		t.Errorf("%v, %v", names(), err)
	}
	back := t.TempDir()
	for from, to := range map[string]string{filepath.Join(folder, "roots-2026-12-04-until-2026-12-18.keys"): keyFile, filepath.Join(dir, masterFile): masterFile} {
		content, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(back, to), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	wantOpen(t, mustOpen(t, back), "o", "a", sealed, "text")
	if err := DropCopies(folder, "2026-12-05"); err != nil || len(names()) != 0 {
		t.Errorf("%v, %v", names(), err)
	}
}

func TestMasterKeyFromFileEnvironmentOrCredential(t *testing.T) {
	key := bytes.Repeat([]byte{9}, 32)
	text := hex.EncodeToString(key)
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	raw, digits, bad := write("raw", string(key)), write("digits", text+"\n"), write("bad", "secret")
	credentials := t.TempDir()
	for i, c := range []struct {
		env  map[string]string
		want []byte
		ok   bool
	}{
		{nil, nil, true},
		{map[string]string{EnvKey: text}, key, true},
		{map[string]string{EnvFile: raw}, key, true},
		{map[string]string{EnvFile: digits}, key, true},
		{map[string]string{"CREDENTIALS_DIRECTORY": credentials}, nil, true}, // a unit with other credentials
		{map[string]string{EnvKey: "12"}, nil, false},
		{map[string]string{EnvFile: bad}, nil, false},
		{map[string]string{EnvFile: filepath.Join(dir, "none")}, nil, false},
		{map[string]string{EnvFile: raw, EnvKey: text}, nil, false},
	} {
		got, err := Master(func(name string) string { return c.env[name] })
		if !bytes.Equal(got, c.want) || (err == nil) != c.ok {
			t.Errorf("case %d gives %x, %v", i, got, err)
		}
	}
	if err := os.WriteFile(filepath.Join(credentials, Credential), key, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := Master(func(name string) string { return map[string]string{"CREDENTIALS_DIRECTORY": credentials}[name] }); !bytes.Equal(got, key) || err != nil {
		t.Errorf("a credential gives %x, %v", got, err)
	}
}

// A file of the first form, without the number of forgotten keys, is read, and
// becomes one of the second when it is written anew.
func TestFirstFormOfTheFile(t *testing.T) {
	dir := t.TempDir()
	mustOpen(t, dir).Close()
	master, err := os.ReadFile(filepath.Join(dir, masterFile))
	if err != nil {
		t.Fatal(err)
	}
	aead, err := newAEAD(master)
	if err != nil {
		t.Fatal(err)
	}
	head := append([]byte(oldMagic), make([]byte, 16)...)
	put(t, dir, aead.Seal(head, nil, nil, head))
	r := mustOpen(t, dir)
	a := mustSeal(t, r, "o", "a", "text")
	mustSeal(t, r, "o", "b", "text")
	if err := errors.Join(r.Sync(), r.Forget(Scope{"o", "b"})); err != nil {
		t.Fatal(err)
	}
	again := mustOpen(t, dir)
	wantOpen(t, again, "o", "a", a, "text")
	if again.Made() != 2 {
		t.Errorf("made %d; want 2", again.Made())
	}
}
