package device_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"bokvar/sync/device"
	"bokvar/sync/server/servertest"
	"bokvar/sync/wire"
)

// story is one file of sync/testdata/overlay; the app's tests run them as well.
type story struct {
	Rule   string `json:"rule"`
	Story  string `json:"story"`
	Org    string `json:"org"`
	Device string `json:"device"`
	Steps  []step `json:"steps"`
}

type step struct {
	Do      string          `json:"do"`
	Welcome *wire.Welcome   `json:"welcome"`
	Page    *wire.Page      `json:"page"`
	Applied bool            `json:"applied"` // what the device says to the page
	Receipt *wire.Receipt   `json:"receipt"`
	Commit  string          `json:"commit"` // write: its id
	At      int64           `json:"at"`
	Edits   []device.Edit   `json:"edits"`
	Sends   json.RawMessage `json:"sends"` // what goes to the server
	Records []*device.View  `json:"records"`
	Cursor  int64           `json:"cursor"`
	Unsent  []string        `json:"unsent"`
	Trouble []string        `json:"trouble"`
}

// TestD1_OverlayVectors plays the stories; the rule of each stands in its file.
func TestD1_OverlayVectors(t *testing.T) {
	rules := map[string]bool{}
	for name, s := range servertest.Vectors[story](t, "../testdata/overlay") {
		rules[s.Rule] = true
		t.Run(s.Rule+"_"+name, func(t *testing.T) {
			d := device.New(s.Device, s.Org)
			for i, step := range s.Steps {
				d = play(t, i, d, step)
			}
		})
	}
	for _, rule := range []string{"D1", "D2", "D3", "D4", "D5", "D6", "D7"} {
		if !rules[rule] {
			t.Errorf("no story tells of %s", rule)
		}
	}
}

func play(t *testing.T, i int, d *device.Device, s step) *device.Device {
	t.Helper()
	switch s.Do {
	case "welcome":
		d.Welcome(*s.Welcome, 2000)
	case "page":
		if applied, err := d.Page(*s.Page); err != nil || applied != s.Applied {
			t.Errorf("step %d: the page was applied: %v (%v)", i, applied, err)
		}
	case "receipt":
		d.Receipt(*s.Receipt, 2000)
	case "restart":
		raw, err := d.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		if d, err = device.Restore(raw); err != nil {
			t.Fatal(err)
		}
	case "write":
		e, err := d.Write(s.Commit, s.At, s.Edits...)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := plain(t, e.Raw), plain(t, s.Sends); !reflect.DeepEqual(got, want) {
			t.Errorf("step %d: sends %s, want %s", i, e.Raw, s.Sends)
		}
		if _, code := wire.DecodeCommit(e.Raw); code != "" {
			t.Errorf("step %d: what is sent is %s: %s", i, code, e.Raw)
		}
	case "see":
		see(t, i, d, s)
	default:
		t.Fatalf("step %d does %q", i, s.Do)
	}
	return d
}

func see(t *testing.T, i int, d *device.Device, s step) {
	t.Helper()
	views := d.Views()
	if views == nil {
		views = []*device.View{}
	}
	if got, want := plain(t, raw(t, views)), plain(t, raw(t, s.Records)); !reflect.DeepEqual(got, want) {
		t.Errorf("step %d: shows %s, want %s", i, raw(t, views), raw(t, s.Records))
	}
	if d.Cursor() != s.Cursor {
		t.Errorf("step %d: cursor %d, want %d", i, d.Cursor(), s.Cursor)
	}
	if got := ids(d.Unsent()); !reflect.DeepEqual(got, s.Unsent) {
		t.Errorf("step %d: unsent %v, want %v", i, got, s.Unsent)
	}
	if got := ids(d.Trouble()); !reflect.DeepEqual(got, s.Trouble) {
		t.Errorf("step %d: in the tray %v, want %v", i, got, s.Trouble)
	}
}

func ids(entries []*device.Entry) []string {
	out := []string{}
	for _, e := range entries {
		out = append(out, e.ID)
	}
	return out
}

func raw(t *testing.T, v any) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func plain(t *testing.T, raw json.RawMessage) (v any) {
	t.Helper()
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return v
}

func TestD4_TheSameBytesAreSentEveryTime(t *testing.T) {
	d := device.New("d1", "o")
	for _, id := range []string{"c1", "c2"} {
		if _, err := d.Write(id, 1, device.Edit{Kind: "note", Record: "n-" + id, Fields: map[string]json.RawMessage{"text": raw(t, "x"), "at": raw(t, 5)}}); err != nil {
			t.Fatal(err)
		}
	}
	first := string(raw(t, d.Commits()))
	snapshot, err := d.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	restarted, err := device.Restore(snapshot)
	if err != nil {
		t.Fatal(err)
	}
	if again := string(raw(t, restarted.Commits())); again != first {
		t.Errorf("sent\n%s, after a restart\n%s", first, again)
	}
	if h := restarted.Hello(77); h.Unsent != 2 || h.Clock != 77 || h.Device != "d1" || h.Versions[0] != wire.Version {
		t.Errorf("hello %+v", h)
	}
}

func TestD8_AcknowledgedCommitsAreKeptForTwoWeeks(t *testing.T) {
	d := device.New("d1", "o")
	write := func(id string, status wire.Status, at time.Duration) {
		t.Helper()
		if _, err := d.Write(id, 1, device.Edit{Kind: "note", Record: "n-" + id, Fields: map[string]json.RawMessage{"text": raw(t, "x")}}); err != nil {
			t.Fatal(err)
		}
		d.Receipt(wire.Receipt{Type: wire.TypeReceipt, Commit: id, Status: status}, at.Milliseconds())
	}
	write("saved", wire.Saved, 0)
	write("held", wire.Held, 0)
	write("late", wire.Saved, device.KeepAcknowledged)
	if got := ids(d.Entries()); len(got) != 3 {
		t.Errorf("after two weeks %v are kept", got)
	}
	write("later", wire.Saved, device.KeepAcknowledged+time.Millisecond)
	if got := ids(d.Entries()); !reflect.DeepEqual(got, []string{"held", "late", "later"}) {
		t.Errorf("after more than two weeks %v are kept", got)
	}
	d.Drop("held")
	if len(d.Trouble()) != 0 {
		t.Error("what was dropped is still in the tray")
	}
}

func TestD6_APageThatCannotBeReadChangesNothing(t *testing.T) {
	d := device.New("d1", "o")
	_, err := d.Page(wire.Page{Cursor: 5, Records: []json.RawMessage{[]byte(`{"org":"o","id":"a","kind":"note"}`), []byte(`5`)}})
	if err == nil || d.Cursor() != 0 || len(d.Views()) != 0 {
		t.Errorf("error %v, cursor %d, %d records", err, d.Cursor(), len(d.Views()))
	}
}
