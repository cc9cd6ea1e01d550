package account

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"strings"
	"time"

	"crypto/rand"

	"golang.org/x/crypto/argon2"

	"bokvar/internal/casework"
)

// alphabet has no 0/O, 1/I/L, U/V pairs that fingers and ears mix up.
const alphabet = "23456789ABCDEFGHJKMNPQRSTWXYZ"

const (
	codeHalf    = 4 // characters before and after the hyphen
	linkHandle  = 9 // bytes of a link that find it, beside its secret
	linkSecret  = 32
	argonMemory = 19 << 10 // KiB: 19 MiB
	argonTime   = 2
)

// InviteLink makes a link's token for the person, good once.
func (s *Service) InviteLink(person string) (token string, err error) {
	return s.InviteLinkFor(person, InvitationLife)
}

// InviteLinkFor is InviteLink with a shorter life.
func (s *Service) InviteLinkFor(person string, life time.Duration) (token string, err error) {
	handle := base64.RawURLEncoding.EncodeToString(random(linkHandle))
	secret := random(linkSecret)
	now := s.clock()
	err = s.store.PutInvitation(casework.Invitation{
		Kind: "link", Handle: handle, Hash: digest(secret), Person: person,
		Made: now, Expires: now.Add(life),
	})
	if err != nil {
		return "", fmt.Errorf("keep the link: %w", err)
	}
	return handle + base64.RawURLEncoding.EncodeToString(secret), nil
}

// InviteCode makes a code to type, "ABCD-EFGH", good once. What finds a code is short
// enough to be drawn twice, among the thousands that lie there: then another is drawn.
func (s *Service) InviteCode(person string) (code string, err error) {
	for range 20 {
		if code, err = s.inviteCode(person); !errors.Is(err, casework.ErrHandleTaken) {
			break
		}
	}
	return code, err
}

func (s *Service) inviteCode(person string) (code string, err error) {
	handle, rest := letters(codeHalf), letters(codeHalf)
	salt := s.salt(handle)
	now := s.clock()
	err = s.store.PutInvitation(casework.Invitation{
		Kind: "code", Handle: handle, Salt: salt, Hash: s.stretch(handle+rest, salt, ""), Person: person,
		Made: now, Expires: now.Add(InvitationLife),
	})
	if err != nil {
		return "", fmt.Errorf("keep the code: %w", err)
	}
	return handle + "-" + rest, nil
}

// takeLink finds whom a link lets in.
func (s *Service) takeLink(token string) (*casework.Invitation, error) {
	size := base64.RawURLEncoding.EncodedLen(linkHandle)
	if len(token) <= size {
		return nil, nil
	}
	secret, err := base64.RawURLEncoding.DecodeString(token[size:])
	if err != nil || len(secret) != linkSecret {
		return nil, nil
	}
	return s.take("link", token[:size], digest(secret))
}

// takeCode finds whom a code lets in. The slow hash is worked out before the
// store is asked, so that guessing never holds up the database, and takes as
// long for a handle that does not exist.
func (s *Service) takeCode(code, address string) (*casework.Invitation, error) {
	handle := code[:codeHalf]
	return s.take("code", handle, s.stretch(code, s.salt(handle), address))
}

func (s *Service) take(kind, handle string, hash []byte) (*casework.Invitation, error) {
	right := func(i casework.Invitation) bool {
		return i.Tries < MaxTries && subtle.ConstantTimeCompare(i.Hash, hash) == 1
	}
	inv, err := s.store.TakeInvitation(kind, handle, right, s.clock())
	if err != nil {
		return nil, fmt.Errorf("look up the invitation: %w", err)
	}
	return inv, nil
}

// salt differs per handle and cannot be known without the key in the settings.
func (s *Service) salt(handle string) []byte {
	mac := hmac.New(sha256.New, s.pepper)
	mac.Write([]byte("invitation code " + handle))
	return mac.Sum(nil)[:16]
}

// stretch waits for its turn: see [line]. address is the guard's key of whoever waits.
func (s *Service) stretch(code string, salt []byte, address string) []byte {
	<-s.work.ask(address, s.guard.lately(address))
	defer s.work.leave(address)
	return argon2.IDKey([]byte(code), salt, argonTime, argonMemory, 1, 32)
}

// tidy makes what a person typed into a code: capitals, no hyphen or spaces.
// It returns "" for what can be no code.
func tidy(typed string) string {
	if len(typed) > 64 {
		return ""
	}
	var b strings.Builder
	for _, r := range strings.ToUpper(typed) {
		switch {
		case strings.ContainsRune(alphabet, r):
			b.WriteRune(r)
		case r == '-' || r == ' ' || r == '–' || r == '\u00a0' || r == '\u2011':
		default:
			return ""
		}
	}
	if b.Len() != 2*codeHalf {
		return ""
	}
	return b.String()
}

func letters(n int) string {
	b := make([]byte, n)
	for i := range b {
		k, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			panic("account: crypto/rand failed") // cannot happen: it ends the program instead
		}
		b[i] = alphabet[k.Int64()]
	}
	return string(b)
}

// Network is what tries are counted by: the address, for IPv6 its /64.
func Network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if a = a.Unmap(); a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
