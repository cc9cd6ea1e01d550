package alert

import (
	"encoding/json"
	"time"

	"bokvar/sync/server"
)

// FromRecord reads an alert record.
func FromRecord(r *server.State) Alert {
	a := Alert{ID: r.ID, Org: r.Org}
	read(r, "case", &a.Case)
	read(r, "people", &a.People)
	var raised int64
	read(r, "raised", &raised)
	a.Raised = time.UnixMilli(raised)
	var seen json.RawMessage
	read(r, "seen", &seen)
	a.Seen = len(seen) > 0 && string(seen) != "null"
	return a
}

// read leaves v as it is when the field is missing or of another shape, which
// the schema rules out.
func read(r *server.State, field string, v any) {
	if f, ok := r.Fields[field]; ok {
		_ = json.Unmarshal(f.Value, v)
	}
}
