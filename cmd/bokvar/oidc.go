package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/oidc"
)

// completeProviders checks the identity providers and reads their secrets.
func (c *Config) completeProviders() error {
	seen := map[string]bool{}
	for i := range c.OIDC {
		p := &c.OIDC[i]
		if p.ID == "" || p.Name == "" || p.Org == "" || p.Issuer == "" || p.ClientID == "" || p.ID == "callback" || seen[p.ID] {
			return fmt.Errorf("oidc: provider %d needs id (its own), name, org, issuer and client_id", i+1)
		}
		seen[p.ID] = true
		for _, g := range p.Groups {
			if !slices.Contains(casework.Roles, g.Role) {
				return fmt.Errorf("oidc %s: group %q has the role %q; roles are %s", p.ID, g.Group, g.Role, roles())
			}
		}
		if p.SecretFile == "" {
			continue
		}
		secret, err := os.ReadFile(p.SecretFile)
		if err != nil {
			return fmt.Errorf("oidc %s: the client secret cannot be read: %w", p.ID, err)
		}
		p.Secret = strings.TrimSpace(string(secret))
	}
	return nil
}

// providerDoor is the providers as package web knows them.
type providerDoor struct {
	*oidc.Service
	core *core
}

func (d providerDoor) List() any { return d.Service.List() }

// Leave is where the person signs out as well; nil where nobody vouched for them, or
// the provider has no place for it.
func (d providerDoor) Leave(person string) (any, error) {
	id, err := d.core.db.Setting(providerSetting(person))
	if err != nil || id == nil {
		return nil, err
	}
	to, err := d.Service.Leave(string(id))
	if to == nil {
		return nil, err
	}
	return to, err
}

func (p *Program) providers() providerDoor {
	origin := p.config.Origin
	if origin == "" {
		_, port, _ := net.SplitHostPort(p.listener.Addr().String())
		origin = "http://localhost:" + port
	}
	return providerDoor{oidc.New(p.config.OIDC, origin, p.core.clock, proven{p.core}), p.core}
}

// proven lets in whom an organisation's own provider vouches for. The provider's
// groups say what the person does; who is in none of them any more has left.
type proven struct{ core *core }

// leftSetting marks an account that ended because of its groups: it begins again
// with them. One that an administrator ended does not.
func leftSetting(person string) string { return "oidc.left." + person }

// providerSetting is which provider has vouched for a person last.
func providerSetting(person string) string { return "oidc.by." + person }

func (d proven) Enter(who oidc.Identity) (string, error) {
	d.core.staff.Lock()
	defer d.core.staff.Unlock()
	m, err := d.account(who)
	if err != nil {
		return "", err
	}
	if err := d.core.db.PutSetting(providerSetting(m.ID), []byte(who.Provider)); err != nil {
		return "", err
	}
	token, err := d.core.accounts.InviteLinkFor(m.ID, oidc.LinkLife)
	return token, d.core.noted(audit.Administer, m.Org, "sign-in of "+m.ID+" by a provider", err)
}

func (d proven) account(who oidc.Identity) (*casework.Member, error) {
	known, err := d.core.accounts.Person(who.Person)
	var unknown *casework.Error
	if err != nil && !errors.As(err, &unknown) {
		return nil, err
	}
	if who.Group == nil {
		return nil, d.left(known)
	}
	m := casework.Member{ID: who.Person, Org: who.Org, Name: who.Name, Role: who.Group.Role, Units: who.Group.Units, Active: true}
	if known == nil {
		return &m, d.put(m, "account "+m.ID, d.core.accounts.Add(m))
	}
	m.Title, m.Phone = known.Title, known.Phone
	if !known.Active {
		marked, err := d.core.db.Setting(leftSetting(m.ID))
		if err != nil {
			return nil, err
		}
		if string(marked) != "left" {
			return nil, oidc.ErrNoRole
		}
	}
	if !known.Active || known.Name != m.Name || known.Role != m.Role || !sameUnits(known.Units, m.Units) {
		if err := d.put(m, "change of account "+m.ID, d.core.accounts.Change(m)); err != nil {
			return nil, err
		}
	}
	return &m, d.core.unmarkLeft(m.ID)
}

// unmarkLeft takes the mark of a leaving by groups away: when the person is back, and when
// somebody here ends the account, who is not undone by a provider. The one that set it can
// have stopped before the account had ended.
func (o *core) unmarkLeft(person string) error {
	marked, err := o.db.Setting(leftSetting(person))
	if err != nil || string(marked) != "left" {
		return err
	}
	return o.db.PutSetting(leftSetting(person), []byte("here"))
}

func (d proven) put(m casework.Member, what string, err error) error {
	if err := d.core.noted(audit.Administer, m.Org, what, err); err != nil {
		return err
	}
	return d.core.directory(m)
}

// left ends the account of somebody who is in no group that has a role here.
func (d proven) left(m *casework.Member) error {
	if m == nil || !m.Active {
		return oidc.ErrNoRole
	}
	if err := d.core.db.PutSetting(leftSetting(m.ID), []byte("left")); err != nil {
		return err
	}
	if err := d.core.endAccount(m.ID, "", consoleDevice); err != nil {
		return err
	}
	return oidc.ErrNoRole
}
