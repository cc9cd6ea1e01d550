package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/exchange"
	"bokvar/internal/office"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// tasks are what commands ask of a core, here or in the running server.
var tasks = map[string]task{
	"org add":   with(addOrg),
	"org unit":  with(addUnit),
	"org list":  with(listOrgs),
	"org lease": with(setLease),
	"user add":  with(alone(addUser)),

	"agreement add":  with(addAgreement),
	"agreement list": with(listAgreements),

	"user change":  with(alone(changeUser)),
	"user list":    with(listUsers),
	"user invite":  with(alone(inviteUser)),
	"user disable": with(alone(disableAsked)),
	"import":       with(proposeImport),
	"export":       with(exportRecords),
	"backup":       with(backUp),
	"verify":       with(verifyAll),

	"extract":           with(extractFile),
	"erase keep":        with(keep),
	"erase plan":        with(planErasure),
	"erase run":         with(runErasure),
	"erase hold":        with(holdFile),
	"erase release":     with(releaseFile),
	"erase certificate": with(certificate),

	"keys rotate":   with(rotateKeys),
	"keys copy":     with(copyKeys),
	"audit head":    with(lastHead),
	"audit recount": with(recount),
}

// with reads a task's arguments.
func with[A, R any](f func(*core, A) (R, error)) task {
	return func(o *core, raw json.RawMessage) (any, error) {
		var args A
		if err := json.Unmarshal(raw, &args); err != nil {
			return nil, err
		}
		return f(o, args)
	}
}

// alone does a task about accounts when nobody else changes one.
func alone[A, R any](f func(*core, A) (R, error)) func(*core, A) (R, error) {
	return func(o *core, args A) (R, error) {
		o.staff.Lock()
		defer o.staff.Unlock()
		return f(o, args)
	}
}

// nothing is the result of a task that only does.
type nothing struct{}

func addOrg(o *core, org casework.Organisation) (nothing, error) {
	switch org.Kind {
	case casework.Landlord, casework.SocialServices, casework.Operator:
	default:
		return nothing{}, fmt.Errorf("an organisation is landlord, social_services or operator, not %q", org.Kind)
	}
	if org.ID == "" || org.Name == "" {
		return nothing{}, errors.New("an organisation needs an id and a name")
	}
	return nothing{}, o.noted(audit.Administer, org.ID, "organisation "+org.ID, o.db.PutOrganisation(org))
}

// leaseArgs are how many days an organisation's phones open without contact.
type leaseArgs struct {
	Org  string
	Days int
}

func setLease(o *core, l leaseArgs) (nothing, error) {
	limits, err := o.accounts.LimitsOf(l.Org)
	if err == nil {
		limits.Lease = l.Days
		err = o.accounts.SetLimits(l.Org, limits)
	}
	return nothing{}, o.noted(audit.Administer, l.Org, limitsWords(limits), err)
}

func listOrgs(o *core, _ nothing) ([]casework.Organisation, error) { return o.db.Organisations() }

// unitArgs are a unit's id, name and telephone number.
type unitArgs struct{ Org, ID, Name, Phone string }

func addUnit(o *core, u unitArgs) (nothing, error) {
	if u.ID == "" || u.Name == "" {
		return nothing{}, errors.New("a unit needs an id and a name")
	}
	if _, err := o.accounts.Organisation(u.Org); err != nil {
		return nothing{}, err
	}
	change, err := office.UnitRecord(u.Org, u.ID, u.Name, u.Phone)
	if err != nil {
		return nothing{}, err
	}
	return nothing{}, o.noted(audit.Administer, u.Org, "unit "+u.ID, o.house(u.Org, change))
}

func addUser(o *core, m casework.Member) (login, error) {
	if err := o.addAccount(m); err != nil {
		return login{}, err
	}
	if err := o.noted(audit.Administer, m.Org, "account "+m.ID, nil); err != nil {
		return login{}, err
	}
	return o.invite(m.ID)
}

// addAccount makes an account, and tells colleagues of it.
func (o *core) addAccount(m casework.Member) error {
	if err := o.accounts.Add(m); err != nil {
		return err
	}
	m.Active = true
	return o.directory(m)
}

