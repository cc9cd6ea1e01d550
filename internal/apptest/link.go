package apptest

import (
	"net"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// Link is one person's way to the server: a TCP proxy on a port of its own.
// While it is cut, the server is really unreachable for that person: open
// connections are gone and new ones are refused. [Link.Weather] makes it bad
// without cutting it.
type Link struct {
	URL string // http://localhost:PORT

	tb      TB
	target  string
	addr    string
	mu      sync.Mutex
	ln      net.Listener
	conns   map[net.Conn]bool
	weather Weather
	taken   [][]byte // what devices sent, a connection each, while Record or Late
	broken  int      // connections that the weather has ended
}

// Weather is what happens to the bytes on their way.
type Weather struct {
	Delay     time.Duration // of each piece, either way
	Rate      int           // bytes a second, either way; 0: as fast as it goes
	BlackHole bool          // connections open and stay open; nothing arrives
	HalfOpen  bool          // what the device says arrives; it hears nothing
	Late      bool          // what the device says waits until Deliver, also when it has given up
	Record    bool          // what the device says is kept, for Deliver to say it once more

	// The next Ends connections are ended after so many bytes, to or from the device.
	Ends             int
	ToDevice, ToHost int64
	Quietly          bool // by a proper end, as if all had been said; otherwise broken off
	Garbage          bool // instead of ended: all that follows is noise
}

// NewLink opens a way to the program.
func NewLink(tb TB, p *Program) *Link {
	tb.Helper()
	l := &Link{tb: tb, target: "127.0.0.1:" + p.Port, addr: "127.0.0.1:" + holdPort(tb), conns: map[net.Conn]bool{}}
	l.Heal()
	_, port, _ := net.SplitHostPort(l.addr)
	l.URL = "http://localhost:" + port
	tb.Cleanup(l.Cut)
	return l
}

// Change lets the weather change; open connections are in it, too.
func (l *Link) Change(w Weather) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.weather, l.broken = w, 0
}

// Broken says how many connections the weather has ended.
func (l *Link) Broken() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.broken
}

// Deliver says to the server, on new connections, what devices said while it was
// kept: a double, or what comes after what was said later.
func (l *Link) Deliver() (connections int) {
	l.mu.Lock()
	taken := l.taken
	l.taken = nil
	l.mu.Unlock()
	for _, said := range taken {
		conn, err := net.Dial("tcp", l.target)
		if err != nil {
			l.tb.Fatalf("deliver: %v", err)
		}
		_, _ = conn.Write(said)
		_ = conn.SetReadDeadline(time.Now().Add(time.Second)) // the server gets to answer, nobody listens
		for buffer := make([]byte, 4096); err == nil; {
			_, err = conn.Read(buffer)
		}
		_ = conn.Close()
		connections++
	}
	return connections
}

// holdPort takes a free port for the whole test: whoever asks for it by its number can
// listen on it, again and again, and the kernel gives it to nobody else while nobody does.
// Otherwise a phone that is cut off, or whose server is down, could meet another test's.
func holdPort(tb TB) (port string) {
	tb.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		tb.Fatalf("hold a port: %v", err)
	}
	tb.Cleanup(func() { _ = syscall.Close(fd) })
	// It never listens, and both it and who listens reuse the address: so they share it.
	err = syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	if err == nil {
		err = syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
	}
	if err != nil {
		tb.Fatalf("hold a port: %v", err)
	}
	at, err := syscall.Getsockname(fd)
	if err != nil {
		tb.Fatalf("hold a port: %v", err)
	}
	return strconv.Itoa(at.(*syscall.SockaddrInet4).Port)
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
	l.ln = ln
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
		pair := l.begin(in, out)
		go pair.copy(out, in, true)
		go pair.copy(in, out, false)
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

// passage is one connection through the link.
type passage struct {
	link    *Link
	in, out net.Conn
	ends    bool // it is one of those that the weather ends
	up      []byte
}

func (l *Link) begin(in, out net.Conn) *passage {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := &passage{link: l, in: in, out: out}
	if l.weather.Ends > 0 {
		l.weather.Ends--
		p.ends = true
	}
	return p
}

// copy passes on what comes, piece by piece, in the weather that is.
func (p *passage) copy(to, from net.Conn, up bool) {
	buffer := make([]byte, 4096)
	var passed int64
	for {
		n, err := from.Read(buffer)
		if n > 0 && !p.pass(to, buffer[:n], up, &passed) {
			break
		}
		if err != nil {
			break
		}
	}
	p.end()
}

// pass hands one piece on. False: the connection has ended.
func (p *passage) pass(to net.Conn, piece []byte, up bool, passed *int64) bool {
	p.link.mu.Lock()
	w := p.link.weather
	p.link.mu.Unlock()
	if up && (w.Late || w.Record) {
		p.up = append(p.up, piece...)
	}
	if w.BlackHole || w.HalfOpen && !up || w.Late && up {
		return true
	}
	time.Sleep(w.Delay)
	if w.Rate > 0 {
		time.Sleep(time.Duration(len(piece)) * time.Second / time.Duration(w.Rate))
	}
	limit := w.ToDevice
	if up {
		limit = w.ToHost
	}
	if p.ends && limit > 0 && *passed+int64(len(piece)) > limit {
		return p.spoil(to, piece, max(0, limit-*passed), w)
	}
	*passed += int64(len(piece))
	_, err := to.Write(piece)
	return err == nil
}

// spoil ends the connection in the middle of the piece, or turns the rest to noise.
func (p *passage) spoil(to net.Conn, piece []byte, good int64, w Weather) bool {
	p.link.mu.Lock()
	p.link.broken++
	p.link.mu.Unlock()
	if w.Garbage {
		for i := good; i < int64(len(piece)); i++ {
			piece[i] ^= byte(0x55 + i)
		}
		_, err := to.Write(piece)
		return err == nil
	}
	_, _ = to.Write(piece[:good])
	if c, ok := to.(*net.TCPConn); ok && !w.Quietly {
		_ = c.SetLinger(0) // a reset
	}
	return false
}

func (p *passage) end() {
	_ = p.in.Close()
	_ = p.out.Close()
	l := p.link
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(p.up) > 0 {
		l.taken = append(l.taken, p.up)
		p.up = nil
	}
	delete(l.conns, p.in)
	delete(l.conns, p.out)
}
