package exchange

import (
	"bokvar/internal/casework"
)

// Proposal says what a list would do. Nothing is written until a person has
// said yes to it.
type Proposal struct {
	ID        string       `json:"id"`
	FileName  string       `json:"fileName"`
	AsOf      int64        `json:"asOf"`  // ms
	Dated     bool         `json:"dated"` // false: the list did not say; AsOf is when it came
	Partial   bool         `json:"partial"`
	Rows      int          `json:"rows"`
	New       []Row        `json:"new"`
	Changed   []ChangedRow `json:"changed"`
	Unchanged int          `json:"unchanged"`
	Same      []Row        `json:"unchangedRows"`
	Gone      []GoneRow    `json:"gone"`
	Rejected  []BadRow     `json:"rejected"`
	Nothing   bool         `json:"nothing"` // taken in already: confirming writes nothing
	Sentence  string       `json:"sentence,omitempty"`

	writes []casework.HouseChange
	gone   map[string]casework.HouseChange // by claim
}

// Row is one month's rent of one contract.
type Row struct {
	Row       int    `json:"row"` // in the file; 0 when it is not in it
	Claim     string `json:"claim"`
	Contract  string `json:"contract"`
	Household string `json:"household"`
	Name      string `json:"name"`
	Street    string `json:"street"` // empty when protected
	DueMonth  string `json:"dueMonth"`
	Capital   int64  `json:"capital"` // öre
	Costs     int64  `json:"costs"`   // öre
	Protected bool   `json:"protected,omitempty"`
	Again     bool   `json:"again,omitempty"` // was paid or removed, and is owed again
}

// ChangedRow is a rent that stands otherwise than before, or whose household does.
type ChangedRow struct {
	Row
	Before Row      `json:"before"`
	Facts  []string `json:"facts"` // fields of the household that change, "person.phone"
}

// GoneRow is a debt that is no longer in the list. Its planned contacts go with
// it when nothing else of the household is owed.
type GoneRow struct {
	Row
	Contacts []Planned `json:"contacts"`
}

// Planned is a contact that would be taken away.
type Planned struct {
	ID     string   `json:"id"`
	At     int64    `json:"at"`
	Form   string   `json:"form"`
	People []string `json:"people"`
}

// BadRow is a row that is not taken in.
type BadRow struct {
	Row    int    `json:"row"`
	Reason string `json:"reason"`
	Code   string `json:"code"`
	Text   string `json:"text"`
}

// Changes lists everything that confirming writes, to be written as one commit:
// only what differs. keep names claims that are gone from the list but stay; by
// and taken (ms) say who took the list in and when. The late_list record gets
// the proposal's id.
func (p *Proposal) Changes(keep []string, by string, taken int64) []casework.HouseChange {
	if p.Nothing {
		return nil
	}
	stay := map[string]bool{}
	for _, claim := range keep {
		stay[claim] = true
	}
	changes := append([]casework.HouseChange(nil), p.writes...)
	for _, g := range p.Gone {
		if !stay[g.Claim] {
			changes = append(changes, p.gone[g.Claim])
		}
	}
	return append(changes, casework.HouseChange{Kind: "late_list", Record: p.ID, Fields: map[string]any{
		"file_name": p.FileName, "as_of": p.AsOf, "taken_at": taken, "taken_by": by, "partial": p.Partial, "counts": p.Counts(keep),
	}})
}

// Counts sums the proposal up, with the claims in keep left out of gone.
func (p *Proposal) Counts(keep []string) casework.Counts {
	stay := map[string]bool{}
	for _, claim := range keep {
		stay[claim] = true
	}
	gone := 0
	for _, g := range p.Gone {
		if !stay[g.Claim] {
			gone++
		}
	}
	return casework.Counts{Rows: p.Rows, New: len(p.New), Changed: len(p.Changed), Unchanged: p.Unchanged, Gone: gone, Rejected: len(p.Rejected)}
}
