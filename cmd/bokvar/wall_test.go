package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// fresh makes the change of a record that is not there yet.
func fresh(kind, id string, fields map[string]any) wire.Change {
	c := wire.Change{Kind: kind, Record: id, Fields: map[string]wire.Set{}}
	for name, value := range fields {
		raw, _ := json.Marshal(value)
		c.Fields[name] = wire.Set{Value: raw}
	}
	return c
}

// send hands in one commit and returns its receipt, which must say saved.
func (p *phone) send(changes ...wire.Change) *wire.Receipt {
	p.r.t.Helper()
	p.say(commits(wire.Commit{ID: uuid.NewString(), At: p.now(), Cursor: p.cursor, Changes: changes}))
	r := hear[*wire.Receipt](p)
	if r.Status != wire.Saved {
		p.r.t.Fatalf("%s: %s", r.Code, r.Sentence)
	}
	return r
}

func text(rec wire.Record, field string) string {
	var s string
	_ = json.Unmarshal(rec.Fields[field], &s)
	return s
}

// openRoom links the consent of the demo town (collected by the landlord) to a
// case that samira makes, and answers that case and its tenant.
func openRoom(samira *phone) (household, caseID, person string) {
	giving := samira.any("giving", func(wire.Record) bool { return true })
	signed := samira.any("signature", func(r wire.Record) bool { return text(r, "giving") == giving.ID })
	household, caseID, person = uuid.NewString(), uuid.NewString(), uuid.NewString()
	now := time.Now().UnixMilli()
	samira.send(
		fresh("household", household, map[string]any{"street": "Björkgatan 7"}),
		fresh("person", person, map[string]any{"household": household, "name": text(signed, "name"), "position": "tenant"}),
		fresh("case", caseID, map[string]any{"household": household, "unit": "soc-vrak", "reason": "arrears", "status": "open"}))
	samira.send(fresh("case_link", uuid.NewString(), map[string]any{"of": giving.ID, "case": caseID, "at": now, "by": "samira",
		"people": []casework.LinkedSigner{{Signature: signed.ID, Person: person}}}))
	return household, caseID, person
}

// post is send by a single request: a socket that nobody reads answers no pings,
// and is cut off in the end.
func (p *phone) post(changes ...wire.Change) {
	p.r.t.Helper()
	hello, _ := json.Marshal(wire.Hello{Type: wire.TypeHello, Versions: []int{1}, Device: p.id, Cursor: p.cursor, Generation: p.generation, Clock: time.Now().UnixMilli()})
	words, _ := json.Marshal(commits(wire.Commit{ID: uuid.NewString(), At: time.Now().UnixMilli(), Cursor: p.cursor, Changes: changes}))
	status, answer, _ := p.r.ask("POST", "/sync", p.cookie, wire.Batch{Messages: []json.RawMessage{hello, words}})
	if raw, _ := json.Marshal(answer); status != 200 || !strings.Contains(string(raw), `"saved"`) {
		p.r.t.Fatalf("%d %.300s", status, raw)
	}
}

func shared(household, caseID, words string) wire.Change {
	return fresh("message", uuid.NewString(), map[string]any{"household": household, "case": caseID, "by": "samira", "shared_with": "sjobergahem",
		"about": "message", "text": words, "at": time.Now().UnixMilli(), "signed": "Samira Holmén, socialsekreterare"})
}

