package office

import (
	"cmp"
	"slices"

	"bokvar/internal/casework"
	"bokvar/sync/server"
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
}

// Ended lists an organisation's files that have come to an end and have a day on
// which they go, the oldest first. What is due today or before may be erased. A
// household with an open case never is; nor is a withdrawal before the givings
// that it ended.
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
	slices.SortFunc(out, func(a, b Ended) int { return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Root, b.Root)) })
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
	for root := range roots {
		units, err := f.RootUnits(org, root)
		if err != nil {
			return nil, err
		}
		if since := endOf(units); since != 0 {
			day := casework.DayOf(since)
			out = append(out, Ended{root, FileCase, day, casework.AddDays(day, days)})
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

// endedConsents goes by the landlord's handle, which ties givings to the
// withdrawals that ended them: all that has one handle goes together.
func (o *Office) endedConsents(f casework.Facts, org string, days int) ([]Ended, error) {
	givings, err := f.RecordsOfKind(org, "giving")
	if err != nil {
		return nil, err
	}
	withdrawals, err := f.RecordsOfKind(org, "withdrawal")
	if err != nil {
		return nil, err
	}
	withdrawn := map[string]string{} // handle, day of the last withdrawal
	for _, w := range withdrawals {
		handle := text(w.Fields["handle"].Value)
		withdrawn[handle] = max(withdrawn[handle], casework.DayOf(number(w.Fields["at"].Value)))
	}
	end := map[string]string{} // handle, day on which all of it had ended; "": it has not
	for _, g := range givings {
		handle := text(g.Fields["handle"].Value)
		day := endOfGiving(g, withdrawn[handle], o.today())
		if before, known := end[handle]; known && (before == "" || day == "") {
			day = ""
		} else {
			day = max(day, before)
		}
		end[handle] = day
	}
	var out []Ended
	for _, record := range append(givings, withdrawals...) {
		handle := text(record.Fields["handle"].Value)
		since, known := end[handle]
		if !known { // a withdrawal of what is not here any more, or has not come yet
			since = withdrawn[handle]
		}
		if since != "" {
			out = append(out, Ended{record.ID, FileConsent, since, casework.AddDays(since, days)})
		}
	}
	return out, nil
}

// endOfGiving is the day on which a giving came to an end, "" while it has not.
func endOfGiving(g *server.State, withdrawn, today string) string {
	day, until := text(g.Fields["day"].Value), text(g.Fields["valid_until"].Value)
	switch {
	case withdrawn != "":
		return max(day, withdrawn)
	case text(g.Fields["answer"].Value) != "given":
		return day
	case until != "" && until < today:
		return until
	}
	return ""
}
