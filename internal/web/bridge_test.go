package web

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func (r *running) dial(change func(http.Header)) (*websocket.Conn, *http.Response, error) {
	h := http.Header{"Origin": {"http://" + r.addr}, "Cookie": {"bokvar=good"}}
	if change != nil {
		change(h)
	}
	d := websocket.Dialer{HandshakeTimeout: time.Minute, EnableCompression: true}
	return d.Dial("ws://"+r.addr+"/sync", h)
}

func (r *running) mustDial() *websocket.Conn {
	r.t.Helper()
	ws, resp, err := r.dial(nil)
	if err != nil {
		r.t.Fatalf("dial: %v %v", err, resp)
	}
	r.t.Cleanup(func() { _ = ws.Close() })
	return ws
}

func echo(ws *websocket.Conn) {
	for {
		kind, content, err := ws.ReadMessage()
		if err != nil || ws.WriteMessage(kind, content) != nil {
			return
		}
	}
}

func TestSocketEchoesWhatItGets(t *testing.T) {
	r := start(t, nil)
	r.serve = echo
	ws := r.mustDial()
	big := make([]byte, 1<<20)
	_, _ = rand.Read(big)
	for _, message := range [][]byte{[]byte("hej"), {}, big, bytes.Repeat([]byte("åäö "), 100_000)} {
		if err := ws.WriteMessage(websocket.BinaryMessage, message); err != nil {
			t.Fatal(err)
		}
		_, got, err := ws.ReadMessage()
		if err != nil || !bytes.Equal(got, message) {
			t.Fatalf("%d bytes came back as %d: %v", len(message), len(got), err)
		}
	}
	pong := make(chan string, 1)
	ws.SetPongHandler(func(s string) error { pong <- s; return nil })
	_ = ws.WriteControl(websocket.PingMessage, []byte("x"), time.Now().Add(time.Second))
	_ = ws.WriteMessage(websocket.TextMessage, []byte("after"))
	if _, _, err := ws.ReadMessage(); err != nil || <-pong != "x" {
		t.Errorf("no pong: %v", err)
	}
}

func TestSocketIsRefusedBeforeTheUpgrade(t *testing.T) {
	r := start(t, nil)
	for name, c := range map[string]struct {
		change func(http.Header)
		status int
	}{
		"foreign origin": {func(h http.Header) { h.Set("Origin", "http://evil.example") }, 403},
		"no origin":      {func(h http.Header) { h.Del("Origin") }, 403},
		"no session":     {func(h http.Header) { h.Del("Cookie") }, 401},
	} {
		_, resp, err := r.dial(c.change)
		if err == nil || resp == nil || resp.StatusCode != c.status {
			t.Errorf("%s: %v %v, want %d", name, resp, err, c.status)
		}
	}
	r.want("GET", "/sync", "", nil, 426, "upgrade")
	upgrade := func(version, key string) func(*http.Request) {
		return func(req *http.Request) {
			req.Header.Set("Connection", "Upgrade")
			req.Header.Set("Upgrade", "websocket")
			req.Header.Set("Sec-WebSocket-Version", version)
			req.Header.Set("Sec-WebSocket-Key", key)
		}
	}
	r.want("GET", "/sync", "", upgrade("12", "dGhlIHNhbXBsZSBub25jZQ=="), 400, "malformed")
	r.want("GET", "/sync", "", upgrade("13", "short"), 400, "malformed")
}

// Frames that come in the same packet as the request must not be lost.
func TestFramesThatCameWithTheRequest(t *testing.T) {
	r := start(t, nil)
	r.serve = echo
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	var out bytes.Buffer
	fmt.Fprintf(&out, "GET /sync HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nCookie: bokvar=good\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", r.addr, r.addr)
	for _, text := range []string{"one", "two", "three"} {
		out.Write([]byte{0x81, 0x80 | byte(len(text)), 0, 0, 0, 0}) // a mask of zeros leaves the text as it is
		out.WriteString(text)
	}
	if _, err := conn.Write(out.Bytes()); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(conn)
	resp, err := http.ReadResponse(in, nil)
	if err != nil || resp.StatusCode != 101 {
		t.Fatalf("%v %v", resp, err)
	}
	for _, text := range []string{"one", "two", "three"} {
		frame := make([]byte, 2+len(text))
		if _, err := io.ReadFull(in, frame); err != nil || string(frame[2:]) != text {
			t.Fatalf("%q, %v; want %q", frame, err, text)
		}
	}
}

func TestCloseFromTheServerFreesTheConnection(t *testing.T) {
	r := start(t, nil)
	served := make(chan *websocket.Conn, 1)
	returned := make(chan struct{})
	r.serve = func(ws *websocket.Conn) {
		served <- ws
		_, _, _ = ws.ReadMessage()
		close(returned)
	}
	ws := r.mustDial()
	_ = (<-served).Close() // from another goroutine than the one that reads
	select {
	case <-returned:
	case <-time.After(2 * time.Minute):
		t.Fatal("the reader never came back: Close did nothing")
	}
	if _, _, err := ws.ReadMessage(); err == nil {
		t.Error("the device still has a connection")
	}
}

func TestManySocketsAtOnce(t *testing.T) {
	r := start(t, nil)
	r.serve = echo
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			ws, _, err := r.dial(nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = ws.Close() }()
			for j := range 5 {
				want := fmt.Sprint(i, " ", j, strings.Repeat("x", i))
				_ = ws.WriteMessage(websocket.TextMessage, []byte(want))
				if _, got, err := ws.ReadMessage(); err != nil || string(got) != want {
					t.Errorf("%q, %v; want %q", got, err, want)
					return
				}
			}
		})
	}
	wg.Wait()
}
