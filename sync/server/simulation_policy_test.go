package server_test

import (
	"encoding/json"
	"fmt"
	"slices"

	"bokvar/sync/device"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// simPolicy is testPolicy with what moves scopes in other ways than by the record
// itself: somebody is on leave, and a partner ("soc") sees an item's notes while a
// consent was given and none was withdrawn. Work that comes late is taken in or
// found, by the cursor of its commit, as the product does (S17).
type simPolicy struct {
	*testPolicy
	away   map[string]bool
	untidy map[string]bool // whose inbox waits to be brought up to their scope
}

const partner = "soc"

func (p *simPolicy) Admit(tx server.Tx, author server.Author, c wire.Change, before *server.State) (string, error) {
	item, err := p.item(tx, c, before)
	if err != nil {
		return "", err
	}
	root, err := p.testPolicy.Admit(tx, author, c, before)
	late, isRefusal := err.(*server.Refusal)
	if !isRefusal || late.Code != wire.CodeNotFound || item == nil || author.Device == server.House || author.Org != c.Org {
		return root, err
	}
	row, err := tx.Inbox(author.Person, item.Org, item.ID)
	switch {
	case err != nil || row.Seq == 0:
		return "", refuse(wire.CodeNotFound)
	case row.Left && row.Seq <= author.Cursor:
		return item.ID, &server.Refusal{Status: wire.Held, Code: wire.CodeScopeEnded, Sentence: "x"}
	}
	return item.ID, nil
}

// item is what a change is about, nil when it is not there.
func (p *simPolicy) item(tx server.Tx, c wire.Change, before *server.State) (*server.State, error) {
	if before != nil {
		return itemOf(tx, before)
	}
	id := asText(c.Fields["item"].Value)
	if id == "" {
		return nil, nil
	}
	return tx.Record(c.Org, id)
}

func (p *simPolicy) Follow(tx server.Tx, author server.Author, changed []server.Changed, apply func(wire.Change) error) error {
	for _, c := range changed {
		for _, person := range append(people(c.After), people(c.Before)...) {
			if c.After.Kind == "item" && slices.Contains(people(c.After), person) != slices.Contains(people(c.Before), person) {
				p.untidy[person] = true // of what hangs on the item
			}
		}
		if c.Before != nil || c.After.Kind != "giving" && c.After.Kind != "withdrawal" {
			continue
		}
		p.untidy[partner] = true // what the notes show to them is told by the next rescope
		if c.After.Kind == "withdrawal" {
			if err := tx.ShutRoom(roomOf(c.After.Root), []string{partner}); err != nil {
				return err
			}
		}
	}
	return p.testPolicy.Follow(tx, author, changed, apply)
}

func (p *simPolicy) HandOn(_ server.Tx, author server.Author, c wire.Commit, why *server.Refusal) ([]wire.Change, error) {
	if why.Code != wire.CodeScopeEnded {
		return nil, nil
	}
	return []wire.Change{{Kind: "item", Record: "found-" + c.ID, Fields: map[string]wire.Set{"title": {Value: raw(author.Person), Base: -1}}}}, nil
}

func (p *simPolicy) Audience(tx server.Tx, s *server.State) ([]server.Viewer, error) {
	viewers, err := p.testPolicy.Audience(tx, s)
	if err != nil {
		return nil, err
	}
	for i := range viewers {
		if p.away[viewers[i].Person] {
			viewers[i].Class, viewers[i].Who = "away", false // told that it left them
		}
	}
	v, err := p.partner(tx, s)
	return append(viewers, v), err
}

func (p *simPolicy) Viewer(tx server.Tx, person string, s *server.State) (server.Viewer, error) {
	if person == partner {
		return p.partner(tx, s)
	}
	v, err := p.testPolicy.Viewer(tx, person, s)
	if p.away[person] {
		v.Class, v.Who = "away", false
	}
	return v, err
}

// partner is "soc" as a viewer: of an item's notes, while consent holds.
func (p *simPolicy) partner(tx server.Tx, s *server.State) (server.Viewer, error) {
	v := server.Viewer{Person: partner, Class: "outside", Who: false}
	if s.Kind != "note" {
		return v, nil
	}
	for n := range consents {
		given, err := tx.Record(s.Org, consentID("giving", n, s.Root))
		if err != nil || given == nil {
			return v, err
		}
		withdrawn, err := tx.Record(s.Org, consentID("withdrawal", n, s.Root))
		if err != nil {
			return v, err
		}
		if withdrawn == nil {
			v.Class, v.Who = "partner", true
		}
	}
	return v, nil
}

// Project shows a partner what they see through the room of the item.
func (p *simPolicy) Project(tx server.Tx, v server.Viewer, s *server.State) (server.Projection, error) {
	seen, err := p.testPolicy.Project(tx, v, s)
	if v.Class == "partner" {
		seen.Room = roomOf(s.Root)
	}
	return seen, err
}

// consents is how often consent may be given for an item, one after the other.
const consents = 3

func consentID(kind string, n int, item string) string { return fmt.Sprintf("%s-%d-%s", kind, n, item) }

// roomOf is the room that an item's notes are seen through.
func roomOf(item string) string { return "room-" + item }

func (p *simPolicy) Tidying(_ server.Tx, person string) (bool, error) { return p.untidy[person], nil }

// sees is what a person may see of a record, and whether at all.
func (p *simPolicy) sees(tx server.Tx, person string, s *server.State) (server.Projection, error) {
	v, err := p.Viewer(tx, person, s)
	if err != nil {
		return server.Projection{}, err
	}
	return p.Project(tx, v, s)
}

// leave begins or ends somebody's leave of absence. Access ends at once, by the
// epoch; inboxes are tidied later.
func (w *world) leave() {
	person := []string{"kim", "alva", "maj", "rolf"}[w.rand.IntN(4)]
	was := w.policy.away[person]
	w.listen(func() {
		err := w.engine.Touch(func(tx server.Tx, _ func(person, org, record string) error) error {
			w.policy.away[person], w.policy.untidy[person] = !was, true
			return tx.MoveEpoch(person)
		})
		if err != nil { // the disk was full: nothing has moved
			w.policy.away[person] = was
		}
	})
}

// consent lets somebody who carries an item give or withdraw consent for it, and
// give it again. Two may do so at the same time: what is written first is never
// changed. What was given is rather withdrawn than another item's given.
func (w *world) consent(p *peer) []wireEdit {
	var given, fresh []wireEdit
	for _, v := range p.device.Views() {
		if v.Kind != "item" {
			continue
		}
		has := func(kind string, n int) bool {
			return p.device.View(device.Key{Org: v.Org, ID: consentID(kind, n, v.ID)}) != nil
		}
		n := 0
		for n < consents && has("withdrawal", n) {
			n++
		}
		if n == consents {
			continue
		}
		fields := map[string]json.RawMessage{"item": raw(v.ID), "text": raw(w.newID("words"))}
		if has("giving", n) {
			given = append(given, wireEdit{Org: v.Org, Kind: "withdrawal", Record: consentID("withdrawal", n, v.ID), Fields: fields})
		} else {
			fresh = append(fresh, wireEdit{Org: v.Org, Kind: "giving", Record: consentID("giving", n, v.ID), Fields: fields})
		}
	}
	if i := slices.IndexFunc(given, func(e wireEdit) bool { return w.looksThrough(roomOf(asText(e.Fields["item"]))) }); i >= 0 {
		return given[i : i+1] // where it matters at this moment
	}
	if len(given) > 0 && (len(fresh) == 0 || w.rand.IntN(2) == 0) {
		fresh = given
	}
	if len(fresh) == 0 {
		return nil
	}
	return fresh[w.rand.IntN(len(fresh)):][:1]
}

// withdraw lets somebody who is connected withdraw a consent at once, one through
// which a connected device shows something if there is such a one.
func (w *world) withdraw(p *peer) {
	edits := w.consent(p)
	if !p.online || p.cutOff || len(edits) == 0 {
		return
	}
	w.write(p, w.newID("c"), edits)
	for _, m := range p.device.Commits() {
		w.serve(p, m)
	}
}

// looksThrough says whether a device that is connected has something through the room.
func (w *world) looksThrough(room string) bool {
	for _, p := range w.peers {
		for _, r := range p.device.Records() {
			if through, _ := wire.RoomOf(r.Room); p.online && r.Room != "" && through == room {
				return true
			}
		}
	}
	return false
}
