package office

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"bokvar/internal/casework"
	"bokvar/internal/method"
	"bokvar/sync/server"
)

// working has the town's landlord work by the model with rows about secrecy.
func (w *town) working(secrecy string) {
	w.t.Helper()
	source := method.Source("model")
	narrow, err := method.Parse("model.yaml", []byte(strings.Replace(source, "secrecy: []\n", secrecy, 1)))
	if err != nil || !strings.Contains(source, "secrecy: []\n") {
		w.t.Fatalf("%v", err)
	}
	w.office.profile = narrow
}

func narrowing(closes, while string) string {
	return fmt.Sprintf("secrecy:\n  - {id: %s, closes: %s, while: %s, text: {sv: x, en: x}}\n", closes, closes, while)
}

// ways of working that take something away, alone and together.
var narrowings = map[string]string{
	"consent never":              narrowing("consent", "always"),
	"consent only after notices": narrowing("consent", "no_notice"),
	"after-notice never":         narrowing("after-notice", "always"),
	"neither":                    narrowing("consent", "always") + strings.TrimPrefix(narrowing("after-notice", "always"), "secrecy:\n"),
}

// Each way of working in each state of a consent, with a notice and without, for each
// way in which social services' secrecy opens: what crosses is what crosses by the model,
// or less; and less is what the row says.
func TestNoMethodWidensWhatCrosses(t *testing.T) {
	crossing := func(secrecy, how string, notified bool, make func(w *town, ticked values)) (carried []string) {
		w := linked(t)
		if secrecy != "" {
			w.working(secrecy)
		}
		if how == "after_notice" {
			w.must("karin", set("secrecy_change", "sc", values{"how": how, "at": w.now.UnixMilli(), "by": "karin"}))
			w.members["lena"] = casework.Member{ID: "lena", Org: "soc", Role: casework.SocialManager, Units: []string{"barn"}, Active: true}
			w.must("lena", set("secrecy_approval", "sa", values{"change": "sc", "at": w.now.UnixMilli(), "by": "lena"}))
		}
		if notified {
			w.must("jonna", notice("n"))
			w.link("ln", derivedID("notice", "hem/n"), "s-case")
		}
		make(w, values{"partners": []string{"landlord"}})
		w.must("tove", say("message", "about-p1", values{"about": "message", "text": "Om Nadia.", "concerns": []string{"p1"}}),
			say("thread_message", "debt-p1", values{"about": "debt", "text": "Halva skulden.", "concerns": []string{"p1"}}),
			say("thread_word", "word", values{"word": "received"}))
		w.must("jonna", set("message", "theirs", values{"household": "h", "case": "h-case", "by": "jonna", "shared_with": "soc", "about": "message", "text": "Planen hålls.", "at": 1795000000000, "signed": "Jonna"}))
		for _, m := range w.members {
			for id, record := range w.records {
				if record.Org == m.Org {
					continue
				}
				if w.inbox[m.ID][id] != w.sees(m.ID, record.Org, record.ID) {
					t.Errorf("%s carries %s: %v, and reads it: %v", m.ID, id, w.inbox[m.ID][id], !w.inbox[m.ID][id])
				}
				if w.inbox[m.ID][id] {
					carried = append(carried, m.ID+" "+record.Kind)
				}
			}
		}
		slices.Sort(carried)
		return carried
	}
	compared, less := 0, 0
	for _, way := range wallWays {
		for _, how := range []string{"consent", "after_notice"} {
			for _, notified := range []bool{false, true} {
				model := crossing("", how, notified, way.make)
				for name, secrecy := range narrowings {
					compared++
					got := crossing(secrecy, how, notified, way.make)
					var want []string
					for _, line := range model {
						kind := strings.Fields(line)[1]
						byConsent := way.open && !strings.Contains(name, "consent never") && name != "neither" && (notified || name != "consent only after notices")
						byNotice := how == "after_notice" && notified && name != "after-notice never" && name != "neither"
						if kind == "thread_word" || byConsent || kind == "thread_message" && byNotice {
							want = append(want, line)
						}
					}
					if !slices.Equal(got, want) {
						t.Errorf("%s, %s, notice %v, %s: what crosses is %v, want %v of %v", way.name, how, notified, name, got, want, model)
					}
					if len(got) < len(model) {
						less++
					}
				}
			}
		}
	}
	if compared < 200 || less < 30 {
		t.Fatalf("%d compared, %d with less: the test proves nothing", compared, less)
	}
}

