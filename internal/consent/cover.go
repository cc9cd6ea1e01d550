package consent

import (
	"slices"
	"strings"

	"bokvar/internal/casework"
)

// Cover is for whom a case is open to one landlord.
type Cover struct{ People []Covered }

// Covered is one person whose own giving opens what concerns them.
type Covered = casework.Covered

// Opens lists for whom the case is open to the landlord by what was judged. Of
// several givings of one person the one that lasts longest counts.
func Opens(f File, judged []Standing, caseID, org string) Cover {
	var c Cover
	for _, s := range judged {
		g := f.giving(s.Giving)
		if s.State != IsOpen || g == nil || caseID == "" || g.Case != caseID || org == "" || g.Org != org || !slices.Contains(g.Partners, Landlord) {
			continue
		}
		c.add(Covered{Person: s.Person, Day: g.Day, Until: g.Until})
	}
	slices.SortFunc(c.People, func(a, b Covered) int { return strings.Compare(a.Person, b.Person) })
	return c
}

func (f *File) giving(id string) *Giving {
	for i := range f.Givings {
		if f.Givings[i].ID == id {
			return &f.Givings[i]
		}
	}
	return nil
}

func (c *Cover) add(one Covered) {
	for i, known := range c.People {
		if known.Person != one.Person {
			continue
		}
		if known.Until != "" && (one.Until == "" || one.Until > known.Until) {
			c.People[i] = one
		}
		return
	}
	c.People = append(c.People, one)
}

// Anyone says whether it is open for somebody on the day.
func (c Cover) Anyone(today string) bool {
	return slices.ContainsFunc(c.People, func(p Covered) bool { return on(p, today) })
}

// All says whether it is open on the day for every one of the people. For nobody
// it is not open: what concerns no one who could consent is not shared by consent.
func (c Cover) All(people []string, today string) bool {
	for _, person := range people {
		if !slices.ContainsFunc(c.People, func(p Covered) bool { return p.Person == person && on(p, today) }) {
			return false
		}
	}
	return len(people) > 0
}

// Since is the day of the oldest giving in force on the day, and Until the first
// day on which one of them ends; "" when none does.
func (c Cover) Since(today string) (since, until string) {
	for _, p := range c.People {
		if !on(p, today) {
			continue
		}
		if since == "" || p.Day < since {
			since = p.Day
		}
		if p.Until != "" && (until == "" || p.Until < until) {
			until = p.Until
		}
	}
	return since, until
}

func on(p Covered, today string) bool { return p.Until == "" || p.Until >= today }
