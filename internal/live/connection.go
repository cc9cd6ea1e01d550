package live

import (
	"encoding/json"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"bokvar/sync/server"
	"bokvar/sync/wire"
)

const (
	closeGoingAway = websocket.CloseGoingAway
	closeProtocol  = websocket.ClosePolicyViolation
	closeTooBig    = websocket.CloseMessageTooBig
	closeRenewed   = websocket.CloseServiceRestart // the device comes back with its new cookie
	closeOwnFault  = websocket.CloseInternalServerErr
)

// connection is one device on a socket.
type connection struct {
	ws   *websocket.Conn
	talk conversation

	mu      sync.Mutex
	out     outbox
	pages   pages
	writing bool             // a writing goroutine is at work
	putting chan struct{}    // closed when the page that is being written has gone out; nil: none that was read through a room is
	late    [][]byte         // of rooms that were shut before the first Hello was answered
	through map[string]int64 // the rooms it was read through
	ended   bool             // a close frame is queued or sent: nothing more goes out
	ping    bool             // a ping is due
	writers sync.WaitGroup

	pingAt, checkAt time.Time // of keepAlive alone
}

// Serve talks with the device on a socket until either side ends it. check says
// whether the session is still good; it is asked before each Hello and Commits
// and now and then. The caller has authenticated the author and closes the
// connection afterwards.
func (h *Hub) Serve(ws *websocket.Conn, author server.Author, check func() error) {
	now := time.Now()
	c := &connection{
		ws: ws, talk: conversation{hub: h, author: author, check: check},
		pingAt: now.Add(rand.N(pingEvery)), checkAt: now.Add(checkEvery),
	}
	if !h.join(c) {
		_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(closeGoingAway, ""), now.Add(closeWait))
		return
	}
	defer h.leave(c)
	defer c.finish()
	c.read()
}

// Answer handles messages that came in one request and returns what the device
// is told, followed by the pages it may have now.
func (h *Hub) Answer(author server.Author, check func() error, messages []json.RawMessage) []json.RawMessage {
	talk := conversation{hub: h, author: author, check: check}
	var answers []json.RawMessage
	var start *int64
	for _, raw := range messages {
		r := talk.answer(wire.FromDevice(raw))
		for _, m := range r.messages {
			answers = append(answers, encode(m))
		}
		if r.start != nil {
			start = r.start
		}
		if r.code != 0 {
			return answers
		}
	}
	if start == nil {
		return answers
	}
	return append(answers, h.pagesFrom(author.Person, *start)...)
}

// pagesFrom reads as many pages as may be on their way at once, what is urgent
// ahead of them for a device that starts anew.
func (h *Hub) pagesFrom(person string, cursor int64) []json.RawMessage {
	var out []json.RawMessage
	for anew := cursor == 0; len(out) < wire.PageWindow; anew = false {
		page, err := h.read(person, cursor, anew)
		if err != nil {
			h.trouble("read a page", err)
			return append(out, encode(wire.NewProblem(wire.CodeTryAgain)))
		}
		nothing := page.Cursor == cursor && len(page.Records) == 0
		if anew && nothing {
			continue
		}
		if current, err := h.current(person, page.Epoch, page.Rooms); nothing || err != nil || !current {
			break // or access changed meanwhile: the device asks again
		}
		out = append(out, encode(page))
		if page.Waiting == 0 || page.Cursor == cursor && !anew { // the latter: it goes no further now
			break
		}
		cursor = page.Cursor
	}
	return out
}

// read handles the device's messages in order until the connection is over.
func (c *connection) read() {
	c.alive()
	c.ws.SetPongHandler(func(string) error { c.alive(); return nil })
	for {
		kind, r, err := c.ws.NextReader()
		if err != nil {
			return
		}
		c.alive()
		if c.over() {
			continue // what still comes after the end is read and dropped, so that the last word arrives
		}
		if kind != websocket.TextMessage {
			c.send(wire.NewProblem(wire.CodeMalformed))
			continue
		}
		raw, err := io.ReadAll(io.LimitReader(r, wire.MaxMessage+1))
		if err != nil {
			return
		}
		if len(raw) > wire.MaxMessage {
			c.end(tooBig(), closeTooBig)
			continue
		}
		c.act(c.handle(raw))
		c.alive() // the time that the answer took is not the device's
	}
}

