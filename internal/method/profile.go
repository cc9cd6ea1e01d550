// Package method decides when to act and who comes first. Each way of working is
// a profile: data in profiles/, parsed strictly, never code.
//
// # Use
//
// [Load] reads the embedded profiles. [Profile.Stage] and [Profile.NextStep] place a
// day on the timeline; [Profile.Priority] gives a case its rank and the reasons
// behind it. Everything is pure; the caller says what day it is.
//
// # What this is not
//
// It writes nothing and opens nothing: who may read a reason is decided by
// access.md, and a reason only says to which of two groups of fields it belongs.
package method

import (
	"embed"
	"fmt"
	"path"
	"sort"

	"go.yaml.in/yaml/v4"
)

// Text is words in both languages.
type Text struct {
	SV string `yaml:"sv" json:"sv"`
	EN string `yaml:"en" json:"en"`
}

// Profile is a way of working.
type Profile struct {
	ID    string `yaml:"id" json:"id"`
	Name  Text   `yaml:"name" json:"name"`
	Steps []Step `yaml:"steps" json:"steps"`
	Rules []Rule `yaml:"priority" json:"priority"`

	// Narrows is what a landlord that works so does not use of what crosses the wall.
	// It takes away and can add nothing: how secrecy opens is decided by the
	// organisation that tells.
	Narrows []Narrowing `yaml:"secrecy" json:"secrecy"`
}

// Step is something that happens on a day of the shared month.
type Step struct {
	ID    string `yaml:"id" json:"id"`
	Day   int    `yaml:"day" json:"day"` // calendar days after the due date
	Title Text   `yaml:"title" json:"title"`
	Does  Text   `yaml:"does" json:"does"`
}

// Rule gives a reason when its condition holds.
type Rule struct {
	ID      string `yaml:"id" json:"id"`
	When    When   `yaml:"when" json:"when"`
	Days    int    `yaml:"days" json:"days,omitempty"`
	From    int    `yaml:"from" json:"from,omitempty"`
	To      int    `yaml:"to" json:"to,omitempty"`
	Weight  int    `yaml:"weight" json:"weight"`
	Nearer  int    `yaml:"nearer" json:"nearer,omitempty"` // added for each day less than Days
	ShownTo string `yaml:"shown_to" json:"shown_to"`       // Visitors or Desk
	Text    Text   `yaml:"text" json:"text"`               // {days} and {n} are filled in
	One     Text   `yaml:"text_one" json:"text_one"`       // when the number is 1; empty: Text
	Zero    Text   `yaml:"text_zero" json:"text_zero"`     // when the number is 0; empty: Text
}

// To whom a reason may be shown.
const (
	Visitors = "visitors" // everyone who visits
	Desk     = "desk"     // those who may see the debt
)

// When is a condition of a rule.
type When string

// The closed list of conditions, with the keys each needs.
const (
	EvictionWithin When = "eviction_within" // days
	Children       When = "children"
	AgeBetween     When = "age_between" // from, to: years, both included
	AgeFrom        When = "age_from"    // from: years
	RentsUnpaid    When = "rents_unpaid"
	Disability     When = "disability"
	FirstTimeLate  When = "first_time_late"
	MovedInWithin  When = "moved_in_within" // days
	AttemptsFrom   When = "attempts_from"   // from: attempts since last reached
)

//go:embed profiles
var files embed.FS

// Load parses the embedded profiles, by id. It fails with the file's name, and
// the line where YAML knows it.
func Load() (map[string]*Profile, error) {
	entries, err := files.ReadDir("profiles")
	if err != nil {
		return nil, err
	}
	profiles := map[string]*Profile{}
	for _, entry := range entries {
		source, err := files.ReadFile(path.Join("profiles", entry.Name()))
		if err != nil {
			return nil, err
		}
		profile, err := Parse(entry.Name(), source)
		if err != nil {
			return nil, err
		}
		if profiles[profile.ID] != nil {
			return nil, fmt.Errorf("%s: the id %q is taken", entry.Name(), profile.ID)
		}
		profiles[profile.ID] = profile
	}
	return profiles, nil
}

