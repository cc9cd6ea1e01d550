package live

import (
	"errors"
	"fmt"

	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// conversation handles the messages of one device, whichever way they came.
type conversation struct {
	hub     *Hub
	author  server.Author
	check   func() error // is the session still good?
	version int          // that both speak; 0 before a welcome
}

// reply is what a message leads to.
type reply struct {
	messages []any
	start    *int64 // pages are wanted from this cursor on
	have     *int64 // the device has applied everything up to this cursor
	code     int    // close code; 0: go on
}

// last is what the device is told before it is closed; nil for nothing.
func (r reply) last() any {
	if len(r.messages) == 0 {
		return nil
	}
	return r.messages[0]
}

// answer handles one message, as [wire.FromDevice] read it.
func (c *conversation) answer(message any, p *wire.Problem) reply {
	if p != nil {
		return c.problem(p)
	}
	if hello, ok := message.(*wire.Hello); ok {
		return c.hello(hello)
	}
	if c.version == 0 {
		return c.problem(wire.NewProblem(wire.CodeHelloFirst))
	}
	switch m := message.(type) {
	case *wire.Commits:
		return c.commits(m)
	case *wire.Have:
		c.confirm(m.Cursor)
		return reply{have: &m.Cursor}
	case *wire.Check:
		if c.version >= 2 {
			return c.compare(m)
		}
	}
	return c.problem(wire.NewProblem(wire.CodeUnknownMessage))
}

func (c *conversation) hello(hello *wire.Hello) reply {
	if err := c.check(); err != nil {
		return c.turnAway(err)
	}
	err := c.hub.arrive(c.author.Person)
	if err != nil && !errors.Is(err, server.ErrDiskFull) && !errors.Is(err, server.ErrDisk) {
		return c.trouble("bring the scope up to the day", err)
	}
	if err != nil { // yesterday's scope is better than none, and each page is decided by access now
		c.hub.trouble("bring the scope up to the day", err)
	}
	member, err := c.hub.who(c.author.Person)
	if err != nil {
		return c.trouble("look up the person", err)
	}
	if hello.Lost > 0 {
		c.hub.trouble("a browser has emptied what a device kept", fmt.Errorf("%d unsent", hello.Lost-1))
	}
	hello.Device = c.author.Device // the session says which device this is
	welcome, p := c.hub.engine.Hello(c.author, *hello)
	if p != nil {
		return c.problem(p)
	}
	if welcome.Shut, err = c.hub.shut(c.author.Person); err != nil {
		return c.trouble("look up closed rooms", err)
	}
	welcome.Role, welcome.Units = string(member.Role), append([]string{}, member.Units...)
	c.hub.met(c.author, hello)
	c.version = welcome.Version
	start := hello.Cursor
	if welcome.Generation != hello.Generation {
		start = 0
	}
	c.confirm(start)
	return reply{messages: []any{welcome}, start: &start}
}

func (c *conversation) commits(m *wire.Commits) reply {
	if err := c.check(); err != nil {
		return c.turnAway(err)
	}
	receipts := c.hub.engine.Submit(c.author, m.Commits)
	out := make([]any, len(receipts))
	for i := range receipts {
		receipts[i].Type = wire.TypeReceipt
		out[i] = receipts[i]
	}
	return reply{messages: out}
}

// confirm keeps what the device has removed. That it could not be kept is not the
// device's matter: its next word will say it again.
func (c *conversation) confirm(cursor int64) {
	if err := c.hub.engine.Confirm(c.author, cursor); err != nil {
		c.hub.trouble("keep what a device has removed", err)
	}
}

// compare tells a device whether it has what it should. That it has not is a
// fault of one of the two programs, and told to whoever runs this one.
func (c *conversation) compare(m *wire.Check) reply {
	answer, difference, err := c.hub.engine.Check(c.author.Person, *m)
	if err != nil {
		return c.trouble("compare a device with its inbox", err)
	}
	if difference != nil {
		c.hub.trouble("compare a device with its inbox", difference)
	}
	return reply{messages: []any{answer}}
}

// turnAway answers a session that is over, or a device that is kept out; a failure
// of the server's own is no reason to sign anybody out.
func (c *conversation) turnAway(err error) reply {
	var known *casework.Error
	if errors.As(err, &known) && (known.Code == wire.CodeSignedOut || known.Code == "device_blocked") {
		return c.problem(wire.NewProblem(wire.CodeSignedOut))
	}
	if known != nil && known.Code == "session_renewed" {
		return reply{code: closeRenewed}
	}
	return c.trouble("look at the session", err)
}

func (c *conversation) trouble(what string, err error) reply {
	c.hub.trouble(what, err)
	return c.problem(wire.NewProblem(wire.CodeTryAgain))
}

// problem tells what was wrong, and ends the conversation where the problem says so.
func (c *conversation) problem(p *wire.Problem) reply {
	r := reply{messages: []any{p}}
	if p.Close {
		r.code = closeProtocol
	}
	if p.Code == wire.CodeSignedOut {
		r.code = CloseSignedOut
	}
	return r
}

// tooBig is the problem of a message that was not read to its end.
func tooBig() *wire.Problem {
	p := wire.NewProblem(wire.CodeTooBig)
	p.Close = true
	return p
}
