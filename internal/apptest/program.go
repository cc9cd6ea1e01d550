package apptest

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Program is `bokvar demo` as a process of its own.
type Program struct {
	URL    string // http://localhost:PORT
	Port   string
	Data   string // its data folder
	Logins map[string]Login

	tb     TB
	binary string          // "": the one that is tested
	before func(*exec.Cmd) // nil, or what is done to the command before it starts
	cmd    *exec.Cmd
	mu     sync.Mutex
	log    strings.Builder
}

// Login is how one person gets in, once.
type Login struct{ Link, Code string }

var (
	linkPattern = regexp.MustCompile(`http://localhost:(\d+)/in#\S+`)
	codePattern = regexp.MustCompile(`\b[0-9A-Z]{4}-[0-9A-Z]{4}\b`)
)

// Start runs `bokvar demo` on a free port with the data folder ("" for a new one)
// and returns when it answers and has told everybody's login.
func Start(tb TB, data string, args ...string) *Program {
	tb.Helper()
	if data == "" {
		data = tb.TempDir()
	}
	p := &Program{tb: tb, Data: data, Logins: map[string]Login{}}
	p.run(append([]string{"demo", "-addr", "127.0.0.1:" + holdPort(tb), "-data", data}, args...))
	tb.Cleanup(p.Kill)
	return p
}

// Again starts the program on the same port and data, after Kill or Stop.
func (p *Program) Again(args ...string) {
	p.tb.Helper()
	p.Logins = map[string]Login{}
	p.run(append([]string{"demo", "-addr", "127.0.0.1:" + p.Port, "-data", p.Data}, args...))
}

func (p *Program) run(args []string) {
	p.tb.Helper()
	binary := p.binary
	if binary == "" {
		binary = Binary(p.tb)
	}
	p.cmd = exec.Command(binary, args...)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		p.tb.Fatalf("%v", err)
	}
	p.cmd.Stderr = p
	if p.before != nil {
		p.before(p.cmd)
	}
	if err := p.cmd.Start(); err != nil {
		p.tb.Fatalf("start %s: %v", args[0], err)
	}
	go p.readLogins(stdout)
	Retry(p.tb, "the program starts", func() error {
		if p.url() == "" {
			return fmt.Errorf("no login link was printed yet; it said:\n%s", p.Log())
		}
		resp, err := http.Get(p.URL + "/readyz")
		if err != nil {
			said := p.Log()
			return fmt.Errorf("%w; it said last: %s", err, said[max(0, len(said)-1500):])
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("/readyz answers %s", resp.Status)
		}
		return nil
	})
}

// readLogins takes the table that demo prints: one line a person, with the id
// as first word, a link and a typed code.
func (p *Program) readLogins(r io.Reader) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		_, _ = p.Write([]byte(line + "\n"))
		link := linkPattern.FindStringSubmatch(line)
		if link == nil {
			continue
		}
		p.mu.Lock()
		p.URL, p.Port = "http://localhost:"+link[1], link[1]
		p.Logins[strings.Fields(line)[0]] = Login{Link: link[0], Code: codePattern.FindString(line)}
		p.mu.Unlock()
	}
}

func (p *Program) url() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.URL
}

// UseBinary names the program that Again starts: another release.
func (p *Program) UseBinary(path string) { p.binary = path }

// Login returns the person's link and code.
func (p *Program) Login(person string) Login {
	p.tb.Helper()
	var login Login
	Retry(p.tb, "a login for "+person, func() error {
		p.mu.Lock()
		defer p.mu.Unlock()
		var known bool
		if login, known = p.Logins[person]; !known {
			return fmt.Errorf("not printed; there are %d others", len(p.Logins))
		}
		return nil
	})
	return login
}

// Invite makes a new login for the person, as an operator would beside the running program.
func (p *Program) Invite(person string) Login {
	p.tb.Helper()
	out, err := exec.Command(Binary(p.tb), "user", "invite", "-data", p.Data, "-origin", p.URL, person).CombinedOutput()
	login := Login{Link: linkPattern.FindString(string(out)), Code: codePattern.FindString(string(out))}
	if err != nil || login.Code == "" {
		p.tb.Fatalf("invite %s: %v\n%s", person, err, out)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Logins[person] = login
	return login
}

// Write keeps what the program says.
func (p *Program) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

// Log is everything it has said so far.
func (p *Program) Log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// Kill ends it as a power cut would (SIGKILL).
func (p *Program) Kill() {
	if p.cmd == nil || p.cmd.Process == nil {
		return
	}
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	p.cmd = nil
}

// Stop ends it as an operator would (SIGTERM) and returns its exit error.
func (p *Program) Stop() error {
	if p.cmd == nil {
		return os.ErrProcessDone
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	done := make(chan error, 1)
	cmd := p.cmd
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		p.cmd = nil
		return err
	case <-time.After(Patience):
		p.Kill()
		return fmt.Errorf("did not stop within %s", Patience)
	}
}
