package office

import (
	"fmt"
	"testing"
)

// On what somebody reads a file, as the log says it; and on what they read beside it
// what another organisation has shared.
func TestOnWhatAFileIsRead(t *testing.T) {
	w := notified(t)
	ground := func(person, root string) string { return w.ground(person, root, false) }
	w.expect("at a desk", ground("jonna", "h"), "own-unit")
	w.expect("at the door", ground("kim", "h"), "assigned")
	w.expect("not any more", ground("alva", "h"), "earlier")
	w.expect("a notice's thread tells the landlord nothing", ground("tove", "s"), "own-unit")
	w.must("tove", say("message", "m1", values{"about": "message", "text": "Om båda."}))
	w.expect("told", w.told("d1", "m1", nil), "")
	w.expect("one thing was disclosed", ground("jonna", "h"), "own-unit; soc/s disclosed")
	w.collect("g", nil, "p1")
	w.link("lg", "g", "s-case", "p1")
	w.expect("by consent", ground("jonna", "h"), "own-unit; soc/s consent 2026-11-18")
	w.expect("the other way", ground("tove", "s"), "own-unit; hem/h consent 2026-11-18")
	w.expect("a visitor reads no shared file", ground("kim", "h"), "assigned")
	w.withdraw("wd", values{"handle": "handle"})
	w.expect("withdrawn", ground("jonna", "h")+" "+ground("tove", "s"), "own-unit; soc/s disclosed own-unit")
}

// What was read in the basement is told when the consent has been withdrawn: it was
// read all the same. Who never had it, and who has a network, read nothing.
func TestAReadingIsToldAfterTheConsentIsWithdrawn(t *testing.T) {
	w := notified(t)
	w.collect("g", nil, "p1")
	w.link("lg", "g", "s-case", "p1")
	w.expect("nothing is shared yet", w.ground("jonna", "h", true), "own-unit; soc/s consent 2026-11-18")
	w.must("tove", say("message", "m1", values{"about": "message", "text": "Om Nadia.", "concerns": []string{"p1"}}))
	w.must("jonna", say("message", "m2", values{"household": "h", "case": "h-case", "by": "jonna", "shared_with": "soc", "about": "message", "text": "Från oss."}))
	w.expect("it is on tove's phone", w.carries("tove", "message"), []string{"m1", "m2"})
	w.expect("it is on jonna's phone", w.carries("jonna", "message"), []string{"m1", "m2"})
	w.withdraw("wd", values{"handle": "handle"})
	w.expect("and is not any more", w.carries("jonna", "message"), []string{"m2"})
	w.expect("read without a network", w.ground("jonna", "h", true), "own-unit; soc/s was-open")
	w.expect("with one", w.ground("jonna", "h", false), "own-unit")
	newcomer := w.members["jonna"]
	newcomer.ID = "nora"
	w.members["nora"] = newcomer
	w.expect("who began here afterwards never had it", w.ground("nora", "h", true), "own-unit")
	w.expect("another unit's", w.ground("sol", "h", true), "earlier")
	w.expect("the landlord's log learns nothing", w.ground("tove", "s", true), "own-unit")
}

// ground is what the log says of a reading by the person.
func (w *town) ground(person, root string, offline bool) string {
	w.t.Helper()
	m := w.members[person]
	g, err := w.office.Ground(w, &m, root)
	if err != nil {
		w.t.Fatal(err)
	}
	reaches, err := w.office.Reaches(w, &m, root, offline)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, r := range reaches {
		g += fmt.Sprintf("; %s/%s %s", r.Org, r.Root, r.Ground)
	}
	return g
}
