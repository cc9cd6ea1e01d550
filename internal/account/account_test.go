package account

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bokvar/internal/casework"
)

// store keeps accounts in memory, as the interface in casework promises.
type store struct {
	mu            sync.Mutex
	organisations []casework.Organisation
	members       map[string]casework.Member
	invitations   map[string]casework.Invitation
	taken         int // so many handles are said to be in use
	sessions      map[string]casework.Session
	devices       map[string]casework.Device
	settings      map[string][]byte
	uses          int // how often a session's use was written down
}

func newStore() *store {
	return &store{
		organisations: []casework.Organisation{{ID: "hem", Name: "Hem", Kind: casework.Landlord}},
		members:       map[string]casework.Member{}, invitations: map[string]casework.Invitation{},
		sessions: map[string]casework.Session{}, devices: map[string]casework.Device{}, settings: map[string][]byte{},
	}
}

func (s *store) PutOrganisation(o casework.Organisation) error {
	s.organisations = append(s.organisations, o)
	return nil
}
func (s *store) Organisations() ([]casework.Organisation, error) { return s.organisations, nil }
func (s *store) PutMember(m casework.Member) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.members[m.ID] = m
	return nil
}
func (s *store) AllMembers(org string) (out []casework.Member, err error) {
	for _, m := range s.members {
		if org == "" || m.Org == org {
			out = append(out, m)
		}
	}
	return out, nil
}
func (s *store) FindMember(id string) (*casework.Member, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m, ok := s.members[id]; ok {
		return &m, nil
	}
	return nil, nil
}
func (s *store) EndMember(person string, at time.Time, _, _ string) error {
	s.mu.Lock()
	m := s.members[person]
	m.Active = false
	s.members[person] = m
	s.mu.Unlock()
	for _, d := range s.devices {
		_, _ = s.SetDeviceState(person, d.ID, casework.DeviceWipe, at, casework.DeviceActive, casework.DeviceBlocked)
	}
	return errors.Join(s.DropInvitations(person), s.EndSessionsOf(person))
}
func (s *store) PutInvitation(i casework.Invitation) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.invitations[i.Kind+i.Handle]; taken || s.taken > 0 {
		s.taken--
		return casework.ErrHandleTaken
	}
	s.invitations[i.Kind+i.Handle] = i
	return nil
}
func (s *store) TakeInvitation(kind, handle string, verify func(casework.Invitation) bool, now time.Time) (*casework.Invitation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.invitations[kind+handle]
	if !ok || now.After(i.Expires) {
		return nil, nil
	}
	if !verify(i) {
		i.Tries++
		s.invitations[kind+handle] = i
		return nil, nil
	}
	delete(s.invitations, kind+handle)
	return &i, nil
}
func (s *store) Invited(now time.Time) (map[string]time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]time.Time{}
	for _, i := range s.invitations {
		if now.Before(i.Expires) && i.Expires.After(out[i.Person]) {
			out[i.Person] = i.Expires
		}
	}
	return out, nil
}
func (s *store) DropInvitations(person string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for at, i := range s.invitations {
		if i.Person == person {
			delete(s.invitations, at)
		}
	}
	return nil
}
func (s *store) PutSession(x casework.Session) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[string(x.Hash)] = x
	return nil
}
func (s *store) FindSession(hash []byte) (*casework.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x, ok := s.sessions[string(hash)]; ok {
		x.State = s.devices[x.Person+x.Device].State
		return &x, nil
	}
	return nil, nil
}
func (s *store) UseSession(used casework.Session, from int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.uses++
	x, known := s.sessions[string(used.Hash)]
	if !known {
		return nil
	}
	x.Expires, x.Seen = x.Expires.Add(used.Seen.Sub(x.Seen)), used.Seen
	if x.Number == from {
		x.Number, x.Since, x.Newer = used.Number, used.Since, used.Newer
	}
	s.sessions[string(used.Hash)] = x
	return nil
}
func (s *store) EndSession(hash []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, string(hash))
	return nil
}
func (s *store) EndSessionsOf(person string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for hash, x := range s.sessions {
		if x.Person == person {
			delete(s.sessions, hash)
		}
	}
	return nil
}
func (s *store) EndSessionsBut(person string, but []byte) (ended int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for hash, x := range s.sessions {
		if x.Person == person && hash != string(but) {
			delete(s.sessions, hash)
			ended++
		}
	}
	return ended, nil
}
func (s *store) EndSessionsOn(person, device string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for hash, x := range s.sessions {
		if x.Person == person && x.Device == device {
			delete(s.sessions, hash)
		}
	}
	return nil
}
func (s *store) SetProof(hash, proof []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[string(hash)]
	x.Proof = proof
	s.sessions[string(hash)] = x
	return nil
}
func (s *store) PutDevice(d casework.Device) error {
	before, there := s.devices[d.Person+d.ID]
	d.Signing, d.State = before.Signing, casework.DeviceActive
	if there {
		d.State, d.Since, d.App, d.Unsent = before.State, before.Since, before.App, before.Unsent
	}
	s.devices[d.Person+d.ID] = d
	return nil
}
func (s *store) FindDevice(person, id string) (*casework.Device, error) {
	if d, ok := s.devices[person+id]; ok {
		return &d, nil
	}
	return nil, nil
}
func (s *store) FindLocker(locker string) (*casework.Device, error) {
	for _, d := range s.devices {
		if d.Locker == locker {
			return &d, nil
		}
	}
	return nil, nil
}
func (s *store) SetSigning(person, id string, key []byte) error {
	if d, ok := s.devices[person+id]; ok {
		d.Signing = key
		s.devices[person+id] = d
	}
	return nil
}
func (s *store) Devices(org, person string) (out []casework.Device, err error) {
	for _, d := range s.devices {
		if s.members[d.Person].Org == org && (person == "" || d.Person == person) {
			d.Wraps, d.Verifier, d.Passkeys = nil, nil, nil
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b casework.Device) int { return strings.Compare(a.Person+a.ID, b.Person+b.ID) })
	return out, nil
}
func (s *store) SetDeviceState(person, id string, to casework.DeviceState, at time.Time, from ...casework.DeviceState) (bool, error) {
	d, ok := s.devices[person+id]
	if !ok || !slices.Contains(from, d.State) {
		return false, nil
	}
	d.State, d.Since = to, at
	s.devices[person+id] = d
	return true, nil
}
func (s *store) ForgetWraps(person, id string) error {
	d := s.devices[person+id]
	d.Wraps, d.Verifier, d.Passkeys, d.Signing = []byte(`[]`), nil, nil, nil
	s.devices[person+id] = d
	return nil
}
func (s *store) Turn(person, id string, brought int64, at time.Time) (int64, bool, error) {
	panic("the store of package sqlite is tested instead")
}
func (s *store) NoteContacts(contacts []casework.Contact) error {
	for _, c := range contacts {
		if d, ok := s.devices[c.Person+c.Device]; ok {
			d.Seen, d.App, d.Unsent = c.At, c.App, c.Unsent
			s.devices[c.Person+c.Device] = d
		}
	}
	return nil
}
func (s *store) Setting(name string) ([]byte, error)    { return s.settings[name], nil }
func (s *store) PutSetting(name string, v []byte) error { s.settings[name] = v; return nil }

