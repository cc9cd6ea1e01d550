package alert

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strings"

	webpush "github.com/SherClockHolmes/webpush-go"

	"bokvar/internal/casework"
)

const keysName = "alert.vapid"

// vapid are the server's keys toward push services (RFC 8292), base64url.
type vapid struct{ Private, Public string }

// loadKeys returns the kept keys and makes them at the first start. They must
// stay: every subscription is bound to the public one.
func loadKeys(settings casework.SettingStore) (vapid, error) {
	var keys vapid
	kept, err := settings.Setting(keysName)
	if err != nil {
		return keys, fmt.Errorf("read the push keys: %w", err)
	}
	if kept != nil {
		if err := json.Unmarshal(kept, &keys); err != nil || keys.Private == "" || keys.Public == "" {
			return keys, errors.New("the kept push keys cannot be read")
		}
		return keys, nil
	}
	if keys.Private, keys.Public, err = webpush.GenerateVAPIDKeys(); err != nil {
		return keys, fmt.Errorf("make push keys: %w", err)
	}
	made, err := json.Marshal(keys)
	if err != nil {
		return keys, err
	}
	return keys, settings.PutSetting(keysName, made)
}

// checkSubject refuses what Apple's service refuses later with a riddle.
func checkSubject(subject string) error {
	wrong := fmt.Errorf("push subject %q: write \"mailto:name@domain\" or an https address that somebody answers; push services turn there when something is wrong", subject)
	if address, ok := strings.CutPrefix(subject, "mailto:"); ok {
		parsed, err := mail.ParseAddress(address)
		if err != nil || parsed.Address != address {
			return wrong
		}
		_, domain, _ := strings.Cut(address, "@")
		if !realName(domain) {
			return wrong
		}
		return nil
	}
	u, err := url.Parse(subject)
	if err != nil || u.Scheme != "https" || !realName(u.Hostname()) {
		return wrong
	}
	return nil
}

func realName(domain string) bool {
	domain = strings.ToLower(domain)
	return strings.Contains(domain, ".") && domain != "localhost" && !strings.HasSuffix(domain, ".localhost") && !strings.HasPrefix(domain, "127.")
}
