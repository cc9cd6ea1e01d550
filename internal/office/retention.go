package office

import (
	"cmp"
	"maps"
	"slices"

	"bokvar/internal/casework"
	"bokvar/internal/consent"
)

// Retention is how many days an organisation keeps each kind of file after it
// has come to an end; 0: it is kept until somebody decides.
type Retention struct {
	Case    int `json:"case"`    // after the last case of the household was closed
	Consent int `json:"consent"` // after a consent was withdrawn, declined or had run out
	Loose   int `json:"loose"`   // after the end of the month: what was refused, lists that waited
}

// Kinds of files that are erased.
const (
	FileCase    = "case"
	FileConsent = "consent"
	FileLoose   = "loose"
)

// Ended is a file that has come to an end, and the day from which it may be erased.
type Ended struct {
	Root  string `json:"root"`
	Kind  string `json:"kind"`
	Since string `json:"since"` // day on which it ended
	Due   string `json:"due"`
	With  string `json:"with"` // alike for all that goes together
}

// Ended lists an organisation's files that have come to an end and have a day on
// which they go, the oldest first. What is due today or before may be erased. A
// household with an open case never is; nor is a withdrawal or a no while anything that
// hangs together with it is in force or waits, and it stands after all that it ended.
func (o *Office) Ended(f casework.Facts, org string, keep Retention) ([]Ended, error) {
	var out []Ended
	if keep.Case > 0 {
		cases, err := o.endedCases(f, org, keep.Case)
		if err != nil {
			return nil, err
		}
		out = append(out, cases...)
	}
	if keep.Consent > 0 {
		consents, err := o.endedConsents(f, org, keep.Consent)
		if err != nil {
			return nil, err
		}
		out = append(out, consents...)
	}
	slices.SortStableFunc(out, func(a, b Ended) int { return cmp.Compare(a.Due, b.Due) })
	return out, nil
}

func (o *Office) endedCases(f casework.Facts, org string, days int) ([]Ended, error) {
	cases, err := f.RecordsOfKind(org, "case")
	if err != nil {
		return nil, err
	}
	roots := map[string]bool{}
	for _, c := range cases {
		roots[c.Root] = true
	}
	var out []Ended
	for _, root := range slices.Sorted(maps.Keys(roots)) {
		units, err := f.RootUnits(org, root)
		if err != nil {
			return nil, err
		}
		if since := endOf(units); since != 0 {
			day := casework.DayOf(since)
			out = append(out, Ended{root, FileCase, day, casework.AddDays(day, days), root})
		}
	}
	return out, nil
}

// endOf is when the last of a household's cases was closed; 0 while one is open.
func endOf(units []casework.RootUnit) (last int64) {
	for _, u := range units {
		if u.Closed == 0 {
			return 0
		}
		last = max(last, u.Closed)
	}
	return last
}

// endedConsents goes by what the judge makes of each file: all that hangs together
// through handles and cases goes on one day, and not while anything of it is in force.
func (o *Office) endedConsents(f casework.Facts, org string, days int) (out []Ended, err error) {
	givings, err := f.RecordsOfKind(org, "giving")
	if err != nil {
		return nil, err
	}
	withdrawals, err := f.RecordsOfKind(org, "withdrawal")
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, record := range append(givings, withdrawals...) {
		if seen[record.ID] {
			continue
		}
		file, err := gatherOf(f, record)
		if err != nil {
			return nil, err
		}
		since := file.ended(o.today())
		for _, id := range file.toErase() {
			seen[id] = true
			if since != "" {
				out = append(out, Ended{id, FileConsent, since, casework.AddDays(since, days), record.ID})
			}
		}
	}
	return out, nil
}

// Together lists what goes with a file that is erased, itself included, in the order in
// which it goes. Of a consent or a withdrawal that is all that hangs together: any part
// that went alone could open again what another one ended.
func (o *Office) Together(f casework.Facts, org, root string) ([]string, error) {
	record, err := f.Record(org, root)
	if err != nil || record == nil || record.Kind != "giving" && record.Kind != "withdrawal" {
		return []string{root}, err
	}
	file, err := gatherOf(f, record)
	if err != nil {
		return nil, err
	}
	return file.toErase(), nil
}

// toErase lists what was given before all that may have closed it: an erasure
// that breaks off leaves nothing open.
func (c *consentFile) toErase() (ids []string) {
	for _, first := range []bool{true, false} {
		for _, g := range c.Givings {
			if (g.Answer == consent.Given) == first {
				ids = append(ids, g.ID)
			}
		}
	}
	for _, closing := range c.Closings {
		ids = append(ids, closing.ID)
	}
	return ids
}

// ended is the day on which the last of a file came to an end, "" while
// something of it is in force or may yet be.
func (c *consentFile) ended(today string) (last string) {
	last, until := c.withdrawn, map[string]string{}
	for _, g := range c.Givings {
		last, until[g.ID] = max(last, g.Day), g.Until
	}
	for _, s := range consent.Judge(c.File, today) {
		switch s.State {
		case consent.IsOpen, consent.IsHeld, consent.IsWaiting:
			return ""
		case consent.IsExpired:
			last = max(last, until[s.Giving])
		}
	}
	return last
}
