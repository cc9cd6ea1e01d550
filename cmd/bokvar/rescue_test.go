package main

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/internal/rescue"
	"bokvar/internal/rescue/rescuetest"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// keyholder is somebody with a code, and what their browser does.
type keyholder struct {
	*vaulted
	own *ecdh.PrivateKey
}

func newPair(t *testing.T) (*ecdh.PrivateKey, []byte) {
	t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return private, pkcs8
}

// holder enrols a person and gives them a code.
func (r *running) holder(person string) *keyholder {
	r.t.Helper()
	h := &keyholder{vaulted: r.enrol(person)}
	h.own, _ = newPair(r.t)
	h.must(204, "PUT", "/api/rescue/code", map[string]any{"public": h.own.PublicKey().Bytes(), "wrapped": []byte("under a code")}, nil)
	return h
}

func (v *vaulted) must(want int, method, path string, body, into any) {
	v.r.t.Helper()
	status, answer := v.do(method, path, body)
	if status != want {
		v.r.t.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	if into != nil {
		if err := json.Unmarshal([]byte(answer), into); err != nil {
			v.r.t.Fatalf("%s %s: %v in %s", method, path, err, answer)
		}
	}
}

func (h *keyholder) view() (v rescue.View) {
	h.r.t.Helper()
	h.must(200, "GET", "/api/rescue", nil, &v)
	return v
}

// makes a rescue key for all who hold now.
func (h *keyholder) makes() {
	h.r.t.Helper()
	v := h.view()
	_, pkcs8 := newPair(h.r.t)
	public, shares := rescuetest.Split(h.r.t, pkcs8, v.Next, v.Holders)
	h.must(204, "POST", "/api/rescue/key", map[string]any{"number": v.Next, "public": public, "shares": shares}, nil)
}

// begins an opening.
func (h *keyholder) begins() string {
	h.r.t.Helper()
	v := h.view()
	var begun rescue.OpeningView
	h.must(200, "POST", "/api/rescue/opening", map[string]any{"why": "Telefonen är borta", "given": rescuetest.Give(h.r.t, h.own, v)}, &begun)
	return begun.ID
}

// finishes it, and answers what became of what waited.
func (h *keyholder) finishes(id string) (result rescue.Result) {
	h.r.t.Helper()
	v := h.view()
	var locked []rescue.Locked
	h.must(200, "GET", "/api/rescue/opening/"+id, nil, &locked)
	h.must(200, "POST", "/api/rescue/opening/"+id, map[string]any{"keys": rescuetest.Unlock(h.r.t, h.own, v, locked)}, &result)
	return result
}

// renews finishes it, and makes halves for those who have none.
func (h *keyholder) renews(id string) {
	h.r.t.Helper()
	v := h.view()
	h.must(200, "POST", "/api/rescue/opening/"+id, map[string]any{"keys": []rescue.Opened{}, "anew": rescuetest.Renew(h.r.t, h.own, v)}, nil)
}

// signing gives the phone a key of its own that the server knows.
func (v *vaulted) signing() *ecdsa.PrivateKey {
	v.r.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		v.r.t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		v.r.t.Fatal(err)
	}
	v.must(204, "PUT", "/api/device/signing", map[string]any{"key": spki}, nil)
	return key
}

// handIn sends sealed commits as a locked phone does: without any session.
func (v *vaulted) handIn(key *ecdsa.PrivateKey, entries ...rescue.Entry) (status int, taken rescue.Taken) {
	v.r.t.Helper()
	payload, err := json.Marshal(rescue.HandIn{Locker: v.locker, Entries: entries})
	if err != nil {
		v.r.t.Fatal(err)
	}
	sum := sha256.Sum256(payload)
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		v.r.t.Fatal(err)
	}
	signature := append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	body, _ := json.Marshal(map[string]any{"payload": string(payload), "signature": signature})
	status, answer := v.r.raw("POST", "/api/handin", "", body)
	_ = json.Unmarshal([]byte(answer), &taken)
	return status, taken
}

// keysOf are what the phone seals for.
func (v *vaulted) keysOf() (keys []rescue.Public) {
	v.r.t.Helper()
	var s struct{ Rescue []rescue.Public }
	v.must(200, "GET", "/api/session", nil, &s)
	return s.Rescue
}

