package apptest

import (
	"fmt"
	"strconv"
	"testing"
)

// A search of the log that is made once more shows what has come since: that it was
// searched stands in the log, too.
func TestTheLogIsSearchedOnceMore(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	rolf := Open(t, p.URL, Desk)
	rolf.SignIn(p, "rolf")
	rolf.Go("/log")
	rolf.Tap("Sök i loggen")
	rolf.Tap("Sök")
	rolf.See("Loggade in")
	rows := func() int {
		n, _ := strconv.Atoi(rolf.Eval(`String(document.querySelectorAll('tbody tr').length)`))
		return n
	}
	rolf.until("have the first answer", func(string) bool { // until then the whole log stands there, and the button takes no tap
		busy, err := rolf.eval(`document.querySelector('main form button[type=submit]').getAttribute('aria-disabled')`)
		return err == nil && busy != "true"
	})
	before := rows()
	rolf.Tap("Sök")
	Retry(t, "the search before is found", func() error {
		if n := rows(); n <= before {
			return fmt.Errorf("%d rows, as before", n)
		}
		return nil
	})
	rolf.See("Sökte")
}
