package office

import (
	"slices"
	"strconv"

	"bokvar/internal/casework"
	"bokvar/internal/method"
	"bokvar/sync/server"
)

// picture is what the derived fields of a household's cases are worked out from.
type picture struct {
	household             *server.State
	people, cases, claims []*server.State
	contacts              []*server.State
}

func readPicture(f casework.Facts, org, root string) (p picture, err error) {
	if p.household, err = f.Record(org, root); err != nil || p.household == nil {
		return p, err
	}
	for _, each := range []struct {
		kind string
		into *[]*server.State
	}{{"person", &p.people}, {"case", &p.cases}, {"claim", &p.claims}, {"contact", &p.contacts}} {
		if *each.into, err = f.RecordsOf(org, root, each.kind); err != nil {
			return p, err
		}
	}
	return p, nil
}

// of lists the records that belong to the case.
func of(records []*server.State, caseID string) []*server.State {
	var list []*server.State
	for _, r := range records {
		if text(r.Fields["case"].Value) == caseID {
			list = append(list, r)
		}
	}
	return list
}

// derive writes what follows for the cases of one household.
func (w *work) derive(file *file) error {
	p, err := readPicture(w.f, file.org, file.root)
	if err != nil || p.household == nil {
		return err
	}
	for _, c := range p.cases {
		fields := w.derived(p, c, w.today())
		if err := w.owing(file, p, c, fields); err != nil {
			return err
		}
		if err := w.set(file.org, "case", c.ID, c, fields); err != nil {
			return err
		}
	}
	return nil
}

// derived are the fields of a case that the server works out, as they are on the day.
func (o *Office) derived(p picture, c *server.State, today string) map[string]any {
	fields := map[string]any{}
	claims := of(p.claims, c.ID)
	debt, rent := owed(claims)
	if len(claims) > 0 {
		fields["debt"], fields["rent"] = debt, rent
	}
	attempts, last := tried(of(p.contacts, c.ID))
	if last != nil || !casework.IsNull(c.Fields["attempts"].Value) {
		fields["attempts"], fields["last_contact"] = attempts, last
	}
	if text(c.Fields["status"].Value) == "closed" {
		return fields // its reasons stay as they were
	}
	rank, given := o.profile.Priority(o.reasonsFrom(p, c, debt.Months, attempts, today))
	visitors, desk := method.Split(given)
	fields["rank"], fields["priority"], fields["debt_reasons"] = rank, visitors, desk
	return fields
}

// owed sums the open claims. The newest file decides as of when.
func owed(claims []*server.State) (casework.Debt, casework.Rent) {
	debt, rent := casework.Debt{}, casework.Rent{State: casework.RentPaid}
	var months []string
	for _, claim := range claims {
		rent.AsOf = max(rent.AsOf, number(claim.Fields["as_of"].Value))
		if text(claim.Fields["state"].Value) != "open" {
			continue
		}
		rent.State = casework.RentUnpaid
		debt.Capital += number(claim.Fields["capital"].Value)
		debt.Costs += number(claim.Fields["costs"].Value)
		if month := text(claim.Fields["due_month"].Value); !has(months, month) {
			months = append(months, month)
		}
	}
	debt.Months, debt.AsOf = len(months), rent.AsOf
	return debt, rent
}

// tried counts attempts since the tenant was last reached, and finds the newest contact.
func tried(contacts []*server.State) (attempts int, last *casework.LastContact) {
	var done []casework.LastContact
	for _, contact := range contacts {
		if outcome := object[casework.Outcome](contact.Fields["outcome"].Value); outcome != nil {
			done = append(done, casework.LastContact{At: outcome.At, Form: text(contact.Fields["form"].Value), Answer: outcome.Answer})
		}
	}
	slices.SortStableFunc(done, func(a, b casework.LastContact) int { return int(min(max(a.At-b.At, -1), 1)) })
	for i, contact := range done {
		last = &done[i]
		if contact.Answer.Reached() {
			attempts = 0
		} else if contact.Answer.Tried() {
			attempts++
		}
	}
	return attempts, last
}

// reasonsFrom gathers what the method's rules look at.
func (o *Office) reasonsFrom(p picture, c *server.State, rents, attempts int, today string) method.Facts {
	facts := method.Facts{
		Today: today, Rents: rents, Attempts: attempts,
		Children:      truth(p.household.Fields["children"].Value),
		Disability:    truth(p.household.Fields["disability"].Value),
		MovedIn:       text(p.household.Fields["moved_in"].Value),
		FirstTimeLate: truth(c.Fields["first_time_late"].Value),
	}
	if at := number(c.Fields["eviction_at"].Value); at > 0 {
		facts.Eviction = casework.DayOf(at)
	}
	for _, person := range p.people {
		switch text(person.Fields["position"].Value) {
		case "child":
			facts.Children = true
		case "tenant", "co_tenant", "":
			facts.Born = append(facts.Born, bornOf(person))
		}
	}
	return facts
}

// bornOf is the year of birth, from the year or the number; 0 when neither is known.
func bornOf(person *server.State) int {
	if year := number(person.Fields["born"].Value); year > 0 {
		return int(year)
	}
	if day, ok := casework.BornOf(text(person.Fields["personal_number"].Value)); ok {
		year, err := strconv.Atoi(day[:4])
		if err == nil {
			return year
		}
	}
	return 0
}
