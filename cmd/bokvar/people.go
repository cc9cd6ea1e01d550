package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"bokvar/internal/account"
	"bokvar/internal/audit"
	"bokvar/internal/casework"
)

// peopleDoor is who works in an organisation: access.md's row `people` says who sees to
// that. Whoever does so alone lets in people who have never been here; somebody who has
// been is let in anew by two (recovery.go). Nobody changes or ends themselves, so that an
// organisation always has somebody left who sees to its people.
type peopleDoor struct{ core *core }

type personRow struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Title    string        `json:"title"`
	Phone    string        `json:"phone"`
	Role     casework.Role `json:"role"`
	Units    []string      `json:"units"`
	Active   bool          `json:"active"`
	Came     bool          `json:"came"`              // has had a vault on a device here
	Invited  int64         `json:"invited,omitempty"` // until when an unused invitation is good
	Provider bool          `json:"provider"`          // role and units follow the organisation's own sign-in
}

type unitRow struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type peopleAnswer struct {
	People []personRow     `json:"people"`
	Roles  []casework.Role `json:"roles"` // that the organisation has
	Units  []unitRow       `json:"units"`
}

type loginAnswer struct {
	Person  string `json:"person"`
	Link    string `json:"link"` // what stands after the # of /in
	Code    string `json:"code"`
	Expires int64  `json:"expires"`
}

type leavesAnswer struct {
	Households int   `json:"households"`     // where they are named on something that is still to come
	Keys       []int `json:"keys,omitempty"` // rescue keys that nobody could open without them
}

// Limits of what an account is called, in characters.
const maxPersonText = 80

var (
	errNotYours   = &casework.Error{Code: "not_found", Sentence: "Det finns ingen sådan person i din organisation."}
	errYourself   = &casework.Error{Code: "not_oneself", Sentence: "Det gäller dig själv. Be en annan administratör."}
	errCame       = &casework.Error{Code: "came_already", Sentence: "Den personen har varit inloggad. En ny kod kräver två: Släpp in någon på nytt."}
	errNoUnit     = &casework.Error{Code: "no_unit", Where: "units", Sentence: "Välj minst en av organisationens enheter."}
	errLong       = &casework.Error{Code: "too_long", Where: "name", Sentence: "Högst 80 tecken."}
	errByProvider = &casework.Error{Code: "by_provider", Sentence: "Roll och enheter följer er egen inloggning. Ändra där."}
	errHangs      = &casework.Error{Code: "key_hangs", Sentence: "Utan den personen kan ingen öppna det som telefoner har lämnat in låst. Låt en kollega göra en kod först."}
)

// alone does what somebody asks about accounts when nobody else changes one, as who they
// are by then: a colleague may have changed or ended them since they asked.
func (d peopleDoor) alone(by *casework.Member, do func(by *casework.Member) error) error {
	d.core.staff.Lock()
	defer d.core.staff.Unlock()
	now, err := d.core.accounts.Person(by.ID)
	if err != nil {
		return err
	}
	if !now.Active {
		return account.ErrSignedOut
	}
	return do(now)
}

func (d peopleDoor) may(by *casework.Member) error {
	if d.core.office.Access().Cell("people", by.Role).Read == "never" {
		return errNotInRole
	}
	return nil
}

// theirs finds somebody who works here, whom the asker sees to, and who is not the asker.
func (d peopleDoor) theirs(by *casework.Member, person string) (*casework.Member, error) {
	m, err := d.worked(by, person)
	if err == nil && !m.Active {
		return nil, errNotYours
	}
	return m, err
}

// worked is theirs, of somebody who has left too.
func (d peopleDoor) worked(by *casework.Member, person string) (*casework.Member, error) {
	if err := d.may(by); err != nil {
		return nil, err
	}
	m, err := d.core.accounts.Person(person)
	var unknown *casework.Error
	if errors.As(err, &unknown) || err == nil && m.Org != by.Org {
		return nil, errNotYours // not there, or not yours: one answer
	}
	if err != nil {
		return nil, err
	}
	if m.ID == by.ID {
		return nil, errYourself
	}
	return m, nil
}

