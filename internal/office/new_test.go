package office

import (
	"strings"
	"testing"
	"time"

	"bokvar/internal/casework"
	"bokvar/internal/method"
	"bokvar/sync/rules"
	"bokvar/sync/wire"
)

func TestTheTablesMustFitTheKinds(t *testing.T) {
	good, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	profiles, err := method.Load()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(good, nil, time.Now); err == nil {
		t.Error("no profile was taken")
	}
	page := good.Markdown()
	without := strings.Replace(page, "| next_at |", "| form |", 1)
	for name, spoiled := range map[string]string{
		"a field without a row": strings.Replace(without, "| form, purpose |", "| purpose |", 1),
		"a field of nobody":     strings.Replace(page, "| note | household, case,", "| note | household, case, hat,", 1),
	} {
		table, err := rules.Parse("rules.md", []byte(spoiled))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := New(table, profiles["model"], time.Now); err == nil || !strings.HasPrefix(err.Error(), "rules.md:") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

type houser struct {
	org, person string
	changes     []wire.Change
}

func (h *houser) House(org, person string, changes []wire.Change) error {
	h.org, h.person, h.changes = org, person, changes
	return nil
}

func TestDeskWritesAsTheHouse(t *testing.T) {
	engine := &houser{}
	err := Desk{engine}.Write("hem", "jonna", []casework.HouseChange{{Kind: "case", Record: "c", Fields: map[string]any{"status": "closed", "closed": nil}}})
	if err != nil {
		t.Fatal(err)
	}
	if engine.org != "hem" || engine.person != "jonna" || len(engine.changes) != 1 {
		t.Fatalf("%+v", engine)
	}
	fields := engine.changes[0].Fields
	if string(fields["status"].Value) != `"closed"` || string(fields["closed"].Value) != "null" || fields["closed"].Base != -1 {
		t.Errorf("%+v", fields)
	}
	if err := (Desk{engine}).Write("hem", "", []casework.HouseChange{{Fields: map[string]any{"x": func() {}}}}); err == nil {
		t.Error("what is no JSON was written")
	}
}
