package casework

import (
	"time"
	_ "time/tzdata" // so that the calendar is right where the system has no zone files
)

// Zone is where days begin and end.
var Zone = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic("casework: the embedded zone files lack Europe/Stockholm") // cannot happen: they are compiled in
	}
	return zone
}()

// DayOf is the calendar day of an instant (ms since 1970): "2026-11-24".
func DayOf(ms int64) string { return time.UnixMilli(ms).In(Zone).Format(time.DateOnly) }

// DayStart is the first instant of a day, ms since 1970; false when day is not one.
func DayStart(day string) (int64, bool) {
	t, err := time.ParseInLocation(time.DateOnly, day, Zone)
	if err != nil {
		return 0, false
	}
	return t.UnixMilli(), true
}

// AddDays moves a day; what is not a day comes back as it was.
func AddDays(day string, days int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

// DaysBetween counts calendar days from one day to another; false when either is not a day.
func DaysBetween(from, to string) (int, bool) {
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil {
		return 0, false
	}
	return int(b.Sub(a).Hours() / 24), true
}
