package office

import (
	"slices"
	"testing"

	"bokvar/internal/casework"
)

// told is one disclosure of social services' in a commit with its journal entry.
func (w *town) told(id, record string, fields values) string {
	w.t.Helper()
	return w.tells("tove", "s", id, record, "necessary", fields)
}

func (w *town) tells(person, household, id, record, ground string, fields values) string {
	w.t.Helper()
	at := w.now.UnixMilli()
	all := values{"household": household, "case": household + "-case", "record": record, "ground": ground, "ground_text": "Avhysningen är i morgon.", "decider": "Karin Öst, enhetschef", "note": id + "-journal", "at": at, "by": person}
	for k, v := range fields {
		all[k] = v
	}
	return w.by(person,
		set("note", id+"-journal", values{"household": household, "case": household + "-case", "text": "Utlämnat utan samtycke.", "at": at, "by": person}),
		set("disclosure", id, all))
}

// notified is linked, with a notice whose thread ties the two cases; nobody has said yes.
func notified(t *testing.T) *town {
	t.Helper()
	w := linked(t)
	w.must("jonna", notice("n"))
	w.link("l", derivedID("notice", "hem/n"), "s-case")
	return w
}

func TestASingleDisclosureHasAGroundADeciderAndAJournalEntry(t *testing.T) {
	w := notified(t)
	w.must("tove", say("message", "m1", values{"about": "message", "text": "Uppgift enligt beslut."}), say("message", "m2", values{"about": "message", "text": "En annan."}),
		say("message", "kept", values{"about": "message", "text": "Inte märkt.", "shared_with": ""}),
		say("thread_word", "word", values{"word": "received"}))
	w.must("samira", set("note", "older", values{"household": "s", "case": "s-case", "text": "Anteckning.", "at": 1795000000000, "by": "samira"}))
	for _, c := range []struct {
		name   string
		record string
		fields values
		want   string
	}{
		{"without a ground", "m1", values{"ground": ""}, "refused invalid"},
		{"on a ground that is on no list", "m1", values{"ground": "OSL 10:2"}, "refused invalid"},
		{"on a ground of landlords", "m1", values{"ground": "vital"}, "refused invalid"},
		{"without saying why", "m1", values{"ground_text": " "}, "refused invalid"},
		{"without a decider", "m1", values{"decider": ""}, "refused invalid"},
		{"without a journal entry", "m1", values{"note": "nothing"}, "refused not_found"},
		{"with somebody else's journal entry", "m1", values{"note": "older"}, "refused invalid"},
		{"in somebody else's name", "m1", values{"by": "samira"}, "refused invalid"},
		{"of a note", "older", nil, "refused not_found"},
		{"of a fixed word, which crosses by itself or not at all", "word", nil, "refused not_found"},
		{"of what is marked for nobody", "kept", nil, "refused invalid"},
		{"of what is not there", "nothing", nil, "refused not_found"},
	} {
		w.expect(c.name, w.told("d-"+c.record, c.record, c.fields), c.want)
		w.expect(c.name+": no journal entry is left behind", w.carries("tove", "note"), []string{"older"})
	}
	w.expect("nothing of it went over", w.carries("jonna", "message"), []string{})

	w.expect("decided", w.told("d1", "m1", nil), "")
	w.expect("that one only", w.carries("jonna", "message"), []string{"m1"})
	w.expect("the journal entry came with it", w.carries("tove", "note"), []string{"d1-journal", "older"})
	w.expect("it is not changed afterwards", w.by("tove", set("disclosure", "d1", values{"decider": "Någon annan"})), "refused locked")
	at := w.field("soc", "m1", "disclosed")
	seen, err := w.office.See(w, "jonna", w.records["soc/m1"])
	if err != nil || string(seen.Fields["disclosed"]) != at || casework.IsNull(seen.Fields["disclosed"]) {
		t.Errorf("the other side is not told that it was disclosed for itself: %v, %v", seen.Fields, err)
	}
	w.at("18 09:00")
	w.expect("told twice", w.told("d2", "m1", nil), "")
	w.expect("since the first time", w.field("soc", "m1", "disclosed"), at)
	w.expect("nobody but the server says so", w.by("tove", say("message", "m3", values{"about": "message", "text": "x", "disclosed": 1795000000000})), "refused not_allowed")
}

