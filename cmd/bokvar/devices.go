package main

import (
	"errors"
	"fmt"
	"slices"

	"bokvar/internal/alert"
	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/live"
)

// deviceDoor is people's devices as package web knows them: access.md's row `device`
// says who sees to others' devices; everybody sees to their own.
type deviceDoor struct {
	core   *core
	hub    *live.Hub
	alerts *alert.Service
}

// deviceRow is one device as it is shown.
type deviceRow struct {
	ID     string               `json:"id"`
	Name   string               `json:"name"`
	App    string               `json:"app"`
	Made   int64                `json:"made"`
	Seen   int64                `json:"seen"`
	Unsent int                  `json:"unsent"` // as last told
	State  casework.DeviceState `json:"state"`
	Since  int64                `json:"since,omitempty"`
	Here   bool                 `json:"here"` // it is the one that asks

	Rollback int64 `json:"rollback,omitempty"` // when it came back as it was on an earlier day
}

type deviceOwner struct {
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	Active  bool        `json:"active"`
	Devices []deviceRow `json:"devices"`
}

type deviceAnswer struct {
	Own    []deviceRow   `json:"own"`
	People []deviceOwner `json:"people"` // null: the asker sees to nobody's but their own
}

var (
	errDeviceHere  = &casework.Error{Code: "device_here", Sentence: "Det är den telefon du använder nu. Logga ut på den i stället."}
	errNoSuchOrder = &casework.Error{Code: "malformed", Sentence: "Servern kunde inte läsa det som skickades."}
	errNotTheirs   = &casework.Error{Code: "not_found", Sentence: "Det finns ingen sådan telefon."}
)

func (d deviceDoor) sees(by *casework.Member) bool {
	return d.core.office.Access().Cell("device", by.Role).Read != "never"
}

func (d deviceDoor) List(by *casework.Member, here string) (any, error) {
	own, err := d.rows(by.Org, by.ID, here)
	if err != nil {
		return nil, err
	}
	answer := deviceAnswer{Own: append([]deviceRow{}, own[by.ID]...)}
	if !d.sees(by) {
		return answer, nil
	}
	all, err := d.rows(by.Org, "", "")
	if err != nil {
		return nil, err
	}
	people, err := d.core.accounts.People(by.Org)
	if err != nil {
		return nil, err
	}
	answer.People = []deviceOwner{}
	for _, m := range people {
		if m.ID != by.ID && len(all[m.ID]) > 0 {
			answer.People = append(answer.People, deviceOwner{m.ID, m.Name, m.Active, all[m.ID]})
		}
	}
	return answer, nil
}

func (d deviceDoor) rows(org, person, here string) (map[string][]deviceRow, error) {
	devices, err := d.core.accounts.Devices(org, person)
	if err != nil {
		return nil, err
	}
	out := map[string][]deviceRow{}
	for _, v := range devices {
		row := deviceRow{ID: v.ID, Name: v.Name, App: v.App, Made: v.Made.UnixMilli(), Seen: v.Seen.UnixMilli(), Unsent: v.Unsent, State: v.State, Here: v.ID == here}
		if !v.Since.IsZero() {
			row.Since = v.Since.UnixMilli()
		}
		if !v.Rollback.IsZero() {
			row.Rollback = v.Rollback.UnixMilli()
		}
		out[v.Person] = append(out[v.Person], row)
	}
	return out, nil
}

var deviceOrders = []string{"block", "wipe", "wipe_all", "allow"}

// Order says to a device that is not there what it is to do. Its sockets end, and
// nothing is pushed to it any more.
func (d deviceDoor) Order(by *casework.Member, here, person, device, order string) error {
	if !slices.Contains(deviceOrders, order) {
		return errNoSuchOrder // before anybody is looked for
	}
	own := person == by.ID
	if own && device == here {
		return errDeviceHere
	}
	if !own && !d.sees(by) {
		return errNotTheirs
	}
	owner, err := d.core.accounts.Person(person)
	var unknown *casework.Error
	if errors.As(err, &unknown) || err == nil && owner.Org != by.Org {
		return errNotTheirs // not there, or not yours: one answer
	}
	if err != nil {
		return err
	}
	action, do, which := audit.DeviceBlocked, d.core.accounts.Block, ""
	switch order {
	case "block":
	case "wipe":
		action, do = audit.DeviceWipe, d.core.accounts.Wipe
	case "wipe_all":
		action, do, which = audit.DeviceWipe, d.core.accounts.WipeAll, " with what cannot be handed in"
		if !d.sees(by) { // what is lost is the organisation's
			return errNotTheirs
		}
	case "allow":
		action, do = audit.DeviceAllowed, d.core.accounts.Allow
		if !d.sees(by) { // whoever holds somebody's other phone may stop a lost one, not open it
			return errNotTheirs
		}
	}
	if err := do(person, device); err != nil {
		return err
	}
	if order != "allow" {
		d.hub.SignOut(person, device)
		err = d.alerts.Forget(person, device)
	}
	return errors.Join(err, d.core.db.Audit(audit.Entry{
		At: d.core.clock().UnixMilli(), Person: by.ID, Device: here, Action: action, Org: by.Org, What: person + " " + device + which,
	}))
}

// EndOthers signs the asker out everywhere but where they ask: sessions, sockets and
// pushes end at once, and what waits there stays sealed. Links and codes that were not
// used let nobody in any more.
func (d deviceDoor) EndOthers(by *casework.Member, session *casework.Session) (ended int, err error) {
	ended, err = d.core.accounts.EndOthers(session)
	if err != nil {
		return 0, err
	}
	d.hub.SignOutOthers(by.ID, session.Device)
	return ended, errors.Join(d.alerts.ForgetOthers(by.ID, session.Device), d.core.db.Audit(audit.Entry{
		At: d.core.clock().UnixMilli(), Person: by.ID, Device: session.Device, Action: audit.SessionsEnded, Org: by.Org, What: fmt.Sprint(by.ID, " ", ended),
	}))
}

// Orders answers by locker; what is unknown, and what is as it should be, is left out.
// left is what only a device has that waits to be wiped, as it says.
func (d deviceDoor) Orders(lockers []string, left map[string]int) (any, error) {
	orders := map[string]casework.DeviceState{}
	for _, locker := range lockers {
		v, err := d.core.accounts.Locker(locker)
		if err != nil {
			return nil, err
		}
		if v != nil && v.State != casework.DeviceActive {
			orders[locker] = v.State
			if n, told := left[locker]; told && v.State == casework.DeviceWipe {
				d.core.accounts.Met(v.Person, v.ID, v.App, n)
			}
		}
	}
	return orders, nil
}

// Wiped is the receipt of a device that was told to delete everything. lost is how
// much of it nobody else has.
func (d deviceDoor) Wiped(locker string, lost int) error {
	v, err := d.core.accounts.Wiped(locker)
	if err != nil {
		return err
	}
	if v == nil {
		return errNotTheirs
	}
	if v.State == casework.DeviceWiped {
		return nil
	}
	owner, err := d.core.accounts.Person(v.Person)
	if err != nil {
		return err
	}
	what := v.Person + " " + v.ID
	if lost > 0 {
		what += fmt.Sprint(", lost ", lost)
	}
	return d.core.db.Audit(audit.Entry{
		At: d.core.clock().UnixMilli(), Person: v.Person, Device: v.ID, Action: audit.DeviceWiped, Org: owner.Org, What: what,
	})
}
