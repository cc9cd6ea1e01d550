package device_test

import (
	"encoding/json"
	"testing"

	"bokvar/sync/device"
	"bokvar/sync/wire"
)

// FuzzRestore: whatever lies where a device keeps things, it opens or says that it
// does not; what opens can be kept again, and asked for everything.
func FuzzRestore(f *testing.F) {
	d := device.New("d1", "o")
	if _, err := d.Write("c1", 1, device.Edit{Kind: "note", Record: "n", Fields: map[string]json.RawMessage{"text": []byte(`"x"`)}}); err != nil {
		f.Fatal(err)
	}
	snapshot, err := d.Snapshot()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(snapshot)
	f.Add([]byte(`{"Cursor":-5,"Records":[null],"Entries":[null,{"Changes":[{}],"Made":[]}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := device.Restore(raw)
		if err != nil {
			return
		}
		d.Views()
		d.Check()
		d.Commits()
		d.Welcome(wire.Welcome{Generation: "another"}, 1)
		if d.Cursor() != 0 && d.Hello(1).Generation == "" {
			t.Fatal("a cursor of no generation")
		}
		if _, err := d.Snapshot(); err != nil {
			t.Fatal(err)
		}
	})
}
