package server

import "bokvar/sync/wire"

// Hello opens a conversation: it agrees on a version, notes how far the
// device's clock is off, and says what waits. The caller, who knows the account,
// fills in Role and Units. A problem with no_common_version ends the
// conversation; one with try_again is the server's own fault.
func (e *Engine) Hello(author Author, h wire.Hello) (wire.Welcome, *wire.Problem) {
	version := wire.CommonVersion(h.Versions)
	if version == 0 {
		return wire.Welcome{}, wire.NewProblem(wire.CodeNoCommonVersion)
	}
	now := e.clock().UnixMilli()
	w := wire.Welcome{Type: wire.TypeWelcome, Version: version, Person: author.Person, Org: author.Org, Units: []string{}, Clock: now}
	err := e.store.Read(func(tx Tx) (err error) {
		if w.Generation, err = tx.Generation(); err != nil {
			return err
		}
		if w.Epoch, err = tx.Epoch(author.Person); err != nil {
			return err
		}
		cursor := h.Cursor
		if h.Generation != w.Generation {
			cursor = 0 // the device starts over
		}
		_, w.Waiting, err = tx.InboxEnd(author.Person, cursor)
		return err
	})
	if err != nil {
		return wire.Welcome{}, wire.NewProblem(wire.CodeTryAgain)
	}
	e.clocks.hello(author.Device, h.Clock, now)
	return w, nil
}
