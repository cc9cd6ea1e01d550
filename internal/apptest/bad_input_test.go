package apptest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
)

// What is wrong is refused with a code and a sentence; nobody else's connection
// is harmed by it, and what was written stays on its writer's phone.
func TestBadInput(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	kim := Open(t, p.URL, SmallPhone)
	kim.SignIn(p, "kim")
	peder := SignIn(t, p, "peder")
	claims := count(t, peder, "claim")

	t.Run("a list that is none", func(t *testing.T) { badLists(t, p, peder) })
	t.Run("messages", func(t *testing.T) { badMessages(t, peder) })
	t.Run("another organisation's record", func(t *testing.T) { strangersRecord(t, p, peder) })

	if now := count(t, peder, "claim"); now != claims {
		t.Errorf("%d claims before, %d after lists that were refused", claims, now)
	}
	t.Run("others are unharmed", func(t *testing.T) { unharmed(t, kim, peder) })
	t.Run("a text that cannot be right", func(t *testing.T) { refusedText(t, kim) })
	t.Run("a device that was signed out", func(t *testing.T) { signedOutDevice(t, p, kim, peder) })
}

func badLists(t *testing.T, p *Program, peder Person) {
	jonna := Open(t, p.URL, Desk)
	jonna.SignIn(p, "jonna")
	jonna.Walk("/import")
	dir := t.TempDir()
	for _, bad := range []struct {
		name    string
		content []byte
		says    string
	}{
		{"picture.csv", append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 4096)...), "varken CSV eller Excel"},
		{"columns.csv", []byte("Namn;Gata\r\nAnna Ek;Storgatan 1\r\n"), "kolumn"},
		{"large.csv", bytes.Repeat([]byte("0123456789;abcdefghijklmnop;xyz\r\n"), 50<<20/33), "20 MB"},
	} {
		file := filepath.Join(dir, bad.name)
		if err := os.WriteFile(file, bad.content, 0o600); err != nil {
			t.Fatal(err)
		}
		jonna.Upload(file)
		jonna.See(bad.says)
		jonna.NotSee("Titta igenom innan du tar in")
		// The app looks before it sends; whoever sends all the same gets an answer, too.
		status, answer := peder.Upload(t, "/api/imports?partial=0", bad.name, bad.content)
		var said struct{ Code, Sentence string }
		if err := json.Unmarshal([]byte(answer), &said); err != nil || status < 400 || status >= 500 || said.Code == "" || !strings.Contains(said.Sentence, bad.says) {
			t.Errorf("%s is answered with %d %.200s", bad.name, status, answer)
		}
	}
}

func badMessages(t *testing.T, who Person) {
	ws := who.socket(t)
	who.says(t, ws, `{"type":"hello","versions":[1],"cursor":0,"clock":1,"device":"d"}`, "welcome", "")
	who.says(t, ws, `{"type":"dance"}`, "problem", "unknown_message")
	who.says(t, ws, `{"type":"commits","commits":5}`, "problem", "malformed")
	who.says(t, ws, `{"type":"commits","commits":[{"id":"n-1","at":1,"cursor":0,"changes":[]}]}`, "receipt", "malformed")
	who.says(t, ws, `{"type":"commits","commits":[{"id":"`+strings.Repeat("x", 257<<10)+`"}]}`, "problem", "too_big")
}

// says sends a message and waits for the answer of the type, with the code and a sentence.
func (p Person) says(t *testing.T, ws *websocket.Conn, message, kind, code string) {
	t.Helper()
	if err := ws.WriteMessage(websocket.TextMessage, []byte(message)); err != nil {
		t.Fatal(err)
	}
	for {
		var m struct{ Type, Code, Sentence string }
		if err := ws.ReadJSON(&m); err != nil {
			t.Fatalf("%.60s is answered with %v", message, err)
		}
		if m.Type == "page" && kind != "page" {
			continue
		}
		if m.Type != kind || m.Code != code || code != "" && m.Sentence == "" {
			t.Errorf("%.60s is answered with %+v; want %s %s and a sentence", message, m, kind, code)
		}
		return
	}
}

// socket is a bare websocket of the person's.
func (p Person) socket(t *testing.T) *websocket.Conn {
	t.Helper()
	header := http.Header{"Cookie": {"bokvar=" + p.Cookie}, "Origin": {"http://" + p.addr}}
	ws, _, err := websocket.DefaultDialer.Dial("ws://"+p.addr+"/sync", header)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.Close() })
	_ = ws.SetReadDeadline(time.Now().Add(Patience))
	return ws
}