// clock is moved by hand.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time        { return c.now }
func (c *clock) move(by time.Duration) { c.now = c.now.Add(by) }

func service(t *testing.T) (*Service, *store, *clock) {
	t.Helper()
	st, c := newStore(), &clock{time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)}
	s, err := New(st, st, c.Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"kim", "alva"} {
		if err := s.Add(casework.Member{ID: id, Org: "hem", Name: id, Role: casework.Caretaker}); err != nil {
			t.Fatal(err)
		}
	}
	return s, st, c
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestALinkAndACodeLetInOnce(t *testing.T) {
	s, _, _ := service(t)
	link, code := must[string](t)(s.InviteLink("kim")), must[string](t)(s.InviteCode("kim"))
	typed := " " + strings.ToLower(code[:4]) + " - " + code[5:] + " "
	for _, in := range [][2]string{{link, ""}, {"", typed}} {
		cookie := must[string](t)(s.Redeem(in[0], in[1], "d1", "192.0.2.1"))
		m, session, err := s.Check(cookie, "")
		if err != nil || m.ID != "kim" || session.Device != "d1" {
			t.Fatalf("%v %v %v", m, session, err)
		}
		if _, err := s.Redeem(in[0], in[1], "d1", "192.0.2.1"); err != ErrInvalidCode {
			t.Errorf("a second time: %v", err)
		}
	}
}

