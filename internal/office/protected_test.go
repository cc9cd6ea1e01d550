package office

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"bokvar/internal/casework"
	"bokvar/sync/wire"
)

// What must not leave the server about the people of h, by any way but a fetch.
var identifying = []string{"Björkgatan 7", "2 tr", "Nadia Alström", "070-1234", "199006022397", "1990", "kod-4711-x", "nadia@example.org"}

// guarded is a town where h has all that identifies people, a visit of kim's, a
// notice and a consent that have come to social services. Nothing is protected yet.
func guarded(t *testing.T) *town {
	t.Helper()
	w := linked(t)
	w.must("jonna", set("household", "h", values{"door_code": "kod-4711-x"}), set("person", "h-p", values{"phone": "070-1234", "email": "nadia@example.org"}))
	w.collect("g", nil, "p1")
	w.must("jonna", notice("sent"))
	return w
}

// allTold is everything that the person is told of one household's files, carried or read online.
func (w *town) allTold(person string, roots ...string) string {
	w.t.Helper()
	var out strings.Builder
	for _, record := range w.records {
		if !slices.Contains(roots, record.Root) {
			continue
		}
		viewer, err := w.office.Viewer(w, person, record)
		if err != nil {
			w.t.Fatal(err)
		}
		carried, err := w.office.Project(w, viewer, record)
		if err != nil {
			w.t.Fatal(err)
		}
		read, err := w.office.See(w, person, record)
		if err != nil {
			w.t.Fatal(err)
		}
		raw, err := json.Marshal([]any{carried, read})
		if err != nil {
			w.t.Fatal(err)
		}
		out.Write(raw)
	}
	return out.String()
}

func found(in string, words []string) (there []string) {
	for _, word := range words {
		if strings.Contains(in, word) {
			there = append(there, word)
		}
	}
	return there
}

func (w *town) protect(household string, is bool) {
	w.t.Helper()
	w.must(map[string]string{"h": "jonna", "s": "tove"}[household], set("household", household, values{"protected": is}))
}

func TestProtectingAHouseholdTakesItOffEveryDevice(t *testing.T) {
	w := guarded(t)
	notice, giving := derivedID("notice", "hem/sent"), "g"
	roots := []string{"h", notice, giving}
	if before := found(w.allTold("jonna", roots...), identifying); len(before) != len(identifying) {
		t.Fatalf("jonna sees %v: the test proves nothing", before)
	}
	if before := found(w.allTold("tove", roots...), identifying); len(before) < 3 {
		t.Fatalf("tove sees %v: the test proves nothing", before)
	}
	epochs := map[string]int64{}
	for person := range w.members {
		epochs[person] = w.epochs[person]
	}
	w.touched = nil
	w.protect("h", true)
	for person := range w.members {
		if there := found(w.allTold(person, roots...), identifying); len(there) > 0 {
			t.Errorf("%s is told %q", person, there)
		}
	}
	for _, person := range []string{"jonna", "maj", "kim", "rolf", "tove", "samira"} {
		if w.epochs[person] == epochs[person] {
			t.Errorf("%s may still be sent what was read before", person)
		}
	}
	for _, person := range []string{"sol", "alva", "elin", "eva"} {
		if w.epochs[person] != epochs[person] {
			t.Errorf("%s, who has nothing of it, is told that something happened", person)
		}
	}
	for _, record := range []string{"jonna/h-p", "kim/h-p", "tove/" + notice, "tove/g-p1"} {
		if !slices.Contains(w.touched, record) {
			t.Errorf("%s is not sent anew", record)
		}
	}
	w.expect("kim still has the visit", w.carries("kim", "contact", "household", "person"), []string{"h", "h-p", "v"})
	w.protect("h", false)
	if after := found(w.allTold("jonna", roots...), identifying); len(after) != len(identifying) {
		t.Errorf("it does not come back: %v", after)
	}
	if after := found(w.allTold("tove", roots...), identifying); len(after) < 3 {
		t.Errorf("it does not come back to social services: %v", after)
	}
}

