package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/gorilla/websocket"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// fakes stand in for what is behind the door.
type fakes struct {
	mu      sync.Mutex
	serve   func(*websocket.Conn)
	ended   []string
	files   [][]byte
	failing error
	member  casework.Member
	address string // of the last one who tried to get in
}

var errOut = &casework.Error{Code: "signed_out", Sentence: "Du är utloggad."}

func (f *fakes) Redeem(link, code, device, address string) (string, error) {
	f.mu.Lock()
	f.address = address
	f.mu.Unlock()
	if link == "right" {
		return "good", nil
	}
	return "", &casework.Error{Code: "invalid_code", Sentence: "Länken eller koden gäller inte."}
}

func (f *fakes) Check(cookie, proof string) (*casework.Member, *casework.Session, error) {
	if cookie == "bound" && proof == strings.Repeat("p", 43) {
		cookie = "good"
	}
	return f.Holder(cookie)
}

func (f *fakes) Still(cookie, proof string) error {
	_, _, err := f.Check(cookie, proof)
	return err
}

func (f *fakes) Renewed(_ *casework.Session, cookie string, now bool) string {
	if now {
		return cookie + ".next"
	}
	return cookie
}

func (f *fakes) Holder(cookie string) (*casework.Member, *casework.Session, error) {
	if cookie != "good" {
		return nil, nil, errOut
	}
	return &f.member, &casework.Session{Person: "kim", Device: "6f2c9f0e-8c5e-4f0e-9a58-0a9a0a1c2d3e"}, nil
}

func (f *fakes) End(cookie string) error { return nil }
func (f *fakes) Organisation(id string) (*casework.Organisation, error) {
	return &casework.Organisation{ID: id, Name: "Sjöbergahem", Kind: casework.Landlord}, nil
}
func (f *fakes) SignInAgain(locker, auth, proof, address string) (string, error) {
	if auth == "right" {
		return "good", nil
	}
	return "", &casework.Error{Code: "wrong_passphrase", Sentence: "Lösenfrasen stämmer inte."}
}
func (f *fakes) SignInByPasskey(locker, origin string, response []byte, proof, address string) (string, error) {
	if string(response) == `{"id":"right at `+origin+`"}` {
		return "good", nil
	}
	return "", &casework.Error{Code: "passkey_refused", Sentence: "Nej."}
}
func (f *fakes) SignInChallenge(locker string) string { return "challenge for " + locker }
func (f *fakes) PasskeyChallenge(*casework.Session) (string, string) {
	return "challenge", "handle"
}
func (f *fakes) Enrol(_ *casework.Session, origin string, in casework.Enrolment) error {
	f.note("enrol " + in.Locker + " " + string(in.Wraps))
	return nil
}
func (f *fakes) Device(*casework.Session) (*casework.Device, error) {
	return &casework.Device{Locker: "L", Wraps: json.RawMessage(`[{"by":"passphrase"}]`), Signing: []byte("k")}, nil
}
func (f *fakes) Report(_ *casework.Session, wrong int, turn int64) (int64, error) {
	f.note(fmt.Sprint("wrong ", wrong))
	return turn + 1, nil
}
func (f *fakes) LimitsOf(string) (casework.PhoneLimits, error) {
	return casework.PhoneLimits{Lease: 7, Unused: 10, Hidden: 2}, nil
}
func (f *fakes) SetSigning(_ *casework.Session, spki []byte) error {
	f.note("signing " + string(spki))
	return nil
}

func (f *fakes) Serve(ws *websocket.Conn, _ server.Author, _ func() error) { f.serve(ws) }
func (f *fakes) Answer(_ server.Author, _ func() error, messages []json.RawMessage) []json.RawMessage {
	return messages
}
func (f *fakes) SignOut(person, device string) { f.note(person + " " + device) }

func (f *fakes) Key() string { return "KEY" }
func (f *fakes) Subscribe(s casework.Subscription) error {
	f.note("subscribe " + s.Endpoint)
	return nil
}
func (f *fakes) Unsubscribe(person, endpoint string) error {
	f.note("unsubscribe " + endpoint)
	return nil
}
func (f *fakes) Forget(person, device string) error { f.note("forget " + person); return nil }
func (f *fakes) Shown(alert, person string) error   { f.note("shown " + alert); return nil }

func (f *fakes) Propose(_ *casework.Member, name string, partial bool, content []byte) (any, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files = append(f.files, content)
	return map[string]any{"fileName": name, "partial": partial}, f.failing
}
func (f *fakes) Waiting(*casework.Member) (any, error)                   { return []string{}, f.failing }
func (f *fakes) Proposal(_ *casework.Member, id string) (any, error)     { return id, f.failing }
func (f *fakes) Confirm(*casework.Member, string, []string) (any, error) { return 1, f.failing }
func (f *fakes) Drop(*casework.Member, string) error                     { return f.failing }

// limits are those of the organisation behind the door.
type limits struct{ *fakes }

func (f limits) Show(*casework.Member) (any, error) { return 1, f.failing }
func (f limits) Decide(_ *casework.Member, device string, l casework.PhoneLimits) error {
	f.note(fmt.Sprint(device, " decides ", l))
	return f.failing
}

// people are those behind the door.
type people struct{ *fakes }

func (f people) List(by *casework.Member) (any, error) { return by.ID, f.failing }
func (f people) Add(_ *casework.Member, _ string, p casework.Member) (any, error) {
	f.note("add " + p.Name + " " + p.ID)
	return p.Role, f.failing
}
func (f people) Change(_ *casework.Member, _ string, p casework.Member) error {
	f.note("change " + p.ID + " " + p.Org)
	return f.failing
}
func (f people) Invite(_ *casework.Member, _, person string) (any, error) { return person, f.failing }
func (f people) Leaves(_ *casework.Member, person string) (any, error)    { return person, f.failing }
func (f people) End(_ *casework.Member, _, person string, anyway bool) error {
	f.note(fmt.Sprint("end ", person, anyway))
	return f.failing
}

