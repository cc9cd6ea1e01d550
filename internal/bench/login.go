package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"bokvar/internal/casework"
)

const (
	w11Logins = 100 // by code, and as many by link
	w11Others = 50  // who try codes that are none, without a pause
)

// W11: people sign in, by a typed code and by a link, while fifty others try codes as
// fast as they are answered, and go on from another address when theirs has to wait.
// Each code is stretched with Argon2id; the server's memory must stay as it is.
func login(c Config, s *sample) error {
	var codes, links []string
	r, done, err := prepared(c, func(seed Seeder) error {
		for i := range w11Logins {
			id := fmt.Sprintf("caretaker-%d", i)
			if err := seed.PutMember(casework.Member{ID: id, Org: org, Name: id, Role: casework.Caretaker, Units: []string{"unit"}, Active: true}); err != nil {
				return err
			}
			link, code, err := seed.Invite(id)
			if err != nil {
				return err
			}
			links, codes = append(links, link), append(codes, code)
		}
		return nil
	})
	if err != nil {
		return err
	}
	defer done()
	quiet, err := r.memory()
	if err != nil {
		return err
	}
	l := loginLoad{server: r}
	stop := l.guess()
	var byCode, byLink []time.Duration
	most := quiet
	for i := range w11Logins {
		took, status, err := l.signIn(l.address(), map[string]string{"code": codes[i], "device": Device(fmt.Sprint("code-", i))})
		if err == nil && status == http.StatusOK {
			byCode = append(byCode, took)
			took, status, err = l.signIn(l.address(), map[string]string{"link": links[i], "device": Device(fmt.Sprint("link-", i))})
		}
		if err != nil || status != http.StatusOK {
			stop()
			return fmt.Errorf("somebody with a right code was turned away: %d, %w", status, err)
		}
		byLink = append(byLink, took)
		now, err := r.memory()
		if err != nil {
			stop()
			return err
		}
		most = max(most, now)
	}
	tried := stop()
	if tried < w11Others {
		return fmt.Errorf("the others got only %d answers", tried)
	}
	slices.Sort(byCode)
	slices.Sort(byLink)
	s.add("by code, p50", "ms", quantile(byCode, .5))
	s.add("by code, p99", "ms", quantile(byCode, .99))
	s.add("by link, p99", "ms", quantile(byLink, .99))
	s.add("tries of the others meanwhile", "number", float64(tried))
	s.add("memory more than before, at most", "MB", (most-quiet)/1000)
	return nil
}

// loginLoad signs in and guesses, from many addresses of this machine.
type loginLoad struct {
	server *running
	next   atomic.Int64
}

// address is one of this machine that nobody had before.
func (l *loginLoad) address() *net.TCPAddr {
	n := l.next.Add(1)
	return &net.TCPAddr{IP: net.IPv4(127, byte(1+n/64000), byte(n/250), byte(1+n%250))}
}

func (l *loginLoad) signIn(from *net.TCPAddr, in map[string]string) (took time.Duration, status int, err error) {
	client := http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true, DialContext: (&net.Dialer{LocalAddr: from}).DialContext}}
	raw, err := json.Marshal(in)
	if err != nil {
		return 0, 0, err
	}
	req, err := http.NewRequest(http.MethodPost, "http://"+l.server.addr+"/api/session", bytes.NewReader(raw))
	if err != nil {
		return 0, 0, err
	}
	req.Header.Set("Origin", "http://"+l.server.addr)
	req.Header.Set("X-Bokvar", "1")
	req.Header.Set("Content-Type", "application/json")
	began := time.Now()
	resp, err := client.Do(req)
	if err != nil {
		return 0, 0, err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return time.Since(began), resp.StatusCode, err
}

// guess lets the others begin; stop ends them and says how many answers they got.
func (l *loginLoad) guess() (stop func() int64) {
	var all sync.WaitGroup
	var tried atomic.Int64
	end := make(chan struct{})
	for i := range w11Others {
		all.Go(func() {
			from := l.address()
			for n := 0; ; n++ {
				select {
				case <-end:
					return
				default:
				}
				_, status, err := l.signIn(from, map[string]string{"code": guessed(i, n), "device": Device("guesser")})
				if err == nil && status == http.StatusBadRequest {
					tried.Add(1)
				} else {
					from = l.address()
				}
			}
		})
	}
	return func() int64 {
		close(end)
		all.Wait()
		return tried.Load()
	}
}

// guessed is a code of the right shape.
func guessed(i, n int) string {
	const letters = "ABCDEFGHJKMNPQRSTVWXYZ"
	code := make([]byte, 8)
	for at, k := 0, (i*7919+n)*31; at < len(code); at, k = at+1, k/len(letters)+at {
		code[at] = letters[k%len(letters)]
	}
	return string(code)
}
