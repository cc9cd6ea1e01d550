// Package oidc lets people in through their organisation's own identity provider
// (OpenID Connect, code flow with PKCE).
//
// It proves who somebody is and nothing more. The callback does not sign anybody
// in: it mints a link of [LinkLife] that the app redeems as any other invitation,
// on a page of its own origin, because a browser withholds SameSite=Strict
// cookies from a page that was reached from elsewhere. So there is one way in.
//
// Whoever signs out can sign out at the provider as well, where it has a place for
// that ([Service.Leave]). No token is kept to name them there: the provider knows its
// own browser, or asks. A provider's own word that somebody has signed out
// (back-channel logout) is not taken: what unlocks the phone's vault begins a session
// anew, so that it would shut nobody out. Accounts end by their groups at the next
// sign-in there, or by an administrator.
package oidc

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"bokvar/internal/casework"
)

// Times and limits.
const (
	LinkLife    = 2 * time.Minute
	StateLife   = 5 * time.Minute // between leaving for the provider and coming back
	mostWaiting = 10_000          // who have left and not come back; the oldest give way
	patience    = 10 * time.Second
)

// Answers to somebody who could not be let in: one sentence, whatever was wrong.
var (
	ErrFailed  = &casework.Error{Code: "oidc_failed", Sentence: "Inloggningen gick inte. Försök igen, eller be din administratör om en kod."}
	ErrNoRole  = &casework.Error{Code: "oidc_no_role", Sentence: "Du har ingen roll i Bokvar. Be din administratör om det."}
	ErrUnknown = &casework.Error{Code: "not_found", Sentence: "Det finns inget här."}
)

// Config is one organisation's provider, as the configuration file has it.
type Config struct {
	ID          string  `yaml:"id"`
	Name        string  `yaml:"name"` // on the button: "Sjöberga kommun"
	Org         string  `yaml:"org"`
	Issuer      string  `yaml:"issuer"`
	ClientID    string  `yaml:"client_id"`
	SecretFile  string  `yaml:"secret_file"`  // holds the client secret
	GroupsClaim string  `yaml:"groups_claim"` // "groups" when empty
	Groups      []Group `yaml:"groups"`       // the first one that fits counts

	Secret string `yaml:"-"`
}

// Group says what members of one of the provider's groups do in Bokvar.
type Group struct {
	Group string        `yaml:"group"`
	Role  casework.Role `yaml:"role"`
	Units []string      `yaml:"units"`
}

// Identity is whom a provider vouches for. Group is nil when none of theirs is known.
type Identity struct {
	Person   string // the account's id, made of issuer and subject: never reused, tells nothing
	Provider string // its id
	Org      string
	Name     string
	Group    *Group
}

// People lets a proven person in: it makes or updates their account and answers a
// link's token. Without a group it ends the account and fails with [ErrNoRole].
type People interface {
	Enter(Identity) (token string, err error)
}

// Service knows the providers, and who is on their way.
type Service struct {
	providers []*provider
	origin    string
	clock     func() time.Time
	people    People

	mu      sync.Mutex
	waiting map[string]journey // by state
}

type provider struct {
	Config
	mu       sync.Mutex
	verifier *gooidc.IDTokenVerifier
	known    *gooidc.Provider
}

// journey is somebody who has left for a provider.
type journey struct {
	provider *provider
	secret   [32]byte // hash of what the browser's cookie holds
	nonce    string
	pkce     string
	until    time.Time
}

// Paths of the app's own origin that providers have to know.
const (
	CallbackPath = "/api/oidc/callback" // where one comes back to when one signs in
	OutPath      = "/in"                // and after signing out there
)

// New returns a service; origin is the app's as browsers reach it.
func New(configs []Config, origin string, clock func() time.Time, people People) *Service {
	s := &Service{origin: origin, clock: clock, people: people, waiting: map[string]journey{}}
	for _, c := range configs {
		s.providers = append(s.providers, &provider{Config: c})
	}
	return s
}

// Choice is a provider as the sign-in screen shows it.
type Choice struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// List is what one can choose from.
func (s *Service) List() []Choice {
	list := []Choice{}
	for _, p := range s.providers {
		list = append(list, Choice{p.ID, p.Name})
	}
	return list
}

// Start answers where to send the browser, and the secret that its cookie has to
// hold when it comes back.
func (s *Service) Start(id string) (address, secret string, err error) {
	p := s.provider(id)
	if p == nil {
		return "", "", ErrUnknown
	}
	ctx, cancel := s.context()
	defer cancel()
	oauth, _, err := p.open(ctx, s)
	if err != nil {
		return "", "", err
	}
	state, secret, nonce, pkce := rand.Text(), rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	s.keep(state, journey{p, sha256.Sum256([]byte(secret)), nonce, pkce, s.clock().Add(StateLife)})
	return oauth.AuthCodeURL(state, gooidc.Nonce(nonce), oauth2.S256ChallengeOption(pkce)), secret, nil
}

func (s *Service) provider(id string) *provider {
	at := slices.IndexFunc(s.providers, func(p *provider) bool { return p.ID == id })
	if at < 0 {
		return nil
	}
	return s.providers[at]
}

// Farewell is where somebody signs out at their provider as well.
type Farewell struct {
	Name string `json:"name"` // of the provider
	URL  string `json:"url"`  // leads back to the app's sign-in screen
}

