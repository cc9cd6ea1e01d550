// Package oidctest runs a real identity provider for tests: zitadel's library
// with its storage in memory, that also tells groups. It stands outside the
// product: only tests import it.
package oidctest

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

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// What the provider knows of the product, and of the only person.
const (
	ClientID = "bokvar"
	Secret   = "hemligt"
	Subject  = "id1"
	Name     = "Test User"
)

// town adds groups to what is told of a person.
type town struct {
	*storage.Storage
	groups []string
}

func (s *town) SetUserinfoFromToken(ctx context.Context, info *oidc.UserInfo, token, subject, origin string) error {
	err := s.Storage.SetUserinfoFromToken(ctx, info, token, subject, origin)
	info.AppendClaims("groups", s.groups)
	return err
}

var _ op.Storage = (*town)(nil)

// Start runs a provider whose person is in the groups, and returns its issuer.
func Start(t testing.TB, redirect string, groups ...string) (issuer string) {
	t.Helper()
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	issuer = strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/"
	client := storage.WebClient(ClientID, Secret, redirect)
	store := &town{storage.NewStorageWithClients(storage.NewUserStore(issuer), map[string]*storage.Client{ClientID: client}), groups}
	before := slog.Default()
	handler = exampleop.SetupServer(issuer, store, slog.New(slog.NewTextHandler(io.Discard, nil)), false) // it takes over the default log
	slog.SetDefault(before)
	return issuer
}

// SignIn does what a browser and a person do at the provider, and returns what
// the browser brings back to redirect.
func SignIn(t testing.TB, address, redirect string) url.Values {
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