// changeArgs are what is to change of an account; nil stays.
type changeArgs struct {
	Person             string
	Name, Title, Phone *string
	Role               *casework.Role
	Units              *[]string
}

// changeUser tells the person's phones at once: what is out of their reach now leaves
// them, after what was not sent has come in.
func changeUser(o *core, to changeArgs) (nothing, error) {
	known, err := o.accounts.Person(to.Person)
	if err != nil {
		return nothing{}, err
	}
	m := *known
	for into, text := range map[*string]*string{&m.Name: to.Name, &m.Title: to.Title, &m.Phone: to.Phone} {
		if text != nil {
			*into = *text
		}
	}
	if to.Role != nil {
		m.Role = *to.Role
	}
	if to.Units != nil {
		m.Units = *to.Units
	}
	if err := o.noted(audit.Administer, m.Org, "change of account "+m.ID, o.accounts.Change(m)); err != nil {
		return nothing{}, err
	}
	return nothing{}, o.directory(m)
}

func listUsers(o *core, org string) ([]casework.Member, error) { return o.accounts.People(org) }

// login is how a person gets in, once.
type login struct{ Token, Code string }

func inviteUser(o *core, person string) (login, error) {
	m, err := o.accounts.Person(person)
	if err != nil {
		return login{}, err
	}
	if !m.Active {
		return login{}, errors.New("the account is disabled")
	}
	l, err := o.invite(person)
	return l, o.noted(audit.Administer, m.Org, "invitation of "+m.ID, err)
}

func (o *core) invite(person string) (l login, err error) {
	if l.Token, err = o.accounts.InviteLink(person); err != nil {
		return l, err
	}
	l.Code, err = o.accounts.InviteCode(person)
	return l, err
}

// disableArgs are whose account ends, and whether also when a rescue key hangs on them.
type disableArgs struct {
	Person string
	Anyway bool
}

// disableAsked says first what nobody could open without the person.
func disableAsked(o *core, a disableArgs) (nothing, error) {
	if !a.Anyway {
		m, err := o.accounts.Person(a.Person)
		if err != nil {
			return nothing{}, err
		}
		keys, err := newRescue(o).HangsOn(m.Org, m.ID)
		if err != nil {
			return nothing{}, err
		}
		if len(keys) > 0 {
			return nothing{}, fmt.Errorf("without %s nobody could open what phones have sealed, or will hand in, for rescue key %s of %s: have another one make a code, and two who hold it open together first (Mer, Inlåst arbete). To end the account at once, say -anyway",
				m.ID, strings.Trim(strings.ReplaceAll(fmt.Sprint(keys), " ", ", "), "[]"), m.Org)
		}
	}
	return disableUser(o, a.Person)
}

func disableUser(o *core, person string) (nothing, error) {
	if err := o.unmarkLeft(person); err != nil {
		return nothing{}, err
	}
	return nothing{}, o.endAccount(person, "", consoleDevice)
}

// endAccount closes everything of a person who has left: sessions, sockets, pushes,
// invitations, devices. Their work stays with the organisation. It is logged once; when it
// failed, saying it again does what was not done. Colleagues are told later, too, when that
// alone failed: see tellWhoLeft.
func (o *core) endAccount(person, by, device string) (err error) {
	defer func() {
		if err != nil {
			o.untold.Store(true)
		}
	}()
	if err := o.accounts.Disable(person, by, device); err != nil {
		return err
	}
	o.signOut(person)
	m, err := o.accounts.Person(person)
	if err != nil {
		return err
	}
	return o.directory(*m)
}

// tellWhoLeft tells colleagues of those whose account has ended and who still stand there
// as one of them: telling failed, or the program died before it. Nobody else changes an
// account meanwhile: somebody may just be let in again.
func (o *core) tellWhoLeft() error {
	if !o.untold.Swap(false) {
		return nil
	}
	o.staff.Lock()
	defer o.staff.Unlock()
	left, err := o.leftUntold()
	for _, m := range left { // one that fails keeps none of the others
		err = errors.Join(err, o.directory(m))
	}
	if err != nil {
		o.untold.Store(true)
	}
	return err
}

