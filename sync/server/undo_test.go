package server_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// step is what somebody asks of the engine; it returns the answer.
type step func(h *house) any

func sends(person string, c wire.Commit) step {
	return func(h *house) any { return h.send(person, c) }
}

var errOnPurpose = errors.New("on purpose")

// spoilers have written something when it turns out that it has to be undone.
var spoilers = []struct {
	name string
	step step
	last bool // nothing is gathered behind it
}{
	{"refused", sends("kim", commit("spoiler", change("note", "half", fields{"item": "i1", "text": "x"}), change("item", "i1", fields{"phone": "forbidden"}, 1))), false},
	{"held and handed on", sends("kim", commit("spoiler", change("note", "half", fields{"item": "i1", "text": "x"}), change("meteor", "m", fields{"x": 1}))), false},
	{"a panic", sends("kim", commit("spoiler", change("note", "half", fields{"item": "i1", "text": "x"}), change("item", "i1", fields{"title": "panic"}, 1))), false},
	{"a failure after everything was written", sends("kim", commit("spoiler", change("note", "half", fields{"item": "i1", "text": "unlucky"}))), false},
	{"the house's own, refused", func(h *house) any {
		return h.House("org", "kim", []wire.Change{change("item", "half", fields{"people": []string{"kim"}}, -1), change("item", "i1", fields{"title": "forbidden"}, -1)})
	}, false},
	{"a touch", func(h *house) any {
		return h.Touch(func(tx server.Tx, _ func(person, org, record string) error) error {
			return errors.Join(tx.MoveEpoch("kim"), errOnPurpose)
		})
	}, true},
}

// A group is judged without savepoints until something has to be undone, and then once
// more with them. Whatever it is and wherever it stands, the answers, the records and
// the rows are those of the same steps one by one, and everybody is told once.
func TestS1_WhatHasToBeUndoneLeavesTheGroupAsItIsOneByOne(t *testing.T) {
	good := []step{
		sends("kim", commit("n1", change("note", "n1", fields{"item": "i1", "text": "one"}))),
		sends("alva", commit("phone-a", change("item", "i1", fields{"phone": "2"}, 1))),
		sends("eva", commit("phone-e", change("item", "i1", fields{"phone": "3"}, 1))), // a conflict
		sends("boss", commit("without-alva", change("item", "i1", fields{"people": []string{"kim", "eva"}}, 1))),
		sends("kim", commit("n2", change("note", "n2", fields{"item": "i1", "text": "two"}))),
	}
	for _, spoiler := range spoilers {
		for place := range len(good) + 1 {
			if spoiler.last && place < len(good) {
				continue
			}
			t.Run(fmt.Sprintf("%s, at place %d", spoiler.name, place), func(t *testing.T) {
				steps := slices.Insert(slices.Clone(good), place, spoiler.step)
				alone, group := newSpoiltHouse(t), newSpoiltHouse(t)
				alone.item("meanwhile")
				want, got := make([]any, len(steps)), make([]any, len(steps))
				asked := make([]func(), len(steps))
				for i, s := range steps {
					want[i] = s(alone)
					asked[i] = func() { got[i] = s(group) }
				}
				before := group.Transactions()
				group.together(asked...)
				if n := group.Transactions() - before; n != 1+2 {
					t.Errorf("%d transactions, want one meanwhile, one in vain, and one again", n)
				}
				if !reflect.DeepEqual(want, got) {
					t.Errorf("answers\n%+v, one by one\n%+v", got, want)
				}
				alone.Close()
				group.Close()
				same(t, alone, group)
				toldOnce(t, group, alone)
			})
		}
	}
}