// A consent that the method does not use is not told to the landlord, as one that opens
// nothing is not: no room, no row. A notice makes it count.
func TestAConsentThatTheMethodDoesNotUseTellsNobody(t *testing.T) {
	w := linked(t)
	w.working(narrowings["consent only after notices"])
	w.must("tove", say("message", "m", values{"about": "message", "text": "Om Nadia.", "concerns": []string{"p1"}}))
	w.collect("g", nil, "p1")
	w.touched, w.shut = nil, nil
	w.link("l", "g", "s-case", "p1")
	w.withdraw("wd", values{"case": "s-case"})
	w.collect("g2", values{"knew_withdrawal": "wd"}, "p1")
	before := len(w.touched)
	w.link("l2", "g2", "s-case", "p1")
	w.expect("no room is known", w.roomStates("hem"), []string{})
	w.expect("none was shut", len(w.shut), 0)
	w.expect("nothing is told to the landlord", slices.ContainsFunc(w.touched[before:], func(s string) bool { return strings.HasPrefix(s, "jonna/") }), false)
	w.must("jonna", notice("n"))
	w.link("ln", derivedID("notice", "hem/n"), "s-case")
	w.expect("with a notice it opens", append(w.roomStates("hem"), w.carries("jonna", "message")...), []string{"open 2026-11-18 ", "m"})
	w.withdraw("wd2", values{"case": "s-case"})
	w.expect("and closes", append(w.roomStates("hem"), w.carries("jonna", "message")...), []string{"closed  "})
}

// daily brings what a new day changes, for both organisations, and says how much.
func (w *town) daily() (changed int) {
	w.t.Helper()
	for _, org := range []string{"hem", "soc"} {
		changes, err := w.office.Daily(w, org)
		w.house(org, changes, err)
		changed += len(changes)
	}
	return changed
}

// anew starts the server with another method.
func (w *town) anew(secrecy string) {
	w.t.Helper()
	if secrecy == "" {
		profiles, err := method.Load()
		if err != nil {
			w.t.Fatal(err)
		}
		w.office.profile = profiles["model"]
	} else {
		w.working(secrecy)
	}
	if err := w.office.NarrowedAnew(w, slices.Collect(maps.Values(w.orgs))); err != nil {
		w.t.Fatal(err)
	}
	if err := w.office.AfterCommit(w); err != nil {
		w.t.Fatal(err)
	}
}

// A new day says of a room what its method lets be seen, and not what lies behind it.
func TestANewDayTellsNoMoreThanTheMethodLetsBeSeen(t *testing.T) {
	w := linked(t)
	w.working(narrowings["consent never"])
	w.must("jonna", notice("n"))
	w.link("ln", derivedID("notice", "hem/n"), "s-case")
	w.collect("g", nil, "p1")
	w.link("l", "g", "s-case", "p1")
	want := append(w.roomStates("hem"), w.roomStates("soc")...)
	w.expect("to begin with", want, []string{"none  ", "none  "})
	w.expect("what a day changes", w.daily(), 0)
	w.expect("and afterwards", append(w.roomStates("hem"), w.roomStates("soc")...), want)
}

