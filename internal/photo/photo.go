// Package photo keeps the pictures that belong to records of the kind photo.
//
// A record says that there is a picture, what it is of, how big it is and what
// its hash is, and holds a small view of it; it travels like a note. The picture
// itself follows in parts, after the text and never before it. A part may be sent
// any number of times. When the last one is there, the picture is compared with
// the record's hash and written anew from its pixels, so that nothing else that a
// file can carry (place, owner, programs) is kept.
//
// A picture of a paper that was signed (paper_photo) is evidence: its hash is part of
// what was noted when the consent was given, so it is kept to the byte. It must hold
// nothing but pixels when it comes; see [Bare]. It belongs to social services, whoever
// took it: who brought it may send it, and only who reads the consent may see it.
package photo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"image"
	"image/jpeg"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// Limits of a picture.
const (
	PartBytes = casework.PhotoPart
	MaxBytes  = casework.MaxPhoto
	MaxSide   = 1600 // pixels
	quality   = 85   // of JPEG, when written anew
)

// Errors that the app tells a person or acts on.
var (
	errNotThere = &casework.Error{Code: "not_found", Sentence: "Det finns inget här."}
	errBroken   = &casework.Error{Code: "photo_broken", Sentence: "Bilden kom inte fram hel. Den skickas igen från telefonen."}
	errNoPhoto  = &casework.Error{Code: "photo_unreadable", Sentence: "Servern kan inte läsa bilden. Ta en ny bild."}
	errPart     = &casework.Error{Code: "malformed", Sentence: "Servern kunde inte läsa det som skickades."}
)

// Service takes pictures in and hands them out.
type Service struct {
	Photos casework.PhotoStore
	Record func(org, id string) (*server.State, error)
	// Partners lists the organisations that people of one collect consents for.
	Partners func(org string) ([]string, error)
	// Sees says whether the person may see the record now, also one that they do not carry.
	Sees func(person string, record *server.State) (bool, error)
}

// State is how much of a picture has come.
type State struct {
	Complete bool  `json:"complete"`
	Missing  []int `json:"missing"` // numbers of parts, from 0
}

// described is what the record says of its picture.
type described struct {
	record *server.State
	size   int
	hash   string
}

func (d described) parts() int { return (d.size + PartBytes - 1) / PartBytes }

// own finds the record of a picture that the person has taken, also on behalf of
// another organisation. "Not there" and "not yours" are one answer.
func (s *Service) own(by *casework.Member, id string) (d described, err error) {
	d, err = s.find(by.Org, id)
	if err == errNotThere && s.Partners != nil {
		d, err = s.collected(by, id)
	}
	if err != nil {
		return d, err
	}
	if d.takenBy() != by.ID {
		return d, errNotThere
	}
	return d, nil
}

// collected looks where people of the organisation collect consents.
func (s *Service) collected(by *casework.Member, id string) (described, error) {
	partners, err := s.Partners(by.Org)
	if err != nil {
		return described{}, err
	}
	for _, org := range partners {
		d, err := s.find(org, id)
		if err == nil && d.exact() || err != nil && err != errNotThere {
			return d, err
		}
	}
	return described{}, errNotThere
}

// exact says whether the picture is kept to the byte.
func (d described) exact() bool { return d.record.Kind == "paper_photo" }

func (d described) takenBy() string {
	if d.exact() {
		return d.record.Fields["hash"].By
	}
	return value[string](d.record, "by")
}

func (s *Service) find(org, id string) (d described, err error) {
	if d.record, err = s.Record(org, id); err != nil {
		return d, err
	}
	if d.record == nil || d.record.Kind != "photo" && d.record.Kind != "paper_photo" {
		return d, errNotThere
	}
	d.size, d.hash = value[int](d.record, "size"), value[string](d.record, "hash")
	if d.exact() && (d.size < 1 || d.size > MaxBytes) {
		return d, errNotThere // it was taken in, as all of a consent is, but no picture can come to it
	}
	return d, nil
}

func value[T any](record *server.State, field string) (v T) {
	_ = json.Unmarshal(record.Fields[field].Value, &v) // what is not there is zero
	return v
}

// Ask tells what is still missing of a picture that the person has taken.
func (s *Service) Ask(by *casework.Member, id string) (State, error) {
	d, err := s.own(by, id)
	if err != nil {
		return State{}, err
	}
	return s.state(d)
}