// devices are those behind the door.
type erasures struct{ *fakes }

func (f erasures) Plan(*casework.Member) (any, error)                       { return 1, f.failing }
func (f erasures) Keep(*casework.Member, string, []byte) error              { return f.failing }
func (f erasures) Run(_ *casework.Member, _ string, count int) (any, error) { return count, f.failing }
func (f erasures) Hold(*casework.Member, string, string, string) error      { return f.failing }
func (f erasures) Certificate(*casework.Member, int64) ([]byte, error) {
	return []byte("{}"), f.failing
}

type rescues struct{ *fakes }

func (f rescues) Keys(org string) (any, error) { return []string{org}, nil }
func (f rescues) TakeIn(payload, signature []byte) (any, error) {
	return string(payload) + " by " + string(signature), f.failing
}
func (f rescues) View(by *casework.Member) (any, error)                     { return by.ID, f.failing }
func (f rescues) Hold(*casework.Member, []byte) error                       { return f.failing }
func (f rescues) Move(*casework.Member, []byte) error                       { return f.failing }
func (f rescues) Make(*casework.Member, []byte) error                       { return f.failing }
func (f rescues) Begin(*casework.Member, []byte) (any, error)               { return nil, f.failing }
func (f rescues) Stop(*casework.Member, string) error                       { return f.failing }
func (f rescues) Locked(_ *casework.Member, id string) (any, error)         { return id, f.failing }
func (f rescues) Open(_ *casework.Member, id string, _ []byte) (any, error) { return id, f.failing }

type protecteds struct{ *fakes }

func (f protecteds) Fetch(_ *casework.Member, _, root, reason string) (any, error) {
	return []string{root, reason}, f.failing
}
func (f protecteds) Change(_ *casework.Member, _, root string, body []byte) (any, error) {
	return []string{root, string(body)}, f.failing
}
func (f protecteds) Photo(_ *casework.Member, _, root, id, reading string) ([]byte, error) {
	return []byte(root + id + reading), f.failing
}

type devices struct{ *fakes }

func (d devices) List(_ *casework.Member, here string) (any, error) { return here, d.failing }
func (d devices) Order(_ *casework.Member, here, person, device, order string) error {
	d.note(order + " " + person + " " + device)
	return d.failing
}
func (d devices) Orders(lockers []string, _ map[string]int) (any, error) { return lockers, d.failing }
func (d devices) EndOthers(by *casework.Member, _ *casework.Session) (int, error) {
	d.note("end others of " + by.ID)
	return 2, d.failing
}
func (d devices) Wiped(locker string, _ int) error {
	d.note("wiped " + locker)
	return d.failing
}

// recoveries are those behind the door.
type recoveries struct{ *fakes }

func (d recoveries) List(*casework.Member) (any, error)   { return []string{}, d.failing }
func (d recoveries) Events(*casework.Member) (any, error) { return []string{}, d.failing }
func (d recoveries) Ask(_ *casework.Member, _, person string) error {
	d.note("ask for " + person)
	return d.failing
}
func (d recoveries) Agree(_ *casework.Member, _, id string) (string, error) {
	return "ABCD-EFGH", d.failing
}
func (d recoveries) Drop(_ *casework.Member, _, id string) error { return d.failing }

func (f *fakes) List() any { return []string{"sjoberga"} }
func (f *fakes) Start(id string) (string, string, error) {
	return "https://login.example/" + id, "the secret", f.failing
}
func (f *fakes) Leave(person string) (any, error) {
	return map[string]string{"name": person}, f.failing
}
func (f *fakes) Finish(secret, state, code string) (string, error) {
	if secret != "the secret" || state == "" {
		return "", errors.Join(&casework.Error{Code: "oidc_failed", Sentence: "Nej."}, errors.New("another journey"))
	}
	return "token-" + code, f.failing
}

func (f *fakes) Ask(_ *casework.Member, id string) (any, error) { return id, f.failing }
func (f *fakes) Take(_ *casework.Member, id string, n int, part []byte) (any, error) {
	f.note(fmt.Sprint(id, " ", n, " ", len(part)))
	return id, f.failing
}
func (f *fakes) Show(_ *casework.Member, _, id string) ([]byte, error) {
	return []byte("picture " + id), f.failing
}

func (f *fakes) Consent(_ *casework.Member, _, id string) ([]byte, error) {
	return []byte("%PDF of " + id), f.failing
}

func (f *fakes) Extract(_ *casework.Member, _, root, reason string) (string, error) {
	return root + reason, f.failing
}

func (f *fakes) OfCase(_ *casework.Member, _, root string, before int64) (any, error) {
	return []any{root, before}, f.failing
}
func (f *fakes) OfOrganisation(_ *casework.Member, _, person string, before int64) (any, error) {
	return []any{person, before}, f.failing
}
func (f *fakes) Search(_ *casework.Member, _ string, q casework.LogSearch) (any, error) {
	return q, f.failing
}
func (f *fakes) Told(_ *casework.Member, device string, rs []casework.Reading) error {
	for _, r := range rs {
		f.note("read " + r.Root)
	}
	return f.failing
}
func (f *fakes) Denied(_ *casework.Member, _, what string) { f.note("denied " + what) }

func (f *fakes) note(s string) {
	f.mu.Lock()
	f.ended = append(f.ended, s)
	f.mu.Unlock()
}

func (f *fakes) noted() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.ended, "; ")
}
