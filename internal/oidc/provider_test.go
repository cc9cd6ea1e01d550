package oidc

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"bokvar/internal/casework"
	"bokvar/internal/oidc/oidctest"
)

// entered is who was let in.
type entered struct{ who []Identity }

func (e *entered) Enter(who Identity) (string, error) {
	e.who = append(e.who, who)
	if who.Group == nil {
		return "", ErrNoRole
	}
	return "token", nil
}

const (
	origin   = "http://localhost:8080"
	redirect = origin + CallbackPath
)

func realProvider(t *testing.T, groups ...string) (*Service, *entered, string) {
	t.Helper()
	issuer := oidctest.Start(t, redirect, groups...)
	people := &entered{}
	return New([]Config{config(issuer)}, origin, time.Now, people), people, issuer
}

func config(issuer string) Config {
	return Config{ID: "sjoberga", Name: "Sjöberga kommun", Org: "soc", Issuer: issuer, ClientID: oidctest.ClientID, Secret: oidctest.Secret, Groups: []Group{
		{Group: "chefer", Role: casework.SocialManager, Units: []string{"vrak", "barn"}},
		{Group: "handlaggare", Role: casework.SocialWorker, Units: []string{"vrak"}},
	}}
}

func TestARealProviderLetsSomebodyIn(t *testing.T) {
	s, people, issuer := realProvider(t, "alla", "handlaggare", "chefer")
	if list := s.List(); len(list) != 1 || list[0] != (Choice{"sjoberga", "Sjöberga kommun"}) {
		t.Errorf("one can choose from %v", list)
	}
	address, secret, err := s.Start("sjoberga")
	if err != nil {
		t.Fatal(err)
	}
	asked, err := url.Parse(address)
	if err != nil || asked.Query().Get("code_challenge_method") != "S256" || asked.Query().Get("nonce") == "" || strings.Contains(address, secret) {
		t.Errorf("it leaves for %s, %v", address, err)
	}
	back := oidctest.SignIn(t, address, redirect)
	token, err := s.Finish(secret, back.Get("state"), back.Get("code"))
	if err != nil || token != "token" {
		t.Fatal(token, err)
	}
	who := people.who[0]
	if who.Person != personID(issuer, oidctest.Subject) || who.Org != "soc" || who.Name != oidctest.Name || who.Group.Role != casework.SocialManager {
		t.Errorf("it is %+v as %+v", who, who.Group)
	}
	if _, err := s.Finish(secret, back.Get("state"), back.Get("code")); !isFailed(err) {
		t.Errorf("the same way back again: %v", err)
	}
}

func TestARealProviderWithoutAGroupThatCounts(t *testing.T) {
	s, people, _ := realProvider(t, "vaktmastare")
	address, secret, err := s.Start("sjoberga")
	if err != nil {
		t.Fatal(err)
	}
	back := oidctest.SignIn(t, address, redirect)
	if _, err := s.Finish(secret, back.Get("state"), back.Get("code")); err != ErrNoRole || people.who[0].Group != nil {
		t.Errorf("%v, %+v", err, people.who)
	}
}

func TestTheWayBackBelongsToOneBrowser(t *testing.T) {
	s, people, _ := realProvider(t, "chefer")
	address, secret, err := s.Start("sjoberga")
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := s.Start("sjoberga")
	if err != nil {
		t.Fatal(err)
	}
	back := oidctest.SignIn(t, address, redirect)
	for name, with := range map[string][3]string{
		"another browser": {other, back.Get("state"), back.Get("code")},
		"no cookie":       {"", back.Get("state"), back.Get("code")},
		"another state":   {secret, "another", back.Get("code")},
		"no code":         {secret, back.Get("state"), ""},
	} {
		again := &Service{providers: s.providers, origin: s.origin, clock: s.clock, people: s.people,
			waiting: map[string]journey{back.Get("state"): s.waiting[back.Get("state")]}}
		if _, err := again.Finish(with[0], with[1], with[2]); !isFailed(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(people.who) != 0 {
		t.Errorf("%+v got in", people.who)
	}
	if _, _, err := s.Start("unknown"); err != ErrUnknown {
		t.Errorf("an unknown provider: %v", err)
	}
}

// Signing out at the provider as well: as its own description says, and back to the
// sign-in screen, which the provider has to know.
func TestSigningOutAtARealProvider(t *testing.T) {
	s, _, issuer := realProvider(t, "chefer")
	to, err := s.Leave("sjoberga")
	if err != nil || to == nil || to.Name != "Sjöberga kommun" || !strings.HasPrefix(to.URL, issuer) {
		t.Fatalf("%+v, %v", to, err)
	}
	if back := oidctest.SignOut(t, to.URL); back != origin+OutPath {
		t.Errorf("it leads to %q", back)
	}
	if to, err := s.Leave("another"); to != nil || err != nil {
		t.Errorf("an unknown provider: %+v, %v", to, err)
	}
}
