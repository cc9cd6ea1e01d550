package method

import (
	"reflect"
	"testing"

	"bokvar/internal/casework"
)

const today = "2026-11-18"

// One row per rule and side of its bound, named by the rule's id.
func TestEachRule(t *testing.T) {
	p := model(t)
	tested := map[string]bool{}
	for _, c := range []struct {
		rule  string
		facts Facts
		want  *casework.Reason
		sv    string
	}{
		{"eviction_near", Facts{Eviction: "2026-11-24"}, &casework.Reason{ID: "eviction_near", Date: "2026-11-24"}, "Avhysning om 6 dagar"},
		{"eviction_near", Facts{Eviction: "2026-11-19"}, &casework.Reason{ID: "eviction_near", Date: "2026-11-19"}, "Avhysning i morgon"},
		{"eviction_near", Facts{Eviction: today}, &casework.Reason{ID: "eviction_near", Date: today}, "Avhysning i dag"},
		{"eviction_near", Facts{Eviction: "2026-11-17"}, nil, ""},
		{"eviction_near", Facts{Eviction: "2027-06-01"}, nil, ""},
		{"children", Facts{Children: true}, &casework.Reason{ID: "children"}, "Barn i hemmet"},
		{"young", Facts{Born: []int{2008}}, &casework.Reason{ID: "young"}, "18–25 år"},
		{"young", Facts{Born: []int{1970, 2001}}, &casework.Reason{ID: "young"}, "18–25 år"},
		{"young", Facts{Born: []int{2009}}, nil, ""},
		{"young", Facts{Born: []int{2000, 0}}, nil, ""},
		{"older", Facts{Born: []int{1961}}, &casework.Reason{ID: "older"}, "65 och äldre"},
		{"older", Facts{Born: []int{1962}}, nil, ""},
		{"two_rents", Facts{Rents: 2}, &casework.Reason{ID: "two_rents", N: 2}, "2 hyror obetalda"},
		{"two_rents", Facts{Rents: 1}, nil, ""},
		{"disability", Facts{Disability: true}, &casework.Reason{ID: "disability"}, "Funktionsnedsättning"},
		{"first_time_late", Facts{FirstTimeLate: true}, &casework.Reason{ID: "first_time_late"}, "Sen första gången"},
		{"newly_moved_in", Facts{MovedIn: "2026-06-01"}, &casework.Reason{ID: "newly_moved_in"}, "Nyinflyttad"},
		{"newly_moved_in", Facts{MovedIn: "2025-06-01"}, nil, ""},
		{"newly_moved_in", Facts{MovedIn: "2026-12-01"}, nil, ""},
		{"unreached", Facts{Attempts: 3}, &casework.Reason{ID: "unreached", N: 3}, "Inte nådd på 3 försök"},
		{"unreached", Facts{Attempts: 1}, &casework.Reason{ID: "unreached", N: 1}, "Inte nådd på ett försök"},
		{"unreached", Facts{}, nil, ""},
	} {
		tested[c.rule] = true
		c.facts.Today = today
		rank, given := p.Priority(c.facts)
		if c.want == nil {
			if len(given) != 0 || rank != lastRank {
				t.Errorf("%s, %+v: got %+v", c.rule, c.facts, given)
			}
			continue
		}
		if len(given) != 1 || given[0].Reason != *c.want || rank >= lastRank {
			t.Errorf("%s, %+v: got rank %d, %+v", c.rule, c.facts, rank, given)
			continue
		}
		if say := p.Say(given[0].Reason, today); say.SV != c.sv || say.EN == "" {
			t.Errorf("%s: said %+v, want %s", c.rule, say, c.sv)
		}
	}
	for _, rule := range p.Rules {
		if !tested[rule.ID] {
			t.Errorf("the rule %s has no test", rule.ID)
		}
	}
}

func TestWhoComesFirst(t *testing.T) {
	p := model(t)
	order := []Facts{
		{Eviction: "2026-11-20"},
		{Eviction: "2026-11-24", Children: true},
		{Eviction: "2026-11-28"},
		{Children: true, Rents: 2},
		{Children: true},
		{Born: []int{2007}, FirstTimeLate: true},
		{Born: []int{1950}},
		{Disability: true},
		{Attempts: 2},
		{},
	}
	order[0].Children = true
	last := -1
	for i, facts := range order {
		facts.Today = today
		rank, _ := p.Priority(facts)
		if rank <= last {
			t.Errorf("case %d has rank %d, after %d", i, rank, last)
		}
		last = rank
	}
}

func TestReasonsComeHeaviestFirstAndDebtGoesToTheDesk(t *testing.T) {
	rank, given := model(t).Priority(Facts{Today: today, Eviction: "2026-11-24", Children: true, Disability: true, Rents: 3, Attempts: 1})
	visitors, desk := Split(given)
	wantVisitors := []casework.Reason{{ID: "eviction_near", Date: "2026-11-24"}, {ID: "children"}, {ID: "unreached", N: 1}}
	wantDesk := []casework.Reason{{ID: "two_rents", N: 3}, {ID: "disability"}}
	if !reflect.DeepEqual(visitors, wantVisitors) || !reflect.DeepEqual(desk, wantDesk) {
		t.Errorf("visitors %+v, desk %+v", visitors, desk)
	}
	if rank < 0 {
		t.Errorf("rank %d", rank)
	}
	if visitors, desk := Split(nil); visitors == nil || desk == nil {
		t.Error("no reasons is an empty list, not none")
	}
}
