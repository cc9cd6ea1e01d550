package bench

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// relayBytes is as much as a page of one note of a kilobyte travels with.
const relayBytes = 1400

// Relay serves the limit that W4 is measured beside: what one socket says is sent
// on to every other, as it is, with the same library and nothing around it. It
// returns when the address cannot be served any more.
func Relay(addr string) error { return http.ListenAndServe(addr, relay()) }

func relay() http.Handler {
	var mu sync.Mutex
	all := map[*websocket.Conn]bool{}
	up := websocket.Upgrader{ReadBufferSize: 1024, WriteBufferSize: 4096, WriteBufferPool: &sync.Pool{}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/sync" {
			return // it is there
		}
		ws, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = ws.Close() }()
		mu.Lock()
		all[ws] = true
		_ = ws.WriteMessage(websocket.TextMessage, nil) // a greeting: from now on it hears
		mu.Unlock()
		for {
			kind, body, err := ws.ReadMessage()
			mu.Lock()
			if err != nil {
				delete(all, ws)
				mu.Unlock()
				return
			}
			for other := range all {
				if other != ws {
					_ = other.WriteMessage(kind, body) // who is gone says so to its reader
				}
			}
			mu.Unlock()
		}
	})
}

// besideRelay lets a bare relay, a process of its own, tell as many devices as W4
// does, as often.
func besideRelay(c Config, s *sample, ours []time.Duration) error {
	r, err := run(c.Relay)
	if err != nil {
		return err
	}
	defer r.stop()
	arrived := make(chan time.Time, w4Devices)
	for i := range w4Devices {
		ws, err := dialRelay(r.addr)
		if err != nil {
			return fmt.Errorf("relay, device %d: %w", i, err)
		}
		defer func() { _ = ws.Close() }()
		go func() {
			for {
				if _, _, err := ws.ReadMessage(); err != nil {
					return
				}
				arrived <- time.Now()
			}
		}()
	}
	ws, err := dialRelay(r.addr)
	if err != nil {
		return err
	}
	defer func() { _ = ws.Close() }()
	used, err := r.cpu()
	if err != nil {
		return err
	}
	each, _, err := tellAll(func() error { return ws.WriteMessage(websocket.TextMessage, bytes.Repeat([]byte("a"), relayBytes)) }, arrived)
	if err != nil {
		return err
	}
	after, err := r.cpu()
	slices.Sort(each)
	s.add("bare gorilla relay: each has it, p50", "ms", quantile(each, .5))
	s.add("bare gorilla relay: each has it, p99", "ms", quantile(each, .99))
	s.add("bare gorilla relay: processor time a write", "ms", float64((after-used).Milliseconds())/w4Writes)
	s.add("ours / bare relay, p99", "ratio", quantile(ours, .99)/quantile(each, .99))
	return err
}

// dialRelay returns when the relay has greeted.
func dialRelay(addr string) (*websocket.Conn, error) {
	ws, _, err := websocket.DefaultDialer.Dial("ws://"+addr+"/sync", nil)
	if err == nil {
		_, _, err = ws.ReadMessage()
	}
	return ws, err
}
