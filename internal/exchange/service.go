package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"bokvar/internal/casework"

	"github.com/google/uuid"
)

// keepProposals is how long a proposal waits for its yes. It holds a whole list
// of people, so it does not wait longer than the work needs.
const keepProposals = 7 * 24 * time.Hour

// Service keeps proposals and takes them in. Its methods may be called by the
// coordinators and collections officers of a landlord alone; anyone else gets
// CodeNotAllowed. What a person can put right comes as *Problem; any other
// error is the program's own. Use it by pointer.
type Service struct {
	Imports casework.ImportStore
	Office  casework.Office
	Read    func(func(casework.Facts) error) error // runs f on a snapshot
	Clock   func() time.Time

	confirming sync.Mutex // one confirmation at a time: each is judged against what the last one wrote
}

// Waiting is a proposal that nobody has said yes or no to.
type Waiting struct {
	ID       string          `json:"id"`
	FileName string          `json:"fileName"`
	AsOf     int64           `json:"asOf"`
	Partial  bool            `json:"partial"`
	By       string          `json:"by"`
	Made     int64           `json:"made"`
	Counts   casework.Counts `json:"counts"`
}

// Result of a confirmation.
type Result struct {
	LateList string `json:"late_list"` // id of its record; empty when nothing was written
	casework.Counts
	Nothing  bool   `json:"nothing"`
	Sentence string `json:"sentence"`
}

// stored is a proposal at rest: what the person was shown, and the list to
// compare again with.
type stored struct {
	Proposal *Proposal `json:"proposal"`
	List     *List     `json:"list"`
	By       string    `json:"by"`
	Made     int64     `json:"made"`
}

// Propose reads a file and keeps what it would do. Nothing else is written.
// partial: the file does not hold everyone who is late.
func (s *Service) Propose(m casework.Member, fileName string, file io.Reader, partial bool) (*Proposal, error) {
	if err := allowed(m); err != nil {
		return nil, err
	}
	data, err := readFile(file)
	if err != nil {
		return nil, err
	}
	now := s.Clock()
	list, problem := Parse(fileName, data, now)
	if problem != nil {
		return nil, problem
	}
	kept := &stored{List: list, By: m.ID, Made: now.UnixMilli()}
	if kept.Proposal, err = s.compare(m, list, uuid.NewString(), partial); err != nil {
		return nil, err
	}
	if err := s.put(m.Org, kept); err != nil {
		return nil, err
	}
	return kept.Proposal, s.dropOld(m.Org, now)
}

// Get returns a proposal as it was shown; CodeNotFound when there is none.
func (s *Service) Get(m casework.Member, id string) (*Proposal, error) {
	kept, err := s.find(m, id)
	if err != nil {
		return nil, err
	}
	return kept.Proposal, nil
}

// List returns what waits for a yes in the member's organisation, the newest first.
func (s *Service) List(m casework.Member) ([]Waiting, error) {
	if err := allowed(m); err != nil {
		return nil, err
	}
	ids, err := s.Imports.Proposals(m.Org)
	if err != nil {
		return nil, fmt.Errorf("exchange: listing proposals: %w", err)
	}
	list := []Waiting{}
	for _, id := range ids {
		kept, err := s.load(m.Org, id)
		if err != nil {
			return nil, err
		}
		if kept != nil {
			list = append(list, Waiting{
				ID: id, FileName: kept.Proposal.FileName, AsOf: kept.Proposal.AsOf, Partial: kept.Proposal.Partial,
				By: kept.By, Made: kept.Made, Counts: kept.Proposal.Counts(nil),
			})
		}
	}
	slices.SortFunc(list, func(a, b Waiting) int { return int(b.Made - a.Made) })
	return list, nil
}

// Confirm takes a proposal in, as one commit. keep names claims that are gone
// from the list but stay. When something has changed since the proposal was
// shown, nothing is written: the problem is CodeStale and carries what the list
// would do now, which a second Confirm of the same id takes in.
func (s *Service) Confirm(m casework.Member, id string, keep []string) (*Result, error) {
	s.confirming.Lock()
	defer s.confirming.Unlock()
	kept, err := s.find(m, id)
	if err != nil {
		return nil, err
	}
	fresh, err := s.compare(m, kept.List, id, kept.Proposal.Partial)
	if err != nil {
		return nil, err
	}
	if !alike(fresh, kept.Proposal) {
		kept.Proposal = fresh
		if err := s.put(m.Org, kept); err != nil {
			return nil, err
		}
		return nil, &Problem{Code: CodeStale, Proposal: fresh, Sentence: "Något har ändrats sedan du öppnade listan. Inget är sparat än. Titta igenom den igen och ta in den."}
	}
	changes := fresh.Changes(keep, m.ID, s.Clock().UnixMilli())
	result := &Result{Counts: fresh.Counts(keep), Nothing: fresh.Nothing, Sentence: fresh.Sentence}
	if len(changes) > 0 {
		if err := s.Office.Write(m.Org, m.ID, changes); err != nil {
			return nil, fmt.Errorf("exchange: taking a list in: %w", err)
		}
		result.LateList = fresh.ID
		result.Sentence = fmt.Sprintf("Listan är inläst. %d rader togs in, %d lämnades utanför.", result.Rows-result.Rejected, result.Rejected)
	}
	if err := s.Imports.DropProposal(id, m.Org); err != nil {
		return nil, fmt.Errorf("exchange: dropping a proposal: %w", err)
	}
	return result, nil
}

