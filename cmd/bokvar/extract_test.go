package main

import (
	"strings"
	"testing"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
)

// The extract tells the registered person in Swedish what is written and who has
// opened it; it takes somebody who may see that, and it is written down.
func TestExtractForTheRegisteredPerson(t *testing.T) {
	data := town(t)
	r := start(t, data)
	kim := r.signIn("kim").connect()
	root := kim.carriedRoot()
	r.ask("POST", "/api/readings", kim.cookie, map[string]any{"readings": []casework.Reading{{Number: 1, Root: root, At: 1, Offline: true}}})
	waitForControl(t, data)
	manager := ""
	for _, m := range demo.Members {
		if m.Role == casework.LandlordManager {
			manager = m.ID
		}
	}
	out, _ := do(t, 0, "extract", "-data", data, "-org", demo.Landlord, "-root", root, "-as", manager)
	for _, want := range []string{"Utdrag ur akt " + root, "gata: ", "namn: ", "roll i hushållet: hyresgäst", "orsak: ", "Vem som har öppnat och skrivit i akten", "Kim ", "öppnade utan nät"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in the extract:\n%s", want, out)
		}
	}
	if strings.Contains(out, "personal_number") || strings.Contains(out, "personnummer: ") {
		t.Error("the manager hands over numbers that access.md does not show them")
	}
	for _, who := range []string{"kim", "nobody", demo.Members[len(demo.Members)-1].ID} {
		do(t, 1, "extract", "-data", data, "-org", demo.Landlord, "-root", root, "-as", who)
	}
	do(t, 1, "extract", "-data", data, "-org", demo.Landlord, "-root", "none", "-as", manager)
	rows, err := r.core.db.LogOfCase(demo.Landlord, root, 0, 1)
	if err != nil || rows[0].Action != "export" || rows[0].Person != manager {
		t.Errorf("%+v, %v", rows, err)
	}
}
