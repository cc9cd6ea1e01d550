package server_test

import (
	"encoding/json"
	"errors"
	"slices"

	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// listen runs something that may write, and takes the deliveries that follow.
func (w *world) listen(f func()) {
	before := w.ends()
	f()
	for waiting := w.ends(); ; {
		behind := false
		for person, end := range waiting {
			behind = behind || before[person] < end
		}
		if !behind {
			return
		}
		for _, d := range <-w.told {
			before[d.Person] = d.To
			w.push(d)
		}
	}
}

func (w *world) ends() map[string]int64 {
	ends := map[string]int64{}
	err := w.store.Read(func(tx server.Tx) error {
		for _, p := range w.peers {
			last, _, err := tx.InboxEnd(p.author.Person, 0)
			if err != nil {
				return err
			}
			ends[p.author.Person] = last
		}
		return nil
	})
	if err != nil {
		w.failf("reading: %v", err)
	}
	return ends
}

// push does what the live side does: a device that is at From gets the records
// directly, another one a page when it asks.
func (w *world) push(d server.Delivery) {
	for _, p := range w.peers {
		if p.online && p.author.Person == d.Person && p.position == d.From && d.Records != nil && w.current(d.Person, d.Epoch, d.Rooms) {
			page := server.PageOf(d)
			w.leaves(p, page, false)
			p.down = append(p.down, page)
			p.position = d.To
		}
	}
}

// current says what the socket's writer asks before it sends a page.
func (w *world) current(person string, epoch int64, rooms map[string]int64) bool {
	current := w.epoch(person) == epoch
	for room, epoch := range rooms {
		now, err := w.engine.RoomEpoch(room)
		if err != nil {
			w.failf("epoch of a room: %v", err)
		}
		current = current && now == epoch
	}
	return current
}

// shut does what the live side does before a receipt leaves: what waits and was
// read through the room is taken back, unless it is on its way already, and the
// word is put on the line.
func (w *world) shut(rooms []server.Shut) {
	for _, s := range rooms {
		for _, p := range w.peers {
			if !p.online || !slices.Contains(s.People, p.author.Person) {
				continue
			}
			if w.rand.IntN(2) == 0 {
				p.takeBack(s.Room)
			}
			p.down = append(p.down, wire.Shut{Type: wire.TypeShut, Room: wire.RoomAt(s.Room, s.Epoch)})
		}
	}
}

// takeBack takes pages from the line, from the first on, when one was read through the room.
func (p *peer) takeBack(room string) {
	isPage := func(m any) bool { _, ok := m.(wire.Page); return ok }
	through := func(m any) bool { page, _ := m.(wire.Page); _, ok := page.Rooms[room]; return ok }
	if !slices.ContainsFunc(p.down, through) {
		return
	}
	first := p.down[slices.IndexFunc(p.down, isPage)].(wire.Page)
	p.down = slices.DeleteFunc(p.down, isPage)
	p.position = first.From
}

// shutRooms names the rooms that were ever shut, for the welcome.
func (w *world) shutRooms() (rooms []string) {
	for _, s := range w.store.Records() {
		if s.Kind != "item" {
			continue
		}
		epoch, err := w.engine.RoomEpoch(roomOf(s.ID))
		if err != nil {
			w.failf("epoch of a room: %v", err)
		}
		if epoch > 0 {
			rooms = append(rooms, wire.RoomAt(roomOf(s.ID), epoch))
		}
	}
	return rooms
}

// hears notes which rooms a device was told are shut.
func (p *peer) hears(rooms []string) {
	for _, named := range rooms {
		room, epoch := wire.RoomOf(named)
		if p.knows == nil {
			p.knows = map[string]int64{}
		}
		p.knows[room] = max(p.knows[room], epoch)
	}
}

func raw(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

func (w *world) epoch(person string) int64 {
	epoch, err := w.engine.Epoch(person)
	if err != nil {
		w.failf("epoch: %v", err)
	}
	return epoch
}

// connect opens a conversation; an earlier one is cut.
func (w *world) connect(p *peer) {
	p.cut()
	if p.cutOff {
		return
	}
	welcome, problem := w.engine.Hello(p.author, p.device.Hello(w.now+p.skew))
	if problem != nil {
		w.failf("hello: %v", problem)
		return
	}
	if p.author.Person == partner {
		welcome.Shut = w.shutRooms()
	}
	p.device.Welcome(welcome, w.now+p.skew)
	p.hears(welcome.Shut)
	w.confirm(p)
	p.online, p.position = true, p.device.Cursor()
	p.up = append(p.up, p.device.Have())
}

// send puts what is unsent on the line: all or some of it, in any order, some twice.
func (w *world) send(p *peer) {
	if !p.online {
		return
	}
	unsent := p.device.Unsent()
	if w.rand.IntN(2) == 0 {
		w.rand.Shuffle(len(unsent), func(i, j int) { unsent[i], unsent[j] = unsent[j], unsent[i] })
	}
	var raws []json.RawMessage
	for _, e := range unsent {
		for n := w.rand.IntN(10); n > 0; n -= 8 {
			raws = append(raws, e.Raw)
		}
	}
	for _, m := range wire.NewCommits(raws) {
		p.up = append(p.up, m)
	}
	p.up = append(p.up, p.device.Have())
}

// take removes one message from a line: mostly the next, sometimes any other;
// some are lost on the way and some come twice.
func (w *world) take(p *peer, line *[]any) (message any) {
	if len(*line) == 0 || p.cutOff {
		return nil
	}
	i := 0
	if w.rand.IntN(4) == 0 {
		i = w.rand.IntN(len(*line))
	}
	message = (*line)[i]
	if w.rand.IntN(8) != 0 {
		*line = append((*line)[:i:i], (*line)[i+1:]...)
	}
	if w.rand.IntN(10) == 0 {
		if _, word := message.(wire.Shut); word {
			p.cut() // what a socket loses ends it, and the next welcome says it again
		}
		return nil
	}
	return message
}

// serve is the server's side of the line.
func (w *world) serve(p *peer, message any) {
	switch m := message.(type) {
	case wire.Commits:
		w.listen(func() {
			for _, r := range w.engine.Submit(p.author, m.Commits) {
				w.judged(r)
				p.down = append(p.down, r)
			}
		})
	case wire.Have:
		w.listen(func() { // a page may tidy the inbox
			page, err := w.engine.Page(p.author.Person, m.Cursor)
			if err != nil {
				w.failf("page: %v", err)
			}
			if !w.current(p.author.Person, page.Epoch, page.Rooms) {
				return // the socket's writer drops it
			}
			w.leaves(p, page, true)
			p.down = append(p.down, page)
			p.position = page.Cursor
		})
		w.confirm(p)
	case wire.Check:
		answer, difference, err := w.engine.Check(p.author.Person, m)
		if err != nil {
			w.failf("check: %v", err)
		}
		if answer.Result == wire.Different {
			w.failf("%s is called different: %v", p.author.Device, difference)
		}
		p.down = append(p.down, answer)
	}
}

// confirm takes the device's word on how far it is.
func (w *world) confirm(p *peer) {
	if p.device.Cursor() > p.confirmed {
		w.listen(func() {
			switch err := w.engine.Confirm(p.author, p.device.Cursor()); {
			case err == nil:
				p.confirmed = p.device.Cursor()
			case !errors.Is(err, server.ErrDiskFull):
				w.failf("confirm: %v", err)
			}
		})
	}
}

func (w *world) judged(r wire.Receipt) {
	switch r.Status {
	case wire.Saved:
		w.tally.Saved++
	case wire.Held:
		w.tally.Held++
	case wire.Refused:
		w.tally.Refused++
	}
	if r.Code == wire.CodeScopeEnded {
		w.tally.Lost++
	}
	if r.Conflict {
		w.tally.Conflicts++
	}
}

// receive is the device's side of the line.
func (w *world) receive(p *peer, message any) {
	switch m := message.(type) {
	case wire.Receipt:
		p.device.Receipt(m, w.now+p.skew)
	case wire.Page:
		applied, err := p.device.Page(m)
		if err != nil {
			w.failf("page: %v", err)
		}
		if applied && w.rand.IntN(4) == 0 {
			if p.copy, err = p.device.Snapshot(); err != nil {
				w.failf("snapshot: %v", err)
			}
		}
		if applied && m.Waiting == 0 && w.rand.IntN(8) == 0 {
			p.up = append(p.up, p.device.Check())
		}
		if applied && m.Waiting == 0 {
			w.synced(p)
		}
	case wire.Shut:
		w.tally.Shut++
		p.device.Shut(m)
		p.hears([]string{m.Room})
	case wire.Checked:
		p.device.Checked(m)
	}
}
