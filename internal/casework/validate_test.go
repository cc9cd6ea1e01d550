package casework

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestValidate(t *testing.T) {
	long := `"` + strings.Repeat("å", MaxText+1) + `"`
	for _, c := range []struct{ kind, field, value, code string }{
		{"household", "street", `"Björkgatan 7"`, ""},
		{"household", "street", `null`, CodeRequired},
		{"household", "street", `"  "`, CodeRequired},
		{"household", "street", long, CodeTooLong},
		{"household", "street", `"two\nlines"`, CodeInvalid},
		{"household", "street", `7`, CodeInvalid},
		{"household", "floor", `null`, ""},
		{"household", "safety", `"two\nlines"`, ""},
		{"household", "safety", `"a\u0000"`, CodeInvalid},
		{"household", "moved_in", `"2026-02-30"`, CodeInvalid},
		{"household", "moved_in", `"2026-02-28"`, ""},
		{"household", "children", `true`, ""},
		{"household", "children", `"ja"`, CodeInvalid},
		{"household", "adults", `1.5`, CodeInvalid},
		{"household", "colour", `"red"`, CodeUnknown},
		{"castle", "street", `"x"`, CodeUnknown},
		{"claim", "due_month", `"2026-13"`, CodeInvalid},
		{"claim", "due_month", `"2026-11"`, ""},
		{"claim", "capital", `-1`, CodeInvalid},
		{"claim", "capital", `745000`, ""},
		{"contact", "planned_at", `0`, CodeInvalid},
		{"contact", "planned_at", `1795430000000`, ""},
		{"contact", "form", `"dance"`, CodeInvalid},
		{"contact", "form", `"visit"`, ""},
		{"contact", "people", `["kim","alva"]`, ""},
		{"contact", "people", `["kim","kim"]`, CodeInvalid},
		{"contact", "people", `["k m"]`, CodeInvalid},
		{"contact", "outcome", `{"answer":"met","at":1795430000000,"by":"kim"}`, ""},
		{"contact", "outcome", `{"answer":"met","at":1795430000000,"by":"kim","mood":"good"}`, CodeUnknown},
		{"contact", "outcome", `{"answer":"sang","at":1795430000000,"by":"kim"}`, CodeInvalid},
		{"contact", "outcome", `{"answer":"met"}`, CodeInvalid},
		{"contact", "outcome", `{"answer":"met","at":1795430000000,"by":"kim"} {}`, CodeInvalid},
		{"contact", "cancelled", `{"because":"paid","as_of":1795430000000,"at":1795430000000}`, ""},
		{"contact", "moved", `{"from":1795430000000,"by":"jonna","at":1795430000000}`, ""},
		{"case", "rent", `{"state":"unpaid","as_of":1795430000000}`, ""},
		{"case", "priority", `[{"id":"eviction_near","date":"2026-11-29"}]`, ""},
		{"case", "priority", `[{"id":"eviction_near","date":"soon"}]`, CodeInvalid},
		{"case", "household", `null`, CodeRequired},
		{"note", "contact", `""`, ""},
		{"note", "text", `""`, CodeRequired},
		{"giving", "partners", `["landlord","care"]`, ""},
		{"giving", "partners", `["landlord","landlord"]`, CodeInvalid},
		{"giving", "wording", `{"id":"w","version":1,"language":"sv","hash":"00"}`, ""},
		{"signature", "personal_number", `"199006022397"`, ""},
		{"signature", "personal_number", `"199016022397"`, CodeNumberMonth},
		{"signature", "personal_number", `"9006022397"`, CodeNumberLength},
		{"signature", "strokes", `[[[1,2,3],[4,5,6,0.5]],[]]`, ""},
		{"signature", "strokes", `[[[1]]]`, CodeInvalid},
		{"signature", "strokes", `[[` + strings.Repeat("[1,2],", MaxStrokes/6) + `[1,2]]]`, CodeTooLong},
	} {
		got := ""
		if problem := Validate(c.kind, c.field, json.RawMessage(c.value)); problem != nil {
			got = problem.Code
			if problem.Sentence == "" || problem.Where != c.kind+"."+c.field {
				t.Errorf("%s.%s: %q lacks a sentence or its place", c.kind, c.field, problem.Error())
			}
		}
		if got != c.code {
			t.Errorf("%s.%s = %.60s: got %q, want %q", c.kind, c.field, c.value, got, c.code)
		}
	}
}

func TestEveryFieldOfTheSchemaCanBeValidated(t *testing.T) {
	for _, kind := range Schema {
		if kind.Root != "" && kind.Root != "id" && !kind.Has(kind.Root) && kind.Name != "conflict" {
			t.Errorf("%s: the root field %q does not exist", kind.Name, kind.Root)
		}
		for _, field := range kind.Fields {
			if !strings.HasPrefix(field.Group, kind.Name) {
				t.Errorf("%s.%s: the group %q belongs to another kind", kind.Name, field.Name, field.Group)
			}
			if (field.Type == Choice || field.Type == Choices) != (len(field.Choices) > 0) {
				t.Errorf("%s.%s: choices and type do not fit", kind.Name, field.Name)
			}
			if field.Type == Ref && KindOf(field.Of) == nil {
				t.Errorf("%s.%s points at the unknown kind %q", kind.Name, field.Name, field.Of)
			}
			if field.Type == Object && objects[kind.Name+"."+field.Name] == nil {
				t.Errorf("%s.%s: nothing validates the object", kind.Name, field.Name)
			}
		}
	}
	for where := range objects {
		kind, field, _ := strings.Cut(where, ".")
		if f := FieldOf(kind, field); f == nil || f.Type != Object {
			t.Errorf("%s is validated as an object and is none", where)
		}
	}
}

func TestValidateID(t *testing.T) {
	for id, ok := range map[string]bool{"": false, "kim": true, "0193b2c8-7d10-7c3f-9b1a-000000000001": true, "a b": false, "å": false,
		strings.Repeat("a", MaxID): true, strings.Repeat("a", MaxID+1): false, "a/b": false} {
		if got := ValidateID(id) == nil; got != ok {
			t.Errorf("%q: got %t, want %t", id, got, ok)
		}
	}
}

func TestRolesWorkInTheirOwnKindOfOrganisation(t *testing.T) {
	for _, role := range Roles {
		places := 0
		for _, kind := range []OrgKind{Landlord, SocialServices, Operator} {
			if role.WorksAt(kind) {
				places++
			}
		}
		if want := map[bool]int{true: 2, false: 1}[role == Administrator]; places != want || role.Swedish() == "" {
			t.Errorf("%s: %d kinds of organisation, %q", role, places, role.Swedish())
		}
	}
}

func TestDays(t *testing.T) {
	start, ok := DayStart("2026-11-24")
	if !ok || DayOf(start) != "2026-11-24" || DayOf(start-1) != "2026-11-23" {
		t.Errorf("2026-11-24 starts at %d", start)
	}
	if got := AddDays("2026-10-31", 24); got != "2026-11-24" {
		t.Errorf("got %s", got)
	}
	if n, ok := DaysBetween("2026-10-24", "2026-10-26"); !ok || n != 2 { // summer time ends between them
		t.Errorf("got %d", n)
	}
}
