package exchange

import (
	"slices"
	"sort"
	"strings"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// Options of a comparison.
type Options struct {
	ID      string   // of the proposal
	Units   []string // whose list it is; new cases go to the first
	Partial bool     // the list does not hold everyone who is late: nobody is gone
	Today   string   // day on which cases are opened
}

// Compare holds a list against what the landlord has. The newer list wins; one
// that is older than the last one taken in is refused.
func Compare(list *List, has *Holdings, o Options) (*Proposal, *Problem) {
	if has.last > list.AsOf {
		return nil, troublef(CodeOlderList, "Listan är från %s. Ni har redan tagit in en som är från %s. Ta ut en ny lista.", say(list.AsOf), say(has.last))
	}
	if len(list.Entries) == 0 {
		first := list.Rejected[0]
		return nil, troublef(CodeNothingToTake, "Ingen av de %d raderna går att läsa. Rad %d: %s", len(list.Rejected), first.Row, first.Reason)
	}
	c := &comparison{has: has, o: o, units: map[string]bool{}, listed: map[string]bool{}, asOf: list.AsOf, p: &Proposal{
		ID: o.ID, FileName: list.FileName, AsOf: list.AsOf, Dated: list.Dated, Partial: o.Partial, Rows: len(list.Entries) + len(list.Rejected),
		New: []Row{}, Changed: []ChangedRow{}, Same: []Row{}, Gone: []GoneRow{}, Rejected: []BadRow{}, gone: map[string]casework.HouseChange{},
	}}
	for _, unit := range o.Units {
		c.units[unit] = true
	}
	for _, r := range list.Rejected {
		c.reject(r.Entry, r.Code, r.Reason, r.Text)
	}
	for _, group := range byContract(list.Entries) {
		c.household(group)
	}
	if !o.Partial {
		c.findGone()
	}
	return c.finish(), nil
}

// comparison is one Compare under way.
type comparison struct {
	has    *Holdings
	o      Options
	asOf   int64
	units  map[string]bool
	listed map[string]bool // claimKeys that the file tells of; "contract|" and "name|" of rows that were rejected
	p      *Proposal
}

// byContract groups entries by household, in the order of the file, the
// earliest month first.
func byContract(entries []Entry) [][]Entry {
	var order []string
	groups := map[string][]Entry{}
	for _, e := range entries {
		key := contractKey(e.Contract)
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], e)
	}
	out := make([][]Entry, 0, len(order))
	for _, key := range order {
		sort.SliceStable(groups[key], func(i, j int) bool { return groups[key][i].DueMonth < groups[key][j].DueMonth })
		out = append(out, groups[key])
	}
	return out
}

// reject leaves a row out. Its debt is still in the file, so it is not gone.
func (c *comparison) reject(e Entry, code, reason, text string) {
	if h := c.has.households[contractKey(e.Contract)]; e.Protected || h != nil && yes(h.record, "protected") {
		text = e.Contract // the row as it stands would tell who it is
	}
	c.p.Rejected = append(c.p.Rejected, BadRow{Row: e.Number, Code: code, Reason: reason, Text: text})
	if e.Contract != "" {
		c.listed["contract|"+contractKey(e.Contract)] = true
	} else if e.Name != "" && !e.Protected {
		c.listed["name|"+fold(e.Name)] = true
	}
}

// household compares all rows of one contract.
func (c *comparison) household(group []Entry) {
	h := c.has.households[contractKey(group[0].Contract)]
	if h != nil {
		if code, reason := c.refuse(h, group[0]); code != "" {
			for _, e := range group {
				c.reject(e, code, reason, shortened(joined(e.Contract, e.Name), 80))
			}
			return
		}
		if yes(h.record, "protected") {
			for i := range group {
				group[i].protect()
			}
		}
	}
	w := newWriter(c.has, h, group[0].Contract)
	w.facts(group[len(group)-1]) // the newest month tells of the household
	rows := make([]func(facts []string), 0, len(group))
	for _, e := range group {
		c.listed[claimKey(e.Contract, e.DueMonth)] = true
		rows = append(rows, c.claim(w, h, e))
	}
	facts := w.changed
	if h == nil {
		facts = nil // everything is new, nothing of it changes
	}
	for i, row := range rows {
		if i > 0 {
			facts = nil
		}
		row(facts)
	}
	c.p.writes = append(c.p.writes, w.changes...)
}