func TestWhatIsKeptLetsNobodyIn(t *testing.T) {
	s, st, _ := service(t)
	link, code := must[string](t)(s.InviteLink("kim")), must[string](t)(s.InviteCode("kim"))
	cookie := must[string](t)(s.Redeem(must[string](t)(s.InviteLink("alva")), "", "d", ""))
	kept := fmt.Sprintf("%+v %+v", st.invitations, st.sessions)
	for _, secret := range []string{link[12:], code, strings.ReplaceAll(code, "-", ""), code[5:] + "]", cookie} {
		if strings.Contains(kept, secret) {
			t.Errorf("the store holds %q", secret)
		}
	}
	for _, i := range st.invitations {
		if i.Kind == "code" && (len(i.Salt) != 16 || len(i.Hash) != 32) {
			t.Errorf("a code is kept as %+v", i)
		}
	}
	other, err := New(st, newStore(), s.clock) // the database alone, without the key outside it
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Redeem("", code, "d", ""); err != ErrInvalidCode {
		t.Errorf("without the key: %v", err)
	}
}

func TestOneAnswerForWhateverDoesNotLetIn(t *testing.T) {
	s, st, c := service(t)
	old := must[string](t)(s.InviteCode("kim"))
	oldLink := must[string](t)(s.InviteLink("kim"))
	c.move(InvitationLife + time.Second)
	disabled := must[string](t)(s.InviteLink("alva"))
	if err := s.Disable("alva", "", ""); err != nil {
		t.Fatal(err)
	}
	right := must[string](t)(s.InviteCode("kim"))
	for _, in := range [][2]string{
		{"", old}, {oldLink, ""}, {disabled, ""}, {"", "ZZZZ-ZZZZ"}, {"", right[:5] + "2222"}, {"", "O0I1-LUV!"}, {"", right[:4]},
		{"short", ""}, {strings.Repeat("A", 55), ""}, {strings.Repeat("x", 10_000), ""}, {"", strings.Repeat("2", 10_000)}, {"", ""},
	} {
		if _, err := s.Redeem(in[0], in[1], "d", "192.0.2.9"); err != ErrInvalidCode {
			t.Errorf("%.20q %.20q: %v", in[0], in[1], err)
		}
	}
	if n := len(st.sessions); n != 0 {
		t.Errorf("%d sessions were made", n)
	}
}

func TestGuessingLocksNobodyElseOut(t *testing.T) {
	s, _, c := service(t)
	code := must[string](t)(s.InviteCode("kim"))
	wrong := code[:5] + "2222"
	var err error
	for range perHandle {
		if _, err = s.Redeem("", wrong, "d", "192.0.2.66"); err != ErrInvalidCode {
			t.Fatal(err)
		}
	}
	if _, err = s.Redeem("", code, "d", "192.0.2.66"); err != ErrTooMany {
		t.Errorf("the guesser goes on: %v", err)
	}
	other := must[string](t)(s.InviteCode("alva"))
	if _, err = s.Redeem("", other, "d", "192.0.2.66"); err != nil {
		t.Errorf("a colleague behind the same address: %v", err)
	}
	if _, err = s.Redeem("", code, "d", "192.0.2.1"); err != nil {
		t.Errorf("the code's owner elsewhere: %v", err)
	}
	for range perAddress {
		_, _ = s.Redeem(strings.Repeat("A", 55), "", "d", "2001:db8::1")
	}
	link := must[string](t)(s.InviteLink("kim"))
	if _, err = s.Redeem(link, "", "d", "2001:db8::ffff"); err != ErrTooMany {
		t.Errorf("another address of the same /64: %v", err)
	}
	c.move(guardWindow)
	if _, err = s.Redeem(link, "", "d", "2001:db8::1"); err != nil {
		t.Errorf("after the window: %v", err)
	}
}

func TestACodeThatIsInUseIsDrawnAnew(t *testing.T) {
	s, st, _ := service(t)
	st.taken = 3 // times that the drawn one lies there already
	code := must[string](t)(s.InviteCode("kim"))
	if _, err := s.Redeem("", code, "d", "192.0.2.1"); err != nil || st.taken != 0 {
		t.Errorf("%v, with %d to come", err, st.taken)
	}
}

