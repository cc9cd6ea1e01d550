package photo

import (
	"bytes"
	"slices"
	"testing"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// bare is a picture without the comment.
func bare(t *testing.T, side int) []byte {
	whole := picture(t, side)
	return slices.Concat(whole[:2], whole[24:])
}

// collected is a service where kim of the landlord has brought a paper's picture to
// social services, who alone may see it.
func collected(t *testing.T, whole []byte) *Service {
	t.Helper()
	s, db := open(t, whole, hashOf(whole))
	theirs := &server.State{Org: "soc", ID: "paper", Kind: "paper_photo", Root: "giving", Fields: map[string]server.Field{
		"size": {Value: []byte(itoa(len(whole))), Version: 1, By: "kim"}, "hash": {Value: []byte(`"` + hashOf(whole) + `"`), Version: 1, By: "kim"},
	}}
	huge := &server.State{Org: "soc", ID: "huge", Kind: "paper_photo", Root: "giving", Fields: map[string]server.Field{
		"size": {Value: []byte("9000000000000"), Version: 1, By: "kim"}, "hash": {Value: []byte(`"x"`), Version: 1, By: "kim"},
	}}
	plain := &server.State{Org: "soc", ID: "plain", Kind: "photo", Root: "h2", Fields: map[string]server.Field{
		"by": {Value: []byte(`"kim"`), Version: 1}, "size": {Value: []byte("10"), Version: 1}, "hash": {Value: []byte(`"x"`), Version: 1},
	}}
	for _, r := range []*server.State{theirs, huge, plain} {
		if err := db.Write(func(tx server.Tx) error { return tx.PutRecord(r) }); err != nil {
			t.Fatal(err)
		}
	}
	s.Partners = func(org string) ([]string, error) {
		if org == "hem" {
			return []string{"soc"}, nil
		}
		return nil, nil
	}
	s.Sees = func(person string, r *server.State) (bool, error) { return person == "tove" && r.Org == "soc", nil }
	return s
}

func itoa(n int) string {
	var digits []byte
	for ; n > 0; n /= 10 {
		digits = append([]byte{byte('0' + n%10)}, digits...)
	}
	return string(digits)
}

func bring(s *Service, by *casework.Member, id string, whole []byte) (state State, err error) {
	for n := 0; n*PartBytes < len(whole); n++ {
		if state, err = s.Take(by, id, n, part(whole, n)); err != nil {
			return state, err
		}
	}
	return state, nil
}

// What is stored is what the evidence's hash is of, to the byte; the landlord's people
// bring it, and see nothing of it.
func TestThePictureOfAPaperIsKeptToTheByteWhereItBelongs(t *testing.T) {
	whole := bare(t, 700)
	s := collected(t, whole)
	for _, other := range []*casework.Member{alva, {ID: "tove", Org: "soc"}, {ID: "kim", Org: "far"}} {
		if _, err := s.Ask(other, "paper"); code(t, err) != "not_found" {
			t.Errorf("%s of %s asks for what kim brings: %v", other.ID, other.Org, err)
		}
	}
	if state, err := bring(s, kim, "paper", whole); err != nil || !state.Complete {
		t.Fatalf("%+v, %v", state, err)
	}
	if _, _, err := s.Show(kim, "paper"); code(t, err) != "not_found" {
		t.Errorf("kim sees it: %v", err)
	}
	got, root, err := s.Show(&casework.Member{ID: "tove", Org: "soc"}, "paper")
	if err != nil || root != "giving" || !bytes.Equal(got, whole) {
		t.Errorf("%d bytes of %d under %q, %v", len(got), len(whole), root, err)
	}
	if state, err := bring(s, kim, "paper", whole); err != nil || !state.Complete {
		t.Errorf("brought again: %+v, %v", state, err)
	}
	for _, id := range []string{"huge", "plain"} {
		if _, err := s.Ask(kim, id); code(t, err) != "not_found" {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestThePictureOfAPaperHoldsNothingButPixels(t *testing.T) {
	good := bare(t, 200)
	if out, err := Bare(good); err != nil || !bytes.Equal(out, good) {
		t.Fatalf("pixels alone: %v", err)
	}
	segment := func(marker byte, text string) []byte {
		return slices.Concat(good[:2], []byte{0xFF, marker, 0, byte(len(text) + 2)}, []byte(text), good[2:])
	}
	for name, whole := range map[string][]byte{
		"a comment": segment(0xFE, "taken at Stigen 3"), "Exif": segment(0xE1, "Exif\x00\x00GPS"), "a colour profile": segment(0xE2, "ICC_PROFILE"), "a long JFIF": segment(0xE0, "JFIF\x00 and more than it has"),
		"something behind its end": append(bytes.Clone(good), "PK\x03\x04"...), "no end": good[:len(good)-2], "nothing": nil, "a mark alone": good[:3], "a size that is none": {0xFF, 0xD8, 0xFF, 0xDB, 0, 1, 0xFF, 0xD9},
		"two ends": append(bytes.Clone(good), 0xFF, 0xD9),
	} {
		if _, err := Bare(whole); err == nil {
			t.Errorf("%s is taken", name)
		}
		s := collected(t, whole)
		if len(whole) == 0 {
			continue
		}
		if _, err := bring(s, kim, "paper", whole); code(t, err) != "photo_unreadable" {
			t.Errorf("%s is brought: %v", name, err)
		}
	}
}

func FuzzBare(f *testing.F) {
	f.Add([]byte{0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 1, 0xFF, 0xD9})
	f.Fuzz(func(t *testing.T, in []byte) {
		if out, err := Bare(in); err == nil && !bytes.Equal(out, in) {
			t.Fatal("other bytes came out")
		}
	})
}
