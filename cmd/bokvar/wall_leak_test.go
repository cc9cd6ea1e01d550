package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/sync/wire"
)

// What social services wrote in the test; each must be found exactly where it may be.
const (
	secretNote    = "hemlig-anteckning-om-hushallet"
	secretOwn     = "hemligt-meddelande-inte-delat"
	secretShared  = "delat-meddelande-om-hyresgasten"
	secretOther   = "delat-meddelande-om-den-andra"
	secretDebt    = "delat-meddelande-om-skulden"
	secretConcern = "orosanmalan-om-barnet"
	secretGround  = "hemlig-grund-till-ett-utlamnande"
)

var secrets = []string{secretNote, secretOwn, secretShared, secretOther, secretDebt, secretConcern, secretGround}

// wallState is one state of a consent, made by people through the program.
type wallState struct {
	name string
	make func(w *wallTown)
	open bool   // what concerns the signer is open to the landlord
	told string // what was told to the landlord for itself
}

var wallStates = []wallState{
	{"never asked", func(*wallTown) {}, false, ""},
	{"asked", func(w *wallTown) { w.collect("asked", nil); w.link() }, false, ""},
	{"declined", func(w *wallTown) { w.collect("declined", nil); w.link() }, false, ""},
	{"waits in the intake", func(w *wallTown) { w.collect("given", nil) }, false, ""},
	{"given", func(w *wallTown) { w.collect("given", nil); w.link() }, true, ""},
	{"given to others", func(w *wallTown) { w.collect("given", map[string]any{"partners": []string{"psychiatry"}}); w.link() }, false, ""},
	{"given to another landlord", func(w *wallTown) { w.collect("given", map[string]any{"landlord_org": "another"}); w.link() }, false, ""},
	{"withdrawn", func(w *wallTown) { w.collect("given", nil); w.link(); w.withdraw() }, false, ""},
	{"withdrawn, given again", func(w *wallTown) {
		w.collect("given", nil)
		w.link()
		w.collect("given", map[string]any{"knew_withdrawal": w.withdraw()})
		w.link()
	}, true, ""},
	{"held", func(w *wallTown) { w.withdraw(); w.collect("given", nil); w.link() }, false, ""},
	{"held, confirmed", func(w *wallTown) { w.withdraw(); w.collect("given", nil); w.link(); w.confirm() }, true, ""},
	{"ran out", func(w *wallTown) { w.collect("given", map[string]any{"valid_until": day(-1)}); w.link() }, false, ""},
	{"its last day", func(w *wallTown) { w.collect("given", map[string]any{"valid_until": day(0)}); w.link() }, true, ""},
	{"oral, nobody heard it", func(w *wallTown) { w.collect("given", map[string]any{"witness": nil}); w.link() }, false, ""},
	{"to words that nobody has", func(w *wallTown) {
		w.collect("given", map[string]any{"wording": casework.WordingShown{ID: "x", Version: 1, Language: "sv", Hash: "ff"}})
		w.link()
	}, false, ""},
	{"given, and one thing told of somebody else", func(w *wallTown) { w.collect("given", nil); w.link(); w.tell("message", secretOther) }, true, secretOther},
	{"withdrawn, and one thing told before", func(w *wallTown) {
		w.collect("given", nil)
		w.link()
		w.tell("thread_message", secretDebt)
		w.withdraw()
	}, false, secretDebt},
	{"withdrawn, and one thing told after", func(w *wallTown) { w.collect("given", nil); w.link(); w.withdraw(); w.tell("message", secretOther) }, false, secretOther},
}

func day(n int) string { return casework.AddDays(casework.DayOf(time.Now().UnixMilli()), n) }

// wallTown is the demo town with one household that both have a file of.
type wallTown struct {
	*running
	kim, samira                *phone
	theirs                     wire.Record // the landlord's case
	household, caseID          string      // social services'
	tenant, other, journal     string
	handle, giving, signatures string
}