// A withdrawal while more than a thousand pages are on their way: what comes out
// of each socket after the word that the room is shut is of no older access, and
// nobody who asks after the receipt gets a byte of it.
func TestAWithdrawalRacesAThousandPages(t *testing.T) {
	const devices, secret = 60, "hemlighet-som-delades"
	r := start(t, town(t))
	samira := r.signIn("samira").connect()
	household, caseID, _ := openRoom(samira)
	words := secret + strings.Repeat(" mer text", 330)
	for range 20 { // 1,000 entries of 3 kB: 18 pages a device
		var entries []wire.Change
		for range 50 {
			entries = append(entries, shared(household, caseID, words))
		}
		samira.send(entries...)
	}

	type told struct {
		pages, entries, after int
		shut, cut             bool // cut off: it was too slow to be waited for
		err                   error
	}
	results := make([]told, devices)
	var started, done sync.WaitGroup
	started.Add(devices)
	all := make(chan struct{}) // closed when each has two pages, so that none is done before the withdrawal
	phones := []*phone{r.signIn("jonna"), r.signIn("peder"), r.signIn("maj")}
	for i := range devices {
		p := phones[i%len(phones)]
		done.Go(func() {
			ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(r.URL, "http")+"/sync", map[string][]string{"Origin": {r.URL}, "Cookie": {"bokvar=" + p.cookie}})
			if err != nil {
				results[i].err = err
				started.Done()
				return
			}
			defer func() { _ = ws.Close() }()
			_ = ws.WriteJSON(wire.Hello{Type: wire.TypeHello, Versions: []int{1}, Device: p.id, Clock: time.Now().UnixMilli()})
			got := &results[i]
			first := sync.OnceFunc(started.Done)
			defer first()
			for {
				_ = ws.SetReadDeadline(time.Now().Add(3 * time.Minute)) // sixty readers share the processor with the server
				_, raw, err := ws.ReadMessage()
				if err != nil {
					// A connection that is closed with something unread is reset, and otherwise just ends.
					if got.cut = websocket.IsCloseError(err, websocket.CloseAbnormalClosure) || errors.Is(err, syscall.ECONNRESET); !got.cut {
						got.err = err
					}
					return
				}
				m, problem := wire.FromServer(raw)
				if problem != nil {
					got.err = fmt.Errorf("%s", problem.Code)
					return
				}
				found := strings.Count(string(raw), secret)
				switch m := m.(type) {
				case *wire.Shut:
					got.shut = true
				case *wire.Page:
					got.pages++
					got.entries += found
					if got.shut {
						got.after += found
					}
					if got.pages == 2 {
						first()
						<-all
					}
					_ = ws.WriteJSON(wire.Have{Type: wire.TypeHave, Cursor: m.Cursor})
					if m.Waiting == 0 && got.shut {
						return
					}
				}
			}
		})
	}
	started.Wait() // every device is in the middle of its pages
	close(all)
	samira.post(fresh("withdrawal", uuid.NewString(), map[string]any{"unit": "soc-vrak", "case": caseID, "how": "phone", "at": time.Now().UnixMilli()}))
	late := r.signIn("jonna") // after the receipt
	late.connect()
	for _, rec := range late.held {
		if rec.Kind == "message" {
			t.Errorf("a device that came after the receipt got a %s", rec.Kind)
		}
	}
	hello, _ := json.Marshal(wire.Hello{Type: wire.TypeHello, Versions: []int{1}, Device: late.id, Clock: time.Now().UnixMilli()})
	_, answer, _ := r.ask("POST", "/sync", late.cookie, wire.Batch{Messages: []json.RawMessage{hello}})
	if raw, _ := json.Marshal(answer); strings.Contains(string(raw), secret) {
		t.Error("POST /sync told it after the receipt")
	}
	done.Wait()
	pages, entries, cut := 0, 0, 0
	for i, got := range results {
		pages, entries = pages+got.pages, entries+got.entries
		if got.cut {
			cut++
		}
		if got.err != nil || !got.shut && !got.cut || got.after > 0 {
			t.Errorf("device %d: %d pages, told %v, %d entries after that, %v", i, got.pages, got.shut, got.after, got.err)
		}
	}
	if entries == 0 || entries >= devices*1000 {
		t.Fatalf("%d entries on %d pages: the withdrawal came when nothing was on its way", entries, pages)
	}
	t.Logf("%d pages and %d entries went out before the withdrawal; %d of %d devices were cut off", pages, entries, cut, devices)
}

// What was shared is gone from the other side, and provable on one's own.
func TestAWithdrawalTakesBackAndKeeps(t *testing.T) {
	r := start(t, town(t))
	samira, jonna := r.signIn("samira").connect(), r.signIn("jonna").connect()
	household, caseID, person := openRoom(samira)
	entry := shared(household, caseID, "Nadia har fått en tid.")
	samira.send(entry)
	for jonna.held[entry.Record].ID == "" {
		jonna.take(hear[*wire.Page](jonna))
	}
	if got := jonna.held[entry.Record]; got.Room == "" || got.Org != "sjoberga-soc" || got.Fields["case"] != nil || got.Fields["by"] != nil {
		t.Fatalf("jonna sees %+v", got)
	}
	samira.send(fresh("withdrawal", uuid.NewString(), map[string]any{"unit": "soc-vrak", "case": caseID, "person": person, "how": "phone", "at": time.Now().UnixMilli()}))
	if shut := hear[*wire.Shut](jonna); !strings.HasPrefix(jonna.held[entry.Record].Room, strings.TrimSuffix(shut.Room, ".1")) {
		t.Fatalf("shut is %s", shut.Room)
	}
	for jonna.held[entry.Record].ID != "" {
		jonna.take(hear[*wire.Page](jonna))
	}
	if samira.connect(); samira.held[entry.Record].ID == "" {
		t.Error("samira's own entry is gone")
	}
	again := r.signIn("jonna").connect()
	if again.held[entry.Record].ID != "" {
		t.Error("a new device got it")
	}
}

