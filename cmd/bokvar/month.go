package main

import (
	"encoding/json"

	"bokvar/internal/casework"
	"bokvar/internal/office"
	"bokvar/sync/server"
)

// month answers for the units of the one who asks.
func (o *core) month(by *casework.Member) (any, error) {
	var month office.Month
	err := o.db.Facts(func(f casework.Facts) (err error) {
		month, err = o.office.MonthOf(f, by)
		return err
	})
	return month, err
}

// word reads a field that holds text; "" when it is missing or holds something else.
func word(r *server.State, field string) string {
	var s string
	if json.Unmarshal(r.Fields[field].Value, &s) != nil {
		return ""
	}
	return s
}
