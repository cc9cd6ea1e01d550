package apptest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/chromedp"
)

// Screen is the size of a person's screen.
type Screen struct {
	Width, Height int64
	Phone         bool // touch, mobile viewport
	Dark          bool
	Still         bool // the person wants nothing to move
}

// The screens that everything is looked at on.
var (
	SmallPhone = Screen{Width: 360, Height: 740, Phone: true}
	Phone      = Screen{Width: 390, Height: 844, Phone: true}
	Desk       = Screen{Width: 1280, Height: 800}
)

func (s Screen) dark() Screen  { s.Dark = true; return s }
func (s Screen) still() Screen { s.Still = true; return s }

// Browser is one person's Chromium, with a profile that outlives it.
type Browser struct {
	Origin  string
	Profile string
	Screen  Screen

	Passphrase string // chosen by [Browser.SignIn]
	Unkept     bool   // the phone does not promise to keep what is stored
	Dumps      bool   // a crash leaves a dump in the profile

	tb      TB
	program *Program // of a tour
	link    *Link    // its way to the program
	code    string   // of a rescue key
	ctx     context.Context
	stop    func()
	cmd     *exec.Cmd
	loaded  string      // the path that was loaded last
	died    atomic.Bool // the page's process
	asked   func()      // told of each word with the browser, when somebody counts them
}

// Open starts a Chromium with a new profile at the origin.
func Open(tb TB, origin string, screen Screen) *Browser {
	tb.Helper()
	return (&Browser{Origin: origin, Screen: screen}).open(tb)
}

func (b *Browser) open(tb TB) *Browser {
	tb.Helper()
	b.tb, b.Profile = tb, tb.TempDir()
	b.Start()
	tb.Cleanup(b.Kill)
	return b
}

// Start starts it again on the profile it had.
func (b *Browser) Start() {
	b.tb.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		b.tb.Fatalf("chromium is missing; .ci/tools installs it: %v", err)
	}
	_ = os.Remove(filepath.Join(b.Profile, "SingletonLock"))
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(b.Profile),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("lang", "sv-SE"),
		chromedp.ModifyCmdFunc(func(c *exec.Cmd) {
			if c.SysProcAttr == nil {
				c.SysProcAttr = &syscall.SysProcAttr{}
			}
			c.SysProcAttr.Setpgid = true // so that Kill takes the whole tree
			b.cmd = c
		}))
	if b.Dumps {
		// Also where Chromium puts them when it does not ask: below a home of its own.
		opts = append(opts, chromedp.Flag("disable-breakpad", false), chromedp.Flag("enable-crash-reporter", true),
			chromedp.Env("BREAKPAD_DUMP_LOCATION="+filepath.Join(b.Profile, "Crash Reports"), "HOME="+b.Profile, "XDG_CONFIG_HOME="+filepath.Join(b.Profile, ".config")))
	}
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, stopTab := chromedp.NewContext(allocator)
	b.ctx, b.stop = ctx, func() { stopTab(); stopAllocator() }
	if err := chromedp.Do(ctx); err != nil {
		b.tb.Fatalf("chromium does not start: %v", err)
	}
	b.listen()
	b.call("Page.addScriptToEvaluateOnNewDocument", map[string]any{"source": noteErrors})
	b.Resize(b.Screen)
	permissions := []string{"notifications", "backgroundSync"}
	if !b.Unkept {
		permissions = append(permissions, "durableStorage")
	}
	_, err = chromedp.CallBrowser(ctx, cdp.Command[map[string]any, cdp.Empty]{Method: "Browser.grantPermissions"},
		map[string]any{"origin": b.Origin, "permissions": permissions})
	if err != nil {
		b.tb.Fatalf("grant permissions: %v", err)
	}
}

// listen keeps it when the page's process dies: it answers nothing any more, and a wait
// for it would only say that its time was over.
func (b *Browser) listen() {
	b.tb.Helper()
	err := chromedp.Listen(b.ctx, func(event any) {
		if _, crashed := event.(*inspector.EventTargetCrashed); crashed {
			b.died.Store(true)
		}
	})
	if err != nil {
		b.tb.Fatalf("listen to chromium: %v", err)
	}
}

