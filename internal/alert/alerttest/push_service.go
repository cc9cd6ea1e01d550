// Package alerttest plays a push service and the browsers behind it, on this
// machine. It stands outside the product: only tests import it.
package alerttest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"bokvar/internal/casework"
)

// Service is the edge of the world: it takes what a real push service takes,
// refuses what one refuses, and opens messages as a browser does (RFC 8030, 8188,
// 8291, 8292).
type Service struct {
	URL string // its origin

	t     testing.TB
	mu    sync.Mutex
	subs  map[string]*browser // by path
	scorn []http.HandlerFunc  // answers to give first, instead of taking a message
}

// browser is one subscription's secret half.
type browser struct {
	key      *ecdh.PrivateKey
	auth     []byte
	vapid    string // the server key it is bound to
	gone     bool
	messages []Message
}

// Message is one as a browser gets it, opened.
type Message struct {
	Text                string
	TTL, Urgency, Topic string
	Subject             string
	Size                int
}

// New starts a service that ends with the test.
func New(t testing.TB) *Service {
	p := &Service{t: t, subs: map[string]*browser{}}
	server := httptest.NewServer(http.HandlerFunc(p.post))
	t.Cleanup(server.Close)
	p.URL = server.URL
	return p
}

// Subscribe is what a browser does for a page, with the server's key.
func (p *Service) Subscribe(person, device, vapid string) casework.Subscription {
	p.t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		p.t.Fatal(err)
	}
	b := &browser{key: key, auth: make([]byte, 16), vapid: vapid}
	_, _ = rand.Read(b.auth)
	path := "/wpush/" + person + "-" + device
	p.mu.Lock()
	p.subs[path] = b
	p.mu.Unlock()
	return casework.Subscription{
		Person: person, Device: device, Endpoint: p.URL + path,
		P256dh: base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()), Auth: base64.RawURLEncoding.EncodeToString(b.auth),
	}
}

// Got is what has come to the subscription so far.
func (p *Service) Got(s casework.Subscription) []Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Message{}, p.at(s).messages...)
}

// Forget makes the service answer that the subscription is gone.
func (p *Service) Forget(s casework.Subscription) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at(s).gone = true
}

func (p *Service) at(s casework.Subscription) *browser {
	return p.subs[strings.TrimPrefix(s.Endpoint, p.URL)]
}

// Refuse makes the service give these answers to the next messages.
func (p *Service) Refuse(answers ...http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.scorn = append(p.scorn, answers...)
}

// Refusals is how many of those answers are still to be given.
func (p *Service) Refusals() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.scorn)
}

// Status is an answer with a code and headers.
func Status(code int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
	}
}

func (p *Service) post(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 4097))
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.scorn) > 0 {
		answer := p.scorn[0]
		p.scorn = p.scorn[1:]
		answer(w, r)
		return
	}
	b := p.subs[r.URL.Path]
	switch {
	case err != nil || r.Method != http.MethodPost:
		w.WriteHeader(http.StatusBadRequest)
	case len(body) > 4096:
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	case b == nil:
		w.WriteHeader(http.StatusNotFound)
	case b.gone:
		w.WriteHeader(http.StatusGone)
	default:
		m, err := b.take(r, body, p.URL)
		if err != nil {
			p.t.Errorf("the push service refuses: %v", err)
			w.WriteHeader(http.StatusForbidden)
			return
		}
		b.messages = append(b.messages, m)
		w.WriteHeader(http.StatusCreated)
	}
}

