package device_test

import (
	"encoding/json"
	"reflect"
	"slices"
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
	Checked *wire.Checked   `json:"checked"`
	Renews  bool            `json:"renews"` // whether the device fetches everything anew
	Have    int64           `json:"have"`   // how far it has fetched then
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
	for _, rule := range []string{"D1", "D2", "D3", "D4", "D5", "D6", "D7", "D9"} {
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
	case "checked":
		if renews := d.Checked(*s.Checked); renews != s.Renews || d.Have().Cursor != s.Have {
			t.Errorf("step %d: fetches anew: %v, from %d", i, renews, d.Have().Cursor)
		}
	case "put_away":
		d.PutAway(s.Commit)
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
	if h := restarted.Hello(77); h.Unsent != 2 || h.Clock != 77 || h.Device != "d1" || !slices.Equal(h.Versions, wire.Versions) {
		t.Errorf("hello %+v", h)
	}
}

func TestD8_AcknowledgedCommitsAreKeptForTwoWeeks(t *testing.T) {
	d := device.New("d1", "o")
	write := func(id string, status wire.Status, code string, at time.Duration) {
		t.Helper()
		if _, err := d.Write(id, 1, device.Edit{Kind: "note", Record: "n-" + id, Fields: map[string]json.RawMessage{"text": raw(t, "x")}}); err != nil {
			t.Fatal(err)
		}
		d.Receipt(wire.Receipt{Type: wire.TypeReceipt, Commit: id, Status: status, Code: code}, at.Milliseconds())
	}
	write("saved", wire.Saved, "", 0)
	write("handed on", wire.Held, wire.CodeScopeEnded, 0)
	write("untold", wire.Held, wire.CodePredecessor, 0)
	write("put away", wire.Held, wire.CodeServerTooOld, 0)
	write("refused", wire.Refused, wire.CodeLocked, 0)
	d.PutAway("put away")
	d.PutAway("refused")
	if got := ids(d.Trouble()); !reflect.DeepEqual(got, []string{"handed on", "untold", "refused"}) {
		t.Errorf("in the tray are %v", got)
	}
	write("late", wire.Saved, "", device.KeepAcknowledged)
	if got := ids(d.Entries()); len(got) != 6 {
		t.Errorf("after two weeks %v are kept", got)
	}
	write("later", wire.Saved, "", device.KeepAcknowledged+time.Millisecond)
	if got := ids(d.Entries()); !reflect.DeepEqual(got, []string{"untold", "refused", "late", "later"}) {
		t.Errorf("after more than two weeks %v are kept", got)
	}
	d.Drop("refused")
	if got := ids(d.Trouble()); !reflect.DeepEqual(got, []string{"untold"}) {
		t.Errorf("when one was dropped, in the tray are %v", got)
	}
}

func TestD6_APageThatCannotBeReadChangesNothing(t *testing.T) {
	d := device.New("d1", "o")
	_, err := d.Page(wire.Page{Cursor: 5, Records: []json.RawMessage{[]byte(`{"org":"o","id":"a","kind":"note"}`), []byte(`5`)}})
	if err == nil || d.Cursor() != 0 || len(d.Views()) != 0 {
		t.Errorf("error %v, cursor %d, %d records", err, d.Cursor(), len(d.Views()))
	}
}

func record(t *testing.T, id, text string) json.RawMessage {
	return raw(t, wire.Record{Org: "o", ID: id, Kind: "note", Fields: map[string]json.RawMessage{"text": raw(t, text)}, Versions: map[string]int64{"text": 1}})
}

func page(t *testing.T, d *device.Device, p wire.Page) {
	t.Helper()
	if applied, err := d.Page(p); err != nil || !applied {
		t.Fatalf("applied %v, %v: %+v", applied, err, p)
	}
}

func TestD9_ADeviceThatDiffersFetchesAnewAndShowsAllItHasMeanwhile(t *testing.T) {
	d := device.New("d1", "o")
	page(t, d, wire.Page{Cursor: 3, Records: []json.RawMessage{record(t, "a", "old"), record(t, "ghost", "x")}})
	before := d.Check()
	if before.Cursor != 3 || before.Count != 2 || before.Kinds["note"].Sum != before.Sum {
		t.Fatalf("the check is %+v", before)
	}
	for _, c := range []wire.Checked{{Cursor: 3, Result: wire.Equal}, {Cursor: 3, Result: wire.Later}, {Cursor: 2, Result: wire.Different}, {Cursor: 3, Result: "of a newer version"}} {
		if d.Checked(c) || d.Have().Cursor != 3 {
			t.Fatalf("%+v begins a new fetch", c)
		}
	}
	if !d.Checked(wire.Checked{Cursor: 3, Result: wire.Different}) || d.Hello(1).Cursor != 0 {
		t.Fatal("a difference does not begin a new fetch")
	}
	if applied, _ := d.Page(wire.Page{From: 3, Cursor: 4}); applied {
		t.Error("a page that follows what is fetched anew was applied")
	}
	page(t, d, wire.Page{Cursor: 1, Waiting: 1, Records: []json.RawMessage{record(t, "a", "new")}})
	if d.Cursor() != 3 || len(d.Views()) != 2 {
		t.Errorf("in the middle: cursor %d, %d records", d.Cursor(), len(d.Views()))
	}
	page(t, d, wire.Page{From: 1, Cursor: 4, Records: []json.RawMessage{record(t, "b", "y")}})
	if d.View(device.Key{Org: "o", ID: "ghost"}) != nil || len(d.Views()) != 2 || d.Have().Cursor != 4 {
		t.Errorf("in the end: %d records, have %d", len(d.Views()), d.Have().Cursor)
	}
}

func TestD9_AnotherGenerationEndsTheFetch(t *testing.T) {
	d := device.New("d1", "o")
	d.Welcome(wire.Welcome{Generation: "g1"}, 0)
	page(t, d, wire.Page{Cursor: 3, Records: []json.RawMessage{record(t, "a", "old")}})
	d.Checked(wire.Checked{Cursor: 3, Result: wire.Different})
	page(t, d, wire.Page{Cursor: 2, Waiting: 1, Records: []json.RawMessage{record(t, "a", "old")}})
	d.Welcome(wire.Welcome{Generation: "g2"}, 0)
	page(t, d, wire.Page{Cursor: 1, Records: []json.RawMessage{record(t, "b", "new")}})
	if len(d.Views()) != 1 || d.Cursor() != 1 || d.Have().Cursor != 1 {
		t.Errorf("%d records, cursor %d, have %d", len(d.Views()), d.Cursor(), d.Have().Cursor)
	}
}

func TestD7_ADeviceThatHasLostItsRecordsStillKnowsWhoAcknowledged(t *testing.T) {
	d := device.New("d1", "o")
	d.Welcome(wire.Welcome{Generation: "g1"}, 0)
	if _, err := d.Write("c1", 1, device.Edit{Kind: "note", Record: "n", Fields: map[string]json.RawMessage{"text": raw(t, "x")}}); err != nil {
		t.Fatal(err)
	}
	d.Receipt(wire.Receipt{Commit: "c1", Status: wire.Saved, Cursor: 9}, 1)
	snapshot, err := d.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	var kept map[string]json.RawMessage
	if err := json.Unmarshal(snapshot, &kept); err != nil {
		t.Fatal(err)
	}
	kept["Records"], kept["Cursor"], kept["Generation"] = raw(t, nil), raw(t, 0), raw(t, "") // the browser has evicted the copy; the journal is there
	for generation, want := range map[string]int{"g1": 0, "g2": 1} {
		d, err := device.Restore(raw(t, kept))
		if err != nil {
			t.Fatal(err)
		}
		if d.Welcome(wire.Welcome{Generation: generation}, 2); len(d.Unsent()) != want {
			t.Errorf("%s: %d commits go again, want %d", generation, len(d.Unsent()), want)
		}
	}
}

func TestD8_WhatAKeptCommitBuildsOnIsKeptWithIt(t *testing.T) {
	d := device.New("d1", "o")
	for i, id := range []string{"a", "b", "c", "alone"} {
		record := "n"
		if id == "alone" {
			record = "other"
		}
		if _, err := d.Write(id, int64(i), device.Edit{Kind: "note", Record: record, Fields: map[string]json.RawMessage{"text": raw(t, id)}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []string{"a", "b", "alone"} {
		d.Receipt(wire.Receipt{Commit: id, Status: wire.Saved}, 0)
	}
	d.Receipt(wire.Receipt{Commit: "c", Status: wire.Held}, 2*device.KeepAcknowledged.Milliseconds())
	if got := ids(d.Entries()); !reflect.DeepEqual(got, []string{"a", "b", "c"}) {
		t.Errorf("%v are kept", got)
	}
	d.Drop("c")
	d.Receipt(wire.Receipt{Commit: "none"}, 0)
	d.Welcome(wire.Welcome{Generation: "g"}, 2*device.KeepAcknowledged.Milliseconds())
	if got := ids(d.Entries()); len(got) != 0 {
		t.Errorf("afterwards %v are kept", got)
	}
}

func TestW2_WhatADeviceDoesNotKnowItKeepsAndReturnsUntouched(t *testing.T) {
	d := device.New("d1", "o")
	const unknown = `{"org":"o","id":"x","kind":"drawing","f":{"lines":[[1,2]],"mood":{"a":null}},"n":{"lines":1,"mood":7}}`
	page(t, d, wire.Page{Cursor: 1, Records: []json.RawMessage{[]byte(unknown)}})
	e, err := d.Write("c", 1, device.Edit{Kind: "drawing", Record: "x", Fields: map[string]json.RawMessage{"title": raw(t, "hus")}})
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Changes[0].Fields) != 1 {
		t.Errorf("it sends %s", e.Raw)
	}
	v := d.View(device.Key{Org: "o", ID: "x"})
	if string(v.Fields["lines"]) != `[[1,2]]` || string(v.Fields["mood"]) != `{"a":null}` || v.Versions["mood"] != 7 {
		t.Errorf("it shows %s", v.Fields)
	}
}