var errDied = errors.New("the page's process has died")

// noteErrors keeps what the page complains about, for the message of a failed wait.
const noteErrors = `(() => {
  const said = (globalThis.pageErrors = []), say = console.error;
  const note = (e) => said.push(String(e?.stack ?? e).slice(0, 600));
  console.error = (...all) => { all.forEach(note); say(...all); };
  addEventListener('error', (e) => note(e.error ?? e.message));
  addEventListener('unhandledrejection', (e) => note(e.reason));
})()`

// Tab opens another tab of the same phone.
func (b *Browser) Tab() *Browser {
	b.tb.Helper()
	ctx, stop := chromedp.NewContext(b.ctx)
	tab := &Browser{Origin: b.Origin, Profile: b.Profile, Screen: b.Screen, tb: b.tb, ctx: ctx, stop: stop}
	if err := chromedp.Do(ctx); err != nil {
		b.tb.Fatalf("another tab: %v", err)
	}
	tab.listen()
	tab.Resize(b.Screen)
	return tab
}

// Freeze stops everything that the tab does, as phones do with tabs that nobody
// looks at; Thaw lets it go on.
func (b *Browser) Freeze() { b.call("Page.setWebLifecycleState", map[string]any{"state": "frozen"}) }

// Thaw lets a frozen tab go on.
func (b *Browser) Thaw() { b.call("Page.setWebLifecycleState", map[string]any{"state": "active"}) }

// Before runs a script in each page from the next one on, before anything of the app.
func (b *Browser) Before(script string) {
	b.tb.Helper()
	b.call("Page.addScriptToEvaluateOnNewDocument", map[string]any{"source": script})
}

// ForgetCopy deletes the readable copy, as a browser does that makes room; the next
// unlocking fetches everything anew.
func (b *Browser) ForgetCopy() {
	b.tb.Helper()
	b.call("Storage.clearDataForOrigin", map[string]any{"origin": b.Origin, "storageTypes": "indexeddb"})
}

// Clock sets the phone's clock off by so much, from the next page on.
func (b *Browser) Clock(off time.Duration) {
	b.tb.Helper()
	b.Before(fmt.Sprintf(`(() => {
  const Right = Date, off = %d, now = () => Right.now() + off;
  globalThis.Date = class extends Right {
    constructor(...given) { given.length ? super(...given) : super(now()); }
    static now() { return now(); }
  };
})()`, off.Milliseconds()))
}

// Resize sets the screen and the colour scheme.
func (b *Browser) Resize(s Screen) {
	b.tb.Helper()
	b.Screen = s
	steps := []chromedp.Action[chromedp.Void]{chromedp.EmulateViewport(s.Width, s.Height)}
	if s.Phone {
		steps = []chromedp.Action[chromedp.Void]{chromedp.EmulateViewport(s.Width, s.Height, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))}
	}
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.tb.Fatalf("screen: %v", err)
	}
	scheme := "light"
	if s.Dark {
		scheme = "dark"
	}
	motion := "no-preference"
	if s.Still {
		motion = "reduce"
	}
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{
		{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": motion}}})
}

// Quit closes it as a person would: everything that the browser still held is
// written. (Chromium puts a new cookie on disk only after up to 30 seconds.)
func (b *Browser) Quit() {
	b.tb.Helper()
	if err := chromedp.Cancel(b.ctx); err != nil {
		b.tb.Fatalf("close the browser: %v", err)
	}
	b.stop()
	b.cmd = nil
}

// Kill ends the whole process tree as a dead battery would (SIGKILL).
func (b *Browser) Kill() {
	if b.cmd == nil || b.cmd.Process == nil {
		return
	}
	_ = syscall.Kill(-b.cmd.Process.Pid, syscall.SIGKILL)
	b.stop()
	_ = RetryFor(5*time.Second, func() error {
		if n := alive(b.cmd.Process.Pid); n > 0 {
			return fmt.Errorf("%d are still there", n)
		}
		return nil
	})
	b.cmd = nil
}

// alive counts the processes of a group that have not died. One that has, and whose
// parent has not looked after it yet, holds nothing any more.
func alive(group int) (n int) {
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range all {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // gone meanwhile
		}
		var state string
		var parent, of int
		_, after, _ := strings.Cut(string(stat), ") ") // what comes before is a name
		if _, err := fmt.Sscan(after, &state, &parent, &of); err == nil && of == group && state != "Z" {
			n++
		}
	}
	return n
}

