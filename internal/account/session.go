package account

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"

	"bokvar/internal/casework"
)

const cookieBytes = 32

// Redeem lets a person in with a link's token or a typed code (one of them is
// empty) and returns the cookie's value. It answers ErrInvalidCode for whatever
// does not let anybody in, and ErrTooMany while the address has failed too often.
func (s *Service) Redeem(link, code, device, address string) (cookie string, err error) {
	code = tidy(code)
	keys := []string{"address " + Network(address)}
	if code != "" {
		keys = append(keys, keys[0]+" code "+code[:codeHalf])
	}
	if !s.guard.allows(keys[0], perAddress) || len(keys) > 1 && !s.guard.allows(keys[1], perHandle) {
		return "", ErrTooMany
	}
	var inv *casework.Invitation
	switch {
	case code != "":
		inv, err = s.takeCode(code, keys[0])
	case link != "":
		inv, err = s.takeLink(link)
	}
	if err != nil {
		return "", err
	}
	if inv == nil {
		s.guard.failed(keys...)
		return "", ErrInvalidCode
	}
	member, err := s.store.FindMember(inv.Person)
	if err != nil {
		return "", fmt.Errorf("find the person: %w", err)
	}
	if member == nil || !member.Active {
		return "", ErrInvalidCode
	}
	return s.begin(member.ID, device, nil)
}

func (s *Service) begin(person, device string, proof []byte) (string, error) {
	d, err := s.store.FindDevice(person, device)
	if err != nil {
		return "", fmt.Errorf("find the device: %w", err)
	}
	if d != nil && barred(d.State) {
		return "", ErrBlocked
	}
	value := random(cookieBytes)
	now := s.clock()
	err = s.store.PutSession(casework.Session{
		Hash: digest(value), Proof: proof, Person: person, Device: device,
		Made: now, Seen: now, Expires: now.Add(SessionIdle),
	})
	if err != nil {
		return "", fmt.Errorf("keep the session: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(value), nil
}

// Check returns who the cookie's value belongs to. It answers ErrSignedOut when
// there is no such session any more, or when the session's device has a vault and
// the proof is not the one that lies in it, and ErrBlocked when the device is not
// let in. It notes that the session was used.
func (s *Service) Check(cookie, proof string) (*casework.Member, *casework.Session, error) {
	member, session, err := s.Holder(cookie)
	if err != nil {
		return nil, nil, err
	}
	if barred(session.State) {
		return nil, nil, ErrBlocked
	}
	now := s.clock()
	if session.Proof == nil && now.Sub(session.Made) >= FreshLife {
		return nil, nil, ErrSignedOut
	}
	if session.Proof != nil && subtle.ConstantTimeCompare(session.Proof, digest(bytesOf(proof))) != 1 {
		return nil, nil, ErrSignedOut
	}
	if now.Sub(session.Seen) >= touchEvery {
		if err := s.store.TouchSession(session.Hash, now); err != nil {
			return nil, nil, fmt.Errorf("note the session's use: %w", err)
		}
	}
	return member, session, nil
}

// Holder returns whose session the cookie names, without asking for its proof: to
// end it. It opens nothing.
func (s *Service) Holder(cookie string) (*casework.Member, *casework.Session, error) {
	hash, ok := hashOf(cookie)
	if !ok {
		return nil, nil, ErrSignedOut
	}
	session, err := s.store.FindSession(hash)
	if err != nil {
		return nil, nil, fmt.Errorf("find the session: %w", err)
	}
	now := s.clock()
	if session == nil || !now.Before(session.Expires) || now.Sub(session.Seen) >= SessionIdle || now.Sub(session.Made) >= SessionLife {
		return nil, nil, ErrSignedOut
	}
	member, err := s.store.FindMember(session.Person)
	if err != nil {
		return nil, nil, fmt.Errorf("find the person: %w", err)
	}
	if member == nil || !member.Active {
		return nil, nil, ErrSignedOut
	}
	return member, session, nil
}

// End ends one session. An unknown one is no error.
func (s *Service) End(cookie string) error {
	hash, ok := hashOf(cookie)
	if !ok {
		return nil
	}
	return s.store.EndSession(hash)
}

// EndAll ends every session of the person.
func (s *Service) EndAll(person string) error { return s.store.EndSessionsOf(person) }

func hashOf(cookie string) ([]byte, bool) {
	value, err := base64.RawURLEncoding.DecodeString(cookie)
	if err != nil || len(value) != cookieBytes {
		return nil, false
	}
	return digest(value), true
}
