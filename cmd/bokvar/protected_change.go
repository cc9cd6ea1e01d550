package main

import (
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// protectedChanges are new values of what was fetched, and by which fetch.
type protectedChanges struct {
	Reading string
	Changes []wire.Change
}

// maxProtectedChanges is how many records one request may change.
const maxProtectedChanges = 50

// protectedKinds are those whose closed fields can be changed; the others never change.
var protectedKinds = []string{"household", "person"}

// changedDetails is what the changed records hold now, as they were fetched.
type changedDetails struct {
	At       int64             `json:"at"`
	Conflict bool              `json:"conflict"` // somebody wrote something else at the same moment; both are kept
	Records  []protectedRecord `json:"records"`
}

var (
	errStale        = &casework.Error{Code: "stale", Sentence: "Någon annan har ändrat uppgifterna sedan du hämtade dem. Inget är sparat. Hämta dem igen och jämför."}
	errNotProtected = &casework.Error{Code: "not_allowed", Sentence: "Det går inte att ändra här. Ändra det i ärendet."}
	errNoChange     = &casework.Error{Code: "malformed", Sentence: "Servern kunde inte läsa det som skickades."}
)

// changeProtected writes new values of what a protected identity closes. They come
// from a screen and not through a device's outbox: the commit is judged like any other
// (access.md says who may write, rules.md who wins) and is in the log, and what it
// writes is in no page. What is already there as it should be is left out, so that
// sending it again after a lost answer does no harm. Nothing wrong is kept.
func (o *core) changeProtected(by *casework.Member, device, root string, body []byte) (any, error) {
	var in protectedChanges
	if json.Unmarshal(body, &in) != nil || len(in.Changes) == 0 || len(in.Changes) > maxProtectedChanges {
		return nil, errNoChange
	}
	commit := wire.Commit{ID: uuid.NewString(), At: o.clock().UnixMilli()}
	err := o.db.Facts(func(f casework.Facts) (err error) {
		if err = o.stillFetched(f, by, root, in.Reading); err != nil {
			return err
		}
		if commit.Changes, err = o.differing(f, by, root, in.Changes); err != nil {
			return err
		}
		commit.Cursor, _, err = f.InboxEnd(by.ID, 0)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := changedDetails{At: commit.At, Records: []protectedRecord{}}
	if len(commit.Changes) > 0 {
		receipt, err := o.submit(server.Author{Person: by.ID, Org: by.Org, Device: device}, commit)
		if err != nil {
			return nil, err
		}
		out.At, out.Conflict = receipt.At, receipt.Conflict
	}
	err = o.db.Facts(func(f casework.Facts) error {
		for _, change := range in.Changes {
			record, err := f.Record(by.Org, change.Record)
			if err != nil {
				return err
			}
			if out.Records, err = o.addFetched(f, by, record, out.Records); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// differing are the changes of what the file holds, without what is there already, and
// the people who are new in it.
func (o *core) differing(f casework.Facts, by *casework.Member, root string, changes []wire.Change) (out []wire.Change, err error) {
	seen := map[string]bool{}
	for _, change := range changes {
		if seen[change.Record] {
			return nil, errNoChange
		}
		seen[change.Record] = true
		record, err := f.Record(by.Org, change.Record)
		if err != nil {
			return nil, err
		}
		if record == nil && joins(change, root) && (change.Org == "" || change.Org == by.Org) {
			for name, set := range change.Fields {
				if problem := casework.Validate(change.Kind, name, set.Value); problem != nil {
					return nil, problem
				}
			}
			out = append(out, wire.Change{Kind: change.Kind, Record: change.Record, Fields: change.Fields})
			continue
		}
		if record == nil || record.Root != root || record.Kind != change.Kind || change.Org != "" && change.Org != by.Org {
			return nil, errNoSuchFile
		}
		fields := map[string]wire.Set{}
		for name, set := range change.Fields {
			field := casework.FieldOf(record.Kind, name)
			now := record.Fields[name]
			if field != nil && record.Kind == "person" && (name == "household" || name == "position") && equalValues(now.Value, set.Value) {
				continue // they were added by this already
			}
			if field == nil || !slices.Contains(protectedKinds, record.Kind) || !o.office.Access().Closes(field.Group) {
				return nil, errNotProtected
			}
			if problem := casework.Validate(record.Kind, name, set.Value); problem != nil {
				return nil, problem
			}
			if equalValues(now.Value, set.Value) {
				continue
			}
			if now.Version != set.Base {
				return nil, errStale
			}
			fields[name] = set
		}
		if len(fields) > 0 {
			out = append(out, wire.Change{Kind: record.Kind, Record: record.ID, Fields: fields})
		}
	}
	return out, nil
}

// joins says whether a change adds somebody to the household: with a name and what
// they are in it, and nothing that a person does not have.
func joins(change wire.Change, root string) bool {
	if change.Kind != "person" || casework.ValidateID(change.Record) != nil || textOf(change, "household") != root || textOf(change, "name") == "" || textOf(change, "position") == "" {
		return false
	}
	for name, set := range change.Fields {
		if casework.FieldOf("person", name) == nil || set.Base != 0 {
			return false
		}
	}
	return true
}

func textOf(change wire.Change, field string) (value string) {
	_ = json.Unmarshal(change.Fields[field].Value, &value)
	return value
}

func equalValues(a, b json.RawMessage) bool {
	if casework.IsNull(a) || casework.IsNull(b) {
		return casework.IsNull(a) == casework.IsNull(b)
	}
	return string(wire.CanonicalJSON(a)) == string(wire.CanonicalJSON(b))
}

// submit has one commit judged; what is not saved is an error.
func (o *core) submit(author server.Author, commit wire.Commit) (wire.Receipt, error) {
	raw, err := json.Marshal(commit)
	if err != nil {
		return wire.Receipt{}, err
	}
	receipt := o.engine.Submit(author, []json.RawMessage{raw})[0]
	if receipt.Status != wire.Saved {
		return receipt, &server.Refusal{Status: receipt.Status, Code: receipt.Code, Sentence: receipt.Sentence}
	}
	return receipt, nil
}