// Who sees what of a disclosure, in each state of a consent: the entry crosses for
// those whom access.md lets see it, in every state alike; the decision never does.
func TestWhoSeesADisclosure(t *testing.T) {
	entries := []string{"m1", "a1"}
	for _, state := range []struct {
		name string
		make func(w *town)
	}{
		{"never asked", func(*town) {}},
		{"declined", func(w *town) { w.collect("g", values{"answer": "declined"}, "p1"); w.link("lg", "g", "s-case", "p1") }},
		{"given", func(w *town) { w.collect("g", nil, "p1"); w.link("lg", "g", "s-case", "p1") }},
		{"withdrawn", func(w *town) {
			w.collect("g", nil, "p1")
			w.link("lg", "g", "s-case", "p1")
			w.withdraw("wd", values{"case": "s-case"})
		}},
	} {
		t.Run(state.name, func(t *testing.T) {
			w := notified(t)
			w.must("tove", say("message", "m1", values{"about": "message", "text": "Om båda."}), say("message", "m2", values{"about": "message", "text": "En annan om båda."}),
				say("appointment", "a1", values{"purpose": "meeting", "planned_at": w.ms("19 10:00"), "state": "proposed"}))
			w.expect("a message", w.told("d1", "m1", nil), "")
			w.expect("a time", w.told("d2", "a1", nil), "")
			state.make(w)
			for _, m := range w.members {
				desk := m.Org == "hem" && m.WorksIn("norr") && m.Role != casework.Caretaker && m.Role != casework.Administrator
				own := m.Org == "soc" && m.WorksIn("vrak")
				for _, id := range append(slices.Clone(entries), "m2", "d1", "d1-journal") {
					want := own || desk && slices.Contains(entries, id)
					w.expect(m.ID+" sees "+id, w.sees(m.ID, "soc", id), want)
				}
			}
			w.expect("on the phone as well", w.carries("jonna", "message", "appointment", "disclosure", "note"), []string{"a1", "m1"})
		})
	}
}

func TestALandlordDisclosesToo(t *testing.T) {
	w := notified(t)
	w.must("jonna", set("message", "j1", values{"household": "h", "case": "h-case", "by": "jonna", "shared_with": "soc", "about": "message", "text": "Det luktar gas.", "at": 1795000000000, "signed": "Jonna"}))
	w.expect("a ground of social services", w.tells("jonna", "h", "d1", "j1", "no_harm", nil), "refused invalid")
	w.expect("a caretaker", w.tells("kim", "h", "d1", "j1", "vital", nil), "refused not_found")
	w.expect("a manager reads", w.tells("rolf", "h", "d1", "j1", "vital", nil), "refused not_allowed")
	w.expect("not theirs to see yet", w.carries("tove", "message"), []string{})
	w.expect("decided", w.tells("jonna", "h", "d1", "j1", "vital", nil), "")
	w.expect("told", w.carries("tove", "message"), []string{"j1"})
	w.expect("to their unit alone", w.carries("elin", "message"), []string{})
}

// A case that is linked to nothing has nobody to tell, and the journal does not say otherwise.
func TestNobodyIsToldThroughNoRoom(t *testing.T) {
	w := linked(t)
	w.must("tove", say("message", "m1", values{"about": "message", "text": "Uppgift enligt beslut."}))
	w.expect("no link", w.told("d1", "m1", nil), "refused invalid")
	w.expect("no journal entry", w.carries("tove", "note"), []string{})
}

func TestEveryGroundIsPutInWords(t *testing.T) {
	for _, g := range casework.Grounds {
		if g.ID == "" || g.Law == "" || g.Swedish == "" || g.English == "" || g.For != casework.Landlord && g.For != casework.SocialServices {
			t.Errorf("%+v", g)
		}
	}
}
