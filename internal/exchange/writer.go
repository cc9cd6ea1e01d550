package exchange

import (
	"encoding/json"
	"reflect"
	"strconv"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// writer gathers what one household's rows write.
type writer struct {
	has       *Holdings
	h         *holding // nil for a new household
	household string   // its id
	changes   []casework.HouseChange
	changed   []string // "person.phone"
	opened    string   // the case that this list opens for the household
}

func newWriter(has *Holdings, h *holding, contract string) *writer {
	w := &writer{has: has, h: h, household: HouseholdID(has.org, contract)}
	if h != nil {
		w.household = h.record.ID
	}
	return w
}

// facts writes what the list says of the household and its people.
func (w *writer) facts(e Entry) {
	fields := map[string]any{"contract": e.Contract}
	if !e.Protected || w.h == nil {
		for field, v := range map[string]string{
			"street": e.Street, "postcode": e.Postcode, "city": e.City, "apartment": e.Apartment, "floor": e.Floor, "door_code": e.DoorCode,
		} {
			put(fields, field, v)
		}
	}
	put(fields, "language", e.Language)
	put(fields, "interpreter", e.Interpret)
	put(fields, "moved_in", e.MovedIn)
	if e.Children != nil {
		fields["children"] = *e.Children
	}
	if e.CoName != "" || w.h == nil {
		fields["adults"] = int64(1)
		if e.CoName != "" {
			fields["adults"] = int64(2)
		}
	}
	if e.Protected {
		fields["protected"] = true
	}
	var record *server.State
	var tenant *server.State
	if w.h != nil {
		record, tenant = w.h.record, w.h.tenant()
	}
	w.write("household", w.household, record, fields)
	w.person(tenant, PersonID(w.has.org, e.Contract, ""), person("tenant", e.Name, e.ID, e.Phone, e.Email))
	if e.CoName != "" {
		id, known := w.coTenant(e)
		w.person(known, id, person("co_tenant", e.CoName, e.CoID, e.CoPhone, ""))
	}
}

// coTenant finds the co-tenant by number, else by name.
func (w *writer) coTenant(e Entry) (id string, known *server.State) {
	if w.h != nil {
		for _, p := range w.h.people {
			sameNumber := e.CoID != "" && text(p, "personal_number") == e.CoID
			if text(p, "position") != "tenant" && (sameNumber || fold(text(p, "name")) == fold(e.CoName)) {
				return p.ID, p
			}
		}
	}
	who := e.CoID
	if who == "" {
		who = fold(e.CoName)
	}
	return PersonID(w.has.org, e.Contract, who), nil
}

func person(position, name, number, phone, email string) map[string]any {
	fields := map[string]any{"position": position, "name": name}
	put(fields, "phone", phone)
	put(fields, "email", email)
	put(fields, "personal_number", number)
	if born, ok := casework.BornOf(number); ok {
		year, _ := strconv.ParseInt(born[:4], 10, 64)
		fields["born"] = year
	}
	return fields
}

func put(fields map[string]any, field, v string) {
	if v != "" {
		fields[field] = v
	}
}

func (w *writer) person(known *server.State, id string, fields map[string]any) {
	if known != nil {
		id = known.ID
		if fields["name"] == protectedName {
			delete(fields, "name")
		}
	}
	fields["household"] = w.household
	w.write("person", id, known, fields)
}

// write adds what differs. A value that a person wrote by hand stays; see the
// package's documentation.
func (w *writer) write(kind, id string, before *server.State, fields map[string]any) {
	out := map[string]any{}
	for field, v := range fields {
		if before != nil && (same(before, field, v) || !w.follows(kind, before, field)) {
			continue
		}
		out[field] = v
	}
	if len(out) == 0 {
		return
	}
	w.changes = append(w.changes, casework.HouseChange{Kind: kind, Record: id, Fields: out})
	for _, f := range casework.KindOf(kind).Fields { // in the schema's order
		if _, ok := out[f.Name]; ok {
			w.changed = append(w.changed, kind+"."+f.Name)
		}
	}
}

// follows says whether the list may set the field: it is empty, or the last one
// to write it was a list. Protection is only ever switched on.
func (w *writer) follows(kind string, before *server.State, field string) bool {
	if unset(before, field) || kind == "household" && field == "protected" {
		return true
	}
	if s, isText := value[any](before, field, nil).(string); isText && s == "" {
		return true
	}
	return w.has.imports[before.Fields[field].Commit]
}

// same compares a value with the one that is kept, as JSON.
func same(before *server.State, field string, v any) bool {
	raw, err := json.Marshal(v)
	if err != nil || unset(before, field) {
		return false
	}
	var a, b any
	return json.Unmarshal(raw, &a) == nil && json.Unmarshal(before.Fields[field].Value, &b) == nil && reflect.DeepEqual(a, b)
}

// openClaim writes a claim that was not there, and its case when none is open.
func (w *writer) openClaim(c *comparison, h *holding, e Entry, id string) {
	w.changes = append(w.changes, casework.HouseChange{Kind: "claim", Record: id, Fields: map[string]any{
		"household": w.household, "case": w.caseFor(c, h, e), "contract": e.Contract, "due_month": e.DueMonth, "due": e.Due,
		"capital": e.Capital, "costs": e.Costs, "as_of": c.asOf, "state": "open",
	}})
}

// caseFor is the id of the open case for the household's late rent. Without one
// a case is opened, again if this very month opened one before.
func (w *writer) caseFor(c *comparison, h *holding, e Entry) string {
	if w.opened != "" {
		return w.opened
	}
	if h != nil {
		if open := h.openCase(); open != nil {
			w.firstTime(open, e)
			return open.ID
		}
	}
	w.opened = CaseID(c.has.org, e.Contract, e.DueMonth)
	if h != nil {
		if closed := h.caseByID(w.opened); closed != nil {
			w.reopen(closed)
			return w.opened
		}
	}
	fields := map[string]any{"household": w.household, "unit": c.o.Units[0], "reason": "arrears", "status": "open", "opened": c.o.Today}
	if e.FirstTime != nil {
		fields["first_time_late"] = *e.FirstTime
	}
	w.before(casework.HouseChange{Kind: "case", Record: w.opened, Fields: fields})
	return w.opened
}

// before puts a case in front of the claims that refer to it.
func (w *writer) before(change casework.HouseChange) {
	at := len(w.changes)
	for i, each := range w.changes {
		if each.Kind == "claim" {
			at = i
			break
		}
	}
	w.changes = append(w.changes[:at:at], append([]casework.HouseChange{change}, w.changes[at:]...)...)
}

func (w *writer) reopen(closed *server.State) {
	w.opened = closed.ID
	w.before(casework.HouseChange{Kind: "case", Record: closed.ID, Fields: map[string]any{"status": "open", "closed": nil, "closed_because": nil}})
}

func (w *writer) firstTime(open *server.State, e Entry) {
	if e.FirstTime != nil {
		w.write("case", open.ID, open, map[string]any{"first_time_late": *e.FirstTime})
	}
}

// updateClaim writes what differs of a claim that is there, and says whether
// more than its as-of date does. A debt that was settled and is owed again opens
// its case again.
func (w *writer) updateClaim(c *comparison, h *holding, before *server.State, e Entry) bool {
	out := map[string]any{}
	for field, v := range map[string]any{"due": e.Due, "capital": e.Capital, "costs": e.Costs, "state": "open"} {
		if !same(before, field, v) {
			out[field] = v
		}
	}
	differs := len(out) > 0
	if number(before, "as_of") != c.asOf {
		out["as_of"] = c.asOf
	}
	if text(before, "state") != "open" {
		its := h.caseByID(text(before, "case"))
		switch {
		case h.openCase() != nil:
			out["case"] = h.openCase().ID
		case w.opened != "":
			out["case"] = w.opened
		case its != nil && text(its, "status") == "closed":
			w.reopen(its)
		}
	}
	if len(out) > 0 {
		w.changes = append(w.changes, casework.HouseChange{Kind: "claim", Record: before.ID, Fields: out})
	}
	return differs
}
