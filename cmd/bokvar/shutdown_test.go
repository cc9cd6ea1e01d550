package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"testing"
)

// Somebody on a slow network is still sending when the server is told to stop: they are
// cut off when the time is over, the log says so, and the server has ended well.
func TestAConnectionTooSlowForTheEndIsCutOff(t *testing.T) {
	t.Parallel()
	said := &keptLog{}
	c := defaults()
	c.Addr, c.Data = "127.0.0.1:0", town(t)
	r := startWith(t, c, slog.New(slog.NewTextHandler(said, nil)))
	slow, err := net.Dial("tcp", r.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	if _, err := fmt.Fprint(slow, "POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	goOn := make([]byte, len("HTTP/1.1 100 Continue"))
	if _, err := io.ReadFull(slow, goOn); err != nil || string(goOn) != "HTTP/1.1 100 Continue" {
		t.Fatalf("it says %q to the beginning of a request: %v", goOn, err) // from here on it waits for the rest
	}
	if err := r.stop(); err != nil {
		t.Fatalf("it ended badly: %v", err)
	}
	if !said.has("some connections were cut off") {
		t.Error("the log does not say that somebody was cut off")
	}
}
