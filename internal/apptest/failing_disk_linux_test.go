package apptest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// failingDisk stands between the program and the files of its data folder: the
// kernel asks it before each write, flush, cut and read (seccomp's user
// notification), whichever language the call comes from.
//
// It does two things that no disk does on demand:
//
//   - It fails ([failingDisk.Fail]) as Linux does: a failed write wrote nothing; a
//     failed flush drops what was to be flushed, the page cache goes on showing it,
//     and the next flush succeeds without having written it.
//   - It keeps what is really on the disk: only what a flush that succeeded has
//     taken there. [failingDisk.PowerCut] leaves the data folder with that alone.
//
// A rename and a removal count as on the disk at once; the shared memory of
// SQLite (-shm) is no disk.
type failingDisk struct {
	t      *testing.T
	folder string
	shadow string // the disk: a file for each that was written

	mu     sync.Mutex
	broken map[breakage]int // how often still; -1: until Works
	failed map[breakage]int
	files  map[inode]*flushedFile
	names  int
	trace  error // what went wrong in here
}

// breakage is one operation on one file that fails; "" is any file.
type breakage struct{ operation, file string }

// The operations.
const (
	diskWrite = "write"
	diskFlush = "flush"
	diskRead  = "read"
)

// inode tells a file from another that came by its number later.
type inode struct {
	number      uint64
	born, bornN int64
}

type flushedFile struct {
	path  string  // in the shadow
	dirty []piece // written, and not flushed
}

type piece struct{ from, to int64 }

func newFailingDisk(t *testing.T) *failingDisk {
	t.Helper()
	d := &failingDisk{t: t, folder: filepath.Join(t.TempDir(), "data"), shadow: t.TempDir(), broken: map[breakage]int{}, failed: map[breakage]int{}, files: map[inode]*flushedFile{}}
	t.Cleanup(func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.trace != nil {
			t.Errorf("the disk of the test: %v", d.trace)
		}
	})
	return d
}

// Start runs the program on the disk.
func (d *failingDisk) Start(args ...string) *Program {
	d.t.Helper()
	p := &Program{tb: d.t, Data: d.folder, Logins: map[string]Login{}, before: d.stand}
	port := holdPort(d.t)
	d.t.Cleanup(p.Kill)
	p.run(append([]string{"demo", "-addr", "127.0.0.1:" + port, "-data", d.folder}, args...))
	return p
}

// Fail makes each of them fail from now on.
func (d *failingDisk) Fail(all ...breakage) { d.fail(-1, all) }

// FailOnce makes each of them fail the next time only.
func (d *failingDisk) FailOnce(all ...breakage) { d.fail(1, all) }

func (d *failingDisk) fail(times int, all []breakage) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, b := range all {
		d.broken[b], d.failed[b] = times, 0
	}
}

// Works ends every fault, and says how often there was one.
func (d *failingDisk) Works() (failed int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for b := range d.broken {
		failed += d.failed[b]
	}
	clear(d.broken)
	clear(d.failed)
	return failed
}

// Failed says how often there was a fault since it was asked for.
func (d *failingDisk) Failed() (failed int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for b := range d.broken {
		failed += d.failed[b]
	}
	return failed
}

// PowerCut kills the program and leaves of each file what was flushed.
func (d *failingDisk) PowerCut(p *Program) {
	d.t.Helper()
	p.Kill()
	d.mu.Lock()
	defer d.mu.Unlock()
	err := filepath.WalkDir(d.folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		if strings.HasSuffix(path, "-shm") {
			return os.Remove(path)
		}
		of, err := inodeOf(path)
		if err != nil {
			return err
		}
		if file := d.files[of]; file != nil {
			return d.asFlushed(file, path)
		}
		return nil // never written since it is watched
	})
	if err != nil {
		d.t.Fatalf("cut the power: %v", err)
	}
}

// asFlushed puts what is on the disk in place of what the page cache shows.
func (d *failingDisk) asFlushed(file *flushedFile, path string) error {
	content, err := os.ReadFile(file.path)
	if err == nil {
		err = os.WriteFile(path, content, 0o600) // the same inode
	}
	file.dirty = nil
	return err
}

