package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

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

// extract asks for it as the screen does; with a reason, for a protected identity.
func (p *phone) extract(root, reason string) (status int, body string) {
	p.r.t.Helper()
	if reason == "" {
		return p.r.raw("GET", "/api/extract/"+root, p.cookie, nil)
	}
	return p.r.raw("POST", "/api/extract/"+root, p.cookie, []byte(fmt.Sprintf("{%q:%q}", "reason", reason)))
}

// In the app the extract of a protected identity takes a reason, which is kept and
// shown in the log like that of any fetch; without one nothing of the file is told, and
// to whom it is not there or not theirs there is one answer.
func TestTheExtractOfAProtectedIdentityTakesAReason(t *testing.T) {
	const why = "Hyresgästen har begärt ett utdrag"
	w, _ := guardedTown(t)
	home := text(w.theirs, "household")
	manager := w.enter(memberWith(casework.LandlordManager))
	fetched := func() (count int) {
		_, rows := manager.rows("/api/log/" + home)
		for _, row := range rows {
			if row.Action == "read_protected" && row.Person == manager.member() && row.Reason == why && row.Device == manager.id {
				count++
			}
		}
		return count
	}
	for _, reason := range []string{"", why} {
		if status, body := manager.extract(home, reason); status != 200 || !strings.Contains(body, "Gömstigen 97") {
			t.Errorf("nothing is protected yet: %d %.200s", status, body)
		}
	}
	if n := fetched(); n != 0 {
		t.Errorf("%d fetches of what is not protected", n)
	}
	w.protect(true)
	if status, body := manager.extract(home, ""); status != 422 || !strings.Contains(body, errReasonNeeded.Code) || len(body) > 200 {
		t.Errorf("without a reason: %d %s", status, body)
	}
	if status, body := manager.extract(home, "kort"); status != 422 || strings.Contains(body, "text") {
		t.Errorf("with four characters: %d %.200s", status, body)
	}
	if n := fetched(); n != 0 {
		t.Errorf("%d fetches were written down, and nothing was fetched", n)
	}
	_, _, answer := w.ask("POST", "/api/extract/"+home, manager.cookie, map[string]string{"reason": why})
	if answer.StatusCode != 200 || answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d, kept by %q", answer.StatusCode, answer.Header.Get("Cache-Control"))
	}
	if status, body := manager.extract(home, why); status != 200 || !strings.Contains(body, "Gömstigen 97") || !strings.Contains(body, "hämtade skyddade uppgifter") {
		t.Errorf("with a reason: %d %.300s", status, body)
	}
	if n := fetched(); n != 2 {
		t.Errorf("%d fetches in the log; want 2", n)
	}
	rows, err := w.core.db.LogOfCase(demo.Landlord, home, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	taken := 0
	for _, row := range rows {
		if row.Action == "export" && row.What == "extract; ground own-unit" && row.Person == "rolf" && row.Device == manager.id {
			taken++
		}
	}
	if taken != 4 {
		t.Errorf("four extracts were made, and the log says %d", taken)
	}

	made := 0
	for _, m := range demo.Members {
		p := w.enter(m.ID)
		for _, reason := range []string{"", why} {
			_, nowhere := p.extract(uuid.NewString(), reason)
			for _, root := range []string{home, w.household, w.giving} {
				status, body := p.extract(root, reason)
				inside := m.Org == demo.Landlord && root == home && m.WorksIn(text(w.theirs, "unit")) || m.Org == demo.Social && root != home && m.WorksIn(demo.UnitEviction)
				if manages := m.Role == casework.LandlordManager || m.Role == casework.SocialManager; !inside || !manages {
					if body != nowhere || status < 400 {
						t.Errorf("%s can tell what is there: %d %.200s, and of nothing %s", m.ID, status, body, nowhere)
					}
					continue
				}
				if made++; (status == 200) != (reason != "") {
					t.Errorf("%s, %q: %d %.200s", m.ID, reason, status, body)
				}
			}
		}
	}
	if made < 6 {
		t.Fatalf("only %d were made or asked for a reason: the test proves nothing", made)
	}
}