// Source is an embedded profile as it stands, for showing; empty when there is none.
func Source(id string) string {
	source, err := files.ReadFile("profiles/" + id + ".yaml")
	if err != nil {
		return ""
	}
	return string(source)
}

// Parse reads one profile strictly: unknown and doubled keys, unknown words and
// rules that lack what their condition needs are errors.
func Parse(name string, source []byte) (*Profile, error) {
	var p Profile
	if err := yaml.Load(source, &p, yaml.WithKnownFields()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &p, nil
}

func (p *Profile) check() error {
	if p.ID == "" || !p.Name.full() {
		return fmt.Errorf("a profile needs an id, and a name in both languages")
	}
	if len(p.Steps) == 0 || len(p.Rules) == 0 {
		return fmt.Errorf("a profile needs steps and priority")
	}
	seen := map[string]bool{}
	for _, step := range p.Steps {
		if step.ID == "" || seen[step.ID] || step.Day < 1 || !step.Title.full() || !step.Does.full() {
			return fmt.Errorf("steps: %q needs an id of its own, a day from 1, and title and does in both languages", step.ID)
		}
		seen[step.ID] = true
	}
	if !sort.SliceIsSorted(p.Steps, func(i, j int) bool { return p.Steps[i].Day < p.Steps[j].Day }) {
		return fmt.Errorf("steps: the days must rise")
	}
	seen = map[string]bool{}
	for _, rule := range p.Rules {
		if rule.ID == "" || seen[rule.ID] {
			return fmt.Errorf("priority: %q needs an id of its own", rule.ID)
		}
		seen[rule.ID] = true
		if err := rule.check(); err != nil {
			return fmt.Errorf("priority: %s: %w", rule.ID, err)
		}
	}
	seen = map[string]bool{}
	for _, n := range p.Narrows {
		if n.ID == "" || seen[n.ID] {
			return fmt.Errorf("secrecy: %q needs an id of its own", n.ID)
		}
		seen[n.ID] = true
		if err := n.check(); err != nil {
			return fmt.Errorf("secrecy: %s: %w", n.ID, err)
		}
	}
	return nil
}

func (r *Rule) check() error {
	needs := map[When][3]bool{ // days, from, to
		EvictionWithin: {true, false, false}, Children: {}, AgeBetween: {false, true, true},
		AgeFrom: {false, true, false}, RentsUnpaid: {false, true, false}, Disability: {}, FirstTimeLate: {},
		MovedInWithin: {true, false, false}, AttemptsFrom: {false, true, false},
	}
	need, known := needs[r.When]
	switch {
	case !known:
		return fmt.Errorf("unknown condition %q", r.When)
	case need != [3]bool{r.Days > 0, r.From > 0, r.To > 0}:
		return fmt.Errorf("the condition %s has other keys (days, from, to) than it needs", r.When)
	case r.To != 0 && r.To < r.From:
		return fmt.Errorf("to is less than from")
	case r.Weight < 1 || r.Nearer < 0 || r.Nearer > 0 && r.When != EvictionWithin:
		return fmt.Errorf("weight is at least 1, and nearer belongs to %s", EvictionWithin)
	case r.ShownTo != Visitors && r.ShownTo != Desk:
		return fmt.Errorf("shown_to is %s or %s", Visitors, Desk)
	case (r.When == RentsUnpaid || r.When == Disability) && r.ShownTo != Desk:
		return fmt.Errorf("tells of debt or health: shown_to must be %s", Desk)
	case !r.Text.full():
		return fmt.Errorf("text is missing in a language")
	}
	return nil
}

func (t Text) full() bool { return t.SV != "" && t.EN != "" }
