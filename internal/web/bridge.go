package web

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"
)

// The bridge between Fiber's requests and gorilla's sockets. Fiber's own adaptor
// cannot hijack, and newer ones lose frames that came with the request. Here:
//
//   - what fasthttp has read already is taken over, in front of the connection;
//   - reading, writing and closing then go to the raw connection, because closing
//     fasthttp's wrapper does nothing;
//   - fasthttp is told to keep its hands off ([New] sets KeepHijackedConns) and
//     gets its buffers back at once: an idle device costs a goroutine with a small
//     stack and gorilla's own read buffer;
//   - the Fiber context is not touched once the handler has returned.

// handshakeWait bounds the upgrade itself.
const handshakeWait = 10 * time.Second

var bufferPool sync.Pool

// upgradeHeaders are what gorilla looks at.
var upgradeHeaders = []string{
	"Connection", "Upgrade", "Sec-Websocket-Version", "Sec-Websocket-Key",
	"Sec-Websocket-Protocol", "Sec-Websocket-Extensions",
}

// upgrade answers the request with a socket and hands it to serve on a goroutine
// of its own; the connection is closed when serve returns. The caller has checked
// who asks and from where.
func upgrade(c *fiber.Ctx, up *websocket.Upgrader, serve func(*websocket.Conn)) error {
	req := &http.Request{Method: http.MethodGet, Header: http.Header{}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	for _, name := range upgradeHeaders {
		for _, v := range c.Context().Request.Header.PeekAll(name) {
			req.Header.Add(name, string(v))
		}
	}
	if !websocket.IsWebSocketUpgrade(req) {
		return fiber.ErrUpgradeRequired
	}
	if req.Header.Get("Sec-Websocket-Version") != "13" || len(req.Header.Get("Sec-Websocket-Key")) != 24 {
		return fiber.ErrBadRequest
	}
	ours := *up
	ours.CheckOrigin = func(*http.Request) bool { return true } // done, in the handler
	ours.HandshakeTimeout = handshakeWait
	c.Context().HijackSetNoResponse(true)
	c.Context().Hijack(func(hijacked net.Conn) {
		conn := takeOver(hijacked)
		go func() { // on a stack of its own, which stays small
			defer func() { _ = conn.Close() }()
			ws, err := ours.Upgrade(&responder{conn: conn, header: http.Header{}}, req, nil)
			if err != nil {
				return
			}
			serve(ws)
		}()
	})
	return nil
}

// bridged is the raw connection behind what was read of it already.
type bridged struct {
	net.Conn
	early []byte
	once  sync.Once
	err   error
}

// takeOver takes the connection from fasthttp together with what it has buffered.
func takeOver(hijacked net.Conn) *bridged {
	raw := hijacked
	if wrapper, ok := hijacked.(interface{ UnsafeConn() net.Conn }); ok {
		raw = wrapper.UnsafeConn()
	}
	b := &bridged{Conn: raw}
	_ = raw.SetReadDeadline(time.Unix(1, 0)) // long past: only what is buffered comes, nothing is waited for
	for part := make([]byte, 4096); ; {
		n, err := hijacked.Read(part)
		b.early = append(b.early, part[:n]...)
		if err != nil || n == 0 {
			break
		}
	}
	_ = raw.SetReadDeadline(time.Time{})
	return b
}

func (b *bridged) Read(p []byte) (int, error) {
	if len(b.early) > 0 {
		n := copy(p, b.early)
		if b.early = b.early[n:]; len(b.early) == 0 {
			b.early = nil
		}
		return n, nil
	}
	return b.Conn.Read(p)
}

func (b *bridged) Close() error {
	b.once.Do(func() { b.err = b.Conn.Close() })
	return b.err
}

// responder is the http.ResponseWriter that gorilla's upgrade asks for.
type responder struct {
	conn     *bridged
	header   http.Header
	status   int
	hijacked bool
}

func (r *responder) Header() http.Header { return r.header }

func (r *responder) WriteHeader(status int) {
	if r.status != 0 || r.hijacked {
		return
	}
	r.status = status
	_, _ = fmt.Fprintf(r.conn, "HTTP/1.1 %d %s\r\nConnection: close\r\n\r\n", status, http.StatusText(status))
}

func (r *responder) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.conn.Write(p)
}

// Hijack gives gorilla the connection with buffers so small that it makes its own.
func (r *responder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	r.hijacked = true
	return r.conn, bufio.NewReadWriter(bufio.NewReaderSize(r.conn, 16), bufio.NewWriterSize(r.conn, 16)), nil
}
