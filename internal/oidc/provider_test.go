package oidc

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	zitadel "github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"

	"bokvar/internal/casework"
)

// town is a real provider (zitadel's library with its storage in memory) that
// also tells groups.
type town struct {
	*storage.Storage
	groups []string
}

func (s *town) SetUserinfoFromToken(ctx context.Context, info *zitadel.UserInfo, token, subject, origin string) error {
	err := s.Storage.SetUserinfoFromToken(ctx, info, token, subject, origin)
	info.AppendClaims("groups", s.groups)
	return err
}

var _ op.Storage = (*town)(nil)

// entered is who was let in.
type entered struct{ who []Identity }

func (e *entered) Enter(who Identity) (string, error) {
	e.who = append(e.who, who)
	if who.Group == nil {
		return "", ErrNoRole
	}
	return "token", nil
}

const redirect = "http://localhost:8080/api/oidc/callback"

func realProvider(t *testing.T, groups ...string) (*Service, *entered, string) {
	t.Helper()
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	issuer := strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/"
	client := storage.WebClient("bokvar", "hemligt", redirect)
	store := &town{storage.NewStorageWithClients(storage.NewUserStore(issuer), map[string]*storage.Client{"bokvar": client}), groups}
	before := slog.Default()
	handler = exampleop.SetupServer(issuer, store, slog.New(slog.NewTextHandler(io.Discard, nil)), false)
	t.Cleanup(func() { slog.SetDefault(before) })
	people := &entered{}
	return New([]Config{config(issuer)}, redirect, time.Now, people), people, issuer
}

func config(issuer string) Config {
	return Config{ID: "sjoberga", Name: "Sjöberga kommun", Org: "soc", Issuer: issuer, ClientID: "bokvar", Secret: "hemligt", Groups: []Group{
		{Group: "chefer", Role: casework.SocialManager, Units: []string{"vrak", "barn"}},
		{Group: "handlaggare", Role: casework.SocialWorker, Units: []string{"vrak"}},
	}}
}

// signIn does what a browser and a person do at the provider, up to the way back.
func signIn(t *testing.T, address string) url.Values {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var back url.Values
	browser := &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), redirect) {
			back = r.URL.Query()
			return http.ErrUseLastResponse
		}
		return nil
	}}
	resp, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	form, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindSubmatch(form)
	if err != nil || id == nil {
		t.Fatalf("no form to sign in with: %v %s", err, form)
	}
	fields := url.Values{"id": {string(id[1])}, "username": {"test-user@localhost"}, "password": {"verysecure"}}
	if resp, err = browser.PostForm(resp.Request.URL.String(), fields); err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if back == nil {
		t.Fatalf("the provider does not send the browser back: %s", resp.Status)
	}
	return back
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
	back := signIn(t, address)
	token, err := s.Finish(secret, back.Get("state"), back.Get("code"))
	if err != nil || token != "token" {
		t.Fatal(token, err)
	}
	who := people.who[0]
	if who.Person != personID(issuer, "id1") || who.Org != "soc" || who.Name != "Test User" || who.Group.Role != casework.SocialManager {
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
	back := signIn(t, address)
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
	back := signIn(t, address)
	for name, with := range map[string][3]string{
		"another browser": {other, back.Get("state"), back.Get("code")},
		"no cookie":       {"", back.Get("state"), back.Get("code")},
		"another state":   {secret, "another", back.Get("code")},
		"no code":         {secret, back.Get("state"), ""},
	} {
		again := &Service{providers: s.providers, redirect: s.redirect, clock: s.clock, people: s.people,
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
