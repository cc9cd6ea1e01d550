package seal

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// The key file is a head and then frames, one for each Sync that had new keys.
//
//	head:  magic (8), id of the ring (16), keys forgotten so far (8), nonce and seal of an empty text (28)
//	frame: length of the body (4), CRC of the length (4), CRC of the body (4), body
//	body:  seal of one or more (name (16), key (32)); bound to the ring's id and the frame's offset.
//	       A key of zeros says that the one of that name was forgotten.
//
// Numbers are big-endian. The length has a CRC of its own, so that a spoilt bit
// in it is never mistaken for a half-written tail, which would cut off good keys.
const (
	keyFile    = "roots.keys"
	masterFile = "master.key"
	magic      = "BOKVARK2"
	oldMagic   = "BOKVARK1" // without the number of forgotten keys
	headStart  = len(magic) + 16 + 8
	headSize   = headStart + 28
	frameHead  = 12
	entrySize  = 16 + keySize
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// masterKeys reads the folder's master key, and makes it where there is no key
// file yet that another master key would be needed for. The second, when there is
// one, is the key that a rotation which was cut short was about to put in place.
func masterKeys(dir string) (master, next []byte, err error) {
	path := filepath.Join(dir, masterFile)
	hasKeys, err := exists(filepath.Join(dir, keyFile))
	if err != nil {
		return nil, nil, err
	}
	master, err = os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && hasKeys {
		// A first start that was cut short between the two renames of makeFolder.
		if os.Rename(path+".new", path) != nil {
			return nil, nil, ErrNoMaster
		}
		master, err = os.ReadFile(path)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		master, err = makeFolder(dir)
		return master, nil, err
	case err != nil:
		return nil, nil, fmt.Errorf("master key: %w", err)
	case !hasKeys:
		return nil, nil, ErrNoKeys
	}
	if next, err = os.ReadFile(path + ".new"); errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return master, next, err
}

// makeFolder makes both files under other names and gives them their own at
// the end, the master key last: from then on a missing file is a lost one.
func makeFolder(dir string) ([]byte, error) {
	master := make([]byte, keySize)
	rand.Read(master)
	path := filepath.Join(dir, masterFile)
	if err := writeFile(path+".new", master); err != nil {
		return nil, err
	}
	if err := makeKeyFile(dir, master); err != nil {
		return nil, err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return nil, err
	}
	return master, syncDir(dir)
}

// makeKeyFile makes a key file without keys.
func makeKeyFile(dir string, master []byte) error {
	aead, err := newAEAD(master)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, keyFile)
	id := make([]byte, 16)
	rand.Read(id)
	if err := writeFile(path+".new", newHead(aead, [16]byte(id), 0)); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	return syncDir(dir)
}

func newHead(master cipher.AEAD, id [16]byte, forgotten uint64) []byte {
	head := append(make([]byte, 0, headSize), magic...)
	head = append(head, id[:]...)
	head = binary.BigEndian.AppendUint64(head, forgotten)
	return master.Seal(head, nil, nil, head)
}

// openFile opens the key file and reads it all.
func (r *Ring) openFile() error {
	f, err := os.OpenFile(r.path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNoKeys
	}
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	r.file = f
	if r.info, err = f.Stat(); err != nil {
		return errors.Join(fmt.Errorf("key file: %w", err), f.Close())
	}
	err = r.locked(func() error {
		if err := r.readHead(); err != nil {
			return err
		}
		return r.readFrames()
	})
	if err != nil {
		f.Close()
	}
	return err
}

func (r *Ring) readHead() error {
	head := make([]byte, headSize)
	n, err := r.file.ReadAt(head, 0)
	start := headStart
	switch {
	case n >= len(magic) && string(head[:len(magic)]) == oldMagic:
		start = headStart - 8
	case n < headSize:
		return fmt.Errorf("%w (head: %w)", ErrDamaged, err)
	case string(head[:len(magic)]) != magic:
		return fmt.Errorf("%w (it does not begin as one)", ErrDamaged)
	}
	if n < start+28 {
		return fmt.Errorf("%w (head: %w)", ErrDamaged, err)
	}
	if _, err := r.master.Open(nil, nil, head[start:start+28], head[:start]); err != nil {
		return ErrMaster
	}
	copy(r.id[:], head[len(magic):])
	r.forgotten = 0
	if start == headStart {
		r.forgotten = binary.BigEndian.Uint64(head[len(magic)+16:])
	}
	r.size = int64(start + 28)
	return nil
}

// Refresh reads what other processes have added. The caller holds the
// database's write lock, or only wants to read.
func (r *Ring) Refresh() error {
	info, err := os.Stat(r.path)
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	r.mu.RLock()
	same := info.Size() == r.size && os.SameFile(info, r.info)
	r.mu.RUnlock()
	if same {
		return nil
	}
	return r.locked(r.readFrames)
}

// Sync writes the keys made since the last Sync and returns when they are on
// disk; at once when there are none. On failure nothing is half-written, the
// keys stay pending, and what was sealed with them must not be committed.
func (r *Ring) Sync() error {
	r.mu.RLock()
	nothing := len(r.pending) == 0
	r.mu.RUnlock()
	if nothing {
		return nil
	}
	return r.locked(func() error {
		made := len(r.pending)
		if err := r.readFrames(); err != nil {
			return err
		}
		if len(r.pending) != made {
			return errors.New("another process made a key at the same time: write again")
		}
		return r.append()
	})
}

