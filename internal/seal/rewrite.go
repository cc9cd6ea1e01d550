package seal

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Scope names what one key is for: an organisation's root.
type Scope struct{ Org, Root string }

// Forget takes keys out of the ring and out of the file, which is written anew;
// the old one is overwritten. What was sealed with them can be opened by nobody
// who does not have a copy of the key file. Unknown scopes are no error.
func (r *Ring) Forget(scopes ...Scope) error {
	return r.locked(func() error {
		if err := r.readFrames(); err != nil {
			return err
		}
		without := map[name]bool{}
		for _, s := range scopes {
			if n := scope(s.Org, s.Root); r.isKnown(n) {
				without[n] = true
			}
		}
		if len(without) == 0 {
			return nil
		}
		return r.rewrite(r.master, without)
	})
}

func (r *Ring) isKnown(n name) bool {
	_, known := r.keys[n]
	return known
}

// Rotate puts a new master key in place of the old one, while the ring is in use;
// what is stored stays as it is. With next nil the folder's own master key is
// replaced by a random one; when the master key is kept elsewhere next is the one
// that will be given at the next start. Copies of the key file made before need
// the old one.
func (r *Ring) Rotate(next []byte) error {
	switch {
	case next == nil && r.outside:
		return errors.New("the master key is kept outside the folder: say which one comes next")
	case next != nil && !r.outside:
		return errors.New("the master key is kept in the folder: it makes the next one itself")
	case next != nil && len(next) != keySize:
		return fmt.Errorf("%w: it has %d bytes, not %d", ErrMaster, len(next), keySize)
	}
	if next != nil {
		return r.wrapWith(next)
	}
	next = make([]byte, keySize)
	rand.Read(next)
	dir := filepath.Dir(r.path)
	path := filepath.Join(dir, masterFile)
	if err := errors.Join(writeFile(path+".new", next), syncDir(dir)); err != nil {
		return err
	}
	if err := r.wrapWith(next); err != nil {
		return err // the new file is told from the old one at the next start
	}
	if err := r.ask("put in place"); err != nil {
		return err
	}
	return errors.Join(os.Rename(path+".new", path), syncDir(dir))
}

func (r *Ring) wrapWith(master []byte) error {
	aead, err := newAEAD(master)
	if err != nil {
		return err
	}
	return r.locked(func() error {
		if err := r.readFrames(); err != nil {
			return err
		}
		return r.rewrite(aead, nil)
	})
}

// rewrite puts a new key file in place of the old one: under master, and without
// some keys. Pending keys stay pending. The caller holds the lock.
func (r *Ring) rewrite(master cipher.AEAD, without map[name]bool) error {
	pending := map[name]bool{}
	for _, n := range r.pending {
		pending[n] = true
	}
	var plain []byte
	for n, k := range r.keys {
		if !pending[n] && !without[n] {
			plain = append(append(plain, n[:]...), k[:]...)
		}
	}
	for n := range r.gone {
		plain = append(append(plain, n[:]...), make([]byte, keySize)...)
	}
	for n := range without {
		plain = append(append(plain, n[:]...), make([]byte, keySize)...)
	}
	content := newHead(master, r.id, r.forgotten+uint64(len(without)))
	if len(plain) > 0 {
		content = append(content, newFrame(master, plain, r.bound(int64(len(content))))...)
	}
	inPlace, err := r.replace(content)
	if !inPlace {
		return err
	}
	r.master = master
	r.forgotten += uint64(len(without))
	for n := range without {
		delete(r.keys, n)
		delete(r.ready, n)
		r.gone[n] = true
		for i := range r.pending {
			if r.pending[i] == n {
				r.pending = append(r.pending[:i], r.pending[i+1:]...)
				break
			}
		}
	}
	return err
}

// replace puts a file with the content in place of the key file, and wipes the
// old one. inPlace: the new one is the one in use, whatever went wrong after that.
func (r *Ring) replace(content []byte) (inPlace bool, err error) {
	if err := r.ask("write anew"); err != nil {
		return false, err
	}
	fresh := r.path + ".new"
	if err := writeFile(fresh, content); err != nil {
		return false, err
	}
	f, err := os.OpenFile(fresh, os.O_RDWR, 0)
	if err != nil {
		return false, err
	}
	info, err := f.Stat()
	if err == nil {
		err = r.ask("put in place")
	}
	if err == nil {
		err = os.Rename(fresh, r.path)
	}
	if err != nil {
		return false, errors.Join(err, f.Close())
	}
	old, size := r.file, r.size
	r.file, r.info, r.size = f, info, int64(len(content))
	return true, errors.Join(syncDir(filepath.Dir(r.path)), r.wipe(old, size))
}

// wipe overwrites what was the key file. On disks that write elsewhere (flash,
// snapshots) traces may stay until the master key is rotated and the old one destroyed.
func (r *Ring) wipe(old *os.File, size int64) error {
	err := r.ask("wipe the old")
	if err == nil {
		_, err = old.WriteAt(make([]byte, size), 0)
	}
	return errors.Join(err, old.Sync(), old.Close())
}

// copyTo writes the key file as it is now to another place.
func (r *Ring) copyTo(path string) error {
	return r.locked(func() error {
		if err := r.readFrames(); err != nil {
			return err
		}
		content := make([]byte, r.size)
		if _, err := r.file.ReadAt(content, 0); err != nil {
			return err
		}
		if there, err := os.ReadFile(path); err == nil && bytes.Equal(there, content) {
			return nil
		}
		if err := writeFile(path+".new", content); err != nil {
			return err
		}
		return errors.Join(os.Rename(path+".new", path), syncDir(filepath.Dir(path)))
	})
}
