package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bokvar/internal/casework"
	"bokvar/internal/office"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// record writes what the server answers into the transcripts. Only for one that is
// new: those of released versions stay as they are.
var record = flag.Bool("record", false, "write the server's side of the transcripts anew")

// spoken is one line of a transcript: what a device or the server said.
type spoken struct {
	Device json.RawMessage `json:"device,omitempty"`
	Server json.RawMessage `json:"server,omitempty"`
}

// TestW3_TranscriptsOfOldPhonesAreStillUnderstood replays what phones of every
// released version said to the program as it is now, and compares its answers
// with those of then: Primero, CommCare and others broke phones that were not
// updated. The queues in them were written years ago.
func TestW3_TranscriptsOfOldPhonesAreStillUnderstood(t *testing.T) {
	files, err := filepath.Glob("../../sync/testdata/transcripts/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	versions := map[int]bool{}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			version, person, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".jsonl"), "-")
			var n int
			if _, err := fmt.Sscanf(version, "v%d", &n); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			versions[n] = true
			r := replay{t: t, version: n, program: smallTown(t), author: server.Author{Person: strings.Split(person, "-")[0], Org: "hem", Device: "d-" + person}}
			r.run(file, readTranscript(t, file))
		})
	}
	for _, v := range wire.Versions {
		if !versions[v] {
			t.Errorf("no transcript of version %d", v)
		}
	}
}

func readTranscript(t *testing.T, file string) (lines []spoken) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var line spoken
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatalf("%s: %v", scanner.Text(), err)
		}
		lines = append(lines, line)
	}
	if scanner.Err() != nil || len(lines) == 0 {
		t.Fatalf("%d lines, %v", len(lines), scanner.Err())
	}
	return lines
}

