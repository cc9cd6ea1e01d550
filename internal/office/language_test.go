package office

import (
	"strings"
	"testing"

	"bokvar/internal/casework"
)

func hashOfTongue(t *testing.T, language string) string {
	t.Helper()
	tongue := casework.TongueOf(language)
	if tongue == nil {
		t.Fatalf("no %s", language)
	}
	return tongue.Hash
}

// A translation is off until social services switch it on, and not reviewed until
// somebody with the right says so; both sides of the agreement are told.
func TestTranslationsAreSwitchedOnAndReviewed(t *testing.T) {
	w := newTown(t)
	offered := func(org string) string { return w.field(org, "agreement", "languages") }
	if offered("hem") != "[]" || offered("soc") != "[]" {
		t.Fatalf("offered from the start: %s and %s", offered("hem"), offered("soc"))
	}
	w.must("karin", set("translation", "translation-ar", values{"language": "ar", "on": true}))
	if want := `[{"language":"ar"}]`; offered("hem") != want || offered("soc") != want {
		t.Errorf("switched on: %s and %s", offered("hem"), offered("soc"))
	}
	review := values{"by": "karin", "at": 1795000000000, "hash": hashOfTongue(t, "ar")}
	w.must("karin", set("translation", "translation-ar", values{"review": review}))
	if !strings.Contains(offered("hem"), `"reviewed":"`+hashOfTongue(t, "ar")) {
		t.Errorf("the landlord does not know of the review: %s", offered("hem"))
	}
	w.must("karin", set("translation", "translation-ar", values{"on": false}))
	if offered("hem") != "[]" {
		t.Errorf("still offered: %s", offered("hem"))
	}
}

// Who may not, and what cannot be, is refused.
func TestTranslationsThatAreRefused(t *testing.T) {
	w := newTown(t)
	arabic := values{"language": "ar", "on": true}
	for _, c := range []struct {
		who, record string
		fields      values
	}{
		{"tove", "translation-ar", arabic}, // reads and does not decide
		{"kim", "translation-ar", arabic},  // of the landlord, which does not see it
		{"eva", "translation-ar", arabic},  // an administrator, of the landlord
		{"karin", "translation-so", arabic},
		{"karin", "translation-ar", values{"language": "klingon", "on": true}},
		{"karin", "translation-ar", values{"language": "ar", "review": values{"by": "tove", "at": 1795000000000, "hash": hashOfTongue(t, "ar")}}},
		{"karin", "translation-ar", values{"language": "ar", "review": values{"by": "karin", "at": 1795000000000, "hash": hashOfTongue(t, "so")}}},
	} {
		if code := w.by(c.who, set("translation", c.record, c.fields)); code == "" {
			t.Errorf("%s wrote %s %v", c.who, c.record, c.fields)
		}
		if w.field("hem", "agreement", "languages") != "[]" {
			t.Errorf("%s changed what is offered", c.who)
		}
	}
}
