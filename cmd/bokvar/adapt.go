package main

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"bokvar/internal/account"
	"bokvar/internal/alert"
	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/exchange"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// door is the accounts as package web knows them; signing in and out is written
// down in the audit chain.
type door struct {
	*account.Service
	core    *core
	book    *book
	signOut func(person, device string)
}

// Check also writes down that somebody has a copy of a cookie, and closes the device's sockets.
func (d door) Check(cookie, proof string) (*casework.Member, *casework.Session, error) {
	member, session, err := d.Service.Check(cookie, proof)
	if !errors.Is(err, account.ErrReplayed) {
		return member, session, err
	}
	d.signOut(member.ID, session.Device)
	return nil, nil, errors.Join(err, d.core.db.Audit(audit.Entry{
		At: d.core.clock().UnixMilli(), Person: member.ID, Device: session.Device, Action: audit.Replayed, Org: member.Org, What: member.ID + " " + session.Device,
	}))
}

func (d door) Redeem(link, code, device, address string) (string, error) {
	cookie, err := d.Service.Redeem(link, code, device, address)
	if err != nil {
		if refusedEntry(err) {
			err = errors.Join(err, d.book.denied("", "", device, "sign_in"))
		}
		return "", err
	}
	return cookie, d.note(audit.SignIn, cookie)
}

func (d door) SignInAgain(locker, auth, proof, address string) (string, error) {
	cookie, err := d.Service.SignInAgain(locker, auth, proof, address)
	if err == nil {
		return cookie, d.note(audit.SignIn, cookie)
	}
	return "", d.refused(locker, "sign_in", err)
}

func (d door) SignInByPasskey(locker, origin string, response []byte, proof, address string) (string, error) {
	cookie, err := d.Service.SignInByPasskey(locker, origin, response, proof, address)
	if err == nil {
		return cookie, d.note(audit.SignIn, cookie)
	}
	what := "sign_in"
	if errors.Is(err, account.ErrCopiedPasskey) {
		what = "sign_in with a passkey that may be a copy"
	}
	return "", d.refused(locker, what, err)
}

// refused writes down that somebody was turned away, if that is what err says: in
// their organisation's log on a device that is known, else in nobody's.
func (d door) refused(locker, what string, err error) error {
	if !refusedEntry(err) {
		return err
	}
	v, e := d.Locker(locker)
	if e != nil {
		return errors.Join(err, e)
	}
	if v == nil {
		return errors.Join(err, d.book.denied("", "", "", what))
	}
	member, e := d.Person(v.Person)
	if e != nil {
		return errors.Join(err, e)
	}
	return errors.Join(err, d.book.denied(member.Org, v.Person, v.ID, what))
}

func (d door) Enrol(session *casework.Session, origin string, in casework.Enrolment) error {
	before, err := d.Locker(in.Locker)
	if err != nil {
		return err
	}
	if err := d.Service.Enrol(session, origin, in); err != nil {
		return err
	}
	member, err := d.Person(session.Person)
	if err != nil {
		return err
	}
	action := audit.DeviceEnrolled
	if before != nil && in.Wraps != nil {
		action = audit.DeviceWays
	}
	return d.core.db.Audit(audit.Entry{At: d.core.clock().UnixMilli(), Person: member.ID, Device: session.Device, Action: action, Org: member.Org})
}

// mostWrong bounds what a device may tell of wrong passphrases: it tells them itself.
const mostWrong = 100_000

// Report writes down what a device tells that its person should know of.
func (d door) Report(session *casework.Session, wrong int, turn int64) (int64, error) {
	member, err := d.Person(session.Person)
	if err != nil {
		return 0, err
	}
	next, rolled, err := d.Turned(session, turn)
	if err != nil {
		return 0, err
	}
	e := audit.Entry{At: d.core.clock().UnixMilli(), Person: member.ID, Device: session.Device, Org: member.Org}
	if rolled {
		e.Action, e.What = audit.DeviceRollback, member.ID+" "+session.Device
		if err := d.core.db.Audit(e); err != nil {
			return 0, err
		}
	}
	if wrong > 0 {
		e.Action, e.What = audit.WrongPassphrase, member.ID+" "+strconv.Itoa(min(wrong, mostWrong))
		return next, d.core.db.Audit(e)
	}
	return next, nil
}

