package access

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

const here, elsewhere = "here", "elsewhere"

// secret is the value of a field in these tests: nothing else has it.
func secret(kind, field string) string { return fmt.Sprintf("secret<%s.%s>", kind, field) }

func full(kind casework.Kind) *server.State {
	record := &server.State{Org: here, ID: "r", Kind: kind.Name, Root: "root", Fields: map[string]server.Field{
		"from_a_newer_app": {Value: json.RawMessage(`"secret<unknown>"`), Version: 1},
	}}
	for _, field := range kind.Fields {
		value, _ := json.Marshal(secret(kind.Name, field.Name))
		record.Fields[field.Name] = server.Field{Value: value, Version: 1}
	}
	return record
}

// viewers are every role under every condition, here and elsewhere.
func viewers() []Viewer {
	var all []Viewer
	for _, role := range append([]casework.Role{"", "nobody"}, Columns...) {
		for _, org := range []string{here, elsewhere, ""} {
			for i := range 16 {
				all = append(all, Viewer{Org: org, Person: "p", Role: role, InUnit: i&1 != 0, Assigned: i&2 != 0, Protected: i&4 != 0, Fetching: i&8 != 0})
			}
		}
	}
	return all
}

// The leak test of this package: what leaves is exactly what the table's words
// say, searched as bytes, for every role, kind and condition.
func TestNothingForbiddenLeaves(t *testing.T) {
	table := load(t)
	seen := 0
	for _, viewer := range viewers() {
		for _, kind := range casework.Schema {
			record := full(kind)
			projection := table.Project(viewer, record)
			out, err := json.Marshal(projection)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(out, []byte("unknown")) || bytes.Contains(out, []byte("from_a_newer_app")) {
				t.Fatalf("%+v sees a field of %s that the schema does not know", viewer, kind.Name)
			}
			for _, field := range kind.Fields {
				may := allowed(table, field.Group, viewer)
				if kind.Name == "conflict" || kind.Name == "found" && field.Name == "changes" && viewer.Protected && !viewer.Fetching {
					may = false // its values are no versions here, and it is about nothing that anybody reads
				}
				value, _ := json.Marshal(secret(kind.Name, field.Name))
				if got := bytes.Contains(out, value); got != may {
					t.Fatalf("%+v, %s.%s: visible %t, want %t", viewer, kind.Name, field.Name, got, may)
				}
				if _, got := projection.Versions(record)[field.Name]; got != may && kind.Name != "found" {
					t.Fatalf("%+v, %s.%s: version visible %t, want %t", viewer, kind.Name, field.Name, got, may)
				}
				if may {
					seen++
				}
			}
			if projection.Visible != (len(projection.Fields) > 0) || kind.Name != "conflict" && projection.Visible != table.SeesKind(viewer, here, kind.Name) {
				t.Fatalf("%+v, %s: visible %t with %d fields", viewer, kind.Name, projection.Visible, len(projection.Fields))
			}
		}
	}
	if seen == 0 {
		t.Fatal("nobody saw anything: the test proves nothing")
	}
}

// allowed says again, apart from the program, what the words mean.
func allowed(table *Table, group string, v Viewer) bool {
	conditions := map[Read]bool{Never: false, Yes: true, OwnUnit: v.InUnit, Assigned: v.Assigned}
	closed := v.Protected && !v.Fetching && identifies[group]
	return v.Org == here && conditions[table.Cell(group, v.Role).Read] && !closed
}

// identifies are the groups that tell who or where somebody is.
var identifies = map[string]bool{"household.address": true, "household.door": true, "person.name": true, "person.phone": true, "person.born": true, "person.number": true,
	"notice_sent.who": true, "notice_in.who": true, "signature.who": true, "withdrawal.who": true, "paper_photo": true}

// A protected identity closes what tells who or where somebody is, and nothing of
// that ever crosses. A caretaker may not fetch it, nor anybody outside the case.
func TestWhatAProtectedIdentityCloses(t *testing.T) {
	table := load(t)
	for _, row := range table.Rows {
		if (row.Closing == Fetched) != identifies[row.Group] {
			t.Errorf("%s is %s", row.Group, row.Closing)
		}
	}
	may := map[casework.Role]bool{casework.Coordinator: true, casework.Collections: true, casework.LandlordManager: true,
		casework.SocialWorker: true, casework.ChildWorker: true, casework.SocialManager: true}
	for _, role := range Columns {
		inside := Viewer{Org: here, Person: "p", Role: role, InUnit: true, Assigned: true, Protected: true}
		outside := Viewer{Org: here, Person: "p", Role: role, Protected: true}
		other := Viewer{Org: elsewhere, Person: "p", Role: role, InUnit: true, Protected: true}
		if table.Fetches(inside, here) != may[role] || table.Fetches(outside, here) || table.Fetches(other, here) {
			t.Errorf("%s fetches: inside %t, outside %t, elsewhere %t", role, table.Fetches(inside, here), table.Fetches(outside, here), table.Fetches(other, here))
		}
		for group := range identifies { // who cannot fetch it cannot write it
			if table.Writes(inside, here, group, true) && !may[role] {
				t.Errorf("%s writes %s of somebody protected, and may not read it", role, group)
			}
		}
		if table.Writes(inside, here, "person.name", false) != (may[role] && role != casework.LandlordManager && role != casework.SocialManager) {
			t.Errorf("%s writes a protected name: %t", role, table.Writes(inside, here, "person.name", false))
		}
	}
}

