package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/internal/sqlite"
	"bokvar/sync/wire"
)

// vaulted is a phone with a vault: its cookie is good only with the proof.
type vaulted struct {
	*phone
	locker, proof, auth string
}

func secretOf(seed byte) string {
	return base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{seed}, 32))
}

// enrol signs the person in on a new phone, and gives it a vault.
func (r *running) enrol(person string) *vaulted {
	r.t.Helper()
	v := &vaulted{phone: r.signIn(person), locker: uuid.NewString(), proof: secretOf(1), auth: secretOf(7)}
	status, body := v.do("PUT", "/api/vault", map[string]any{"locker": v.locker, "name": "Chrome, Android", "wraps": []any{map[string]string{"by": "passphrase"}}, "auth": v.auth, "proof": v.proof})
	if status != 204 {
		r.t.Fatalf("enrol %s: %d %s", person, status, body)
	}
	return v
}

// do asks as the phone's app does.
func (v *vaulted) do(method, path string, body any) (int, string) {
	v.r.t.Helper()
	resp, answer := v.send(method, path, body)
	return resp.StatusCode, answer
}

// send is do, with all of the answer.
func (v *vaulted) send(method, path string, body any) (*http.Response, string) {
	v.r.t.Helper()
	var content io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			v.r.t.Fatal(err)
		}
		content = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, v.r.URL+path, content)
	if err != nil {
		v.r.t.Fatal(err)
	}
	for name, value := range map[string]string{"Origin": v.r.URL, "X-Bokvar": "1", "X-Bokvar-Proof": v.proof, "Cookie": "bokvar=" + v.cookie} {
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		v.r.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, _ := io.ReadAll(resp.Body)
	return resp, string(answer)
}

// dial opens the socket, without a word.
func (v *vaulted) dial() (*http.Response, error) {
	header := http.Header{"Origin": {v.r.URL}, "Cookie": {"bokvar=" + v.cookie}, "Sec-Websocket-Protocol": {"bokvar, proof." + v.proof}}
	ws, resp, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(v.r.URL, "http")+"/sync", header)
	if err == nil {
		v.ws = ws
		v.r.t.Cleanup(func() { _ = ws.Close() })
	}
	return resp, err
}

func (v *vaulted) online(unsent int) {
	v.r.t.Helper()
	if _, err := v.dial(); err != nil {
		v.r.t.Fatal(err)
	}
	v.say(wire.Hello{Type: wire.TypeHello, Versions: []int{2}, Device: v.id, App: "1.2.3", Unsent: unsent, Clock: time.Now().UnixMilli()})
	hear[*wire.Welcome](v.phone)
}

func (v *vaulted) devices() deviceAnswer {
	v.r.t.Helper()
	var answer deviceAnswer
	status, body := v.do("GET", "/api/devices", nil)
	if err := json.Unmarshal([]byte(body), &answer); err != nil || status != 200 {
		v.r.t.Fatalf("%d %s", status, body)
	}
	return answer
}

func (d deviceAnswer) of(person, device string) *deviceRow {
	for _, p := range d.People {
		for i := range p.Devices {
			if p.ID == person && p.Devices[i].ID == device {
				return &p.Devices[i]
			}
		}
	}
	return nil
}

func landlordLog(r *running) []sqlite.Row {
	r.t.Helper()
	rows, err := r.core.db.LogOfOrganisation(demo.Landlord, "", 0, 1000)
	if err != nil {
		r.t.Fatal(err)
	}
	return rows
}

