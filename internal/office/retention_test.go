package office

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

func (w *town) consent(kind, id, handle string, fields map[string]any) {
	record := &server.State{Org: "soc", ID: id, Kind: kind, Root: id, Fields: map[string]server.Field{}}
	fields["handle"] = handle
	for name, value := range fields {
		raw, err := json.Marshal(value)
		if err != nil {
			w.t.Fatal(err)
		}
		record.Fields[name] = server.Field{Value: raw, Version: 1}
	}
	w.records["soc/"+id] = record
	if err := w.PutHandle(casework.Handle{Org: "soc", Handle: byHandle(handle), Root: id, Record: id}); err != nil {
		w.t.Fatal(err)
	}
}

// ended lists what the organisation's files come to, one a line.
func (w *town) ended(keep Retention) string {
	w.t.Helper()
	list, err := w.office.Ended(w, "soc", keep)
	if err != nil {
		w.t.Fatal(err)
	}
	var b strings.Builder
	for _, e := range list {
		fmt.Fprintf(&b, "%s %s %s %s\n", e.Root, e.Kind, e.Since, e.Due)
	}
	return b.String()
}

// A consent goes when all that hangs together with it has ended, and never its
// withdrawal alone: that would open the wall again.
func TestWhenAConsentHasEnded(t *testing.T) {
	given := func(day, until string) map[string]any {
		return map[string]any{"answer": "given", "day": day, "valid_until": until}
	}
	w := newTown(t) // it is 18 November 2026
	w.consent("giving", "open", "a", given("2020-01-01", ""))
	w.consent("giving", "runs", "b", given("2020-01-01", "2026-11-18"))
	w.consent("giving", "out", "c", given("2020-01-01", "2024-05-01"))
	w.consent("giving", "no", "d", map[string]any{"answer": "declined", "day": "2024-02-01"})
	w.consent("giving", "ended", "e", given("2024-01-01", ""))
	w.consent("withdrawal", "end", "e", map[string]any{"at": w.ms("18 07:00")})
	w.consent("giving", "twice-1", "f", given("2020-01-01", "2021-01-01"))
	w.consent("giving", "twice-2", "f", given("2021-01-02", ""))
	w.consent("withdrawal", "early", "g", map[string]any{"at": w.ms("18 07:00")}) // its giving has not come
	want := "no consent 2024-02-01 2024-03-02\nout consent 2024-05-01 2024-05-31\n" +
		"ended consent 2026-11-18 2026-12-18\nend consent 2026-11-18 2026-12-18\nearly consent 2026-11-18 2026-12-18\n"
	if all := w.ended(Retention{Consent: 30}); all != want {
		t.Errorf("ended:\n%swant:\n%s", all, want)
	}
	if all := w.ended(Retention{}); all != "" {
		t.Errorf("without a word from the organisation: %s", all)
	}
}

// What has ended is what the judge says has, of all that hangs together: nothing of it
// goes while anything of it is in force, and what closes goes after what it closed.
func TestAConsentEndsAsItIsJudged(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(w *town)
		want []string // in the order in which they go
	}{
		"withdrawn in the case alone": {func(w *town) {
			w.now = w.now.AddDate(0, 0, 3)
			w.withdraw("a-wd", values{"case": "s-case"})
		}, []string{"g 2026-11-21", "a-wd 2026-11-21"}},
		"withdrawn under the case's second handle": {func(w *town) {
			w.must("kim", set("consent_mark", "m2", values{"household": "h", "case": "h-case", "contact": "v", "answer": "asked", "handle": "second", "at": 1795000000000, "by": "kim"}))
			w.must("kim", elsewhere(set("withdrawal", "a-wd", values{"unit": "vrak", "handle": "second", "how": "visit", "at": w.now.AddDate(0, 0, 3).UnixMilli()}), "soc"))
		}, []string{"g 2026-11-21", "a-wd 2026-11-21"}},
		"given again by who knew": {func(w *town) {
			w.withdraw("a-wd", values{"handle": "handle"})
			w.collect("again", values{"knew_withdrawal": "a-wd"}, "p1", "p2")
		}, nil},
		"withdrawn by one of two": {func(w *town) { w.withdraw("a-wd", values{"case": "s-case", "person": "p1"}) }, nil},
		"withdrawn by both": {func(w *town) {
			w.withdraw("a-wd", values{"case": "s-case", "person": "p1"})
			w.now = w.now.AddDate(0, 0, 1)
			w.withdraw("b-wd", values{"handle": "handle", "person": "p2"})
		}, []string{"g 2026-11-19", "b-wd 2026-11-19", "a-wd 2026-11-19"}},
		"a no after a yes": {func(w *town) {
			w.collect("a-no", values{"answer": "declined", "day": "2026-11-20"}, "p1")
		}, []string{"g 2026-11-20", "a-no 2026-11-20"}},
		"held until the tenant is asked": {func(w *town) {
			w.withdraw("a-wd", values{"case": "s-case"})
			w.collect("late", nil, "p1")
			w.link("l-late", "late", "s-case", "p1")
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := linked(t)
			w.collect("g", nil, "p1", "p2")
			w.link("l", "g", "s-case", "p1", "p2")
			w.expect("to begin with", w.state("g"), "open open")
			c.do(w)
			var got []string
			for _, line := range strings.Split(strings.TrimSpace(w.ended(Retention{Consent: 30})), "\n") {
				if of := strings.Fields(line); len(of) > 0 {
					got = append(got, of[0]+" "+of[2])
				}
			}
			w.expect("ended", got, c.want)
		})
	}
}

