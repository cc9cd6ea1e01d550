package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/internal/sqlite"
	"bokvar/sync/wire"
)

func (v *vaulted) people() (all peopleAnswer) {
	v.r.t.Helper()
	status, body := v.do("GET", "/api/people", nil)
	if err := json.Unmarshal([]byte(body), &all); err != nil || status != 200 {
		v.r.t.Fatalf("%d %s", status, body)
	}
	return all
}

func (a peopleAnswer) named(name string) (row personRow) {
	if i := slices.IndexFunc(a.People, func(p personRow) bool { return p.Name == name }); i >= 0 {
		return a.People[i]
	}
	return row
}

// login asks for what lets somebody in.
func (v *vaulted) login(path string, body any) (l loginAnswer) {
	v.r.t.Helper()
	status, answer := v.do("POST", path, body)
	if err := json.Unmarshal([]byte(answer), &l); err != nil || status != 200 {
		v.r.t.Fatalf("%s: %d %s", path, status, answer)
	}
	return l
}

func administered(r *running, what string) bool {
	return slices.ContainsFunc(landlordLog(r), func(row sqlite.Row) bool {
		return row.Person == "eva" && row.Action == "administer" && row.What == what
	})
}

// A list of everybody, on a server at work, changes nothing for anybody: who is who is
// looked up in what it was made from.
func TestAListOfAllPeopleLosesNobody(t *testing.T) {
	data := town(t)
	r := start(t, data)
	waitForControl(t, data)
	out, _ := do(t, 0, "user", "list", "-data", data)
	for _, m := range demo.Members {
		if !strings.Contains(out, m.Name) {
			t.Errorf("%s is not listed", m.ID)
		}
		if found, err := r.core.accounts.Person(m.ID); err != nil || found.Org != m.Org {
			t.Errorf("%s: %+v, %v", m.ID, found, err)
		}
	}
}

var newcomer = map[string]any{"name": " Ture Novak ", "title": "Kvartersvärd", "phone": "070-174 06 99", "role": "caretaker", "units": []string{demo.UnitNorth}}

