package main

import (
	"encoding/json"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/photo"
	"bokvar/internal/rescue"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// newRescue wires what two people open to the accounts, the engine and the store.
func newRescue(o *core) *rescue.Service {
	return &rescue.Service{
		Store: o.db, Settings: o.db, Clock: o.clock,
		Member: o.db.FindMember, Locker: o.db.FindLocker, Signed: o.accounts.Verify,
		May:     func(role casework.Role) bool { return o.office.Access().Cell("rescue", role).Read != "never" },
		Partner: o.collectsFor,
		Submit: func(author server.Author, raws []json.RawMessage) []wire.Receipt {
			return o.engine.Submit(author, raws)
		},
		Picture: o.handedPicture,
		Note:    func(e audit.Entry) error { return o.db.Audit(e) },
	}
}

// collectsFor lists the organisations that people of the organisation collect
// consents for: those of its agreements.
func (o *core) collectsFor(org string) (out []string, err error) {
	err = o.db.Facts(func(f casework.Facts) error {
		agreements, err := f.RecordsOfKind(org, "agreement")
		if err != nil {
			return err
		}
		for _, r := range agreements {
			if social := word(r, "social_org"); social != org && social != "" {
				out = append(out, social)
			}
		}
		return nil
	})
	return out, err
}

// handedPicture keeps an opened picture with the case file that its record is about:
// the record itself, or the one that lies in the lost-and-found.
func (o *core) handedPicture(home, person, id string, jpeg []byte) error {
	var root, hash string
	err := o.db.Facts(func(f casework.Facts) error {
		record, err := f.Record(home, id)
		if err != nil {
			return err
		}
		if record != nil && record.Kind == "photo" {
			if word(record, "by") == person {
				root, hash = record.Root, word(record, "hash")
			}
			return nil
		}
		root, hash, err = foundPicture(f, home, person, id)
		return err
	})
	if err != nil {
		return err
	}
	return photo.Keep(o.db, home, root, id, person, hash, jpeg)
}

func foundPicture(f casework.Facts, home, person, id string) (root, hash string, err error) {
	all, err := f.RecordsOfKind(home, "found")
	for _, r := range all {
		var changes []casework.FoundChange
		if word(r, "by") != person || json.Unmarshal(r.Fields["changes"].Value, &changes) != nil {
			continue
		}
		for _, c := range changes {
			if c.Kind == "photo" && c.Record == id {
				_ = json.Unmarshal(c.Fields["hash"].Value, &hash) // "" fits no picture
				return r.Root, hash, nil
			}
		}
	}
	return "", "", err
}

// rescueDoor is the rescue keys as package web knows them.
type rescueDoor struct{ service *rescue.Service }

func (d rescueDoor) Keys(org string) (any, error) { return d.service.Keys(org) }

func (d rescueDoor) TakeIn(payload, signature []byte) (any, error) {
	return d.service.TakeIn(payload, signature)
}

func (d rescueDoor) View(by *casework.Member) (any, error) { return d.service.View(by) }

var errUnreadable = &casework.Error{Code: "malformed", Sentence: "Servern kunde inte läsa det som skickades."}

func (d rescueDoor) Hold(by *casework.Member, body []byte) error {
	var in struct {
		Public, Wrapped []byte
		Moved           []rescue.Moved
	}
	if json.Unmarshal(body, &in) != nil {
		return errUnreadable
	}
	return d.service.Hold(by, in.Public, in.Wrapped, in.Moved)
}

func (d rescueDoor) Move(by *casework.Member, body []byte) error {
	var in struct{ Moved []rescue.Moved }
	if json.Unmarshal(body, &in) != nil {
		return errUnreadable
	}
	return d.service.Move(by, in.Moved)
}

func (d rescueDoor) Make(by *casework.Member, body []byte) error {
	var in struct {
		Number int
		Public []byte
		Shares []rescue.Share
	}
	if json.Unmarshal(body, &in) != nil {
		return errUnreadable
	}
	return d.service.Make(by, in.Number, in.Public, in.Shares)
}

func (d rescueDoor) Begin(by *casework.Member, body []byte) (any, error) {
	var in struct {
		Why   string
		Given []rescue.Given
	}
	if json.Unmarshal(body, &in) != nil {
		return nil, errUnreadable
	}
	return d.service.Begin(by, in.Why, in.Given)
}

func (d rescueDoor) Stop(by *casework.Member, id string) error { return d.service.Stop(by, id) }

func (d rescueDoor) Locked(by *casework.Member, id string) (any, error) {
	return d.service.Locked(by, id)
}

func (d rescueDoor) Open(by *casework.Member, id string, body []byte) (any, error) {
	var in struct {
		Keys []rescue.Opened
		Anew []rescue.Anew
	}
	if json.Unmarshal(body, &in) != nil {
		return nil, errUnreadable
	}
	return d.service.Open(by, id, in.Keys, in.Anew)
}

// blocked says whether the device is one that is let in no more.
func (o *core) blocked(person, device string) (bool, error) {
	d, err := o.db.FindDevice(person, device)
	return d != nil && d.State != "" && d.State != casework.DeviceActive, err
}
