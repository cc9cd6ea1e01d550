package apptest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/bench"
	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/sync/wire"
)

// atWork are the places at which the server is killed, beside bursts of notes. Each
// begins something, is killed somewhere in the middle of it, looks at what is there
// after the next start, and goes on to its end.
var atWork = []struct {
	name string
	do   func(*killing)
}{
	{"an import of 320 rows", (*killing).importing},
	{"a first sync", (*killing).fetching},
	{"a withdrawal of consent", (*killing).withdrawing},
	{"a picture that goes up", (*killing).picturing},
	{"an erasure", (*killing).erasing},
	{"a rotation of the master key", (*killing).rotating},
	{"a start", (*killing).starting},
}

// The server is killed (SIGKILL) at any point of what it does beside taking in notes:
// what it acknowledged is there once, what it did not goes again, what is withdrawn
// stays closed, and the database is whole each time.
func TestServerKilledAtWork(t *testing.T) {
	t.Parallel()
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	p := Start(t, "")
	k := &killing{T: t, p: p, random: rand.New(rand.NewPCG(uint64(seed), 3)), people: map[string]Person{}}
	for _, id := range []string{"kim", "jonna", "peder", "samira"} {
		k.people[id] = SignIn(t, p, id)
	}
	const most = 10 // rounds; on a fast machine much is done before it is killed
	for round := 0; round < 2*rounds(t) || k.cut == 0 && round < most; round++ {
		for _, at := range atWork {
			k.round++
			began := time.Now()
			at.do(k)
			if out, err := exec.Command(Binary(t), "verify", "-data", p.Data).CombinedOutput(); err != nil {
				t.Fatalf("round %d, %s: bokvar verify: %v\n%s", round, at.name, err, out)
			}
			t.Logf("%s: killed %s (%s)", at.name, k.when, time.Since(began).Round(100*time.Millisecond))
			if t.Failed() {
				t.FailNow()
			}
		}
	}
	if k.cut == 0 {
		t.Error("nothing was killed in the middle: nothing was tried")
	}
	open := k.records("jonna")
	for id, closed := range k.closed {
		if _, seen := open[id]; seen {
			t.Errorf("at the end: what was withdrawn in %s is open again", closed)
		}
	}
	verified(t, p)
}

// A server is killed while it makes its first database, and while it starts on it.
func TestServerKilledInItsFirstStart(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 5))
	for range 4 * rounds(t) {
		data := filepath.Join(t.TempDir(), "data")
		for range 3 {
			after := time.Duration(random.IntN(400)) * time.Millisecond
			cmd := exec.Command(Binary(t), "serve", "-addr", "127.0.0.1:0", "-data", data)
			cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(after)
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
		if out, err := exec.Command(Binary(t), "org", "add", "-data", data, "-id", "hem", "-name", "Hem", "-kind", "landlord").CombinedOutput(); err != nil {
			t.Fatalf("after three kills in the first start: %v\n%s", err, out)
		}
		if out, err := exec.Command(Binary(t), "verify", "-data", data).CombinedOutput(); err != nil {
			t.Errorf("bokvar verify: %v\n%s", err, out)
		}
	}
}

type killing struct {
	*testing.T
	p         *Program
	random    *rand.Rand
	people    map[string]Person
	round     int
	when      string            // how far the last one was
	cut       int               // how many were killed before an answer
	withdrawn string            // the last withdrawal
	closed    map[string]string // entries whose consent was withdrawn
}

// within kills the server at a random moment of what work does, and says how it went.
func (k *killing) within(longest time.Duration, work func() error) error {
	k.Helper()
	done := make(chan error, 1)
	go func() { done <- work() }()
	after := time.Duration(k.random.Int64N(int64(longest)))
	time.Sleep(after)
	k.p.Kill()
	err := <-done
	k.when = fmt.Sprintf("after %s, when it was done", after.Round(time.Millisecond))
	if err != nil {
		k.cut++
		k.when = fmt.Sprintf("after %s, before an answer", after.Round(time.Millisecond))
	}
	k.p.Again()
	return err
}

func (k *killing) records(person string) map[string]Record {
	k.Helper()
	c, records, err := k.people[person].Dial()
	if err != nil {
		k.Fatal(err)
	}
	c.Close()
	for id, r := range records {
		if r.Left {
			delete(records, id)
		}
	}
	return records
}

