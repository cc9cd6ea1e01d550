package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/casework"
	"bokvar/internal/consent"
	"bokvar/internal/demo"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// What is written in a test; each must be found exactly where it may be. In the text it
// is followed by the number of the files that it was written in, see wallTown.word.
const (
	secretNote     = "hemlig-anteckning-om-hushallet"
	secretOwn      = "hemligt-meddelande-inte-delat"
	secretShared   = "delat-meddelande-om-hyresgasten"
	secretOther    = "delat-meddelande-om-den-andra"
	secretAll      = "delat-meddelande-om-alla-vuxna"
	secretChild    = "delat-meddelande-om-hyresgast-och-barn"
	secretDebt     = "delat-meddelande-om-skulden"
	secretTime     = "delad-tid"
	secretTimeText = "det-som-sags-om-tiden"
	secretConcern  = "orosanmalan-om-barnet"
	secretGround   = "hemlig-grund-till-ett-utlamnande"
	secretLosing   = "rad-som-kom-som-tvaa" // lies in a conflict
	secretPerson   = "Olle Testsson"

	// and what the landlord wrote
	landlordNote   = "hyresvardens-egen-anteckning"
	landlordShared = "hyresvardens-delade-meddelande"
)

// wallTown is the demo town with one household that both organisations have a file
// of. Several of them may share a server; see another.
type wallTown struct {
	*running
	kim, samira, jonna                   *phone
	inside                               map[string]*phone
	made                                 *int // how many files there are on the server
	number                               int  // of these files
	theirs                               wire.Record
	contact                              string // of the landlord's case; kim is named on it
	household, caseID                    string // social services'
	tenant, other, child, journal        string
	handle, giving, signatures, noticeID string
	signed                               []casework.LinkedSigner // the signatures of the newest giving
}

func newWallTown(t *testing.T) *wallTown { return newWallTownWith(t, func(*Config) {}) }

func newWallTownWith(t *testing.T, change func(*Config)) *wallTown {
	c := defaults()
	c.Addr, c.Data, c.demo = "127.0.0.1:0", townInMemory(t), true
	change(&c)
	w := &wallTown{running: startWith(t, c, slog.New(slog.DiscardHandler)), inside: map[string]*phone{}, made: new(int)}
	w.kim, w.samira = w.enter("kim").connect(), w.enter("samira").connect()
	asked := map[string]bool{} // cases in which the town has a consent of its own already
	for _, rec := range w.kim.held {
		if rec.Kind == "consent_mark" {
			asked[text(rec, "case")] = true
		}
	}
	w.theirs = w.kim.any("case", func(r wire.Record) bool { return !asked[r.ID] })
	w.contact = w.kim.any("contact", func(r wire.Record) bool { return text(r, "case") == w.theirs.ID }).ID
	w.write()
	return w
}

