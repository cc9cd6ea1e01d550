package account

import (
	"crypto/subtle"
	"errors"
	"fmt"

	"bokvar/internal/casework"
)

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
	return s.valueOf(value, 0), nil
}

// Check returns who the cookie's value belongs to. It answers ErrSignedOut when
// there is no such session any more, or when the session's device has a vault and
// the proof is not the one that lies in it, and ErrBlocked when the device is not
// let in. It notes that the session was used. A value of the cookie that counts no more
// ends the session: whose it was is told beside ErrReplayed.
func (s *Service) Check(cookie, proof string) (*casework.Member, *casework.Session, error) {
	member, session, err := s.Holder(cookie)
	if err != nil {
		return nil, nil, err
	}
	if barred(session.State) {
		return nil, nil, ErrBlocked
	}
	if numberOf(cookie) < session.Number {
		return member, session, errors.Join(ErrSignedOut, ErrReplayed, s.store.EndSession(session.Hash))
	}
	if err := s.shows(session, proof); err != nil {
		return nil, nil, err
	}
	if err := s.used(session, numberOf(cookie)); err != nil {
		return nil, nil, err
	}
	return member, session, nil
}

// shows says whether the proof is the one that lies in the vault of the session's device.
func (s *Service) shows(session *casework.Session, proof string) error {
	if session.Proof == nil && s.clock().Sub(session.Made) >= FreshLife {
		return ErrSignedOut
	}
	if session.Proof != nil && subtle.ConstantTimeCompare(session.Proof, digest(bytesOf(proof))) != 1 {
		return ErrSignedOut
	}
	return nil
}

// Holder returns whose session the cookie names, without asking for its proof: to
// end it. It opens nothing.
func (s *Service) Holder(cookie string) (*casework.Member, *casework.Session, error) {
	hash, ok := s.hashOf(cookie)
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
	hash, ok := s.hashOf(cookie)
	if !ok {
		return nil
	}
	return s.store.EndSession(hash)
}

// EndOthers ends every session of the session's person but this one, and what could begin
// another unseen: links and codes that were not used. It says how many sessions there were.
func (s *Service) EndOthers(session *casework.Session) (ended int, err error) {
	if err := s.store.DropInvitations(session.Person); err != nil {
		return 0, fmt.Errorf("end the invitations: %w", err)
	}
	return s.store.EndSessionsBut(session.Person, session.Hash)
}

// EndAll ends every session of the person.
func (s *Service) EndAll(person string) error { return s.store.EndSessionsOf(person) }
