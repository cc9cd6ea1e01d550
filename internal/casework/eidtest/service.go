package eidtest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"bokvar/internal/casework"
)

// Service is a signing service in memory with a key of its own: its proofs are real
// signatures, and a test plays the person who signs.
type Service struct {
	key   *ecdsa.PrivateKey
	clock func() time.Time

	mu     sync.Mutex
	orders map[string]*order
}

type order struct {
	hash   string
	signed time.Time
	over   bool
}

var _ casework.SigningService = (*Service)(nil)

// New makes a service that nobody knows but the test.
func New(clock func() time.Time) (*Service, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return &Service{key: key, clock: clock, orders: map[string]*order{}}, err
}

// Name is no provider's.
func (s *Service) Name() string { return "Provtjänsten" }

// Begin keeps the order until somebody signs.
func (s *Service) Begin(_ context.Context, hash, _ string) (id, address string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id = fmt.Sprint("order-", len(s.orders)+1)
	s.orders[id] = &order{hash: hash}
	return id, "https://sign.example/" + id, nil
}

// Sign is what the person does, and Refuse the other thing.
func (s *Service) Sign(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders[id].signed = s.clock()
}

// Refuse ends the order.
func (s *Service) Refuse(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders[id].over = true
}

// Collect signs with the service's key what the person signed.
func (s *Service) Collect(_ context.Context, id string) (*casework.EIDSignature, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.orders[id]
	switch {
	case o == nil:
		return nil, errors.New("no such order")
	case o.over:
		return nil, casework.ErrNotSigned
	case o.signed.IsZero():
		return nil, nil
	}
	e := &casework.EIDSignature{Provider: s.Name(), Hash: o.hash, At: o.signed}
	var err error
	e.Proof, err = ecdsa.SignASN1(rand.Reader, s.key, digest(*e))
	return e, err
}

// Verify checks the proof with the key.
func (s *Service) Verify(e casework.EIDSignature) error {
	if !ecdsa.VerifyASN1(&s.key.PublicKey, digest(e), e.Proof) {
		return errors.New("the proof is not this service's, or of something else")
	}
	return nil
}

func digest(e casework.EIDSignature) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%d", e.Provider, e.Hash, e.At.UnixMilli()))
	return sum[:]
}