// A phone that is blocked or to be wiped gets nothing more by any way: what it has
// open ends at once, what it tries afterwards is refused, and nothing is pushed to it.
func TestALostPhoneGetsNothingMore(t *testing.T) {
	for _, order := range []string{"block", "wipe"} {
		r := start(t, town(t))
		kim, jonna := r.enrol("kim"), r.enrol("jonna")
		kim.online(3)
		if err := r.core.db.PutSubscription(casework.Subscription{Person: "kim", Device: kim.id, Endpoint: "https://push.example/1", Made: time.Now()}); err != nil {
			t.Fatal(err)
		}
		seen := jonna.devices().of("kim", kim.id)
		if seen == nil || seen.App != "1.2.3" || seen.Unsent != 3 || seen.State != "active" || seen.Name != "Chrome, Android" || time.Since(time.UnixMilli(seen.Seen)) > time.Minute {
			t.Fatalf("the coordinator sees %+v", seen)
		}
		if status, body := jonna.do("POST", "/api/devices/kim/"+kim.id+"/"+order, nil); status != 204 {
			t.Fatalf("%s: %d %s", order, status, body)
		}
		if p := hear[*wire.Problem](kim.phone); p.Code != wire.CodeSignedOut {
			t.Errorf("%s: the socket hears %+v", order, p)
		}
		_ = kim.ws.SetReadDeadline(time.Now().Add(2 * time.Minute)) // ends a wait that will never succeed, and nothing else
		if _, raw, err := kim.ws.ReadMessage(); !websocket.IsCloseError(err, 4401) {
			t.Errorf("%s: the socket goes on with %s %v", order, raw, err)
		}
		if resp, err := kim.dial(); err == nil || resp.StatusCode != 401 {
			t.Errorf("%s: a new socket: %v", order, err)
		}
		for _, route := range r.app.GetRoutes(true) {
			if !strings.HasPrefix(route.Path, "/api/") || forStrangers[route.Path] || route.Method == http.MethodHead {
				continue
			}
			if status, body := kim.do(route.Method, route.Path, map[string]any{}); status < 400 && route.Path != "/api/session" {
				t.Errorf("%s: %s %s: %d %s", order, route.Method, route.Path, status, body)
			}
		}
		hello := map[string]any{"messages": []any{wire.Hello{Type: wire.TypeHello, Versions: []int{2}, Device: kim.id}}}
		if status, body := kim.do("POST", "/sync", hello); status != 401 {
			t.Errorf("%s: by requests: %d %s", order, status, body)
		}
		if status, body := kim.do("POST", "/api/session/again", map[string]string{"locker": kim.locker, "auth": kim.auth, "proof": secretOf(3)}); status != 401 || !strings.Contains(body, "device_blocked") {
			t.Errorf("%s: with the passphrase: %d %s", order, status, body)
		}
		l, err := r.core.invite("kim")
		if err != nil {
			t.Fatal(err)
		}
		if status, body := kim.do("POST", "/api/session", map[string]string{"link": l.Token, "device": kim.id}); status != 401 || !strings.Contains(body, "device_blocked") {
			t.Errorf("%s: with a new link: %d %s", order, status, body)
		}
		if subs, err := r.core.db.SubscriptionsOf("kim"); len(subs) != 0 || err != nil {
			t.Errorf("%s: pushes still go to %v", order, subs)
		}
		other := r.enrol("kim") // her other phone works
		other.online(0)
		word := map[string]string{"block": "device_blocked", "wipe": "device_wipe"}[order]
		logged := 0
		for _, row := range landlordLog(r) {
			if row.Action == word && row.Person == "jonna" && row.What == "kim "+kim.id {
				logged++
			}
		}
		if logged != 1 {
			t.Errorf("%s: it is logged %d times", order, logged)
		}
	}
}

// A phone that is told to delete everything says so afterwards, and the server keeps
// the receipt and nothing that opens what lay there.
func TestAWipedPhoneLeavesAReceipt(t *testing.T) {
	r := start(t, town(t))
	kim, jonna := r.enrol("kim"), r.enrol("jonna")
	ask := func(want string) {
		t.Helper()
		if status, body := kim.do("POST", "/api/device/orders", map[string]any{"lockers": []string{kim.locker, uuid.NewString(), "x"}}); status != 200 || body != want {
			t.Errorf("%d %s; want %s", status, body, want)
		}
	}
	wiped := map[string]any{"locker": kim.locker, "whole": true}
	ask(`{}`)
	if status, body := kim.do("POST", "/api/device/wiped", wiped); status != 409 {
		t.Errorf("a word nobody asked for: %d %s", status, body)
	}
	order := func(order string, want int) {
		t.Helper()
		if status, body := jonna.do("POST", "/api/devices/kim/"+kim.id+"/"+order, nil); status != want {
			t.Errorf("%s: %d %s; want %d", order, status, body, want)
		}
	}
	order("block", 204)
	ask(`{"` + kim.locker + `":"blocked"}`)
	order("allow", 204)
	ask(`{}`)
	order("wipe", 204)
	ask(`{"` + kim.locker + `":"wipe"}`)
	for range 2 {
		if status, body := kim.do("POST", "/api/device/wiped", wiped); status != 204 {
			t.Errorf("%d %s", status, body)
		}
	}
	ask(`{"` + kim.locker + `":"wiped"}`)
	order("allow", 409)
	if row := jonna.devices().of("kim", kim.id); row == nil || row.State != "wiped" || row.Since == 0 {
		t.Errorf("the list says %+v", row)
	}
	d, err := r.core.accounts.Locker(kim.locker)
	if err != nil || string(d.Wraps) != `[]` || d.Verifier != nil {
		t.Errorf("what opens the vault is still here: %+v %v", d, err)
	}
	count := map[string]int{}
	for _, row := range landlordLog(r) {
		count[row.Action]++
	}
	if count["device_wiped"] != 1 || count["device_allowed"] != 1 || count["device_blocked"] != 1 || count["device_wipe"] != 1 {
		t.Errorf("the log has %v", count)
	}
}