// In whatever order protection, notice, consent and link come, what tells of the
// same people at social services is protected.
func TestProtectionFollowsNoticesAndConsents(t *testing.T) {
	paper := derivedID("notice", "hem/sent")
	for name, c := range map[string]struct {
		do   func(w *town)
		root string
	}{
		"a notice of a protected household":                    {func(w *town) { w.protect("h", true); w.must("jonna", notice("sent")) }, paper},
		"a household protected after it":                       {func(w *town) { w.must("jonna", notice("sent")); w.protect("h", true) }, paper},
		"a consent collected at its door":                      {func(w *town) { w.protect("h", true); w.collect("g", nil, "p1") }, "g"},
		"a household protected after a consent":                {func(w *town) { w.collect("g", nil, "p1"); w.protect("h", true) }, "g"},
		"a consent linked to a protected case":                 {func(w *town) { w.protect("s", true); w.collect("g", nil, "p1"); w.link("l", "g", "s-case", "p1") }, "g"},
		"protected after the link":                             {func(w *town) { w.collect("g", nil, "p1"); w.link("l", "g", "s-case", "p1"); w.protect("s", true) }, "g"},
		"a notice linked to a protected case":                  {func(w *town) { w.protect("s", true); w.must("jonna", notice("sent")); w.link("l", paper, "s-case") }, paper},
		"taken back by a handle, protected at social services": {func(w *town) { w.protect("s", true); linkedGiving(w); takenBack(w) }, "wd"},
		"the same, protected after it":                         {func(w *town) { linkedGiving(w); takenBack(w); w.protect("s", true) }, "wd"},
		"the same, linked after it": {func(w *town) {
			w.protect("s", true)
			w.collect("g", nil, "p1")
			takenBack(w)
			w.link("l", "g", "s-case", "p1")
		}, "wd"},
		"taken back by the case's second handle": {func(w *town) {
			w.must("kim", set("consent_mark", "m2", values{"household": "h", "case": "h-case", "contact": "v", "answer": "asked", "handle": "second", "at": 1795000000000, "by": "kim"}))
			takenBack(w, "second")
			linkedGiving(w)
			w.protect("s", true)
		}, "wd"},
		"a second consent under the handle": {func(w *town) { w.protect("s", true); linkedGiving(w); w.collect("g2", nil, "p1") }, "g2"},
	} {
		t.Run(name, func(t *testing.T) {
			w := linked(t)
			c.do(w)
			if there := found(w.allTold("tove", c.root), []string{"Nadia Alström", "199006022397", "Björkgatan 7"}); len(there) > 0 {
				t.Errorf("tove is told %q", there)
			}
			if may, err := w.office.Fetches(w, w.member("tove"), c.root); err != nil || !may {
				t.Errorf("and may not fetch it: %v", err)
			}
			fetched := w.fetched("tove", c.root)
			if !strings.Contains(fetched, "Nadia Alström") {
				t.Errorf("what tove fetches is %s", fetched)
			}
		})
	}
	w := linked(t)
	w.collect("g", nil, "p1")
	takenBack(w)
	w.protect("s", true)
	w.link("l", "g", "s-case", "p1")
	w.link("l2", "g", "")
	for _, root := range []string{"g", "wd"} {
		if there := found(w.allTold("tove", root), []string{"Nadia Alström"}); len(there) == 0 {
			t.Errorf("%s, which was linked to a protected case by mistake, stays closed for good", root)
		}
	}
}

func linkedGiving(w *town) { w.collect("g", nil, "p1"); w.link("l", "g", "s-case", "p1") }

// takenBack is what a caretaker hears at the door, under a handle alone.
func takenBack(w *town, handle ...string) {
	w.must("kim", elsewhere(set("withdrawal", "wd", values{"unit": "vrak", "handle": append(handle, "handle")[0], "how": "visit", "name": "Nadia Alström", "heard": "Kim", "at": w.now.UnixMilli()}), "soc"))
}

func (w *town) member(id string) *casework.Member {
	m := w.members[id]
	return &m
}

// fetched is what the person gets who gives a reason.
func (w *town) fetched(person, root string) string {
	w.t.Helper()
	var out strings.Builder
	for _, record := range w.records {
		if record.Root != root {
			continue
		}
		seen, err := w.office.Fetch(w, w.member(person), record)
		if err != nil {
			w.t.Fatal(err)
		}
		raw, err := json.Marshal(seen)
		if err != nil {
			w.t.Fatal(err)
		}
		if seen.Visible {
			fmt.Fprintf(&out, "%s %s", record.Kind, raw)
		}
	}
	return out.String()
}

