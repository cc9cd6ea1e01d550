package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// Errors that callers tell apart.
var (
	ErrNoMaster = errors.New("the master key is missing, and without it nothing that is stored can be read: put keys/master.key back from the place where it is kept, or give it in BOKVAR_MASTER_KEY_FILE; nothing was started, and nothing was changed")
	ErrNoKeys   = errors.New("the key file is missing: put the newest copy back as keys/roots.keys (copies lie in keys/copies, or where the configuration says); nothing was started, and nothing was changed")
	ErrMaster   = errors.New("the master key is not the one that this key file was made with: after a rotation only the new one opens it, and a copy of the key file only the one of its day")
	ErrDamaged  = errors.New("the key file is damaged: put keys/roots.keys back from its backup")
	ErrNoKey    = errors.New("there is no key for what is to be opened")
	ErrTampered = errors.New("sealed content does not open: it was changed, or belongs elsewhere")
)

// Server is the root to name, with organisation "", for what belongs to the
// server itself: settings, secrets of devices. No record has this id.
const Server = "\x00server"

// Overhead is how much longer sealed content is, in bytes.
const Overhead = 1 + 12 + 16

const (
	keySize   = 32
	format    = 1    // first byte of sealed content
	cacheSize = 2048 // prepared ciphers kept, about 1 kB each; a new one costs half a microsecond
)

type key [keySize]byte

// name is a scope's short name: keys are many, and 16 bytes are enough to tell them apart.
type name [16]byte

// Ring is an open folder of keys. It is safe for concurrent use.
type Ring struct {
	// Before, when set, is asked before each dangerous operation and can make it
	// fail: "write keys", "sync keys", "write anew", "put in place", "wipe the old".
	// It is for tests, and set before the ring is used.
	Before func(operation string) error

	path string

	mu        sync.RWMutex
	master    cipher.AEAD
	outside   bool // the master key is not in the folder
	file      *os.File
	info      os.FileInfo // tells the file from one that has taken its place
	id        [16]byte
	forgotten uint64 // keys that are no longer in the file
	size      int64  // of the part of the file that has been read or written here
	keys      map[name]key
	gone      map[name]bool // forgotten, and not used again
	pending   []name        // made in memory, not yet in the file
	ready     map[name]prepared
}

// prepared is what a key is used through.
type prepared struct {
	aead cipher.AEAD
	mac  [keySize]byte // a key of its own for hashing, so that none is used for two purposes
}

// Open opens the folder of keys, and makes it with new keys when neither the
// master key nor the key file exists. A half-written last entry of the key file,
// which nothing can depend on, is cut off; a rotation that was cut short is finished.
//
// It fails with ErrNoMaster or ErrNoKeys when one of the two is missing, with
// ErrMaster when they do not belong together, and with ErrDamaged.
func Open(dir string) (*Ring, error) {
	return inFolder(dir, func() (*Ring, error) {
		master, next, err := masterKeys(dir)
		if err != nil {
			return nil, err
		}
		r, err := openRing(dir, master)
		path := filepath.Join(dir, masterFile)
		if errors.Is(err, ErrMaster) && next != nil {
			if r, err = openRing(dir, next); err == nil {
				err = errors.Join(os.Rename(path+".new", path), syncDir(dir))
			}
		} else if err == nil && next != nil {
			err = os.Remove(path + ".new") // the rotation had not begun
		}
		return r, err
	})
}

// OpenWith is Open with a master key of 32 bytes that is kept elsewhere. A key
// file that is missing is made; the database that needs another one says so.
func OpenWith(dir string, master []byte) (*Ring, error) {
	return inFolder(dir, func() (*Ring, error) {
		there, err := exists(filepath.Join(dir, keyFile))
		if err == nil && !there && len(master) == keySize {
			err = makeKeyFile(dir, master)
		}
		if err != nil {
			return nil, err
		}
		r, err := openRing(dir, master)
		if err == nil {
			r.outside = true
		}
		return r, err
	})
}

// OpenExisting is Open, or OpenWith when master is not nil, for a folder that a
// database depends on: it makes nothing.
func OpenExisting(dir string, master []byte) (*Ring, error) {
	there, err := exists(filepath.Join(dir, keyFile))
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, ErrNoKeys
	}
	if master != nil {
		return OpenWith(dir, master)
	}
	return Open(dir)
}

// inFolder runs f while no other process opens the folder.
func inFolder(dir string, f func() (*Ring, error)) (*Ring, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("key folder: %w", err)
	}
	d, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("key folder: %w", err)
	}
	defer d.Close()
	if err := syscall.Flock(int(d.Fd()), syscall.LOCK_EX); err != nil {
		return nil, fmt.Errorf("key folder: lock: %w", err)
	}
	return f()
}

func openRing(dir string, master []byte) (*Ring, error) {
	if len(master) != keySize {
		return nil, fmt.Errorf("%w: it has %d bytes, not %d", ErrMaster, len(master), keySize)
	}
	aead, err := newAEAD(master)
	if err != nil {
		return nil, err
	}
	r := &Ring{path: filepath.Join(dir, keyFile), master: aead, keys: map[name]key{}, gone: map[name]bool{}, ready: map[name]prepared{}}
	if err := r.openFile(); err != nil {
		return nil, err
	}
	return r, nil
}