// smallTown is the real program with a landlord of three, a household and a visit.
func smallTown(t *testing.T) *Program {
	t.Helper()
	c := defaults()
	c.Addr, c.Data = "127.0.0.1:0", t.TempDir()
	p, err := New(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(p.core.db.PutOrganisation(casework.Organisation{ID: "hem", Name: "Hem", Kind: casework.Landlord}))
	must(p.core.db.PutOrganisation(casework.Organisation{ID: "soc", Name: "Soc", Kind: casework.SocialServices}))
	for _, m := range []casework.Member{{ID: "kim", Role: casework.Caretaker}, {ID: "alva", Role: casework.Caretaker}, {ID: "jonna", Role: casework.Coordinator}} {
		m.Org, m.Name, m.Units, m.Active = "hem", m.ID, []string{"norr"}, true
		must(p.core.db.PutMember(m))
		must(p.core.directory(m))
	}
	for org, unit := range map[string]string{"hem": "norr", "soc": "vrak"} {
		change, err := office.UnitRecord(org, unit, unit, "0")
		must(err)
		must(p.core.house(org, change))
	}
	agreed, err := office.Agreement{ID: "a", Landlord: casework.Organisation{ID: "hem", Name: "Hem", Kind: casework.Landlord},
		Social: casework.Organisation{ID: "soc", Name: "Soc", Kind: casework.SocialServices}, Unit: "vrak", UnitName: "Vräk", UnitPhone: "0",
		Wording: casework.Wording{ID: "w", Version: 1, Language: "sv", Title: "t", Body: "b", Withdraw: "w", Hash: "x"}}.Records()
	must(err)
	for _, change := range agreed {
		must(p.core.house(change.Org, change))
	}
	must(houseWriter{p.core.engine}.Write("hem", "jonna", []casework.HouseChange{
		{Kind: "household", Record: "h", Fields: map[string]any{"street": "Björkgatan 7", "door_code": "1234"}},
		{Kind: "case", Record: "h-case", Fields: map[string]any{"household": "h", "unit": "norr", "reason": "arrears", "status": "open"}},
		{Kind: "person", Record: "h-p", Fields: map[string]any{"household": "h", "name": "Nadia", "phone": "070-1"}},
		{Kind: "contact", Record: "v", Fields: map[string]any{"household": "h", "case": "h-case", "form": "visit", "purpose": "home_visit",
			"people": []string{"kim", "alva"}, "message": "Ring på."}},
	}))
	return p
}

type replay struct {
	t       *testing.T
	version int
	program *Program
	author  server.Author
	hello   json.RawMessage
}

func (r *replay) run(file string, lines []spoken) {
	r.t.Helper()
	var out []spoken
	for i := 0; i < len(lines); {
		said := lines[i].Device
		if said == nil {
			r.t.Fatalf("line %d: the server speaks unasked", i+1)
		}
		next := i + 1
		for next < len(lines) && lines[next].Device == nil {
			next++
		}
		answers := r.say(said)
		out = append(out, lines[i])
		for _, a := range answers {
			out = append(out, spoken{Server: a})
		}
		if !*record {
			r.compare(i+1, lines[i+1:next], answers)
		}
		i = next
	}
	if *record {
		writeTranscript(r.t, file, out)
	}
}

func writeTranscript(t *testing.T, file string, lines []spoken) {
	t.Helper()
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for _, line := range lines {
		if err := e.Encode(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// say hands one message to the server as a request does, whose conversations each
// begin with a hello. The answer to that is left out but where it was the message.
func (r *replay) say(said json.RawMessage) []json.RawMessage {
	r.t.Helper()
	var head struct{ Type wire.Type }
	_ = json.Unmarshal(said, &head)
	messages := []json.RawMessage{said}
	if head.Type == wire.TypeHello {
		r.hello = said
	} else if r.hello != nil {
		messages = []json.RawMessage{r.hello, said}
	}
	answers := r.program.hub.Answer(r.author, func() error { return nil }, messages)
	if len(messages) == 2 {
		answers = slices.DeleteFunc(answers, func(a json.RawMessage) bool {
			_ = json.Unmarshal(a, &head)
			return head.Type == wire.TypeWelcome || head.Type == wire.TypePage
		})
	}
	return answers
}

// compare looks for what a phone of then relies on: the same messages in the same
// order, none of a type that its version does not have, with all that they said
// then, in the same shape, and the same word on every commit.
func (r *replay) compare(line int, then []spoken, now []json.RawMessage) {
	r.t.Helper()
	if len(then) != len(now) {
		r.t.Fatalf("line %d: %d answers then, %d now: %s", line, len(then), len(now), now)
	}
	for i := range then {
		var a, b map[string]any
		if json.Unmarshal(then[i].Server, &a) != nil || json.Unmarshal(now[i], &b) != nil {
			r.t.Fatalf("line %d: then %s, now %s", line, then[i].Server, now[i])
		}
		for _, key := range []string{"type", "version", "person", "org", "role", "units", "commit", "status", "code", "conflict", "result", "close"} {
			if fmt.Sprint(a[key]) != fmt.Sprint(b[key]) {
				r.t.Errorf("line %d: %s was %v and is %v: %s", line, key, a[key], b[key], now[i])
			}
		}
		covers(r.t, fmt.Sprintf("line %d: answer %d", line, i+1), a, b)
	}
}

// covers says that now holds everything that then held, in the same shape.
// Records are told apart by their ids, wherever they stand.
func covers(t *testing.T, at string, then, now any) {
	t.Helper()
	switch then := then.(type) {
	case map[string]any:
		now, ok := now.(map[string]any)
		if !ok {
			t.Errorf("%s was an object", at)
			return
		}
		for _, key := range slices.Sorted(maps.Keys(then)) {
			there, ok := now[key]
			if !ok {
				t.Errorf("%s.%s is not there any more", at, key)
				continue
			}
			covers(t, at+"."+key, then[key], there)
		}
	case []any:
		now, ok := now.([]any)
		if !ok || len(now) < len(then) {
			t.Errorf("%s was a list of %d", at, len(then))
			return
		}
		for i := range then {
			covers(t, fmt.Sprint(at, "[", i, "]"), then[i], same(then[i], i, now))
		}
	default:
		if fmt.Sprintf("%T", then) != fmt.Sprintf("%T", now) {
			t.Errorf("%s was %v and is %v", at, then, now)
		}
	}
}

// same finds the record with the id of one, or what stands at its place.
func same(one any, at int, in []any) any {
	record, ok := one.(map[string]any)
	if !ok || record["id"] == nil {
		return in[at]
	}
	for _, other := range in {
		if o, ok := other.(map[string]any); ok && o["id"] == record["id"] && o["org"] == record["org"] {
			return other
		}
	}
	return nil
}
