// Package firefox is a real Firefox for tests, steered by WebDriver BiDi. A missing
// one is a failure, never a skip.
package firefox

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gorilla/websocket"
)

// TB is what is needed of a test.
type TB interface {
	Helper()
	Failed() bool
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
	Cleanup(func())
	TempDir() string
}

// patience ends a wait that will never succeed. Nothing is asserted about speed.
const patience = 90 * time.Second

// quiet keeps it from talking with anybody but those it is sent to.
var quiet = map[string]any{
	"app.update.disabledForTesting":              true,
	"datareporting.policy.dataSubmissionEnabled": false,
	"toolkit.telemetry.enabled":                  false,
	"network.captive-portal-service.enabled":     false,
	"network.connectivity-service.enabled":       false,
	"browser.safebrowsing.update.enabled":        false,
	"extensions.systemAddon.update.enabled":      false,
	"services.settings.server":                   "data:,#remote-settings-dummy/v1",
	"browser.shell.checkDefaultBrowser":          false,
	"browser.sessionstore.resume_from_crash":     false, // the person opens the app, not the browser
	"toolkit.startup.max_resumed_crashes":        -1,    // however often it was killed
}

// Firefox is one with a profile that outlives it.
type Firefox struct {
	tb   TB
	home string
	log  *os.File
	cmd  *exec.Cmd
	ws   *websocket.Conn
	tab  string

	mu      sync.Mutex
	last    int
	waiting map[int]chan reply
	console func(line string)
	gone    chan struct{} // closed when it answers no more
}

type reply struct {
	ID      int             `json:"id"`
	Type    string          `json:"type"`
	Method  string          `json:"method"`
	Error   string          `json:"error"`
	Message string          `json:"message"`
	Result  json.RawMessage `json:"result"`
	Params  struct {
		Text string `json:"text"`
	} `json:"params"`
}

// path is Firefox as Debian and as others call it.
func path(tb TB) string {
	tb.Helper()
	for _, name := range []string{"firefox-esr", "firefox"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	tb.Fatalf("no Firefox: install Debian's package firefox-esr")
	return ""
}

// Open starts a headless one with a new profile and these settings on top of those
// that keep it quiet.
func Open(tb TB, settings map[string]any) *Firefox {
	tb.Helper()
	f := &Firefox{tb: tb, home: tb.TempDir()}
	if err := os.Mkdir(f.profile(), 0o700); err != nil {
		tb.Fatalf("%v", err)
	}
	all := maps.Clone(quiet)
	maps.Copy(all, settings)
	var lines strings.Builder
	for name, value := range all {
		v, _ := json.Marshal(value)
		_, _ = fmt.Fprintf(&lines, "user_pref(%q, %s);\n", name, v)
	}
	if err := os.WriteFile(filepath.Join(f.profile(), "user.js"), []byte(lines.String()), 0o600); err != nil {
		tb.Fatalf("%v", err)
	}
	var err error
	if f.log, err = os.Create(filepath.Join(f.home, "log")); err != nil {
		tb.Fatalf("%v", err)
	}
	tb.Cleanup(func() {
		f.Kill()
		_ = f.log.Close()
		if tb.Failed() {
			said, _ := os.ReadFile(f.log.Name())
			tb.Logf("Firefox said:\n%.4000s", said)
		}
	})
	f.Start()
	return f
}

func (f *Firefox) profile() string { return filepath.Join(f.home, "profile") }

// Start starts it again on the profile it had.
func (f *Firefox) Start() {
	f.tb.Helper()
	port := freePort(f.tb)
	f.cmd = exec.Command(path(f.tb), "--headless", "--no-remote", "--profile", f.profile(), "--remote-debugging-port", port, "about:blank")
	f.cmd.Env = append(os.Environ(), "HOME="+f.home, "MOZ_DISABLE_CONTENT_SANDBOX=1", "MOZ_CRASHREPORTER_DISABLE=1")
	f.cmd.Stdout, f.cmd.Stderr = f.log, f.log
	f.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := f.cmd.Start(); err != nil {
		f.tb.Fatalf("%v", err)
	}
	f.waiting, f.gone, f.console = map[int]chan reply{}, make(chan struct{}), nil
	Eventually(f.tb, "Firefox answers", func() (err error) {
		f.ws, _, err = websocket.DefaultDialer.Dial("ws://127.0.0.1:"+port+"/session", nil)
		return err
	})
	go f.listen(f.ws, f.gone)
	f.call("session.new", map[string]any{"capabilities": map[string]any{}}, nil)
	f.call("session.subscribe", map[string]any{"events": []string{"log.entryAdded"}}, nil)
	var tree struct {
		Contexts []struct{ Context string }
	}
	Eventually(f.tb, "Firefox has a window", func() error { // it may answer before it has drawn one
		err := f.try("browsingContext.getTree", map[string]any{}, &tree)
		if err == nil && len(tree.Contexts) == 0 {
			err = errors.New("there is none")
		}
		return err
	})
	f.tab = tree.Contexts[0].Context
}

// Kill ends the whole process tree as a dead battery would (SIGKILL).
func (f *Firefox) Kill() {
	if f.cmd == nil {
		return
	}
	_ = syscall.Kill(-f.cmd.Process.Pid, syscall.SIGKILL) // the group that we started: Firefox has children
	f.ended()
}

// Quit closes it as a person would: what it still held in memory is written.
func (f *Firefox) Quit() {
	f.tb.Helper()
	f.call("browser.close", map[string]any{}, nil)
	done := make(chan struct{})
	go func() { f.ended(); close(done) }()
	select {
	case <-done:
	case <-time.After(patience):
		f.tb.Fatalf("Firefox does not close")
	}
}

func (f *Firefox) ended() {
	_ = f.cmd.Wait()
	if f.ws != nil {
		_ = f.ws.Close()
		<-f.gone // all that it had said was heard
	}
	_ = os.Remove(filepath.Join(f.profile(), "lock")) // names a process that is gone
	f.cmd, f.ws = nil, nil
}

// Console calls f with each line that pages write to the console, until it ends.
func (f *Firefox) Console(hear func(line string)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.console = hear
}

func freePort(tb TB) string {
	tb.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("%v", err)
	}
	defer func() { _ = ln.Close() }()
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	return port
}

