package bench

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// running is the measured server.
type running struct {
	addr    string
	metrics string // address of the metrics; "" for the relay
	cmd     *exec.Cmd
	began   time.Time
	ready   time.Duration // from process start to the first HTTP answer
}

// serve starts the server on the data folder and waits for its first answer.
func serve(c Config, data string) (*running, error) {
	metrics, err := freeAddress()
	if err != nil {
		return nil, err
	}
	r, err := run(func(addr string) *exec.Cmd { return c.Serve(data, addr, metrics) })
	if err == nil {
		r.metrics = metrics
	}
	return r, err
}

func freeAddress() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}

// run starts a process that serves a free address, and waits for its first answer.
func run(process func(addr string) *exec.Cmd) (*running, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	cmd := process(addr)
	r := &running{addr: addr, cmd: cmd, began: time.Now()}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	for time.Since(r.began) < time.Minute {
		resp, err := http.Get("http://" + addr + "/healthz")
		if err == nil {
			_ = resp.Body.Close()
			r.ready = time.Since(r.began)
			return r, nil
		}
		time.Sleep(time.Millisecond)
	}
	r.stop()
	return nil, fmt.Errorf("the server did not answer within a minute")
}

func (r *running) stop() {
	_ = r.cmd.Process.Kill()
	_ = r.cmd.Wait()
}

// transactions is how many the server's writer has put on disk.
func (r *running) transactions() (int64, error) {
	resp, err := http.Get("http://" + r.metrics + "/metrics")
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "bokvar_transactions_total "); ok {
			n, err := strconv.ParseFloat(rest, 64)
			return int64(n), err
		}
	}
	return 0, fmt.Errorf("the metrics do not count transactions")
}

// memory is the server's resident memory in kB.
func (r *running) memory() (float64, error) {
	f, err := os.Open("/proc/" + strconv.Itoa(r.cmd.Process.Pid) + "/status")
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			return strconv.ParseFloat(strings.Fields(rest)[0], 64)
		}
	}
	return 0, fmt.Errorf("no VmRSS")
}

// cpu is the processor time that the server has used, user and system together.
// Unlike the clock on the wall it hardly moves when others use the machine.
func (r *running) cpu() (time.Duration, error) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(r.cmd.Process.Pid) + "/stat")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // the name before it may hold anything
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/PID/stat has only %d fields", len(fields))
	}
	var ticks int64
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * (time.Second / ticksPerSecond), nil
}

const ticksPerSecond = 100 // of /proc on Linux

// ownCPU is the processor time that this process has used.
func ownCPU() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, err
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}

// prepared seeds a new data folder and starts the server on it.
func prepared(c Config, seed func(Seeder) error) (*running, func(), error) {
	dir, remove, err := tempDir()
	if err != nil {
		return nil, nil, err
	}
	s, err := c.Seed(dir)
	if err == nil {
		err = s.PutOrganisation(organisation)
		if err == nil {
			err = seed(s)
		}
		if closed := s.Close(); err == nil {
			err = closed
		}
	}
	if err != nil {
		remove()
		return nil, nil, err
	}
	r, err := serve(c, dir)
	if err != nil {
		remove()
		return nil, nil, err
	}
	return r, func() { r.stop(); remove() }, nil
}