// stand lets the command begin as a launcher (see init) that hands its system
// calls to this disk.
func (d *failingDisk) stand(cmd *exec.Cmd) {
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	ours, theirs := os.NewFile(uintptr(pair[0]), "ours"), os.NewFile(uintptr(pair[1]), "theirs")
	cmd.Args = append([]string{os.Args[0], cmd.Path}, cmd.Args[1:]...)
	cmd.Path = os.Args[0]
	cmd.Env = append(os.Environ(), launcher+"=1")
	cmd.ExtraFiles = []*os.File{theirs} // its number 3
	go func() {
		defer ours.Close()
		err := d.watch(ours)
		if err != nil {
			d.mu.Lock()
			d.trace = errors.Join(d.trace, err)
			d.mu.Unlock()
		}
	}()
	d.t.Cleanup(func() { _ = theirs.Close() })
}

// watch takes the listener that the launcher sends, and answers until the program ends.
func (d *failingDisk) watch(from *os.File) error {
	conn, err := net.FileConn(from)
	if err != nil {
		return err
	}
	defer conn.Close()
	word, rights := make([]byte, 1), make([]byte, 64)
	_ = conn.SetReadDeadline(time.Now().Add(Patience))
	_, n, _, _, err := conn.(*net.UnixConn).ReadMsgUnix(word, rights)
	if err != nil {
		return fmt.Errorf("the launcher sends no listener: %w", err)
	}
	messages, err := syscall.ParseSocketControlMessage(rights[:n])
	if err != nil || len(messages) != 1 {
		return fmt.Errorf("the launcher sends %d messages: %w", len(messages), err)
	}
	fds, err := syscall.ParseUnixRights(&messages[0])
	if err != nil {
		return err
	}
	defer func() { _ = syscall.Close(fds[0]) }()
	for {
		ready := []unix.PollFd{{Fd: int32(fds[0]), Events: unix.POLLIN}}
		if _, err := unix.Poll(ready, -1); err == unix.EINTR {
			continue
		} else if err != nil {
			return err
		}
		if ready[0].Revents&unix.POLLIN == 0 {
			return nil // nobody is left to ask
		}
		var asked notification
		if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fds[0]), ioctlReceive, uintptr(unsafe.Pointer(&asked))); e == syscall.EINTR || e == syscall.ENOENT {
			continue // whoever asked was killed
		} else if e != 0 {
			return fmt.Errorf("ask what is asked: %w", e)
		}
		answer := response{id: asked.id, flags: goOn}
		if err := d.decide(&asked); err != 0 {
			answer.flags, answer.err = 0, -int32(err)
		}
		if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fds[0]), ioctlAnswer, uintptr(unsafe.Pointer(&answer))); e != 0 && e != syscall.ENOENT {
			return fmt.Errorf("answer: %w", e)
		}
	}
}

// What the kernel and a listener say to each other (linux/seccomp.h).
const (
	ioctlReceive = 0xc0502100
	ioctlAnswer  = 0xc0182101
	goOn         = 1
)

type notification struct {
	id    uint64
	pid   uint32
	flags uint32
	nr    int32
	arch  uint32
	ip    uint64
	args  [6]uint64
}

type response struct {
	id    uint64
	val   int64
	err   int32
	flags uint32
}

// operations are the system calls that are asked about.
var operations = map[int32]string{
	unix.SYS_WRITE: diskWrite, unix.SYS_PWRITE64: diskWrite, unix.SYS_WRITEV: diskWrite, unix.SYS_PWRITEV: diskWrite, unix.SYS_PWRITEV2: diskWrite,
	unix.SYS_FTRUNCATE: diskWrite, unix.SYS_FALLOCATE: diskWrite,
	unix.SYS_FSYNC: diskFlush, unix.SYS_FDATASYNC: diskFlush,
	unix.SYS_READ: diskRead, unix.SYS_PREAD64: diskRead,
}