// isAsked ends what is done with a browser that has gone: nothing will answer.
func (b *Browser) isAsked() {
	b.tb.Helper()
	if b.asked != nil {
		b.asked()
	}
	if b.ctx.Err() != nil {
		b.tb.Fatalf("the browser has gone")
	}
}

func (b *Browser) call(method string, params map[string]any) {
	b.tb.Helper()
	b.ask(method, params)
}

// ask is call, and returns what the browser answers.
func (b *Browser) ask(method string, params map[string]any) map[string]any {
	b.tb.Helper()
	b.isAsked()
	ctx, cancel := context.WithTimeout(b.ctx, Patience)
	defer cancel()
	answer, err := chromedp.Call(ctx, cdp.Command[map[string]any, map[string]any]{Method: method}, params)
	if err != nil {
		b.tb.Fatalf("%s: %v", method, err)
	}
	return answer
}

// Load opens a path of the app and leaves the lock as it is.
func (b *Browser) Load(path string) {
	b.tb.Helper()
	_, _ = b.evalWithin(2*time.Second, sheetCloses) // going back would break the way to the page off; a page that is gone closes none
	ctx, cancel := context.WithTimeout(b.ctx, Patience)
	defer cancel()
	b.loaded = path
	b.died.Store(false) // a dead page is opened again by whoever looks at it
	if err := chromedp.Do(ctx, chromedp.Navigate(b.Origin+path)); err != nil {
		b.tb.Fatalf("open %s: %v", path, err)
	}
}

// sheetCloses waits until a sheet that is being closed has taken its entry of the history away.
const sheetCloses = `(async () => { for (let n = 0; n < 100 && history.state?.sheet && !document.querySelector('dialog[open]'); n++) await new Promise(again => setTimeout(again, 10)); })()`

// Walk goes to a path inside the running app, without loading the page anew, and waits until
// the screen that stood there is gone: it may have fields and buttons of the same names.
func (b *Browser) Walk(path string) {
	b.tb.Helper()
	b.Eval(fmt.Sprintf(`(async () => {
  await %s;
  const at = () => location.pathname + location.search, from = at(), shown = document.querySelector('main');
  history.pushState(null, '', %q);
  dispatchEvent(new PopStateEvent('popstate'));
  for (let n = 0; n < 1000 && at() !== from && document.querySelector('main') === shown; n++) await new Promise(again => setTimeout(again, 10));
})()`, sheetCloses, path))
}

// Eval runs an expression in the page, awaits it, and returns its value as text.
func (b *Browser) Eval(expression string) string {
	b.tb.Helper()
	v, err := b.evalWithin(Patience, expression)
	if err != nil {
		b.tb.Fatalf("in the page: %v\n%.300s", err, expression)
	}
	return v
}

// eval is for what is asked again: a page that was replaced meanwhile may never answer,
// and that must not use up the time of the whole wait.
func (b *Browser) eval(expression string) (string, error) {
	return b.evalWithin(Patience/3, expression)
}

// evalWithin gives up earlier: a page that is being replaced may never answer.
func (b *Browser) evalWithin(limit time.Duration, expression string) (string, error) {
	b.isAsked()
	if b.died.Load() {
		return "", errDied
	}
	ctx, cancel := context.WithTimeout(b.ctx, limit)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[any](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		return "", err
	}
	if s, ok := v.(string); ok {
		return s, nil
	}
	out, err := json.Marshal(v)
	return string(out), err
}

// text is what a person can read, spaces made plain.
const text = `(document.body ? document.body.innerText : '').replace(/[\u00a0\u202f\u2009\s]+/g, ' ')`

// Text is everything that a person can read on the screen now.
func (b *Browser) Text() string {
	b.tb.Helper()
	return b.Eval(text)
}

