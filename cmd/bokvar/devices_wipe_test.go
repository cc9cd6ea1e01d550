package main

import (
	"strings"
	"testing"
)

// A phone that waits with the wiping says how much it cannot hand in; only after that,
// and only those who see to phones can have it wiped all the same. How much was lost
// stands in the log.
func TestWhatAWipeLosesIsGivenUpBySomebody(t *testing.T) {
	r := start(t, town(t))
	kim, other, jonna := r.enrol("kim"), r.enrol("kim"), r.enrol("jonna")
	order := func(by *vaulted, order string, want int) {
		t.Helper()
		if status, body := by.do("POST", "/api/devices/kim/"+kim.id+"/"+order, nil); status != want {
			t.Errorf("%s: %d %s; want %d", order, status, body, want)
		}
	}
	says := func(left map[string]int, want string) {
		t.Helper()
		if status, body := kim.do("POST", "/api/device/orders", map[string]any{"lockers": []string{kim.locker}, "left": left}); status != 200 || body != want {
			t.Errorf("%d %s; want %s", status, body, want)
		}
	}
	unsent := func(want int) {
		t.Helper()
		if row := jonna.devices().of("kim", kim.id); row == nil || row.Unsent != want {
			t.Errorf("the list says %+v; want %d unsent", row, want)
		}
	}
	order(jonna, "wipe_all", 409) // nobody said wipe
	says(map[string]int{kim.locker: 7}, `{}`)
	unsent(0) // one that is in use tells by itself
	order(other, "wipe", 204)
	says(map[string]int{kim.locker: 2, other.locker: 9}, `{"`+kim.locker+`":"wipe"}`)
	unsent(2)
	order(other, "wipe_all", 404)
	order(jonna, "wipe_all", 204)
	says(nil, `{"`+kim.locker+`":"wipe_all"}`)
	order(jonna, "allow", 204) // it was found before that
	order(jonna, "wipe", 204)
	order(jonna, "wipe_all", 204)
	if status, body := kim.do("POST", "/api/device/wiped", map[string]any{"locker": kim.locker, "lost": 2}); status != 204 {
		t.Errorf("the receipt: %d %s", status, body)
	}
	var chosen, lost int
	for _, row := range landlordLog(r) {
		if row.Action == "device_wipe" && strings.HasSuffix(row.What, "with what cannot be handed in") {
			chosen++
		}
		if row.Action == "device_wiped" && strings.HasSuffix(row.What, "lost 2") {
			lost++
		}
	}
	if chosen != 2 || lost != 1 {
		t.Errorf("the log has it %d and %d times", chosen, lost)
	}
}
