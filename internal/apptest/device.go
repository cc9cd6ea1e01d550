package apptest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"bokvar/internal/bench"
)

// Person is somebody signed in without a browser: the same requests and the same
// messages, from Go.
type Person struct {
	ID     string
	Cookie string
	addr   string
}

// SignIn redeems the person's typed code, as the app does.
func SignIn(tb TB, p *Program, id string) Person {
	tb.Helper()
	body, _ := json.Marshal(map[string]string{"code": p.Login(id).Code, "device": bench.Device(id)})
	req, err := http.NewRequest(http.MethodPost, p.URL+"/api/session", bytes.NewReader(body))
	if err != nil {
		tb.Fatalf("%v", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Origin", p.URL)
	req.Header.Set("X-Bokvar", "1")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		tb.Fatalf("sign in: %v", err)
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(resp.Body)
	for _, c := range resp.Cookies() {
		if c.Name == "bokvar" {
			return Person{ID: id, Cookie: c.Value, addr: strings.TrimPrefix(p.URL, "http://")}
		}
	}
	tb.Fatalf("sign in as %s: %s %s", id, resp.Status, answer)
	return Person{}
}

// Dial opens the person's socket, says hello at the beginning and reads all
// pages; the records come back by id.
func (p Person) Dial() (*bench.Client, map[string]Record, error) {
	c, err := bench.Dial(p.addr, p.ID, p.Cookie, true)
	if err != nil {
		return nil, nil, err
	}
	records := map[string]Record{}
	w, err := c.Hello(0, "")
	for waiting := w.Waiting; err == nil && waiting > 0; {
		var m bench.Message
		if m, err = c.Next(); err == nil && m.Records != nil {
			waiting = m.Waiting
			for _, raw := range m.Records {
				var r Record
				if err = json.Unmarshal(raw, &r); err != nil {
					break
				}
				records[r.ID] = r
			}
		}
	}
	if err != nil {
		c.Close()
		return nil, nil, fmt.Errorf("%s says hello: %w", p.ID, err)
	}
	return c, records, nil
}

// Record is what came of one record.
type Record struct {
	ID, Kind string
	Left     bool
	F        map[string]json.RawMessage
	N        map[string]int64
}

// Text is a field that holds a string, "" when it is not there.
func (r Record) Text(field string) string {
	var s string
	_ = json.Unmarshal(r.F[field], &s)
	return s
}

// Proposal is what an import would do.
type Proposal struct {
	ID   string
	Gone []struct{ Claim string }
}

// Propose uploads a list without taking it in, looks, and drops it again.
func (p Person) Propose(tb TB, path string) Proposal {
	tb.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	status, answer := p.Upload(tb, "/api/imports?partial=0", filepath.Base(path), file)
	var proposal Proposal
	if err := json.Unmarshal([]byte(answer), &proposal); err != nil || status != http.StatusOK {
		tb.Fatalf("propose %s: %d %.300s (%v)", path, status, answer, err)
	}
	p.request(tb, http.MethodDelete, "/api/imports/"+proposal.ID, "", nil, nil)
	return proposal
}

// Upload sends a file as the app's forms do, and answers what came back.
func (p Person) Upload(tb TB, path, name string, content []byte) (status int, answer string) {
	tb.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if closed := form.Close(); err == nil {
		err = closed
	}
	if err != nil {
		tb.Fatalf("%v", err)
	}
	resp, err := p.do(http.MethodPost, path, form.FormDataContentType(), &body)
	if err != nil {
		tb.Fatalf("upload %s: %v", name, err)
	}
	defer resp.Body.Close()
	said, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(said)
}

// do asks the server as the person's app would.
func (p Person) do(method, path, contentType string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequest(method, "http://"+p.addr+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Origin", "http://"+p.addr)
	req.Header.Set("X-Bokvar", "1")
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	req.AddCookie(&http.Cookie{Name: "bokvar", Value: p.Cookie})
	return http.DefaultClient.Do(req)
}

func (p Person) request(tb TB, method, path, contentType string, body io.Reader, into any) {
	tb.Helper()
	resp, err := p.do(method, path, contentType, body)
	if err != nil {
		tb.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(resp.Body)
	if resp.StatusCode >= 300 {
		tb.Fatalf("%s %s: %s %s", method, path, resp.Status, answer)
	}
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			tb.Fatalf("%s %s: %v in %.200s", method, path, err, answer)
		}
	}
}