// An administrator invites somebody, who comes in by link or code, once; is somebody
// else's colleague at once; gets another role and unit; and is ended, with everything.
func TestAnAdministratorSeesToTheirPeople(t *testing.T) {
	r := start(t, town(t))
	eva := r.enrol("eva")
	l := eva.login("/api/people", newcomer)
	if until := time.UnixMilli(l.Expires); time.Until(until) < 23*time.Hour || time.Until(until) > 24*time.Hour {
		t.Errorf("it is good until %s", until)
	}
	row := eva.people().named("Ture Novak")
	if row.ID != l.Person || row.Came || row.Invited == 0 || row.Role != casework.Caretaker || !row.Active || len(row.ID) != 36 {
		t.Fatalf("%+v", row)
	}
	first := l
	l = eva.login("/api/people/"+l.Person+"/invite", nil)
	enter := func(in map[string]string, want int) *phone {
		t.Helper()
		in["device"] = uuid.NewString()
		status, _, resp := r.ask("POST", "/api/session", "", in)
		if status != want {
			t.Fatalf("%v: %d, want %d", in, status, want)
		}
		p := &phone{r: r, id: in["device"], held: map[string]wire.Record{}}
		if status == 200 {
			p.cookie = resp.Cookies()[0].Value
		}
		return p
	}
	enter(map[string]string{"link": first.Link}, 400)
	enter(map[string]string{"code": first.Code}, 400)
	half := enter(map[string]string{"code": l.Code}, 200) // got in and never made a vault
	l = eva.login("/api/people/"+l.Person+"/invite", nil)
	if status, _, _ := r.ask("GET", "/api/session", half.cookie, nil); status != 401 {
		t.Errorf("whoever came by the code before is still in: %d", status)
	}
	ture := &vaulted{phone: enter(map[string]string{"link": l.Link}, 200), locker: uuid.NewString(), proof: secretOf(1), auth: secretOf(7)}
	enter(map[string]string{"link": l.Link}, 400)
	if status, body := ture.do("PUT", "/api/vault", map[string]any{"locker": ture.locker, "name": "Chrome, Android", "wraps": []any{map[string]string{"by": "passphrase"}}, "auth": ture.auth, "proof": ture.proof}); status != 204 {
		t.Fatalf("%d %s", status, body)
	}
	ture.online(0)
	if status, body := eva.do("POST", "/api/people/"+l.Person+"/invite", nil); status != 422 || !strings.Contains(body, "came_already") {
		t.Errorf("an administrator alone lets somebody in anew who has come: %d %s", status, body)
	}
	jonna := r.signIn("jonna").connect()
	if got := jonna.held[l.Person]; string(got.Fields["name"]) != `"Ture Novak"` {
		t.Errorf("a colleague sees %+v", got)
	}

	change := map[string]any{"name": "Ture Novak", "role": "coordinator", "units": []string{demo.UnitNorth}}
	if status, body := eva.do("PUT", "/api/people/"+l.Person, change); status != 204 {
		t.Fatalf("%d %s", status, body)
	}
	if _, body := ture.do("GET", "/api/session", nil); !strings.Contains(body, `"role":"coordinator"`) {
		t.Errorf("the changed person is told %s", body)
	}
	if !administered(r, "change of account "+l.Person+", role caretaker to coordinator") || !administered(r, "account "+l.Person) || !administered(r, "invitation of "+l.Person) {
		t.Errorf("the log has %v", landlordLog(r))
	}

	if err := r.core.db.PutSubscription(casework.Subscription{Person: l.Person, Device: ture.id, Endpoint: "https://push.example/1", Made: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if status, body := eva.do("GET", "/api/people/"+l.Person+"/leaves", nil); status != 200 || body != `{"households":0}` {
		t.Errorf("%d %s", status, body)
	}
	if _, body := eva.do("GET", "/api/people/kim/leaves", nil); strings.Contains(body, `"households":0`) {
		t.Errorf("Kim leaves nothing: %s", body)
	}
	if status, body := eva.do("POST", "/api/people/"+l.Person+"/end", map[string]bool{}); status != 204 {
		t.Fatalf("%d %s", status, body)
	}
	if p := hear[*wire.Problem](ture.phone); p.Code != wire.CodeSignedOut {
		t.Errorf("the socket hears %+v", p)
	}
	if status, body := ture.do("POST", "/api/device/orders", map[string]any{"lockers": []string{ture.locker}}); body != fmt.Sprintf(`{%q:"wipe"}`, ture.locker) {
		t.Errorf("the phone is told %d %s", status, body)
	}
	if subs, err := r.core.db.SubscriptionsOf(l.Person); len(subs) != 0 || err != nil {
		t.Errorf("pushes still go to %v", subs)
	}
	if status, body := ture.do("POST", "/api/session/again", map[string]string{"locker": ture.locker, "auth": ture.auth, "proof": ture.proof}); status < 400 {
		t.Errorf("signing in again: %d %s", status, body)
	}
	if row := eva.people().named("Ture Novak"); row.Active || !administered(r, "end of account "+l.Person) {
		t.Errorf("%+v", row)
	}
	for call, want := range map[string]int{"PUT ": 404, "GET /leaves": 404, "POST /invite": 404, "POST /end": 204} { // which has been done
		method, path, _ := strings.Cut(call, " ")
		if status, _ := eva.do(method, "/api/people/"+l.Person+path, change); status != want {
			t.Errorf("%s %s of somebody who has left: %d", method, path, status)
		}
	}
}

// Nobody but an administrator sees to people, and an administrator to their own
// organisation's alone: not there and not theirs are one answer. Nobody sees to themselves.
func TestWhoSeesToPeople(t *testing.T) {
	r := start(t, town(t))
	eva, leif := r.enrol("eva"), r.enrol("leif")
	calls := func(person string) map[string]any {
		return map[string]any{"PUT /api/people/" + person: newcomer, "POST /api/people/" + person + "/invite": nil, "POST /api/people/" + person + "/end": map[string]bool{"anyway": true}, "GET /api/people/" + person + "/leaves": nil}
	}
	answers := map[string]bool{}
	for _, person := range []string{"samira", "leif", "nobody", "disa", "%00", strings.Repeat("x", 300)} {
		for call, body := range calls(person) {
			method, path, _ := strings.Cut(call, " ")
			status, answer := eva.do(method, path, body)
			answers[fmt.Sprint(status, answer)] = true
		}
	}
	if len(answers) != 1 || !answers[`404{"code":"not_found","sentence":"Det finns ingen sådan person i din organisation."}`] {
		t.Errorf("not there and not yours are told apart: %v", answers)
	}
	for call, body := range calls("eva") {
		method, path, _ := strings.Cut(call, " ")
		if status, answer := eva.do(method, path, body); status != 422 || !strings.Contains(answer, "not_oneself") {
			t.Errorf("%s of herself: %d %s", call, status, answer)
		}
	}
	for _, name := range []string{"alva", "jonna", "maj", "rolf", "samira", "elin", "karin", "disa"} {
		v := r.enrol(name)
		all := calls("kim")
		all["GET /api/people"], all["POST /api/people"] = nil, newcomer
		for call, body := range all {
			method, path, _ := strings.Cut(call, " ")
			if status, answer := v.do(method, path, body); status != http.StatusForbidden {
				t.Errorf("%s: %s: %d %s", name, call, status, answer)
			}
		}
	}
	if got := eva.people(); slices.ContainsFunc(got.People, func(p personRow) bool { return p.Name == "Samira Holmén" }) || slices.Contains(got.Roles, casework.SocialWorker) || slices.Contains(got.Roles, casework.SystemOperator) {
		t.Errorf("Eva sees %+v", got)
	}
	for _, wrong := range []map[string]any{
		{"name": "", "role": "caretaker", "units": []string{demo.UnitNorth}}, {"name": "Ture", "role": "social_worker", "units": []string{demo.UnitNorth}},
		{"name": "Ture", "role": "operator", "units": []string{demo.UnitNorth}}, {"name": "Ture", "role": "", "units": []string{demo.UnitNorth}},
		{"name": "Ture", "role": "caretaker", "units": []string{}}, {"name": "Ture", "role": "caretaker", "units": []string{demo.UnitEviction}},
		{"name": "Ture", "role": "caretaker", "units": []string{demo.UnitNorth, "x"}}, {"name": strings.Repeat("ö", 81), "role": "caretaker", "units": []string{demo.UnitNorth}},
	} {
		before := len(eva.people().People)
		if status, answer := eva.do("POST", "/api/people", wrong); status != 422 || len(eva.people().People) != before {
			t.Errorf("%v: %d %s", wrong, status, answer)
		}
		if status, answer := eva.do("PUT", "/api/people/kim", wrong); status != 422 {
			t.Errorf("change to %v: %d %s", wrong, status, answer)
		}
	}
	if status, _ := leif.do("POST", "/api/people", map[string]any{"name": "Ture Novak", "role": "social_worker", "units": []string{demo.UnitAdults, demo.UnitAdults}}); status != 200 {
		t.Errorf("the other organisation's: %d", status)
	}
	if row := leif.people().named("Ture Novak"); !slices.Equal(row.Units, []string{demo.UnitAdults}) {
		t.Errorf("%+v", row)
	}
	if err := r.core.db.PutSetting(providerSetting("kim"), []byte("sjoberga")); err != nil {
		t.Fatal(err)
	}
	if status, answer := eva.do("PUT", "/api/people/kim", newcomer); status != 422 || !strings.Contains(answer, "by_provider") {
		t.Errorf("what a provider says is changed here: %d %s", status, answer)
	}
}
