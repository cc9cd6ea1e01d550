package office

import (
	"strings"
	"testing"

	"bokvar/internal/casework"
	"bokvar/sync/wire"
)

// found lists what lies in the lost-and-found of a person's organisation, as
// far as the person carries it.
func (w *town) found(person string) []string { return w.carries(person, "found") }

// reassigned is a town where kim had the visit v, and alva has it since the 18th at 12.
func reassigned(t *testing.T) *town {
	w := visited(t)
	w.at("18 12:00")
	w.must("jonna", set("contact", "v", values{"people": []string{"alva"}}))
	return w
}

// Community Health Toolkit #5701 and #11306, Aam Digital #3711: a changed assignment
// stranded notes that were not sent yet. Here they go in, and do not open the
// file for their author again.
func TestCHT5701_CHT11306_Aam3711_WorkWrittenBeforeTheReassignmentWasKnownIsTakenIn(t *testing.T) {
	w := reassigned(t)
	w.at("25 08:00")
	w.expect("a note", w.by("kim", note("h", "n", "v", "kim", w.ms("18 11:00"))), "")
	w.expect("an outcome", w.by("kim", w.outcome("v", "met", "kim", "18 11:00")), "")
	w.expect("a telephone number", w.by("kim", set("person", "h-p", values{"phone": "1"})), "")
	w.expect("an unplanned call", w.by("kim", set("contact", "call", values{"household": "h", "case": "h-case", "form": "call_back", "people": []string{"kim"},
		"outcome": values{"answer": "met", "at": w.ms("18 10:20"), "by": "kim"}}), note("h", "n2", "call", "kim", w.ms("18 10:20"))), "")
	w.expect("what kim may write is not more than before", w.by("kim", set("case", "h-case", values{"status": "closed"})), "refused not_allowed")
	w.expect("kim's phone", w.carries("kim", "household", "note", "person"), []string{})
	w.expect("the desk", w.carries("jonna", "note"), []string{"n", "n2"})
	w.expect("lost", w.found("jonna"), []string{})
}

func TestS17_AUnitThatChangedTakesTheWorkOfItsFormerMembersIn(t *testing.T) {
	w := visited(t)
	w.at("18 12:00")
	w.must("jonna", set("case", "h-case", values{"unit": "syd"}))
	w.expect("jonna has lost it", w.carries("jonna", "case"), []string{"other-case"})
	w.expect("her note goes in", w.by("jonna", note("h", "n", "", "jonna", w.ms("18 11:00"))), "")
	w.expect("and is sol's", w.carries("sol", "note"), []string{"n"})
	w.expect("not hers", w.carries("jonna", "note"), []string{})
}

func TestS17_WhoWasToldOrWaitedTooLongIsPutIntoTheLostAndFound(t *testing.T) {
	for name, late := range map[string]func(*town){
		"the phone had been told": func(w *town) { w.cursor["kim"] = w.seq },
		"two weeks have passed":   func(w *town) { w.now = w.now.Add(Lease) },
	} {
		t.Run(name, func(t *testing.T) {
			w := reassigned(t)
			late(w)
			w.expect("held", w.by("kim", note("h", "n", "v", "kim", w.ms("18 11:00"))), "held scope_ended")
			ids := w.found("jonna")
			if len(ids) != 1 {
				t.Fatalf("found: %v", ids)
			}
			w.expect("nobody else", append(w.found("kim"), append(w.found("alva"), append(w.found("maj"), w.found("sol")...)...)...), []string{})
			w.expect("not in the file", w.carries("jonna", "note"), []string{})
			w.expect("of the file", w.field("hem", ids[0], "household")+w.field("hem", ids[0], "case")+w.field("hem", ids[0], "by")+w.field("hem", ids[0], "state"), `"h""h-case""kim""open"`)
			if changes := w.field("hem", ids[0], "changes"); !strings.Contains(changes, "Hej") && !strings.Contains(changes, "text") {
				t.Errorf("what was written is %s", changes)
			}
		})
	}
}

func TestS17_WhoNeverHadItGetsTheAnswerOfWhatIsNotThere(t *testing.T) {
	w := reassigned(t)
	w.now = w.now.Add(Lease)
	w.expect("alva at another household", w.by("alva", set("note", "n", values{"household": "other", "case": "other-case", "text": "Hej", "by": "alva", "at": w.ms("18 08:00")})), "refused not_found")
	w.expect("sol", w.by("sol", set("case", "h-case", values{"reason": "neglect"})), "refused not_found")
	w.expect("nothing is found", w.found("jonna"), []string{})
}

// What kim may not write nobody shall add to the file for them, and what is for
// another organisation does not show in their own.
func TestS17_FoundWorkHoldsOnlyWhatItsAuthorMightWrite(t *testing.T) {
	w := reassigned(t)
	w.now = w.now.Add(Lease)
	giving := set("giving", "g", values{"unit": "vrak"})
	giving.Org = "soc"
	w.expect("held", w.by("kim", note("h", "n", "v", "kim", w.ms("18 11:00")),
		set("case", "h-case", values{"rank": 1}), set("case", "h-case", values{"status": "closed"}), set("notice", "x", values{"household": "h"}), giving), "held scope_ended")
	changes := unmarshal[[]casework.FoundChange](t, w.field("hem", w.found("jonna")[0], "changes"))
	if len(changes) != 1 || changes[0].Kind != "note" {
		t.Errorf("found %+v", changes)
	}
	w = reassigned(t)
	w.now = w.now.Add(Lease)
	w.expect("a change that was never allowed", w.by("kim", set("case", "h-case", values{"status": "closed"})), "refused not_allowed")
	w.expect("is not found", w.found("jonna"), []string{})
}

func TestS17_FoundWorkIsTakenOverAttachedOrDismissedWithAReason(t *testing.T) {
	w := reassigned(t)
	w.now = w.now.Add(Lease)
	w.by("kim", note("h", "n", "v", "kim", w.ms("18 11:00")), w.outcome("v", "met", "kim", "18 11:00"))
	id := w.found("jonna")[0]
	state := func(to string, more ...string) wire.Change {
		v := values{"state": to}
		if len(more) > 0 {
			v["reason"] = more[0]
		}
		return set("found", id, v)
	}
	w.expect("a caretaker", w.by("alva", state("taken")), "refused not_found")
	w.expect("a manager", w.by("rolf", state("taken")), "refused not_allowed")
	w.expect("no reason", w.by("jonna", state("dismissed")), "refused invalid")
	w.expect("made by hand", w.by("jonna", set("found", "mine", values{"household": "h", "state": "open"})), "refused not_allowed")
	w.must("jonna", state("taken"))
	w.expect("taken by", unmarshal[casework.Seen](t, w.field("hem", id, "settled")).By, "jonna")
	w.must("jonna", state("dismissed", "Skrevs i fel ärende."))
	w.expect("open again", w.by("jonna", state("open")), "refused invalid")
	w.must("jonna", state("attached"))
	w.expect("the note is in the file", w.carries("jonna", "note"), []string{"n"})
	w.expect("in its author's name", w.field("hem", "n", "by"), `"kim"`)
	w.expect("not with kim", w.carries("kim", "note", "contact"), []string{})
	w.expect("with its consequences", unmarshal[casework.LastContact](t, w.field("hem", "h-case", "last_contact")).Answer, casework.Met)
	w.expect("attached stays", w.by("jonna", state("dismissed", "Nej")), "refused locked")
}
