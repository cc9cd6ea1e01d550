package oidc

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

func isFailed(err error) bool { return errors.Is(err, ErrFailed) }

// forger is a provider that answers any code with the token it is told to.
type forger struct {
	issuer string
	key    *rsa.PrivateKey
	claims map[string]any
	by     *rsa.PrivateKey // who signs; the published key when nil
	out    string          // where one signs out; "" when it does not say
}

func newForger(t *testing.T) *forger {
	t.Helper()
	f := &forger{}
	var err error
	if f.key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	f.issuer = server.URL
	return f
}

func (f *forger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		said := map[string]any{"issuer": f.issuer, "authorization_endpoint": f.issuer + "/auth", "token_endpoint": f.issuer + "/token",
			"jwks_uri": f.issuer + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}}
		if f.out != "" {
			said["end_session_endpoint"] = f.out
		}
		_ = json.NewEncoder(w).Encode(said)
	case "/keys":
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &f.key.PublicKey, KeyID: "k", Algorithm: "RS256", Use: "sig"}}})
	case "/token":
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": f.token()})
	default:
		http.NotFound(w, r)
	}
}

func (f *forger) token() string {
	by := f.by
	if by == nil {
		by = f.key
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: by, KeyID: "k"}}, nil)
	if err != nil {
		return err.Error()
	}
	body, err := json.Marshal(f.claims)
	if err != nil {
		return err.Error()
	}
	signed, err := signer.Sign(body)
	if err != nil {
		return err.Error()
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		return err.Error()
	}
	return token
}

func TestTokensThatProveNothing(t *testing.T) {
	f := newForger(t)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for _, c := range []struct {
		name  string
		spoil func(claims map[string]any)
		by    *rsa.PrivateKey
		right bool
	}{
		{"right", func(map[string]any) {}, nil, true},
		{"for somebody else", func(c map[string]any) { c["aud"] = "another" }, nil, false},
		{"by somebody else", func(c map[string]any) { c["iss"] = "https://elsewhere.example" }, nil, false},
		{"another nonce", func(c map[string]any) { c["nonce"] = "another" }, nil, false},
		{"no nonce", func(c map[string]any) { delete(c, "nonce") }, nil, false},
		{"expired", func(c map[string]any) { c["exp"] = now.Add(-time.Minute).Unix() }, nil, false},
		{"not valid yet", func(c map[string]any) { c["nbf"] = now.Add(time.Hour).Unix() }, nil, false},
		{"another key", func(map[string]any) {}, other, false},
	} {
		people := &entered{}
		s := New([]Config{config(f.issuer)}, origin, time.Now, people)
		address, secret, err := s.Start("sjoberga")
		if err != nil {
			t.Fatal(err)
		}
		query := address[strings.Index(address, "?")+1:]
		asked, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		f.by, f.claims = c.by, map[string]any{"iss": f.issuer, "aud": "bokvar", "sub": "s1", "nonce": asked.Get("nonce"), "name": "Tova Ek",
			"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "groups": []string{"handlaggare"}}
		c.spoil(f.claims)
		token, err := s.Finish(secret, asked.Get("state"), "code")
		if c.right {
			if err != nil || token != "token" || people.who[0].Name != "Tova Ek" {
				t.Errorf("%s: %q, %v", c.name, token, err)
			}
			continue
		}
		if !isFailed(err) || len(people.who) != 0 {
			t.Errorf("%s: %v, %+v got in", c.name, err, people.who)
		}
	}
}

func TestWhoDoesNotComeBackInTimeIsForgotten(t *testing.T) {
	f := newForger(t)
	now := time.Now()
	s := New([]Config{config(f.issuer)}, origin, func() time.Time { return now }, &entered{})
	address, secret, err := s.Start("sjoberga")
	if err != nil {
		t.Fatal(err)
	}
	asked, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(StateLife + time.Second)
	if _, err := s.Finish(secret, asked.Query().Get("state"), "code"); !isFailed(err) {
		t.Errorf("after %s: %v", StateLife, err)
	}
	if _, _, err := s.Start("sjoberga"); err != nil || len(s.waiting) != 1 {
		t.Errorf("%d are waited for, %v", len(s.waiting), err)
	}
}

func TestAProviderThatIsAwaySaysSo(t *testing.T) {
	s := New([]Config{config("http://127.0.0.1:1")}, origin, time.Now, &entered{})
	if _, _, err := s.Start("sjoberga"); !isFailed(err) {
		t.Errorf("%v", err)
	}
}

// A browser is sent nowhere but to a web address that the provider itself names.
func TestSigningOutWhereTheProviderHasNoPlaceForIt(t *testing.T) {
	for out, want := range map[string]string{
		"":                       "",
		"javascript:alert(1)":    "",
		"//elsewhere.example/":   "",
		"https://out.example/?a": "https://out.example/?a=&client_id=bokvar&post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Fin",
	} {
		f := newForger(t)
		f.out = out
		to, err := New([]Config{config(f.issuer)}, origin, time.Now, &entered{}).Leave("sjoberga")
		if err != nil || (to != nil) != (want != "") || to != nil && to.URL != want {
			t.Errorf("%q: %+v, %v", out, to, err)
		}
	}
	if _, err := New([]Config{config("http://127.0.0.1:1")}, origin, time.Now, &entered{}).Leave("sjoberga"); !isFailed(err) {
		t.Errorf("a provider that is away: %v", err)
	}
}
