package bench

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

func TestTheRelaySendsOnToEveryOther(t *testing.T) {
	server := httptest.NewServer(relay())
	defer server.Close()
	var all []*websocket.Conn
	for range 3 {
		ws, err := dialRelay(strings.TrimPrefix(server.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = ws.Close() }()
		all = append(all, ws)
	}
	if err := all[0].WriteMessage(websocket.TextMessage, []byte("first")); err != nil {
		t.Fatal(err)
	}
	heard(t, all[1], "first")
	heard(t, all[2], "first")
	if err := all[1].WriteMessage(websocket.TextMessage, []byte("second")); err != nil {
		t.Fatal(err)
	}
	heard(t, all[0], "second") // and not its own first
}

func heard(t *testing.T, ws *websocket.Conn, want string) {
	t.Helper()
	if _, body, err := ws.ReadMessage(); err != nil || string(body) != want {
		t.Fatalf("heard %q, %v, want %q", body, err, want)
	}
}
