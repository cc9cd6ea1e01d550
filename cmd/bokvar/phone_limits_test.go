package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"bokvar/internal/sqlite"
)

// An organisation's administrator, and nobody else, decides when its phones lock and
// how long they open alone, within bounds. Its own phones are told, no others; the
// decision stands in the log.
func TestAnAdministratorDecidesWhenPhonesLock(t *testing.T) {
	data := town(t)
	r := start(t, data)
	eva, kim, leif := r.enrol("eva"), r.enrol("kim"), r.enrol("leif")
	decided := map[string]int{"lease": 3, "unused": 5, "hidden": 1}
	for _, person := range []string{"alva", "jonna", "maj", "rolf", "samira", "elin", "karin", "disa"} {
		v := r.enrol(person)
		if status, body := v.do("GET", "/api/limits", nil); status != http.StatusForbidden {
			t.Errorf("%s is shown %s", person, body)
		}
		if status, body := v.do("PUT", "/api/limits", decided); status != http.StatusForbidden {
			t.Errorf("%s decides: %d %s", person, status, body)
		}
	}
	told := func(v *vaulted, want string) {
		t.Helper()
		if _, body := v.do("GET", "/api/session", nil); !strings.Contains(body, want) {
			t.Errorf("%s; want %s", body, want)
		}
	}
	told(kim, `"lease":7,"unused":10,"hidden":2`)
	for _, wrong := range []any{
		map[string]int{"lease": 0, "unused": 5, "hidden": 1}, map[string]int{"lease": 61, "unused": 5, "hidden": 1},
		map[string]int{"lease": 3, "unused": 0, "hidden": 1}, map[string]int{"lease": 3, "unused": 31, "hidden": 1},
		map[string]int{"lease": 3, "unused": 5, "hidden": -1}, map[string]int{"lease": 3, "unused": 5, "hidden": 11},
		map[string]int{"lease": 3}, []int{},
	} {
		if status, body := eva.do("PUT", "/api/limits", wrong); status != 422 && status != 400 {
			t.Errorf("%v: %d %s", wrong, status, body)
		}
	}
	told(kim, `"lease":7,"unused":10,"hidden":2`)

	if status, body := eva.do("PUT", "/api/limits", decided); status != http.StatusNoContent {
		t.Fatalf("%d %s", status, body)
	}
	told(kim, `"lease":3,"unused":5,"hidden":1`)
	told(leif, `"lease":7,"unused":10,"hidden":2`)
	if _, body := eva.do("GET", "/api/limits", nil); !strings.Contains(body, `"limits":{"lease":3,"unused":5,"hidden":1},"most":{"lease":60,"unused":30,"hidden":10}`) {
		t.Errorf("Eva is shown %s", body)
	}
	if !slices.ContainsFunc(landlordLog(r), func(row sqlite.Row) bool {
		return row.Person == "eva" && row.Action == "administer" && row.What == "phones open 3 days without contact, lock after 5 minutes unused, 1 hidden"
	}) {
		t.Errorf("the log has %v", landlordLog(r))
	}

	waitForControl(t, data)
	do(t, 0, "org", "lease", "-data", data, "-org", "sjobergahem", "-days", "2")
	told(kim, `"lease":2,"unused":5,"hidden":1`)
}

// What was chosen before there was a lock to decide still holds.
func TestALeaseFromBeforeHolds(t *testing.T) {
	r := start(t, town(t))
	if err := r.core.db.PutSetting("lease.sjobergahem", []byte("4")); err != nil {
		t.Fatal(err)
	}
	if l, err := r.core.accounts.LimitsOf("sjobergahem"); err != nil || l.Lease != 4 || l.Unused != 10 || l.Hidden != 2 {
		t.Errorf("%+v, %v", l, err)
	}
}