func (d door) End(cookie string) error {
	if err := d.note(audit.SignOut, cookie); err != nil {
		return err
	}
	return d.Service.End(cookie)
}

func (d door) note(action, cookie string) error {
	member, session, err := d.Holder(cookie)
	if err != nil {
		return err
	}
	return d.core.db.Audit(audit.Entry{At: d.core.clock().UnixMilli(), Person: member.ID, Device: session.Device, Action: action, Org: member.Org})
}

// importDoor is the imports as package web knows them.
type importDoor struct{ service *exchange.Service }

func (d importDoor) Propose(by *casework.Member, fileName string, partial bool, content []byte) (any, error) {
	return told(d.service.Propose(*by, fileName, bytes.NewReader(content), partial))
}

func (d importDoor) Waiting(by *casework.Member) (any, error) { return told(d.service.List(*by)) }

func (d importDoor) Proposal(by *casework.Member, id string) (any, error) {
	return told(d.service.Get(*by, id))
}

func (d importDoor) Confirm(by *casework.Member, id string, keep []string) (any, error) {
	return told(d.service.Confirm(*by, id, keep))
}

func (d importDoor) Drop(by *casework.Member, id string) error {
	_, err := told(0, d.service.Drop(*by, id))
	return err
}

// told gives an import's problem the shape that all others have.
func told[T any](v T, err error) (any, error) {
	var p *exchange.Problem
	if errors.As(err, &p) {
		return nil, &casework.Error{Code: p.Code, Sentence: p.Sentence}
	}
	return v, err
}

// findAlert reads one alert.
func (o *core) findAlert(org, id string) (found *alert.Alert, err error) {
	err = o.db.Read(func(tx server.Tx) error {
		record, err := tx.Record(org, id)
		if err != nil || record == nil || record.Kind != "alert" {
			return err
		}
		a := alert.FromRecord(record)
		found = &a
		return nil
	})
	return found, err
}

// recentAlerts lists the alerts of all organisations that were raised since.
func (o *core) recentAlerts(since time.Time) (recent []alert.Alert, err error) {
	organisations, err := o.db.Organisations()
	if err != nil {
		return nil, err
	}
	err = o.db.Facts(func(f casework.Facts) error {
		for _, organisation := range organisations {
			records, err := f.RecordsOfKind(organisation.ID, "alert")
			if err != nil {
				return err
			}
			for _, record := range records {
				if a := alert.FromRecord(record); a.Raised.After(since) {
					recent = append(recent, a)
				}
			}
		}
		return nil
	})
	return recent, err
}

// rescope brings what the person carries up to the day, if that is still to be done.
func (o *core) rescope(person string) error {
	due := false
	err := o.db.Read(func(tx server.Tx) (err error) {
		due, err = o.office.ScopeDue(tx, person)
		return err
	})
	if err != nil || !due {
		return err
	}
	return o.office.Rescope(o.engine, person)
}

// rowsPerDay bounds one commit of a new day.
const rowsPerDay = 200

// newDay works out what depends on the date: ranks and reasons of open cases,
// and what those who are connected carry.
func (o *core) newDay(ctx context.Context, connected []string) error {
	if err := o.copyKeysOnce(); err != nil {
		return err
	}
	organisations, err := o.db.Organisations()
	if err != nil {
		return err
	}
	for _, organisation := range organisations {
		if ctx.Err() != nil {
			return nil
		}
		if err := o.newDayOf(organisation.ID); err != nil {
			return err
		}
	}
	for _, person := range connected {
		if ctx.Err() != nil {
			return nil
		}
		if err := o.rescope(person); err != nil {
			return err
		}
	}
	o.after(nil) // what is to be settled waits for no commit longer than a day
	return nil
}

func (o *core) newDayOf(org string) error {
	var changes []wire.Change
	err := o.db.Read(func(tx server.Tx) (err error) {
		changes, err = o.office.Daily(tx, org)
		return err
	})
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(changes, rowsPerDay) {
		if err := o.engine.House(org, "", batch); err != nil {
			return err
		}
	}
	return nil
}

// shutRooms lists the rooms of the person's cases that were ever shut, for a
// device that was away.
func (o *core) shutRooms(person string) (rooms []string, err error) {
	err = o.db.Facts(func(f casework.Facts) error {
		rooms, err = o.office.Shut(f, person)
		return err
	})
	return rooms, err
}
