package live

import (
	"encoding/json"
	"slices"
	"strconv"

	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// pages keeps how far a device has been sent its inbox. The connection's mutex guards it.
type pages struct {
	on       bool    // a Hello was answered
	behind   bool    // there may be rows beyond sent
	anew     bool    // the device starts over: what is urgent goes ahead
	fetching bool    // a page is being read
	round    int     // counts Hellos and returns, so that a page read for an earlier one is not sent
	sent     int64   // cursor of the last page queued
	flying   []int64 // cursors of pages without a Have; at most wire.PageWindow
	news     []int64 // those of small deliveries; at most wire.NewsWindow
}

func (p *pages) begin(cursor int64) {
	*p = pages{on: true, behind: true, anew: cursor == 0, round: p.round + 1, sent: cursor, fetching: p.fetching}
}

// applied notes that the device has everything up to the cursor.
func (p *pages) applied(cursor int64) {
	p.flying, p.news = beyond(p.flying, cursor), beyond(p.news, cursor)
}

// beyond are the cursors after the one given; nil when there are none, so that an
// idle device keeps no list.
func beyond(cursors []int64, cursor int64) []int64 {
	n := 0
	for n < len(cursors) && cursors[n] <= cursor {
		n++
	}
	if n == len(cursors) {
		return nil
	}
	return cursors[n:]
}

// follows says whether the delivery is news for the device.
func (p *pages) follows(d *server.Delivery) bool { return p.on && d.To > p.sent }

// direct takes the delivery as the device's next page if it is one, and
// otherwise (also when it is too much to come along, Records nil) notes that the
// device is behind.
func (p *pages) direct(d *server.Delivery, size int) bool {
	full := len(p.flying) >= wire.PageWindow || len(p.news) >= wire.NewsWindow
	if d.Records == nil || p.behind || p.fetching || d.From != p.sent || full || size > wire.PageBytes {
		p.behind = true
		return false
	}
	if size > wire.NewsBytes {
		p.queued(d.To)
		return true
	}
	p.sent, p.news = d.To, append(p.news, d.To)
	return true
}

func (p *pages) queued(cursor int64) {
	p.sent = cursor
	p.flying = append(p.flying, cursor)
}

// wanted says whether a page should be read now.
func (p *pages) wanted() bool {
	return p.on && p.behind && !p.fetching && len(p.flying) < wire.PageWindow
}

// back takes back what was queued from the cursor on: it was read under access that is
// over. So is what is being read just now, which would follow what was taken back.
func (p *pages) back(cursor int64) {
	p.sent, p.behind, p.round = cursor, true, p.round+1
	p.flying, p.news = until(p.flying, cursor), until(p.news, cursor)
}

func until(cursors []int64, cursor int64) []int64 {
	for len(cursors) > 0 && cursors[len(cursors)-1] > cursor {
		cursors = cursors[:len(cursors)-1]
	}
	return cursors
}

// joined keeps the last records it joined, as a page ends, because many persons
// get the same ones.
type joined struct {
	last  []json.RawMessage
	bytes []byte
}

func (j *joined) of(records []json.RawMessage) []byte {
	if len(records) == 0 {
		return nil
	}
	if slices.EqualFunc(j.last, records, func(a, b json.RawMessage) bool { return &a[0] == &b[0] }) { // the very same bytes
		return j.bytes
	}
	size := 2
	for _, r := range records {
		size += len(r) + 1
	}
	out := make([]byte, 0, size)
	for i, r := range records {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, r...)
	}
	out = append(out, "]}"...)
	j.last, j.bytes = records, out
	return out
}

// pageHead begins a wire.Page whose records are joined already; only the numbers
// differ from person to person.
func pageHead(d *server.Delivery) []byte {
	b := append(make([]byte, 0, 112), `{"type":"page","epoch":`...)
	b = strconv.AppendInt(b, d.Epoch, 10)
	b = append(b, `,"from":`...)
	b = strconv.AppendInt(b, d.From, 10)
	b = append(b, `,"cursor":`...)
	b = strconv.AppendInt(b, d.To, 10)
	return append(b, `,"waiting":0,"records":[`...)
}

func encode(m any) json.RawMessage {
	marshal := func() ([]byte, error) { return json.Marshal(m) }
	if page, ok := m.(wire.Page); ok {
		marshal = page.Encode
	}
	b, err := marshal()
	if err != nil {
		panic("live: a message cannot be encoded: " + err.Error()) // cannot happen: messages are plain structs
	}
	return b
}