// take checks a message's headers and opens it.
func (b *browser) take(r *http.Request, body []byte, origin string) (Message, error) {
	m := Message{TTL: r.Header.Get("TTL"), Urgency: r.Header.Get("Urgency"), Topic: r.Header.Get("Topic"), Size: len(body)}
	if n, err := strconv.Atoi(m.TTL); err != nil || n < 0 {
		return m, fmt.Errorf("TTL %q (RFC 8030, 5.2)", m.TTL)
	}
	if decoded, err := base64.RawURLEncoding.DecodeString(m.Topic); err != nil || len(m.Topic) > 32 || len(decoded) == 0 {
		return m, fmt.Errorf("topic %q (RFC 8030, 5.4)", m.Topic)
	}
	switch m.Urgency {
	case "very-low", "low", "normal", "high":
	default:
		return m, fmt.Errorf("urgency %q (RFC 8030, 5.3)", m.Urgency)
	}
	if r.Header.Get("Content-Encoding") != "aes128gcm" {
		return m, errors.New("the encoding is not aes128gcm (RFC 8291, 4)")
	}
	var err error
	if m.Subject, err = checkToken(r.Header.Get("Authorization"), origin, b.vapid); err != nil {
		return m, err
	}
	m.Text, err = b.open(body)
	return m, err
}

// checkToken verifies the server's signature and claims (RFC 8292).
func checkToken(header, origin, bound string) (subject string, err error) {
	rest, ok := strings.CutPrefix(header, "vapid ")
	if !ok {
		return "", fmt.Errorf("authorization %q", header)
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		parts[name] = value
	}
	if parts["k"] != bound {
		return "", errors.New("another server's key than the one of the subscription")
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts["k"])
	if err != nil {
		return "", err
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), raw)
	if err != nil {
		return "", err
	}
	token := strings.Split(parts["t"], ".")
	if len(token) != 3 {
		return "", errors.New("the token has not three parts")
	}
	signature, err := base64.RawURLEncoding.DecodeString(token[2])
	if err != nil || len(signature) != 64 {
		return "", errors.New("the signature is not 64 bytes")
	}
	sum := sha256.Sum256([]byte(token[0] + "." + token[1]))
	if !ecdsa.Verify(key, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		return "", errors.New("the signature does not hold")
	}
	var claims struct {
		Aud, Sub string
		Exp      int64
	}
	payload, err := base64.RawURLEncoding.DecodeString(token[1])
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return "", errors.New("the claims cannot be read")
	}
	left := time.Until(time.Unix(claims.Exp, 0))
	u, err := url.Parse(claims.Sub)
	switch {
	case claims.Aud != origin:
		return "", fmt.Errorf("aud is %q", claims.Aud)
	case left <= 0 || left > 24*time.Hour:
		return "", fmt.Errorf("exp is in %v", left)
	case err != nil, u.Scheme == "mailto" && (!strings.Contains(u.Opaque, "@") || strings.Contains(u.Opaque, ":")), u.Scheme != "mailto" && u.Scheme != "https":
		return "", fmt.Errorf("sub is %q", claims.Sub)
	}
	return claims.Sub, nil
}

// open decrypts a message as a browser does (RFC 8188 and 8291).
func (b *browser) open(body []byte) (string, error) {
	if len(body) < 21 || len(body) < 21+int(body[20]) {
		return "", errors.New("the header is cut short")
	}
	salt, size, sender := body[:16], binary.BigEndian.Uint32(body[16:20]), body[21:21+int(body[20])]
	sealed := body[21+len(sender):]
	if uint32(len(sealed)) > size {
		return "", errors.New("more than one record (RFC 8291, 4)")
	}
	public, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		return "", err
	}
	shared, err := b.key.ECDH(public)
	if err != nil {
		return "", err
	}
	info := "WebPush: info\x00" + string(b.key.PublicKey().Bytes()) + string(sender)
	secret, err := hkdf.Key(sha256.New, shared, b.auth, info, 32)
	if err != nil {
		return "", err
	}
	key, err := hkdf.Key(sha256.New, secret, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return "", err
	}
	nonce, err := hkdf.Key(sha256.New, secret, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return "", err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return "", err
	}
	padded, err := gcm.Open(nil, nonce, sealed, nil)
	if err != nil {
		return "", err
	}
	text := strings.TrimRight(string(padded), "\x00")
	if !strings.HasSuffix(text, "\x02") {
		return "", errors.New("the record has no end mark")
	}
	return text[:len(text)-1], nil
}