func TestACodeDiesAfterTenWrongTries(t *testing.T) {
	s, _, _ := service(t)
	code := must[string](t)(s.InviteCode("kim"))
	for i := range MaxTries {
		_, _ = s.Redeem("", code[:5]+"2222", "d", fmt.Sprintf("192.0.2.%d", i))
	}
	if _, err := s.Redeem("", code, "d", "192.0.2.200"); err != ErrInvalidCode {
		t.Errorf("%v", err)
	}
}

func TestTheGuardForgets(t *testing.T) {
	c := &clock{time.Unix(0, 0)}
	g := newGuard(c.Now)
	for i := range guardCapacity * 2 {
		g.failed(fmt.Sprint(i))
	}
	if n := len(g.fails); n > guardCapacity+1 {
		t.Errorf("%d keys are remembered", n)
	}
}

func TestSessionsEnd(t *testing.T) {
	s, _, c := service(t)
	in := func(person string) string {
		return enrolled(t, s, person, "d")
	}
	ends := func(cookie, why string) {
		t.Helper()
		if _, _, err := s.Check(cookie, proofOf(1)); err != ErrSignedOut {
			t.Errorf("%s: %v", why, err)
		}
	}
	idle, used := in("kim"), in("kim")
	for range 14 {
		c.move(SessionIdle - 4*24*time.Hour)
		if _, _, err := s.Check(used, proofOf(1)); err != nil {
			t.Fatalf("a session in use ended: %v", err)
		}
	}
	ends(idle, "idle")
	c.move(SessionIdle - 24*time.Hour)
	ends(used, "a year old")
	out, one, two, alva := in("kim"), in("kim"), in("kim"), in("alva")
	if err := errors.Join(s.End(out), s.End("nonsense")); err != nil {
		t.Error(err)
	}
	ends(out, "signed out")
	if err := s.EndAll("kim"); err != nil {
		t.Error(err)
	}
	ends(one, "all ended")
	ends(two, "all ended")
	if _, _, err := s.Check(alva, proofOf(1)); err != nil {
		t.Errorf("somebody else's: %v", err)
	}
	if err := s.Disable("alva", "", ""); err != nil {
		t.Error(err)
	}
	ends(alva, "disabled")
	for _, cookie := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("A", 10_000)} {
		ends(cookie, "no cookie of ours")
	}
}

func TestSecretsAreRandom(t *testing.T) {
	s, _, _ := service(t)
	var codes, links []string
	for range 8 {
		codes = append(codes, must[string](t)(s.InviteCode("kim")))
		links = append(links, must[string](t)(s.InviteLink("kim")))
	}
	for _, all := range [][]string{codes, links} {
		slices.Sort(all)
		if len(slices.Compact(all)) != 8 {
			t.Error("two are equal")
		}
	}
	for _, code := range codes {
		if len(code) != 9 || code[4] != '-' || strings.ContainsAny(code, "01OILUV") {
			t.Errorf("code %q", code)
		}
	}
	if bytes.Equal(s.salt("AAAA"), s.salt("AAAB")) {
		t.Error("two handles share a salt")
	}
}

func TestPeople(t *testing.T) {
	s, _, _ := service(t)
	for _, m := range []casework.Member{
		{ID: "kim", Org: "hem", Name: "K", Role: casework.Caretaker},
		{ID: "Kim", Org: "hem", Name: "K", Role: casework.Caretaker},
		{ID: "", Org: "hem", Name: "K", Role: casework.Caretaker},
		{ID: "x", Org: "hem", Name: " ", Role: casework.Caretaker},
		{ID: "x", Org: "other", Name: "K", Role: casework.Caretaker},
		{ID: "x", Org: "hem", Name: "K", Role: casework.SocialWorker},
		{ID: "x", Org: "hem", Name: "K", Role: "king"},
	} {
		var wrong *casework.Error
		if err := s.Add(m); !errors.As(err, &wrong) || wrong.Sentence == "" {
			t.Errorf("%+v: %v", m, err)
		}
	}
	all, err := s.People("hem")
	if err != nil || len(all) != 2 || all[0].ID != "alva" {
		t.Errorf("%v %v", all, err)
	}
}