// Every field of a stored giving and of its signatures, changed, emptied or put in:
// verify fails at that entry, though it was done with the keys and through the program's
// own code. (Whoever has the file alone is found by the row's seal, which covers what the
// server wrote too: TestVerifyFindsWhateverWasDoneBehindItsBack.)
func TestVerifyFindsAConsentThatWasChanged(t *testing.T) {
	w := newWallTown(t)
	now := time.Now().UnixMilli()
	giving := fresh("giving", uuid.NewString(), map[string]any{"unit": demo.UnitEviction, "handle": w.handle, "landlord_org": demo.Landlord, "answer": "given", "partners": []string{"landlord"},
		"day": day(0), "valid_until": day(90), "place": "Björkgatan 7", "witness": "Kim", "collected_by": "Kim, Sjöbergahem", "relatives": "", "other_partner": "",
		"wording": casework.WordingShown{ID: demo.Wording.ID, Version: 1, Language: "sv", Hash: demo.Wording.Hash}})
	signature := fresh("signature", uuid.NewString(), map[string]any{"giving": giving.Record, "how": "drawn", "name": "Tova Test", "at": now, "strokes": [][][]float64{{{1, 2, 3, 4}}}})
	other := fresh("signature", uuid.NewString(), map[string]any{"giving": giving.Record, "how": "typed", "name": "Olle Test", "at": now})
	hash, err := casework.EvidenceHash(signedAs(giving), []casework.Signed{signedAs(signature), signedAs(other)})
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := json.Marshal(casework.Evidence{Hash: hash, Signatures: []string{signature.Record, other.Record}})
	giving.Org, giving.Fields["evidence"], signature.Org, other.Org = demo.Social, wire.Set{Value: raw}, demo.Social, demo.Social
	w.kim.send(giving, signature, other)
	v, err := verifyAll(w.core, nil)
	if err != nil || v.Consents != 1 {
		t.Fatalf("%+v: %v", v, err)
	}
	tried := 0
	tamper := func(change wire.Change, field string, value json.RawMessage) {
		t.Helper()
		tried++
		var kept *server.State
		write := func(f func(tx server.Tx) error) {
			t.Helper()
			if err := w.core.db.Write(f); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx server.Tx) (err error) {
			if kept, err = tx.Record(demo.Social, change.Record); err != nil {
				return err
			}
			return tx.PutRecord(kept.With(field, server.Field{Value: value, Version: kept.Fields[field].Version + 1}))
		})
		if _, err := verifyAll(w.core, nil); err == nil || !strings.Contains(err.Error(), change.Record) || !strings.Contains(err.Error(), giving.Record) {
			t.Errorf("%s.%s is %s instead of %s: verify says %v", change.Kind, field, value, kept.Fields[field].Value, err)
		}
		write(func(tx server.Tx) error { return tx.PutRecord(kept) })
	}
	for _, change := range []wire.Change{giving, signature, other} {
		for _, field := range casework.KindOf(change.Kind).Fields {
			if field.House {
				continue // the server's own word
			}
			if was := change.Fields[field.Name].Value; len(was) > 0 {
				tamper(change, field.Name, nil)
			}
			tamper(change, field.Name, json.RawMessage(`"changed"`))
		}
	}
	if tried < 40 {
		t.Errorf("only %d things were tried", tried)
	}
	if _, err := verifyAll(w.core, nil); err != nil {
		t.Fatalf("put back: %v", err)
	}
	if err := w.core.db.Write(func(tx server.Tx) error { // one that nobody gave
		record, err := tx.Record(demo.Social, giving.Record)
		if err != nil {
			return err
		}
		made := *record
		made.ID, made.Root = uuid.NewString(), giving.Record
		return tx.PutRecord(&made)
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := verifyAll(w.core, nil); err == nil || !strings.Contains(err.Error(), "no commit of the log has made") {
		t.Fatalf("verify says %v", err)
	}
}

func signedAs(c wire.Change) casework.Signed {
	s := casework.Signed{ID: c.Record, Fields: map[string]json.RawMessage{}}
	for name, set := range c.Fields {
		s.Fields[name] = set.Value
	}
	return s
}
