package server_test

import (
	"strings"
	"testing"

	"bokvar/sync/device"
	"bokvar/sync/wire"
)

// follow brings a device of the person up to date.
func (h *house) follow(person string, d *device.Device) {
	h.t.Helper()
	for {
		page, err := h.Page(person, d.Have().Cursor)
		if err != nil {
			h.t.Fatal(err)
		}
		if applied, err := d.Page(page); err != nil || !applied {
			h.t.Fatalf("applied %v, %v", applied, err)
		}
		if page.Waiting == 0 {
			return
		}
	}
}

func (h *house) check(person string, c wire.Check) (wire.Result, string) {
	h.t.Helper()
	answer, difference, err := h.Check(person, c)
	if err != nil || answer.Cursor != c.Cursor || answer.Type != wire.TypeChecked {
		h.t.Fatalf("%+v, %v", answer, err)
	}
	if (difference != nil) != (answer.Result == wire.Different) {
		h.t.Fatalf("%s with the difference %v", answer.Result, difference)
	}
	if difference == nil {
		return answer.Result, ""
	}
	return answer.Result, difference.Error()
}

func TestS16_ADeviceThatHasWhatItWasToldIsEqual(t *testing.T) {
	h := newHouse(t)
	d := device.New("d", "org")
	for _, values := range []fields{
		{"title": "plain", "stage": "one"},
		{"title": `with "quotes" <b> and a half \ud83d`, "people": []string{"kim"}},
		{"outcome": map[string]any{"z": 1.50, "a": nil, "text": "\u2028"}, "people": []string{"kim", "alva"}, "debt": 12},
	} {
		h.want(h.send("boss", commit(h.newID(), change("item", h.newID(), values))), wire.Saved, "")
	}
	for range 2 {
		h.follow("boss", d)
		if result, _ := h.check("boss", d.Check()); result != wire.Equal {
			t.Errorf("the device is %s", result)
		}
		h.item("later", "kim")
	}
}

func TestS16_NothingIsSaidWhileThereIsNewsOrTidying(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	d := device.New("d", "org")
	h.follow("kim", d)
	h.policy.tidying = true
	if result, _ := h.check("kim", d.Check()); result != wire.Later {
		t.Errorf("while the inbox is tidied the device is %s", result)
	}
	h.policy.tidying = false
	h.item("i2", "kim")
	if result, _ := h.check("kim", d.Check()); result != wire.Later {
		t.Errorf("a device that is behind is %s", result)
	}
}

// S16; CHT #8303, FHIR Core #2916: "done" was said and was not so. Here a device that
// lacks something is told, gets it, and the report names no person and no content.
func TestCHT8303_FHIRCore2916_ADifferenceIsFoundToldAndRepaired(t *testing.T) {
	for name, spoil := range map[string]func(*wire.Page){
		"a record is missing": func(p *wire.Page) { p.Records = p.Records[1:] },
		"a record is of old":  func(p *wire.Page) { p.Records[0] = []byte(strings.Replace(string(p.Records[0]), "start", "older", 1)) },
		"a version is of old": func(p *wire.Page) {
			p.Records[0] = []byte(strings.Replace(string(p.Records[0]), `"title":1`, `"title":7`, 1))
		},
		"a record is there still": func(p *wire.Page) {
			p.Records = append(p.Records, []byte(`{"org":"org","id":"ghost","kind":"ghost","f":{},"n":{}}`))
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.item("i1", "kim")
			h.item("i2", "kim")
			d := device.New("d", "org")
			page, err := h.Page("kim", 0)
			if err != nil {
				t.Fatal(err)
			}
			spoil(&page)
			if _, err := d.Page(page); err != nil {
				t.Fatal(err)
			}
			c := d.Check()
			result, report := h.check("kim", c)
			if result != wire.Different || !strings.Contains(report, "item") && !strings.Contains(report, "ghost") {
				t.Fatalf("the device is %s: %s", result, report)
			}
			for _, secret := range []string{"kim", "start", "i1", "i2", "older"} {
				if strings.Contains(report, secret) {
					t.Errorf("the report tells %q: %s", secret, report)
				}
			}
			if !d.Checked(wire.Checked{Cursor: c.Cursor, Result: result}) {
				t.Fatal("the device does not fetch anew")
			}
			h.follow("kim", d)
			if result, report := h.check("kim", d.Check()); result != wire.Equal {
				t.Errorf("after the repair the device is %s: %s", result, report)
			}
		})
	}
}