// Leave answers it; nil for a provider that is unknown, or whose own description names
// no place for that (OpenID Connect RP-Initiated Logout 1.0).
func (s *Service) Leave(id string) (*Farewell, error) {
	p := s.provider(id)
	if p == nil {
		return nil, nil
	}
	ctx, cancel := s.context()
	defer cancel()
	if _, _, err := p.open(ctx, s); err != nil {
		return nil, err
	}
	var said struct {
		EndSession string `json:"end_session_endpoint"`
	}
	if err := p.known.Claims(&said); err != nil || said.EndSession == "" {
		return nil, err
	}
	to, err := url.Parse(said.EndSession)
	if err != nil || to.Scheme != "https" && to.Scheme != "http" {
		return nil, nil // a browser is sent there
	}
	query := to.Query()
	query.Set("client_id", p.ClientID)
	query.Set("post_logout_redirect_uri", s.origin+OutPath)
	to.RawQuery = query.Encode()
	return &Farewell{p.Name, to.String()}, nil
}

// Finish takes what the browser brought back and answers a link's token.
func (s *Service) Finish(secret, state, code string) (token string, err error) {
	j, ok := s.take(state)
	sum := sha256.Sum256([]byte(secret))
	if !ok || code == "" || subtle.ConstantTimeCompare(sum[:], j.secret[:]) != 1 {
		return "", ErrFailed
	}
	ctx, cancel := s.context()
	defer cancel()
	who, err := s.identity(ctx, j, code)
	if err != nil {
		return "", err
	}
	return s.people.Enter(who)
}

// context carries a client that follows no redirects and waits for nobody long.
func (s *Service) context() (context.Context, context.CancelFunc) {
	client := &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return context.WithTimeout(gooidc.ClientContext(context.Background(), client), patience)
}

// open reads the provider's own description, the first time it is needed.
func (p *provider) open(ctx context.Context, s *Service) (*oauth2.Config, *gooidc.IDTokenVerifier, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil {
		known, err := gooidc.NewProvider(ctx, p.Issuer)
		if err != nil {
			return nil, nil, errors.Join(ErrFailed, err)
		}
		p.known, p.verifier = known, known.VerifierContext(
			gooidc.ClientContext(context.Background(), &http.Client{Timeout: patience}), &gooidc.Config{ClientID: p.ClientID, Now: s.clock})
	}
	return &oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.Secret, Endpoint: p.known.Endpoint(), RedirectURL: s.origin + CallbackPath,
		Scopes: []string{gooidc.ScopeOpenID, "profile", "groups"},
	}, p.verifier, nil
}

// identity trades the code for a token and reads whom it names.
func (s *Service) identity(ctx context.Context, j journey, code string) (Identity, error) {
	p := j.provider
	oauth, verifier, err := p.open(ctx, s)
	if err != nil {
		return Identity{}, err
	}
	tokens, err := oauth.Exchange(ctx, code, oauth2.VerifierOption(j.pkce))
	if err != nil {
		return Identity{}, errors.Join(ErrFailed, exchangeError(err))
	}
	raw, _ := tokens.Extra("id_token").(string)
	proof, err := verifier.Verify(ctx, raw)
	if err != nil {
		return Identity{}, errors.Join(ErrFailed, err)
	}
	if subtle.ConstantTimeCompare([]byte(proof.Nonce), []byte(j.nonce)) != 1 {
		return Identity{}, errors.Join(ErrFailed, errors.New("oidc: the token has another nonce"))
	}
	claims := map[string]any{}
	if err := proof.Claims(&claims); err != nil {
		return Identity{}, errors.Join(ErrFailed, err)
	}
	// Some providers tell name and groups only when asked apart.
	if more, err := p.known.UserInfo(ctx, oauth2.StaticTokenSource(tokens)); err == nil && more.Subject == proof.Subject {
		asked := map[string]any{}
		if more.Claims(&asked) == nil {
			for name, value := range asked {
				if _, there := claims[name]; !there {
					claims[name] = value
				}
			}
		}
	}
	return Identity{Person: personID(p.Issuer, proof.Subject), Provider: p.ID, Org: p.Org, Name: nameOf(claims), Group: p.group(claims)}, nil
}

// exchangeError leaves out what the provider answered beyond its code: that may name the person.
func exchangeError(err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		return errors.New("oidc: the provider did not take the code: " + refused.ErrorCode)
	}
	return errors.New("oidc: the provider could not be asked for a token")
}

// personID is the same for the same subject, and no other.
func personID(issuer, subject string) string {
	sum := sha256.Sum256([]byte(issuer + "\x00" + subject))
	return "oidc-" + hex.EncodeToString(sum[:12])
}

func nameOf(claims map[string]any) string {
	for _, claim := range []string{"name", "preferred_username", "email"} {
		if name, _ := claims[claim].(string); strings.TrimSpace(name) != "" {
			return strings.TrimSpace(name)
		}
	}
	return "?"
}

// group finds the first of the configured groups that the person is in.
func (p *provider) group(claims map[string]any) *Group {
	claim := p.GroupsClaim
	if claim == "" {
		claim = "groups"
	}
	var theirs []string
	switch value := claims[claim].(type) {
	case string:
		theirs = []string{value}
	case []any:
		for _, each := range value {
			if name, ok := each.(string); ok {
				theirs = append(theirs, name)
			}
		}
	}
	for i := range p.Groups {
		if slices.Contains(theirs, p.Groups[i].Group) {
			return &p.Groups[i]
		}
	}
	return nil
}

// keep remembers somebody who leaves. Who does not come back is forgotten.
func (s *Service) keep(state string, j journey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	for other, old := range s.waiting {
		if now.After(old.until) || len(s.waiting) >= mostWaiting {
			delete(s.waiting, other)
		}
	}
	s.waiting[state] = j
}

// take finds somebody who comes back, once.
func (s *Service) take(state string) (journey, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j, ok := s.waiting[state]
	delete(s.waiting, state)
	return j, ok && !s.clock().After(j.until)
}