// newSpoiltHouse has an item of three people; a note that is unlucky fails when all of
// its commit is applied, and what is held is handed on to boss.
func newSpoiltHouse(t *testing.T) *house {
	h := newHouse(t)
	h.policy.follow = func(_ server.Tx, _ server.Author, changed []server.Changed, _ func(wire.Change) error) error {
		if slices.ContainsFunc(changed, func(c server.Changed) bool { return asText(c.After.Fields["text"].Value) == "unlucky" }) {
			return errOnPurpose
		}
		return nil
	}
	h.policy.handOn = func(_ server.Author, c wire.Commit, _ *server.Refusal) ([]wire.Change, error) {
		return []wire.Change{change("item", "handed-on-"+c.ID, fields{"title": "look at it"})}, nil
	}
	h.item("i1", "kim", "alva", "eva")
	return h
}

// same compares what is kept, and what was told of it inside.
func same(t *testing.T, want, got *house) {
	t.Helper()
	if a, b := want.store.Records(), got.store.Records(); !reflect.DeepEqual(a, b) {
		t.Errorf("records\n%s, one by one\n%s", raw(b), raw(a))
	}
	if a, b := want.commits(), got.commits(); !reflect.DeepEqual(a, b) {
		t.Errorf("commits\n%+v, one by one\n%+v", b, a)
	}
	for _, person := range []string{"boss", "kim", "alva", "eva"} {
		if a, b := want.rows(person), got.rows(person); !reflect.DeepEqual(a, b) {
			t.Errorf("the rows of %s are\n%+v, one by one\n%+v", person, b, a)
		}
	}
	if !reflect.DeepEqual(want.changed, got.changed) {
		t.Errorf("changes\n%s, one by one\n%s", raw(got.changed), raw(want.changed))
	}
}

// commits lists those that are kept, by id.
func (h *house) commits() []*server.Kept {
	all := h.store.Commits()
	slices.SortFunc(all, func(a, b *server.Kept) int { return strings.Compare(a.Receipt.Commit, b.Receipt.Commit) })
	return all
}

func (h *house) rows(person string) (rows []server.InboxRow) {
	h.t.Helper()
	if err := h.store.Read(func(tx server.Tx) (err error) { rows, err = tx.InboxAfter(person, 0, 100); return err }); err != nil {
		h.t.Fatal(err)
	}
	return rows
}

// toldOnce sees that each was told of the group in one delivery that begins where the
// one before ended, with the records as they are one by one; who left fetches instead.
func toldOnce(t *testing.T, group, alone *house) {
	t.Helper()
	for _, person := range []string{"boss", "kim", "alva", "eva"} {
		all := group.toldTo(person)
		end, beforeGroup := int64(0), 1 // the item
		if person == "boss" {
			beforeGroup = 2 // and what was made meanwhile
		}
		for _, d := range all {
			if d.From != end || d.To <= d.From {
				t.Errorf("%s is told from %d to %d, and was at %d", person, d.From, d.To, end)
			}
			end = d.To
		}
		if end != group.end(person) || len(all) != beforeGroup+1 {
			t.Errorf("%s is told up to %d of %d, %d times", person, end, group.end(person), len(all))
			continue
		}
		last := all[len(all)-1]
		if person == "alva" {
			if last.Records != nil || last.Epoch != 1 {
				t.Errorf("alva, whose access shrank, is sent %s under epoch %d", last.Records, last.Epoch)
			}
			continue
		}
		told, newest := byID(t, all[beforeGroup:]), byID(t, alone.toldTo(person)[beforeGroup:])
		if len(told) != len(last.Records) || !reflect.DeepEqual(newest, told) {
			t.Errorf("%s is sent\n%s, one by one\n%v", person, last.Records, newest)
		}
	}
}

// byID is the newest that was told of each record.
func byID(t *testing.T, all []server.Delivery) map[string]string {
	t.Helper()
	newest := map[string]string{}
	for _, d := range all {
		for _, told := range d.Records {
			var r wire.Record
			if err := json.Unmarshal(told, &r); err != nil {
				t.Fatalf("%s: %v", told, err)
			}
			newest[r.ID] = string(told)
		}
	}
	return newest
}

func (h *house) toldTo(person string) (out []server.Delivery) {
	for _, d := range h.told {
		if d.Person == person {
			out = append(out, d)
		}
	}
	return out
}
