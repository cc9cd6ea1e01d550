package casework

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

var slot = regexp.MustCompile(`\{(\w+)\}`)

// all are the texts of a language by their names.
func (t *Tongue) all() map[string]string {
	texts := map[string]string{"wording title": t.Wording.Title, "wording body": t.Wording.Body, "wording withdraw": t.Wording.Withdraw}
	for group, words := range map[string]map[string]string{"partner": t.Partners, "door": t.Door, "page": t.Page} {
		for name, text := range words {
			texts[group+" "+name] = text
		}
	}
	return texts
}

// Every language says all that the Swedish says, with the same names and numbers in it.
func TestEveryLanguageSaysAll(t *testing.T) {
	swedish := Tongues[0].all()
	if Tongues[0].Language != "sv" || len(Tongues) != 9 {
		t.Fatalf("%d languages, first %s", len(Tongues), Tongues[0].Language)
	}
	for _, p := range partners {
		if Tongues[0].Partners[p] == "" {
			t.Errorf("the partner %s has no name", p)
		}
	}
	for _, tongue := range Tongues {
		texts := tongue.all()
		if missing := slices.Collect(maps.Keys(swedish)); len(texts) != len(missing) {
			t.Errorf("%s: %d texts, not %d", tongue.Language, len(texts), len(missing))
		}
		for name, in := range swedish {
			said := texts[name]
			if strings.TrimSpace(said) == "" {
				t.Errorf("%s lacks %s", tongue.Language, name)
			}
			if want, got := slots(in), slots(said); want != got {
				t.Errorf("%s, %s: {%s} and not {%s}", tongue.Language, name, got, want)
			}
		}
		if strings.Count(tongue.Wording.Body, "\n\n") < 1 {
			t.Errorf("%s: the body is one block", tongue.Language)
		}
	}
}

func slots(text string) string {
	var found []string
	for _, m := range slot.FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	slices.Sort(found)
	return strings.Join(found, ",")
}

// What runs from right to left says so, and is written in that script.
func TestDirectionFitsTheScript(t *testing.T) {
	for _, tongue := range Tongues {
		arabic := 0
		for _, r := range tongue.Wording.Body {
			if unicode.Is(unicode.Arabic, r) {
				arabic++
			}
		}
		if (arabic > 100) != (tongue.Direction == "rtl") {
			t.Errorf("%s runs %s with %d Arabic letters", tongue.Language, tongue.Direction, arabic)
		}
	}
	ar := TongueOf("ar")
	if got := ar.Fill("{unit}", map[string]string{"unit": "Teamet"}); got != "\u2068Teamet\u2069" {
		t.Errorf("a Swedish name is not set apart: %q", got)
	}
	if TongueOf("klingon") != nil {
		t.Error("there is a language that nobody wrote")
	}
}

// The words that tenants have signed are still known: their hash has not moved.
func TestPlainWordingIsWhatWasSigned(t *testing.T) {
	w := PlainWording("w", "Soc", "Teamet", "08-1")
	if w.Hash != "30a473742d4776e8ce331480e8eeafd63d5d74ba1c274f41c44b75b80d7ff659" || w.Language != "sv" {
		t.Errorf("the hash of the plain wording is %s", w.Hash)
	}
}
