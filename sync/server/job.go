package server

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"bokvar/sync/merge"
	"bokvar/sync/wire"
)

// A transaction is closed when it holds this much; what waits goes into the next.
const (
	batchCommits = 256
	batchBytes   = 4 << 20
)

// job is what one caller waits for: commits, or a touch.
type job struct {
	commits []*prepared
	size    int // bytes of the commits
	touch   func(*touching) error
	err     error // of the touch
	done    chan struct{}
}

func newJob() *job { return &job{done: make(chan struct{})} }

func (j *job) add(p *prepared) {
	j.commits = append(j.commits, p)
	j.size += p.size
}

// prepared is a commit that was read and hashed, outside the writer.
type prepared struct {
	author Author
	commit wire.Commit       // every change has its Org
	raw    []json.RawMessage // of each change
	hash   [32]byte
	code   string // why it cannot be read; "" when it can
	when   merge.Interval
	size   int
	quiet  bool // nobody is told

	receipt wire.Receipt // the result
	err     error        // why it was not judged, or, for the house, refused
}

func (p *prepared) house() bool { return p.author.Device == House }

// prepare reads a commit of a device. now is when it arrived.
func (e *Engine) prepare(author Author, raw json.RawMessage, now int64) *prepared {
	parts, code := wire.DecodeCommit(raw)
	p := &prepared{author: author, commit: parts.Commit, raw: parts.Raw, code: code, size: len(raw)}
	p.author.Cursor = parts.Cursor
	for i := range p.commit.Changes {
		if c := &p.commit.Changes[i]; c.Org == "" {
			c.Org = author.Org
		}
	}
	h := sha256.New()
	h.Write([]byte(author.Org + "\x00" + author.Person + "\x00"))
	h.Write(raw)
	h.Sum(p.hash[:0])
	p.when = e.clocks.interval(author.Device, p.commit.At, now)
	return p
}

// prepareHouse makes a commit of changes that the server itself writes.
func (e *Engine) prepareHouse(author Author, changes []wire.Change) (*prepared, error) {
	now := e.clock().UnixMilli()
	p := &prepared{
		author: author,
		commit: wire.Commit{ID: newID(), At: now, Changes: make([]wire.Change, len(changes))},
		raw:    make([]json.RawMessage, len(changes)),
		when:   merge.Interval{From: now, To: now, At: now},
	}
	for i, c := range changes {
		if c.Org == "" {
			c.Org = author.Org
		}
		raw, err := json.Marshal(c)
		if err != nil {
			return nil, err
		}
		p.commit.Changes[i], p.raw[i] = c, raw
		p.size += len(raw)
	}
	all, err := json.Marshal(p.commit)
	if err != nil {
		return nil, err
	}
	p.hash = sha256.Sum256(all)
	return p, nil
}

// newID makes a random UUID (version 4).
func newID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: it would end the program
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return uuid(b)
}

func uuid(b [16]byte) string {
	var out [36]byte
	hex.Encode(out[:8], b[:4])
	hex.Encode(out[9:13], b[4:6])
	hex.Encode(out[14:18], b[6:8])
	hex.Encode(out[19:23], b[8:10])
	hex.Encode(out[24:], b[10:])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}

// again is the receipt of a commit that was not judged.
func again(commit, code string) wire.Receipt {
	return wire.Receipt{Type: wire.TypeReceipt, Commit: commit, Status: wire.Again, Code: code, Sentence: wire.Sentences[code]}
}