func newWallTown(t *testing.T) *wallTown {
	w := &wallTown{running: start(t, town(t)), household: uuid.NewString(), caseID: uuid.NewString(), tenant: uuid.NewString(), other: uuid.NewString(), journal: uuid.NewString(), handle: uuid.NewString()}
	w.kim, w.samira = w.enter("kim").connect(), w.enter("samira").connect()
	w.theirs = w.kim.any("case", func(wire.Record) bool { return true })
	now := time.Now().UnixMilli()
	mine := map[string]any{"household": w.household, "case": w.caseID, "by": "samira", "at": now}
	with := func(more map[string]any) map[string]any {
		all := map[string]any{}
		for _, m := range []map[string]any{mine, more} {
			for k, v := range m {
				all[k] = v
			}
		}
		return all
	}
	w.samira.send(
		fresh("household", w.household, map[string]any{"street": "Björkgatan 7"}),
		fresh("person", w.tenant, map[string]any{"household": w.household, "name": "Tova Test", "position": "tenant"}),
		fresh("person", w.other, map[string]any{"household": w.household, "name": "Olle Test", "position": "co_tenant"}),
		fresh("case", w.caseID, map[string]any{"household": w.household, "unit": demo.UnitEviction, "reason": "arrears", "status": "open"}),
		fresh("note", uuid.NewString(), with(map[string]any{"text": secretNote})),
		fresh("note", w.journal, with(map[string]any{"text": secretGround})),
		fresh("concern", uuid.NewString(), with(map[string]any{"about": "child", "text": secretConcern})))
	say := func(kind string, more map[string]any) {
		all := with(map[string]any{"signed": "Samira Holmén", "shared_with": demo.Landlord, "concerns": []string{w.tenant}})
		for k, v := range more {
			all[k] = v
		}
		w.samira.send(fresh(kind, uuid.NewString(), all))
	}
	say("message", map[string]any{"about": "message", "text": secretShared})
	say("message", map[string]any{"about": "message", "text": secretOwn, "shared_with": ""})
	say("message", map[string]any{"about": "message", "text": secretOther, "concerns": []string{w.other}})
	say("thread_message", map[string]any{"about": "debt", "text": secretDebt})
	return w
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

// collect is what kim does at the door.
func (w *wallTown) collect(answer string, change map[string]any) {
	w.t.Helper()
	now, mark := time.Now().UnixMilli(), uuid.NewString()
	w.giving, w.signatures = uuid.NewString(), uuid.NewString()
	fields := map[string]any{
		"unit": demo.UnitEviction, "handle": w.handle, "landlord_org": demo.Landlord, "answer": answer, "partners": []string{"landlord"}, "day": day(0), "witness": "Kim Strandvik",
		"wording": casework.WordingShown{ID: demo.Wording.ID, Version: 1, Language: "sv", Hash: demo.Wording.Hash},
	}
	for k, v := range change {
		fields[k] = v
		if v == nil {
			delete(fields, k)
		}
	}
	giving := fresh("giving", w.giving, fields)
	signature := fresh("signature", w.signatures, map[string]any{"giving": w.giving, "how": "oral", "name": "Tova Test", "at": now})
	giving.Org, signature.Org = demo.Social, demo.Social
	w.kim.send(giving, signature)
	household := w.theirs.Fields["household"]
	contact := w.kim.any("contact", func(r wire.Record) bool { return text(r, "case") == w.theirs.ID })
	w.kim.send(fresh("consent_mark", mark, map[string]any{"household": household, "case": w.theirs.ID, "contact": contact.ID, "answer": answer, "handle": w.handle, "at": now, "by": "kim"}))
}

func (w *wallTown) link() {
	w.t.Helper()
	w.samira.send(fresh("case_link", uuid.NewString(), map[string]any{"of": w.giving, "case": w.caseID, "at": time.Now().UnixMilli(), "by": "samira",
		"people": []casework.LinkedSigner{{Signature: w.signatures, Person: w.tenant}}}))
}

func (w *wallTown) withdraw() (id string) {
	w.t.Helper()
	id = uuid.NewString()
	w.samira.send(fresh("withdrawal", id, map[string]any{"unit": demo.UnitEviction, "handle": w.handle, "case": w.caseID, "how": "phone", "at": time.Now().UnixMilli()}))
	return id
}

func (w *wallTown) confirm() {
	w.t.Helper()
	w.samira.send(fresh("confirmation", uuid.NewString(), map[string]any{"giving": w.giving, "how": "phone", "at": time.Now().UnixMilli(), "by": "samira"}))
}

// tell is what Samira does when something has to be told without consent.
func (w *wallTown) tell(kind, secret string) {
	w.t.Helper()
	rec := w.samira.any(kind, func(r wire.Record) bool { return text(r, "text") == secret })
	w.samira.send(fresh("disclosure", uuid.NewString(), map[string]any{"household": w.household, "case": w.caseID, "record": rec.ID, "ground": "necessary", "ground_text": secretGround,
		"decider": "Karin Öst, enhetschef", "note": w.journal, "at": time.Now().UnixMilli(), "by": "samira"}))
}

// may says whether a member may find a secret, by what the domain says and not by the table.
func (s wallState) may(m casework.Member, secret string) bool {
	if m.Org == demo.Social {
		inUnit := m.WorksIn(demo.UnitEviction) && m.Role != casework.Administrator
		return inUnit
	}
	desk := m.Role == casework.Coordinator || m.Role == casework.Collections || m.Role == casework.LandlordManager
	open := s.open && (secret == secretShared || secret == secretDebt)
	return m.Org == demo.Landlord && desk && (open || secret == s.told)
}

// Every state of a consent, every person of both organisations, every way out:
// each secret is found where it may be, and no byte of it anywhere else.
func TestTheWallInEveryStateByEveryWayOut(t *testing.T) {
	looked, found := 0, 0
	for _, state := range wallStates {
		t.Run(state.name, func(t *testing.T) {
			w := newWallTown(t)
			state.make(w)
			for _, m := range demo.Members {
				for way, out := range w.waysOut(m) {
					looked++
					for _, secret := range secrets {
						there, may := bytes.Contains(out, []byte(secret)), state.may(m, secret)
						// An export holds an organisation's own records, whatever is shared with it.
						whole := way == "socket" || way == "post" || way == "export" && m.Org == demo.Social
						switch {
						case there && !may:
							t.Errorf("%s finds %q by %s", m.ID, secret, way)
						case !there && may && whole:
							t.Errorf("%s does not find %q by %s", m.ID, secret, way)
						case there:
							found++
						}
					}
				}
			}
		})
	}
	if looked < 1000 || found < 1000 {
		t.Fatalf("%d ways out, %d secrets found: the test proves nothing", looked, found)
	}
}

// waysOut is everything that the program tells a person, as bytes, by the way it goes.
func (w *wallTown) waysOut(m casework.Member) map[string][]byte {
	w.t.Helper()
	p := w.enter(m.ID)
	hello, _ := json.Marshal(wire.Hello{Type: wire.TypeHello, Versions: []int{1}, Device: p.id, Clock: time.Now().UnixMilli()})
	out := map[string][]byte{"socket": p.allPages(), "post": w.postAll(p, hello), "errors": w.receipts(p)}
	if records, err := exportRecords(w.core, exportArgs{Org: m.Org, As: m.ID}); err == nil {
		out["export"], _ = json.Marshal(records)
	}
	for _, path := range []string{"/api/session", "/api/month", "/api/imports", "/api/why/access", "/api/method", "/api/log",
		"/api/log/" + w.household, "/api/log/" + text(w.theirs, "household"), "/api/photos/" + w.household, "/case/" + w.caseID} {
		req, _ := http.NewRequest("GET", w.URL+path, nil)
		req.Header.Set("Cookie", "bokvar="+p.cookie)
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			w.t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		out[path] = append([]byte(fmt.Sprint(resp.Header)), body...)
	}
	return out
}

// allPages reads a device's first sync over a socket, as it comes.
func (p *phone) allPages() (all []byte) {
	p.r.t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(p.r.URL, "http")+"/sync", http.Header{"Origin": {p.r.URL}, "Cookie": {"bokvar=" + p.cookie}})
	if err != nil {
		p.r.t.Fatal(err)
	}
	defer func() { _ = ws.Close() }()
	_ = ws.WriteJSON(wire.Hello{Type: wire.TypeHello, Versions: []int{1}, Device: p.id, Clock: time.Now().UnixMilli()})
	for waiting := int64(1); waiting > 0; {
		_ = ws.SetReadDeadline(time.Now().Add(20 * time.Second))
		_, raw, err := ws.ReadMessage()
		if err != nil {
			p.r.t.Fatal(err)
		}
		all = append(all, raw...)
		switch m, _ := wire.FromServer(raw); m := m.(type) {
		case *wire.Welcome:
			waiting = m.Waiting
		case *wire.Page:
			waiting = m.Waiting
			if m.Cursor == 0 { // what is urgent goes ahead
				waiting = 1
				continue
			}
			_ = ws.WriteJSON(wire.Have{Type: wire.TypeHave, Cursor: m.Cursor})
		}
	}
	return all
}

