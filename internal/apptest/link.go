package apptest

import (
	"io"
	"net"
	"sync"
)

// Link is one person's way to the server: a TCP proxy on a port of its own.
// While it is cut, the server is really unreachable for that person: open
// connections are gone and new ones are refused.
type Link struct {
	URL string // http://localhost:PORT

	tb     TB
	target string
	addr   string
	mu     sync.Mutex
	ln     net.Listener
	conns  map[net.Conn]bool
}

// NewLink opens a way to the program.
func NewLink(tb TB, p *Program) *Link {
	tb.Helper()
	l := &Link{tb: tb, target: "127.0.0.1:" + p.Port, addr: "127.0.0.1:0", conns: map[net.Conn]bool{}}
	l.Heal()
	_, port, _ := net.SplitHostPort(l.addr)
	l.URL = "http://localhost:" + port
	tb.Cleanup(l.Cut)
	return l
}

// freeAddress is an address of this machine that nobody listens on.
func freeAddress(tb TB) string {
	tb.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("%v", err)
	}
	defer func() { _ = ln.Close() }()
	return ln.Addr().String()
}

// Heal opens the door again, on the same port.
func (l *Link) Heal() {
	l.tb.Helper()
	var ln net.Listener
	Retry(l.tb, "the way to the server opens", func() (err error) {
		ln, err = net.Listen("tcp", l.addr)
		return err
	})
	l.mu.Lock()
	l.ln, l.addr = ln, ln.Addr().String()
	l.mu.Unlock()
	go l.serve(ln)
}

// Cut closes the door and breaks what is open.
func (l *Link) Cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ln != nil {
		_ = l.ln.Close()
		l.ln = nil
	}
	for c := range l.conns {
		_ = c.Close()
	}
	clear(l.conns)
}

func (l *Link) serve(ln net.Listener) {
	for {
		in, err := ln.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", l.target)
		if err != nil {
			_ = in.Close()
			continue
		}
		if !l.keep(ln, in, out) {
			continue
		}
		go l.copy(in, out)
		go l.copy(out, in)
	}
}

// keep remembers the pair, unless the door was closed in between.
func (l *Link) keep(ln net.Listener, pair ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range pair {
		if l.ln != ln {
			_ = c.Close()
			continue
		}
		l.conns[c] = true
	}
	return l.ln == ln
}

func (l *Link) copy(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.Close()
	_ = from.Close()
	l.mu.Lock()
	delete(l.conns, to)
	delete(l.conns, from)
	l.mu.Unlock()
}
