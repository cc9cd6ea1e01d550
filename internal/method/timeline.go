package method

import "time"

// DayOf counts calendar days from the due date to today; false when either is
// not a day. Days are written "2026-11-24".
func DayOf(due, today string) (int, bool) {
	from, errFrom := time.Parse(time.DateOnly, due)
	to, errTo := time.Parse(time.DateOnly, today)
	if errFrom != nil || errTo != nil {
		return 0, false
	}
	return int(to.Sub(from).Hours() / 24), true
}

// Stage is the step that the day has reached; nil before the first.
func (p *Profile) Stage(due, today string) *Step {
	day, ok := DayOf(due, today)
	if !ok {
		return nil
	}
	var reached *Step
	for i := range p.Steps {
		if p.Steps[i].Day <= day {
			reached = &p.Steps[i]
		}
	}
	return reached
}

// NextStep is the step that comes after today, and its day; nil after the last.
func (p *Profile) NextStep(due, today string) (*Step, string) {
	day, ok := DayOf(due, today)
	if !ok {
		return nil, ""
	}
	for i := range p.Steps {
		if p.Steps[i].Day > day {
			from, err := time.Parse(time.DateOnly, due)
			if err != nil {
				return nil, ""
			}
			return &p.Steps[i], from.AddDate(0, 0, p.Steps[i].Day).Format(time.DateOnly)
		}
	}
	return nil, ""
}

// DueOf is the day on which the rent of a month ("2026-11") falls due: the last
// weekday before the month begins. False when it is not a month.
func DueOf(month string) (string, bool) {
	first, err := time.Parse("2006-01", month)
	if err != nil {
		return "", false
	}
	due := first.AddDate(0, 0, -1)
	for due.Weekday() == time.Saturday || due.Weekday() == time.Sunday {
		due = due.AddDate(0, 0, -1)
	}
	return due.Format(time.DateOnly), true
}
