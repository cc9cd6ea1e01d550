package method

import (
	"strings"
	"testing"

	"bokvar/internal/casework"
)

func model(t *testing.T) *Profile {
	t.Helper()
	profiles, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if profiles["model"] == nil {
		t.Fatal("the model profile is missing")
	}
	return profiles["model"]
}

func TestTheModelIsTheSharedMonth(t *testing.T) {
	want := map[string]int{"reminder": 2, "collection": 7, "home_visit": 19, "meeting": 24, "authority": 28}
	steps := model(t).Steps
	if len(steps) != len(want) {
		t.Errorf("%d steps", len(steps))
	}
	stages := casework.FieldOf("case", "stage").Choices
	for i, step := range steps {
		if want[step.ID] != step.Day || stages[i] != step.ID {
			t.Errorf("%s on day %d; case.stage has %s there", step.ID, step.Day, stages[i])
		}
	}
}

func TestParseIsStrict(t *testing.T) {
	source := Source("model")
	for name, c := range map[string]struct{ from, to, says string }{
		"unknown key":        {"id: model", "id: model\ncolour: red", "colour"},
		"key twice":          {"id: model", "id: model\nid: again", "id"},
		"unknown condition":  {"when: children", "when: full_moon", "full_moon"},
		"lacks days":         {"    days: 365\n", "", "moved_in_within"},
		"has days too many":  {"when: children\n", "when: children\n    days: 3\n", "children"},
		"id twice":           {"id: older", "id: young", "young"},
		"to before from":     {"to: 25", "to: 5", "to is less"},
		"no weight":          {"weight: 400", "weight: 0", "weight"},
		"unknown audience":   {"    shown_to: visitors", "    shown_to: everyone", "shown_to"},
		"health to visitors": {"weight: 150\n    shown_to: desk\n    text: {sv: \"Funk", "weight: 150\n    shown_to: visitors\n    text: {sv: \"Funk", "disability"},
		"days that fall":     {"day: 28", "day: 3", "rise"},
		"one language":       {", en: \"Children at home\"", "", "children"},
		"no name":            {", en: \"The model\"", "", "name"},
		"a row that opens":   {"secrecy: []", "secrecy: [{id: a, opens: consent, while: always, text: {sv: a, en: a}}]", "opens"},
		"closes a notice":    {"secrecy: []", "secrecy: [{id: a, closes: notice, while: always, text: {sv: a, en: a}}]", "closes is"},
		"closes nothing":     {"secrecy: []", "secrecy: [{id: a, while: always, text: {sv: a, en: a}}]", "closes is"},
		"unknown while":      {"secrecy: []", "secrecy: [{id: a, closes: consent, while: never, text: {sv: a, en: a}}]", "while is"},
		"before a notice":    {"secrecy: []", "secrecy: [{id: a, closes: after-notice, while: no_notice, text: {sv: a, en: a}}]", "before there is"},
		"narrows unsaid":     {"secrecy: []", "secrecy: [{id: a, closes: consent, while: always, text: {sv: a}}]", "text"},
		"narrows twice":      {"secrecy: []", "secrecy: [{id: a, closes: consent, while: always, text: {sv: a, en: a}}, {id: a, closes: consent, while: always, text: {sv: a, en: a}}]", "own"},
		"no yaml":            {"id: model", "\tid", "yaml"},
	} {
		if !strings.Contains(source, c.from) {
			t.Fatalf("%s: the profile has no %q", name, c.from)
		}
		_, err := Parse("model.yaml", []byte(strings.Replace(source, c.from, c.to, 1)))
		if err == nil || !strings.HasPrefix(err.Error(), "model.yaml: ") || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want something about %s", name, err, c.says)
		}
	}
}

func TestStageAndNextStep(t *testing.T) {
	p := model(t)
	for _, c := range []struct{ today, stage, next, on string }{
		{"2026-10-30", "", "reminder", "2026-11-01"},
		{"2026-11-01", "reminder", "collection", "2026-11-06"},
		{"2026-11-05", "reminder", "collection", "2026-11-06"},
		{"2026-11-18", "home_visit", "meeting", "2026-11-23"},
		{"2026-11-27", "authority", "", ""},
		{"2027-03-01", "authority", "", ""},
		{"not a day", "", "", ""},
	} {
		stage, next := "", ""
		if s := p.Stage("2026-10-30", c.today); s != nil {
			stage = s.ID
		}
		s, on := p.NextStep("2026-10-30", c.today)
		if s != nil {
			next = s.ID
		}
		if stage != c.stage || next != c.next || on != c.on {
			t.Errorf("%s: %q then %q on %q, want %q then %q on %q", c.today, stage, next, on, c.stage, c.next, c.on)
		}
	}
}

func TestDueOf(t *testing.T) {
	for month, want := range map[string]string{"2026-11": "2026-10-30", "2026-10": "2026-09-30", "2026-06": "2026-05-29", "November": ""} {
		if got, ok := DueOf(month); got != want || ok != (want != "") {
			t.Errorf("%s: got %s, want %s", month, got, want)
		}
	}
}
