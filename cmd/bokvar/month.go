package main

import (
	"encoding/json"
	"time"

	"bokvar/internal/casework"
	"bokvar/internal/method"
	"bokvar/sync/server"
)

// month is where the organisation's open cases are in the month of its method.
type month struct {
	Profile string      `json:"profile"`
	Name    method.Text `json:"name"`
	Due     string      `json:"due"` // the rent's day that this month counts from
	Today   string      `json:"today"`
	Day     int         `json:"day"`
	Steps   []monthStep `json:"steps"`
}

type monthStep struct {
	Day   int         `json:"day"`
	ID    string      `json:"id"`
	Title method.Text `json:"title"`
	Count int         `json:"count"` // open cases of the asker's units that stand here
}

// month answers for the units of the one who asks.
func (o *core) month(by *casework.Member) (any, error) {
	today := casework.DayOf(o.clock().UnixMilli())
	m := month{Profile: o.profile.ID, Name: o.profile.Name, Due: lastDue(today), Today: today}
	m.Day, _ = method.DayOf(m.Due, today)
	counts := map[string]int{}
	err := o.db.Facts(func(f casework.Facts) error {
		dues, err := oldestDues(f, by)
		for _, due := range dues {
			if step := o.profile.Stage(due, today); step != nil {
				counts[step.ID]++
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, step := range o.profile.Steps {
		m.Steps = append(m.Steps, monthStep{step.Day, step.ID, step.Title, counts[step.ID]})
	}
	return m, nil
}

// oldestDues is, for each open case of the member's units, the day on which its
// oldest unpaid rent fell due.
func oldestDues(f casework.Facts, by *casework.Member) (map[string]string, error) {
	cases, err := f.RecordsOfKind(by.Org, "case")
	if err != nil {
		return nil, err
	}
	open := map[string]bool{}
	for _, c := range cases {
		open[c.ID] = word(c, "status") == "open" && by.WorksIn(word(c, "unit"))
	}
	claims, err := f.RecordsOfKind(by.Org, "claim")
	if err != nil {
		return nil, err
	}
	dues := map[string]string{}
	for _, claim := range claims {
		id, due := word(claim, "case"), word(claim, "due")
		if !open[id] || word(claim, "state") != "open" || due == "" {
			continue
		}
		if oldest, known := dues[id]; !known || due < oldest {
			dues[id] = due
		}
	}
	return dues, nil
}

// lastDue is the last day on which rent fell due, today included.
func lastDue(today string) string {
	t, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return ""
	}
	first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	if next, ok := method.DueOf(first.AddDate(0, 1, 0).Format("2006-01")); ok && next <= today {
		return next
	}
	due, _ := method.DueOf(first.Format("2006-01"))
	return due
}

// word reads a field that holds text; "" when it is missing or holds something else.
func word(r *server.State, field string) string {
	var s string
	if json.Unmarshal(r.Fields[field].Value, &s) != nil {
		return ""
	}
	return s
}