func noteOn(visit wire.Record, by, text string) wire.Commit {
	fields := map[string]wire.Set{"text": {Value: quoted(text)}, "by": {Value: quoted(by)}, "at": {Value: json.RawMessage(fmt.Sprint(time.Now().UnixMilli()))}}
	for _, name := range []string{"household", "case"} {
		fields[name] = wire.Set{Value: visit.Fields[name]}
	}
	fields["contact"] = wire.Set{Value: quoted(visit.ID)}
	return wire.Commit{ID: uuid.NewString(), At: time.Now().UnixMilli(), Changes: []wire.Change{{Kind: "note", Record: uuid.NewString(), Fields: fields}}}
}

func quoted(s string) json.RawMessage {
	raw, _ := json.Marshal(s)
	return raw
}

const canary = "Kanariefågeln sjöng bakom en låst dörr"

// TestTwoPeopleOpenWhatALockedPhoneHandsIn: a phone without a session hands sealed
// work in; the server cannot read it; one person alone opens nothing; two put it into
// the lost-and-found, whence it gets into the file; and sent by the phone after all,
// it is the same commit.
func TestTwoPeopleOpenWhatALockedPhoneHandsIn(t *testing.T) {
	r := start(t, town(t))
	eva, rolf := r.holder("eva"), r.holder("rolf")
	eva.makes()
	kim := r.enrol("kim")
	key := kim.signing()
	kim.online(2)
	kim.takeAll()
	visit := kim.any("contact", func(rec wire.Record) bool { return len(rec.Fields["outcome"]) == 0 })
	public := kim.keysOf()
	first := noteOn(visit, "kim", canary)
	entry, raw := rescuetest.Seal(t, public, demo.Landlord, first, 1)

	status, taken := kim.handIn(key, entry)
	if status != 200 || !slices.Equal(taken.Kept, []string{first.ID}) {
		t.Fatalf("%d %+v", status, taken)
	}
	if status, taken = kim.handIn(key, entry); status != 200 || len(taken.Kept) != 1 {
		t.Errorf("handed in again: %d %+v", status, taken)
	}
	nowhereInClear(t, r.config.Data, canary)
	if w := rolf.view().Waiting; len(w) != 1 || w[0].Works != 1 || w[0].Person != "kim" {
		t.Fatalf("what waits: %+v", w)
	}

	id := eva.begins()
	if status, answer := eva.do("GET", "/api/rescue/opening/"+id, nil); status != 422 {
		t.Errorf("one alone goes on: %d %s", status, answer)
	}
	if got := rolf.finishes(id); got != (rescue.Result{Found: 1}) {
		t.Fatalf("opened: %+v", got)
	}
	jonna := r.signIn("jonna").connect()
	found := jonna.any("found", func(rec wire.Record) bool { return strings.Contains(string(rec.Fields["changes"]), canary) })
	if string(found.Fields["by"]) != `"kim"` {
		t.Errorf("found of %s", found.Fields["by"])
	}
	again := r.core.engine.Submit(authorOf(kim), []json.RawMessage{raw})[0]
	if again.Status != wire.Held || again.Code != wire.CodeHandedIn {
		t.Errorf("sent by the phone after all: %+v", again)
	}
	jonna.push(change(found, "state", "attached"))
	if n := r.notes(canary); n != 1 {
		t.Errorf("the note is there %d times", n)
	}
	if w := rolf.view(); len(w.Waiting) != 0 || w.Opening != nil {
		t.Errorf("still waiting: %+v", w)
	}
	if _, err := r.core.db.Verify(); err != nil {
		t.Error(err)
	}
}

