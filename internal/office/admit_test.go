package office

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// visited is a town where kim has a visit at h, and nobody has one at other.
func visited(t testing.TB) *town {
	t.Helper()
	w := newTown(t)
	w.household("h", "18 07:10")
	w.household("other", "18 07:10")
	w.must("jonna", w.visit("h", "v", "18 14:30", "kim"))
	w.must("tove", set("household", "s", values{"street": "Björkgatan 7"}),
		set("case", "s-case", values{"household": "s", "unit": "vrak", "reason": "arrears", "status": "open"}))
	return w
}

func TestAdmit(t *testing.T) {
	w := visited(t)
	now := w.ms("18 08:00")
	by := func(person string) values { return values{"by": person, "at": now} }
	with := func(m values, name string, value any) values {
		c := maps.Clone(m)
		c[name] = value
		return c
	}
	noteOf := func(name string, value any) wire.Change {
		return set("note", "x", with(values{"household": "h", "case": "h-case", "contact": "v", "text": "Hej", "by": "kim", "at": now}, name, value))
	}
	foreign := set("note", "x", values{"household": "s", "case": "s-case", "text": "Hej", "by": "kim", "at": now})
	foreign.Org = "soc"
	absent := foreign
	absent.Org = "nowhere"
	for _, c := range []struct {
		name, person string
		change       wire.Change
		want         string
	}{
		{"a note", "kim", note("h", "first", "v", "kim", now), ""},
		{"a kind of a newer app", "kim", set("drawing", "x", values{"household": "h"}), "held server_too_old"},
		{"a field of a newer app", "kim", noteOf("mood", "good"), "held server_too_old"},
		{"a part of a newer app", "kim", set("contact", "v", values{"outcome": with(by("kim"), "smell", "soap")}), "held server_too_old"},
		{"no id", "kim", set("note", "", values{}), "refused invalid"},
		{"another organisation's file", "kim", foreign, "refused not_found"},
		{"no organisation's file", "kim", absent, "refused not_found"},
		{"a household that is not there", "kim", noteOf("household", "nowhere"), "refused not_found"},
		{"a household that is not kim's", "kim", set("note", "x", values{"household": "other", "case": "other-case", "text": "Hej", "by": "kim", "at": now}), "refused not_found"},
		{"a case of another household", "kim", noteOf("case", "other-case"), "refused not_found"},
		{"a contact that is not there", "kim", noteOf("contact", "nowhere"), "refused not_found"},
		{"a contact that is a case", "kim", noteOf("contact", "h-case"), "refused not_found"},
		{"somebody not named", "alva", instead(noteOf("text", "Hej"), "by", "alva"), "refused not_found"},
		{"another unit", "sol", instead(noteOf("text", "Hej"), "by", "sol"), "refused not_found"},
		{"an administrator", "eva", instead(noteOf("text", "Hej"), "by", "eva"), "refused not_found"},
		{"a manager reads and does not write", "rolf", instead(noteOf("text", "Hej"), "by", "rolf"), "refused not_allowed"},
		{"in another's name", "kim", noteOf("by", "jonna"), "refused invalid"},
		{"an outcome in another's name", "kim", set("contact", "v", values{"outcome": with(by("jonna"), "answer", "met")}), "refused invalid"},
		{"no text", "kim", noteOf("text", ""), "refused invalid"},
		{"too much text", "kim", noteOf("text", strings.Repeat("a", 20_001)), "refused too_big"},
		{"text missing", "kim", set("note", "x", values{"household": "h", "case": "h-case", "contact": "v", "by": "kim", "at": now}), "refused invalid"},
		{"a telephone number", "kim", set("person", "h-p", values{"phone": "070-1"}), ""},
		{"a name, by the caretaker", "kim", set("person", "h-p", values{"name": "Nadja"}), "refused not_allowed"},
		{"a claim, by the caretaker", "kim", set("claim", "h-claim", values{"state": "paid"}), "refused not_found"},
		{"a claim, by the coordinator", "jonna", set("claim", "h-claim", values{"state": "paid"}), "refused not_allowed"},
		{"a derived field", "jonna", set("case", "h-case", values{"rank": 1}), "refused not_allowed"},
		{"a person into another household", "jonna", set("person", "h-p", values{"household": "other"}), "refused not_allowed"},
		{"a record of another kind", "jonna", set("note", "h-p", values{"text": "x"}), "refused not_found"},
		{"a new person", "jonna", set("person", "new", values{"household": "h", "name": "Ali"}), ""},
		{"a new person at the caretaker's", "kim", set("person", "new2", values{"household": "h", "name": "Ali"}), "refused not_allowed"},
		{"a visitor from elsewhere", "jonna", set("contact", "v", values{"people": []string{"kim", "tove"}}), "refused invalid"},
		{"a visitor from here", "jonna", set("contact", "v", values{"people": []string{"kim", "maj"}}), ""},
		{"a unit that is not there", "jonna", set("case", "h-case", values{"unit": "west"}), "refused invalid"},
		{"an unplanned meeting", "kim", set("contact", "u", values{"household": "h", "case": "h-case", "form": "unplanned", "people": []string{"kim"}}), ""},
		{"an unplanned meeting of somebody else", "kim", set("contact", "u2", values{"household": "h", "case": "h-case", "form": "unplanned", "people": []string{"alva"}}), "refused not_found"},
		{"an unplanned meeting with strangers", "kim", set("contact", "u3", values{"household": "other", "case": "other-case", "form": "unplanned", "people": []string{"kim"}}), "refused not_found"},
		{"a concern", "kim", set("concern", "c", values{"household": "h", "case": "h-case", "contact": "v", "about": "child", "text": "Orolig", "by": "kim", "at": now}), ""},
		{"a mark of consent", "kim", set("consent_mark", "m", values{"household": "h", "case": "h-case", "contact": "v", "answer": "given", "landlord": true, "by": "kim", "at": now}), ""},
		{"a notice at a landlord", "jonna", set("notice", "n", values{"household": "h", "case": "h-case", "unit": "norr", "about": "arrears", "sender": "landlord", "received": "2026-11-18", "by": "jonna"}), "refused not_found"},
		{"a notice at a unit without the case", "tove", set("notice", "n", values{"household": "s", "case": "s-case", "unit": "barn", "about": "arrears", "sender": "landlord", "received": "2026-11-18", "by": "tove"}), "refused invalid"},
		{"a conflict", "jonna", set("conflict", "c9", values{"choice": "both"}), "refused not_found"},
		{"an alarm", "tove", set("alert", "a9", values{"household": "s", "seen": values{"by": "tove", "at": now}}), "refused not_allowed"},
		{"a colleague", "eva", set("colleague", "kim", values{"name": "Kim"}), "refused not_allowed"},
		{"a roster row", "rolf", set("roster", "r", values{"unit": "norr", "person": "jonna", "from": now, "to": now + 1}), ""},
		{"a roster row of a caretaker", "kim", set("roster", "r2", values{"unit": "norr", "person": "kim", "from": now, "to": now + 1}), "refused not_allowed"},
		{"nobody", "ghost", noteOf("text", "Hej"), "refused not_found"},
	} {
		before := len(w.records)
		if got := w.by(c.person, c.change); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		} else if got != "" && len(w.records) != before {
			t.Errorf("%s: something was written", c.name)
		}
	}
}

