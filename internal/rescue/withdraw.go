package rescue

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// outside is a withdrawal as its commit carries it outside the seal: which file or
// case it is of, by their random ids, and nothing that somebody wrote.
type outside struct {
	Org    string                     `json:"g"` // whose it is; "" for the author's own
	Record string                     `json:"r"`
	Fields map[string]json.RawMessage `json:"f"`
}

const maxOutside = 4 // withdrawals of one commit

// withdraw has the withdrawals that the entries carry outside their seals judged at
// once, as what their author wrote, and answers the commits whose withdrawals count
// now. The record is the one that is inside the seal as well, so that opening it
// later, and handing it in again, changes nothing.
func (s *Service) withdraw(author *casework.Member, device string, entries []Entry) (closed []string, err error) {
	closed = []string{}
	for _, e := range entries {
		var at head
		if len(e.Head) > maxHead || json.Unmarshal([]byte(e.Head), &at) != nil || len(at.Outside) == 0 || len(at.Outside) > maxOutside || casework.ValidateID(at.ID) != nil {
			continue
		}
		saved, err := s.submitOutside(server.Author{Person: author.ID, Org: author.Org, Device: device, HandedIn: true}, at)
		if err != nil {
			return nil, err
		}
		if saved {
			closed = append(closed, at.ID)
		}
	}
	return closed, nil
}

func (s *Service) submitOutside(author server.Author, at head) (saved bool, err error) {
	id, err := outsideID(author, at)
	if err != nil {
		return false, err
	}
	c := wire.Commit{ID: id, At: at.Order}
	for _, w := range at.Outside {
		change := wire.Change{Org: w.Org, Kind: "withdrawal", Record: w.Record, Fields: map[string]wire.Set{}}
		for field, value := range w.Fields {
			change.Fields[field] = wire.Set{Value: value}
		}
		c.Changes = append(c.Changes, change)
	}
	for {
		raw, err := json.Marshal(c)
		if err != nil {
			return false, err
		}
		receipt := s.Submit(author, []json.RawMessage{raw})[0]
		switch {
		case receipt.Status == wire.Again:
			return false, fmt.Errorf("the withdrawal in %s could not be judged: %s", at.ID, receipt.Code)
		case receipt.Code == wire.CodeCommitReused && c.ID == id:
			c.ID = uuid.NewString() // somebody has put another commit where this one was to be
		default:
			return receipt.Status == wire.Saved, nil
		}
	}
}

// outsideID is the commit's id: the same however often it is handed in, and under
// whichever rescue key.
func outsideID(author server.Author, at head) (string, error) {
	said, err := json.Marshal(at.Outside)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "withdrawal outside the seal|%s|%s|%s|%s", author.Person, author.Device, at.ID, said))
	return fmt.Sprintf("%x", sum[:16]), nil
}
