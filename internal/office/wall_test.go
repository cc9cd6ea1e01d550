package office

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"bokvar/internal/casework"
	"bokvar/internal/consent"
	"bokvar/sync/rules"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// Two files that are linked: at the landlord household h with jonna, at social
// services household s with tove; two adults and a child there.
func linked(t *testing.T) *town {
	t.Helper()
	w := newTown(t)
	w.household("h", "18 07:10")
	w.must("jonna", w.visit("h", "v", "18 14:30", "kim"))
	w.must("tove",
		set("household", "s", values{"street": "Björkgatan 7"}),
		set("person", "p1", values{"household": "s", "name": "Nadia Alström", "position": "tenant"}),
		set("person", "p2", values{"household": "s", "name": "Elias Alström", "position": "co_tenant"}),
		set("person", "p3", values{"household": "s", "name": "Lo Alström", "position": "child"}),
		set("case", "s-case", values{"household": "s", "unit": "vrak", "reason": "arrears", "status": "open"}))
	return w
}

func mark(id string) wire.Change {
	return set("consent_mark", id, values{"household": "h", "case": "h-case", "contact": "v", "answer": "given", "landlord": true, "handle": "handle", "at": 1795000000000, "by": "kim"})
}

// collect is what kim's phone sends: the consent of the two, and the landlord's own mark.
func (w *town) collect(id string, fields values, signers ...string) {
	w.t.Helper()
	all := values{"landlord_org": "hem"}
	for k, v := range fields {
		all[k] = v
	}
	changes := []wire.Change{giving(id, all)}
	for _, s := range signers {
		changes = append(changes, signature(id+"-"+s, id, nil))
	}
	w.must("kim", changes...)
	w.must("kim", mark(id+"-mark"))
}

// link is what tove does in the intake.
func (w *town) link(id, of, caseID string, signers ...string) {
	w.t.Helper()
	fields := values{"of": of, "case": caseID, "at": w.now.UnixMilli(), "by": "tove"}
	if len(signers) > 0 {
		var people []casework.LinkedSigner
		for _, s := range signers {
			people = append(people, casework.LinkedSigner{Signature: of + "-" + s, Person: s})
		}
		fields["people"] = people
	}
	w.must("tove", set("case_link", id, fields))
}

func (w *town) withdraw(id string, fields values) {
	w.t.Helper()
	all := values{"unit": "vrak", "how": "phone", "at": w.now.UnixMilli()}
	for k, v := range fields {
		all[k] = v
	}
	w.must("tove", set("withdrawal", id, all))
}

// say writes an entry of social services' that is shared with the landlord.
func say(kind, id string, fields values) wire.Change {
	all := values{"household": "s", "case": "s-case", "by": "tove", "shared_with": "hem", "at": 1795000000000, "signed": "Tove Malm, socialsekreterare"}
	for k, v := range fields {
		all[k] = v
	}
	if kind == "appointment" {
		delete(all, "at")
	}
	return set(kind, id, all)
}

func notice(id string) wire.Change {
	return set("notice_sent", id, values{"household": "h", "case": "h-case", "social_org": "soc", "unit": "vrak", "handle": "handle", "reason": "arrears",
		"ground": "own_basis", "ground_text": "Rutin 4", "capital": 745000, "tenants": []casework.NamedTenant{{Name: "Nadia Alström"}}, "address": "Björkgatan 7",
		"at": 1795000000000, "signed": "Jonna Ekered", "by": "jonna"})
}

func (w *town) state(giving string) string {
	w.t.Helper()
	list := unmarshal[[]consent.Standing](w.t, w.field("soc", derivedID("consent_state", giving), "standings"))
	var out []string
	for _, s := range list {
		word := string(s.State)
		for _, r := range s.Reasons {
			word += ":" + string(r)
		}
		out = append(out, word)
	}
	return strings.Join(out, " ")
}

// roomStates lists the state of the organisation's room records.
func (w *town) roomStates(org string) []string { return w.filterKind(org, "room") }

// sees says whether the person may read anything of the record now.
func (w *town) sees(person, org, id string) bool {
	w.t.Helper()
	seen, err := w.office.See(w, person, w.records[org+"/"+id])
	if err != nil {
		w.t.Fatal(err)
	}
	return seen.Visible
}