// append writes the pending keys as one frame at the file's end.
func (r *Ring) append() error {
	plain := make([]byte, 0, len(r.pending)*entrySize)
	for _, n := range r.pending {
		k := r.keys[n]
		plain = append(append(plain, n[:]...), k[:]...)
	}
	frame := newFrame(r.master, plain, r.bound(r.size))
	err := r.ask("write keys")
	if err == nil {
		_, err = r.file.WriteAt(frame, r.size)
	}
	if err == nil {
		err = r.ask("sync keys")
	}
	if err == nil {
		err = r.file.Sync()
	}
	if err != nil {
		return errors.Join(fmt.Errorf("key file: %w", err), r.file.Truncate(r.size))
	}
	r.size += int64(len(frame))
	r.pending = r.pending[:0]
	return nil
}

func newFrame(master cipher.AEAD, plain, bound []byte) []byte {
	body := master.Seal(nil, nil, plain, bound)
	frame := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	frame = binary.BigEndian.AppendUint32(frame, crc32.Checksum(frame, castagnoli))
	frame = binary.BigEndian.AppendUint32(frame, crc32.Checksum(body, castagnoli))
	return append(frame, body...)
}

// readFrames reads from r.size to the end. A key in the file goes before one
// that is pending here: nothing committed can depend on the latter. The last frame
// may come from somebody who could not flush it, so it is written and flushed once
// more before anything depends on it.
func (r *Ring) readFrames() error {
	info, err := r.file.Stat()
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	if info.Size() < r.size {
		return fmt.Errorf("%w (it has become shorter)", ErrDamaged)
	}
	rest := make([]byte, info.Size()-r.size)
	if _, err := r.file.ReadAt(rest, r.size); err != nil && err != io.EOF {
		return fmt.Errorf("key file: %w", err)
	}
	last, at := []byte(nil), r.size
	for len(rest) > 0 {
		n, err := r.readFrame(rest)
		if err != nil {
			return err
		}
		if n == 0 {
			if err := r.file.Truncate(r.size); err != nil {
				return fmt.Errorf("key file: %w", err)
			}
			break
		}
		last, at = rest[:n], r.size
		r.size += int64(n)
		rest = rest[n:]
	}
	if last == nil {
		return nil
	}
	_, err = r.file.WriteAt(last, at)
	if err == nil {
		err = r.file.Sync()
	}
	if err != nil {
		r.size = at // it is read, and flushed, before anything else is done
		return fmt.Errorf("key file: %w", err)
	}
	return nil
}

// readFrame takes in the first frame and returns its length; 0 when it is the
// half-written end of the file.
func (r *Ring) readFrame(b []byte) (int, error) {
	if len(b) < frameHead || len(bytes.Trim(b, "\x00")) == 0 {
		return 0, nil
	}
	damaged := fmt.Errorf("%w (at byte %d)", ErrDamaged, r.size)
	if crc32.Checksum(b[:4], castagnoli) != binary.BigEndian.Uint32(b[4:]) {
		return 0, damaged
	}
	end := frameHead + int64(binary.BigEndian.Uint32(b))
	if end > int64(len(b)) {
		return 0, nil
	}
	body := b[frameHead:end]
	if crc32.Checksum(body, castagnoli) != binary.BigEndian.Uint32(b[8:]) {
		if end == int64(len(b)) {
			return 0, nil
		}
		return 0, damaged
	}
	plain, err := r.master.Open(nil, nil, body, r.bound(r.size))
	if err != nil || len(plain)%entrySize != 0 {
		return 0, damaged
	}
	for ; len(plain) > 0; plain = plain[entrySize:] {
		r.take(name(plain[:16]), key(plain[16:entrySize]))
	}
	return int(end), nil
}

func (r *Ring) take(n name, k key) {
	for i := range r.pending {
		if r.pending[i] == n {
			r.pending = append(r.pending[:i], r.pending[i+1:]...)
			break
		}
	}
	if k == (key{}) {
		r.gone[n] = true
		return
	}
	if r.keys[n] != k {
		r.keys[n] = k
		delete(r.ready, n)
		delete(r.gone, n)
	}
}

// bound ties a frame to its ring and place.
func (r *Ring) bound(offset int64) []byte {
	return binary.BigEndian.AppendUint64(bytes.Clone(r.id[:]), uint64(offset))
}

// locked runs f while no other goroutine uses the ring and no other process the
// file. A file that another process has written anew meanwhile is read anew first.
func (r *Ring) locked(f func() error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		held := r.file
		if err := syscall.Flock(int(held.Fd()), syscall.LOCK_EX); err != nil {
			return fmt.Errorf("key file: lock: %w", err)
		}
		now, err := os.Stat(r.path)
		if err == nil && os.SameFile(now, r.info) {
			err = f()
			syscall.Flock(int(held.Fd()), syscall.LOCK_UN)
			return err
		}
		syscall.Flock(int(held.Fd()), syscall.LOCK_UN)
		if err == nil {
			err = r.reopen()
		}
		if err != nil {
			return fmt.Errorf("key file: %w", err)
		}
	}
}

// reopen begins anew with the file that lies there now. Pending keys stay pending.
func (r *Ring) reopen() error {
	f, err := os.OpenFile(r.path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	kept := map[name]key{}
	for _, n := range r.pending {
		kept[n] = r.keys[n]
	}
	old := r.file
	r.file, r.info, r.keys, r.gone, r.ready = f, info, kept, map[name]bool{}, map[name]prepared{}
	if err := r.readHead(); err != nil {
		return err
	}
	return old.Close()
}

func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func writeFile(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
