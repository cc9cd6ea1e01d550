package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/sync/wire"
)

// someone of the landlord's in the role.
func inRole(t *testing.T, role casework.Role) string {
	t.Helper()
	for _, m := range demo.Members {
		if m.Org == demo.Landlord && m.Role == role {
			return m.ID
		}
	}
	t.Fatalf("nobody is %s", role)
	return ""
}

// An administrator asks, a colleague agrees and gets the code; both stand in the log,
// and the person is told of it. Nobody else may do either.
func TestRecoveryOverHTTP(t *testing.T) {
	r := start(t, town(t))
	kim := r.enrol("kim")
	administrator, manager := r.enrol(inRole(t, casework.Administrator)), r.enrol(inRole(t, casework.LandlordManager))
	table := r.core.office.Access()
	for i := range demo.Members {
		m := &demo.Members[i]
		by := r.enrol(m.ID)
		asks, agrees := table.Cell("recovery", m.Role).Read != "never", table.Cell("recovery.second", m.Role).Read != "never"
		status, _ := by.do("POST", "/api/recoveries", map[string]string{"person": "kim"})
		want := 403
		if asks {
			want = 404 // of another organisation
			if m.Org == demo.Landlord {
				want = 204
			}
		}
		if m.ID != "kim" && status != want {
			t.Errorf("%s (%s) asks: %d; want %d", m.ID, m.Role, status, want)
		}
		if status, _ := by.do("GET", "/api/recoveries", nil); (status == 200) != (asks || agrees) {
			t.Errorf("%s (%s) looks: %d", m.ID, m.Role, status)
		}
	}
	list := func(v *vaulted) recoveryRow {
		t.Helper()
		var answer recoveryAnswer
		_, body := v.do("GET", "/api/recoveries", nil)
		if err := json.Unmarshal([]byte(body), &answer); err != nil || len(answer.Waiting) != 1 {
			t.Fatalf("%s", body)
		}
		return answer.Waiting[0]
	}
	own, theirs := list(administrator), list(manager)
	if own.Agree || !own.Mine || !theirs.Agree || theirs.Mine || theirs.Person != "Kim Strandvik" {
		t.Errorf("%+v %+v", own, theirs)
	}
	if status, body := administrator.do("POST", "/api/recoveries/"+own.ID+"/agree", nil); status != 422 || !strings.Contains(body, "second_pair") {
		t.Errorf("the administrator agrees with herself: %d %s", status, body)
	}
	var code struct{ Code string }
	status, body := manager.do("POST", "/api/recoveries/"+own.ID+"/agree", nil)
	if err := json.Unmarshal([]byte(body), &code); err != nil || status != 200 || code.Code == "" {
		t.Fatalf("%d %s", status, body)
	}
	if status, _, _ := r.ask("POST", "/api/session", "", map[string]string{"code": code.Code, "device": "6f2c9f0e-8c5e-4f0e-9a58-0a9a0a1c2d3e"}); status != 200 {
		t.Errorf("the code: %d", status)
	}
	var events []eventRow
	_, body = kim.do("GET", "/api/account/events", nil)
	if err := json.Unmarshal([]byte(body), &events); err != nil || len(events) < 2 || events[0].Action != "recovery_agreed" || events[1].Action != "recovery_asked" || events[0].By == events[1].By {
		t.Errorf("kim is told %s", body)
	}
	logged := map[string]string{}
	for _, row := range landlordLog(r) {
		if row.What == "kim" {
			logged[row.Action] = row.Person
		}
	}
	if logged["recovery_agreed"] != inRole(t, casework.LandlordManager) || logged["recovery_asked"] != inRole(t, casework.Administrator) {
		t.Errorf("the log has %v", logged)
	}
}

// The account of somebody who left closes everything: session, socket, requests,
// pushes, invitations, and the phone, which hands in and deletes.
func TestWhoHasLeftIsOut(t *testing.T) {
	data := town(t)
	r := start(t, data)
	kim := r.enrol("kim")
	kim.online(0)
	l, err := r.core.invite("kim")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.core.db.PutSubscription(casework.Subscription{Person: "kim", Device: kim.id, Endpoint: "https://push.example/1", Made: time.Now()}); err != nil {
		t.Fatal(err)
	}
	waitForControl(t, data)
	do(t, 0, "user", "disable", "-data", data, "kim")
	if p := hear[*wire.Problem](kim.phone); p.Code != wire.CodeSignedOut {
		t.Errorf("the socket hears %+v", p)
	}
	if resp, err := kim.dial(); err == nil || resp.StatusCode != 401 {
		t.Errorf("a new socket: %v", err)
	}
	for path, body := range map[string]any{
		"/sync":              map[string]any{"messages": []any{wire.Hello{Type: wire.TypeHello, Versions: []int{2}, Device: kim.id}}},
		"/api/session":       map[string]string{"link": l.Token, "device": kim.id},
		"/api/session/again": map[string]string{"locker": kim.locker, "auth": kim.auth, "proof": secretOf(3)},
	} {
		if status, answer := kim.do(http.MethodPost, path, body); status != 400 && status != 401 {
			t.Errorf("%s: %d %s", path, status, answer)
		}
	}
	if subs, err := r.core.db.SubscriptionsOf("kim"); len(subs) != 0 || err != nil {
		t.Errorf("pushes still go to %v", subs)
	}
	if status, body := kim.do("POST", "/api/device/orders", map[string]any{"lockers": []string{kim.locker}}); body != fmt.Sprintf(`{%q:"wipe"}`, kim.locker) {
		t.Errorf("her phone is told %d %s", status, body)
	}
}
