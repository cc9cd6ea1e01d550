package rescue

import (
	"bytes"
	"crypto/ecdh"
	"crypto/x509"
	"encoding/json"
	"os"
	"testing"
)

// vector was made by both sides: what the phone seals the server's own library opens,
// and the other way round (static/src/core/hpke.test.ts).
type vector struct {
	Secret []byte `json:"secret"` // PKCS #8
	Public []byte `json:"public"`
	Head   string `json:"head"`
	Plain  []byte `json:"plain"`
	Go     []byte `json:"go"`
	Phone  []byte `json:"phone"`

	ContentKey []byte `json:"content_key"`
	Content    []byte `json:"content"`       // what lies under it, as the phone seals it
	Said       string `json:"content_plain"` // opened
}

func readVector(t *testing.T) (v vector, private *ecdh.PrivateKey) {
	t.Helper()
	raw, err := os.ReadFile("testdata/hpke.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v, privateOf(t, v.Secret)
}

func privateOf(t *testing.T, pkcs8 []byte) *ecdh.PrivateKey {
	t.Helper()
	parsed, err := x509.ParsePKCS8PrivateKey(pkcs8)
	if err != nil {
		t.Fatal(err)
	}
	private, err := parsed.(interface {
		ECDH() (*ecdh.PrivateKey, error)
	}).ECDH()
	if err != nil {
		t.Fatal(err)
	}
	return private
}

func TestPhoneAndServerSealAlike(t *testing.T) {
	v, private := readVector(t)
	for name, sealed := range map[string][]byte{"by the server's library": v.Go, "by the phone": v.Phone} {
		if plain, err := Open(private, Info(v.Head), sealed); err != nil || !bytes.Equal(plain, v.Plain) {
			t.Errorf("sealed %s: %x, %v", name, plain, err)
		}
		if _, err := Open(private, Info(v.Head+" "), sealed); err == nil {
			t.Errorf("sealed %s, it opens for another head", name)
		}
		sealed = bytes.Clone(sealed)
		sealed[len(sealed)-1]++
		if _, err := Open(private, Info(v.Head), sealed); err == nil {
			t.Errorf("sealed %s and changed, it opens", name)
		}
	}
	if plain, err := openContent(v.ContentKey, v.Head, v.Content); err != nil || string(plain) != v.Said {
		t.Errorf("the content: %s, %v", plain, err)
	}
	if _, err := openContent(v.ContentKey, v.Head+" ", v.Content); err == nil {
		t.Error("the content opens for another head")
	}
}
