package apptest

import (
	"strings"
	"testing"
)

// The month's list goes to the meeting on paper: whose list it is and of which month, who
// is told of by name and the numbers, and nothing of what is there to tap on.
func TestTheMonthsListIsPrinted(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	b := Open(t, p.URL, Desk)
	b.SignIn(p, "jonna")
	notified(b)
	b.Walk("/monthly")
	b.See("En underrättelse med namn", "Sammanlagt", "Skriv ut till mötet")
	month := b.Eval(`document.querySelector('#month').selectedOptions[0].text`)
	paper := PDFText(t, b.Printed())
	for _, word := range []string{"Månadens lista", month, "Vräkningsförebyggande teamet", "En underrättelse med namn", "Hyresskuld", "Sammanlagt"} {
		if !strings.Contains(paper, word) {
			t.Errorf("the paper does not say %q: %s", word, paper)
		}
	}
	for _, word := range []string{"Skriv ut", "Inkorg", "Varför?", "Sparat"} {
		if strings.Contains(paper, word) {
			t.Errorf("the paper says %q: %s", word, paper)
		}
	}
}
