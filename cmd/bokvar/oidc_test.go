package main

import (
	"errors"
	"testing"

	"bokvar/internal/casework"
	"bokvar/internal/oidc"
)

// Whom a provider vouches for has an account as long as one of their groups has a
// role here; whom an administrator has shut out stays outside.
func TestAccountsFollowTheProvidersGroups(t *testing.T) {
	c := defaults()
	c.Data = t.TempDir()
	o, err := openCore(c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.close() }()
	if _, err := addOrg(o, casework.Organisation{ID: "soc", Name: "Soc", Kind: casework.SocialServices}); err != nil {
		t.Fatal(err)
	}
	door := proven{o}
	worker := &oidc.Group{Group: "handlaggare", Role: casework.SocialWorker, Units: []string{"vrak"}}
	manager := &oidc.Group{Group: "chefer", Role: casework.SocialManager, Units: []string{"vrak", "barn"}}
	who := oidc.Identity{Person: "oidc-1", Org: "soc", Name: "Tova Ek", Group: worker}
	enter := func(group *oidc.Group, want error) *casework.Member {
		t.Helper()
		who.Group = group
		token, err := door.Enter(who)
		if !errors.Is(err, want) || (token != "") != (want == nil) {
			t.Fatalf("%+v: %q, %v; want %v", group, token, err, want)
		}
		if want == nil {
			if _, err := o.accounts.Redeem(token, "", "3f0c2c1e-3f6a-4d2b-9a39-0d1f3a3a7c11", "127.0.0.1"); err != nil {
				t.Fatal(err)
			}
		}
		m, err := o.accounts.Person(who.Person)
		var unknown *casework.Error
		if err != nil && !errors.As(err, &unknown) {
			t.Fatal(err)
		}
		return m
	}
	if m := enter(nil, oidc.ErrNoRole); m != nil {
		t.Fatalf("somebody without a role has the account %+v", m)
	}
	if m := enter(worker, nil); !m.Active || m.Role != casework.SocialWorker || m.Name != "Tova Ek" {
		t.Errorf("%+v", m)
	}
	if m := enter(manager, nil); m.Role != casework.SocialManager || len(m.Units) != 2 {
		t.Errorf("with another group: %+v", m)
	}
	if m := enter(nil, oidc.ErrNoRole); m.Active {
		t.Error("who is in no group any more still has an account")
	}
	if m := enter(worker, nil); !m.Active {
		t.Error("who is back in a group has no account")
	}
	if _, err := disableUser(o, who.Person); err != nil {
		t.Fatal(err)
	}
	if m := enter(worker, oidc.ErrNoRole); m.Active {
		t.Error("whom an administrator has shut out got in")
	}
}

func TestProvidersThatCannotBe(t *testing.T) {
	right := oidc.Config{ID: "a", Name: "A", Org: "soc", Issuer: "https://login.example", ClientID: "bokvar"}
	for name, spoil := range map[string]func(*Config){
		"without an issuer":  func(c *Config) { c.OIDC[0].Issuer = "" },
		"twice the same":     func(c *Config) { c.OIDC = append(c.OIDC, right) },
		"an unknown role":    func(c *Config) { c.OIDC[0].Groups = []oidc.Group{{Group: "g", Role: "boss"}} },
		"a secret not there": func(c *Config) { c.OIDC[0].SecretFile = "/nowhere/secret" },
	} {
		c := defaults()
		c.OIDC = []oidc.Config{right}
		if err := c.complete(); err != nil {
			t.Fatal(err)
		}
		spoil(&c)
		if c.complete() == nil {
			t.Errorf("%s: it starts", name)
		}
	}
}
