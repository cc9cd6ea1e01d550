package server_test

import (
	"encoding/json"
	"slices"
	"testing"

	"bokvar/sync/rules"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// testRules has a row for every word, on the kinds that testPolicy knows.
const testRules = `
| word | means |
| --- | --- |
| latest | x |
| first | x |
| keep-both | x |
| most-protective | x |
| locked | x |
| ask | x |
| tick | x |
| furthest | x |
| latest-import | x |
| keep | x |
| hold | x |
| merge-text | x |

| id | kind | field | word | who wins |
| --- | --- | --- | --- | --- |
| people | item | people, title, count | latest | x |
| outcome | item | outcome | ask | x |
| phone | item | phone | keep-both | x |
| opened | item | opened | first | x |
| safety | item | safety | keep | x |
| stage | item | stage | furthest(one<two<three) | x |
| protected | item | protected | most-protective(false<true) | x |
| done | item | done | tick | x |
| debt | item | debt, as_of | latest-import(as_of) | x |
| secret | item | secret | latest | x |
| message | item | message | merge-text(1000) | x |
| note | note | item, text | locked | x |
| giving | giving | item, text | hold | x |
| withdrawal | withdrawal | item, text | hold | x |
| about | conflict | kind, record, field, rule, versions, state, settled | latest | x |
| choice | conflict | choice | first | x |
`

func loadTestRules(t testing.TB) *rules.Table {
	t.Helper()
	table, err := rules.Parse("test", []byte(testRules))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// testPolicy is a small product: an item is carried by the people it names and
// by "boss"; a note by those who carry its item; the field "secret" is seen by
// boss alone. It derives count, the number of people.
type testPolicy struct {
	sound   bool // "panic" as a value does not panic any more: the bug was found
	tidying bool
	hide    func(person string) bool // who sees nothing at all
	handOn  func(author server.Author, c wire.Commit, why *server.Refusal) ([]wire.Change, error)
	follow  func(tx server.Tx, author server.Author, changed []server.Changed, apply func(wire.Change) error) error
}

func refuse(code string) error { return &server.Refusal{Status: wire.Refused, Code: code} }

func (p *testPolicy) Admit(tx server.Tx, author server.Author, c wire.Change, before *server.State) (string, error) {
	if c.Kind != "item" && c.Kind != "note" && c.Kind != "conflict" && c.Kind != "giving" && c.Kind != "withdrawal" {
		return "", &server.Refusal{Status: wire.Held, Code: wire.CodeServerTooOld}
	}
	if c.Org != author.Org {
		return "", refuse(wire.CodeNotFound)
	}
	for name, set := range c.Fields {
		switch string(set.Value) {
		case `"forbidden"`:
			return "", refuse(wire.CodeInvalid)
		case `"panic"`:
			if !p.sound {
				panic("on purpose: " + name)
			}
		}
	}
	if before != nil {
		if author.Device != server.House && !carries(tx, author.Person, before) {
			return "", refuse(wire.CodeNotFound)
		}
		return before.Root, nil
	}
	switch c.Kind {
	case "conflict":
		return "", refuse(wire.CodeNotAllowed)
	case "note", "giving", "withdrawal":
		if c.Kind == "giving" && len(c.Fields["item"].Value) == 0 {
			return c.Record, nil
		}
		item, err := tx.Record(c.Org, asText(c.Fields["item"].Value))
		if err != nil {
			return "", err // never a refusal: that would be for ever
		}
		if item == nil || !carries(tx, author.Person, item) {
			return "", refuse(wire.CodeNotFound)
		}
		return item.ID, nil
	}
	return c.Record, nil
}

func (p *testPolicy) Follow(tx server.Tx, author server.Author, changed []server.Changed, apply func(wire.Change) error) error {
	if p.follow != nil {
		if err := p.follow(tx, author, changed, apply); err != nil {
			return err
		}
	}
	for _, c := range changed {
		if c.After.Kind != "item" {
			continue
		}
		now, was := people(c.After), people(c.Before)
		for _, person := range was {
			if !slices.Contains(now, person) {
				if err := tx.MoveEpoch(person); err != nil {
					return err
				}
			}
		}
		if len(now) == len(was) {
			continue
		}
		count, _ := json.Marshal(len(now))
		if err := apply(wire.Change{Org: c.After.Org, Kind: "item", Record: c.After.ID, Fields: map[string]wire.Set{"count": {Value: count, Base: -1}}}); err != nil {
			return err
		}
	}
	return nil
}

func (p *testPolicy) Audience(tx server.Tx, s *server.State) ([]server.Viewer, error) {
	item, err := itemOf(tx, s)
	if err != nil {
		return nil, err
	}
	viewers := []server.Viewer{{Person: "boss", Class: "boss"}}
	for _, person := range people(item) {
		viewers = append(viewers, server.Viewer{Person: person, Class: "visitor", Who: true})
	}
	return viewers, nil
}

func (p *testPolicy) Viewer(tx server.Tx, person string, s *server.State) (server.Viewer, error) {
	if person == "boss" {
		return server.Viewer{Person: person, Class: "boss"}, nil
	}
	if p.hide != nil && p.hide(person) {
		return server.Viewer{Person: person, Class: "hidden", Who: false}, nil
	}
	if !carries(tx, person, s) {
		return server.Viewer{Person: person, Class: "outside", Who: false}, nil
	}
	return server.Viewer{Person: person, Class: "visitor", Who: true}, nil
}

func (p *testPolicy) Project(_ server.Tx, v server.Viewer, s *server.State) (server.Projection, error) {
	seen := server.Projection{Visible: v.Class == "boss" || v.Who == true, Fields: map[string]json.RawMessage{}}
	for name, f := range s.Fields {
		if name != "secret" || v.Class == "boss" {
			seen.Fields[name] = f.Value
		}
	}
	return seen, nil
}

func (p *testPolicy) Tidying(server.Tx, string) (bool, error) { return p.tidying, nil }

func (p *testPolicy) HandOn(_ server.Tx, author server.Author, c wire.Commit, why *server.Refusal) ([]wire.Change, error) {
	if p.handOn == nil {
		return nil, nil
	}
	return p.handOn(author, c, why)
}

func carries(tx server.Tx, person string, s *server.State) bool {
	item, err := itemOf(tx, s)
	return err == nil && (person == "boss" || slices.Contains(people(item), person))
}

// itemOf finds the item that a record belongs to, nil when there is none.
func itemOf(tx server.Tx, s *server.State) (*server.State, error) {
	if s.Kind == "item" || s.Root == s.ID {
		return s, nil
	}
	return tx.Record(s.Org, s.Root)
}

func people(s *server.State) (list []string) {
	if s != nil {
		_ = json.Unmarshal(s.Fields["people"].Value, &list)
	}
	return list
}

func asText(v json.RawMessage) (s string) {
	_ = json.Unmarshal(v, &s)
	return s
}