func instead(change wire.Change, field string, value any) wire.Change {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(err) // a value of a test that is no JSON
	}
	change.Fields[field] = wire.Set{Value: raw}
	change.Record += "-" + string(raw[1])
	return change
}

func TestWhatIsThereAndNotYoursIsAnsweredLikeWhatIsNot(t *testing.T) {
	w := visited(t)
	for _, kind := range []string{"household", "case", "contact", "person", "claim", "note"} {
		answers := map[string]bool{}
		for _, id := range []string{"other", "other-case", "other-p", "nowhere"} {
			err := w.submit(authorOf(w, "kim"), []wire.Change{set(kind, id, values{"household": "other"})})
			if err == nil {
				t.Fatalf("%s %s was taken", kind, id)
			}
			if kind != "household" {
				answers[err.Error()] = true
			}
		}
		if len(answers) > 1 {
			t.Errorf("%s: the answers differ: %v", kind, answers)
		}
	}
}

func TestAppendOnlyIsLockedUnlessItIsTheSame(t *testing.T) {
	w := visited(t)
	first := note("h", "n", "v", "kim", w.ms("18 08:00"))
	w.must("kim", first)
	w.expect("again", w.by("kim", first), "")
	w.expect("changed", w.by("kim", set("note", "n", values{"text": "Annat"})), "refused locked")
	w.expect("by somebody who does not see it", w.by("sol", set("note", "n", values{"text": "Annat"})), "refused not_found")
}

