package main

import (
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strings"

	"go.yaml.in/yaml/v4"

	"bokvar/internal/oidc"
)

// Config is everything that can be set. docs/bokvar.example.yaml explains each
// line, and a test compares it with [defaults].
type Config struct {
	Addr    string     `yaml:"addr"`    // where to listen
	Data    string     `yaml:"data"`    // folder of database and keys
	Domain  string     `yaml:"domain"`  // own certificate for this name; needs ports 443 and 80
	Origin  string     `yaml:"origin"`  // where the app is reached behind a proxy: "https://bokvar.example"
	Proxies []string   `yaml:"proxies"` // whose X-Forwarded-For is believed
	Contact string     `yaml:"contact"` // for security.txt: "mailto:…" or "https://…"
	Metrics string     `yaml:"metrics"` // where /metrics listens; empty: nowhere
	Method  string     `yaml:"method"`  // profile of when to act
	Keys    KeysConfig `yaml:"keys"`
	Log     LogConfig  `yaml:"log"`

	Withdrawn []string      `yaml:"withdrawn"` // versions of the app that phones leave at once
	Push      PushConfig    `yaml:"push"`
	OIDC      []oidc.Config `yaml:"oidc"` // identity providers of organisations

	demo bool
}

// KeysConfig is about copies of the key file.
type KeysConfig struct {
	Copies string `yaml:"copies"` // folder for them; empty: DATA/keys/copies
	Days   int    `yaml:"days"`   // how long each is kept; an erasure is complete when they are gone
}

// LogConfig is how much is logged.
type LogConfig struct {
	Level slog.Level `yaml:"level"` // DEBUG, INFO, WARN or ERROR
}

// PushConfig is about web push.
type PushConfig struct {
	Subject  string   `yaml:"subject"`  // whom push services may turn to; empty: https://DOMAIN
	Services []string `yaml:"services"` // push services that are allowed; empty: those of the browsers in use
	Local    string   `yaml:"local"`    // for tests: one origin on this machine that plays push service
}

// defaults are all the settings that hold when nothing else is said.
func defaults() Config {
	return Config{
		Addr:    "127.0.0.1:8080",
		Data:    "data",
		Method:  "model",
		Proxies: []string{}, Withdrawn: []string{},
		Keys: KeysConfig{Days: 14},
		Log:  LogConfig{Level: slog.LevelInfo},
		Push: PushConfig{Services: []string{}},
		OIDC: []oidc.Config{},
	}
}

// readConfig lays a file over the defaults. A key that is not known is an error.
func readConfig(path string) (Config, error) {
	c := defaults()
	content, err := os.ReadFile(path)
	if err != nil {
		return c, fmt.Errorf("the configuration cannot be read: %w", err)
	}
	if err := yaml.Load(content, &c, yaml.WithKnownFields()); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// complete checks the settings against each other and fills in what follows from them.
func (c *Config) complete() error {
	if c.Domain != "" {
		if c.Origin == "" {
			c.Origin = "https://" + c.Domain
		}
		if c.Addr == defaults().Addr {
			c.Addr = ":443"
		}
	}
	if c.Origin != "" {
		u, err := url.Parse(c.Origin)
		if err != nil || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil {
			return fmt.Errorf("origin %q: write scheme and name alone, like https://bokvar.example", c.Origin)
		}
		if u.Scheme != "https" {
			return fmt.Errorf("origin %q: only https protects what people write; on this machine alone leave it empty", c.Origin)
		}
	} else if host, _, err := net.SplitHostPort(c.Addr); err == nil && !onlyHere(host) {
		return fmt.Errorf("addr %q can be reached from other machines: set domain (own certificate) or origin (behind a proxy with https)", c.Addr)
	}
	if c.Keys.Days < 1 || c.Keys.Days > 365 {
		return fmt.Errorf("keys.days is %d: copies of the key file are kept for 1 to 365 days", c.Keys.Days)
	}
	if err := c.completeProviders(); err != nil {
		return err
	}
	if c.Contact != "" && !strings.HasPrefix(c.Contact, "mailto:") && !strings.HasPrefix(c.Contact, "https://") {
		return fmt.Errorf("contact %q: write mailto:… or https://…", c.Contact)
	}
	if c.Push.Subject == "" {
		c.Push.Subject = "https://bokvar.example"
		if c.Origin != "" {
			c.Push.Subject = c.Origin
		}
	}
	return nil
}

func onlyHere(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