func (w *town) filterKind(org, kind string) []string {
	list, err := w.RecordsOfKind(org, kind)
	if err != nil {
		w.t.Fatal(err)
	}
	out := []string{}
	for _, r := range list {
		out = append(out, text(r.Fields["state"].Value)+" "+text(r.Fields["since"].Value)+" "+text(r.Fields["until"].Value))
	}
	return out
}

func TestAConsentOpensAndAWithdrawalCloses(t *testing.T) {
	w := linked(t)
	w.must("tove", say("message", "m1", values{"about": "message", "text": "Nadia har fått en tid.", "concerns": []string{"p1"}}))
	w.expect("before anything", w.carries("jonna", "message"), []string{})

	w.collect("g", nil, "p1")
	w.expect("waits in the intake", w.state("g"), "waiting")
	w.expect("no room yet at the landlord", w.roomStates("hem"), []string{})
	w.link("l", "g", "s-case", "p1")
	w.expect("open", w.state("g"), "open")
	w.expect("the landlord reads what was shared", w.carries("jonna", "message"), []string{"m1"})
	w.expect("those of the unit only", append(w.carries("sol", "message"), w.carries("kim", "message")...), []string{})
	w.expect("and their manager", w.carries("rolf", "message"), []string{"m1"})
	w.expect("the landlord's screens know", w.roomStates("hem"), []string{"open 2026-11-18 "})
	w.expect("social services' too", w.roomStates("soc"), []string{"open 2026-11-18 "})
	w.must("tove", say("message", "m2", values{"about": "in_contact", "concerns": []string{"p1"}}))
	w.must("tove", say("message", "m3", values{"about": "message", "text": "Om Elias.", "concerns": []string{"p2"}}))
	w.must("tove", say("message", "m4", values{"about": "message", "text": "Om alla."}))
	w.must("tove", say("message", "m5", values{"about": "message", "text": "Om barnet.", "concerns": []string{"p1", "p3"}}))
	w.must("tove", say("message", "m6", values{"about": "message", "text": "Inte delat.", "concerns": []string{"p1"}, "shared_with": ""}))
	w.expect("each signer opens what concerns themselves", w.carries("jonna", "message"), []string{"m1", "m2"})
	w.must("jonna", set("message", "j1", values{"household": "h", "case": "h-case", "by": "jonna", "shared_with": "soc", "about": "message", "text": "Planen hålls.", "at": 1795000000000, "signed": "Jonna"}))
	w.expect("the other way", w.carries("tove", "message"), []string{"j1", "m1", "m2", "m3", "m4", "m5", "m6"})
	w.expect("another unit of social services", w.carries("elin", "message"), []string{})

	w.collect("g2", nil, "p2", "p3")
	w.link("l2", "g2", "s-case", "p2", "p3")
	w.expect("all of them signed", w.carries("jonna", "message"), []string{"j1", "m1", "m2", "m3", "m4", "m5"})

	w.shut, w.touched = nil, nil
	epochs := w.epochs["jonna"]
	w.withdraw("wd", values{"case": "s-case", "person": "p1"})
	w.expect("one of them withdraws; one's own stays", w.carries("jonna", "message"), []string{"j1", "m3"})
	w.expect("their state", w.state("g")+" / "+w.state("g2"), "ended / open open")
	w.expect("one row", len(w.shut), 1)
	w.expect("told to those inside", slices.Contains(w.shut[0].People, "jonna") && slices.Contains(w.shut[0].People, "tove") && !slices.Contains(w.shut[0].People, "sol"), true)
	w.expect("and no epoch of a person", w.epochs["jonna"], epochs)
	w.withdraw("wd2", values{"case": "s-case"})
	w.expect("all of them", append(w.carries("jonna", "message"), w.roomStates("hem")...), []string{"j1", "closed  "})
	w.expect("nor the other way", w.carries("tove", "message"), []string{"m1", "m2", "m3", "m4", "m5", "m6"})
	w.expect("online neither", w.sees("jonna", "soc", "m1"), false)
	w.expect("it cannot be told apart from what is not there", w.by("jonna", elsewhere(set("message", "m1", values{"text": "x"}), "soc")), w.by("jonna", elsewhere(set("message", "nothing", values{"text": "x"}), "soc")))
	w.expect("nothing is lost", w.field("soc", "m1", "text"), `"Nadia har fått en tid."`)
}