// What comes by itself meanwhile is opened by nobody, and there once.
func TestHandedInAndSentAfterAll(t *testing.T) {
	r := start(t, town(t))
	eva, rolf := r.holder("eva"), r.holder("rolf")
	eva.makes()
	kim := r.enrol("kim")
	key := kim.signing()
	kim.online(1)
	kim.takeAll()
	visit := kim.any("contact", func(rec wire.Record) bool { return len(rec.Fields["outcome"]) == 0 })
	entry, raw := rescuetest.Seal(t, kim.keysOf(), demo.Landlord, noteOn(visit, "kim", canary), 1)
	if status, _ := kim.handIn(key, entry); status != 200 {
		t.Fatal(status)
	}
	if got := r.core.engine.Submit(authorOf(kim), []json.RawMessage{raw})[0]; got.Status != wire.Saved {
		t.Fatalf("%+v", got)
	}
	if w := rolf.view().Waiting; len(w) != 0 {
		t.Errorf("still waiting: %+v", w)
	}
	if _, taken := kim.handIn(key, entry); len(taken.Known) != 1 || len(taken.Kept) != 0 {
		t.Errorf("handed in once more: %+v", taken)
	}
	if n := r.notes(canary); n != 1 {
		t.Errorf("the note is there %d times", n)
	}
}

// The key is changed while work waits: the old key's halves open what was sealed
// before.
func TestRescueKeyRotates(t *testing.T) {
	r := start(t, town(t))
	eva, rolf := r.holder("eva"), r.holder("rolf")
	eva.makes()
	kim := r.enrol("kim")
	key := kim.signing()
	kim.online(1)
	kim.takeAll()
	visit := kim.any("contact", func(rec wire.Record) bool { return len(rec.Fields["outcome"]) == 0 })
	old, _ := rescuetest.Seal(t, kim.keysOf(), demo.Landlord, noteOn(visit, "kim", canary), 1)
	rolf.makes()
	public := kim.keysOf()
	if n := slices.IndexFunc(public, func(k rescue.Public) bool { return k.Org == demo.Landlord }); public[n].Number != 2 {
		t.Fatalf("phones seal for %+v", public)
	}
	fresh, _ := rescuetest.Seal(t, public, demo.Landlord, noteOn(visit, "kim", "Efter bytet."), 2)
	if status, taken := kim.handIn(key, old, fresh); status != 200 || len(taken.Kept) != 2 {
		t.Fatalf("%d %+v", status, taken)
	}
	if got := eva.finishes(rolf.begins()); got != (rescue.Result{Found: 2}) {
		t.Errorf("opened %+v", got)
	}
}

// newCode gives a holder another code; moved is what the one before opens.
func (h *keyholder) newCode(moved func(public []byte) []rescue.Moved) (before *ecdh.PrivateKey) {
	h.r.t.Helper()
	before = h.own
	fresh, _ := newPair(h.r.t)
	body := map[string]any{"public": fresh.PublicKey().Bytes(), "wrapped": []byte("under another code")}
	if moved != nil {
		body["moved"] = moved(fresh.PublicKey().Bytes())
	}
	h.must(204, "PUT", "/api/rescue/code", body, nil)
	h.own = fresh
	return before
}