// Eventually retries until f is content, and fails with its last reason.
func Eventually(tb TB, what string, f func() error) {
	tb.Helper()
	var err error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if err = f(); err == nil {
			return
		}
	}
	tb.Fatalf("%s: %v", what, err)
}

func (f *Firefox) listen(ws *websocket.Conn, gone chan struct{}) {
	defer close(gone)
	for {
		var r reply
		if ws.ReadJSON(&r) != nil {
			return
		}
		f.mu.Lock()
		ch, hear := f.waiting[r.ID], f.console
		if r.Type == "event" {
			ch = nil
		} else {
			delete(f.waiting, r.ID)
		}
		f.mu.Unlock()
		if r.Method == "log.entryAdded" && hear != nil {
			hear(r.Params.Text)
		}
		if ch != nil {
			ch <- r
		}
	}
}

// call runs one BiDi command.
func (f *Firefox) call(method string, params, result any) {
	f.tb.Helper()
	if err := f.try(method, params, result); err != nil {
		f.tb.Fatalf("%v", err)
	}
}

func (f *Firefox) try(method string, params, result any) error {
	ch := make(chan reply, 1)
	f.mu.Lock()
	f.last++
	id := f.last
	f.waiting[id] = ch
	err := f.ws.WriteJSON(map[string]any{"id": id, "method": method, "params": params})
	f.mu.Unlock()
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case r := <-ch:
		if r.Type == "error" {
			return fmt.Errorf("%s: %s: %s", method, r.Error, r.Message)
		}
		if result != nil {
			if err := json.Unmarshal(r.Result, result); err != nil {
				return fmt.Errorf("%s: %w", method, err)
			}
		}
		return nil
	case <-f.gone:
		return fmt.Errorf("%s: Firefox has gone", method)
	case <-time.After(patience):
		return fmt.Errorf("%s: no answer", method)
	}
}

// Visit opens an address.
func (f *Firefox) Visit(url string) {
	f.tb.Helper()
	f.call("browsingContext.navigate", map[string]any{"context": f.tab, "url": url, "wait": "complete"}, nil)
}

// Eval runs a script that returns a string, or a promise of one, as if somebody had
// just touched the page.
func (f *Firefox) Eval(script string) string {
	f.tb.Helper()
	said, err := f.TryEval(script)
	if err != nil {
		f.tb.Fatalf("%.80s: %v", script, err)
	}
	return said
}

// TryEval is Eval for a page that may be about to be replaced.
func (f *Firefox) TryEval(script string) (string, error) {
	var r struct {
		Type             string
		Result           struct{ Value string }
		ExceptionDetails struct{ Text string }
	}
	err := f.try("script.evaluate", map[string]any{
		"expression": script, "target": map[string]any{"context": f.tab}, "awaitPromise": true, "userActivation": true,
	}, &r)
	if err == nil && r.Type == "exception" {
		err = fmt.Errorf("%s", r.ExceptionDetails.Text)
	}
	return r.Result.Value, err
}
