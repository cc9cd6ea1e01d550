package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"bokvar/sync/wire"
)

// Client is one device on a socket, as thin as it can be, so that the server is measured.
type Client struct {
	person string
	ws     *websocket.Conn
	in     *counted
	Cursor int64

	saying sync.Mutex // of what is below, and of writing
	have   int64      // the cursor that is to be told
	unsaid int        // pages since it was told last
	later  *time.Timer
}

// When a device says how far it is (SPEC D11), as the app does.
const (
	haveWithin = time.Second
	haveAfter  = 8
)

// counted counts the bytes that a connection carries.
type counted struct {
	net.Conn
	read, written atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.read.Add(int64(n))
	return n, err
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.written.Add(int64(n))
	return n, err
}

// Dial opens the socket of a signed-in person; compress asks for compressed pages, as browsers do.
func Dial(addr, person, cookie string, compress bool) (*Client, error) {
	c := &Client{person: person}
	d := websocket.Dialer{EnableCompression: compress, HandshakeTimeout: 30 * time.Second,
		NetDial: func(network, address string) (net.Conn, error) {
			conn, err := net.Dial(network, address)
			c.in = &counted{Conn: conn}
			return c.in, err
		}}
	ws, resp, err := d.Dial("ws://"+addr+"/sync", http.Header{"Cookie": {"bokvar=" + cookie}, "Origin": {"http://" + addr}})
	if err != nil {
		if resp != nil {
			return nil, fmt.Errorf("socket: %w (%s)", err, resp.Status)
		}
		return nil, err
	}
	c.ws = ws
	return c, nil
}

// Hello says hello at the cursor and reads the welcome.
func (c *Client) Hello(cursor int64, generation string) (wire.Welcome, error) {
	c.Cursor = cursor
	var w wire.Welcome
	err := c.ws.WriteJSON(wire.Hello{Type: wire.TypeHello, Versions: []int{wire.Version}, Device: Device(c.person),
		Cursor: cursor, Generation: generation, Clock: time.Now().UnixMilli()})
	if err != nil {
		return w, err
	}
	_, body, err := c.ws.ReadMessage()
	if err != nil {
		return w, err
	}
	if err := json.Unmarshal(body, &w); err != nil {
		return w, err
	}
	if w.Type != wire.TypeWelcome {
		return w, fmt.Errorf("no welcome: %.200s", body)
	}
	return w, nil
}

// Message is anything the server says.
type Message struct {
	Type     wire.Type         `json:"type"`
	Commit   string            `json:"commit"`
	Status   wire.Status       `json:"status"`
	Code     string            `json:"code"`
	Sentence string            `json:"sentence"`
	Cursor   int64             `json:"cursor"`
	Waiting  int64             `json:"waiting"`
	Records  []json.RawMessage `json:"records"`
}

// Next reads one message; pages are acknowledged.
func (c *Client) Next() (Message, error) {
	var m Message
	_, body, err := c.ws.ReadMessage()
	if err != nil {
		return m, err
	}
	read, problem := wire.FromServer(body) // as a device does
	if problem != nil {
		return m, fmt.Errorf("the server said %.200q: %s", body, problem.Code)
	}
	switch r := read.(type) {
	case *wire.Problem:
		return m, fmt.Errorf("problem %s: %s", r.Code, r.Sentence)
	case *wire.Receipt:
		return Message{Type: r.Type, Commit: r.Commit, Status: r.Status, Code: r.Code, Sentence: r.Sentence}, nil
	case *wire.Shut:
		return Message{Type: r.Type}, nil
	case *wire.Page:
		c.Cursor = r.Cursor
		return Message{Type: r.Type, Cursor: r.Cursor, Waiting: r.Waiting, Records: r.Records}, c.acknowledge(r)
	}
	return m, nil
}

// acknowledge says that the page is there: at once when more waits or something
// has left, and else once for several.
func (c *Client) acknowledge(p *wire.Page) error {
	c.saying.Lock()
	defer c.saying.Unlock()
	c.have = p.Cursor
	c.unsaid++
	now := p.Waiting > 0 || c.unsaid >= haveAfter
	for _, record := range p.Records {
		now = now || bytes.HasSuffix(record, []byte(`,"left":true}`))
	}
	if now {
		return c.sayHave()
	}
	if c.unsaid > 1 { // the word is on its way already
		return nil
	}
	if c.later == nil {
		c.later = time.AfterFunc(rand.N(haveWithin), func() {
			c.saying.Lock()
			defer c.saying.Unlock()
			if c.unsaid > 0 {
				_ = c.sayHave() // a socket that is gone says so to its reader
			}
		})
		return nil
	}
	c.later.Reset(rand.N(haveWithin))
	return nil
}

// sayHave is called with the mutex held.
func (c *Client) sayHave() error {
	c.unsaid = 0
	have := strconv.AppendInt([]byte(`{"type":"have","cursor":`), c.have, 10)
	return c.ws.WriteMessage(websocket.TextMessage, append(have, '}'))
}

// write sends one message.
func (c *Client) write(message []byte) error {
	c.saying.Lock()
	defer c.saying.Unlock()
	return c.ws.WriteMessage(websocket.TextMessage, message)
}

// CatchUp reads pages until nothing waits, and returns the records.
func (c *Client) CatchUp(w wire.Welcome) (records int, err error) {
	if w.Waiting == 0 {
		return 0, nil
	}
	for {
		m, err := c.Next()
		if err != nil {
			return records, err
		}
		if m.Type == wire.TypePage {
			records += len(m.Records)
			if m.Waiting == 0 {
				return records, nil
			}
		}
	}
}

// commit encodes one commit with one change.
func (c *Client) commit(kind, record string, fields map[string]any) (id string, message []byte, err error) {
	id = uuid.NewString()
	sets := map[string]wire.Set{}
	for name, v := range fields {
		raw, err := json.Marshal(v)
		if err != nil {
			return "", nil, err
		}
		sets[name] = wire.Set{Value: raw}
	}
	raw, err := json.Marshal(wire.Commit{ID: id, At: time.Now().UnixMilli(), Cursor: c.Cursor,
		Changes: []wire.Change{{Kind: kind, Record: record, Fields: sets}}})
	if err != nil {
		return "", nil, err
	}
	message, err = json.Marshal(wire.Commits{Type: wire.TypeCommits, Commits: []json.RawMessage{raw}})
	return id, message, err
}

// Push sends one commit and waits for its receipt.
func (c *Client) Push(kind, record string, fields map[string]any) (time.Duration, error) {
	id, message, err := c.commit(kind, record, fields)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := c.write(message); err != nil {
		return 0, err
	}
	for {
		m, err := c.Next()
		if err != nil {
			return 0, err
		}
		if m.Type == wire.TypeReceipt && m.Commit == id {
			if m.Status != wire.Saved {
				return 0, errors.New(string(m.Status) + " " + m.Code + ": " + m.Sentence)
			}
			return time.Since(began), nil
		}
	}
}

// Close ends the socket.
func (c *Client) Close() { _ = c.ws.Close() }