func TestWhoFetchesProtectedDetails(t *testing.T) {
	w := guarded(t)
	w.protect("h", true)
	for person, want := range map[string][]string{
		"jonna": identifying,
		"maj":   identifying,
		"rolf":  {"Björkgatan 7", "2 tr", "Nadia Alström", "070-1234", "1990", "kod-4711-x", "nadia@example.org"}, // a manager reads no identity number
		"kim":   nil,                                                                                              // named on the visit, and a caretaker
		"sol":   nil, "alva": nil, "eva": nil, "tove": nil, "samira": nil, "karin": nil,
	} {
		may, err := w.office.Fetches(w, w.member(person), "h")
		if err != nil || may != (want != nil) {
			t.Errorf("%s may fetch: %t, %v", person, may, err)
		}
		if got := found(w.fetched(person, "h"), identifying); !slices.Equal(got, want) {
			t.Errorf("%s fetches %v, want %v", person, got, want)
		}
	}
	if may, err := w.office.Fetches(w, w.member("jonna"), "nowhere"); may || err != nil {
		t.Errorf("a household that is not there: %t, %v", may, err)
	}
	if got := w.fetched("jonna", "other"); got != "" {
		t.Errorf("what is not protected is not fetched: %s", got)
	}
	if got := w.fetched("jonna", "h"); strings.Contains(got, "Hälsade på") || strings.Contains(got, "745000") {
		t.Errorf("more is fetched than what protection closes: %s", got)
	}
}

func TestWhoWritesProtectedDetails(t *testing.T) {
	w := guarded(t)
	w.protect("h", true)
	phone := func(number string) wire.Change { return set("person", "h-p", values{"phone": number}) }
	w.expect("kim's phone does not know yet", w.by("kim", phone("070-9999")), "")
	w.cursor["kim"], w.cursor["jonna"] = w.seq, w.seq
	w.expect("kim's phone has been told", w.by("kim", phone("070-8888")), "refused not_allowed")
	w.expect("what kim saw at the visit", w.by("kim", note("h", "n", "v", "kim", w.ms("18 14:40"))), "")
	w.expect("jonna, who may fetch it", w.by("jonna", set("household", "h", values{"street": "Nya gatan 3"}), set("person", "h-p", values{"name": "Nadia Ek"})), "")
	w.expect("a new person", w.by("jonna", set("person", "h-q", values{"household": "h", "name": "Elias Ek", "position": "adult"})), "")
	w.expect("nobody makes a reading by hand", w.by("jonna", set("protected_reading", "x", values{"file": "h", "person": "jonna", "at": 1, "reason": "Bara för att"})), "refused not_allowed")
	w.expect("nor a part of one", w.by("jonna", set("protected_reading", "x", values{"reason": "Bara för att"})), "refused not_found")
	for person := range w.members {
		if there := found(w.allTold(person, "h"), []string{"070-9999", "Nya gatan 3", "Nadia Ek", "Elias Ek"}); len(there) > 0 {
			t.Errorf("%s is told %q", person, there)
		}
	}
	w.expect("protection is taken away by whoever saw it", w.by("jonna", set("household", "h", values{"protected": false})), "")
	w.expect("and the number that kim wrote is there", found(w.allTold("kim", "h"), []string{"070-9999"}), []string{"070-9999"})
}

// What kim wrote without a network comes when the visit is somebody else's and the
// household protected by now: it is taken in, and lies in nobody's lost-and-found in clear.
func TestLateWorkAboutAProtectedHousehold(t *testing.T) {
	w := guarded(t)
	w.must("jonna", set("contact", "v", values{"people": []string{"alva"}}))
	w.protect("h", true)
	w.cursor["kim"] = w.seq
	w.expect("held", w.by("kim", set("person", "h-p", values{"phone": "070-7777", "email": "kvar@example.org"}), note("h", "n", "v", "kim", w.ms("18 11:00"))), "held scope_ended")
	ids := w.found("jonna")
	if len(ids) != 1 {
		t.Fatalf("found: %v", ids)
	}
	for person := range w.members {
		if there := found(w.allTold(person, "h"), []string{"070-7777", "kvar@example.org"}); len(there) > 0 {
			t.Errorf("%s is told %q", person, there)
		}
	}
	if told := w.allTold("jonna", "h"); !strings.Contains(told, "Hälsade på.") {
		t.Error("and the note is gone with it")
	}
	if got := w.fetched("jonna", "h"); !strings.Contains(got, "070-7777") {
		t.Errorf("it cannot be fetched: %s", got)
	}
	w.must("jonna", set("found", ids[0], values{"state": "attached"}))
	w.expect("attached whole", w.field("hem", "h-p", "phone"), `"070-7777"`)
}
