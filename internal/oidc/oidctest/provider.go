// Package oidctest runs a real identity provider for tests, as a process of its own:
// zitadel's library with its storage in memory, that also tells groups. It stands outside the
// product: only tests import it.
package oidctest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
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

// town adds groups to what is told of a person, and where its client has people come
// back to after they signed out.
type town struct {
	*storage.Storage
	groups []string
	out    string
}

// client is the product as the provider knows it.
type client struct {
	op.Client
	out string
}

func (c client) PostLogoutRedirectURIs() []string { return []string{c.out} }

func (s *town) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	known, err := s.Storage.GetClientByClientID(ctx, id)
	if err != nil {
		return nil, err
	}
	return client{known, s.out}, nil
}

func (s *town) SetUserinfoFromToken(ctx context.Context, info *oidc.UserInfo, token, subject, origin string) error {
	err := s.Storage.SetUserinfoFromToken(ctx, info, token, subject, origin)
	info.AppendClaims("groups", s.groups)
	return err
}

var _ op.Storage = (*town)(nil)

// provided is set, to a given, for a process of a test's binary that is the provider
// and nothing else.
const provided = "BOKVAR_TEST_PROVIDER"

// given is what a provider is told at its start.
type given struct {
	Redirect string
	Groups   []string
}

// Start runs a provider whose person is in the groups as a process of its own, which
// is another run of this test's binary, and returns its issuer. It ends with the test.
func Start(t testing.TB, redirect string, groups ...string) (issuer string) {
	t.Helper()
	told, err := json.Marshal(given{redirect, groups})
	if err != nil {
		t.Fatal(err)
	}
	provider := exec.Command(os.Args[0])
	provider.Env = append(os.Environ(), provided+"="+string(told))
	provider.Stderr = os.Stderr
	alive, err := provider.StdinPipe() // when this process ends, however it does, so does the provider
	if err != nil {
		t.Fatal(err)
	}
	says, err := provider.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := provider.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = alive.Close()
		_ = provider.Process.Kill()
		_ = provider.Wait()
	})
	line, err := bufio.NewReader(says).ReadString('\n')
	if err != nil {
		t.Fatalf("the provider does not start: %v", err)
	}
	return strings.TrimSpace(line)
}

func init() {
	told := os.Getenv(provided)
	if told == "" {
		return
	}
	if err := provide(told); err != nil {
		fmt.Fprintln(os.Stderr, "the provider:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// provide is the provider: it says its issuer and serves until nobody holds its input.
func provide(told string) error {
	var g given
	if err := json.Unmarshal([]byte(told), &g); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	issuer := fmt.Sprintf("http://localhost:%d/", listener.Addr().(*net.TCPAddr).Port)
	known := map[string]*storage.Client{ClientID: storage.WebClient(ClientID, Secret, g.Redirect)}
	store := &town{storage.NewStorageWithClients(storage.NewUserStore(issuer), known), g.Groups, strings.Replace(g.Redirect, "/api/oidc/callback", "/in", 1)}
	go func() {
		_ = http.Serve(listener, exampleop.SetupServer(issuer, store, slog.New(slog.DiscardHandler), false))
	}()
	fmt.Println(issuer)
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
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

// SignOut does what a browser does at the provider, and returns where it is sent.
func SignOut(t testing.TB, address string) (back string) {
	t.Helper()
	browser := &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.Header.Get("Location")
}
