package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"bokvar/internal/account"
	"bokvar/internal/casework"
	"bokvar/internal/exchange"
	"bokvar/internal/method"
	"bokvar/internal/office"
	"bokvar/internal/seal"
	"bokvar/internal/sqlite"
	"bokvar/sync/rules"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// core is one data folder at work: everything but the network. Only one process
// at a time has it open; the others talk to that one (control.go).
type core struct {
	lock     *os.File
	copies   keyCopies
	copied   string // day on which this server copied the keys last
	db       *sqlite.DB
	rules    *rules.Table
	profile  *method.Profile
	office   *office.Office
	engine   *server.Engine
	accounts *account.Service
	imports  *exchange.Service
	clock    func() time.Time

	// staff is held while accounts are made, changed or ended, from looking at who asks and
	// whom it concerns until it is done: two administrators at once never end each other.
	staff sync.Mutex

	unsettled chan struct{} // that something is to be settled after commits
	settled   chan struct{} // closed when nothing is settled any more
	untold    atomic.Bool   // that colleagues may not have been told of somebody who has left

	// deliver and raised are told what is new, by the program around the core;
	// they are set before begin makes the first commit.
	deliver func([]server.Delivery)
	raised  func([]server.Changed)
	shut    func([]server.Shut)
	signOut func(person string)
	trouble func(what string, err error)
	disk    func(error) // told when the disk begins to fail, and with nil when it works again
}

var errInUse = errors.New("another bokvar uses the data folder")

// openCore opens the data folder, making it when it is missing, for work that nobody has
// to be told of.
func openCore(c Config) (*core, error) {
	o, err := newCore(c)
	if err != nil {
		return nil, err
	}
	if err := o.begin(); err != nil {
		return nil, errors.Join(err, o.close())
	}
	return o, nil
}

// newCore is openCore without begin: before that is who is to be told of what is new.
func newCore(c Config) (*core, error) {
	o := &core{
		clock:   time.Now,
		deliver: func([]server.Delivery) {}, raised: func([]server.Changed) {},
		shut:    func([]server.Shut) {},
		signOut: func(string) {}, trouble: func(string, error) {}, disk: func(error) {},
	}
	if err := o.open(c); err != nil {
		return nil, errors.Join(err, o.close())
	}
	return o, nil
}

func (o *core) open(c Config) (err error) {
	if o.lock, err = lockFolder(c.Data); err != nil {
		return err
	}
	if o.rules, err = rules.Load(); err != nil {
		return err
	}
	master, err := seal.Master(os.Getenv)
	if err != nil {
		return err
	}
	if o.db, err = sqlite.Open(sqlite.Options{Dir: c.Data, Clock: o.clock, Master: master, Disk: func(err error) { o.disk(err) }}); err != nil {
		return err
	}
	if o.profile, err = o.method(c.Method); err != nil {
		return err
	}
	if o.office, err = office.New(o.rules, o.profile, o.clock); err != nil {
		return err
	}
	o.copies = c.copies()
	if o.accounts, err = account.New(o.db, o.db, o.clock); err != nil {
		return err
	}
	o.office.Signed = o.accounts.Verify
	o.office.Blocked = o.blocked
	o.unsettled, o.settled = make(chan struct{}, 1), make(chan struct{})
	o.untold.Store(true) // the last run may have died in between
	o.engine = server.New(server.Options{
		Store: o.db, Policy: o.office, Rules: o.rules, Clock: o.clock,
		Deliver: func(ds []server.Delivery) { o.deliver(ds) },
		Shut:    func(rooms []server.Shut) { o.shut(rooms) },
		Trouble: func(err error) { o.trouble("judge a commit", err) },
		After:   o.after,
	})
	go o.settle()
	o.imports = &exchange.Service{Imports: o.db, Office: houseWriter{o.engine}, Read: o.db.Facts, Clock: o.clock}
	return nil
}

// begin brings a database of an earlier program up to this one. Nothing is shown before.
func (o *core) begin() error {
	if err := o.noteProtected(); err != nil {
		return err
	}
	return o.notePapers()
}

// after runs when commits are on disk. Who is on call is told at once, however much
// there is to settle.
func (o *core) after(changed []server.Changed) {
	o.raised(changed)
	select {
	case o.unsettled <- struct{}{}:
	default: // it will be, together with what is due already
	}
}

// settle does what follows from commits for the scopes of people, and tells of those who
// have left when that had failed. What is not done when the program ends is done at the
// next hello or start.
func (o *core) settle() {
	defer close(o.settled)
	for range o.unsettled {
		if err := o.office.AfterCommit(o.engine); err != nil && !errors.Is(err, server.ErrClosed) {
			o.trouble("settle shifted scopes", err)
		}
		if err := o.tellWhoLeft(); err != nil && !errors.Is(err, server.ErrClosed) {
			o.trouble("tell who has left", err)
		}
	}
}

// close finishes what was begun and lets the folder go.
func (o *core) close() error {
	if o.engine != nil {
		o.engine.Close()
		close(o.unsettled)
		<-o.settled
	}
	var err error
	if o.db != nil {
		err = o.db.Close()
	}
	if o.lock != nil {
		err = errors.Join(err, o.lock.Close())
	}
	return err
}

// ready says whether the database answers, and its disk does what it should.
func (o *core) ready() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	return o.db.Works(ctx)
}

// lockFolder holds the folder for this process until the file is closed.
func lockFolder(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the data folder cannot be locked: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errInUse
		}
		return nil, fmt.Errorf("the data folder cannot be locked: %w", err)
	}
	return f, nil
}

// houseWriter lets imports and handlers write records through the engine.
type houseWriter struct{ engine *server.Engine }

// Write applies changes as one commit by the house on behalf of the person.
func (h houseWriter) Write(org, person string, changes []casework.HouseChange) error {
	out := make([]wire.Change, 0, len(changes))
	for _, c := range changes {
		change, err := office.Change(org, c.Kind, c.Record, c.Fields)
		if err != nil {
			return err
		}
		out = append(out, change)
	}
	return h.engine.House(org, person, out)
}
