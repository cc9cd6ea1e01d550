package main

import (
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
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// notThereAndNotYours asks for what social services have and for what nobody has: to the
// last byte, headers too, the answers are one. (That they are the same work as well, and
// so take the same time, TestNotThereAndNotYoursAreTheSameWork shows.)
func (w *wallTown) notThereAndNotYours(m *casework.Member) (compared int) {
	w.t.Helper()
	if m.Org == demo.Social {
		return 0
	}
	p, nobodys := w.as(m.ID), uuid.NewString()
	theirs, madeUp := w.pathsTo(w.household), w.pathsTo(nobodys)
	for i, path := range theirs {
		if path == madeUp[i] {
			continue // names nothing
		}
		compared++
		there, not := w.answer(p, path), w.answer(p, madeUp[i])
		if there = strings.ReplaceAll(there, w.household, nobodys); there != not {
			w.t.Errorf("%s asks %s: %s; for what is not there: %s", m.ID, path, there, not)
		}
	}
	return compared
}

// waysOut is everything that the program tells a person of some files, as bytes, by the
// way it goes. Without all it is what tells of many files at once.
func (w *wallTown) waysOut(m *casework.Member, files []*wallTown, all bool) map[string][]byte {
	w.t.Helper()
	p := w.as(m.ID)
	hello, _ := json.Marshal(wire.Hello{Type: wire.TypeHello, Versions: []int{1}, Device: p.id, Clock: time.Now().UnixMilli()})
	out := map[string][]byte{"socket": p.allPages(), "post": w.postAll(p, hello)}
	if records, err := exportRecords(w.core, exportArgs{Org: m.Org, As: m.ID}); err == nil {
		out["export"], _ = json.Marshal(records)
	}
	for _, query := range []string{"Tova", "Olle", "Björkgatan", "Ring", secretShared, secretNote} {
		body, _ := json.Marshal(map[string]string{"query": query})
		_, answer := w.raw("POST", "/api/search", p.cookie, body)
		out["search"] = append(out["search"], answer...)
	}
	for _, path := range w.pathsTo() {
		out[path] = []byte(w.answer(p, path))
	}
	for _, file := range files {
		if !all {
			break
		}
		if m.Org != demo.Social {
			out["errors"] = append(out["errors"], file.receipts(p)...)
		}
		for _, path := range w.pathsTo(file.household, file.giving, text(file.theirs, "household")) {
			if out[path] == nil {
				out[path] = []byte(w.answer(p, path))
			}
		}
	}
	return out
}

// pathsTo are all addresses that answer somebody who only looks, with each of the ids
// in them. A way out that is added later is among them of itself.
func (w *wallTown) pathsTo(ids ...string) (paths []string) {
	for _, route := range w.app.GetRoutes(true) {
		if route.Method != http.MethodGet || !strings.HasPrefix(route.Path, "/api/") || route.Path == "/api/openapi.json" || strings.HasPrefix(route.Path, "/api/oidc") {
			continue
		}
		if len(route.Params) == 0 {
			paths = append(paths, route.Path)
			continue
		}
		for _, id := range ids {
			path := route.Path
			for _, param := range route.Params {
				path = strings.Replace(path, ":"+param, id, 1)
			}
			paths = append(paths, path)
		}
	}
	for _, id := range ids {
		paths = append(paths, "/case/"+id)
	}
	return append(paths, "/withdraw")
}

// answer is everything of an answer that does not change from one request to the next.
func (w *wallTown) answer(p *phone, path string) string {
	w.t.Helper()
	p.unhurried()
	req, _ := http.NewRequest("GET", w.URL+path, nil)
	req.Header.Set("Cookie", "bokvar="+p.cookie)
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		w.t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Header.Del("Date")
	resp.Header.Del("X-Request-Id")
	if strings.Contains(string(body), `"slow_down"`) {
		w.t.Errorf("%s: turned away for its pace, so nothing was tried: %s", path, body)
	}
	return fmt.Sprint(resp.Status, resp.Header, string(body))
}

// allPages reads a device's first sync over a socket, as it comes, and has the server
// compare what it told with what it knows: the sum that it keeps counts what the device
// was given and nothing else.
func (p *phone) allPages() (all []byte) {
	p.r.t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(p.r.URL, "http")+"/sync", http.Header{"Origin": {p.r.URL}, "Cookie": {"bokvar=" + p.cookie}})
	if err != nil {
		p.r.t.Fatal(err)
	}
	defer func() { _ = ws.Close() }()
	_ = ws.WriteJSON(wire.Hello{Type: wire.TypeHello, Versions: []int{2}, Device: p.id, Clock: time.Now().UnixMilli()})
	given, cursor := map[string]wire.Sum{}, int64(0)
	for asks := 0; ; {
		_ = ws.SetReadDeadline(time.Now().Add(2 * time.Minute)) // ends a wait that will never succeed, and nothing else
		_, raw, err := ws.ReadMessage()
		if err != nil {
			p.r.t.Fatal(err)
		}
		all = append(all, raw...)
		waiting := int64(1)
		switch m, _ := wire.FromServer(raw); m := m.(type) {
		case *wire.Welcome:
			waiting = m.Waiting
		case *wire.Page:
			for _, raw := range m.Records {
				var r wire.Record
				if err := json.Unmarshal(raw, &r); err != nil {
					p.r.t.Fatal(err)
				}
				given[r.Org+"/"+r.ID] = wire.HashRecord(r.Org, r.ID, r.Kind, r.Room, r.Fields, r.Versions)
				if r.Left {
					delete(given, r.Org+"/"+r.ID)
				}
			}
			if m.Cursor == 0 { // what is urgent goes ahead
				continue
			}
			waiting, cursor = m.Waiting, m.Cursor
			_ = ws.WriteJSON(wire.Have{Type: wire.TypeHave, Cursor: cursor})
		case *wire.Checked:
			if asks++; m.Result == wire.Equal {
				return all
			}
			if waiting = 0; m.Result == wire.Different || asks == 1000 {
				p.r.t.Errorf("the server says that what it gave a device is %q", m.Result)
				return all
			}
		}
		if waiting == 0 {
			check := wire.Check{Type: wire.TypeCheck, Cursor: cursor, Count: int64(len(given)), Kinds: map[string]wire.Counted{}}
			var sum wire.Sum
			for _, hash := range given {
				sum.Add(hash)
			}
			check.Sum = sum.String()
			_ = ws.WriteJSON(check)
		}
	}
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
		if text(rec, "household") != w.household {
			continue
		}
		for _, org := range []string{"", demo.Social, demo.Landlord} {
			c := change(rec, "text", "x")
			c.Changes[0].Org = org
			raw, _ := json.Marshal(commits(c))
			messages = append(messages, raw)
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
	before, kept := settled(welcome), w.keptFor(demo.Landlord)
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
	for what, was := range kept {
		if is := w.keptFor(demo.Landlord)[what]; is != was {
			t.Errorf("%s was %s and is %s", what, was, is)
		}
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

// keptFor is what lies ready for the people of an organisation: every row of their
// inboxes (whose hashes make the digests), epochs, and pushes.
func (w *wallTown) keptFor(org string) map[string]string {
	w.t.Helper()
	out := map[string]string{}
	pushes, err := w.core.db.PendingPushes()
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.core.db.Read(func(tx server.Tx) error {
		for _, m := range demo.Members {
			if m.Org != org {
				continue
			}
			rows, err := tx.InboxAfter(m.ID, 0, 100_000)
			if err != nil {
				return err
			}
			epoch, err := tx.Epoch(m.ID)
			if err != nil {
				return err
			}
			mine := 0
			for _, push := range pushes {
				if push.Person == m.ID {
					mine++
				}
			}
			out["the inbox of "+m.ID], out["what "+m.ID+" is told of"] = fmt.Sprint(rows), fmt.Sprint(len(rows), " rows, epoch ", epoch, ", pushes ", mine)
		}
		return nil
	})
	if err != nil || len(out) < 8 {
		w.t.Fatalf("%d inboxes, %v", len(out), err)
	}
	return out
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
	w.newGiving()
	w.samira.send(fresh("giving", w.giving, map[string]any{"unit": demo.UnitEviction, "handle": w.handle, "answer": "given", "partners": []string{"psychiatry"}, "day": day(0), "witness": "Samira",
		"wording": casework.WordingShown{ID: demo.Wording.ID, Version: 1, Language: "sv", Hash: demo.Wording.Hash}}),
		fresh("signature", w.signatures, map[string]any{"giving": w.giving, "how": "oral", "name": "Tova Test", "at": time.Now().UnixMilli()}))
}

// What was given without a network and taken back with one, whichever comes first and
// whatever the clocks say: the server's order decides, and what was given again by
// somebody who knew of the withdrawal opens again.
func TestTheServersOrderDecidesWhatConsentHolds(t *testing.T) {
	const decade = 10 * 365 * 24 * time.Hour
	for _, clocks := range []struct{ kim, samira time.Duration }{{0, 0}, {-decade, decade}, {decade, -decade}} {
		for _, givenFirst := range []bool{true, false} {
			w := newWallTown(t)
			w.kim.off, w.samira.off = clocks.kim, clocks.samira
			w.kim.connect()
			w.samira.connect()
			name := fmt.Sprintf("kim's clock off by %s, samira's by %s, given first: %v", clocks.kim, clocks.samira, givenFirst)
			var withdrawn string
			if !givenFirst {
				withdrawn = w.withdraw()
			}
			w.collect("given", nil)
			w.link()
			if open := w.landlordReads(); open != givenFirst {
				t.Errorf("%s: when it came the landlord reads: %v", name, open)
			}
			if givenFirst {
				withdrawn = w.withdraw()
			}
			if w.landlordReads() {
				t.Errorf("%s: open after it was taken back", name)
			}
			w.collect("given", map[string]any{"knew_withdrawal": uuid.NewString()})
			w.link()
			if w.landlordReads() {
				t.Errorf("%s: what knew of something else opens", name)
			}
			w.collect("given", map[string]any{"knew_withdrawal": withdrawn})
			w.link()
			if !w.landlordReads() {
				t.Errorf("%s: given again, and closed", name)
			}
			w.withdraw()
			if w.landlordReads() {
				t.Errorf("%s: open after it was taken back again", name)
			}
		}
	}
}