// Drop throws a proposal away; CodeNotFound when there is none.
func (s *Service) Drop(m casework.Member, id string) error {
	if _, err := s.find(m, id); err != nil {
		return err
	}
	if err := s.Imports.DropProposal(id, m.Org); err != nil {
		return fmt.Errorf("exchange: dropping a proposal: %w", err)
	}
	return nil
}

// RejectedFile is the proposal's rejected rows as CSV, to be put right and
// brought again.
func (s *Service) RejectedFile(m casework.Member, id string) ([]byte, error) {
	kept, err := s.find(m, id)
	if err != nil {
		return nil, err
	}
	return RejectedCSV(kept.List, kept.Proposal), nil
}

func (s *Service) compare(m casework.Member, list *List, id string, partial bool) (*Proposal, error) {
	var has *Holdings
	err := s.Read(func(facts casework.Facts) (err error) {
		has, err = ReadHoldings(facts, m.Org)
		return err
	})
	if err != nil {
		return nil, err
	}
	today := s.Clock().In(casework.Zone).Format(time.DateOnly)
	p, problem := Compare(list, has, Options{ID: id, Units: m.Units, Partial: partial, Today: today})
	if problem != nil {
		return nil, problem
	}
	return p, nil
}

func (s *Service) find(m casework.Member, id string) (*stored, error) {
	if err := allowed(m); err != nil {
		return nil, err
	}
	kept, err := s.load(m.Org, id)
	if err == nil && kept == nil {
		return nil, &Problem{Code: CodeNotFound, Sentence: "Listan väntar inte längre. Den är redan inläst eller borttagen."}
	}
	return kept, err
}

func (s *Service) load(org, id string) (*stored, error) {
	body, err := s.Imports.Proposal(id, org)
	if err != nil || body == nil {
		return nil, err
	}
	kept := &stored{}
	if err := json.Unmarshal(body, kept); err != nil || kept.Proposal == nil || kept.List == nil {
		return nil, fmt.Errorf("exchange: proposal %s cannot be read: %w", id, err)
	}
	return kept, nil
}

func (s *Service) put(org string, kept *stored) error {
	body, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("exchange: keeping a proposal: %w", err)
	}
	if err := s.Imports.PutProposal(kept.Proposal.ID, org, kept.By, time.UnixMilli(kept.Made), body); err != nil {
		return fmt.Errorf("exchange: keeping a proposal: %w", err)
	}
	return nil
}

// dropOld forgets proposals that nobody answered.
func (s *Service) dropOld(org string, now time.Time) error {
	ids, err := s.Imports.Proposals(org)
	if err != nil {
		return fmt.Errorf("exchange: listing proposals: %w", err)
	}
	for _, id := range ids {
		kept, err := s.load(org, id)
		if err != nil || kept == nil || now.Sub(time.UnixMilli(kept.Made)) < keepProposals {
			continue
		}
		if err := s.Imports.DropProposal(id, org); err != nil {
			return fmt.Errorf("exchange: dropping a proposal: %w", err)
		}
	}
	return nil
}

// alike says whether two proposals show a person the same.
func alike(a, b *Proposal) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func allowed(m casework.Member) error {
	if !m.Active || len(m.Units) == 0 || m.Role != casework.Coordinator && m.Role != casework.Collections {
		return &Problem{Code: CodeNotAllowed, Sentence: "Listor tas in av samordnare och kravhandläggare hos hyresvärden."}
	}
	return nil
}

// readFile reads at most MaxFile. Of a larger file it only counts the bytes, to say how large it is.
func readFile(file io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(file, MaxFile+1))
	if err == nil && len(data) > MaxFile {
		var more int64
		if more, err = io.Copy(io.Discard, io.LimitReader(file, 1<<30)); err == nil {
			return nil, TooBig(int64(len(data)) + more)
		}
	}
	if err != nil {
		return nil, &Problem{Code: CodeUnreadable, Sentence: "Filen kom inte fram hel. Försök igen."}
	}
	return data, nil
}