// A holder's new code drops no half of any key. What the old code opened comes along,
// or waits for that code; meanwhile everybody sees that it cannot be opened, and why.
func TestANewCodeDropsNoHalf(t *testing.T) {
	r := start(t, town(t))
	eva, rolf := r.holder("eva"), r.holder("rolf")
	eva.makes()
	kim := r.enrol("kim")
	key := kim.signing()
	kim.online(1)
	kim.takeAll()
	visit := kim.any("contact", func(rec wire.Record) bool { return len(rec.Fields["outcome"]) == 0 })
	first, _ := rescuetest.Seal(t, kim.keysOf(), demo.Landlord, noteOn(visit, "kim", canary), 1)
	kim.handIn(key, first)
	if v := rolf.view(); v.Waiting[0].Reach != rescue.Ready || !slices.Equal(v.Mine.Needed, []int{1}) {
		t.Errorf("to begin with: %+v, %+v", v.Waiting, v.Mine)
	}

	before := eva.newCode(nil) // the paper with the old one is lost
	v := eva.view()
	if len(v.Shares) != 1 || len(v.Mine.Older) != 1 || v.Mine.Code != 1 || v.Holders[slices.IndexFunc(v.Holders, func(h rescue.HolderView) bool { return h.Person == "eva" })].Holds {
		t.Errorf("after a new code: %+v", v)
	}
	if w := rolf.view().Waiting; w[0].Reach != rescue.OldCode {
		t.Errorf("what waits: %+v", w)
	}
	eva.makes() // what is written from now on is sealed for a key that both open
	second, _ := rescuetest.Seal(t, kim.keysOf(), demo.Landlord, noteOn(visit, "kim", "Efter bytet."), 2)
	kim.handIn(key, second)
	if got := rolf.finishes(eva.begins()); got.Found != 1 || got.Left != 1 {
		t.Errorf("opened without the old code: %+v", got)
	}

	// The paper is found. Halves of others, and of keys that are not there, are not moved.
	moved := rescuetest.Move(t, before, 0, v, eva.own.PublicKey().Bytes())
	for name, bad := range map[string]rescue.Moved{
		"no such key": {Number: 7, With: "rolf", Sealed: moved[0].Sealed}, "with nobody": {Number: 1, With: "kim", Sealed: moved[0].Sealed}, "nothing": {Number: 1, With: "rolf"},
	} {
		if status, _ := eva.do("PUT", "/api/rescue/halves", map[string]any{"moved": []rescue.Moved{bad}}); status != 422 && status != 409 {
			t.Errorf("%s: %d", name, status)
		}
	}
	eva.must(204, "PUT", "/api/rescue/halves", map[string]any{"moved": moved}, nil)
	if v := eva.view(); len(v.Mine.Older) != 0 || v.Waiting[0].Reach != rescue.Ready {
		t.Errorf("with the old code found: %+v, %+v", v.Mine, v.Waiting)
	}

	// Another one takes theirs along at once.
	was := rolf.view()
	rolf.newCode(func(public []byte) []rescue.Moved { return rescuetest.Move(t, rolf.own, 0, was, public) })
	if v := rolf.view(); len(v.Shares) != 2 || len(v.Mine.Older) != 0 {
		t.Errorf("taken along: %+v", v)
	}
	eva.must(204, "DELETE", "/api/rescue/opening/"+eva.begins(), nil, nil)
	if got := rolf.finishes(eva.begins()); got != (rescue.Result{Found: 1}) {
		t.Errorf("opened in the end: %+v", got)
	}

	// Somebody leaves: the others see that what waits can be opened by nobody.
	third, _ := rescuetest.Seal(t, kim.keysOf(), demo.Landlord, noteOn(visit, "kim", "Sist."), 3)
	kim.handIn(key, third)
	if _, err := disableUser(r.core, "eva"); err != nil {
		t.Fatal(err)
	}
	if w := rolf.view().Waiting; w[0].Reach != rescue.Nobody {
		t.Errorf("when one of two has left: %+v", w)
	}
}

