package office

import (
	"time"

	"bokvar/internal/casework"
	"bokvar/internal/method"
)

// Month is where the cases of somebody's units stand in the month of the method.
type Month struct {
	Profile string      `json:"profile"`
	Name    method.Text `json:"name"`
	Due     string      `json:"due"` // day on which the newest rent fell due
	Today   string      `json:"today"`
	Day     int         `json:"day"` // calendar days since Due
	Steps   []MonthStep `json:"steps"`
}

// MonthStep is a step of the month with the number of open cases that have
// reached it and not the next.
type MonthStep struct {
	Day   int         `json:"day"`
	ID    string      `json:"id"`
	Title method.Text `json:"title"`
	Count int         `json:"count"`
}

// MonthOf counts the open cases of the member's units by the step that their
// oldest unpaid rent has reached today. Ask access.md before: it tells of case.stage.
func (o *Office) MonthOf(f casework.Facts, m *casework.Member) (Month, error) {
	month := o.emptyMonth()
	cases, err := f.RecordsOfKind(m.Org, "case")
	if err != nil {
		return month, err
	}
	oldest, err := oldestDues(f, m.Org)
	if err != nil {
		return month, err
	}
	for _, c := range cases {
		if text(c.Fields["status"].Value) != "open" || !m.WorksIn(text(c.Fields["unit"].Value)) {
			continue
		}
		reached := o.profile.Stage(oldest[c.ID], month.Today)
		for i := range month.Steps {
			if reached != nil && month.Steps[i].ID == reached.ID {
				month.Steps[i].Count++
			}
		}
	}
	return month, nil
}

// emptyMonth is today's month without its cases: that of the rent that fell due last.
func (o *Office) emptyMonth() Month {
	month := Month{Profile: o.profile.ID, Name: o.profile.Name, Today: o.today(), Steps: []MonthStep{}}
	first := time.UnixMilli(o.now()).In(casework.Zone)
	first = time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, time.UTC)
	for _, of := range []time.Time{first, first.AddDate(0, 1, 0)} {
		if due, ok := method.DueOf(of.Format("2006-01")); ok && due <= month.Today {
			month.Due = due
		}
	}
	month.Day, _ = method.DayOf(month.Due, month.Today)
	for _, step := range o.profile.Steps {
		month.Steps = append(month.Steps, MonthStep{Day: step.Day, ID: step.ID, Title: step.Title})
	}
	return month
}