func giving(id string, fields values) wire.Change {
	all := values{"unit": "vrak", "handle": "handle", "answer": "given", "wording": values{"id": "w", "version": 1, "language": "sv", "hash": "00"},
		"partners": []string{"landlord"}, "day": "2026-11-18"}
	for k, v := range fields {
		all[k] = v
	}
	change := set("giving", id, all)
	change.Org = "soc"
	return change
}

func signature(id, of string, fields values) wire.Change {
	all := values{"giving": of, "how": "drawn", "name": "Nadia Alström", "personal_number": "199006022397", "at": 1795000000000}
	for k, v := range fields {
		all[k] = v
	}
	change := set("signature", id, all)
	change.Org = "soc"
	return change
}

func TestAConsentIsCollectedAndNotReadBack(t *testing.T) {
	w := visited(t)
	w.must("kim", giving("g", nil), signature("s1", "g", nil), signature("s2", "g", nil))
	for person, m := range w.members {
		want := []string{}
		if person == "samira" || person == "tove" || person == "karin" {
			want = []string{"g", "s1", "s2"}
		}
		w.expect(m.Org+"/"+person, w.carries(person, "giving", "signature"), want)
	}
	w.expect("the unit's manager reads it online", see(t, w, "karin", "g"), true)
	w.expect("the same again", w.by("kim", giving("g", nil)), "")
	w.expect("changed by the collector", w.by("kim", giving("g", values{"partners": []string{"care"}})), "held locked")
	w.expect("changed by the unit", w.by("tove", giving("g", values{"partners": []string{"care"}})), "held locked")
	w.expect("looked for by others", w.by("jonna", giving("g", nil)), "held not_found")
	w.expect("signed by others", w.by("jonna", signature("s3", "g", nil)), "held not_found")
	w.expect("signed at the unit", w.by("tove", signature("s4", "g", nil)), "")
	w.expect("signed under nothing", w.by("kim", signature("s5", "nothing", nil)), "held not_found")
	w.expect("a wrong number", w.by("kim", giving("g2", nil), signature("s6", "g2", values{"personal_number": "199016022397"})), "held invalid")
	w.expect("a unit that the agreement does not name", w.by("kim", giving("g3", values{"unit": "barn"})), "held not_found")
	w.expect("an organisation without agreement", w.by("kim", elsewhere(giving("g4", nil), "nowhere")), "held not_found")
	w.expect("one's own landlord", w.by("kim", elsewhere(giving("g5", nil), "hem")), "held not_found")
	w.expect("a manager collects nothing", w.by("rolf", giving("g6", nil)), "refused not_allowed")
	w.expect("at the unit itself", w.by("elin", giving("g7", nil)), "")
	w.expect("is the unit's own", w.carries("elin", "giving"), []string{})
	w.expect("of an unknown field", w.by("kim", giving("g8", values{"colour": "red"})), "held server_too_old")
}

