package main

import (
	"strings"
	"testing"

	"bokvar/internal/access"
	"bokvar/internal/casework"
	"bokvar/internal/demo"
)

// Whatever a manager can see of a file has a Swedish word in the extract, or is left
// out because it says nothing to a reader.
func TestAnExtractIsInSwedish(t *testing.T) {
	table, err := access.Load()
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, kind := range casework.Schema {
		for _, field := range kind.Fields {
			seen := table.Cell(field.Group, casework.LandlordManager).Read != access.Never || table.Cell(field.Group, casework.SocialManager).Read != access.Never
			if kind.Root == "" || !seen || field.Type == casework.Ref || field.Type == casework.Strokes {
				continue
			}
			looked++
			word, said := swedish[field.Name]
			if said == unsaid[field.Name] || said && word == "" {
				t.Errorf("%s.%s: said %q, left out %t", kind.Name, field.Name, word, unsaid[field.Name])
			}
			for _, choice := range field.Choices {
				if swedish[choice] == "" && said {
					t.Errorf("%s.%s: no word for %q", kind.Name, field.Name, choice)
				}
			}
		}
	}
	for _, answer := range casework.Answers {
		if swedish[string(answer)] == "" {
			t.Errorf("no word for the answer %q", answer)
		}
	}
	for _, tongue := range casework.Tongues {
		if languages[tongue.Language] == "" {
			t.Errorf("no word for the language %q", tongue.Language)
		}
	}
	if looked < 100 {
		t.Errorf("only %d fields were looked at", looked)
	}
}

// What a person reads has no ids of units, organisations and colleagues in it, no JSON,
// and no words of the program.
func TestAnExtractIsReadable(t *testing.T) {
	w, _ := guardedTown(t)
	for root, in := range map[string]extractArgs{
		text(w.theirs, "household"): {Org: demo.Landlord, As: "rolf"}, w.household: {Org: demo.Social, As: "karin"}, w.giving: {Org: demo.Social, As: "karin"},
	} {
		in.Root = root
		told, err := extractFile(w.core, in)
		if err != nil {
			t.Fatal(err)
		}
		_, body, _ := strings.Cut(told, "\n")
		for _, odd := range []string{"{", "[", `":`, "_", demo.UnitNorth, demo.UnitEviction, " kim\n", "unpaid", "children", "safety", w.handle, w.caseID, w.tenant, w.signatures} {
			if at := strings.Index(body, odd); at >= 0 {
				t.Errorf("%q is in the extract of %s: …%.60s", odd, root, body[max(0, at-20):])
			}
		}
		want := map[string][]string{demo.Landlord: {"hyran: enligt fil från ", "läge obetald", "enhet: Norr", "socialtjänsten: Socialtjänsten i Sjöberga"},
			demo.Social: {"enhet: Vräkningsförebyggande teamet"}}[in.Org]
		if root == w.household {
			want = append(want, "samtycke från: Vera Gömdén", "delat med: Sjöbergahem", "uppgift: råd för ett tryggt besök")
		} else if root == w.giving {
			want = append(want, "någon hos Sjöbergahem  skrev")
		}
		for _, words := range want {
			if !strings.Contains(told, words) {
				t.Errorf("%q is not in the extract of %s: %s", words, root, told)
			}
		}
	}
}