// refuse says why a list may not touch a household that is there.
func (c *comparison) refuse(h *holding, e Entry) (code, reason string) {
	if !h.within(c.units) {
		return "other_unit", "Kontraktet hör till en annan enhet."
	}
	known := text(h.tenant(), "personal_number")
	if e.ID != "" && known != "" && e.ID != known {
		return "other_person", "Kontraktet hör till en annan person sedan förut. Personnumret är inte detsamma."
	}
	return "", ""
}

// claim compares one month's rent and answers how its row is filed, once it is
// known which facts of the household change.
func (c *comparison) claim(w *writer, h *holding, e Entry) func(facts []string) {
	id := ClaimID(c.has.org, e.Contract, e.DueMonth)
	var before *server.State
	if h != nil {
		before = h.claims[e.DueMonth]
	}
	row := Row{
		Row: e.Number, Claim: id, Contract: e.Contract, Household: w.household, Name: e.Name, Street: e.Street,
		DueMonth: e.DueMonth, Capital: e.Capital, Costs: e.Costs, Protected: e.Protected,
	}
	hide(&row)
	if before == nil {
		w.openClaim(c, h, e, id)
		return func([]string) { c.p.New = append(c.p.New, row) }
	}
	row.Claim = before.ID
	amounts := w.updateClaim(c, h, before, e)
	if text(before, "state") != "open" {
		row.Again = true
		return func([]string) { c.p.New = append(c.p.New, row) }
	}
	return func(facts []string) {
		if !amounts && len(facts) == 0 {
			c.p.Unchanged++
			c.p.Same = append(c.p.Same, row)
			return
		}
		c.p.Changed = append(c.p.Changed, ChangedRow{Row: row, Before: c.rowOf(h, before, e.Number), Facts: append([]string{}, facts...)})
	}
}

// rowOf shows a claim as it stands.
func (c *comparison) rowOf(h *holding, claim *server.State, inFile int) Row {
	row := Row{
		Row: inFile, Claim: claim.ID, Contract: text(claim, "contract"), Household: h.record.ID, Name: text(h.tenant(), "name"), Street: text(h.record, "street"),
		DueMonth: text(claim, "due_month"), Capital: number(claim, "capital"), Costs: number(claim, "costs"), Protected: yes(h.record, "protected"),
	}
	hide(&row)
	return row
}

func hide(row *Row) {
	if row.Protected {
		row.Name, row.Street = protectedName, ""
	}
}

// findGone finds debts that the list no longer holds.
func (c *comparison) findGone() {
	for key, h := range c.has.households {
		if c.listed["contract|"+key] || c.listed["name|"+fold(text(h.tenant(), "name"))] || !h.within(c.units) {
			continue
		}
		var gone []*server.State
		left := 0
		for month, claim := range h.claims {
			switch {
			case text(claim, "state") != "open":
			case c.listed[key+"|"+month]:
				left++
			default:
				gone = append(gone, claim)
			}
		}
		sort.Slice(gone, func(i, j int) bool { return text(gone[i], "due_month") < text(gone[j], "due_month") })
		for i, claim := range gone {
			row := GoneRow{Row: c.rowOf(h, claim, 0), Contacts: []Planned{}}
			if i == 0 && left == 0 {
				row.Contacts = plannedOf(h)
			}
			c.p.Gone = append(c.p.Gone, row)
			c.p.gone[claim.ID] = casework.HouseChange{Kind: "claim", Record: claim.ID, Fields: map[string]any{"state": "paid", "as_of": c.asOf}}
		}
	}
	slices.SortFunc(c.p.Gone, func(a, b GoneRow) int {
		return strings.Compare(a.Street+"|"+a.Contract+"|"+a.DueMonth, b.Street+"|"+b.Contract+"|"+b.DueMonth)
	})
}

func plannedOf(h *holding) []Planned {
	list := []Planned{}
	for _, contact := range h.planned() {
		list = append(list, Planned{
			ID: contact.ID, At: number(contact, "planned_at"), Form: text(contact, "form"), People: value(contact, "people", []string{}),
		})
	}
	slices.SortFunc(list, func(a, b Planned) int { return int(a.At - b.At) })
	return list
}

func (c *comparison) finish() *Proposal {
	slices.SortStableFunc(c.p.Rejected, func(a, b BadRow) int { return a.Row - b.Row })
	if c.has.last == c.asOf && len(c.p.New)+len(c.p.Changed)+len(c.p.Gone) == 0 {
		c.p.Nothing = true
		c.p.Sentence = "Listan är redan inläst. Inget ändras."
	}
	return c.p
}