// townInMemory is town, in memory where the machine has room for files there: these tests
// ask thousands of questions that are each written into the log, and prove nothing of disks.
func townInMemory(t *testing.T) string {
	from := town(t)
	var room syscall.Statfs_t
	if err := syscall.Statfs("/dev/shm", &room); err != nil || room.Bavail*uint64(room.Bsize) < 1<<30 {
		return from // a container's is often 64 MiB
	}
	dir, err := os.MkdirTemp("/dev/shm", "bokvar-town-")
	if err != nil {
		return from
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// another is a household beside the others on the same server: new files at both
// organisations, the same people.
func (w *wallTown) another() *wallTown {
	w.t.Helper()
	*w.made++
	n := &wallTown{running: w.running, kim: w.kim, samira: w.samira, jonna: w.as("jonna"), inside: w.inside, made: w.made, number: *w.made}
	home, caseID, now := uuid.NewString(), uuid.NewString(), time.Now().UnixMilli()
	n.contact = uuid.NewString()
	if n.jonna.ws == nil {
		n.jonna.connect()
	}
	n.jonna.send(
		fresh("household", home, map[string]any{"street": "Björkgatan 7"}),
		fresh("person", uuid.NewString(), map[string]any{"household": home, "name": "Tova Test", "position": "tenant"}),
		fresh("case", caseID, map[string]any{"household": home, "unit": demo.UnitNorth, "reason": "arrears", "status": "open"}),
		fresh("contact", n.contact, map[string]any{"household": home, "case": caseID, "form": "visit", "purpose": "home_visit", "planned_at": now, "people": []string{"kim"}}))
	for n.kim.held[n.contact].ID == "" {
		n.kim.take(hear[*wire.Page](n.kim))
	}
	n.theirs = n.kim.held[caseID]
	mine := map[string]any{"household": home, "case": caseID, "at": now, "by": "jonna"}
	n.jonna.send(fresh("note", uuid.NewString(), adding(mine, "text", n.word(landlordNote))),
		fresh("message", uuid.NewString(), adding(mine, "text", n.word(landlordShared), "about", "message", "signed", "Jonna Ekered", "shared_with", demo.Social)))
	n.write()
	return n
}

// adding is fields and some more, name and value by turns.
func adding(fields map[string]any, more ...any) map[string]any {
	out := map[string]any{}
	for k, v := range fields {
		out[k] = v
	}
	for i := 0; i < len(more); i += 2 {
		out[more[i].(string)] = more[i+1]
	}
	return out
}

// word is a secret as it stands in these files.
func (w *wallTown) word(secret string) string { return secret + "-" + strconv.Itoa(w.number) + "-" }

// write makes social services' file.
func (w *wallTown) write() {
	w.t.Helper()
	for _, id := range []*string{&w.household, &w.caseID, &w.tenant, &w.other, &w.child, &w.journal, &w.handle} {
		*id = uuid.NewString()
	}
	now := time.Now().UnixMilli()
	mine := map[string]any{"household": w.household, "case": w.caseID, "by": "samira", "at": now}
	w.samira.send(
		fresh("household", w.household, map[string]any{"street": "Björkgatan 7"}),
		fresh("person", w.tenant, map[string]any{"household": w.household, "name": "Tova Test", "position": "tenant"}),
		fresh("person", w.other, map[string]any{"household": w.household, "name": w.word(secretPerson), "position": "co_tenant"}),
		fresh("person", w.child, map[string]any{"household": w.household, "name": "Lo Test", "position": "child"}),
		fresh("case", w.caseID, map[string]any{"household": w.household, "unit": demo.UnitEviction, "reason": "arrears", "status": "open"}),
		fresh("note", uuid.NewString(), adding(mine, "text", w.word(secretNote))),
		fresh("note", w.journal, adding(mine, "text", w.word(secretGround))),
		fresh("concern", uuid.NewString(), adding(mine, "about", "child", "text", w.word(secretConcern))))
	for _, advice := range []string{"Ring först.", w.word(secretLosing)} { // of two at once the first one holds, and both are kept
		w.samira.send(fresh("household", w.household, map[string]any{"safety": advice}))
	}
	shared := adding(mine, "signed", "Samira Holmén", "shared_with", demo.Landlord)
	say := func(about, words string, concerns ...string) wire.Change {
		return fresh("message", uuid.NewString(), adding(shared, "about", about, "text", w.word(words), "concerns", concerns))
	}
	own := say("message", secretOwn, w.tenant)
	own.Fields["shared_with"] = wire.Set{Value: []byte(`""`)}
	meeting := adding(shared, "concerns", []string{w.tenant}, "purpose", "meeting", "planned_at", now, "state", "proposed", "signed", w.word(secretTime), "text", w.word(secretTimeText))
	delete(meeting, "at")
	w.samira.send(own, say("message", secretShared, w.tenant), say("message", secretOther, w.other), say("message", secretAll), say("message", secretChild, w.tenant, w.child),
		fresh("thread_message", uuid.NewString(), adding(shared, "about", "debt", "text", w.word(secretDebt), "concerns", []string{w.tenant})),
		fresh("appointment", uuid.NewString(), meeting))
}

// enter signs a person in by a link, which is quicker than a code.
func (r *running) enter(person string) *phone {
	r.t.Helper()
	l, err := r.core.invite(person)
	if err != nil {
		r.t.Fatal(err)
	}
	p := &phone{r: r, id: uuid.NewString(), held: map[string]wire.Record{}}
	status, answer, resp := r.ask("POST", "/api/session", "", map[string]string{"link": l.Token, "device": p.id})
	if status != 200 {
		r.t.Fatalf("sign in: %d %v", status, answer)
	}
	for _, c := range resp.Cookies() {
		p.cookie = c.Value
	}
	return p
}

// as is a phone of the person's, signed in once: an invitation costs what guessing it would.
func (w *wallTown) as(person string) *phone {
	w.t.Helper()
	if w.inside[person] == nil {
		w.inside[person] = w.enter(person)
	}
	return w.inside[person]
}

// unhurried is the person's session on another device once this one has asked so much that
// it is near its pace (internal/web/limit.go). A machine that is quick enough would be told
// to slow down, and every answer after that would say nothing of anybody.
func (p *phone) unhurried() {
	p.r.t.Helper()
	if p.asked++; p.asked < 500 {
		return
	}
	next := p.r.enter(p.member())
	p.id, p.cookie, p.asked = next.id, next.cookie, 0
}

// asked is an answer as it is written down at the door: the giving, and a spoken
// signature of each of the people.
func (w *wallTown) asked(answer string, change map[string]any, people ...string) (changes []wire.Change) {
	w.t.Helper()
	now := w.kim.now()
	w.giving, w.signed = uuid.NewString(), nil
	fields := map[string]any{
		"unit": demo.UnitEviction, "handle": w.handle, "landlord_org": demo.Landlord, "answer": answer, "partners": []string{"landlord"}, "day": casework.DayOf(now), "witness": "Kim Strandvik",
		"wording": casework.WordingShown{ID: demo.Wording.ID, Version: 1, Language: "sv", Hash: demo.Wording.Hash},
	}
	how := map[string]any{"giving": w.giving, "how": "oral", "name": "Tova Test", "at": now}
	for k, v := range change {
		to := fields
		if k == "how" || k == "copies" {
			to = how
		}
		to[k] = v
		if v == nil {
			delete(to, k)
		}
	}
	changes = append(changes, fresh("giving", w.giving, fields))
	for _, person := range people {
		w.signatures = uuid.NewString()
		w.signed = append(w.signed, casework.LinkedSigner{Signature: w.signatures, Person: person})
		changes = append(changes, fresh("signature", w.signatures, how))
	}
	for i := range changes {
		changes[i].Org = demo.Social
	}
	return changes
}

// newGiving is the ids of a giving that the tenant signs.
func (w *wallTown) newGiving() {
	w.giving, w.signatures = uuid.NewString(), uuid.NewString()
	w.signed = []casework.LinkedSigner{{Signature: w.signatures, Person: w.tenant}}
}

// collect is what kim does at the door with the tenant.
func (w *wallTown) collect(answer string, change map[string]any) {
	w.collectOf(answer, change, w.tenant)
}

// collectOf is collect with others, or with nobody who signs.
func (w *wallTown) collectOf(answer string, change map[string]any, people ...string) {
	w.t.Helper()
	w.kim.send(w.asked(answer, change, people...)...)
	w.mark(answer)
}

// mark is the landlord's own record that kim has asked.
func (w *wallTown) mark(answer string) {
	w.t.Helper()
	w.kim.send(fresh("consent_mark", uuid.NewString(), map[string]any{"household": w.theirs.Fields["household"], "case": w.theirs.ID, "contact": w.contact, "answer": answer, "handle": w.handle,
		"at": w.kim.now(), "by": "kim"}))
}

// link is what samira does in the intake: the newest giving belongs to her case, and
// each signature to a person.
func (w *wallTown) link() {
	w.t.Helper()
	w.linkTo(w.giving, w.signed)
}

func (w *wallTown) linkTo(of string, people []casework.LinkedSigner) {
	w.t.Helper()
	fields := map[string]any{"of": of, "case": w.caseID, "at": time.Now().UnixMilli(), "by": "samira"}
	if len(people) > 0 {
		fields["people"] = people
	}
	w.samira.send(fresh("case_link", uuid.NewString(), fields))
}

// vapidKey is the server's, as a page gets it.
func (w *wallTown) vapidKey(p *phone) string {
	w.t.Helper()
	_, session, _ := w.ask("GET", "/api/session", p.cookie, nil)
	key, _ := session["vapidKey"].(string)
	return key
}

// unlink takes the newest giving out of the case again.
func (w *wallTown) unlink() {
	w.t.Helper()
	w.samira.send(fresh("case_link", uuid.NewString(), map[string]any{"of": w.giving, "at": time.Now().UnixMilli(), "by": "samira"}))
}

// evictionIsTold is what social services write down when the Enforcement Authority calls.
func (w *wallTown) evictionIsTold() {
	w.t.Helper()
	w.as("samira").post(fresh("notice", uuid.NewString(), map[string]any{"household": w.household, "case": w.caseID, "unit": demo.UnitEviction, "about": "eviction", "sender": "authority",
		"received": day(0), "eviction_at": time.Now().AddDate(0, 0, 3).UnixMilli(), "by": "samira"}))
}

// notice is what jonna sends to social services. linked says that they know whose it is.
func (w *wallTown) notice(linked bool) {
	w.t.Helper()
	w.mark("asked")
	w.as("jonna").send(fresh("notice_sent", uuid.NewString(), map[string]any{"household": w.theirs.Fields["household"], "case": w.theirs.ID, "social_org": demo.Social, "unit": demo.UnitEviction,
		"handle": w.handle, "reason": "arrears", "ground": "own_basis", "ground_text": "Rutin 4", "tenants": []casework.NamedTenant{{Name: "Tova Test"}}, "address": "Björkgatan 7",
		"at": time.Now().UnixMilli(), "signed": "Jonna Ekered", "by": "jonna"}))
	for w.noticeID == "" {
		for id, rec := range w.samira.held {
			if rec.Kind == "notice_in" && text(rec, "handle") == w.handle {
				w.noticeID = id
			}
		}
		if w.noticeID == "" {
			w.samira.take(hear[*wire.Page](w.samira))
		}
	}
	if linked {
		w.linkTo(w.noticeID, nil)
	}
}

// withdraw is what the tenant, or everybody, says on the telephone; of a person when one is named.
func (w *wallTown) withdraw(person ...string) (id string) {
	w.t.Helper()
	id = uuid.NewString()
	fields := map[string]any{"unit": demo.UnitEviction, "handle": w.handle, "case": w.caseID, "how": "phone", "at": w.samira.now()}
	if len(person) > 0 {
		fields["person"] = person[0]
	}
	w.samira.send(fresh("withdrawal", id, fields))
	return id
}

func (w *wallTown) confirm() {
	w.t.Helper()
	w.samira.send(fresh("confirmation", uuid.NewString(), map[string]any{"giving": w.giving, "how": "phone", "at": time.Now().UnixMilli(), "by": "samira"}))
}

// withdrawByCode is what the tenant does with a copy, before the consent has come.
func (w *wallTown) withdrawByCode(code string) {
	w.t.Helper()
	if status, page := w.withdrawPage(url.Values{"code": {code}, "do": {"withdraw"}}); status != 200 {
		w.t.Fatalf("%d %s", status, page)
	}
}

// handIn has a phone of kim's that was blocked hand in what it wrote before.
func (w *wallTown) handIn(changes ...wire.Change) {
	w.t.Helper()
	lost := w.enrol("kim")
	w.signIn("leif") // somebody is there to block it
	if err := w.core.accounts.Block("kim", lost.id); err != nil {
		w.t.Fatal(err)
	}
	raw := commits(wire.Commit{ID: uuid.NewString(), At: time.Now().UnixMilli(), Changes: changes}).Commits
	author := server.Author{Person: "kim", Org: demo.Landlord, Device: lost.id, HandedIn: true}
	if got := w.core.engine.Submit(author, raw)[0]; got.Status != wire.Saved {
		w.t.Fatalf("handed in: %+v", got)
	}
}

// tell is what Samira does when something has to be told without consent.
func (w *wallTown) tell(kind, secret string) {
	w.t.Helper()
	rec := w.samira.any(kind, func(r wire.Record) bool { return text(r, "text") == w.word(secret) })
	w.samira.send(fresh("disclosure", uuid.NewString(), map[string]any{"household": w.household, "case": w.caseID, "record": rec.ID, "ground": "necessary", "ground_text": w.word(secretGround),
		"decider": "Karin Öst, enhetschef", "note": w.journal, "at": time.Now().UnixMilli(), "by": "samira"}))
}

// secrecy is decided by two of social services' own people.
func (w *wallTown) secrecy(how string) {
	w.t.Helper()
	change := uuid.NewString()
	write := func(person, kind, id string, fields map[string]any) {
		w.as(person).post(fresh(kind, id, adding(fields, "at", time.Now().UnixMilli(), "by", person)))
	}
	write("karin", "secrecy_change", change, map[string]any{"how": how})
	write("leif", "secrecy_approval", uuid.NewString(), map[string]any{"change": change})
}

// stands says what the newest giving is at its unit, by each who signed, and why.
func (w *wallTown) stands() string {
	w.t.Helper()
	var words []string
	for _, rec := range w.samira.held {
		if rec.Kind != "consent_state" || text(rec, "giving") != w.giving {
			continue
		}
		var standings []consent.Standing
		if err := json.Unmarshal(rec.Fields["standings"], &standings); err != nil {
			w.t.Fatal(err)
		}
		for _, s := range standings {
			words = append(words, strings.Trim(fmt.Sprint(s.State, " ", s.Reasons), " []"))
		}
	}
	slices.Sort(words)
	return strings.ReplaceAll(strings.Join(words, ", "), " [", " ")
}