// A landlord's file is erased, and with it that two handles are of one case: social
// services remember it of what they have, or a withdrawal under one of them would no
// longer end the consent under the other.
func TestWhatATenantTookBackStaysSoWhenTheLandlordsFileIsErased(t *testing.T) {
	for _, handles := range [][]string{{"handle", "second"}, {"second", "handle"}} {
		w := linked(t)
		w.must("kim", set("consent_mark", "m2", values{"household": "h", "case": "h-case", "contact": "v", "answer": "asked", "handle": "second", "at": 1795000000000, "by": "kim"}))
		w.collect("g", values{"handle": handles[0]}, "p1")
		w.link("l", "g", "s-case", "p1")
		w.must("kim", elsewhere(set("withdrawal", "wd", values{"unit": "vrak", "handle": handles[1], "how": "visit", "at": w.now.UnixMilli()}), "soc"))
		w.expect("ended", w.state("g"), "ended")
		for key, r := range w.records { // what an erasure takes
			if r.Org == "hem" && r.Root == "h" {
				delete(w.records, key)
			}
		}
		w.names = slices.DeleteFunc(w.names, func(h casework.Handle) bool { return h.Org == "hem" && h.Root == "h" })
		clear(w.rooms)
		want := "g consent 2026-11-18 2026-12-18\nwd consent 2026-11-18 2026-12-18\n"
		w.expect("both go on their day", w.ended(Retention{Consent: 30}), want)
		w.link("l2", "g", "s-case", "p1")
		w.expect("and judged anew", w.state("g"), "ended")
		w.must("tove", elsewhere(set("withdrawal", "wd2", values{"unit": "vrak", "handle": handles[1], "how": "phone", "at": w.now.UnixMilli()}), "soc"))
		w.expect("from the other end", w.state("g"), "ended")
	}
}

func TestAHouseholdWithAnOpenCaseHasNotEnded(t *testing.T) {
	w := newTown(t)
	for root, closed := range map[string][]int64{"open": {0}, "half": {w.ms("1 10:00"), 0}, "done": {w.ms("1 10:00"), w.ms("3 10:00")}} {
		for i, at := range closed {
			id := fmt.Sprint(root, "-", i)
			w.records["hem/"+id] = &server.State{Org: "hem", ID: id, Kind: "case", Root: root, Fields: map[string]server.Field{}}
			if err := w.PutRootUnit(casework.RootUnit{Org: "hem", Root: root, Record: id, Unit: "norr", Closed: at}); err != nil {
				t.Fatal(err)
			}
		}
	}
	list, err := w.office.Ended(w, "hem", Retention{Case: 10})
	if err != nil || len(list) != 1 || list[0] != (Ended{Root: "done", Kind: FileCase, Since: "2026-11-03", Due: "2026-11-13", With: "done"}) {
		t.Errorf("%+v, %v", list, err)
	}
}
