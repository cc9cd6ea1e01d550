package alert

import (
	"crypto/ecdh"
	"encoding/base64"
	"strings"

	"bokvar/internal/casework"
)

var errSubscription = &casework.Error{Code: "push_refused", Sentence: "Webbläsarens adress för aviseringar går inte att använda här."}

// Subscribe keeps where a device wants its push.
func (s *Service) Subscribe(sub casework.Subscription) error {
	if _, err := s.gate.clientFor(sub.Endpoint); err != nil {
		return errSubscription
	}
	point, err := decode(sub.P256dh)
	if err != nil {
		return errSubscription
	}
	if _, err := ecdh.P256().NewPublicKey(point); err != nil {
		return errSubscription
	}
	if auth, err := decode(sub.Auth); err != nil || len(auth) != 16 {
		return errSubscription
	}
	if err := s.forget(sub.Person, func(old casework.Subscription) bool {
		return old.Device == sub.Device && old.Endpoint != sub.Endpoint
	}); err != nil {
		return err
	}
	sub.Made = s.Clock()
	return s.Store.PutSubscription(sub)
}

// Unsubscribe forgets one of the person's own.
func (s *Service) Unsubscribe(person, endpoint string) error {
	return s.forget(person, func(old casework.Subscription) bool { return old.Endpoint == endpoint })
}

// Forget forgets the device when the person signs out on it.
func (s *Service) Forget(person, device string) error {
	return s.forget(person, func(old casework.Subscription) bool { return old.Device == device })
}

// ForgetOthers ends those of all the person's devices but the one.
func (s *Service) ForgetOthers(person, device string) error {
	return s.forget(person, func(old casework.Subscription) bool { return old.Device != device })
}

func (s *Service) forget(person string, which func(casework.Subscription) bool) error {
	all, err := s.Store.SubscriptionsOf(person)
	if err != nil {
		return err
	}
	for _, old := range all {
		if which(old) {
			if err := s.Store.DropSubscription(old.Endpoint); err != nil {
				return err
			}
		}
	}
	return nil
}

// decode reads base64 as browsers write it, with or without padding.
func decode(s string) ([]byte, error) {
	s = strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(s), "=")
	return base64.RawURLEncoding.DecodeString(s)
}