// postAll reads the same by requests.
func (w *wallTown) postAll(p *phone, hello json.RawMessage) (all []byte) {
	w.t.Helper()
	for cursor := int64(0); ; {
		at, _ := json.Marshal(map[string]any{"type": "hello", "versions": []int{1}, "device": p.id, "clock": time.Now().UnixMilli(), "cursor": cursor, "generation": p.generation})
		if cursor == 0 {
			at = hello
		}
		_, answer, _ := w.ask("POST", "/sync", p.cookie, wire.Batch{Messages: []json.RawMessage{at}})
		raw, _ := json.Marshal(answer)
		all = append(all, raw...)
		var batch wire.Batch
		_ = json.Unmarshal(raw, &batch)
		before, waiting := cursor, int64(0)
		for _, m := range batch.Messages {
			switch m, _ := wire.FromServer(m); m := m.(type) {
			case *wire.Welcome:
				p.generation = m.Generation
			case *wire.Page:
				cursor, waiting = max(cursor, m.Cursor), m.Waiting
			}
		}
		if waiting == 0 || cursor == before {
			return all
		}
	}
}

// receipts is what a person is told who tries to write what is not theirs, of
// every record that social services have of the household.
func (w *wallTown) receipts(p *phone) []byte {
	w.t.Helper()
	hello, _ := json.Marshal(wire.Hello{Type: wire.TypeHello, Versions: []int{1}, Device: p.id, Clock: time.Now().UnixMilli(), Cursor: 1 << 40})
	messages := []json.RawMessage{hello}
	for _, rec := range w.samira.held {
		for _, org := range []string{"", demo.Social, demo.Landlord} {
			c := change(rec, "text", "x")
			c.Changes[0].Org = org
			raw, _ := json.Marshal(commits(c))
			if text(rec, "household") == w.household {
				messages = append(messages, raw)
			}
		}
	}
	_, answer, _ := w.ask("POST", "/sync", p.cookie, wire.Batch{Messages: messages})
	raw, _ := json.Marshal(answer)
	return raw
}

