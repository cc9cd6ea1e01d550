package alert

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"bokvar/internal/apptest/firefox"
	"bokvar/internal/casework"
	"bokvar/static"
)

// A real Firefox subscribes at a push service on this machine, receives what we
// send through the product's own service worker, and shows a notification that
// names nobody. After it unsubscribes, the service answers 410 and we forget it.
func TestARealFirefoxShowsThePush(t *testing.T) {
	if err := static.Ready(); err != nil {
		t.Fatal(err)
	}
	service := newMozilla(t)
	app := httptest.NewServer(http.HandlerFunc(appWithTestPage))
	t.Cleanup(app.Close)
	here := strings.Replace(app.URL, "127.0.0.1", "localhost", 1) // a secure context
	d := newDesk(t, func(o *Options) { o.Local, o.Origin = service.server.URL, here })
	browser := firefox.Open(t, map[string]any{
		"dom.push.serverURL":                       "ws" + strings.TrimPrefix(service.server.URL, "http") + "/",
		"dom.push.testing.allowInsecureServerURL":  true,
		"dom.push.connection.enabled":              true, // the remote agent switches it off
		"permissions.default.desktop-notification": 1,
		"alerts.useSystemBackend":                  false, // there is no desktop here
	})
	browser.Visit(here + "/test-page")
	var sub struct {
		Endpoint string
		Keys     struct{ P256dh, Auth string }
	}
	subscription := browser.Eval(fmt.Sprintf("subscribe(%q)", d.Key()))
	if err := json.Unmarshal([]byte(subscription), &sub); err != nil {
		t.Fatalf("%s: %v", subscription, err)
	}
	kept := casework.Subscription{Person: "samira", Device: "laptop", Endpoint: sub.Endpoint, P256dh: sub.Keys.P256dh, Auth: sub.Keys.Auth}
	if err := d.Subscribe(kept); err != nil {
		t.Fatal(err)
	}
	d.raise("0192-alert", "samira")
	if got := d.store.ended(t, "0192-alert", "samira"); got != "sent" {
		t.Fatalf("the push: %s", got)
	}
	var shown []struct {
		Title, Body, Tag string
		Data             struct{ Navigate string }
	}
	firefox.Eventually(t, "a notification is shown", func() error {
		if err := json.Unmarshal([]byte(browser.Eval("shown()")), &shown); err != nil {
			return err
		}
		if len(shown) == 0 {
			return errors.New("none yet")
		}
		return nil
	})
	want := here + "/case/case-7?alert=0192-alert"
	if n := shown[0]; len(shown) != 1 || n.Title != "Bokvar" || n.Body != "Du har något nytt i Bokvar." || n.Tag != "0192-alert" || n.Data.Navigate != want {
		t.Errorf("%+v", shown)
	}
	if got := browser.Eval("unsubscribe()"); got != "true" {
		t.Fatalf("unsubscribe: %s", got)
	}
	service.untilGone(kept.Endpoint)
	d.raise("0193-alert", "samira")
	if got := d.store.ended(t, "0193-alert", "samira"); got != "nowhere" {
		t.Errorf("after unsubscribing: %s", got)
	}
	if subs, _ := d.store.SubscriptionsOf("samira"); len(subs) != 0 {
		t.Errorf("the device is still known: %v", subs)
	}
}

// testPage only subscribes; the service worker is the product's.
const testPage = `<!doctype html><meta charset="utf-8"><title>push</title><script>
const bytes = s => Uint8Array.from(atob(s.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
async function worker() { await navigator.serviceWorker.register('/sw.js'); return navigator.serviceWorker.ready; }
async function subscribe(key) {
  const s = await (await worker()).pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  return JSON.stringify(s);
}
async function shown() {
  const all = await (await worker()).getNotifications();
  return JSON.stringify(all.map(n => ({ title: n.title, body: n.body, tag: n.tag, data: n.data })));
}
async function unsubscribe() {
  const s = await (await worker()).pushManager.getSubscription();
  return String(await s.unsubscribe());
}
</script>`

