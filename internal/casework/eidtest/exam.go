// Package eidtest has the exam that every signing service must pass, and one service
// that does: for tests alone.
package eidtest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"bokvar/internal/casework"
)

// Exam is taken by every implementation of casework.SigningService. sign and refuse
// do what the signer does with an order.
func Exam(t *testing.T, s casework.SigningService, sign, refuse func(order string)) {
	t.Helper()
	ctx, hash := context.Background(), strings.Repeat("ab", 32)
	if s.Name() == "" {
		t.Error("the service has no name")
	}
	order, address, err := s.Begin(ctx, hash, "Samtycke")
	if err != nil || order == "" || address == "" {
		t.Fatalf("begin: %q %q %v", order, address, err)
	}
	if got, err := s.Collect(ctx, order); got != nil || err != nil {
		t.Errorf("before anybody signed: %v, %v", got, err)
	}
	sign(order)
	got, err := s.Collect(ctx, order)
	if err != nil || got == nil {
		t.Fatalf("signed: %v, %v", got, err)
	}
	if got.Provider != s.Name() || got.Hash != hash || got.At.IsZero() || len(got.Proof) == 0 || len(got.Proof) > casework.MaxProof*3/4 {
		t.Errorf("what was signed: %+v", got)
	}
	if err := s.Verify(*got); err != nil {
		t.Errorf("its own proof: %v", err)
	}
	for name, change := range map[string]func(*casework.EIDSignature){
		"another hash":     func(e *casework.EIDSignature) { e.Hash = strings.Repeat("cd", 32) },
		"another time":     func(e *casework.EIDSignature) { e.At = e.At.Add(time.Second) },
		"another service":  func(e *casework.EIDSignature) { e.Provider += "x" },
		"a changed proof":  func(e *casework.EIDSignature) { e.Proof = append([]byte{e.Proof[0] ^ 1}, e.Proof[1:]...) },
		"no proof":         func(e *casework.EIDSignature) { e.Proof = nil },
		"a proof cut off":  func(e *casework.EIDSignature) { e.Proof = e.Proof[:len(e.Proof)-1] },
		"a proof too long": func(e *casework.EIDSignature) { e.Proof = append(append([]byte{}, e.Proof...), 0) },
	} {
		wrong := *got
		change(&wrong)
		if s.Verify(wrong) == nil {
			t.Errorf("%s passes", name)
		}
	}
	if order, _, err = s.Begin(ctx, hash, "Samtycke"); err != nil {
		t.Fatal(err)
	}
	refuse(order)
	if got, err := s.Collect(ctx, order); got != nil || !errors.Is(err, casework.ErrNotSigned) {
		t.Errorf("refused: %v, %v", got, err)
	}
	if got, err := s.Collect(ctx, "nothing"); got != nil || err == nil {
		t.Errorf("an order that is not there: %v, %v", got, err)
	}
}