// copies are the calls that let the kernel copy between files, by the argument that
// says to which. What they copy could not be followed.
var copies = map[int32]int{unix.SYS_COPY_FILE_RANGE: 2, unix.SYS_SENDFILE: 0, unix.SYS_SPLICE: 2}

// decide says with which error the call ends; 0: it is done.
func (d *failingDisk) decide(n *notification) syscall.Errno {
	to, copied := copies[n.nr]
	fd := fmt.Sprintf("/proc/%d/fd/%d", n.pid, int32(n.args[to]))
	name, err := os.Readlink(fd)
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case err != nil && !gone(err): // then a write could go by unseen
		d.trace = errors.Join(d.trace, err)
		return 0
	case err != nil || !strings.HasPrefix(name, d.folder+"/") || strings.HasSuffix(name, "-shm"):
		return 0
	case copied:
		return syscall.EINVAL // as a file system that cannot: whoever copies reads and writes instead
	}
	operation := operations[n.nr]
	fails := d.fails(operation, filepath.Base(name))
	if operation != diskRead {
		if err := d.keep(fd, n, fails); err != nil && !gone(err) {
			d.trace = errors.Join(d.trace, fmt.Errorf("%s of %s: %w", operation, name, err))
		}
	}
	if fails {
		return syscall.EIO
	}
	return 0
}

// gone says that there is no such open file: whoever asked was killed, or asked for none.
func gone(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ESRCH) }

func (d *failingDisk) fails(operation, file string) (yes bool) {
	for _, b := range []breakage{{operation, file}, {operation, ""}} {
		if d.broken[b] == 0 {
			continue
		}
		if d.broken[b] > 0 {
			d.broken[b]--
		}
		d.failed[b]++
		yes = true
	}
	return yes
}

// keep notes what the call will write, or takes to the shadow what it flushes.
// One thread at a time writes and flushes a file, so everything that was noted
// has been written when its flush comes.
func (d *failingDisk) keep(fd string, n *notification, fails bool) error {
	if info, err := os.Stat(fd); err != nil || !info.Mode().IsRegular() {
		return err
	}
	file, err := d.file(fd)
	if err != nil {
		return err
	}
	switch n.nr {
	case unix.SYS_FSYNC, unix.SYS_FDATASYNC:
		dirty := file.dirty
		file.dirty = nil // also of a flush that fails: the pages count as clean
		if fails {
			return nil
		}
		return flush(fd, file.path, dirty)
	case unix.SYS_FTRUNCATE, unix.SYS_FALLOCATE: // the size is taken over at each flush
		return nil
	}
	if fails {
		return nil
	}
	from, length := int64(n.args[3]), int64(n.args[2])
	switch n.nr {
	case unix.SYS_WRITE:
		if from, err = position(fd); err != nil {
			return err
		}
	case unix.SYS_PWRITE64:
	default:
		return errors.New("written in a way that this disk does not follow")
	}
	file.dirty = append(file.dirty, piece{from, from + length})
	return nil
}

// file is what the disk has of an open file. One that is seen first is on the
// disk as it is.
func (d *failingDisk) file(fd string) (*flushedFile, error) {
	of, err := inodeOf(fd)
	if err != nil {
		return nil, err
	}
	if known := d.files[of]; known != nil {
		return known, nil
	}
	d.names++
	file := &flushedFile{path: filepath.Join(d.shadow, fmt.Sprint(d.names))}
	content, err := os.ReadFile(fd)
	if err == nil {
		err = os.WriteFile(file.path, content, 0o600)
	}
	d.files[of] = file
	return file, err
}

func flush(fd, to string, dirty []piece) error {
	in, err := os.Open(fd)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer out.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	if err := out.Truncate(info.Size()); err != nil {
		return err
	}
	for _, p := range dirty {
		p.to = min(p.to, info.Size())
		if p.to <= p.from {
			continue
		}
		if _, err := io.Copy(io.NewOffsetWriter(out, p.from), io.NewSectionReader(in, p.from, p.to-p.from)); err != nil {
			return err
		}
	}
	return nil
}

