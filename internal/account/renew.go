package account

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"bokvar/internal/casework"
)

// A session's cookie is a secret, and after a while a number and a seal by the server's
// key beside it: "secret.number.seal"; the first value is the secret alone. The next
// value can be worked out from any that is shown, so that it is handed out as often as
// it takes, to all tabs the same: an answer that was lost signs nobody out. The value
// before counts until the next one was used over RenewOverlap. From then on whoever shows
// it has a copy, and the session ends for both.

const cookieBytes = 32

// ErrReplayed is beside ErrSignedOut when a value of a cookie came back that had been
// followed by another: one of the two that have it copied it.
var ErrReplayed = errors.New("a cookie came back that was followed by another")

// ErrRenewed answers a socket whose cookie has been followed by another: its device opens
// a new one with that.
var ErrRenewed = &casework.Error{Code: "session_renewed", Sentence: "Sessionen har förnyats. Anslut igen."}

// valueOf is the cookie's value with the number.
func (s *Service) valueOf(secret []byte, number int64) string {
	text := base64.RawURLEncoding.EncodeToString(secret)
	if number == 0 {
		return text
	}
	return text + "." + strconv.FormatInt(number, 10) + "." + base64.RawURLEncoding.EncodeToString(s.sealOf(secret, number))
}

func (s *Service) sealOf(secret []byte, number int64) []byte {
	mac := hmac.New(sha256.New, s.pepper)
	mac.Write([]byte("session's cookie"))
	mac.Write(secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(number)))
	return mac.Sum(nil)
}

// read takes a value apart; false when this server never made it.
func (s *Service) read(cookie string) (secret []byte, number int64, ok bool) {
	text, rest, numbered := strings.Cut(cookie, ".")
	secret, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(secret) != cookieBytes {
		return nil, 0, false
	}
	if !numbered {
		return secret, 0, true
	}
	digits, seal, _ := strings.Cut(rest, ".")
	number, err = strconv.ParseInt(digits, 10, 64)
	given, e := base64.RawURLEncoding.DecodeString(seal)
	if err != nil || e != nil || number < 1 || !hmac.Equal(given, s.sealOf(secret, number)) {
		return nil, 0, false
	}
	return secret, number, true
}

func (s *Service) hashOf(cookie string) ([]byte, bool) {
	secret, _, ok := s.read(cookie)
	if !ok {
		return nil, false
	}
	return digest(secret), true
}

// numberOf is the number of a value that [Service.read] has taken.
func numberOf(cookie string) int64 {
	_, rest, _ := strings.Cut(cookie, ".")
	digits, _, _ := strings.Cut(rest, ".")
	number, _ := strconv.ParseInt(digits, 10, 64)
	return number
}

// used notes that the session was used, and that the device showed the value with the
// number, in one transaction; most uses change nothing.
func (s *Service) used(session *casework.Session, number int64) error {
	now, was := s.clock(), session.Number
	changed := s.moves(session, number, now)
	if now.Sub(session.Seen) >= touchEvery {
		session.Seen, changed = now, true
	}
	if !changed {
		return nil
	}
	if err := s.store.UseSession(*session, was); err != nil {
		return fmt.Errorf("note the session's use: %w", err)
	}
	return nil
}

// moves works out what the value with the number does to the session's cookie, and says
// whether anything: the next value is marked when it comes first, and counts alone once it
// came again after the overlap. One that is further ahead was handed out before a backup
// was restored here.
func (s *Service) moves(session *casework.Session, number int64, now time.Time) bool {
	switch {
	case number == session.Number:
		return false
	case number > session.Number+1:
		session.Number, session.Newer = number-1, now
	case session.Newer.IsZero():
		session.Newer = now
	case now.Sub(session.Newer) < s.RenewOverlap:
		return false
	default:
		session.Number, session.Since, session.Newer = number, session.Newer, time.Time{}
	}
	return true
}

// Renewed is the value that the device is to hold from now on, of a session as
// [Service.Check] has just told it: the next one when it is time or when it has been
// seen in use already, else the same; now: also before its time. Whoever shows the next
// one keeps it: one value at most is ahead of the one that counts.
func (s *Service) Renewed(session *casework.Session, cookie string, now bool) string {
	secret, number, ok := s.read(cookie)
	since := session.Since
	if since.IsZero() {
		since = session.Made
	}
	due := now || !session.Newer.IsZero() || s.clock().Sub(since) >= s.RenewEvery
	if !ok || number != session.Number || !due {
		return cookie
	}
	return s.valueOf(secret, number+1)
}

// Still says whether the session is good that a socket was opened with, in the words of
// [Service.Check], and answers ErrRenewed when its cookie has been followed by another.
func (s *Service) Still(cookie, proof string) error {
	_, session, err := s.Holder(cookie)
	if err != nil {
		return err
	}
	if barred(session.State) {
		return ErrBlocked
	}
	if err := s.shows(session, proof); err != nil {
		return err
	}
	number := numberOf(cookie)
	if number < session.Number {
		return ErrRenewed
	}
	return s.used(session, number)
}