// one makes a commit of changes, to be sent as often as need be.
func one(t *testing.T, changes ...wire.Change) json.RawMessage {
	t.Helper()
	raw, err := json.Marshal(wire.Commit{ID: uuid.NewString(), At: time.Now().UnixMilli(), Changes: changes})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func fresh(org, kind, id string, fields map[string]any) wire.Change {
	c := wire.Change{Org: org, Kind: kind, Record: id, Fields: map[string]wire.Set{}}
	for name, value := range fields {
		raw, _ := json.Marshal(value)
		c.Fields[name] = wire.Set{Value: raw}
	}
	return c
}

// sends sends a commit once.
func (k *killing) sends(person string, commit json.RawMessage) error {
	receipts, err := k.people[person].commits(commit)
	if err != nil {
		return err
	}
	for _, r := range receipts {
		if r.Status != wire.Saved {
			return fmt.Errorf("%s %s: %s", r.Status, r.Code, r.Sentence)
		}
	}
	return nil
}

func (k *killing) saves(person string, changes ...wire.Change) {
	k.Helper()
	if err := k.sends(person, one(k.T, changes...)); err != nil {
		k.Fatalf("%s: %v", person, err)
	}
}

// asks asks for an answer with the status, and reads it.
func (k *killing) asks(person, method, path, contentType string, body io.Reader) (status int, answer []byte, err error) {
	resp, err := k.people[person].do(method, path, contentType, body)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	answer, err = io.ReadAll(resp.Body)
	return resp.StatusCode, answer, err
}

var contractNumber = regexp.MustCompile(`(?m)^\d{4}-\d{2};`)

// importing confirms a list of households that nobody knew.
func (k *killing) importing() {
	k.Helper()
	content, err := os.ReadFile(filepath.Join(k.p.Data, "late-payers", "late-payers-utf8.csv"))
	if err != nil {
		k.Fatal(err)
	}
	content = contractNumber.ReplaceAllFunc(content, func(n []byte) []byte { return append(fmt.Appendf(nil, "%d-", k.round), n...) })
	propose := func() (id string, rows int) {
		status, answer := k.people["peder"].Upload(k.T, "/api/imports?partial=1", "list.csv", content)
		var proposal struct {
			ID  string            `json:"id"`
			New []json.RawMessage `json:"new"`
		}
		if err := json.Unmarshal([]byte(answer), &proposal); err != nil || status != http.StatusOK {
			k.Fatalf("propose: %d %.300s", status, answer)
		}
		return proposal.ID, len(proposal.New)
	}
	confirm := func(id string) error {
		status, answer, err := k.asks("peder", http.MethodPost, "/api/imports/"+id+"/confirm", "application/json", strings.NewReader("{}"))
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("%d %.300s", status, answer)
		}
		return err
	}
	id, rows := propose()
	if rows < 300 {
		k.Fatalf("the list has only %d new rows", rows)
	}
	answered := k.within(1500*time.Millisecond, func() error { return confirm(id) })
	again, left := propose()
	switch {
	case answered == nil && left != 0:
		k.Errorf("the import was confirmed, and %d of %d rows are missing", left, rows)
	case left != 0 && left != rows:
		k.Errorf("%d of %d rows are missing: the import is half there", left, rows)
	case left == rows:
		if err := confirm(again); err != nil {
			k.Errorf("confirmed again: %v", err)
		}
	}
	if _, left := propose(); left != 0 {
		k.Errorf("at last %d rows are missing", left)
	}
}

// fetching fetches everything, and goes on where it was.
func (k *killing) fetching() {
	k.Helper()
	who := k.people["jonna"]
	all := k.records("jonna")
	c, err := bench.Dial(who.addr, who.ID, who.Cookie, true)
	if err != nil {
		k.Fatal(err)
	}
	defer c.Close()
	w, err := c.Hello(0, "")
	if err != nil {
		k.Fatal(err)
	}
	got := map[string]bool{}
	take := func(c *bench.Client) (more bool, err error) {
		m, err := c.Next() // a page that has come counts, also when nobody is left to be told that it has
		for _, raw := range m.Records {
			var r Record
			if err := json.Unmarshal(raw, &r); err != nil {
				return false, err
			}
			if r.Left {
				delete(got, r.ID)
			} else {
				got[r.ID] = true
			}
		}
		return err == nil && (m.Records == nil || m.Waiting > 0), err
	}
	for range 1 + k.random.IntN(5) {
		more, err := take(c)
		if err != nil {
			k.Fatal(err)
		}
		if !more { // all of it was fewer pages
			break
		}
	}
	k.p.Kill()
	before := len(got)
	for more := true; more; { // what was on its way
		if more, err = take(c); err != nil {
			break
		}
	}
	k.when = fmt.Sprintf("after %d of %d records", before, len(all))
	k.p.Again()
	next, err := bench.Dial(who.addr, who.ID, who.Cookie, true)
	if err != nil {
		k.Fatal(err)
	}
	defer next.Close()
	again, err := next.Hello(c.Cursor, w.Generation)
	if err != nil {
		k.Fatal(err)
	}
	if again.Generation != w.Generation || again.Waiting >= w.Waiting && c.Cursor > 0 {
		k.Errorf("it begins anew: %d of %d wait", again.Waiting, w.Waiting)
	}
	for more := again.Waiting > 0; more; {
		if more, err = take(next); err != nil {
			k.Fatal(err)
		}
	}
	for id := range all {
		if !got[id] {
			k.Errorf("the %s %s never came", all[id].Kind, id)
		}
	}
}

