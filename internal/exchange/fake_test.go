package exchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// now is when files come in these tests.
var now = time.Date(2026, 11, 18, 8, 0, 0, 0, casework.Zone)

var jonna = casework.Member{ID: "jonna", Org: "hem", Role: casework.Coordinator, Units: []string{"norr"}, Active: true}

// office keeps records and proposals in memory and writes what it is told, as
// one commit each time.
type office struct {
	facts
	commits   int
	changes   []casework.HouseChange // of the last commit
	proposals map[string][]byte
}

type facts struct {
	casework.Facts
	records map[string]*server.State
}

func (f *facts) RecordsOfKind(org, kind string) ([]*server.State, error) {
	var list []*server.State
	for _, r := range f.records {
		if r.Org == org && r.Kind == kind {
			list = append(list, r)
		}
	}
	return list, nil
}

func newOffice() *office {
	return &office{facts: facts{records: map[string]*server.State{}}, proposals: map[string][]byte{}}
}

func (o *office) Write(org, person string, changes []casework.HouseChange) error {
	o.commits++
	o.changes = changes
	for _, c := range changes {
		r := o.records[c.Record]
		if r == nil {
			r = &server.State{Org: org, ID: c.Record, Kind: c.Kind, Fields: map[string]server.Field{}}
			o.records[c.Record] = r
		}
		for field, v := range c.Fields {
			raw, err := json.Marshal(v)
			if err != nil {
				return err
			}
			if problem := casework.Validate(c.Kind, field, raw); problem != nil {
				return problem
			}
			r.Fields[field] = server.Field{Value: raw, Version: r.Fields[field].Version + 1, By: person, Commit: fmt.Sprint("commit ", o.commits)}
		}
	}
	return nil
}

func (o *office) PutProposal(id, org, by string, made time.Time, body []byte) error {
	o.proposals[org+"/"+id] = body
	return nil
}

func (o *office) Proposal(id, org string) ([]byte, error) { return o.proposals[org+"/"+id], nil }

func (o *office) Proposals(org string) ([]string, error) {
	var ids []string
	for key := range o.proposals {
		if id, ok := strings.CutPrefix(key, org+"/"); ok {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func (o *office) DropProposal(id, org string) error {
	delete(o.proposals, org+"/"+id)
	return nil
}

func (o *office) service() *Service {
	return &Service{
		Imports: o, Office: o, Clock: func() time.Time { return now },
		Read: func(f func(casework.Facts) error) error { return f(&o.facts) },
	}
}

// set writes one field the way a person's phone does.
func (o *office) set(t *testing.T, kind, record, field string, v any) {
	t.Helper()
	if err := o.Write("hem", "kim", []casework.HouseChange{{Kind: kind, Record: record, Fields: map[string]any{field: v}}}); err != nil {
		t.Fatal(err)
	}
}

// of finds the one record of a kind whose field has the value.
func (o *office) of(t *testing.T, kind, field, v string) *server.State {
	t.Helper()
	for _, r := range o.records {
		if r.Kind == kind && text(r, field) == v {
			return r
		}
	}
	t.Fatalf("no %s with %s %q", kind, field, v)
	return nil
}

// take proposes a list and confirms it.
func (o *office) take(t *testing.T, file string) (*Proposal, *Result) {
	t.Helper()
	p := o.propose(t, file, false)
	done, err := o.service().Confirm(jonna, p.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p, done
}

func (o *office) propose(t *testing.T, file string, partial bool) *Proposal {
	t.Helper()
	p, err := o.service().Propose(jonna, "obetalda.csv", strings.NewReader(file), partial)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// lists is a file printed at a time of 18 November 2026, with the rows given.
func lists(clock string, rows ...string) string {
	return "Utskriven 2026-11-18 " + clock + "\nKontraktsnummer;Hyresgäst;Personnummer;Gatuadress;Telefon;Avser månad;Kapital;Avgifter;Barn;Sen första gången\n" + strings.Join(rows, "\n") + "\n"
}

func code(err error) string {
	var p *Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return fmt.Sprint(err)
}

func mustParse(t *testing.T, data string) *List {
	t.Helper()
	list, problem := Parse("lista.csv", []byte(data), now)
	if problem != nil {
		t.Fatal(problem)
	}
	return list
}
