package photo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"slices"
	"testing"
	"time"

	"bokvar/internal/casework"
	"bokvar/internal/sqlite"
	"bokvar/sync/server"
)

// picture is a JPEG of noise with a comment in it that nobody is to read later.
func picture(t *testing.T, side int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, side, side))
	for i := range m.Pix {
		m.Pix[i] = byte(i * i >> 3)
	}
	m.Set(0, 0, color.White)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	comment := []byte("\xff\xfe\x00\x14taken at Stigen 3")
	whole := out.Bytes()
	return slices.Concat(whole[:2], comment[:4], []byte("taken at Stigen 3")[:16], []byte{0, 0}, whole[2:])
}

var (
	kim  = &casework.Member{ID: "kim", Org: "hem"}
	alva = &casework.Member{ID: "alva", Org: "hem"}
	sam  = &casework.Member{ID: "kim", Org: "soc"} // the same id elsewhere
)

// open is a service on a real database, with a record of the picture by Kim.
func open(t *testing.T, whole []byte, hash string) (*Service, *sqlite.DB) {
	t.Helper()
	db, err := sqlite.Open(sqlite.Options{Dir: t.TempDir(), Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	field := func(v any) server.Field {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return server.Field{Value: raw, Version: 1}
	}
	for _, r := range []*server.State{
		{Org: "hem", ID: "p", Kind: "photo", Root: "h", Fields: map[string]server.Field{"by": field("kim"), "size": field(len(whole)), "hash": field(hash)}},
		{Org: "hem", ID: "n", Kind: "note", Root: "h", Fields: map[string]server.Field{"by": field("kim")}},
	} {
		if err := db.Write(func(tx server.Tx) error { return tx.PutRecord(r) }); err != nil {
			t.Fatal(err)
		}
	}
	return &Service{
		Photos: db,
		Record: func(org, id string) (s *server.State, err error) {
			err = db.Read(func(tx server.Tx) error { s, err = tx.Record(org, id); return err })
			return s, err
		},
		Sees: func(person string, _ *server.State) (bool, error) { return person == "alva", nil },
	}, db
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func part(whole []byte, n int) []byte {
	return whole[n*PartBytes : min(len(whole), (n+1)*PartBytes)]
}

func code(t *testing.T, err error) string {
	t.Helper()
	var e *casework.Error
	if err == nil || errors.As(err, &e) && e.Sentence != "" {
		if e == nil {
			return ""
		}
		return e.Code
	}
	t.Fatal(err)
	return ""
}

func TestAPictureComesInPartsInAnyOrder(t *testing.T) {
	whole := picture(t, 900)
	s, db := open(t, whole, hashOf(whole))
	n := (len(whole) + PartBytes - 1) / PartBytes
	if n < 3 {
		t.Fatalf("%d bytes are too few for this test", len(whole))
	}
	state, err := s.Ask(kim, "p")
	if err != nil || state.Complete || len(state.Missing) != n {
		t.Fatalf("%+v, %v", state, err)
	}
	if _, _, err := s.Show(alva, "p"); code(t, err) != "not_found" {
		t.Error("a picture that has not come is shown")
	}
	for _, i := range []int{2, 0, 2} { // one of them twice
		if state, err = s.Take(kim, "p", i, part(whole, i)); err != nil || state.Complete {
			t.Fatalf("part %d: %+v, %v", i, state, err)
		}
	}
	if !slices.Equal(state.Missing[:1], []int{1}) {
		t.Errorf("missing are %v", state.Missing)
	}
	for _, i := range state.Missing {
		if state, err = s.Take(kim, "p", i, part(whole, i)); err != nil {
			t.Fatal(err)
		}
	}
	if !state.Complete {
		t.Fatalf("%+v", state)
	}
	if again, err := s.Take(kim, "p", 0, part(whole, 0)); err != nil || !again.Complete {
		t.Errorf("a part that comes again afterwards: %+v, %v", again, err)
	}
	shown, root, err := s.Show(alva, "p")
	if err != nil || root != "h" {
		t.Fatal(root, err)
	}
	if bytes.Contains(shown, []byte("Stigen")) || !bytes.Contains(whole, []byte("Stigen")) {
		t.Error("what was written into the file beside the picture is kept")
	}
	if config, err := jpeg.DecodeConfig(bytes.NewReader(shown)); err != nil || config.Width != 900 || config.Height != 900 {
		t.Errorf("it is %+v, %v", config, err)
	}
	if left, err := db.PhotoParts("hem", "h", "p"); err != nil || len(left) != 0 {
		t.Errorf("%d parts are left, %v", len(left), err)
	}
	if _, err := db.Verify(); err != nil {
		t.Error(err)
	}
}

func TestNotThereAndNotYoursAreOneAnswer(t *testing.T) {
	whole := picture(t, 100)
	s, _ := open(t, whole, hashOf(whole))
	for _, c := range []struct {
		who *casework.Member
		id  string
	}{{alva, "p"}, {sam, "p"}, {kim, "n"}, {kim, "unknown"}} {
		if _, err := s.Ask(c.who, c.id); code(t, err) != "not_found" {
			t.Errorf("%s of %s asks for %s: %v", c.who.ID, c.who.Org, c.id, err)
		}
		if _, err := s.Take(c.who, c.id, 0, whole); code(t, err) != "not_found" {
			t.Errorf("%s of %s brings %s: %v", c.who.ID, c.who.Org, c.id, err)
		}
	}
	if state, err := s.Take(kim, "p", 0, whole); err != nil || !state.Complete {
		t.Fatal(state, err)
	}
	for _, who := range []*casework.Member{kim, sam} { // Kim does not see it any more
		if _, _, err := s.Show(who, "p"); code(t, err) != "not_found" {
			t.Errorf("%s of %s is shown it: %v", who.ID, who.Org, err)
		}
	}
}

func TestPartsThatAreNotOfThePicture(t *testing.T) {
	whole := picture(t, 600)
	s, db := open(t, whole, hashOf(whole))
	for _, c := range []struct {
		n    int
		part []byte
	}{{-1, part(whole, 0)}, {99, part(whole, 0)}, {0, part(whole, 0)[1:]}, {0, nil}} {
		if _, err := s.Take(kim, "p", c.n, c.part); code(t, err) != "malformed" {
			t.Errorf("part %d of %d bytes: %v", c.n, len(c.part), err)
		}
	}
	bad := bytes.Repeat([]byte{1}, len(whole))
	var err error
	for n := 0; n*PartBytes < len(bad); n++ {
		_, err = s.Take(kim, "p", n, part(bad, n))
	}
	if code(t, err) != "photo_broken" {
		t.Errorf("other bytes: %v", err)
	}
	if left, err := db.PhotoParts("hem", "h", "p"); err != nil || len(left) != 0 {
		t.Errorf("%d parts are left, %v", len(left), err)
	}
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	big := picture(t, MaxSide+1)
	for name, whole := range map[string][]byte{"a program": []byte("#!/bin/sh\necho hej\n"), "too many pixels": big, "cut off": picture(t, 200)[:2000]} {
		s, _ := open(t, whole, hashOf(whole))
		var err error
		for n := 0; n*PartBytes < len(whole); n++ {
			_, err = s.Take(kim, "p", n, part(whole, n))
		}
		if code(t, err) != "photo_unreadable" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
