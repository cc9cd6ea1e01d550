package alert

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// firefox is a real one, steered by WebDriver BiDi.
type firefox struct {
	t       *testing.T
	ws      *websocket.Conn
	context string // the tab

	mu      sync.Mutex
	last    int
	waiting map[int]chan reply
}

type reply struct {
	ID      int             `json:"id"`
	Type    string          `json:"type"`
	Error   string          `json:"error"`
	Message string          `json:"message"`
	Result  json.RawMessage `json:"result"`
}

// browserName is Firefox as Debian and as others call it. A missing one is a failure.
func browserName(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"firefox-esr", "firefox"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("no Firefox: install Debian's package firefox-esr")
	return ""
}

// openFirefox starts a headless one with a profile of its own and these settings.
func openFirefox(t *testing.T, settings map[string]any) *firefox {
	t.Helper()
	home := t.TempDir()
	profile := filepath.Join(home, "profile")
	var lines strings.Builder
	for name, value := range settings {
		v, _ := json.Marshal(value)
		fmt.Fprintf(&lines, "user_pref(%q, %s);\n", name, v)
	}
	if err := os.Mkdir(profile, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	log, err := os.Create(filepath.Join(home, "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(browserName(t), "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", port, "about:blank")
	cmd.Env = append(os.Environ(), "HOME="+home, "MOZ_DISABLE_CONTENT_SANDBOX=1")
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // the group that we started: Firefox has children
		_ = cmd.Wait()
		_ = log.Close()
		if t.Failed() {
			said, _ := os.ReadFile(log.Name())
			t.Logf("Firefox said:\n%.4000s", said)
		}
	})
	f := &firefox{t: t, waiting: map[int]chan reply{}}
	eventually(t, "Firefox answers", func() (err error) {
		f.ws, _, err = websocket.DefaultDialer.Dial("ws://127.0.0.1:"+port+"/session", nil)
		return err
	})
	t.Cleanup(func() { _ = f.ws.Close() })
	go f.listen()
	f.call("session.new", map[string]any{"capabilities": map[string]any{}}, nil)
	var tree struct {
		Contexts []struct{ Context string }
	}
	f.call("browsingContext.getTree", map[string]any{}, &tree)
	f.context = tree.Contexts[0].Context
	return f
}

func freePort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	return port
}

// eventually retries until f is content, and fails with its last reason.
func eventually(t *testing.T, what string, f func() error) {
	t.Helper()
	var err error
	for deadline := time.Now().Add(90 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if err = f(); err == nil {
			return
		}
	}
	t.Fatalf("%s: %v", what, err)
}

func (f *firefox) listen() {
	for {
		var r reply
		if f.ws.ReadJSON(&r) != nil {
			return
		}
		f.mu.Lock()
		ch := f.waiting[r.ID]
		delete(f.waiting, r.ID)
		f.mu.Unlock()
		if ch != nil {
			ch <- r
		}
	}
}

// call runs one BiDi command.
func (f *firefox) call(method string, params, result any) {
	f.t.Helper()
	ch := make(chan reply, 1)
	f.mu.Lock()
	f.last++
	id := f.last
	f.waiting[id] = ch
	err := f.ws.WriteJSON(map[string]any{"id": id, "method": method, "params": params})
	f.mu.Unlock()
	if err != nil {
		f.t.Fatalf("%s: %v", method, err)
	}
	select {
	case r := <-ch:
		if r.Type == "error" {
			f.t.Fatalf("%s: %s: %s", method, r.Error, r.Message)
		}
		if result != nil {
			if err := json.Unmarshal(r.Result, result); err != nil {
				f.t.Fatalf("%s: %v", method, err)
			}
		}
	case <-time.After(60 * time.Second):
		f.t.Fatalf("%s: no answer", method)
	}
}

func (f *firefox) visit(url string) {
	f.t.Helper()
	f.call("browsingContext.navigate", map[string]any{"context": f.context, "url": url, "wait": "complete"}, nil)
}

// eval runs a script that returns a promise of a string.
func (f *firefox) eval(script string) string {
	f.t.Helper()
	var r struct {
		Type             string
		Result           struct{ Value string }
		ExceptionDetails struct{ Text string }
	}
	f.call("script.evaluate", map[string]any{
		"expression": script, "target": map[string]any{"context": f.context}, "awaitPromise": true, "userActivation": true,
	}, &r)
	if r.Type == "exception" {
		f.t.Fatalf("%.80s: %s", script, r.ExceptionDetails.Text)
	}
	return r.Result.Value
}
