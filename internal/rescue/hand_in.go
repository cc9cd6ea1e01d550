package rescue

import (
	"encoding/json"
	"fmt"
	"slices"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
)

// HandIn is what a device sends that cannot be let in. Nobody is signed in: the
// device's own key signs it.
type HandIn struct {
	Locker  string  `json:"locker"`
	Entries []Entry `json:"entries"`
}

// Entry is a commit or a part of a picture. One with a head alone is not kept: it
// brings a withdrawal that was sealed for its phone only.
type Entry struct {
	Head   string `json:"head"`
	Wrap   []byte `json:"wrap"`
	Sealed []byte `json:"sealed"`
	Part   int    `json:"part"`
	Parts  int    `json:"parts"` // 0 counts as 1
}

// head is what lies in clear on the device.
type head struct {
	Type   string `json:"t"` // "commit" or "photo"
	Order  int64  `json:"o"`
	ID     string `json:"c"`
	Number int    `json:"k"` // of the rescue key
	Org    string `json:"g"` // whose it is

	Outside []outside `json:"w"` // withdrawals, which nobody has to open
}

// Taken says what became of each piece that was handed in, by its id.
type Taken struct {
	Kept    []string `json:"kept"`
	Known   []string `json:"known"`   // the server had it
	Refused []string `json:"refused"` // not readable, or for a key that nobody here can open
	Closed  []string `json:"closed"`  // a withdrawal in it counts from now on, unopened
}

const (
	maxEntries = 500
	maxParts   = casework.MaxPhoto/casework.PhotoPart + 2
	maxHead    = 2000 // bytes
)

var (
	errUnknownDevice = &casework.Error{Code: "device_unknown", Sentence: "Servern känner inte igen telefonen. Det som väntar ligger kvar på den."}
	errFull          = &casework.Error{Code: "handed_full", Sentence: "Det ligger redan mycket inlämnat från den här telefonen. Det som är kvar ligger kvar på den."}
)

// TakeIn keeps what a device hands in. payload is a [HandIn] in JSON, the bytes that
// were signed. Handing in again changes nothing. An unknown device and a wrong
// signature are one answer.
func (s *Service) TakeIn(payload, signature []byte) (*Taken, error) {
	var in HandIn
	if json.Unmarshal(payload, &in) != nil || len(in.Entries) > maxEntries {
		return nil, errMalformed
	}
	author, device, err := s.signer(in.Locker, payload, signature)
	if err != nil {
		return nil, err
	}
	closed, err := s.withdraw(author, device.ID, in.Entries)
	if err != nil {
		return nil, err
	}
	size, err := s.Store.HandedSize(author.ID, device.ID)
	if err != nil {
		return nil, err
	}
	if size+int64(len(payload)) > MaxDevice {
		return nil, errFull
	}
	taken := &Taken{Kept: []string{}, Known: []string{}, Refused: []string{}, Closed: closed}
	open := map[string]map[int]bool{}
	var parts []casework.Handed
	for _, e := range in.Entries {
		if len(e.Wrap) == 0 && len(e.Sealed) == 0 && e.Head != "" {
			continue
		}
		h, id, err := s.read(e, author.Org, open)
		switch {
		case err != nil:
			return nil, err
		case h == nil:
			taken.Refused = append(taken.Refused, id)
			continue
		}
		h.Person, h.Device, h.Home, h.Received = author.ID, device.ID, author.Org, s.Clock().UnixMilli()
		parts = append(parts, *h)
	}
	if taken.Known, err = s.keep(parts, taken); err != nil {
		return nil, err
	}
	return taken, s.noteHandIn(author, device.ID, parts)
}

func (s *Service) keep(parts []casework.Handed, taken *Taken) ([]string, error) {
	known, err := s.Store.PutHanded(parts)
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, id := range known {
		there[id] = true
	}
	for _, h := range parts {
		if !there[h.ID] && h.Part == h.Parts-1 {
			taken.Kept = append(taken.Kept, h.ID)
		}
	}
	return append([]string{}, known...), nil
}

// signer is whose device signed the payload.
func (s *Service) signer(locker string, payload, signature []byte) (*casework.Member, *casework.Device, error) {
	device, err := s.Locker(locker)
	if err != nil {
		return nil, nil, err
	}
	if device == nil {
		return nil, nil, errUnknownDevice
	}
	good, err := s.Signed(device.Person, device.ID, payload, signature)
	if err != nil {
		return nil, nil, err
	}
	author, err := s.Member(device.Person)
	if err != nil {
		return nil, nil, err
	}
	if !good || author == nil {
		return nil, nil, errUnknownDevice
	}
	return author, device, nil
}

// read is nil for what cannot be kept; then id names it, as far as it can be told. open
// are the keys that somebody can open, by organisation, as they are looked up.
func (s *Service) read(e Entry, home string, open map[string]map[int]bool) (h *casework.Handed, id string, err error) {
	var at head
	if len(e.Head) > maxHead || json.Unmarshal([]byte(e.Head), &at) != nil {
		return nil, "", nil
	}
	e.Parts = max(e.Parts, 1)
	id = at.ID
	fits := casework.ValidateID(id) == nil && len(e.Wrap) == wrapSize && len(e.Sealed) > 0 && e.Part >= 0 && e.Part < e.Parts &&
		(at.Type == "commit" && e.Parts == 1 || at.Type == "photo" && e.Parts <= maxParts && at.Org == home)
	if !fits {
		return nil, id, nil
	}
	if open[at.Org] == nil {
		if open[at.Org], err = s.openable(home, at.Org); err != nil {
			return nil, id, err
		}
	}
	if !open[at.Org][at.Number] {
		return nil, id, nil
	}
	return &casework.Handed{ID: id, Org: at.Org, Number: at.Number, Part: e.Part, Parts: e.Parts, Head: e.Head, Wrap: e.Wrap, Sealed: e.Sealed}, id, nil
}

// openable are the organisation's rescue keys that two people can open, if people of
// home seal for it. What is sealed for another key stays on its phone.
func (s *Service) openable(home, org string) (map[int]bool, error) {
	out := map[int]bool{}
	partners, err := s.Partner(home)
	if err != nil || org != home && !slices.Contains(partners, org) {
		return out, err
	}
	st, holders, err := s.held(org)
	for _, k := range st.Keys {
		out[k.Number] = st.reach(k.Number, holders, "") != Nobody
	}
	return out, err
}

func (s *Service) noteHandIn(author *casework.Member, device string, parts []casework.Handed) error {
	for _, org := range orgsOf(parts) {
		n := 0
		for _, h := range parts {
			if h.Org == org && h.Part == 0 {
				n++
			}
		}
		if n == 0 {
			continue
		}
		if err := s.Note(audit.Entry{At: s.Clock().UnixMilli(), Person: author.ID, Device: device, Action: audit.HandIn, Org: org, What: fmt.Sprint(n, " sealed")}); err != nil {
			return err
		}
	}
	return nil
}

func orgsOf(parts []casework.Handed) (orgs []string) {
	seen := map[string]bool{}
	for _, h := range parts {
		if !seen[h.Org] {
			seen[h.Org] = true
			orgs = append(orgs, h.Org)
		}
	}
	return orgs
}
