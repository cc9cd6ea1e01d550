package device_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"bokvar/sync/device"
	"bokvar/sync/wire"
)

// through is a page of one record, as seen through a room.
func through(id, room string, from, cursor int64) wire.Page {
	return wire.Page{Type: wire.TypePage, From: from, Cursor: cursor,
		Records: []json.RawMessage{json.RawMessage(fmt.Sprintf(`{"org":"other","id":%q,"kind":"note","room":%q,"f":{"text":"x"},"n":{"text":1}}`, id, room))}}
}

func TestD10_WhatCameThroughARoomThatIsShutIsForgottenAndNotTakenLate(t *testing.T) {
	d := device.New("phone", "org")
	d.Welcome(wire.Welcome{Generation: "g1"}, 0)
	take := func(p wire.Page, want ...string) {
		t.Helper()
		if applied, err := d.Page(p); !applied || err != nil {
			t.Fatal(applied, err)
		}
		has(t, d, want...)
	}
	take(through("a", "r.0", 0, 1), "a")
	take(through("b", "q.0", 1, 2), "a", "b")
	d.Shut(wire.Shut{Type: wire.TypeShut, Room: "r.1"})
	has(t, d, "b")
	take(through("c", "r.0", 2, 3), "b") // was on its way
	take(through("a", "r.1", 3, 4), "a", "b")
	d.Shut(wire.Shut{Type: wire.TypeShut, Room: "r.1"}) // twice is once
	has(t, d, "a", "b")
	d.Welcome(wire.Welcome{Generation: "g1", Shut: []string{"r.2", "q.1"}}, 0)
	has(t, d)
	take(through("a", "r.1", 4, 5))
	take(through("a", "r.2", 5, 6), "a")
	d.Welcome(wire.Welcome{Generation: "g2"}, 0) // its rooms count from the beginning
	take(through("a", "r.0", 0, 1), "a")
}

func has(t *testing.T, d *device.Device, want ...string) {
	t.Helper()
	var got []string
	for _, r := range d.Records() {
		got = append(got, r.ID)
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Fatalf("the device has %v, want %v", got, want)
	}
}

func TestD10_NamesOfRoomsComeApartAsTheyWerePutTogether(t *testing.T) {
	for _, room := range []string{"r", "a.b", "", "x.7"} {
		for _, epoch := range []int64{0, 3, 1 << 40} {
			if r, e := wire.RoomOf(wire.RoomAt(room, epoch)); r != room || e != epoch {
				t.Errorf("%q at %d came back as %q at %d", room, epoch, r, e)
			}
		}
	}
	for _, odd := range []string{"", "r", "r.", "r.x", "r.-1"} {
		if r, e := wire.RoomOf(odd); r != odd || e != -1 {
			t.Errorf("%q is %q at %d", odd, r, e)
		}
	}
}
