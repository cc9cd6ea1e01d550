package office

import (
	"maps"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// owing follows up what a newer file says of a case. When nothing is owed any
// more, visits about the rent are taken off the list with the reason and the
// case is closed; when something is owed again, a case that was closed so opens.
// A case with an eviction set stays: only its end closes it.
func (w *work) owing(file *file, p picture, c *server.State, fields map[string]any) error {
	rent, _ := fields["rent"].(casework.Rent)
	aboutRent := text(c.Fields["reason"].Value) == "arrears" || text(c.Fields["reason"].Value) == "repeated_late"
	switch because := text(c.Fields["closed_because"].Value); {
	case !aboutRent:
		return nil
	case file.owed[c.ID] && rent.State == casework.RentUnpaid && text(c.Fields["status"].Value) == "closed" && (because == "paid" || because == "removed"):
		return w.reopen(p, c, fields)
	case file.settled[c.ID] && rent.State == casework.RentPaid && text(c.Fields["status"].Value) == "open" && number(c.Fields["eviction_at"].Value) == 0:
		return w.settle(p, c, rent, fields)
	}
	return nil
}

// settle cancels what is planned about the rent and closes the case.
func (w *work) settle(p picture, c *server.State, rent casework.Rent, fields map[string]any) error {
	because := casework.BecauseRemoved
	for _, claim := range of(p.claims, c.ID) {
		if text(claim.Fields["state"].Value) == "paid" {
			because = casework.BecausePaid
		}
	}
	for _, contact := range of(p.contacts, c.ID) {
		if !casework.IsNull(contact.Fields["outcome"].Value) || !casework.IsNull(contact.Fields["cancelled"].Value) || !dueToRent(contact) {
			continue
		}
		cancelled := casework.Cancelled{Because: because, AsOf: rent.AsOf, By: w.author.Person, At: w.now}
		if err := w.cancel(contact, cancelled); err != nil {
			return err
		}
	}
	for _, gone := range []string{"rank", "priority", "debt_reasons"} {
		delete(fields, gone)
	}
	maps.Copy(fields, map[string]any{"status": "closed", "closed": w.today(), "closed_because": because})
	return w.f.PutRootUnit(casework.RootUnit{Org: c.Org, Root: c.Root, Record: c.ID, Unit: text(c.Fields["unit"].Value), Closed: w.now})
}

// cancel takes a contact off the list with the reason.
func (w *work) cancel(contact *server.State, cancelled casework.Cancelled) error {
	if err := w.set(contact.Org, "contact", contact.ID, contact, map[string]any{"cancelled": cancelled}); err != nil {
		return err
	}
	after, err := w.f.Record(contact.Org, contact.ID)
	if err != nil || after == nil {
		return err
	}
	return w.contactPeople(server.Changed{Before: contact, After: after})
}

// dueToRent says whether a contact is needed only while something is owed.
func dueToRent(contact *server.State) bool {
	switch text(contact.Fields["purpose"].Value) {
	case "inspection", "welcome", "eviction_day":
		return false
	}
	return true
}

func (w *work) reopen(p picture, c *server.State, fields map[string]any) error {
	opened := *c
	opened.Fields = maps.Clone(c.Fields)
	opened.Fields["status"] = server.Field{Value: []byte(`"open"`)}
	maps.Copy(fields, w.derived(p, &opened, w.today()))
	maps.Copy(fields, map[string]any{"status": "open", "closed": nil, "closed_because": nil})
	return w.f.PutRootUnit(casework.RootUnit{Org: c.Org, Root: c.Root, Record: c.ID, Unit: text(c.Fields["unit"].Value)})
}
