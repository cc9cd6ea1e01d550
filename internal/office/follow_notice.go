package office

import (
	"crypto/sha256"
	"encoding/hex"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// notice follows up a notice about an eviction: the eviction's own record, its
// day on the case, children on the household, and an alarm to those on call.
func (w *work) notice(c server.Changed) error {
	notice := c.After
	if c.Before != nil || text(notice.Fields["about"].Value) != "eviction" {
		return nil
	}
	if truth(notice.Fields["children"].Value) {
		if err := w.setOf(notice.Org, "household", notice.Root, map[string]any{"children": true}); err != nil {
			return err
		}
		w.file(notice)
	}
	at := number(notice.Fields["eviction_at"].Value)
	if at == 0 {
		return nil
	}
	if err := w.setEviction(notice, at); err != nil {
		return err
	}
	return w.alert(notice)
}

// setEviction writes the day on the case's eviction, a new one unless one is running.
func (w *work) setEviction(notice *server.State, at int64) error {
	caseID := text(notice.Fields["case"].Value)
	running, err := w.f.RecordsOf(notice.Org, notice.Root, "eviction")
	if err != nil {
		return err
	}
	id, fields := derivedID("eviction", notice.ID), map[string]any{
		"household": notice.Root, "case": caseID, "at": at, "state": "set", "source": text(notice.Fields["sender"].Value),
	}
	var record *server.State
	for _, e := range running {
		if state := text(e.Fields["state"].Value); text(e.Fields["case"].Value) == caseID && (state == "set" || state == "respite") {
			id, record = e.ID, e
		}
	}
	if !has(casework.FieldOf("eviction", "source").Choices, fields["source"].(string)) {
		delete(fields, "source") // told by somebody else: the notice says who
	}
	if err := w.set(notice.Org, "eviction", id, record, fields); err != nil {
		return err
	}
	w.file(notice)
	return w.setOf(notice.Org, "case", caseID, map[string]any{"eviction_at": at})
}

// eviction keeps the day on the case as long as the eviction is set.
func (w *work) eviction(c server.Changed) error {
	if !differs(c, "at") && !differs(c, "state") {
		return nil
	}
	w.file(c.After)
	var at any
	if text(c.After.Fields["state"].Value) == "set" {
		at = number(c.After.Fields["at"].Value)
	}
	return w.setOf(c.After.Org, "case", text(c.After.Fields["case"].Value), map[string]any{"eviction_at": at})
}

// alert calls those of the unit who are on call now; when nobody is, all who
// work in the unit, because silence would be worse.
func (w *work) alert(notice *server.State) error {
	unit := text(notice.Fields["unit"].Value)
	people, err := w.onCall(notice.Org, unit)
	if err != nil {
		return err
	}
	return w.set(notice.Org, "alert", derivedID("alert", notice.ID), nil, map[string]any{
		"household": notice.Root, "case": text(notice.Fields["case"].Value), "unit": unit,
		"about": "eviction_set", "raised": w.now, "people": people,
	})
}

func (w *work) onCall(org, unit string) ([]string, error) {
	roster, err := w.f.RecordsOfKind(org, "roster")
	if err != nil {
		return nil, err
	}
	people := []string{}
	for _, row := range roster {
		person := text(row.Fields["person"].Value)
		if text(row.Fields["unit"].Value) == unit && number(row.Fields["from"].Value) <= w.now &&
			w.now < number(row.Fields["to"].Value) && !has(people, person) {
			m, err := w.f.Member(person)
			if err != nil {
				return nil, err
			}
			if m != nil && m.Active { // who has left is on call no more, whatever the roster says
				people = append(people, person)
			}
		}
	}
	if len(people) > 0 {
		return people, nil
	}
	members, err := w.f.Members(org)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		if m.Active && m.WorksIn(unit) && w.access.Cell("alert", m.Role).Read != "never" {
			people = append(people, m.ID)
		}
	}
	return people, nil
}

// setOf writes fields of a record that is there; one that is not is left alone.
func (w *work) setOf(org, kind, id string, fields map[string]any) error {
	record, err := w.f.Record(org, id)
	if err != nil || record == nil || record.Kind != kind {
		return err
	}
	return w.set(org, kind, id, record, fields)
}

// derivedID is the id of the record that the server makes for another, as
// random as that one's and always the same.
func derivedID(what, id string) string {
	sum := sha256.Sum256([]byte(what + ":" + id))
	return hex.EncodeToString(sum[:16])
}
