package main

import (
	"bytes"
	"cmp"
	"fmt"

	"bokvar/internal/method"
	"bokvar/sync/server"
)

// Settings that keep the method as the server had it last: its profile, and what it takes
// away from what crosses the wall.
const (
	methodProfile = "method profile"
	methodNarrows = "method narrows"
)

// loadMethods is where profiles come from; a test adds some.
var loadMethods = method.Load

// method is the profile with the id; without one that of the last server that ran here, for
// commands, which read no configuration.
func (o *core) method(id string) (*method.Profile, error) {
	profiles, err := loadMethods()
	if err != nil {
		return nil, err
	}
	if id == "" {
		kept, err := o.db.Setting(methodProfile)
		if err != nil {
			return nil, err
		}
		id = cmp.Or(string(kept), defaults().Method)
	}
	if profiles[id] == nil {
		return nil, fmt.Errorf("there is no method profile %q", id)
	}
	return profiles[id], nil
}

// noteMethod keeps the method that a server starts with, and shuts what the wall has opened
// when it takes other things away than the last one. Nothing is shown before it is done.
func (o *core) noteMethod() error {
	if kept, err := o.db.Setting(methodProfile); err != nil {
		return err
	} else if string(kept) != o.profile.ID {
		if err := o.db.PutSetting(methodProfile, []byte(o.profile.ID)); err != nil {
			return err
		}
	}
	was, err := o.db.Setting(methodNarrows)
	now := o.office.Narrowing()
	if err != nil || bytes.Equal(was, now) || was == nil && bytes.Equal(now, []byte("[]")) {
		return err
	}
	organisations, err := o.db.Organisations()
	if err != nil {
		return err
	}
	err = o.engine.Touch(func(tx server.Tx, _ func(person, org, record string) error) error {
		return o.office.NarrowedAnew(tx, organisations)
	})
	if err != nil {
		return err
	}
	return o.db.PutSetting(methodNarrows, now)
}