// See waits until each of the words stands on the screen.
func (b *Browser) See(words ...string) {
	b.tb.Helper()
	for _, w := range words {
		b.until("see “"+w+"”", func(shown string) bool { return strings.Contains(shown, w) })
	}
}

// NotSee waits until none of the words stands on the screen.
func (b *Browser) NotSee(words ...string) {
	b.tb.Helper()
	for _, w := range words {
		b.until("no longer see “"+w+"”", func(shown string) bool { return !strings.Contains(shown, w) })
	}
}

func (b *Browser) until(what string, right func(shown string) bool) {
	b.tb.Helper()
	defer b.pictureOfFailure(time.Now())
	Retry(b.tb, what, func() error {
		shown, err := b.eval(text)
		if err != nil {
			return err
		}
		if !right(shown) {
			errors, _ := b.eval(`(globalThis.pageErrors ?? []).join(' | ')`)
			return fmt.Errorf("the screen (%s) says: %.1500s; the page complained: %.1500s", b.path(), shown, errors)
		}
		return nil
	})
}

// pictureOfFailure leaves a PNG in the folder BOKVAR_FAILURES when a wait has failed.
func (b *Browser) pictureOfFailure(began time.Time) {
	dir := os.Getenv("BOKVAR_FAILURES")
	if dir == "" || time.Since(began) < Patience {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, Patience/3) // a page that hangs draws nothing, either
	defer cancel()
	if png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot()); err == nil {
		_ = os.WriteFile(filepath.Join(dir, fmt.Sprintf("failure-%d.png", time.Now().UnixMilli())), png, 0o644)
	}
}

func (b *Browser) path() string {
	p, _ := b.eval(`location.pathname`)
	return p
}

// Key presses a key of the keyboard: Tab, Enter, Space, Escape, or an arrow.
func (b *Browser) Key(name string) {
	b.tb.Helper()
	codes := map[string]int{"Tab": 9, "Enter": 13, "Space": 32, "Escape": 27, "ArrowUp": 38, "ArrowDown": 40}
	key, text := name, map[string]string{"Enter": "\r", "Space": " "}[name]
	if name == "Space" {
		key = " "
	}
	for _, kind := range []string{"keyDown", "keyUp"} {
		b.call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": key, "code": name, "windowsVirtualKeyCode": codes[name], "text": text})
		text = ""
	}
}

// Fill types into the field with the label (or accessible name), replacing what is there,
// and again when the field has not heard it: on a busy machine it may have been drawn
// anew, or have lost the focus, before the words came.
func (b *Browser) Fill(label, value string) {
	b.tb.Helper()
	Retry(b.tb, "the field “"+label+"”", func() error {
		found, err := b.eval(`((name) => {
  const plain = s => (s || '').replace(/[\u00a0\s]+/g, ' ').trim();
  const e = [...document.querySelectorAll('input,textarea,select')].find(e => e.getClientRects().length &&
    (plain(e.getAttribute('aria-label')) === name || [...(e.labels || [])].some(l => plain(l.innerText).startsWith(name))));
  if (!e) return false;
  e.scrollIntoView({ block: 'center', behavior: 'instant' });
  e.focus(); if (e.select) e.select();
  const typed = globalThis.typed = { heard: false };
  e.addEventListener('input', () => { typed.heard = true; }, { once: true });
  return e.type || 'text';
})(` + quote(label) + `)`)
		if err == nil && found == "false" {
			shown, _ := b.eval(text)
			err = fmt.Errorf("not there; the screen (%s) says: %.1200s", b.path(), shown)
		}
		if err != nil {
			return err
		}
		switch found {
		case "date", "time", "datetime-local", "month", "select-one": // no plain typing in these
			_, err = b.eval(`((v) => { const e = document.activeElement;
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), 'value').set.call(e, v);
  e.dispatchEvent(new Event('input', { bubbles: true })); e.dispatchEvent(new Event('change', { bubbles: true })); })(` + quote(value) + `)`)
			return err
		}
		b.call("Input.insertText", map[string]any{"text": value})
		if value == "" {
			return nil // an empty field hears nothing
		}
		return RetryFor(clickComes, func() error {
			heard, err := b.evalWithin(clickComes, `String(globalThis.typed ? globalThis.typed.heard : true)`) // another page: it was heard
			if err == nil && heard != "true" {
				err = errors.New("it has not heard what was typed")
			}
			return err
		})
	})
}