// A withdrawal writes one row, however many see the room. What they carry is taken
// back after the receipt, and when the program died in between, after the next commit.
func TestAShutRoomWhosePeopleWereNeverTold(t *testing.T) {
	w := linked(t)
	w.must("tove", say("message", "m1", values{"about": "message", "text": "Nadia har fått en tid.", "concerns": []string{"p1"}}))
	w.collect("g", nil, "p1")
	w.link("l", "g", "s-case", "p1")
	rescope(t, w, "jonna")
	w.expect("open", append(w.carries("jonna", "message"), w.roomStates("hem")...), []string{"m1", "open 2026-11-18 "})

	w.fail = errors.New("the program died")
	withdrawal := set("withdrawal", "wd", values{"unit": "vrak", "how": "phone", "at": w.now.UnixMilli(), "case": "s-case"})
	if err := w.submit(authorOf(w, "tove"), []wire.Change{withdrawal}); !errors.Is(err, w.fail) {
		t.Fatalf("got %v", err)
	}
	w.expect("closed at once", w.sees("jonna", "soc", "m1"), false)
	w.expect("and no scope of a person is marked", w.days["jonna"], "2026-11-18")
	w.expect("nothing is compared with a device meanwhile", w.tidying("jonna"), true)
	w.expect("its own screens know", w.roomStates("soc"), []string{"closed  "})

	w.fail = nil
	table, err := rules.Load()
	if err == nil { // the program that starts knows only what is on disk
		w.office, err = New(table, w.office.profile, w.office.clock)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.expect("nor when it starts again", w.tidying("jonna"), true)
	if err := w.office.AfterCommit(w); err != nil {
		t.Fatal(err)
	}
	w.expect("told at the start, before any commit", append(w.carries("jonna", "message"), w.roomStates("hem")...), []string{"closed  "})
	w.expect("all was told", w.tidying("jonna"), false)
	w.touched = nil
	w.must("tove", set("household", "s", values{"street": "Björkgatan 7"}))
	w.expect("once", w.touched, []string(nil))
}

func (w *town) tidying(person string) bool {
	w.t.Helper()
	is, err := w.office.Tidying(w, person)
	if err != nil {
		w.t.Fatal(err)
	}
	return is
}

func TestALateGivingIsHeldUntilTheTenantWasAsked(t *testing.T) {
	w := linked(t)
	w.collect("g", nil, "p1")
	w.link("l", "g", "s-case", "p1")
	w.withdraw("wd", values{"handle": "handle"})
	w.collect("late", nil, "p1") // written before the withdrawal, says the phone; it came after
	w.link("l2", "late", "s-case", "p1")
	w.expect("held", w.state("late"), "held:later_withdrawal")
	w.expect("opens nothing", w.roomStates("hem"), []string{"closed  "})
	w.must("samira", set("confirmation", "c", values{"giving": "late", "how": "phone", "at": w.now.UnixMilli(), "by": "samira"}))
	w.expect("confirmed", w.state("late"), "open")
	w.expect("open", w.roomStates("hem"), []string{"open 2026-11-18 "})
	w.expect("the landlord confirms nothing", w.by("jonna", elsewhere(set("confirmation", "c2", values{"giving": "late", "how": "phone", "at": 1795000000000, "by": "jonna"}), "soc")), "refused not_found")
}

// A tenant says it to a caretaker who is there for the first time, and has never heard of
// a consent: the phone has the case's handle, and what it writes closes all of the case,
// under whichever handles two phones have given it without knowing of each other.
func TestAWithdrawalAtTheDoorClosesAllThatTheCaseHas(t *testing.T) {
	w := linked(t)
	w.must("tove", say("message", "m1", values{"about": "message", "text": "Nadia har fått en tid.", "concerns": []string{"p1"}}))
	w.collect("g", nil, "p1")
	w.link("l", "g", "s-case", "p1")
	w.expect("the case knows its handle", w.field("hem", "h-case", "handles"), `["handle"]`)
	other := set("consent_mark", "m-other", values{"household": "h", "case": "h-case", "contact": "v", "answer": "asked", "handle": "second", "at": 1795000000000, "by": "kim"})
	w.must("kim", giving("asked", values{"handle": "second", "landlord_org": "hem", "answer": "asked", "partners": []string{}}))
	w.must("kim", other)
	w.expect("and another phone's", w.field("hem", "h-case", "handles"), `["handle","second"]`)
	w.expect("no word of it to social services", strings.Contains(w.field("soc", "s-case", "handles"), "handle"), false)
	w.must("jonna", w.visit("h", "v2", "18 15:00", "maj"))
	carried := unmarshal[[]string](t, string(w.office.mustSee(t, w, "maj", "hem/h-case").Fields["handles"]))
	w.expect("who is there for the first time has them", carried, []string{"handle", "second"})

	said := elsewhere(set("withdrawal", "wd", values{"unit": "vrak", "handle": "second", "how": "visit", "name": "Nadia Alström", "heard": "Maj Brolin, Sjöbergahem", "at": w.now.UnixMilli()}), "soc")
	w.must("maj", said)
	w.expect("ended", w.state("g"), "ended")
	w.expect("closed", append(w.carries("jonna", "message"), w.roomStates("hem")...), []string{"closed  "})
	w.must("maj", set("consent_mark", "m-gone", values{"household": "h", "case": "h-case", "contact": "v2", "answer": "withdrawn", "giving": "wd", "handle": "second", "at": 1795000000000, "by": "maj"}))
	w.expect("who said it is the unit's to read", append(w.carries("tove", "withdrawal"), append(w.carries("maj", "withdrawal"), w.carries("jonna", "withdrawal")...)...), []string{"wd"})
	w.expect("a giving is no withdrawal", w.by("kim", giving("g9", values{"answer": "withdrawn"})), "held invalid")
	w.collect("again", values{"knew_withdrawal": "wd"}, "p1")
	w.link("l3", "again", "s-case", "p1")
	w.expect("a yes that knew of it", w.state("again"), "open")
}

// A phone that has not heard of any consent gives the file a handle of its own: what it
// writes closes as soon as the landlord's own mark says which case that is.
func TestAWithdrawalUnderAHandleThatNobodyKnew(t *testing.T) {
	w := linked(t)
	w.collect("g", nil, "p1")
	w.link("l", "g", "s-case", "p1")
	w.must("kim", elsewhere(set("withdrawal", "wd", values{"unit": "vrak", "handle": "new", "how": "visit", "at": w.now.UnixMilli()}), "soc"))
	w.expect("of nothing that is known", w.state("g"), "open")
	w.must("kim", set("consent_mark", "m", values{"household": "h", "case": "h-case", "contact": "v", "answer": "withdrawn", "giving": "wd", "handle": "new", "at": 1795000000000, "by": "kim"}))
	w.expect("of this case", w.state("g"), "ended")
	w.expect("closed", w.roomStates("hem"), []string{"closed  "})
	w.collect("elsewhere", values{"handle": "third"}, "p1") // another case's, of which nothing was said
	w.expect("another file", w.state("elsewhere"), "waiting")
}

// However many handles a case was given, a withdrawal under any of them closes, and
// stays closed when the file is judged from another end.
func TestAWithdrawalUnderTheLastOfManyHandles(t *testing.T) {
	w := linked(t)
	w.collect("g", nil, "p1")
	w.link("l", "g", "s-case", "p1")
	for i := range mostHandles + 5 {
		w.must("kim", set("consent_mark", fmt.Sprint("m", i), values{"household": "h", "case": "h-case", "contact": "v", "answer": "asked", "handle": fmt.Sprint("handle-", i), "at": 1795000000000, "by": "kim"}))
	}
	w.expect("open", append(w.roomStates("hem"), w.state("g")), []string{"open 2026-11-18 ", "open"})
	last := fmt.Sprint("handle-", mostHandles+4)
	w.must("kim", elsewhere(set("withdrawal", "wd", values{"unit": "vrak", "handle": last, "how": "visit", "at": w.now.UnixMilli()}), "soc"))
	w.expect("closed", append(w.roomStates("hem"), w.state("g")), []string{"closed  ", "ended"})
	w.must("kim", mark("again")) // the first handle is spoken of again
	w.link("l2", "g", "s-case", "p1")
	w.expect("and stays so", append(w.roomStates("hem"), w.state("g")), []string{"closed  ", "ended"})
	w.expect("a phone needs a few only", len(unmarshal[[]string](t, w.field("hem", "h-case", "handles"))), mostHandles)
}

// A withdrawal that counted by what stood outside its seal says later, once, who said it
// and who heard it. Nothing else of it changes, and nobody else adds to it.
func TestAWithdrawalThatIsOpenedSaysWhoHeardIt(t *testing.T) {
	w := linked(t)
	at := w.now.UnixMilli()
	outside := values{"unit": "vrak", "handle": "handle", "how": "visit", "at": at}
	change := func(more values) wire.Change {
		all := values{}
		for k, v := range outside {
			all[k] = v
		}
		for k, v := range more {
			all[k] = v
		}
		return elsewhere(set("withdrawal", "wd", all), "soc")
	}
	w.must("kim", change(nil))
	w.expect("not moved", w.by("kim", change(values{"at": at + 1})), "held locked")
	w.expect("not by another", w.by("maj", change(values{"name": "Någon Annan"})), "held not_found")
	w.must("kim", change(values{"name": "Nadia Alström", "heard": "Kim Strandvik"}))
	w.expect("told", w.field("soc", "wd", "name")+w.field("soc", "wd", "heard"), `"Nadia Alström""Kim Strandvik"`)
	w.must("kim", change(values{"name": "Nadia Alström", "heard": "Kim Strandvik"}))
	w.expect("once", w.by("kim", change(values{"name": "Någon Annan"})), "held locked")
}

// Who took a consent back is as protected as the household that it is about.
func TestWhoTookAConsentBackIsProtected(t *testing.T) {
	w := linked(t)
	w.collect("g", nil, "p1")
	w.must("kim", elsewhere(set("withdrawal", "wd", values{"unit": "vrak", "handle": "handle", "name": "Nadia Alström", "heard": "Kim", "at": w.now.UnixMilli()}), "soc"))
	w.must("tove", set("withdrawal", "own", values{"unit": "vrak", "case": "s-case", "name": "Nadia Alström", "heard": "Tove", "at": w.now.UnixMilli()}))
	named := func(id string) bool {
		_, there := w.office.mustSee(t, w, "tove", "soc/"+id).Fields["name"]
		return there
	}
	w.expect("to begin with", named("wd") && named("own"), true)
	w.must("jonna", set("household", "h", values{"protected": true}))
	w.expect("protected at the landlord", named("wd"), false)
	w.expect("the other is no paper of theirs", named("own"), true)
	w.must("tove", set("household", "s", values{"protected": true}))
	w.expect("protected at social services", named("own"), false)
	w.must("maj", elsewhere(set("withdrawal", "later", values{"unit": "vrak", "handle": "handle", "name": "Nadia Alström", "at": w.now.UnixMilli()}), "soc"))
	w.expect("one that comes later", named("later"), false)
}

func (o *Office) mustSee(t *testing.T, w *town, person, record string) server.Projection {
	t.Helper()
	seen, err := o.See(w, person, w.records[record])
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestANoticeHasAThreadWithoutConsent(t *testing.T) {
	w := linked(t)
	w.expect("a notice needs its ground", w.by("jonna", func() wire.Change { c := notice("n0"); delete(c.Fields, "ground"); return c }()), "refused invalid")
	w.must("jonna", notice("n"))
	copies := w.filterKind("soc", "notice_in")
	w.expect("the unit's own copy", len(copies), 1)
	id := derivedID("notice", "hem/n")
	w.expect("carried by the unit", append(w.carries("tove", "notice_in"), w.carries("elin", "notice_in")...), []string{id})
	w.expect("not the sender's", w.carries("jonna", "notice_in"), []string{})
	w.expect("its money", w.field("soc", id, "capital")+w.field("soc", id, "tenants"), `745000[{"name":"Nadia Alström"}]`)
	w.expect("the landlord sees a room, whether or not there is a case", w.roomStates("hem"), []string{"none  "})
	before := len(w.touched)
	w.link("l", id, "s-case")
	w.expect("linking tells the landlord nothing", w.roomStates("hem"), []string{"none  "})
	w.expect("no row at the landlord changes", slices.ContainsFunc(w.touched[before:], func(s string) bool { return strings.HasPrefix(s, "jonna/") }), false)

	w.must("tove", say("thread_word", "w1", values{"word": "received"}), say("thread_word", "w2", values{"word": "still_open"}))
	w.must("tove", say("thread_message", "t1", values{"about": "debt", "text": "Vi kan betala hälften."}), say("message", "m1", values{"about": "in_contact"}))
	w.expect("only the fixed words", w.carries("jonna", "thread_word", "thread_message", "message"), []string{"w1", "w2"})
	w.must("jonna", set("thread_word", "w3", values{"household": "h", "case": "h-case", "by": "jonna", "shared_with": "soc", "word": "solved", "at": 1795000000000, "signed": "Jonna"}))
	w.expect("the answer", w.carries("tove", "thread_word"), []string{"w1", "w2", "w3"})
	w.expect("not each other's words", w.by("tove", say("thread_word", "w4", values{"word": "solved"})), "refused invalid")
}

func TestSecrecyIsChangedByTwo(t *testing.T) {
	w := linked(t)
	w.must("jonna", notice("n"))
	w.link("l", derivedID("notice", "hem/n"), "s-case")
	w.must("tove", say("thread_message", "t1", values{"about": "debt", "text": "Vi kan betala hälften."}), say("message", "m1", values{"about": "in_contact"}),
		say("appointment", "a1", values{"purpose": "joint_visit", "planned_at": w.ms("19 10:00"), "state": "proposed", "text": "Ring på hos grannen."}))
	w.members["lena"] = casework.Member{ID: "lena", Org: "soc", Role: casework.SocialManager, Units: []string{"barn"}, Active: true}
	propose := func(id, how string) {
		w.must("karin", set("secrecy_change", id, values{"how": how, "at": w.now.UnixMilli(), "by": "karin"}))
	}
	approve := func(by, of string) string {
		return w.by(by, set("secrecy_approval", of+"-"+by, values{"change": of, "at": w.now.UnixMilli(), "by": by}))
	}
	propose("c1", "after_notice")
	w.expect("a proposal is not enough", w.carries("jonna", "thread_message"), []string{})
	w.expect("not by oneself", approve("karin", "c1"), "refused invalid")
	w.expect("not by a worker", approve("tove", "c1"), "refused not_found")
	w.expect("by a second manager", approve("lena", "c1"), "")
	w.expect("now debt and times", w.carries("jonna", "thread_message", "message", "appointment"), []string{"a1", "t1"})
	seen, err := w.office.See(w, "jonna", w.records["soc/a1"])
	if err != nil {
		t.Fatal(err)
	}
	if seen.Fields["planned_at"] == nil || seen.Fields["text"] != nil || seen.Fields["concerns"] != nil || seen.Fields["by"] != nil || seen.Fields["case"] != nil {
		t.Errorf("of the appointment the landlord sees %v", seen.Fields)
	}
	w.expect("who decided", w.field("soc", "secrecy", "people"), `["karin","lena"]`)
	w.expect("the landlord's own is its own", func() string { how, _ := secrecyOf(w, "hem"); return how }(), "consent")
	w.shut = nil
	propose("c2", "consent")
	w.expect("back", approve("lena", "c2"), "")
	w.expect("closed again", w.carries("jonna", "thread_message", "message", "appointment"), []string{})
	w.expect("at once", len(w.shut), 1)
}

func TestAConsentRunsOut(t *testing.T) {
	w := linked(t)
	w.collect("g", values{"valid_until": "2026-11-19"}, "p1")
	w.link("l", "g", "s-case", "p1")
	w.must("tove", say("message", "m1", values{"about": "in_contact", "concerns": []string{"p1"}}))
	w.at("19 23:59")
	w.expect("the last day", w.sees("jonna", "soc", "m1"), true)
	w.at("20 00:01")
	w.expect("online", w.sees("jonna", "soc", "m1"), false)
	rescope(t, w, "jonna")
	w.expect("on the phone", w.carries("jonna", "message"), []string{})
	changes, err := w.office.Daily(w, "hem")
	w.house("hem", changes, err)
	w.expect("the landlord's screens", w.roomStates("hem"), []string{"closed  "})
	changes, err = w.office.Daily(w, "soc")
	w.house("soc", changes, err)
	w.expect("social services'", append(w.roomStates("soc"), w.state("g")), []string{"closed  ", "expired"})
}

func TestOneMoreAdultClosesWhatConcernsAll(t *testing.T) {
	w := linked(t)
	w.collect("g", nil, "p1", "p2")
	w.link("l", "g", "s-case", "p1", "p2")
	w.must("tove", say("message", "m1", values{"about": "in_contact"}))
	w.expect("both signed", w.carries("jonna", "message"), []string{"m1"})
	w.shut = nil
	w.must("tove", set("person", "p4", values{"household": "s", "name": "Mika", "position": "adult"}))
	w.expect("a third has not", w.carries("jonna", "message"), []string{})
	w.expect("at once", len(w.shut), 1)
}

func TestTheCaseMovesAndSoDoesWhatIsSharedWithIt(t *testing.T) {
	w := linked(t)
	w.collect("g", nil, "p1")
	w.link("l", "g", "s-case", "p1")
	w.must("tove", say("message", "m1", values{"about": "in_contact", "concerns": []string{"p1"}}))
	w.must("jonna", set("case", "h-case", values{"unit": "syd"}))
	w.expect("the new unit", w.carries("sol", "message"), []string{"m1"})
	w.expect("the old one", w.carries("jonna", "message"), []string{})
}

func TestALinkIsTakenBack(t *testing.T) {
	w := linked(t)
	w.collect("g", nil, "p1")
	w.link("l", "g", "s-case", "p1")
	w.must("tove", say("message", "m1", values{"about": "in_contact", "concerns": []string{"p1"}}))
	w.now = w.now.AddDate(0, 0, 1)
	w.link("l2", "g", "")
	w.expect("it waits again", w.state("g"), "waiting")
	w.expect("nothing is open", append(w.carries("jonna", "message"), w.roomStates("hem")...), []string{"closed  "})
	w.expect("linked by others", w.by("elin", set("case_link", "l3", values{"of": "g", "case": "s-case", "at": 1795000000000, "by": "elin"})), "refused not_found")
	w.expect("to nothing", w.by("tove", set("case_link", "l3", values{"of": "g", "case": "nothing", "at": 1795000000000, "by": "tove"})), "refused not_found")
	w.expect("a person of another household", w.by("tove", set("case_link", "l3", values{"of": "g", "case": "s-case", "people": []casework.LinkedSigner{{Signature: "g-p1", Person: "h-p"}}, "at": 1795000000000, "by": "tove"})), "refused not_found")
}

func TestWhatIsWrongWithAGivingIsSaidToItsUnit(t *testing.T) {
	w := linked(t)
	for _, c := range []struct {
		id     string
		fields values
		want   string
	}{
		{"g1", values{"partners": []string{}}, "held:no_partner"},
		{"g2", values{"wording": values{"id": "w", "version": 1, "language": "sv", "hash": "ff"}}, "held:unknown_wording"},
		{"g3", values{"handle": "third", "answer": "declined"}, "declined"},
		{"g4", values{"handle": "fourth", "answer": "asked"}, "asked"},
	} {
		w.collect(c.id, c.fields, "p1")
		w.expect(c.id, w.state(c.id), c.want)
	}
	w.must("kim", giving("g5", values{"handle": "fifth"}), signature("g5-p1", "g5", values{"how": "oral"}))
	w.expect("oral, nobody heard it", w.state("g5"), "held:no_witness")
	w.must("kim", giving("g6", values{"handle": "sixth", "witness": "Kim Strandvik"}), signature("g6-p1", "g6", values{"how": "oral"}))
	w.expect("oral, heard", w.state("g6"), "waiting")
	for id, c := range map[string]struct {
		fields values
		want   string
	}{
		"on paper, nobody says where it lies": {nil, "held:no_original"},
		"on paper":                            {values{"original": "Pärmen på kontoret"}, "waiting"},
		"on paper, as older apps wrote it":    {values{"witness": "Pappret: pärmen på kontoret"}, "waiting"},
		"on paper, its picture has not come":  {values{"original": "Pärmen på kontoret", "photos": []string{hashA}}, "waiting"},
	} {
		fields := values{"handle": id}
		for k, v := range c.fields {
			fields[k] = v
		}
		id = strings.ReplaceAll(strings.ReplaceAll(id, " ", "-"), ",", "")
		w.must("kim", giving(id, fields), signature(id+"-p1", id, values{"how": "paper"}))
		w.expect(id, w.state(id), c.want)
	}
	w.must("kim", giving("g7", values{"handle": "seventh"}))
	w.expect("nobody signed", w.state("g7"), "held:no_signer")
	w.expect("an order of the phone's own", w.by("kim", giving("g8", values{"order": 1})), "held invalid")
	w.expect("nothing wrong of the phone's own", w.by("kim", giving("g9", values{"wrong": []string{}})), "held invalid")
	w.expect("withdrawn, of nothing", w.by("kim", elsewhere(set("withdrawal", "wd", values{"unit": "vrak", "at": 1795000000000}), "soc")), "held invalid")
	w.expect("the landlord names no case of theirs", w.by("kim", elsewhere(set("withdrawal", "wd", values{"unit": "vrak", "case": "s-case", "at": 1795000000000}), "soc")), "held not_found")
}