// ID tells one key file from another; a database notes which one it needs.
func (r *Ring) ID() string { return hex.EncodeToString(r.id[:]) }

// Close lets go of the file. Keys that were not synced are lost.
func (r *Ring) Close() error { return r.file.Close() }

// Len is the number of keys.
func (r *Ring) Len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.keys)
}

// Has says whether there is a key for the scope.
func (r *Ring) Has(org, root string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	_, known := r.keys[scope(org, root)]
	return known
}

// Forgotten says whether the scope's key was forgotten here. The file remembers
// it, so that a copy of the database from before can be tidied.
func (r *Ring) Forgotten(org, root string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.gone[scope(org, root)]
}

// Made counts the keys that were ever made here, forgotten ones too. A database
// notes it with each new key: a key file that has made fewer is an older copy.
func (r *Ring) Made() int64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return int64(r.forgotten) + int64(len(r.keys))
}

// Pending says whether keys were made that the next Sync will write.
func (r *Ring) Pending() bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.pending) > 0
}

func (r *Ring) ask(operation string) error {
	if r.Before == nil {
		return nil
	}
	return r.Before(operation)
}

// Seal encrypts plain for the scope, bound to aad, and makes the scope's key if
// there is none. The result is Overhead bytes longer than plain.
func (r *Ring) Seal(org, root, aad string, plain []byte) ([]byte, error) {
	n := scope(org, root)
	p, err := r.prepared(n)
	if errors.Is(err, ErrNoKey) {
		p, err = r.makeKey(n)
	}
	if err != nil {
		return nil, err
	}
	out := make([]byte, 1, len(plain)+Overhead)
	out[0] = format
	return p.aead.Seal(out, nil, plain, []byte(aad)), nil
}

// Open decrypts what Seal made with the same scope and aad. It fails with
// ErrNoKey or ErrTampered and says nothing of the content.
func (r *Ring) Open(org, root, aad string, sealed []byte) ([]byte, error) {
	if len(sealed) < Overhead || sealed[0] != format {
		return nil, ErrTampered
	}
	n := scope(org, root)
	p, err := r.prepared(n)
	if errors.Is(err, ErrNoKey) {
		if err = r.Refresh(); err == nil {
			p, err = r.prepared(n)
		}
	}
	if err != nil {
		return nil, err
	}
	plain, err := p.aead.Open(nil, nil, sealed[1:], []byte(aad))
	if err != nil {
		return nil, ErrTampered
	}
	return plain, nil
}

// MAC is a keyed hash of the message under a key of the scope: equal for equal
// messages, and telling nothing of them without the keys. Like Seal it makes a
// missing key.
func (r *Ring) MAC(org, root string, message []byte) ([32]byte, error) {
	sum, err := r.Recompute(org, root, message)
	if errors.Is(err, ErrNoKey) {
		if _, err := r.makeKey(scope(org, root)); err != nil {
			return [32]byte{}, err
		}
		return r.Recompute(org, root, message)
	}
	return sum, err
}

// Recompute is MAC for what was hashed before: it fails with ErrNoKey instead of
// making a key.
func (r *Ring) Recompute(org, root string, message []byte) (sum [32]byte, err error) {
	p, err := r.prepared(scope(org, root))
	if err != nil {
		return sum, err
	}
	mac := hmac.New(sha256.New, p.mac[:])
	mac.Write(message)
	mac.Sum(sum[:0])
	return sum, nil
}

// scope names the scope of an organisation's root.
func scope(org, root string) name {
	var stack [128]byte
	b := append(stack[:0], org...)
	b = append(b, 0)
	b = append(b, root...)
	sum := sha256.Sum256(b)
	return name(sum[:16])
}

func (r *Ring) prepared(n name) (prepared, error) {
	r.mu.RLock()
	p, ready := r.ready[n]
	k, known := r.keys[n]
	r.mu.RUnlock()
	if ready {
		return p, nil
	}
	if !known {
		return p, ErrNoKey
	}
	p, err := prepare(k)
	if err != nil {
		return p, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.keys[n] == k {
		r.keep(n, p)
	}
	return p, nil
}

func prepare(k key) (p prepared, err error) {
	own := hmac.New(sha256.New, k[:])
	own.Write([]byte("bokvar mac"))
	own.Sum(p.mac[:0])
	p.aead, err = newAEAD(k[:])
	return p, err
}

// makeKey makes the scope's key, to be written at the next Sync.
func (r *Ring) makeKey(n name) (prepared, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k, known := r.keys[n]
	if !known {
		rand.Read(k[:])
		r.keys[n] = k
		delete(r.gone, n)
		r.pending = append(r.pending, n)
	}
	p, err := prepare(k)
	if err != nil {
		return p, err
	}
	r.keep(n, p)
	return p, nil
}

// keep remembers a prepared key, in place of any other when there are many.
func (r *Ring) keep(n name, p prepared) {
	if len(r.ready) >= cacheSize {
		for other := range r.ready {
			delete(r.ready, other)
			break
		}
	}
	r.ready[n] = p
}

func newAEAD(k []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(k)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
