package office

import (
	"fmt"
	"testing"
)

// On what somebody reads a file, as the log says it; and on what they read beside it
// what another organisation has shared.
func TestOnWhatAFileIsRead(t *testing.T) {
	w := notified(t)
	ground := func(person, root string) string {
		m := w.members[person]
		g, err := w.office.Ground(w, &m, root)
		if err != nil {
			t.Fatal(err)
		}
		reaches, err := w.office.Reaches(w, &m, root)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range reaches {
			g += fmt.Sprintf("; %s/%s %s", r.Org, r.Root, r.Ground)
		}
		return g
	}
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
