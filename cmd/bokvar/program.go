package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/gofiber/fiber/v2"

	"bokvar/internal/account"
	"bokvar/internal/alert"
	"bokvar/internal/casework"
	"bokvar/internal/live"
	"bokvar/internal/web"
	"bokvar/static"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

const (
	shutdownWait = 10 * time.Second // devices and requests get so long to come to an end
	socketsWait  = 4 * time.Second  // of it devices, so that one that does not listen leaves time for requests; must be more than a closing handshake takes
)

// Program is the server: a core, and everything that reaches it over the network.
type Program struct {
	URL string // where the app is: "http://localhost:8080" or the configured origin

	config   Config
	log      *slog.Logger
	core     *core
	book     *book
	hub      *live.Hub
	alerts   *alert.Service
	app      *fiber.App
	listener net.Listener
	aside    []*http.Server // certificates and metrics
	control  net.Listener
	closing  sync.Once
	closed   error
}

// New opens the data folder and the ports. [Program.Run] serves, and
// [Program.Close] lets go of everything.
func New(c Config, log *slog.Logger) (*Program, error) {
	if err := c.complete(); err != nil {
		return nil, err
	}
	p := &Program{config: c, log: log, URL: c.Origin}
	if err := p.open(); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *Program) open() (err error) {
	if err := static.Ready(); err != nil {
		p.log.Warn("the app is missing", slog.String("reason", err.Error()))
	}
	if p.core, err = newCore(p.config); err != nil {
		return err
	}
	if err := p.core.copyKeysOnce(); err != nil {
		return err
	}
	p.core.trouble = func(what string, err error) {
		p.log.Error(what, slog.String("error", err.Error()))
	}
	p.core.disk = func(err error) {
		if err == nil {
			p.log.Warn("the disk works again")
			return
		}
		p.log.Error("the disk fails, and nothing is called saved that is not on it", slog.String("error", err.Error()))
	}
	p.hub = live.New(live.Options{
		Engine: p.core.engine, Who: p.core.accounts.Person, Arrive: p.core.rescope, Shut: p.core.shutRooms, Clock: p.core.clock, Trouble: p.core.trouble,
		Met: func(a server.Author, h *wire.Hello) { p.core.accounts.Met(a.Person, a.Device, h.App, h.Unsent) },
	})
	p.core.deliver = p.hub.Deliver
	p.core.shut = p.hub.Shut
	p.core.signOut = func(person string) { p.hub.SignOut(person, "") }
	if err := p.listen(); err != nil {
		return err
	}
	if err := p.openAlerts(); err != nil {
		return err
	}
	if err := p.core.begin(); err != nil {
		return err
	}
	if err := p.core.noteMethod(); err != nil {
		return err
	}
	return p.openWeb()
}

// openAlerts also tells the core whom to call when something was raised.
func (p *Program) openAlerts() (err error) {
	p.alerts, err = alert.New(alert.Options{
		Store: p.core.db, Settings: p.core.db, Subject: p.config.Push.Subject, Origin: p.URL,
		Find: p.core.findAlert, Recent: p.core.recentAlerts, Present: p.hub.Present,
		Services: p.config.Push.Services, Local: p.config.Push.Local, Clock: p.core.clock, Log: p.log,
	})
	if err == nil {
		p.core.raised = p.alerts.Raised
	}
	return err
}

func (p *Program) openWeb() (err error) {
	figures := metrics.NewSet()
	p.book = &book{core: p.core}
	p.app, err = web.New(web.Options{
		Accounts: door{p.core.accounts, p.core, p.book, p.hub.SignOut}, Book: p.book, Copies: newCopies(p.core), Search: p.core.find, Protected: protectedDoor{p.core}, Sockets: p.hub, Pushes: p.alerts,
		Imports: importDoor{p.core.imports}, Photos: newPhotoDoor(p.core), Papers: paperDoor{p.core}, Providers: p.providers(), Rescue: rescueDoor{newRescue(p.core)},
		Erasure: erasureDoor{p.core}, Verification: p.core.verification,
		Devices: deviceDoor{p.core, p.hub, p.alerts}, PhoneLimits: phoneLimitsDoor{p.core}, People: peopleDoor{p.core}, Recoveries: recoveryDoor{p.core}, Month: p.core.month, Monthly: p.core.monthly,
		Rules: p.core.rules, Access: p.core.office.Access(), Method: p.core.profile,
		App: static.Files(), Ready: p.ready,
		Origin: p.config.Origin, Proxies: p.config.Proxies, Contact: p.config.Contact, Version: version, Withdrawn: p.config.Withdrawn, Demo: p.config.demo,
		Log: p.log, Metrics: web.NewMetrics(figures),
	})
	if err != nil {
		return err
	}
	return p.openMetrics(figures)
}