func (s *Service) state(d described) (State, error) {
	there, err := s.Photos.HasPhoto(d.record.Org, d.record.ID)
	if err != nil || there {
		return State{Complete: there, Missing: []int{}}, err
	}
	parts, err := s.Photos.PhotoParts(d.record.Org, d.record.Root, d.record.ID)
	if err != nil {
		return State{}, err
	}
	missing := []int{}
	for n := range d.parts() {
		if parts[n] == nil {
			missing = append(missing, n)
		}
	}
	return State{Missing: missing}, nil
}

// Take takes part n of a picture that the person has taken. Only the record's
// author may bring it, and also after their access to it has ended: it belongs to
// what they wrote then.
func (s *Service) Take(by *casework.Member, id string, n int, part []byte) (State, error) {
	d, err := s.own(by, id)
	if err != nil {
		return State{}, err
	}
	if n < 0 || n >= d.parts() || len(part) != min(PartBytes, d.size-n*PartBytes) {
		return State{}, errPart
	}
	there, err := s.Photos.HasPhoto(d.record.Org, d.record.ID)
	if err != nil || there {
		return State{Complete: there, Missing: []int{}}, err
	}
	if err := s.Photos.PutPhotoPart(d.record.Org, d.record.Root, id, n, part); err != nil {
		return State{}, err
	}
	state, err := s.state(d)
	if err != nil || len(state.Missing) > 0 {
		return state, err
	}
	return s.complete(d)
}

// complete puts the parts together. What is not the picture that the record
// speaks of is dropped, so that it can be sent again.
func (s *Service) complete(d described) (State, error) {
	parts, err := s.Photos.PhotoParts(d.record.Org, d.record.Root, d.record.ID)
	if err != nil {
		return State{}, err
	}
	var whole []byte
	for n := range d.parts() {
		whole = append(whole, parts[n]...)
	}
	if sum := sha256.Sum256(whole); hex.EncodeToString(sum[:]) != d.hash {
		return State{}, refused(s.Photos.DropPhotoParts(d.record.Org, d.record.ID), errBroken)
	}
	clean, problem := Clean(whole)
	if problem == nil && d.exact() {
		clean, problem = Bare(whole)
	}
	if problem != nil {
		return State{}, refused(s.Photos.DropPhotoParts(d.record.Org, d.record.ID), problem)
	}
	return State{Complete: true, Missing: []int{}}, s.Photos.PutPhoto(d.record.Org, d.record.Root, d.record.ID, d.takenBy(), clean)
}

func refused(err error, problem *casework.Error) error {
	if err != nil {
		return err
	}
	return problem
}

// Clean writes a JPEG anew from its pixels.
func Clean(picture []byte) ([]byte, *casework.Error) {
	config, err := jpeg.DecodeConfig(bytes.NewReader(picture))
	if err != nil || config.Width > MaxSide || config.Height > MaxSide || config.Width < 1 || config.Height < 1 {
		return nil, errNoPhoto
	}
	pixels, err := jpeg.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, errNoPhoto
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.Image(pixels), &jpeg.Options{Quality: quality}); err != nil {
		return nil, errNoPhoto
	}
	return out.Bytes(), nil
}

// Show is the picture, for those who may see its record.
func (s *Service) Show(by *casework.Member, id string) (picture []byte, root string, err error) {
	d, err := s.find(by.Org, id)
	if err != nil {
		return nil, "", err
	}
	if seen, err := s.Sees(by.ID, d.record); err != nil || !seen {
		return nil, "", refused(err, errNotThere)
	}
	picture, err = s.Photos.Photo(d.record.Org, d.record.Root, id)
	if err == nil && picture == nil {
		err = errNotThere
	}
	return picture, d.record.Root, err
}

// Keep keeps a whole picture that came by another way than its parts. It must be the
// one that its record's hash speaks of.
func Keep(photos casework.PhotoStore, org, root, id, by, hash string, picture []byte) error {
	if sum := sha256.Sum256(picture); root == "" || len(picture) > MaxBytes || hex.EncodeToString(sum[:]) != hash {
		return errBroken
	}
	clean, problem := Clean(picture)
	if problem != nil {
		return problem
	}
	return photos.PutPhoto(org, root, id, by, clean)
}