func (d peopleDoor) List(by *casework.Member) (any, error) {
	if err := d.may(by); err != nil {
		return nil, err
	}
	people, err := d.core.accounts.People(by.Org)
	if err != nil {
		return nil, err
	}
	invited, err := d.core.accounts.Invited()
	if err != nil {
		return nil, err
	}
	devices, err := d.core.accounts.Devices(by.Org, "")
	if err != nil {
		return nil, err
	}
	org, err := d.core.accounts.Organisation(by.Org)
	if err != nil {
		return nil, err
	}
	answer := peopleAnswer{People: []personRow{}, Roles: []casework.Role{}}
	for _, m := range people {
		row := personRow{ID: m.ID, Name: m.Name, Title: m.Title, Phone: m.Phone, Role: m.Role, Units: append([]string{}, m.Units...), Active: m.Active}
		row.Came = slices.ContainsFunc(devices, func(v casework.Device) bool { return v.Person == m.ID })
		if until, ok := invited[m.ID]; ok {
			row.Invited = until.UnixMilli()
		}
		if row.Provider, err = d.byProvider(m.ID); err != nil {
			return nil, err
		}
		answer.People = append(answer.People, row)
	}
	for _, role := range casework.Roles {
		if role.WorksAt(org.Kind) {
			answer.Roles = append(answer.Roles, role)
		}
	}
	answer.Units, err = d.units(by.Org)
	return answer, err
}

func (d peopleDoor) byProvider(person string) (bool, error) {
	by, err := d.core.db.Setting(providerSetting(person))
	return by != nil, err
}

func (d peopleDoor) units(org string) ([]unitRow, error) {
	units := []unitRow{}
	err := d.core.db.Facts(func(f casework.Facts) error {
		records, err := f.RecordsOfKind(org, "unit")
		for _, r := range records {
			u := unitRow{ID: r.ID}
			if err := json.Unmarshal(r.Fields["name"].Value, &u.Name); err != nil {
				return fmt.Errorf("read the unit's name: %w", err)
			}
			units = append(units, u)
		}
		return err
	})
	slices.SortFunc(units, func(a, b unitRow) int { return strings.Compare(a.Name, b.Name) })
	return units, err
}

// fits says what is wrong with what an account is to be.
func (d peopleDoor) fits(org string, m *casework.Member) error {
	for _, text := range []*string{&m.Name, &m.Title, &m.Phone} {
		if *text = strings.TrimSpace(*text); utf8.RuneCountInString(*text) > maxPersonText {
			return errLong
		}
	}
	units, err := d.units(org)
	if err != nil {
		return err
	}
	unknown := func(id string) bool {
		return !slices.ContainsFunc(units, func(u unitRow) bool { return u.ID == id })
	}
	slices.Sort(m.Units)
	m.Units = slices.Compact(m.Units)
	if len(m.Units) == 0 || slices.ContainsFunc(m.Units, unknown) {
		return errNoUnit
	}
	return nil
}

func (d peopleDoor) Add(by *casework.Member, device string, m casework.Member) (login any, err error) {
	err = d.alone(by, func(by *casework.Member) error {
		login, err = d.add(by, device, m)
		return err
	})
	return login, err
}

func (d peopleDoor) add(by *casework.Member, device string, m casework.Member) (any, error) {
	if err := d.may(by); err != nil {
		return nil, err
	}
	if err := d.fits(by.Org, &m); err != nil {
		return nil, err
	}
	m.ID, m.Org = uuid.NewString(), by.Org
	if err := d.core.addAccount(m); err != nil {
		return nil, err
	}
	if err := d.note(by, device, "account "+m.ID); err != nil {
		return nil, err
	}
	return d.login(by, device, m.ID)
}

func (d peopleDoor) Change(by *casework.Member, device string, to casework.Member) error {
	return d.alone(by, func(by *casework.Member) error { return d.change(by, device, to) })
}