// position is where the next write of the open file goes.
func position(fd string) (pos int64, err error) {
	info, err := os.ReadFile(strings.Replace(fd, "/fd/", "/fdinfo/", 1))
	if err == nil {
		_, err = fmt.Sscanf(string(info), "pos:\t%d", &pos)
	}
	return pos, err
}

func inodeOf(path string) (inode, error) {
	var s unix.Statx_t
	if err := unix.Statx(unix.AT_FDCWD, path, 0, unix.STATX_INO|unix.STATX_BTIME, &s); err != nil {
		return inode{}, err
	}
	if s.Mask&unix.STATX_BTIME == 0 {
		return inode{}, fmt.Errorf("%s: the file system does not say when a file was made", path)
	}
	return inode{s.Ino, s.Btime.Sec, int64(s.Btime.Nsec)}, nil
}

// launcher is set for a process of this test binary that only becomes another
// program, with its system calls handed to whoever is at the other end of file 3.
const launcher = "BOKVAR_TEST_LAUNCHER"

// copier is set, to FROM:TO, for a process of this test binary that only copies a file
// and flushes the copy.
const copier = "BOKVAR_TEST_COPIER"

func init() {
	if os.Getenv(launcher) == "" {
		if from, to, only := strings.Cut(os.Getenv(copier), ":"); only {
			if err := copyFlushed(from, to); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			os.Exit(0)
		}
		return
	}
	_ = os.Unsetenv(launcher)
	fmt.Fprintln(os.Stderr, "a failing disk cannot be had here:", launch(os.Args[1:]))
	os.Exit(1)
}

// launch comes back only when it fails.
func launch(args []string) error {
	runtime.LockOSThread() // the filter is this thread's, and this thread becomes the program
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	filter := []unix.SockFilter{{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}} // the number of the call
	for _, nr := range slices.Concat(slices.Collect(maps.Keys(operations)), slices.Collect(maps.Keys(copies))) {
		filter = append(filter,
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: uint32(nr), Jf: 1},
			unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: 0x7fc00000}) // ask the listener
	}
	filter = append(filter, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: 0x7fff0000}) // allowed
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	environment := os.Environ()
	const setModeFilter, newListener, waitKillable = 1, 1 << 3, 1 << 5
	listener, _, e := syscall.Syscall(unix.SYS_SECCOMP, setModeFilter, newListener|waitKillable, uintptr(unsafe.Pointer(&program)))
	if e != 0 {
		return fmt.Errorf("seccomp: %w", e)
	}
	if err := syscall.Sendmsg(3, []byte{'l'}, syscall.UnixRights(int(listener)), nil, 0); err != nil {
		return err
	}
	syscall.CloseOnExec(3)
	syscall.CloseOnExec(int(listener))
	return syscall.Exec(args[0], args, environment)
}

// copyFlushed begins a file, and copies as most programs do, which leave it to the kernel
// where it can.
func copyFlushed(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer out.Close()
	if _, err := out.WriteString(begun); err != nil {
		return err
	}
	if err := out.Sync(); err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Sync()
}

const begun = "Början. "

// What the kernel copies for a program is on the disk of the test like what is written.
func TestTheFailingDiskFollowsWhatTheKernelCopies(t *testing.T) {
	d := newFailingDisk(t)
	if err := os.MkdirAll(d.folder, 0o700); err != nil {
		t.Fatal(err)
	}
	from, to := filepath.Join(t.TempDir(), "from"), filepath.Join(d.folder, "to")
	want := strings.Repeat("innehåll ", 50_000)
	if err := os.WriteFile(from, []byte(want), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(copier, from+":"+to)
	copying := exec.Command(os.Args[0])
	d.stand(copying)
	if out, err := copying.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	d.PowerCut(&Program{tb: t})
	if got, err := os.ReadFile(to); err != nil || string(got) != begun+want {
		t.Errorf("after a power cut the copy is another: %d bytes of %d, %v", len(got), len(begun+want), err)
	}
}