// Who sees to whose phones: one's own; those of the organisation by access.md; never
// another organisation's, nor whether there is such a phone.
func TestWhoSeesToWhosePhones(t *testing.T) {
	r := start(t, town(t))
	kim, samira := r.enrol("kim"), r.enrol("samira")
	table := r.core.office.Access()
	for i := range demo.Members {
		m := &demo.Members[i]
		by := r.enrol(m.ID)
		answer := by.devices()
		if len(answer.Own) == 0 || !answer.Own[len(answer.Own)-1].Here {
			t.Errorf("%s does not see their own: %+v", m.ID, answer.Own)
		}
		may := table.Cell("device", m.Role).Read != "never"
		if (answer.People != nil) != may {
			t.Errorf("%s (%s) sees %+v", m.ID, m.Role, answer.People)
		}
		for _, lost := range []*vaulted{kim, samira} {
			person := map[*vaulted]string{kim: "kim", samira: "samira"}[lost]
			owner, err := r.core.accounts.Person(person)
			if err != nil {
				t.Fatal(err)
			}
			theirs := may && owner.Org == m.Org && person != m.ID
			if (answer.of(person, lost.id) != nil) != theirs {
				t.Errorf("%s sees the phone of %s: %v", m.ID, person, !theirs)
			}
			want := 404
			if theirs || person == m.ID {
				want = 204
			}
			if status, body := by.do("POST", "/api/devices/"+person+"/"+lost.id+"/block", nil); status != want {
				t.Errorf("%s blocks the phone of %s: %d %s; want %d", m.ID, person, status, body, want)
			}
			if err := r.core.accounts.Allow(person, lost.id); err != nil && want == 204 {
				t.Error(err)
			}
		}
		for _, path := range []string{"/api/devices/kim/" + uuid.NewString() + "/block", "/api/devices/nobody/" + kim.id + "/block"} {
			if status, _ := by.do("POST", path, nil); status != 404 {
				t.Errorf("%s: %s: %d", m.ID, path, status)
			}
		}
		if status, body := by.do("POST", "/api/devices/"+m.ID+"/"+by.id+"/wipe", nil); status != 422 || !strings.Contains(body, "device_here") {
			t.Errorf("%s wipes the phone in their hand: %d %s", m.ID, status, body)
		}
	}
	other := r.enrol("kim")
	if status, _ := other.do("POST", "/api/devices/kim/"+kim.id+"/wipe", nil); status != 204 {
		t.Errorf("kim cannot wipe her lost phone: %d", status)
	}
	if status, _ := other.do("POST", "/api/devices/kim/"+kim.id+"/allow", nil); status != 404 {
		t.Errorf("kim lets her lost phone in again: %d", status)
	}
}

// What a phone told last is still known after the server was started anew.
func TestContactsOutliveTheServer(t *testing.T) {
	data := town(t)
	r := start(t, data)
	kim := r.enrol("kim")
	kim.online(5)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	r = start(t, data)
	d, err := r.core.accounts.Locker(kim.locker)
	if err != nil || d.App != "1.2.3" || d.Unsent != 5 {
		t.Error(fmt.Sprintf("%+v", d), errors.Unwrap(err))
	}
}