func (o *core) leftUntold() (left []casework.Member, err error) {
	everybody, err := o.db.AllMembers("")
	if err != nil {
		return nil, err
	}
	err = o.db.Facts(func(f casework.Facts) error {
		for _, m := range everybody {
			if m.Active {
				continue
			}
			colleague, err := f.Record(m.Org, m.ID)
			if err != nil {
				return err
			}
			if colleague != nil && string(colleague.Fields["active"].Value) == "true" {
				left = append(left, m)
			}
		}
		return nil
	})
	return left, err
}

// directory tells colleagues of a member whose account was made or changed, and
// works out anew what that member carries.
func (o *core) directory(m casework.Member) error {
	changes, err := office.Directory(m)
	if err != nil {
		return err
	}
	if err := o.house(m.Org, changes...); err != nil {
		return err
	}
	return o.office.Reset(o.engine, m.ID)
}

// importArgs is a late-payer file.
type importArgs struct {
	Org, By, Name string
	Partial       bool
	Content       []byte
}

func proposeImport(o *core, in importArgs) (exchange.Waiting, error) {
	var proposer *casework.Member
	people, err := o.accounts.People(in.Org)
	if err != nil {
		return exchange.Waiting{}, err
	}
	for i, m := range people {
		if m.Active && (m.ID == in.By || in.By == "" && proposer == nil && m.Role == casework.Coordinator) {
			proposer = &people[i]
		}
	}
	if proposer == nil {
		return exchange.Waiting{}, errors.New("the organisation has no such coordinator; name one with -by")
	}
	proposal, err := o.imports.Propose(*proposer, in.Name, bytes.NewReader(in.Content), in.Partial)
	var wrong *exchange.Problem
	if errors.As(err, &wrong) {
		return exchange.Waiting{}, errors.New(wrong.Sentence)
	}
	if err != nil {
		return exchange.Waiting{}, err
	}
	if err := o.noted(audit.Administer, in.Org, "list "+proposal.ID, nil); err != nil {
		return exchange.Waiting{}, err
	}
	return exchange.Waiting{ID: proposal.ID, FileName: proposal.FileName, AsOf: proposal.AsOf, By: proposer.ID, Counts: proposal.Counts(nil)}, nil
}

// exportArgs says whose eyes the records are seen with.
type exportArgs struct{ Org, As string }

// exported is a record as that person may see it.
type exported struct {
	Org    string                     `json:"org"`
	Kind   string                     `json:"kind"`
	ID     string                     `json:"id"`
	Fields map[string]json.RawMessage `json:"fields"`
}

func exportRecords(o *core, in exportArgs) ([]exported, error) {
	as, err := o.exporter(in)
	if err != nil {
		return nil, err
	}
	out := []exported{}
	err = o.db.Facts(func(f casework.Facts) error {
		for _, kind := range casework.Schema {
			records, err := f.RecordsOfKind(in.Org, kind.Name)
			if err != nil {
				return err
			}
			for _, record := range records {
				seen, err := o.office.See(f, as, record)
				if err != nil {
					return err
				}
				if seen.Visible {
					out = append(out, exported{record.Org, record.Kind, record.ID, seen.Fields})
				}
			}
		}
		return nil
	})
	return out, o.noted(audit.Export, in.Org, "as "+as, err)
}

func (o *core) exporter(in exportArgs) (string, error) {
	people, err := o.accounts.People(in.Org)
	if err != nil {
		return "", err
	}
	for _, m := range people {
		if m.Active && (m.ID == in.As || in.As == "" && m.Role == casework.Administrator) {
			return m.ID, nil
		}
	}
	return "", errors.New("nobody to export as: the organisation has no such account; name one with -as")
}

func backUp(o *core, path string) (nothing, error) {
	if err := o.db.Backup(path); err != nil {
		return nothing{}, err
	}
	return nothing{}, o.noted(audit.Operate, "", "backup", o.copyKeys()) // after it, so that the copy opens all of it
}

func (o *core) house(org string, changes ...wire.Change) error {
	err := o.engine.House(org, "", changes)
	var refusal *server.Refusal
	if errors.As(err, &refusal) {
		return errors.New(refusal.Sentence)
	}
	return err
}