// Work in the lost-and-found and conflicts hold values of other records: those that
// a protected identity closes are taken out, one's own as well.
func TestProtectedValuesAreNotInWhatHoldsThem(t *testing.T) {
	table := load(t)
	jonna := Viewer{Org: here, Person: "jonna", Role: casework.Coordinator, InUnit: true, Protected: true}
	record := func(kind string, fields map[string]any) *server.State {
		state := &server.State{Org: here, ID: "x", Kind: kind, Root: "root", Fields: map[string]server.Field{}}
		for name, value := range fields {
			raw, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			state.Fields[name] = server.Field{Value: raw, Version: 1}
		}
		return state
	}
	found := record("found", map[string]any{"household": "root", "changes": []casework.FoundChange{
		{Kind: "person", Record: "p", Fields: map[string]casework.FoundWord{"phone": {Value: json.RawMessage(`"secret"`)}, "position": {Value: json.RawMessage(`"tenant"`)}}},
		{Kind: "of a newer app", Record: "q", Fields: map[string]casework.FoundWord{"name": {Value: json.RawMessage(`"secret"`)}}}}})
	conflict := record("conflict", map[string]any{"kind": "household", "record": "root", "field": "door_code", "state": "open",
		"versions": []casework.ConflictVersion{{Commit: "1", By: "jonna", Value: json.RawMessage(`"secret"`)}}})
	for _, r := range []*server.State{found, conflict} {
		fetching := jonna
		fetching.Fetching = true
		closed, _ := json.Marshal(table.Project(jonna, r))
		open, _ := json.Marshal(table.Project(fetching, r))
		if bytes.Contains(closed, []byte("secret")) || !bytes.Contains(open, []byte("secret")) {
			t.Errorf("%s: %s, fetched %s", r.Kind, closed, open)
		}
	}
	if seen := string(table.Project(jonna, found).Fields["changes"]); !strings.Contains(seen, "tenant") {
		t.Errorf("what is not closed has gone too: %s", seen)
	}
	if table.Project(jonna, conflict).Visible {
		t.Error("a conflict about a protected door code is there, with nothing to choose from")
	}
}

// What must hold whatever else the table comes to say.
func TestPromisesOfTheTable(t *testing.T) {
	table := load(t)
	never := func(role casework.Role, groups ...string) {
		t.Helper()
		for _, group := range groups {
			if cell := table.Cell(group, role); cell.Read != Never {
				t.Errorf("%s may read %s: %s", role, group, cell)
			}
		}
	}
	never(casework.Caretaker, "claim", "case.debt", "person.number", "person.born", "household.sensitive", "household.contract", "case.history", "late_list")
	consents := []string{"giving", "signature", "withdrawal"}
	for _, role := range []casework.Role{casework.Caretaker, casework.Coordinator, casework.Collections, casework.LandlordManager} {
		never(role, append(consents, "notice", "alert", "alert.seen")...)
	}
	for _, role := range []casework.Role{casework.SocialWorker, casework.ChildWorker, casework.SocialManager} {
		never(role, "claim", "consent_mark", "late_list")
	}
	decides := map[string]bool{"secrecy": true, "secrecy_change": true, "secrecy_approval": true, "wording": true, "translation": true, "legal_basis": true, "translation.review": true} // about the organisation, not about anyone
	// Sign-ins, phones, ids and days of their own organisation: nothing of any case.
	administers := map[string]bool{"org_log": true, "device": true, "phone_limits": true, "people": true, "recovery": true, "recovery.second": true, "rescue": true, "erasure": true, "verification": true}
	for _, row := range table.Rows {
		if row.Group == "colleague" || row.Group == "unit" || row.Group == "agreement" || row.Group == "roster" {
			continue
		}
		for _, role := range []casework.Role{casework.Administrator, casework.SystemOperator, Tenant} {
			if administers[row.Group] && role == casework.Administrator {
				continue
			}
			if cell := table.Cell(row.Group, role); cell.String() != string(Never) && !decides[row.Group] {
				t.Errorf("%s, %s: %s", role, row.Group, cell)
			}
		}
	}
}