// A phone tells of wrong passphrases, and a disk that was put back to an earlier day
// is found at the next contact: both stand in the log, and their person is told.
func TestWhatAPhoneTellsWhenItWasUnlocked(t *testing.T) {
	data := town(t)
	r := start(t, data)
	kim, jonna := r.enrol("kim"), r.enrol("jonna")
	tell := func(wrong, turn, next int) {
		t.Helper()
		if status, body := kim.do("POST", "/api/device/report", map[string]int{"wrong": wrong, "turn": turn}); status != 200 || body != fmt.Sprintf(`{"turn":%d}`, next) {
			t.Errorf("%d %s; want turn %d", status, body, next)
		}
	}
	tell(0, 0, 1)
	tell(3, 1, 2)
	tell(0, 2, 3)
	if row := jonna.devices().of("kim", kim.id); row.Rollback != 0 {
		t.Errorf("an honest phone: %+v", row)
	}
	tell(0, 1, 3) // an image of the first day
	if row := jonna.devices().of("kim", kim.id); row.Rollback == 0 {
		t.Error("nobody is shown that the phone was put back")
	}
	if status, _ := kim.do("POST", "/api/device/report", map[string]int{"turn": -1}); status != 400 {
		t.Errorf("a number that nobody was given: %d", status)
	}
	logged := map[string]string{}
	for _, row := range landlordLog(r) {
		logged[row.Action] = row.What
	}
	if logged["wrong_passphrase"] != "kim 3" || logged["device_rollback"] != "kim "+kim.id {
		t.Errorf("the log has %v", logged)
	}
	_, events := kim.do("GET", "/api/account/events", nil)
	if !strings.Contains(events, "wrong_passphrase") || !strings.Contains(events, "device_rollback") {
		t.Errorf("kim is told %s", events)
	}
	waitForControl(t, data)
	do(t, 0, "org", "lease", "-data", data, "-org", demo.Landlord, "-days", "3")
	for v, want := range map[*vaulted]string{kim: `"lease":3`, r.enrol("samira"): `"lease":7`} {
		if _, body := v.do("GET", "/api/session", nil); !strings.Contains(body, want) {
			t.Errorf("%s; want %s", body, want)
		}
	}
	for _, days := range []string{"0", "61"} {
		if do(t, 1, "org", "lease", "-data", data, "-org", demo.Landlord, "-days", days); t.Failed() {
			break
		}
	}
}

// Whoever ends their sessions elsewhere ends them at once and by every way: what is open,
// what is pushed, what could begin anew unseen. Here they go on, and so do others.
func TestEndingOnesSessionsElsewhere(t *testing.T) {
	r := start(t, town(t))
	kim, other, bare, jonna := r.enrol("kim"), r.enrol("kim"), r.signIn("kim"), r.enrol("jonna")
	for _, p := range []*vaulted{kim, other, jonna} {
		p.online(0)
	}
	for i, p := range []*vaulted{kim, other} {
		if err := r.core.db.PutSubscription(casework.Subscription{Person: "kim", Device: p.id, Endpoint: fmt.Sprint("https://push.example/", i), Made: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	l, err := r.core.invite("kim")
	if err != nil {
		t.Fatal(err)
	}
	if status, body := kim.do("DELETE", "/api/session/others", nil); status != 200 || body != `{"ended":2}` {
		t.Fatalf("%d %s", status, body)
	}
	if p := hear[*wire.Problem](other.phone); p.Code != wire.CodeSignedOut {
		t.Errorf("the other phone's socket hears %+v", p)
	}
	if status, body := other.do("GET", "/api/session", nil); status != 401 || !strings.Contains(body, "signed_out") {
		t.Errorf("the other phone: %d %s", status, body)
	}
	if status, _, _ := r.ask("GET", "/api/session", bare.cookie, nil); status != 401 {
		t.Errorf("one without a vault: %d", status)
	}
	for _, in := range []map[string]string{{"link": l.Token}, {"code": l.Code}} {
		in["device"] = uuid.NewString()
		if status, body, _ := r.ask("POST", "/api/session", "", in); status != 400 {
			t.Errorf("with an invitation from before: %d %s", status, body)
		}
	}
	if subs, err := r.core.db.SubscriptionsOf("kim"); err != nil || len(subs) != 1 || subs[0].Device != kim.id {
		t.Errorf("pushes go to %+v %v", subs, err)
	}
	for _, p := range []*vaulted{kim, jonna} {
		p.say(wire.Hello{Type: wire.TypeHello, Versions: []int{2}, Device: p.id, Clock: time.Now().UnixMilli()})
		hear[*wire.Welcome](p.phone)
	}
	if status, body := other.do("POST", "/api/session/again", map[string]string{"locker": other.locker, "auth": other.auth, "proof": other.proof}); status != 200 {
		t.Errorf("signing in again with the passphrase: %d %s", status, body)
	}
	logged := 0
	for _, row := range landlordLog(r) {
		if row.Action == "sessions_ended" && row.Person == "kim" && row.Device == kim.id && row.What == "kim 2" {
			logged++
		}
	}
	if status, body := kim.do("GET", "/api/account/events", nil); status != 200 || !strings.Contains(body, "sessions_ended") || logged != 1 {
		t.Errorf("it is logged %d times, and told: %d %s", logged, status, body)
	}
	if status, body := kim.do("DELETE", "/api/session/others", nil); status != 200 || body != `{"ended":1}` {
		t.Errorf("again: %d %s", status, body)
	}
}