// A blocked phone hands a consent in that it collected: it reaches social services
// when two people there open it, and is held because the phone was blocked.
func TestABlockedPhoneHandsInAConsent(t *testing.T) {
	r := start(t, town(t))
	leif, karin := r.holder("leif"), r.holder("karin")
	leif.makes()
	kim := r.enrol("kim")
	key := kim.signing()
	giving := wire.Commit{ID: uuid.NewString(), At: time.Now().UnixMilli(), Changes: []wire.Change{{Org: demo.Social, Kind: "giving", Record: uuid.NewString(), Fields: map[string]wire.Set{
		"unit": {Value: quoted(demo.UnitEviction)}, "handle": {Value: quoted(uuid.NewString())}, "answer": {Value: quoted("given")}, "partners": {Value: json.RawMessage(`["landlord"]`)},
		"landlord_org": {Value: quoted(demo.Landlord)}, "day": {Value: quoted(casework.DayOf(time.Now().UnixMilli()))},
		"wording": {Value: json.RawMessage(fmt.Sprintf(`{"id":%q,"version":%d,"language":"sv","hash":%q}`, demo.Wording.ID, demo.Wording.Version, demo.Wording.Hash))},
	}}}}
	entry, _ := rescuetest.Seal(t, kim.keysOf(), demo.Social, giving, 1)
	r.signIn("eva") // an administrator is there
	if err := r.core.accounts.Block("kim", kim.id); err != nil {
		t.Fatal(err)
	}
	if status, _ := kim.do("GET", "/api/session", nil); status != 401 && status != 403 {
		t.Fatalf("a blocked phone is let in: %d", status)
	}
	if status, taken := kim.handIn(key, entry); status != 200 || len(taken.Kept) != 1 {
		t.Fatalf("%d %+v", status, taken)
	}
	if got := karin.finishes(leif.begins()); got != (rescue.Result{Saved: 1}) {
		t.Fatalf("opened %+v", got)
	}
	err := r.core.db.Facts(func(f casework.Facts) error {
		record, err := f.Record(demo.Social, giving.Changes[0].Record)
		if err == nil && (record == nil || !strings.Contains(string(record.Fields["wrong"].Value), "blocked_device")) {
			t.Errorf("the consent: %+v", record)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// What nobody should hand in, open or change.
func TestRescueAgainstThoseWhoMayNot(t *testing.T) {
	r := start(t, town(t))
	eva := r.holder("eva")
	eva.must(422, "POST", "/api/rescue/key", map[string]any{"number": 1, "public": eva.own.PublicKey().Bytes()}, nil) // one is not two
	rolf := r.holder("rolf")
	eva.makes()
	kim, alva := r.enrol("kim"), r.enrol("alva")
	key, others := kim.signing(), alva.signing()
	commit := wire.Commit{ID: uuid.NewString(), Changes: []wire.Change{{Kind: "note", Record: uuid.NewString(), Fields: map[string]wire.Set{"text": {Value: quoted("x")}}}}}
	entry, _ := rescuetest.Seal(t, kim.keysOf(), demo.Landlord, commit, 1)

	if status, _ := kim.handIn(others, entry); status != 403 {
		t.Errorf("signed by another phone: %d", status)
	}
	stranger := &vaulted{phone: &phone{r: r}, locker: uuid.NewString()}
	if status, _ := stranger.handIn(key, entry); status != 403 {
		t.Errorf("an unknown locker: %d", status)
	}
	bad := map[string]rescue.Entry{"no head": {Wrap: entry.Wrap, Sealed: entry.Sealed}, "a key that is not there": entry, "a short wrap": entry, "another organisation": entry, "cut": entry, "a part of a commit": entry}
	for name, change := range map[string]func(*rescue.Entry){
		"a key that is not there": func(e *rescue.Entry) { e.Head = strings.Replace(e.Head, `"k":1`, `"k":9`, 1) },
		"a short wrap":            func(e *rescue.Entry) { e.Wrap = e.Wrap[:50] },
		"another organisation":    func(e *rescue.Entry) { e.Head = strings.Replace(e.Head, demo.Landlord, demo.Operators, 1) },
		"cut":                     func(e *rescue.Entry) { e.Sealed = nil },
		"a part of a commit":      func(e *rescue.Entry) { e.Parts = 3 },
	} {
		e := bad[name]
		change(&e)
		bad[name] = e
	}
	for _, name := range slices.Sorted(maps.Keys(bad)) {
		if status, taken := kim.handIn(key, bad[name]); status != 200 || len(taken.Refused) != 1 {
			t.Errorf("%s: %d %+v", name, status, taken)
		}
	}

	for _, who := range []string{"kim", "jonna", "disa"} {
		if status, _ := r.enrol(who).do("GET", "/api/rescue", nil); status != 403 {
			t.Errorf("%s sees who holds: %d", who, status)
		}
	}
	// An opening of one organisation is nothing to another one.
	karin := r.holder("karin")
	id := eva.begins()
	karin.must(404, "GET", "/api/rescue/opening/"+id, nil, nil)
	karin.must(404, "DELETE", "/api/rescue/opening/"+id, nil, nil)
	// What the key does not fit stays; a made-up commit under a true head is not one.
	kim.handIn(key, entry)
	var r1 rescue.Result
	rolf.must(200, "POST", "/api/rescue/opening/"+id, map[string]any{"keys": []rescue.Opened{{Person: "kim", Device: kim.id, ID: commit.ID, Key: bytes.Repeat([]byte{1}, 32)}}}, &r1)
	if r1 != (rescue.Result{Unopened: 1, Left: 1}) {
		t.Errorf("with a wrong key: %+v", r1)
	}
	rolf.must(204, "DELETE", "/api/rescue/opening/"+id, nil, nil)
	rolf.must(404, "GET", "/api/rescue/opening/"+id, nil, nil)
}

// nowhereInClear searches the data folder for the words, as text and in base64.
func nowhereInClear(t *testing.T, dir, words string) {
	t.Helper()
	looked := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		looked++
		if bytes.Contains(content, []byte(words)) || bytes.Contains(content, []byte(base64.StdEncoding.EncodeToString([]byte(words)))) {
			t.Errorf("%s holds it in clear", path)
		}
		return nil
	})
	if err != nil || looked < 3 {
		t.Errorf("%d files: %v", looked, err)
	}
}

func authorOf(v *vaulted) server.Author { return authorAt(demo.Landlord, "kim", v.id) }

func authorAt(org, person, device string) server.Author {
	return server.Author{Person: person, Org: org, Device: device}
}

func rawsOf(raw ...json.RawMessage) []json.RawMessage { return raw }

// takeAll reads everything that waits for the phone.
func (v *vaulted) takeAll() {
	v.r.t.Helper()
	for waiting := int64(1); waiting > 0; {
		waiting = v.take(hear[*wire.Page](v.phone))
	}
}

// push sends a commit and waits for its being saved.
func (p *phone) push(c wire.Commit) {
	p.r.t.Helper()
	raw, err := json.Marshal(c)
	if err != nil {
		p.r.t.Fatal(err)
	}
	p.say(wire.Commits{Type: wire.TypeCommits, Commits: []json.RawMessage{raw}})
	if got := hear[*wire.Receipt](p); got.Status != wire.Saved {
		p.r.t.Fatalf("%+v", got)
	}
}

// notes counts those with the text.
func (r *running) notes(text string) (n int) {
	r.t.Helper()
	err := r.core.db.Facts(func(f casework.Facts) error {
		records, err := f.RecordsOfKind(demo.Landlord, "note")
		for _, record := range records {
			if strings.Contains(string(record.Fields["text"].Value), text) {
				n++
			}
		}
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

// A picture that was handed in lies beside its record once that is in the file.
func TestAPictureIsHandedIn(t *testing.T) {
	r := start(t, town(t))
	eva, rolf := r.holder("eva"), r.holder("rolf")
	eva.makes()
	kim := r.enrol("kim")
	key := kim.signing()
	kim.online(1)
	kim.takeAll()
	visit := kim.any("contact", func(rec wire.Record) bool { return len(rec.Fields["outcome"]) == 0 })
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256(picture.Bytes())
	c := noteOn(visit, "kim", "")
	c.Changes[0].Kind = "photo"
	delete(c.Changes[0].Fields, "text")
	for name, value := range map[string]any{"caption": nil, "size": picture.Len(), "hash": hex.EncodeToString(hash[:]), "thumb": base64.StdEncoding.EncodeToString(picture.Bytes())} {
		raw, _ := json.Marshal(value)
		c.Changes[0].Fields[name] = wire.Set{Value: raw}
	}
	id := c.Changes[0].Record
	entry, _ := rescuetest.Seal(t, kim.keysOf(), demo.Landlord, c, 1)
	whole := rescuetest.SealPicture(t, kim.keysOf(), demo.Landlord, id, picture.Bytes())
	first, second := whole, whole
	first.Sealed, second.Sealed, first.Parts, second.Parts, second.Part = whole.Sealed[:100], whole.Sealed[100:], 2, 2, 1
	for _, part := range []rescue.Entry{first, entry, second} {
		if status, _ := kim.handIn(key, part); status != 200 {
			t.Fatal(status)
		}
	}
	if got := rolf.finishes(eva.begins()); got != (rescue.Result{Found: 1, Saved: 1}) {
		t.Fatalf("opened %+v", got)
	}
	jonna := r.signIn("jonna").connect()
	jonna.push(change(jonna.any("found", func(rec wire.Record) bool { return strings.Contains(string(rec.Fields["changes"]), id) }), "state", "attached"))
	if status, _, _ := r.ask("GET", "/api/photos/"+id, jonna.cookie, nil); status != 200 {
		t.Errorf("the picture: %d", status)
	}
	if v := rolf.view(); len(v.Waiting) != 0 {
		t.Errorf("still waiting: %+v", v.Waiting)
	}
}
