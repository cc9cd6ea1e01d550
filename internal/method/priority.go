package method

import (
	"sort"
	"strconv"
	"strings"

	"bokvar/internal/casework"
)

// Facts are what the rules look at. What is not known is left empty.
type Facts struct {
	Today         string // day
	Eviction      string // day of an eviction that is set
	Children      bool
	Born          []int // years of birth of the tenants
	FirstTimeLate bool
	MovedIn       string // day
	Disability    bool
	Attempts      int // contacts tried since the tenant was last reached
	Rents         int // rents unpaid
}

// Given is a reason that a rule gave.
type Given struct {
	Rule   *Rule
	Reason casework.Reason
}

// lastRank is the rank of a case without any reason.
const lastRank = 10_000

// Priority gives the rank (smaller first) and every reason behind it, the
// heaviest first.
func (p *Profile) Priority(f Facts) (rank int, reasons []Given) {
	type weighed struct {
		Given
		weight int
	}
	var list []weighed
	rank = lastRank
	for i := range p.Rules {
		rule := &p.Rules[i]
		reason, weight, holds := rule.judge(f)
		if holds {
			list = append(list, weighed{Given{rule, reason}, weight})
			rank -= weight
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].weight > list[j].weight })
	for _, each := range list {
		reasons = append(reasons, each.Given)
	}
	return max(rank, 0), reasons
}

// Split parts the reasons into those that visitors may read and those for the desk.
func Split(given []Given) (visitors, desk []casework.Reason) {
	visitors, desk = []casework.Reason{}, []casework.Reason{}
	for _, g := range given {
		if g.Rule.ShownTo == Visitors {
			visitors = append(visitors, g.Reason)
		} else {
			desk = append(desk, g.Reason)
		}
	}
	return visitors, desk
}

// judge says whether the rule's condition holds, and what it gives then.
func (r *Rule) judge(f Facts) (reason casework.Reason, weight int, holds bool) {
	reason, weight = casework.Reason{ID: r.ID}, r.Weight
	switch r.When {
	case EvictionWithin:
		days, ok := DayOf(f.Today, f.Eviction)
		reason.Date = f.Eviction
		return reason, weight + r.Nearer*(r.Days-days), ok && days >= 0 && days <= r.Days
	case Children:
		return reason, weight, f.Children
	case AgeBetween:
		return reason, weight, anyAge(f, r.From, r.To)
	case AgeFrom:
		return reason, weight, anyAge(f, r.From, 200)
	case RentsUnpaid:
		reason.N = f.Rents
		return reason, weight, f.Rents >= r.From
	case Disability:
		return reason, weight, f.Disability
	case FirstTimeLate:
		return reason, weight, f.FirstTimeLate
	case MovedInWithin:
		days, ok := DayOf(f.MovedIn, f.Today)
		return reason, weight, ok && days >= 0 && days <= r.Days
	case AttemptsFrom:
		reason.N = f.Attempts
		return reason, weight, f.Attempts >= r.From
	}
	return reason, 0, false
}

// anyAge says whether some tenant turns an age within the bounds this year.
func anyAge(f Facts, from, to int) bool {
	if len(f.Today) < 4 {
		return false
	}
	year, err := strconv.Atoi(f.Today[:4])
	if err != nil {
		return false
	}
	for _, born := range f.Born {
		if age := year - born; born > 0 && age >= from && age <= to {
			return true
		}
	}
	return false
}

// Say puts a reason into words, in both languages, on a day. A reason that the
// profile does not know is said by its id.
func (p *Profile) Say(reason casework.Reason, today string) Text {
	for _, rule := range p.Rules {
		if rule.ID != reason.ID {
			continue
		}
		n := reason.N
		if reason.Date != "" {
			n, _ = DayOf(today, reason.Date)
		}
		text := rule.Text
		switch {
		case n == 1 && rule.One.full():
			text = rule.One
		case n == 0 && rule.Zero.full():
			text = rule.Zero
		}
		fill := strings.NewReplacer("{days}", strconv.Itoa(n), "{n}", strconv.Itoa(n))
		return Text{SV: fill.Replace(text.SV), EN: fill.Replace(text.EN)}
	}
	return Text{SV: reason.ID, EN: reason.ID}
}