// withdrawing takes a consent back that has opened something.
func (k *killing) withdrawing() {
	k.Helper()
	now := time.Now().UnixMilli()
	var theirs, contact Record
	carried := k.records("kim")
	for _, r := range carried {
		if r.Kind == "contact" && (contact.ID == "" || r.ID < contact.ID) {
			contact = r
		}
	}
	theirs = carried[contact.Text("case")]
	giving, signature, handle := uuid.NewString(), uuid.NewString(), uuid.NewString()
	given := map[string]any{"unit": demo.UnitEviction, "handle": handle, "landlord_org": demo.Landlord, "answer": "given", "partners": []string{"landlord"},
		"day": casework.DayOf(now), "witness": "Kim Strandvik", "wording": casework.WordingShown{ID: demo.Wording.ID, Version: 1, Language: "sv", Hash: demo.Wording.Hash}}
	if k.withdrawn != "" { // that of the round before, in the same case of the landlord's: who does not know of it opens nothing
		given["knew_withdrawal"] = k.withdrawn
	}
	k.saves("kim",
		fresh(demo.Social, "giving", giving, given),
		fresh(demo.Social, "signature", signature, map[string]any{"giving": giving, "how": "oral", "name": "Tova Test", "at": now}))
	k.saves("kim", fresh("", "consent_mark", uuid.NewString(), map[string]any{"household": theirs.Text("household"), "case": theirs.ID, "contact": contact.ID, "answer": "given",
		"handle": handle, "giving": giving, "at": now, "by": "kim"}))
	household, kase, person, entry := uuid.NewString(), uuid.NewString(), uuid.NewString(), uuid.NewString()
	k.saves("samira",
		fresh("", "household", household, map[string]any{"street": "Björkgatan 7"}),
		fresh("", "person", person, map[string]any{"household": household, "name": "Tova Test", "position": "tenant"}),
		fresh("", "case", kase, map[string]any{"household": household, "unit": demo.UnitEviction, "reason": "arrears", "status": "open"}))
	k.saves("samira", fresh("", "case_link", uuid.NewString(), map[string]any{"of": giving, "case": kase, "at": now, "by": "samira", "people": []casework.LinkedSigner{{Signature: signature, Person: person}}}))
	k.saves("samira", fresh("", "message", entry, map[string]any{"household": household, "case": kase, "by": "samira", "shared_with": demo.Landlord,
		"about": "message", "text": "Delat i omgång " + fmt.Sprint(k.round), "at": now, "signed": "Samira Holmén, socialsekreterare"}))
	if _, seen := k.records("jonna")[entry]; !seen {
		k.Fatal("the consent opens nothing: nothing is tried")
	}

	k.withdrawn = uuid.NewString()
	withdrawal := one(k.T, fresh("", "withdrawal", k.withdrawn, map[string]any{"unit": demo.UnitEviction, "handle": handle, "case": kase, "how": "phone", "at": now}))
	answered := k.within(40*time.Millisecond, func() error { return k.sends("samira", withdrawal) })
	if answered == nil {
		if _, seen := k.records("jonna")[entry]; seen {
			k.Error("the withdrawal was acknowledged, and what it closed is open after the next start")
		}
	}
	Retry(k.T, "the withdrawal goes up", func() error { return k.sends("samira", withdrawal) })
	if _, seen := k.records("jonna")[entry]; seen {
		k.Error("withdrawn, and open still")
	}
	if own, there := k.records("samira")[entry]; !there || own.Text("text") == "" {
		k.Error("samira's own entry is gone")
	}
	k.p.Kill()
	k.p.Again()
	if _, seen := k.records("jonna")[entry]; seen {
		k.Error("withdrawn, and open again after another start")
	}
	if k.closed == nil {
		k.closed = map[string]string{}
	}
	k.closed[entry] = fmt.Sprint("round ", k.round)
}

