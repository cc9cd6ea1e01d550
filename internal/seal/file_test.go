package seal

import (
	"os"
	"path/filepath"
	"testing"
)

// twoFrames makes a folder whose key file has two frames, and returns the
// file's content and where the second begins.
func twoFrames(t *testing.T) (dir string, file []byte, second int, sealed [2][]byte) {
	t.Helper()
	dir = t.TempDir()
	r := mustOpen(t, dir)
	sealed[0] = mustSeal(t, r, "o", "first", "text")
	if err := r.Sync(); err != nil {
		t.Fatal(err)
	}
	second = int(r.size)
	sealed[1] = mustSeal(t, r, "o", "second", "text")
	if err := r.Sync(); err != nil {
		t.Fatal(err)
	}
	r.Close()
	file, err := os.ReadFile(filepath.Join(dir, keyFile))
	if err != nil {
		t.Fatal(err)
	}
	return dir, file, second, sealed
}

func put(t *testing.T, dir string, b []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, keyFile), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTornTailIsCutOffAtEveryByte(t *testing.T) {
	dir, file, second, sealed := twoFrames(t)
	for n := second; n < len(file); n++ {
		for _, zeros := range []int{0, len(file) - n} { // some file systems fill up with zeros
			put(t, dir, append(file[:n:n], make([]byte, zeros)...))
			r, err := Open(dir)
			if n-second > 3 && n-second < 8 && zeros > 0 {
				// The length's own CRC is half there: not to be told from damage, and a person decides.
				wantErr(t, err, ErrDamaged)
				continue
			}
			if err != nil {
				t.Fatalf("cut at byte %d of %d, %d zeros: %v", n, len(file), zeros, err)
			}
			wantOpen(t, r, "o", "first", sealed[0], "text")
			_, err = r.Open("o", "second", "second", sealed[1])
			wantErr(t, err, ErrNoKey)
			third := mustSeal(t, r, "o", "third", "text")
			if err := r.Sync(); err != nil {
				t.Fatal(err)
			}
			r.Close()
			r = mustOpen(t, dir)
			wantOpen(t, r, "o", "third", third, "text")
			r.Close()
		}
	}
}

func TestDamageInTheMiddleIsNeverTakenForATornTail(t *testing.T) {
	dir, file, second, _ := twoFrames(t)
	for i := 0; i < second; i++ {
		spoilt := append([]byte(nil), file...)
		spoilt[i] ^= 0x10
		put(t, dir, spoilt)
		if _, err := Open(dir); err == nil {
			t.Fatalf("a spoilt byte %d of %d went unnoticed", i, len(file))
		}
		if after, _ := os.ReadFile(filepath.Join(dir, keyFile)); len(after) != len(file) {
			t.Fatalf("a spoilt byte %d made the file shorter", i)
		}
	}
}

func TestFramesCannotChangePlaces(t *testing.T) {
	dir, file, second, _ := twoFrames(t)
	first := file[headSize:second]
	put(t, dir, append(append(file[:headSize:headSize], file[second:]...), first...))
	_, err := Open(dir)
	wantErr(t, err, ErrDamaged)
}

func TestTwoProcessesSeeEachOthersKeys(t *testing.T) {
	dir := t.TempDir()
	one, two := mustOpen(t, dir), mustOpen(t, dir)
	a := mustSeal(t, one, "o", "a", "text")
	if err := one.Sync(); err != nil {
		t.Fatal(err)
	}
	wantOpen(t, two, "o", "a", a, "text")

	// A key that one made for a transaction that was rolled back gives way.
	mustSeal(t, one, "o", "b", "rolled back")
	b := mustSeal(t, two, "o", "b", "text")
	if err := two.Sync(); err != nil {
		t.Fatal(err)
	}
	if err := one.Refresh(); err != nil {
		t.Fatal(err)
	}
	wantOpen(t, one, "o", "b", b, "text")

	// Without the refresh that a writer owes, Sync refuses.
	mustSeal(t, one, "o", "c", "text")
	mustSeal(t, two, "o", "c", "text")
	if err := two.Sync(); err != nil {
		t.Fatal(err)
	}
	if err := one.Sync(); err == nil {
		t.Fatal("two keys of one scope were both taken")
	}
}
