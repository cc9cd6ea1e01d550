package live

import (
	"encoding/json"
	"testing"

	"bokvar/sync/server"
)

// A delivery that brings no records (they were too many to come along) must never
// move the device's cursor past them: it fetches pages.
func TestDeliveryWithoutRecordsIsFetched(t *testing.T) {
	p := pages{}
	p.begin(0)
	p.behind = false // caught up
	if p.direct(&server.Delivery{Person: "jonna", From: 0, To: 1430}, 0) {
		t.Error("sent as an empty page: 1,430 rows would never arrive")
	}
	if !p.wanted() || p.sent != 0 {
		t.Errorf("nothing is fetched; the device stands at %d", p.sent)
	}
	q := pages{}
	q.begin(0)
	q.behind = false
	if !q.direct(&server.Delivery{Person: "jonna", From: 0, To: 1, Records: []json.RawMessage{[]byte(`{}`)}}, 2) {
		t.Error("one record with its delivery was not sent at once")
	}
}
