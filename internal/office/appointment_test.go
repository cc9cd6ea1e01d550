package office

import (
	"fmt"
	"testing"

	"bokvar/internal/casework"
	"bokvar/sync/wire"
)

// joint is a time of social services' that is shared with the landlord, and reply the landlord's own record of it.
func joint(id string, at int64, fields values) wire.Change {
	all := values{"purpose": "joint_visit", "planned_at": at, "state": "proposed"}
	for k, v := range fields {
		all[k] = v
	}
	return say("appointment", id, all)
}

func reply(id string, at int64, fields values) wire.Change {
	all := values{"household": "h", "case": "h-case", "by": "jonna", "shared_with": "soc", "signed": "Jonna Ekered, samordnare", "purpose": "joint_visit", "planned_at": at, "state": "agreed", "answers": "a1"}
	for k, v := range fields {
		all[k] = v
	}
	return set("appointment", id, all)
}

func opened(t *testing.T) *town {
	t.Helper()
	w := linked(t)
	w.collect("g", nil, "p1", "p2")
	w.link("l", "g", "s-case", "p1", "p2")
	return w
}

// A joint time is two records, one for each side, and neither side writes the other's.
func TestAJointTimeIsProposedAnsweredMovedAndCalledOff(t *testing.T) {
	w := opened(t)
	ten, eleven := w.ms("19 10:00"), w.ms("19 11:00")
	w.must("tove", joint("a1", ten, values{"text": "Vi träffas i porten."}))
	w.expect("the landlord's desk and the visitor", append(w.carries("jonna", "appointment"), w.carries("kim", "appointment")...), []string{"a1", "a1"})
	w.expect("another unit, another caretaker", append(w.carries("sol", "appointment"), w.carries("alva", "appointment")...), []string{})

	w.expect("nobody answers in the other's record", w.by("jonna", elsewhere(set("appointment", "a1", values{"state": "agreed"}), "soc")), "refused not_found")
	w.expect("a caretaker reads", w.by("kim", reply("k1", ten, values{"by": "kim"})), "refused not_allowed")
	w.must("jonna", reply("a1-a", ten, nil),
		set("contact", "together", values{"household": "h", "case": "h-case", "form": "visit", "purpose": "joint", "planned_at": ten, "people": []string{"kim"}, "appointment": "a1"}))
	w.expect("the answer goes over", w.carries("tove", "appointment"), []string{"a1", "a1-a"})
	w.expect("the visit does not", w.sees("tove", "hem", "together"), false)
	w.expect("the visitor has both", w.carries("kim", "appointment"), []string{"a1", "a1-a"})

	w.must("jonna", set("appointment", "a1-a", values{"planned_at": eleven, "state": "proposed"}))
	w.expect("each side keeps its own time", w.field("soc", "a1", "planned_at")+" "+w.field("hem", "a1-a", "planned_at"), fmt.Sprint(ten, eleven))
	w.must("tove", set("appointment", "a1", values{"planned_at": eleven, "state": "agreed"}))
	w.must("jonna", set("appointment", "a1-a", values{"state": "declined"}))
	w.expect("an answer does not change what it answers", w.field("soc", "a1", "state"), `"agreed"`)

	w.shut = nil
	w.withdraw("wd", values{"case": "s-case"})
	w.expect("withdrawn: the other side's is gone at once, one's own stays", append(w.carries("jonna", "appointment"), w.carries("tove", "appointment")...), []string{"a1-a", "a1"})
	w.expect("from the visitor's phone too", w.carries("kim", "appointment"), []string{"a1-a"})
	w.expect("online neither", w.sees("jonna", "soc", "a1"), false)
	w.expect("one row", len(w.shut), 1)
	w.expect("what comes late is one's own record, and is shown to nobody else", w.by("jonna", set("appointment", "a1-a", values{"state": "cancelled"})), "")
	w.expect("nobody else", w.carries("tove", "appointment"), []string{"a1"})
	w.expect("the visit is the landlord's own", w.carries("kim", "contact"), []string{"together", "v"})
}

// Two colleagues who answer one proposal without a network write one record.
func TestTwoColleaguesAnswerOnce(t *testing.T) {
	w := opened(t)
	ten := w.ms("19 10:00")
	w.must("tove", joint("a1", ten, nil))
	w.must("jonna", reply("a1-a", ten, nil))
	w.expect("the second one", w.by("maj", reply("a1-a", ten, values{"by": "maj", "signed": "Maj Ahlberg", "state": "declined"})), "")
	w.expect("there is one", w.carries("tove", "appointment"), []string{"a1", "a1-a"})
}

// Who sees which part of a time, in each state between the two.
func TestWhoSeesAJointTime(t *testing.T) {
	decide := func(w *town) {
		w.members["lena"] = casework.Member{ID: "lena", Org: "soc", Role: casework.SocialManager, Units: []string{"barn"}, Active: true}
		w.must("karin", set("secrecy_change", "c1", values{"how": "after_notice", "at": w.now.UnixMilli(), "by": "karin"}))
		w.must("lena", set("secrecy_approval", "c1-lena", values{"change": "c1", "at": w.now.UnixMilli(), "by": "lena"}))
	}
	for _, state := range []struct {
		name       string
		make       func(w *town)
		time, text bool
	}{
		{"no consent", func(*town) {}, false, false},
		{"one of two has said yes", func(w *town) { w.collect("g", nil, "p1"); w.link("lg", "g", "s-case", "p1") }, false, false},
		{"both have", func(w *town) { w.collect("g", nil, "p1", "p2"); w.link("lg", "g", "s-case", "p1", "p2") }, true, true},
		{"withdrawn", func(w *town) {
			w.collect("g", nil, "p1", "p2")
			w.link("lg", "g", "s-case", "p1", "p2")
			w.withdraw("wd", values{"handle": "handle"})
		}, false, false},
		{"opened after notice", decide, true, false},
	} {
		t.Run(state.name, func(t *testing.T) {
			w := notified(t)
			state.make(w)
			w.must("tove", joint("a1", w.ms("19 10:00"), values{"text": "Vi träffas i porten."}))
			for _, m := range w.members {
				there := m.Org == "hem" && (m.ID == "kim" || m.WorksIn("norr") && m.Role != casework.Caretaker && m.Role != casework.Administrator)
				own := m.Org == "soc" && m.WorksIn("vrak")
				seen, err := w.office.See(w, m.ID, w.records["soc/a1"])
				if err != nil {
					t.Fatal(err)
				}
				w.expect(m.ID+": the time", seen.Fields["planned_at"] != nil, own || there && state.time)
				w.expect(m.ID+": what is said about it", seen.Fields["text"] != nil, own || there && state.text)
				w.expect(m.ID+": whom it concerns, and in which case", seen.Fields["case"] != nil, own)
			}
		})
	}
}