// A reason that tells of debt or health lies in case.debt: who reads that must
// be able to read what it tells.
func TestReasonsTellNobodyMoreThanTheyMayRead(t *testing.T) {
	table := load(t)
	for _, role := range Columns {
		if table.Cell("case.debt", role).Read != Never && table.Cell("household.sensitive", role).Read != table.Cell("case.debt", role).Read {
			t.Errorf("%s reads reasons of the debt but not what they tell", role)
		}
		if table.Cell("case.priority", role).Read != Never && table.Cell("household.people", role).Read != table.Cell("case.priority", role).Read {
			t.Errorf("%s reads reasons but not what they tell", role)
		}
	}
}

func TestWritesAndCollects(t *testing.T) {
	table := load(t)
	named := Viewer{Org: here, Person: "kim", Role: casework.Caretaker, Assigned: true}
	inUnit := Viewer{Org: here, Person: "jonna", Role: casework.Coordinator, InUnit: true}
	for _, c := range []struct {
		viewer Viewer
		group  string
		fresh  bool
		may    bool
	}{
		{named, "note", true, true},
		{named, "note", false, false},
		{named, "contact.outcome", false, true},
		{named, "person.phone", false, true},
		{named, "person.name", false, false},
		{Viewer{Org: here, Role: casework.Caretaker}, "note", true, false},
		{Viewer{Org: elsewhere, Role: casework.Caretaker, Assigned: true}, "note", true, false},
		{inUnit, "contact.plan", true, true},
		{inUnit, "case.rent", false, false},
		{inUnit, "giving", true, false},
		{inUnit, "no such group", true, false},
	} {
		if got := table.Writes(c.viewer, here, c.group, c.fresh); got != c.may {
			t.Errorf("%s writes %s (fresh %t): %t, want %t", c.viewer.Class(), c.group, c.fresh, got, c.may)
		}
	}
	for role, may := range map[casework.Role]bool{casework.Caretaker: true, casework.Coordinator: true, casework.SocialWorker: true,
		casework.LandlordManager: false, casework.SocialManager: false, casework.Administrator: false, Tenant: false} {
		if table.Collects(role, "giving") != may || table.Collects(role, "note") {
			t.Errorf("%s collects givings: want %t", role, may)
		}
	}
}

func TestConflictShowsWhatItsFieldMayShow(t *testing.T) {
	table := load(t)
	conflict := func(kind, field string) *server.State {
		state := &server.State{Org: here, ID: "c", Kind: "conflict", Root: "root", Fields: map[string]server.Field{}}
		for name, value := range map[string]any{"kind": kind, "record": "r", "field": field, "rule": "x", "state": "open",
			"versions": []map[string]any{{"commit": "1", "v": "mine", "by": "kim", "at": 1}, {"commit": "2", "v": "theirs", "by": "jonna", "at": 2}}} {
			raw, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			state.Fields[name] = server.Field{Value: raw, Version: 1}
		}
		return state
	}
	kim := Viewer{Org: here, Person: "kim", Role: casework.Caretaker, Assigned: true}
	alva := Viewer{Org: here, Person: "alva", Role: casework.Caretaker, Assigned: true}
	for _, c := range []struct {
		name         string
		viewer       Viewer
		record       *server.State
		mine, theirs bool
	}{
		{"may read the field", kim, conflict("contact", "outcome"), true, true},
		{"may not, wrote one", kim, conflict("person", "personal_number"), true, false},
		{"may not, wrote none", alva, conflict("person", "personal_number"), false, false},
		{"a field of nobody", alva, conflict("person", "hat"), false, false},
		{"not named", Viewer{Org: here, Person: "kim", Role: casework.Caretaker}, conflict("contact", "outcome"), false, false},
	} {
		seen := table.Project(c.viewer, c.record)
		out := string(seen.Fields["versions"])
		mine, theirs := bytes.Contains([]byte(out), []byte("mine")), bytes.Contains([]byte(out), []byte("theirs"))
		if mine != c.mine || theirs != c.theirs || seen.Visible != (c.mine || c.theirs) {
			t.Errorf("%s: mine %t theirs %t visible %t", c.name, mine, theirs, seen.Visible)
		}
	}
}

func TestScopes(t *testing.T) {
	for role, want := range map[casework.Role]Scope{
		casework.Caretaker: CarriesAssigned, casework.Coordinator: CarriesUnit, casework.Collections: CarriesUnit,
		casework.SocialWorker: CarriesUnit, casework.ChildWorker: CarriesUnit, casework.LandlordManager: CarriesUnit,
		casework.SocialManager: CarriesUnit, casework.Administrator: CarriesOwn, casework.SystemOperator: CarriesOwn, Tenant: CarriesOwn,
	} {
		manager := role == casework.LandlordManager || role == casework.SocialManager
		if Keeps(role) == manager {
			t.Errorf("%s keeps: %t", role, Keeps(role))
		}
		if got := ScopeOf(role); got != want {
			t.Errorf("%s: got %d, want %d", role, got, want)
		}
	}
}