// picturing sends a picture in parts.
func (k *killing) picturing() {
	k.Helper()
	drawn := func(side int) []byte {
		noise := image.NewGray(image.Rect(0, 0, side, side))
		for i := range noise.Pix {
			noise.Pix[i] = byte(k.random.Uint32())
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, noise, &jpeg.Options{Quality: 95}); err != nil {
			k.Fatal(err)
		}
		return b.Bytes()
	}
	whole, household, kase := drawn(800), "", ""
	household, kase = anyCase(k.T, k.people["jonna"])
	sum, id := sha256.Sum256(whole), uuid.NewString()
	k.saves("jonna", fresh("", "photo", id, map[string]any{"household": household, "case": kase, "caption": "Dörren", "size": len(whole), "hash": hex.EncodeToString(sum[:]),
		"thumb": base64.StdEncoding.EncodeToString(drawn(40)), "at": time.Now().UnixMilli(), "by": "jonna"}))
	parts := (len(whole) + casework.PhotoPart - 1) / casework.PhotoPart
	acknowledged := map[int]bool{}
	send := func() error {
		for n := range parts {
			if acknowledged[n] {
				continue
			}
			part := whole[n*casework.PhotoPart : min(len(whole), (n+1)*casework.PhotoPart)]
			status, answer, err := k.asks("jonna", http.MethodPut, fmt.Sprintf("/api/photos/%s/parts/%d", id, n), "application/octet-stream", bytes.NewReader(part))
			if err != nil {
				return err
			}
			if status != http.StatusOK {
				return fmt.Errorf("part %d: %d %.200s", n, status, answer)
			}
			acknowledged[n] = true
		}
		return nil
	}
	_ = k.within(150*time.Millisecond, send)
	k.when += fmt.Sprintf(", with %d of %d parts", len(acknowledged), parts)
	if err := send(); err != nil { // never again what was acknowledged
		k.Errorf("the rest of the picture: %v", err)
	}
	status, shown, err := k.asks("jonna", http.MethodGet, "/api/photos/"+id, "", nil)
	if err != nil || status != http.StatusOK {
		k.Errorf("the picture is answered with %d %.200s, %v", status, shown, err)
	}
	if picture, err := jpeg.DecodeConfig(bytes.NewReader(shown)); err != nil || picture.Width != 800 {
		k.Errorf("the picture is %+v, %v", picture, err)
	}
}

// erasing takes a file away, key and all.
func (k *killing) erasing() {
	k.Helper()
	household := ""
	for _, r := range k.records("jonna") {
		if r.Kind == "case" && (household == "" || r.Text("household") < household) {
			household = r.Text("household")
		}
	}
	erase := func() error {
		out, err := exec.Command(Binary(k.T), "erase", "run", "-data", k.p.Data, "-org", demo.Landlord, "-root", household, "-why", "beslut 1").CombinedOutput()
		if err != nil {
			err = fmt.Errorf("%w: %s", err, out)
		}
		return err
	}
	answered := k.within(300*time.Millisecond, erase)
	gone := func() error {
		for _, r := range k.records("jonna") {
			if r.ID == household || r.Text("household") == household {
				return fmt.Errorf("the %s %s is there", r.Kind, r.ID)
			}
		}
		return nil
	}
	if err := gone(); answered == nil && err != nil {
		k.Errorf("it was erased, and after the next start %v", err)
	} else if err != nil {
		if err := erase(); err != nil {
			k.Errorf("erased again: %v", err)
		}
		if err := gone(); err != nil {
			k.Errorf("at last %v", err)
		}
	}
}

// rotating puts a new master key in place while notes are taken in that need new keys.
func (k *killing) rotating() {
	k.Helper()
	const notes = 40
	w := &diskWriter{T: k.T, p: k.p, desk: k.people["samira"], saved: map[string]string{}}
	w.writes(fmt.Sprint("rotated in round ", k.round), notes)
	_ = k.within(300*time.Millisecond, func() error {
		sent := make(chan bool)
		go func() {
			defer close(sent)
			w.tries()
		}()
		out, err := exec.Command(Binary(k.T), "keys", "rotate", "-data", k.p.Data).CombinedOutput()
		<-sent
		if err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		return nil
	})
	k.when += fmt.Sprintf(", with %d of %d new files", len(w.saved), notes)
	w.drains("after a rotation that was cut short")
	w.there("after a rotation that was cut short")
	if out, err := exec.Command(Binary(k.T), "keys", "rotate", "-data", k.p.Data).CombinedOutput(); err != nil {
		k.Errorf("rotated again: %v\n%s", err, out)
	}
	w.there("after a rotation")
}

// starting kills it again and again before it serves.
func (k *killing) starting() {
	k.Helper()
	before := k.records("jonna")
	k.p.Kill()
	var whens []string
	for range 3 {
		cmd := exec.Command(Binary(k.T), "demo", "-addr", "127.0.0.1:0", "-data", k.p.Data)
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if err := cmd.Start(); err != nil {
			k.Fatal(err)
		}
		after := time.Duration(k.random.IntN(800)) * time.Millisecond
		time.Sleep(after)
		if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			k.Fatal(err)
		}
		_ = cmd.Wait()
		whens = append(whens, after.String())
	}
	k.when = "after " + strings.Join(whens, ", ")
	k.p.Again()
	after := k.records("jonna")
	for id, r := range before {
		if now, there := after[id]; !there || now.Text("text") != r.Text("text") {
			k.Errorf("the %s %s is gone", r.Kind, id)
		}
	}
}