// Another method shuts what its people know of, and both sides' screens say the same.
func TestAnotherMethodIsSaidOnBothSides(t *testing.T) {
	w := linked(t)
	w.collect("g", nil, "p1")
	w.link("l", "g", "s-case", "p1")
	w.must("tove", say("message", "m", values{"about": "message", "text": "Om Nadia.", "concerns": []string{"p1"}}))
	states := func() []string {
		return append(append(w.roomStates("hem"), w.roomStates("soc")...), w.carries("jonna", "message")...)
	}
	w.expect("to begin with", states(), []string{"open 2026-11-18 ", "open 2026-11-18 ", "m"})
	w.anew(narrowings["consent never"])
	w.expect("with a method that uses no consent", states(), []string{"closed  ", "closed  "})
	words := derivedID("room record", derivedID("room", "hem/h-case/soc")+"/soc/s-case")
	w.expect("which social services are told", w.field("soc", words, "closed_words"), `["consent"]`)
	w.expect("on their devices", has(w.carries("tove", "room"), words) && strings.Contains(w.shown["tove/soc/"+words], `"closed_words":["consent"]`), true)
	w.anew("")
	w.expect("and with the model again", states(), []string{"open 2026-11-18 ", "open 2026-11-18 ", "m"})
}

// A room that nobody at the landlord knows of is shut by nothing: that would say that
// there is one.
func TestARoomThatNobodyKnowsOfIsShutByNothing(t *testing.T) {
	for name, c := range map[string]struct {
		ended bool // the consent
		do    func(w *town)
		rooms []string // that the landlord knows of then
	}{
		"another secrecy": {false, func(w *town) {
			w.members["lena"] = casework.Member{ID: "lena", Org: "soc", Role: casework.SocialManager, Units: []string{"barn"}, Active: true}
			for i, how := range []string{"after_notice", "consent"} {
				w.must("karin", set("secrecy_change", fmt.Sprint("sc", i), values{"how": how, "at": w.now.UnixMilli(), "by": "karin"}))
				w.must("lena", set("secrecy_approval", fmt.Sprint("sa", i), values{"change": fmt.Sprint("sc", i), "at": w.now.UnixMilli(), "by": "lena"}))
			}
		}, []string{}},
		"another method that uses none either": {false, func(w *town) { w.anew(narrowings["consent never"]) }, []string{}},
		"one that uses it, when it is ended":   {true, func(w *town) { w.anew("") }, []string{}},
		"and what comes after that": {true, func(w *town) {
			w.anew("")
			w.collect("asked", values{"answer": "asked", "partners": []string{}}, "p1")
		}, []string{}},
		"one that uses it, while it is in force": {false, func(w *town) { w.anew("") }, []string{"open 2026-11-18 "}},
	} {
		t.Run(name, func(t *testing.T) {
			w := linked(t)
			w.working(narrowings["consent only after notices"])
			w.collect("g", nil, "p1")
			w.link("l", "g", "s-case", "p1")
			if c.ended {
				w.withdraw("wd", values{"case": "s-case"})
			}
			w.expect("there is one", len(w.rooms), 1)
			w.shut, w.touched = nil, nil
			c.do(w)
			w.expect("rooms that the landlord knows of", w.roomStates("hem"), c.rooms)
			w.expect("told that one was shut", slices.ContainsFunc(w.shut, func(s server.Shut) bool { return has(s.People, "jonna") }), len(c.rooms) > 0)
			w.expect("told of anything of theirs", slices.ContainsFunc(w.touched, func(s string) bool { return strings.HasPrefix(s, "jonna/") }), len(c.rooms) > 0)
		})
	}
}

// What is judged again and stays as it was is not written again, known to the landlord or not.
func TestARoomThatStaysAsItWasIsNotWritten(t *testing.T) {
	for _, secrecy := range []string{"", narrowings["consent never"]} {
		w := linked(t)
		if secrecy != "" {
			w.working(secrecy)
		}
		w.collect("g", nil, "p1")
		w.link("l", "g", "s-case", "p1")
		before := w.put
		w.link("l2", "g", "s-case", "p1")
		w.expect("written, "+secrecy, w.put-before, 0)
		w.withdraw("wd", values{"case": "s-case"})
		w.expect("and what changes, "+secrecy, w.put-before, 1)
	}
}