// What social services do about a household on their own side moves nothing at
// the landlord: no row, no number, no message; and what is there cannot be told
// from what is not.
func TestTheLandlordCannotCountWhatItMayNotSee(t *testing.T) {
	w := newWallTown(t)
	jonna := w.enter("jonna").connect()
	welcome := func() wire.Welcome {
		hello, _ := json.Marshal(map[string]any{"type": "hello", "versions": []int{1}, "device": jonna.id, "clock": 1, "cursor": jonna.cursor, "generation": jonna.generation})
		_, answer, _ := w.ask("POST", "/sync", jonna.cookie, wire.Batch{Messages: []json.RawMessage{hello}})
		raw, _ := json.Marshal(answer)
		var batch wire.Batch
		_ = json.Unmarshal(raw, &batch)
		m, _ := wire.FromServer(batch.Messages[0])
		jonna.generation = m.(*wire.Welcome).Generation
		return *m.(*wire.Welcome)
	}
	welcome()
	w.collect("given", map[string]any{"partners": []string{"psychiatry"}})
	for jonna.any("consent_mark", func(wire.Record) bool { return true }).ID == "" {
		jonna.take(hear[*wire.Page](jonna))
	}
	before := settled(welcome)
	w.link()
	w.withdraw()
	w.collectQuietly()
	w.link()
	w.confirm()
	w.samira.send(fresh("note", uuid.NewString(), map[string]any{"household": w.household, "case": w.caseID, "text": "mer", "at": time.Now().UnixMilli(), "by": "samira"}))
	after := settled(welcome)
	before.Clock, after.Clock = 0, 0
	if a, b := fmt.Sprintf("%+v", before), fmt.Sprintf("%+v", after); a != b {
		t.Errorf("the landlord's welcome changed:\n%s\n%s", a, b)
	}

	there := slices.Collect(func(yield func(string) bool) {
		for _, rec := range w.samira.held {
			if text(rec, "household") == w.household && !yield(rec.ID) {
				return
			}
		}
	})
	answers := map[string]bool{}
	for _, id := range append(there, uuid.NewString(), uuid.NewString()) {
		for _, kind := range []string{"message", "note", "household"} {
			c := change(wire.Record{Kind: kind, ID: id}, map[string]string{"message": "text", "note": "text", "household": "street"}[kind], "x")
			c.Changes[0].Org = demo.Social
			jonna.say(commits(c))
			r := hear[*wire.Receipt](jonna)
			answers[fmt.Sprint(r.Status, r.Code, r.Sentence, r.Cursor, r.Conflict)] = true
		}
	}
	if len(answers) != 1 || len(there) < 5 {
		t.Errorf("%d records, different answers: %v", len(there), answers)
	}
}

// settled is the welcome when nothing has moved ten times in a row.
func settled(welcome func() wire.Welcome) wire.Welcome {
	last := welcome()
	for same := 0; same < 10; same++ {
		next := welcome()
		last.Clock, next.Clock = 0, 0
		if fmt.Sprint(last) != fmt.Sprint(next) {
			same = 0
		}
		last = next
	}
	return last
}

// collectQuietly is a giving that social services take themselves.
func (w *wallTown) collectQuietly() {
	w.t.Helper()
	w.giving, w.signatures = uuid.NewString(), uuid.NewString()
	w.samira.send(fresh("giving", w.giving, map[string]any{"unit": demo.UnitEviction, "handle": w.handle, "answer": "given", "partners": []string{"psychiatry"}, "day": day(0), "witness": "Samira",
		"wording": casework.WordingShown{ID: demo.Wording.ID, Version: 1, Language: "sv", Hash: demo.Wording.Hash}}),
		fresh("signature", w.signatures, map[string]any{"giving": w.giving, "how": "oral", "name": "Tova Test", "at": time.Now().UnixMilli()}))
}
