package apptest

import (
	"strings"
	"testing"
)

// Two write another language while neither knows of the other. A row of the table
// decides without anybody being asked; the case says what did not count, who wrote
// it, what holds instead, and by which row.
func TestACaseShowsWhatDidNotCount(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	jonna := Open(t, p.URL, Desk)
	jonna.SignIn(p, "jonna")
	jonna.Go("/cases")
	jonna.Walk(jonna.links("/case/", 1)[0])
	jonna.See("Det här har hänt")
	jonna.NotSee("som inte räknades")
	kase := strings.TrimPrefix(jonna.path(), "/case/")
	for _, each := range []struct{ who, language string }{{"maj", "fi"}, {"peder", "so"}} {
		c, records, err := SignIn(t, p, each.who).Dial()
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := c.Push("household", records[kase].Text("household"), map[string]any{"language": each.language, "floor": each.who}); err != nil {
			t.Fatal(err)
		}
	}
	jonna.See("som inte räknades")
	jonna.Eval(`document.querySelector('details:has(a[href="/why/rules/household-language"]) summary').click(), 'open'`)
	jonna.See("Språk: finska Maj Ahlberg skrev det här. Samtidigt skrev Peder Sandås något annat, som fick gälla: somaliska.", "Våning: maj")
	jonna.Eval(`document.querySelector('a[href="/why/rules/household-language"]').click(), 'why'`)
	jonna.See("Det språk och det tolkbehov som skrevs sist gäller")
	jonna.NotSee("Den adress som skrevs sist gäller")
}