func (p *Program) ready() error { return errors.Join(p.core.ready(), static.Ready()) }

// Run serves until ctx is done, and then ends everything in order.
func (p *Program) Run(ctx context.Context) error {
	if err := p.alerts.Start(); err != nil {
		return err
	}
	if err := p.openControl(); err != nil {
		p.log.Warn("other commands cannot reach this server", slog.String("error", err.Error()))
	}
	days, stop := context.WithCancel(ctx)
	var working sync.WaitGroup
	working.Go(func() { p.core.after(nil) }) // what the last run left to be told
	working.Go(func() { p.watchDays(days) })
	working.Go(func() { p.watchNights(days) })
	working.Go(func() { p.keepCounts(days) })
	working.Go(func() { p.watchDisk(days) })
	served := make(chan error, 1)
	go func() { served <- p.app.Listener(p.listener) }()
	p.log.Info("serving", slog.String("addr", p.listener.Addr().String()), slog.String("version", version))
	var err error
	select {
	case <-ctx.Done():
	case err = <-served:
		err = fmt.Errorf("the server stopped listening: %w", err)
	}
	stop()
	working.Wait()
	return errors.Join(err, p.Close())
}

// Close ends the program: no new work, devices are told, what was taken in is
// finished, and the data folder is let go. It can be called more than once.
func (p *Program) Close() error {
	p.closing.Do(func() { p.closed = p.shutDown() })
	return p.closed
}

func (p *Program) shutDown() error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownWait)
	defer cancel()
	var errs []error
	if p.control != nil {
		errs = append(errs, p.control.Close())
	}
	if p.hub != nil {
		sockets, cut := context.WithTimeout(ctx, socketsWait)
		p.hub.Close(sockets) // first: sockets outlive the app that opened them
		cut()
	}
	if p.app != nil {
		errs = append(errs, p.ended(p.app.ShutdownWithContext(ctx)))
	}
	if p.listener != nil {
		_ = p.listener.Close() // the app has closed it already, if it served
	}
	for _, s := range p.aside {
		errs = append(errs, p.ended(s.Shutdown(ctx)))
	}
	if p.alerts != nil {
		p.alerts.Close()
	}
	if p.book != nil {
		errs = append(errs, p.book.settle(true))
	}
	if p.core != nil {
		errs = append(errs, p.core.close())
	}
	return errors.Join(errs...)
}

// ended is how the connections ended. A slow network that still carries an answer when the
// time is over is cut off: no fault of the program's, and whoever was cut off asks again.
func (p *Program) ended(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		p.log.Warn("some connections were cut off: they were too slow for the time at the end", slog.Duration("waited", shutdownWait))
		return nil
	}
	return err
}

// sayHead writes where the audit log ends into the lines of log, once a day: whoever
// keeps those elsewhere can prove later that nothing before was touched.
func (p *Program) sayHead(day string) {
	h, err := p.core.db.Head()
	if err != nil {
		p.core.trouble("read the head of the audit log", err)
		return
	}
	p.log.Info("audit head", slog.String("day", day), slog.String("head", h.String()))
}

// keepCounts writes down now and then what devices told, and at the end; and how many
// were turned away.
func (p *Program) keepCounts(ctx context.Context) {
	ticker := time.NewTicker(account.ContactEvery)
	defer ticker.Stop()
	for done := false; !done; {
		select {
		case <-ctx.Done():
			done = true
		case <-ticker.C:
		}
		if err := p.core.accounts.KeepContacts(); err != nil {
			p.core.trouble("write down when devices were last heard of", err)
		}
		if err := p.book.settle(false); err != nil {
			p.core.trouble("write down how many were turned away", err)
		}
	}
}

// watchDays brings everything up to the day at the start and after each midnight.
func (p *Program) watchDays(ctx context.Context) {
	ticker := time.NewTicker(time.Minute)
	defer ticker.Stop()
	for last := ""; ; {
		if today := casework.DayOf(p.core.clock().UnixMilli()); today != last {
			if err := p.core.newDay(ctx, p.hub.People()); err != nil {
				p.core.trouble("bring everything up to the day", err)
			} else {
				last = today
				p.sayHead(today)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// watchDisk tries the disk now and then, and often while it fails: that it begins or
// ends to fail is said by itself, also when nobody else asks or writes.
func (p *Program) watchDisk(ctx context.Context) {
	ticker := time.NewTicker(2 * time.Second)
	defer ticker.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if n%30 == 0 || p.core.db.Fails() != nil {
			_ = p.core.ready()
		}
	}
}
