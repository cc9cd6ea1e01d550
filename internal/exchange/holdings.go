package exchange

import (
	"encoding/json"
	"fmt"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// Holdings is what a landlord has already, as far as a list can touch it.
type Holdings struct {
	org        string
	households map[string]*holding // by contractKey
	imports    map[string]bool     // commits that took in a list
	last       int64               // as-of of the newest list, 0 before the first
}

// holding is one household with what hangs on it.
type holding struct {
	record   *server.State
	people   []*server.State
	cases    []*server.State
	claims   map[string]*server.State // by due month
	contacts []*server.State
}

// ReadHoldings reads the landlord's households, cases, claims and contacts.
func ReadHoldings(facts casework.Facts, org string) (*Holdings, error) {
	has := &Holdings{org: org, households: map[string]*holding{}, imports: map[string]bool{}}
	lists, err := facts.RecordsOfKind(org, "late_list")
	if err != nil {
		return nil, fmt.Errorf("exchange: reading earlier lists: %w", err)
	}
	for _, l := range lists {
		has.last = max(has.last, number(l, "as_of"))
		if commit := l.Fields["as_of"].Commit; commit != "" {
			has.imports[commit] = true
		}
	}
	byID := map[string]*holding{}
	for _, kind := range []string{"household", "person", "case", "claim", "contact"} {
		records, err := facts.RecordsOfKind(org, kind)
		if err != nil {
			return nil, fmt.Errorf("exchange: reading %s records: %w", kind, err)
		}
		for _, r := range records {
			has.add(byID, kind, r)
		}
	}
	return has, nil
}

func (has *Holdings) add(byID map[string]*holding, kind string, r *server.State) {
	if kind == "household" {
		h := &holding{record: r, claims: map[string]*server.State{}}
		byID[r.ID] = h
		if contract := text(r, "contract"); contract != "" {
			has.households[contractKey(contract)] = h
		}
		return
	}
	h := byID[text(r, "household")]
	if h == nil {
		return
	}
	switch kind {
	case "person":
		h.people = append(h.people, r)
	case "case":
		h.cases = append(h.cases, r)
	case "claim":
		h.claims[text(r, "due_month")] = r
	case "contact":
		h.contacts = append(h.contacts, r)
	}
}

// tenant is the person that the contract names first, nil when nobody is known.
func (h *holding) tenant() *server.State {
	for _, p := range h.people {
		if text(p, "position") == "tenant" {
			return p
		}
	}
	return nil
}

// openCase is the case about late rent that is open, nil when there is none.
func (h *holding) openCase() *server.State {
	for _, c := range h.cases {
		if reason := text(c, "reason"); text(c, "status") == "open" && (reason == "arrears" || reason == "repeated_late") {
			return c
		}
	}
	return nil
}

func (h *holding) caseByID(id string) *server.State {
	for _, c := range h.cases {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// within says whether some unit of the list works with the household. One
// without a case belongs to whoever takes it in.
func (h *holding) within(units map[string]bool) bool {
	for _, c := range h.cases {
		if units[text(c, "unit")] {
			return true
		}
	}
	return len(h.cases) == 0
}

// planned lists the contacts that still wait.
func (h *holding) planned() []*server.State {
	var wait []*server.State
	for _, c := range h.contacts {
		if unset(c, "outcome") && unset(c, "cancelled") && number(c, "planned_at") > 0 {
			wait = append(wait, c)
		}
	}
	return wait
}

func text(s *server.State, field string) string {
	var v string
	return value(s, field, v)
}

func number(s *server.State, field string) int64 {
	var v int64
	return value(s, field, v)
}

func yes(s *server.State, field string) bool {
	var v bool
	return value(s, field, v)
}

// value reads a field; what is missing or of another type is the zero value.
func value[T any](s *server.State, field string, zero T) T {
	if s == nil || unset(s, field) {
		return zero
	}
	v := zero
	if json.Unmarshal(s.Fields[field].Value, &v) != nil {
		return zero
	}
	return v
}

func unset(s *server.State, field string) bool {
	f, ok := s.Fields[field]
	return !ok || casework.IsNull(f.Value)
}