func (d peopleDoor) change(by *casework.Member, device string, to casework.Member) error {
	m, err := d.theirs(by, to.ID)
	if err != nil {
		return err
	}
	if err := d.fits(by.Org, &to); err != nil {
		return err
	}
	follows, err := d.byProvider(m.ID)
	if err != nil {
		return err
	}
	if follows && (to.Role != m.Role || !sameUnits(to.Units, m.Units) || to.Name != m.Name) {
		return errByProvider
	}
	was := *m
	to.Org, to.Active = m.Org, true
	if err := d.core.accounts.Change(to); err != nil {
		return err
	}
	what := "change of account " + m.ID
	if was.Role != to.Role {
		what += fmt.Sprintf(", role %s to %s", was.Role, to.Role)
	}
	if !sameUnits(was.Units, to.Units) {
		what += ", units " + strings.Join(was.Units, " ") + " to " + strings.Join(to.Units, " ")
	}
	return errors.Join(d.core.directory(to), d.note(by, device, what))
}

// sameUnits says whether two lists name the same units, in whatever order.
func sameUnits(a, b []string) bool {
	within := func(a, b []string) bool {
		return !slices.ContainsFunc(a, func(unit string) bool { return !slices.Contains(b, unit) })
	}
	return within(a, b) && within(b, a)
}

func (d peopleDoor) Invite(by *casework.Member, device, person string) (login any, err error) {
	err = d.alone(by, func(by *casework.Member) error {
		login, err = d.invite(by, device, person)
		return err
	})
	return login, err
}

func (d peopleDoor) invite(by *casework.Member, device, person string) (any, error) {
	m, err := d.theirs(by, person)
	if err != nil {
		return nil, err
	}
	came, err := d.core.accounts.Came(m)
	if err != nil {
		return nil, err
	}
	if came {
		return nil, errCame
	}
	// Who was let in by the code before and has no vault yet, is let in by the new one alone.
	if err := errors.Join(d.core.accounts.Uninvite(m.ID), d.core.accounts.EndAll(m.ID)); err != nil {
		return nil, err
	}
	d.core.signOut(m.ID)
	return d.login(by, device, m.ID)
}

func (d peopleDoor) login(by *casework.Member, device, person string) (any, error) {
	l, err := d.core.invite(person)
	if err != nil {
		return nil, err
	}
	until := d.core.clock().Add(account.InvitationLife)
	return loginAnswer{person, l.Token, l.Code, until.UnixMilli()}, d.note(by, device, "invitation of "+person)
}

// ahead is how far from now plans are counted that somebody leaves behind.
const ahead = 366 * 24 * time.Hour

func (d peopleDoor) Leaves(by *casework.Member, person string) (any, error) {
	m, err := d.theirs(by, person)
	if err != nil {
		return nil, err
	}
	var answer leavesAnswer
	now := d.core.clock()
	err = d.core.db.Facts(func(f casework.Facts) error {
		roots, err := f.RootsOfPerson(m.ID, now.UnixMilli(), now.Add(ahead).UnixMilli())
		answer.Households = len(roots)
		return err
	})
	if err != nil {
		return nil, err
	}
	answer.Keys, err = newRescue(d.core).HangsOn(m.Org, m.ID)
	return answer, err
}

// End may be said again of somebody who has left: what a failure left undone is done then.
func (d peopleDoor) End(by *casework.Member, device, person string, anyway bool) error {
	return d.alone(by, func(by *casework.Member) error { return d.end(by, device, person, anyway) })
}

func (d peopleDoor) end(by *casework.Member, device, person string, anyway bool) error {
	m, err := d.worked(by, person)
	if err != nil {
		return err
	}
	if m.Active && !anyway {
		keys, err := newRescue(d.core).HangsOn(m.Org, m.ID)
		if err != nil {
			return err
		}
		if len(keys) > 0 {
			return errHangs
		}
	}
	if err := d.core.unmarkLeft(m.ID); err != nil {
		return err
	}
	return d.core.endAccount(m.ID, by.ID, device)
}

func (d peopleDoor) note(by *casework.Member, device, what string) error {
	return d.core.db.Audit(audit.Entry{At: d.core.clock().UnixMilli(), Person: by.ID, Device: device, Action: audit.Administer, Org: by.Org, What: what})
}
