package server

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strconv"

	"bokvar/sync/merge"
	"bokvar/sync/wire"
)

// KindConflict is the kind of the records that keep what did not win. They
// belong to the organisation and root of the record they are about.
const KindConflict = "conflict"

// States of a conflict.
const (
	conflictOpen    = "open"    // somebody has to choose
	conflictKept    = "kept"    // a word has decided; the other value is kept here
	conflictSettled = "settled" // somebody has chosen
)

// ChooseBoth as a conflict's choice leaves the current value where it is and
// says that both are right.
const ChooseBoth = "both"

// maxVersions is how many bytes of values one conflict gathers; more begin a new
// one. Must be well below wire.PageBytes, for a record travels as a whole.
const maxVersions = 48 << 10

// version is one of the values that a conflict is about.
type version struct {
	Commit string          `json:"commit"`
	Value  json.RawMessage `json:"v"`
	By     string          `json:"by"`
	At     int64           `json:"at"`
}

func versionOf(f Field) version {
	v := version{Commit: f.Commit, Value: f.Value, By: f.By, At: f.At}
	if len(v.Value) == 0 {
		v.Value = json.RawMessage("null")
	}
	return v
}

// keepLoser keeps a value that did not win as a conflict record. Values that
// lose against the same current value are gathered in one open conflict. About
// conflicts themselves there is none: the choice that came first stands, and the
// other is in the history.
func (w *work) keepLoser(of *State, l merge.Loser) error {
	if of.Kind == KindConflict {
		return nil
	}
	r, err := w.conflict(of, l)
	if err != nil {
		return err
	}
	w.opened = true
	if r.now != nil {
		var versions []version
		if err := json.Unmarshal(r.now.Fields["versions"].Value, &versions); err != nil {
			return err
		}
		return w.put(r, w.with(r.now, "versions", w.beside(versions, versionOf(l.Lost))))
	}
	state := conflictKept
	if l.Open {
		state = conflictOpen
	}
	s := &State{Org: of.Org, ID: r.key.id, Kind: KindConflict, Root: of.Root, Fields: map[string]Field{}}
	for _, f := range []struct {
		name  string
		value any
	}{
		{"kind", of.Kind}, {"record", of.ID}, {"field", l.Field}, {"rule", l.Row.ID}, {"state", state},
		{"versions", []version{versionOf(l.Won), versionOf(l.Lost)}},
	} {
		s = w.with(s, f.name, f.value)
	}
	return w.put(r, s)
}

// beside adds a value that did not win. When its author changed their mind before
// anything was sent (the commit builds on the one that is in the conflict
// already), the newer word stands in its place: one answer a person. The older
// one is in the history.
func (w *work) beside(versions []version, lost version) []version {
	for i, v := range versions {
		if v.By == lost.By && slices.Contains(w.c.commit.After, v.Commit) {
			versions[i] = lost
			return versions
		}
	}
	return append(versions, lost)
}

// conflict finds the record to keep a loser in: the open one about the same
// current value, or a new one.
func (w *work) conflict(of *State, l merge.Loser) (*touched, error) {
	for n := 0; ; n++ {
		about := l.Lost.Commit + "/" + l.Won.Commit
		if l.Open {
			about = strconv.FormatInt(l.Won.Version, 10)
		}
		r, err := w.record(of.Org, conflictID(of, l.Field, about, n))
		if err != nil || r.now == nil {
			return r, err
		}
		if l.Open && text(r.now.Fields["state"].Value) == conflictOpen && len(r.now.Fields["versions"].Value)+len(l.Lost.Value) < maxVersions {
			return r, nil
		}
	}
}

// conflictID is derived, so that a transaction that is repeated makes the same one.
func conflictID(of *State, field, about string, n int) string {
	sum := sha256.Sum256([]byte(of.Org + "\x00" + of.ID + "\x00" + field + "\x00" + about + "\x00" + strconv.Itoa(n)))
	var id [16]byte
	copy(id[:], sum[:])
	id[6] = id[6]&0x0f | 0x80 // version 8: our own
	id[8] = id[8]&0x3f | 0x80
	return uuid(id)
}

// with sets a field of a conflict as the engine itself.
func (w *work) with(s *State, name string, value any) *State {
	raw, err := json.Marshal(value)
	if err != nil { // strings, numbers and values that were read as JSON
		panic(err)
	}
	return s.With(name, Field{
		Value: raw, Version: s.Fields[name].Version + 1,
		By: w.c.author.Person, At: w.c.when.At, Commit: w.c.commit.ID,
	})
}

// settle does what the choice in a conflict says, when this commit made it: the
// record's field gets the chosen value, and the conflict is settled.
func (w *work) settle(r *touched, at int64) error {
	f := r.now.Fields["choice"]
	choice := text(f.Value)
	if f.Commit != w.c.commit.ID || choice == "" {
		return nil
	}
	if choice != ChooseBoth {
		if err := w.choose(r.now, choice, at); err != nil {
			return err
		}
	}
	s := w.with(r.now, "state", conflictSettled)
	return w.put(r, w.with(s, "settled", map[string]any{"by": w.c.author.Person, "at": at}))
}

// choose sets the field that the conflict is about to the version of a commit.
func (w *work) choose(conflict *State, commit string, at int64) error {
	var versions []version
	if err := json.Unmarshal(conflict.Fields["versions"].Value, &versions); err != nil {
		return err
	}
	var chosen *version
	for i := range versions {
		if versions[i].Commit == commit {
			chosen = &versions[i]
		}
	}
	r, err := w.record(conflict.Org, text(conflict.Fields["record"].Value))
	if err != nil {
		return err
	}
	if chosen == nil || r.now == nil {
		return &Refusal{Status: wire.Refused, Code: wire.CodeInvalid, Sentence: wire.Sentences[wire.CodeInvalid]}
	}
	field := text(conflict.Fields["field"].Value)
	current := r.now.Fields[field]
	if merge.Equal(current.Value, chosen.Value) {
		return nil
	}
	next := Field{Value: chosen.Value, By: w.c.author.Person, At: at, Commit: w.c.commit.ID}
	return w.put(r, r.now.With(field, merge.Succeed(w.t.e.rules.Row(r.now.Kind, field), current, next)))
}

// text reads a JSON string; anything else is "".
func text(v json.RawMessage) (s string) {
	if json.Unmarshal(v, &s) != nil {
		return ""
	}
	return s
}