// handle takes a message. What goes to the engine runs on a goroutine of its own:
// judging a commit takes a deep stack, and the one that waits here for days is to
// stay small.
func (c *connection) handle(raw []byte) reply {
	message, p := wire.FromDevice(raw)
	if _, small := message.(*wire.Have); small || p != nil {
		return c.talk.answer(message, p)
	}
	done := make(chan reply, 1)
	c.talk.hub.crew.do(func() { done <- c.talk.answer(message, p) })
	return <-done
}

// act does what a message led to.
func (c *connection) act(r reply) {
	if r.code != 0 {
		c.end(r.last(), r.code)
		return
	}
	c.send(r.messages...)
	if r.start == nil && r.have == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.start != nil {
		c.out.dropPages()
		for _, word := range c.late {
			c.out.push(frame{data: word})
		}
		c.late = nil
		c.pages.begin(*r.start)
	} else {
		c.pages.applied(*r.have)
	}
	c.wake()
}

// send queues messages. A device that lets too much pile up is dropped.
func (c *connection) send(messages ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return
	}
	for _, m := range messages {
		c.out.push(frame{data: encode(m)})
	}
	if c.out.bytes > outboxBytes {
		c.ended = true
		c.cut()
		return
	}
	c.wake()
}

// deliver tells the device what its person got, at once when it is up to date
// and otherwise by a page when its turn comes.
func (c *connection) deliver(d *server.Delivery, shared *joined) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended || !c.pages.follows(d) {
		return
	}
	records := shared.of(d.Records)
	if c.pages.direct(d, len(records)) {
		c.out.push(frame{data: pageHead(d), rest: records, page: true, epoch: d.Epoch, rooms: d.Rooms, from: d.From})
	}
	c.wake()
}

// shutRoom takes back what waits and was read through the room, queues the word
// for the device, and says whether such a page is being written just now.
func (c *connection) shutRoom(room string, word []byte) (writing bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return false
	}
	if !c.pages.on { // its hello is still to come, or is being answered with what was true before this
		c.late = append(c.late, word)
		return false
	}
	if from, waits := c.out.firstThrough(room); waits {
		c.out.dropPages()
		c.pages.back(from)
	}
	c.out.push(frame{data: word})
	_, through := c.through[room]
	c.wake()
	return through && c.putting != nil
}

// written waits until the page that is being written has gone out, or cuts the
// device off.
func (c *connection) written(end time.Time) {
	c.mu.Lock()
	putting := c.putting
	c.mu.Unlock()
	if putting == nil {
		return
	}
	late := time.NewTimer(time.Until(end))
	defer late.Stop()
	select {
	case <-putting:
	case <-late.C:
		c.cut()
		<-putting
	}
}

// end queues a last word (nil for none) and the close frame.
func (c *connection) end(last any, code int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return
	}
	if code == CloseSignedOut {
		c.out.dropPages()
	}
	if last != nil {
		c.out.push(frame{data: encode(last)})
	}
	c.out.push(frame{close: code})
	c.ended = true
	c.wake()
}

// finish waits for the writing goroutine after the reading has ended.
func (c *connection) finish() {
	c.mu.Lock()
	c.ended = true
	c.mu.Unlock()
	c.cut()
	c.writers.Wait()
}

// cut breaks the connection without a word.
func (c *connection) cut() { _ = c.ws.NetConn().Close() }

func (c *connection) over() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ended
}

// alive gives the device pongWait more, unless the connection is being closed.
func (c *connection) alive() {
	if !c.over() {
		_ = c.ws.SetReadDeadline(time.Now().Add(pongWait))
	}
}

// due does what is to be done now and then. Only keepAlive calls it.
func (c *connection) due(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.After(c.checkAt) {
		c.checkAt = now.Add(checkEvery)
		go c.recheck()
	}
	if now.After(c.pingAt) {
		c.pingAt = now.Add(pingEvery)
		c.ping = !c.ended
		c.wake()
	}
}

func (c *connection) recheck() {
	if err := c.talk.check(); err != nil {
		if r := c.talk.turnAway(err); r.code != 0 {
			c.end(r.last(), r.code)
		}
	}
}