// A picture of the paper is collected like a signature: created once on behalf of the
// unit, read back by nobody outside it, and under one's own giving alone.
func TestAPictureOfThePaperIsCollectedAndNotReadBack(t *testing.T) {
	w := visited(t)
	w.must("kim", giving("g", values{"original": "Pärmen", "photos": []string{hashA}}), signature("s1", "g", values{"how": "paper"}), paperPhoto("pp", "g", nil))
	for person, m := range w.members {
		want := []string{}
		if person == "samira" || person == "tove" || person == "karin" {
			want = []string{"pp"}
		}
		w.expect(m.Org+"/"+person, w.carries(person, "paper_photo"), want)
	}
	w.expect("the same again", w.by("kim", paperPhoto("pp", "g", nil)), "")
	w.expect("another picture in its place", w.by("kim", paperPhoto("pp", "g", values{"hash": hashB})), "held locked")
	w.expect("under another's giving", w.by("jonna", paperPhoto("pp2", "g", nil)), "held not_found")
	w.expect("under nothing", w.by("kim", paperPhoto("pp3", "nothing", nil)), "held not_found")
	w.expect("by a manager", w.by("rolf", paperPhoto("pp4", "g", nil)), "refused not_allowed")
	w.expect("hashes that are none", w.by("kim", giving("g2", values{"photos": []string{"x"}})), "held invalid")
}

const (
	hashA = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	hashB = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

func paperPhoto(id, of string, fields values) wire.Change {
	all := values{"giving": of, "size": 1000, "hash": hashA, "at": 1795000000000}
	for k, v := range fields {
		all[k] = v
	}
	return elsewhere(set("paper_photo", id, all), "soc")
}

func elsewhere(change wire.Change, org string) wire.Change {
	change.Org = org
	return change
}

func TestAGivingThatDidNotKnowOfTheWithdrawalIsHeld(t *testing.T) {
	w := visited(t)
	withdrawal := set("withdrawal", "wd", values{"unit": "vrak", "handle": "handle", "how": "phone", "at": w.ms("18 07:00")})
	w.must("tove", withdrawal)
	give := func(id string, fields values) string {
		w.expect("the landlord's phone is told nothing", w.by("kim", giving(id, fields), signature(id+"-s", id, nil)), "")
		return w.state(id)
	}
	w.expect("did not know", give("g", nil), "held:later_withdrawal")
	w.expect("knew", give("g2", values{"knew_withdrawal": "wd"}), "waiting")
	w.expect("another file", give("g3", values{"handle": "another"}), "waiting")
	w.expect("a withdrawal at the door", w.by("kim", elsewhere(set("withdrawal", "wd2", values{"unit": "vrak", "handle": "handle", "at": w.ms("18 08:00")}), "soc")), "")
	w.expect("now another is the latest", give("g4", values{"knew_withdrawal": "wd"}), "held:later_withdrawal")
}

func TestAConflictIsSettledByThoseConcerned(t *testing.T) {
	w := visited(t)
	conflict := &server.State{Org: "hem", ID: "c", Kind: "conflict", Root: "h", Fields: map[string]server.Field{}}
	versions := []casework.ConflictVersion{{Commit: "one", Value: []byte(`{"answer":"met"}`), By: "jonna"}, {Commit: "two", Value: []byte(`{"answer":"nobody_home"}`), By: "kim"}}
	fields := values{"kind": "contact", "record": "v", "field": "outcome", "rule": "contact-outcome", "state": "open", "versions": versions}
	for name, value := range fields {
		raw, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		conflict.Fields[name] = server.Field{Value: raw, Version: 1}
	}
	w.records["hem/c"] = conflict // as the engine makes it
	w.announce(conflict)
	for person, want := range map[string][]string{"kim": {"c"}, "jonna": {"c"}, "maj": {"c"}, "rolf": {"c"}, "alva": {}, "sol": {}, "tove": {}} {
		w.expect(person, w.carries(person, "conflict"), want)
	}
	w.expect("somebody not named", w.by("alva", set("conflict", "c", values{"choice": "one"})), "refused not_found")
	w.expect("no such version", w.by("kim", set("conflict", "c", values{"choice": "three"})), "refused invalid")
	w.expect("the server's part", w.by("kim", set("conflict", "c", values{"state": "settled"})), "refused not_allowed")
	w.expect("one of them", w.by("kim", set("conflict", "c", values{"choice": "two"})), "")
	w.expect("both", w.by("jonna", set("conflict", "c", values{"choice": "both"})), "")
}
