package live

import (
	"errors"
	"time"

	"github.com/gorilla/websocket"

	"bokvar/sync/wire"
)

const (
	outboxBytes = 1 << 20  // more than this waiting means that the device does not read; must be more than wire.PageWindow pages
	packFrom    = 16 << 10 // a page that is read to catch up and is at least this big is compressed, when the device can
)

// frame is one message on its way out.
type frame struct {
	data  []byte
	rest  []byte           // goes on where data ends; shared with other devices
	pack  bool             // compress it
	page  bool             // it brings records, read under epoch, for a device at from
	epoch int64            //
	rooms map[string]int64 // the rooms that it was read through, at these epochs
	from  int64            //
	close int              // instead of data: the close frame with this code
}

func (f *frame) size() int { return len(f.data) + len(f.rest) }

// outbox is what waits to be written. The connection's mutex guards it.
type outbox struct {
	frames []frame
	bytes  int
}

func (o *outbox) push(f frame) {
	o.frames = append(o.frames, f)
	o.bytes += f.size()
}

func (o *outbox) pop() (frame, bool) {
	if len(o.frames) == 0 {
		o.frames = nil // an idle device keeps no buffer
		return frame{}, false
	}
	f := o.frames[0]
	o.frames[0] = frame{}
	o.frames = o.frames[1:]
	o.bytes -= f.size()
	return f, true
}

// firstThrough is where the first waiting page begins, when some page that waits
// was read through the room.
func (o *outbox) firstThrough(room string) (from int64, waits bool) {
	first := true
	for _, f := range o.frames {
		if !f.page {
			continue
		}
		if first {
			from, first = f.from, false
		}
		if _, through := f.rooms[room]; through {
			waits = true
		}
	}
	return from, waits
}

func (o *outbox) dropPages() {
	kept := o.frames[:0]
	for _, f := range o.frames {
		if f.page {
			o.bytes -= f.size()
			continue
		}
		kept = append(kept, f)
	}
	clear(o.frames[len(kept):])
	o.frames = kept
}

// wake sees to it that a goroutine writes while there is something to write.
// The mutex is held.
func (c *connection) wake() {
	if c.writing || len(c.out.frames) == 0 && !c.ping && (c.ended || !c.pages.wanted()) {
		return
	}
	c.writing = true
	c.writers.Add(1)
	c.talk.hub.crew.do(c.write)
}

// write drains the outbox, reads pages while the device is behind, and ends when
// there is nothing left to do.
func (c *connection) write() {
	defer c.writers.Done()
	for {
		c.mu.Lock()
		f, some := c.out.pop()
		ping := c.ping
		fetch := !some && !ping && !c.ended && c.pages.wanted()
		switch {
		case some:
		case ping:
			c.ping = false
		case fetch:
			c.pages.fetching, c.pages.behind = true, false
		default:
			c.writing = false
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		switch {
		case some:
			c.put(f)
		case ping:
			if c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait)) != nil {
				c.cut()
			}
		case fetch:
			c.fetch()
		}
	}
}

// put writes one frame. Only the writing goroutine calls it.
func (c *connection) put(f frame) {
	if f.close != 0 {
		now := time.Now()
		_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(f.close, ""), now.Add(closeWait))
		_ = c.ws.NetConn().SetReadDeadline(now.Add(closeWait))
		return
	}
	if len(f.rooms) > 0 {
		defer c.begin(f)()
	}
	if f.page && !c.current(f) {
		return
	}
	_ = c.ws.SetWriteDeadline(time.Now().Add(writeWait))
	c.ws.EnableWriteCompression(f.pack)
	if c.say(f) != nil {
		c.cut()
	}
}

// say writes a message from its two parts, which are put together in the
// connection's own buffer.
func (c *connection) say(f frame) error {
	if f.rest == nil {
		return c.ws.WriteMessage(websocket.TextMessage, f.data)
	}
	w, err := c.ws.NextWriter(websocket.TextMessage)
	if err != nil {
		return err
	}
	if _, err = w.Write(f.data); err == nil {
		_, err = w.Write(f.rest)
	}
	return errors.Join(err, w.Close())
}

// begin notes that a page that was read through rooms is being written, before its
// epochs are looked at: who shuts a room sees it, or it sees that the room is shut. What it answers ends that.
func (c *connection) begin(f frame) (done func()) {
	putting := make(chan struct{})
	c.mu.Lock()
	c.putting, c.through = putting, f.rooms
	c.mu.Unlock()
	return func() {
		c.mu.Lock()
		c.putting, c.through = nil, nil
		c.mu.Unlock()
		close(putting)
	}
}

// current says whether what was read under these epochs may still be sent.
func (h *Hub) current(person string, epoch int64, rooms map[string]int64) (bool, error) {
	now, err := h.engine.Epoch(person)
	if err != nil || now != epoch {
		return false, err
	}
	for room, epoch := range rooms {
		if now, err := h.engine.RoomEpoch(room); err != nil || now != epoch {
			return false, err
		}
	}
	return true, nil
}

// current says whether a page may still be sent. One that was read under access
// that is over is taken back, with those behind it, and read again.
func (c *connection) current(f frame) bool {
	current, err := c.talk.hub.current(c.talk.author.Person, f.epoch, f.rooms)
	switch {
	case err != nil:
		c.talk.hub.trouble("read an access epoch", err)
		c.end(wire.NewProblem(wire.CodeTryAgain), closeOwnFault)
		return false
	case current:
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out.dropPages()
	c.pages.back(f.from)
	return false
}

// fetch reads the device's next page and queues it.
func (c *connection) fetch() {
	c.mu.Lock()
	from, round, anew := c.pages.sent, c.pages.round, c.pages.anew
	c.mu.Unlock()
	page, err := c.talk.hub.read(c.talk.author.Person, from, anew)
	if err != nil {
		c.talk.hub.trouble("read a page", err)
		c.end(wire.NewProblem(wire.CodeTryAgain), closeOwnFault)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pages.fetching = false
	if err != nil || c.ended || c.pages.round != round {
		return
	}
	c.pages.anew = false
	if page.Cursor == from && len(page.Records) == 0 {
		c.pages.behind = c.pages.behind || anew
		return
	}
	data := encode(page)
	c.out.push(frame{data: data, pack: len(data) >= packFrom, page: true, epoch: page.Epoch, rooms: page.Rooms, from: from})
	if anew { // it moves no cursor, and the device answers with where it was
		c.pages.behind = true
		return
	}
	c.pages.queued(page.Cursor)
	c.pages.behind = c.pages.behind || page.Waiting > 0 && page.Cursor > from // else it goes no further now
}

// read reads the page after the cursor, or the one that goes ahead of all.
func (h *Hub) read(person string, cursor int64, anew bool) (wire.Page, error) {
	if anew {
		return h.engine.First(person)
	}
	return h.engine.Page(person, cursor)
}