// Draw signs with a finger in the nth signature pad on the screen, and again when the pad
// has not taken it: it may have moved away under the finger.
func (b *Browser) Draw(nth int) {
	b.tb.Helper()
	Retry(b.tb, "the pad has the signature", func() error {
		if err := b.drawOnce(nth); err != nil {
			return err
		}
		return RetryFor(clickComes, func() error {
			label, err := b.eval(fmt.Sprintf(`document.querySelectorAll('.pad canvas')[%d]?.getAttribute('aria-label') ?? 'no pad'`, nth))
			if err == nil && !strings.Contains(label, "ifylld") {
				err = fmt.Errorf("it says %q", label)
			}
			return err
		})
	})
	time.Sleep(4 * fingerRests) // the finger goes to the next place
}

func (b *Browser) drawOnce(nth int) error {
	b.tb.Helper()
	var r struct {
		X, Y, Width, Height float64
		Moves               bool
	}
	found, err := b.eval(fmt.Sprintf(`(async (n) => { const c = document.querySelectorAll('.pad canvas')[n]; if (!c) return null;
  c.scrollIntoView({ block: 'center', behavior: 'instant' }); const r = c.getBoundingClientRect();
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const still = c.getBoundingClientRect();
  return { x: r.x, y: r.y, width: r.width, height: r.height, moves: !c.isConnected || still.x !== r.x || still.y !== r.y || still.width !== r.width }; })(%d)`, nth))
	if err != nil {
		return err
	}
	if found == "null" {
		return errors.New("there is no pad to sign in")
	}
	if err := json.Unmarshal([]byte(found), &r); err != nil {
		return err
	}
	if r.Moves {
		return errors.New("the pad moves")
	}
	at := func(i int) (float64, float64) {
		return r.X + 30 + float64(i)*(r.Width-80)/40, r.Y + r.Height/2 + r.Height/5*float64(i%8-4)/4
	}
	x, y := at(0)
	b.touch(input.DispatchTouchEventTypeTouchStart, x, y)
	for i := 1; i < 40; i++ {
		x, y = at(i)
		b.touch(input.DispatchTouchEventTypeTouchMove, x, y)
	}
	b.touch(input.DispatchTouchEventTypeTouchEnd, x, y)
	return nil
}

// Upload puts a file into the page's file field.
func (b *Browser) Upload(path string) {
	b.tb.Helper()
	Retry(b.tb, "a field for a file", func() error {
		b.isAsked()
		ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
		defer cancel()
		return chromedp.Do(ctx, chromedp.SetUploadFiles(chromedp.CSS(`input[type=file]`), []string{path}))
	})
}

// Picture is a PNG of what is on the screen; full: of the whole page.
func (b *Browser) Picture(full bool) []byte {
	b.tb.Helper()
	action := chromedp.CaptureScreenshot()
	if full {
		action = chromedp.FullScreenshot(100)
	}
	ctx, cancel := context.WithTimeout(b.ctx, Patience)
	defer cancel()
	png, err := chromedp.Run(ctx, action)
	if err != nil {
		b.tb.Fatalf("picture: %v", err)
	}
	return png
}

// Synced waits until the app is signed in, caught up, nothing is being saved, and nothing is unsent.
func (b *Browser) Synced() {
	b.tb.Helper()
	Retry(b.tb, "everything is up and down", func() error {
		state, err := b.eval(`(s => s.syncPhase + ' ' + s.saving + ' ' + s.unsent)(document.documentElement.dataset)`)
		if err == nil && state != "live 0 0" {
			shown, _ := b.eval(text)
			err = fmt.Errorf("phase, being saved and unsent: %s; the screen says: %.600s", state, shown)
		}
		return err
	})
}

func quote(s string) string {
	out, _ := json.Marshal(s)
	return string(out)
}

// Slow makes the page's processor so many times slower than this machine's.
func (b *Browser) Slow(times int) {
	b.tb.Helper()
	b.call("Emulation.setCPUThrottlingRate", map[string]any{"rate": times})
}