// appWithTestPage serves the bundled app, which the service worker wants whole, and the page above.
func appWithTestPage(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	switch name {
	case "test-page":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, testPage)
		return
	case "":
		name = "index.html"
	}
	content, err := fs.ReadFile(static.Files(), name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	switch {
	case strings.HasSuffix(name, ".js"):
		w.Header().Set("Content-Type", "text/javascript")
	case strings.HasSuffix(name, ".css"):
		w.Header().Set("Content-Type", "text/css")
	}
	_, _ = w.Write(content)
}

// mozilla is a push service as Firefox speaks with one: a socket for the browser,
// and RFC 8030 for servers.
type mozilla struct {
	t      *testing.T
	server *httptest.Server
	mu     sync.Mutex
	tabs   map[string]*websocket.Conn // by channel
	gone   map[string]bool
}

func newMozilla(t *testing.T) *mozilla {
	m := &mozilla{t: t, tabs: map[string]*websocket.Conn{}, gone: map[string]bool{}}
	routes := http.NewServeMux()
	routes.HandleFunc("POST /wpush/v2/{channel}", m.post)
	routes.HandleFunc("/", m.talk)
	m.server = httptest.NewServer(routes)
	t.Cleanup(m.server.Close)
	return m
}

// talk is the browser's side.
func (m *mozilla) talk(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{Subprotocols: []string{"push-notification"}, CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = ws.Close() }()
	for {
		var in struct {
			MessageType string `json:"messageType"`
			ChannelID   string `json:"channelID"`
		}
		if ws.ReadJSON(&in) != nil {
			return
		}
		if answer := m.answer(ws, in.MessageType, in.ChannelID); answer != nil {
			m.send(ws, answer)
		}
	}
}

func (m *mozilla) answer(ws *websocket.Conn, kind, channel string) map[string]any {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]any{"messageType": kind, "status": 200}
	switch kind {
	case "hello":
		out["uaid"], out["use_webpush"], out["broadcasts"] = "5f0774ac09a3440ca6a5d2c1b3f5a5b5", true, map[string]any{}
	case "register":
		m.tabs[channel] = ws
		out["channelID"], out["pushEndpoint"] = channel, m.server.URL+"/wpush/v2/"+channel
	case "unregister":
		m.gone[channel] = true
		out["channelID"] = channel
	case "": // a ping is an empty object
		return map[string]any{}
	default: // ack, nack, broadcast_subscribe
		return nil
	}
	return out
}

func (m *mozilla) send(ws *websocket.Conn, v any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_ = ws.WriteJSON(v) // a browser that has gone reads nothing
}

// post is the server's side.
func (m *mozilla) post(w http.ResponseWriter, r *http.Request) {
	channel := r.PathValue("channel")
	body, err := io.ReadAll(io.LimitReader(r.Body, 4097))
	m.mu.Lock()
	ws, gone := m.tabs[channel], m.gone[channel]
	m.mu.Unlock()
	switch {
	case err != nil || r.Header.Get("TTL") == "":
		w.WriteHeader(http.StatusBadRequest)
	case len(body) > 4096:
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	case gone:
		w.WriteHeader(http.StatusGone)
	case ws == nil:
		w.WriteHeader(http.StatusNotFound)
	default:
		m.send(ws, map[string]any{
			"messageType": "notification", "channelID": channel, "version": fmt.Sprint(time.Now().UnixNano()),
			"data": base64.RawURLEncoding.EncodeToString(body), "headers": map[string]string{"encoding": r.Header.Get("Content-Encoding")},
		})
		w.WriteHeader(http.StatusCreated)
	}
}

// untilGone waits until the browser has told the service that it unsubscribed.
func (m *mozilla) untilGone(endpoint string) {
	m.t.Helper()
	channel := endpoint[strings.LastIndex(endpoint, "/")+1:]
	firefox.Eventually(m.t, "the service hears of it", func() error {
		m.mu.Lock()
		defer m.mu.Unlock()
		if !m.gone[channel] {
			return errors.New("not yet")
		}
		return nil
	})
}