// A record of social services and one that nobody has get one and the same answer.
func strangersRecord(t *testing.T, p *Program, peder Person) {
	_, theirs, err := SignIn(t, p, "samira").Dial()
	if err != nil {
		t.Fatal(err)
	}
	c, _, err := peder.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	tried := 0
	for id, r := range theirs {
		if r.Kind != "case" && r.Kind != "contact" {
			continue
		}
		field, value := map[string]string{"case": "status", "contact": "message"}[r.Kind], "closed"
		_, known := c.Push(r.Kind, id, map[string]any{field: value})
		_, unknown := c.Push(r.Kind, uuid.NewString(), map[string]any{field: value})
		if known == nil || unknown == nil || known.Error() != unknown.Error() || !strings.HasPrefix(known.Error(), "refused ") {
			t.Errorf("%s of social services: %v; one that is not there: %v", r.Kind, known, unknown)
		}
		tried++
	}
	if tried == 0 {
		t.Fatal("social services carry nothing: nothing was tried")
	}
}

// unharmed: the phone that was online all the time is still on its first
// connection, and hears of news.
func unharmed(t *testing.T, kim *Browser, peder Person) {
	kim.Synced()
	c, records, err := peder.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	visit := strings.TrimPrefix(kim.links("/visit/", 1)[0], "/visit/")
	if _, err := c.Push("contact", visit, map[string]any{"message": "Ring på två gånger, klockan är svag."}); err != nil {
		t.Fatalf("%v; %d records", err, len(records))
	}
	kim.Walk("/visit/" + visit)
	kim.See("Ring på två gånger, klockan är svag.")
}

// refusedText: a sign that came along from another program. The server refuses
// the note; the text stays on the phone and can be put right.
func refusedText(t *testing.T, kim *Browser) {
	kim.Fill("Anteckning", "Hyresgästen\u0001 ringer själv på måndag.")
	kim.Tap("Spara anteckning")
	kim.See("Kunde inte sparas hos servern")
	kim.Walk("/tray")
	kim.See("Kunde inte sparas hos servern", "ringer själv på måndag", "1 att titta på")
	if strings.Contains(kim.Text(), "Sparat hos servern") {
		t.Error("something is called saved that was refused")
	}
}

// signedOutDevice: the session ends on the server; what is written then stays on
// the phone, the screen says so, and it goes up after signing in again.
func signedOutDevice(t *testing.T, p *Program, kim *Browser, peder Person) {
	kim.Eval(`void history.back()`)
	var visit string
	Retry(t, "back on the visit", func() error {
		if visit = kim.path(); !strings.HasPrefix(visit, "/visit/") {
			return fmt.Errorf("it is on %s", visit)
		}
		return nil
	})
	kim.Eval(`fetch('/api/session', { method: 'DELETE', headers: { 'X-Bokvar': '1' } }).then(r => r.status)`)
	kim.See("Du är utloggad. Logga in igen, det du har skrivit är kvar på telefonen.")
	const note = "Skrivet efter att servern hade loggat ut telefonen."
	kim.Walk(visit)
	kim.Fill("Anteckning", note)
	kim.Tap("Spara anteckning")
	kim.See("På telefonen", note)
	if n := notesOf(t, peder)[note]; n != 0 {
		t.Errorf("a device that was signed out got %d notes in", n)
	}
	kim.Walk("/in")
	kim.Fill("Kod", p.Invite("kim").Code)
	kim.Tap("Logga in med koden")
	kim.Synced()
	if n := notesOf(t, peder)[note]; n != 1 {
		t.Errorf("after signing in again the server has the note %d times", n)
	}
}

func count(t *testing.T, who Person, kind string) (n int) {
	t.Helper()
	for _, r := range carried(t, who) {
		if r.Kind == kind {
			n++
		}
	}
	return n
}

// notesOf counts the notes that the person carries, by their text.
func notesOf(t *testing.T, who Person) map[string]int {
	t.Helper()
	found := map[string]int{}
	for _, r := range carried(t, who) {
		if r.Kind == "note" {
			found[r.Text("text")]++
		}
	}
	return found
}

func carried(t *testing.T, who Person) map[string]Record {
	t.Helper()
	c, records, err := who.Dial()
	if err != nil {
		t.Fatal(fmt.Errorf("carried by %s: %w", who.ID, err))
	}
	c.Close()
	return records
}
